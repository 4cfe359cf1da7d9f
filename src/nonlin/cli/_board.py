"""A study's leaderboard and verdict on the terminal, for ``nonlin study`` and ``nonlin results``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

    from nonlin.lab import Study


def show(console: Console, result: Study, guessing: str = "") -> None:
    """Print the leaderboard, the linear gap and the verdict; ``guessing`` joins what stands under the leaderboard."""
    from nonlin.lab.verdict import signed

    console.print()
    console.print(_leaderboard(result, guessing))
    lead = signed(result.linear_gap.lead, result.metric)
    console.print(f"\nThe linear gap: {lead}, the best bent network minus the best straight model.")
    console.print(f"\n{result.verdict}", markup=False)
    if result.diverged:
        console.print(f"\nTraining ran away, and gave no score, with: {', '.join(result.diverged)}", markup=False)


def _leaderboard(result: Study, guessing: str) -> RichTable:
    from rich import box
    from rich.table import Table

    budget = result.plan.budget
    folds = f"{budget.folds}-fold cross-validation" + (f", {budget.repeats} times" if budget.repeats > 1 else "")
    caption = f"{result.metric} held out, {folds}{guessing}"
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
    from nonlin.lab.figures import figure

    if math.isnan(row["score"]):
        return ["diverged", "", "", f"{row['seconds']:.2f}"]
    interval = f"{figure(row['low'])} … {figure(row['high'])}"
    return [figure(row["score"]), interval, figure(row["train_score"]), f"{row['seconds']:.2f}"]
