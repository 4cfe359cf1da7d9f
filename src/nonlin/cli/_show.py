"""``nonlin show``: everything about one activation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nonlin.errors import InputError
from nonlin.files import check_writable, write_text

if TYPE_CHECKING:
    from rich.console import Console

    from nonlin.activation import Activation

WIDTH, HEIGHT = 60, 13  # characters of the curve


def show(
    activation: Annotated[str, typer.Argument(help="A catalogue name, an alias, or a formula in z.")],
    param: Annotated[
        list[str] | None, typer.Option(help="The value of a parameter, as in beta=1.5; may be repeated.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the card as this .html file.")] = None,
) -> None:
    """Show an activation: its curve, formula, derivative, computed properties, and what libraries take as defaults."""
    from rich.console import Console

    if out is not None:
        if out.suffix.lower() != ".html":
            raise InputError(f"--out must end in .html, got {str(out)!r}")
        check_writable(out)
    found = _resolve(activation, dict(_assignment(p) for p in param or []))
    _print(Console(highlight=False, markup=False), found)
    if out is not None:
        from nonlin.card import to_page

        write_text(out, to_page(found))
        typer.echo(f"card in {out}")


def _resolve(text: str, params: dict[str, Any]) -> Activation:
    from nonlin.activation import Activation
    from nonlin.catalogue import get
    from nonlin.errors import FormulaError

    if not params:
        return get(text)
    try:
        return get(text).with_params(**params)
    except FormulaError:
        return Activation(text, **params)


def _assignment(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise InputError(f"--param must read name=number, such as beta=1.5, got {text!r}") from None


def _print(console: Console, a: Activation) -> None:
    from nonlin import facts
    from nonlin.cli._curve import curve, legend

    console.print()
    console.print(curve(a, WIDTH, HEIGHT))
    console.print(f"{'':7}-4{'z':^{WIDTH - 3}}4\n", style="dim")
    console.print(legend())
    formulas = [("φ(z)", a.formula), ("φ'(z)", a.derivative_formula)]
    for rows in ([("name", a.name), *formulas], facts.properties(a), facts.origins(a)):
        console.print()
        console.print(_pairs(rows))
    if a.defaults:
        console.print("\ndefaults of the libraries", style="bold")
        console.print(_pairs([(name, value + " (taken here)" * ours) for name, value, ours in facts.defaults(a)], 36))


def _pairs(rows: list[tuple[str, str]], width: int = 24) -> Any:
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", width=width, overflow="fold")
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(label, text)
    return table
