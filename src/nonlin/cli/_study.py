"""``nonlin study``: what does non-linearity buy on a table, and which activation?"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nonlin.cli._options import Hidden, Seed, Target, Task, check_task, hidden_widths, split_activations
from nonlin.errors import InputError, StoreError, bad_value
from nonlin.files import check_writable, write_text

if TYPE_CHECKING:
    from rich.console import Console

    from nonlin.data import Table
    from nonlin.lab import Study
    from nonlin.lab.plan import Plan, Trial
    from nonlin.lab.runner import Progress
    from nonlin.lab.store import Store

BUDGET = (
    "quick (5 fits a model and 100 epochs each: seconds), standard (10 folds, 3 learning rates, 500 epochs: under a "
    "minute for a small table) or thorough (50 folds, 5 learning rates, 1,000 epochs: about 10 times standard)."
)
STORE = "An SQLite file or an SQLAlchemy URL that keeps every finished fit; what it holds of a study is not done again."
STORED = ("target", "activations", "hidden", "budget", "seed", "task")  # what a store says of a study
RESUME = "Go on with a study that the store holds, and refuse any other; without DATA, with all that it holds."


@dataclass(frozen=True)
class _Asked:
    """One table to study, where it came from, the plan, and the fits by their keys."""

    table: Table
    source: str
    plan: Plan
    work: dict[str, Trial]
    key: str


def study(
    context: typer.Context,
    data: Annotated[
        list[str] | None,
        typer.Argument(help="CSV or Parquet files, or built-in data sets, a study each.", show_default="moons"),
    ] = None,
    target: Target = None,
    activations: Annotated[
        str | None, typer.Option(help='Names and formulas, separated by commas: "relu,mish,z*sin(z)".')
    ] = None,
    hidden: Hidden = "200",
    out: Annotated[
        Path,
        typer.Option(help="Where the report goes; of several tables their overview, and study-NAME.html beside it."),
    ] = Path("study.html"),
    budget: Annotated[str, typer.Option(help=BUDGET)] = "standard",
    seed: Seed = 0,
    task: Task = None,
    store: Annotated[str | None, typer.Option(help=STORE)] = None,
    resume: Annotated[bool, typer.Option("--resume", help=RESUME)] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Threads; otherwise one per core.")] = None,
    cluster: Annotated[str | None, typer.Option(help="A Dask scheduler, whose workers do the fits.")] = None,
) -> None:
    """Compare linear models and networks with each activation on a table, and write the story as a page."""
    if resume and not data:
        _check_stored_plan_stands(context)
    check_task(task)
    if store == "":
        raise bad_value("--store", "an SQLite file or an SQLAlchemy URL", store, "leave it out to keep nothing")
    check_writable(out)
    widths = hidden_widths(hidden)
    chosen = None if activations is None else split_activations(activations)

    from rich.console import Console

    from nonlin.data import load
    from nonlin.lab import make_plan
    from nonlin.lab.store import Store, check_exists

    if resume and store is None:
        raise InputError("--resume needs --store FILE, the store that holds the study to go on with")
    if resume:
        check_exists(str(store))
    asked = []
    for source in data or ([] if resume else ["moons"]):
        table = load(source, target, task)  # type: ignore[arg-type]
        asked.append(_ask(table, source, make_plan(table.task, chosen, widths, budget, seed)))
    with Store(store) as opened:
        if resume:
            asked = [_held(opened, one) for one in asked] or _all_held(opened)
        _conduct_all(Console(highlight=False), asked, opened, out, jobs, cluster)


def _check_stored_plan_stands(context: typer.Context) -> None:
    """Refuse options that say what to study, where the store says it."""
    sources = {name: context.get_parameter_source(name) for name in STORED}
    given = [f"--{name}" for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"]
    if given:
        raise InputError(
            f"--resume without DATA goes on with the store's studies as they were planned, got {', '.join(given)}; "
            f"leave {'it' if len(given) == 1 else 'them'} out, or name DATA"
        )


def _ask(table: Table, source: str, plan: Plan) -> _Asked:
    from nonlin.lab.keys import fit_keys, study_key

    work = fit_keys(table, plan)
    return _Asked(table, source, plan, work, study_key(work))


def _held(store: Store, asked: _Asked) -> _Asked:
    """What was asked, if the store holds that very study."""
    held = store.studies()
    if asked.key in {study.key for study in held}:
        return asked
    names = ", ".join(f"{s.name} (target {s.target!r}, {s.done} of {s.fits} fits)" for s in held) or "nothing"
    raise StoreError(
        f"the store {store.name!r} holds no study of {asked.table.name!r} with this data, plan and versions, but "
        f"{names}; leave out --resume to begin one"
    )


def _all_held(store: Store) -> list[_Asked]:
    """Every study that the store holds, from the tables' files and the plans that it names."""
    from nonlin.data import load
    from nonlin.lab.stored import plan_from

    found = []
    for study in store.studies():
        if not study.source:
            raise StoreError(
                f"the store {store.name!r} does not know the file of {study.name!r}; name it: --resume DATA"
            )
        table = load(study.source, study.target, study.task)  # type: ignore[arg-type]
        found.append(_held(store, _ask(table, study.source, plan_from(study.plan))))
    if not found:
        raise StoreError(f"the store {store.name!r} holds no study; leave out --resume to begin one")
    return found


def _conduct_all(
    console: Console, asked: list[_Asked], store: Store, out: Path, jobs: int | None, cluster: str | None
) -> None:
    from nonlin.lab.store import without_password
    from nonlin.report import pages_beside, render

    alone = len(asked) == 1
    pages = [out] if alone else pages_beside(out, [one.table.name for one in asked])
    command = shlex.join(["nonlin", *map(without_password, sys.argv[1:])])
    results = []
    for one, page in zip(asked, pages, strict=True):
        _introduce(console, one.table)
        result, peaks = _conduct(console, one, store, jobs, cluster)
        _conclude(console, result)
        write_text(page, render(result, command, peaks))
        console.print(f"\nThe story of this table, with its pictures, is in {page}\n", soft_wrap=True)
        results.append(result)
    if not alone:
        _compare(console, results, out, command, pages)


def _introduce(console: Console, table: Table) -> None:
    rows, columns = table.X.shape
    kind = f"{len(table.classes)} classes" if table.classes else "regression"
    console.print(f"{table.name}: {rows:,} rows, {columns} columns, target {table.target!r} ({kind})", markup=False)
    for note in table.notes:
        console.print(f"  note: {note}", markup=False)


def _conduct(
    console: Console, one: _Asked, store: Store, jobs: int | None, cluster: str | None
) -> tuple[Study, tuple[int, int] | None]:
    """The study; and the peak memory of this process before its fits and after them, where it did them all."""
    from nonlin.backends.threads import threads
    from nonlin.lab import conduct
    from nonlin.lab.cost import expected_seconds, spoken
    from nonlin.report import peak_memory

    done = store.fits(one.key)
    left = [trial for key, trial in one.work.items() if key not in done]
    before = peak_memory()
    try:
        if not left:
            console.print(f"all {len(one.work)} fits are in the store")
        elif cluster is None:
            workers = jobs or threads()
            seconds = expected_seconds(one.table, one.plan, left, workers)
            kept = f", beside the {len(done)} in the store" if done else ""
            on = f"{workers} threads" if workers > 1 else "1 thread"
            console.print(f"{len(left)} fits{kept}: about {spoken(seconds)} on {on}")
        with _progress() as advance:
            found = conduct(one.table, one.plan, advance, jobs, store=store, cluster=cluster, source=one.source)
    except KeyboardInterrupt:
        if store.name != "in memory":
            typer.echo(f"nonlin: {store.name} keeps {store.done(one.key)} of {len(one.work)} fits", err=True)
        raise
    after = peak_memory()
    return found, (before, after) if before and after and not done and cluster is None else None


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress bar on stderr, shown on a terminal and silent elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    console, rest = Console(stderr=True), Column(ratio=1, no_wrap=True)  # the figures are never cut
    columns = (
        BarColumn(None, table_column=Column(ratio=1)), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("left"),
        TextColumn("{task.description}", table_column=rest),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True, expand=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("preparing the folds", total=None)

        def advance(done: int, total: int, what: str) -> None:
            if bar.tasks[0].total is None:  # what the store held took no time
                bar.reset(task, total=total, completed=done)
            bar.update(task, total=total, completed=done, description=what)

        yield advance


def _conclude(console: Console, result: Study) -> None:
    from nonlin.cli import _board

    _board.show(console, result, f"; guessing without the inputs scores {result.baseline:.3f}")


def _compare(console: Console, results: list[Study], out: Path, command: str, pages: list[Path]) -> None:
    from nonlin.lab.comparison import compare
    from nonlin.lab.figures import figure
    from nonlin.report import render_comparison

    compared = compare(results)
    console.print(f"{compared.verdict}\n", markup=False)
    console.print(compared.table.to_string(index=False, float_format=figure), markup=False)
    write_text(out, render_comparison(compared, command, [page.name for page in pages]))
    console.print(
        f"\nThe overview of the {len(results)} tables, which links to their pages, is in {out}", soft_wrap=True
    )
