"""Options that several commands share, and how their text is read."""

from __future__ import annotations

from typing import Annotated

import typer

from nonlin.errors import bad_value

Target = Annotated[str | None, typer.Option(help="The column to predict; built-in data sets know theirs.")]
Task = Annotated[str | None, typer.Option(help="classification or regression; otherwise told from the target.")]
Seed = Annotated[int, typer.Option(help="All randomness follows from it.")]
Hidden = Annotated[str, typer.Option(help="Units of the hidden layer, or of several: 64,64.")]


def split_activations(text: str, option: str = "--activations") -> list[str]:
    """The entries of a comma-separated list, one at least; commas inside brackets belong to a formula.

    Examples
    --------
    >>> split_activations("relu, where(z > 0, z, 0.1*z), tanh")
    ['relu', 'where(z > 0, z, 0.1*z)', 'tanh']
    """
    entries, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth <= 0:
            entries.append("")
        else:
            entries[-1] += character
    named = [entry.strip() for entry in entries if entry.strip()]
    if not named:
        raise bad_value(option, "names or formulas separated by commas, such as relu,mish", text)
    return named


def hidden_widths(text: str) -> tuple[int, ...]:
    """The widths that ``--hidden`` names.

    Examples
    --------
    >>> hidden_widths("64,32")
    (64, 32)
    """
    try:
        widths = tuple(int(part) for part in text.split(","))
    except ValueError:
        widths = ()
    if not widths or min(widths) < 1:
        raise bad_value("--hidden", "positive integers separated by commas, such as 200 or 64,64", text)
    return widths


def check_task(task: str | None) -> None:
    """Refuse a task that is neither classification nor regression."""
    if task not in (None, "classification", "regression"):
        raise bad_value("--task", "'classification' or 'regression'", task)
