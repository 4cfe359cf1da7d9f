"""``nonlin list``: the catalogue."""

from __future__ import annotations

from typing import Annotated

import typer

from nonlin.errors import UnknownNameError


def list_(
    family: Annotated[str | None, typer.Option(help="Only the activations of this family.")] = None,
) -> None:
    """List the activations of the catalogue with their formulas."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from nonlin.catalogue import families, get

    known = families()
    if family is not None and family not in known:
        raise UnknownNameError("family", family, known, f"the families are {', '.join(known)}")
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("name", "also called", "family", "φ(z)"):
        table.add_column(heading, overflow="fold")
    for group, members in known.items():
        for name in members if family in (None, group) else ():
            a = get(name)
            table.add_row(name, ", ".join(a.aliases), group, a.formula)
    Console(highlight=False, markup=False).print(table)
