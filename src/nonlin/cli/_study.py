"""``nonlin study``: what does non-linearity buy on a table, and which activation?"""

from __future__ import annotations

import math
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nonlin.cli._options import Hidden, Seed, Target, Task, check_task, hidden_widths, split_activations
from nonlin.files import check_writable, write_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

    from nonlin.data import Table
    from nonlin.lab import Study
    from nonlin.lab.runner import Progress


def study(
    data: Annotated[str, typer.Argument(help="A CSV or Parquet file, or a built-in data set.")] = "moons",
    target: Target = None,
    activations: Annotated[
        str | None, typer.Option(help='Names and formulas, separated by commas: "relu,mish,z*sin(z)".')
    ] = None,
    hidden: Hidden = "200",
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("study.html"),
    budget: Annotated[str, typer.Option(help="quick, standard or thorough.")] = "standard",
    seed: Seed = 0,
    task: Task = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Threads; otherwise one per core.")] = None,
) -> None:
    """Compare linear models and networks with each activation on a table, and write the story as a page."""
    check_task(task)
    check_writable(out)
    widths = hidden_widths(hidden)
    chosen = None if activations is None else split_activations(activations)

    from rich.console import Console

    from nonlin.data import load
    from nonlin.lab import conduct, make_plan
    from nonlin.report import render

    console = Console(highlight=False)
    table = load(data, target, task)  # type: ignore[arg-type]
    plan = make_plan(table.task, chosen, widths, budget, seed)
    _introduce(console, table)
    with _progress() as advance:
        result = conduct(table, plan, advance, jobs)
    _conclude(console, result)
    write_text(out, render(result, command=shlex.join(["nonlin", *sys.argv[1:]])))
    console.print(f"\nThe story of this table, with its pictures, is in {out}", soft_wrap=True)


def _introduce(console: Console, table: Table) -> None:
    rows, columns = table.X.shape
    kind = f"{len(table.classes)} classes" if table.classes else "regression"
    console.print(f"{table.name}: {rows:,} rows, {columns} columns, target {table.target!r} ({kind})", markup=False)
    for note in table.notes:
        console.print(f"  note: {note}", markup=False)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress bar on stderr, shown on a terminal and silent elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    words = TextColumn("fits,"), TimeRemainingColumn(), TextColumn("{task.description}")
    console = Console(stderr=True)
    bars = BarColumn(), MofNCompleteColumn()
    with Progress(*bars, *words, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("preparing the folds", total=None)

        def advance(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        yield advance


def _conclude(console: Console, result: Study) -> None:
    gap = result.linear_gap
    console.print()
    console.print(_leaderboard(result))
    console.print(
        f"\nThe linear gap: {gap.gain.mean:+.3f} {result.metric} "
        f"(95 % interval {gap.gain.low:+.3f} to {gap.gain.high:+.3f}), {gap.best} minus identity."
    )
    console.print(f"\n{result.verdict}", markup=False)
    if result.diverged:
        console.print(f"\nTraining ran away, and gave no score, with: {', '.join(result.diverged)}", markup=False)


def _leaderboard(result: Study) -> RichTable:
    from rich import box
    from rich.table import Table

    budget = result.plan.budget
    folds = f"{budget.folds}-fold cross-validation" + (f", {budget.repeats} times" if budget.repeats > 1 else "")
    caption = f"{result.metric} held out, {folds}; guessing without the inputs scores {result.baseline:.3f}"
    table = Table(box=box.SIMPLE_HEAD, caption=caption, caption_justify="left")
    table.add_column("model")
    for heading in (result.metric, "95 % interval", "training", "seconds"):
        table.add_column(heading, justify="right")
    seconds = result.cost.set_index("model")["seconds"]
    for row in result.leaderboard.to_dict("records"):
        name = row["model"] if row["role"] == "linear" else f"network, {row['model']}"
        table.add_row(name, *_figures(row | {"seconds": seconds[row["model"]]}))
    return table


def _figures(row: dict[Any, Any]) -> list[str]:
    if math.isnan(row["score"]):
        return ["diverged", "", "", f"{row['seconds']:.2f}"]
    interval = f"{row['low']:.3f} … {row['high']:.3f}"
    return [f"{row['score']:.3f}", interval, f"{row['train_score']:.3f}", f"{row['seconds']:.2f}"]
