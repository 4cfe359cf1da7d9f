"""``nonlin sheet``: the cheat sheet as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nonlin.cli._options import split_activations
from nonlin.errors import InputError, UnknownNameError
from nonlin.files import check_writable, write_whole

FORMATS = ("pdf", "png", "svg")


def sheet(
    names: Annotated[
        str | None, typer.Argument(help="Names and formulas separated by commas; else the classic eight.")
    ] = None,
    out: Annotated[Path, typer.Option(help="A .pdf, .png or .svg file.")] = Path("sheet.pdf"),
    family: Annotated[str | None, typer.Option(help="All activations of this family.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All activations of the catalogue.")] = False,
) -> None:
    """Draw the cheat sheet of activation functions: name, equation, example of use, graph of φ and φ'."""
    kind = out.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise InputError(f"--out must end in .pdf, .png or .svg, got {str(out)!r}")
    check_writable(out)

    import matplotlib as mpl

    mpl.use("agg")
    from nonlin.plots import cheat_sheet

    figure = cheat_sheet(_chosen(names, family, everything))
    with mpl.rc_context({"svg.hashsalt": "nonlin"}):
        write_whole(out, lambda file: figure.savefig(file, format=kind, dpi=150))
    typer.echo(f"cheat sheet in {out}")


def _chosen(names: str | None, family: str | None, everything: bool) -> list[str] | None:
    from nonlin import catalogue

    if sum((names is not None, family is not None, everything)) > 1:
        raise InputError("give names, --family or --all, not several of them")
    if names is not None:
        return split_activations(names)
    if everything:
        return list(catalogue.names())
    if family is None:
        return None
    known = catalogue.families()
    if family not in known:
        raise UnknownNameError("family", family, known, f"the families are {', '.join(known)}")
    return list(known[family])
