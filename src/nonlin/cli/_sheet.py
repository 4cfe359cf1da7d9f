"""``nonlin sheet``: the cheat sheet as a file, or in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nonlin.cli._options import split_activations
from nonlin.errors import InputError, UnknownNameError
from nonlin.files import check_writable, write_whole

FORMATS = ("pdf", "png", "svg")
DEFAULT = Path("sheet.pdf")
GRAPH = (22, 5)  # characters of a graph in the terminal


def sheet(
    names: Annotated[
        str | None, typer.Argument(help="Names and formulas separated by commas; else the classic eight.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help=f"A .pdf (pages of A4), .png or .svg (one long sheet) file; else {DEFAULT}."),
    ] = None,
    terminal: Annotated[bool, typer.Option("--terminal", help="Print the sheet here instead; writes no file.")] = False,
    family: Annotated[str | None, typer.Option(help="All activations of this family.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All activations of the catalogue.")] = False,
) -> None:
    """Draw the cheat sheet of activation functions: name, equation, example of use, graph of φ and φ'."""
    if terminal:
        if out is not None:
            raise InputError("give --out or --terminal, not both")
        _print(_chosen(names, family, everything))
        return
    target = out or DEFAULT
    kind = target.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise InputError(f"--out must end in .pdf, .png or .svg, got {str(target)!r}")
    check_writable(target)
    _write(_chosen(names, family, everything), target, kind)
    typer.echo(f"cheat sheet in {target}")


def _write(chosen: list[str], target: Path, kind: str) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib.backends.backend_pdf import PdfPages

    from nonlin.plots import cheat_sheet
    from nonlin.plots._sheet import sheet_pages

    if kind == "pdf":
        pages = sheet_pages(chosen)

        def print_pages(file: object) -> None:
            with PdfPages(file) as book:
                for page in pages:
                    book.savefig(page)

        write_whole(target, print_pages)
        return
    figure = cheat_sheet(chosen)
    with mpl.rc_context({"svg.hashsalt": "nonlin"}):
        write_whole(target, lambda file: figure.savefig(file, format=kind, dpi=150))


def _print(chosen: list[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from nonlin.catalogue import get
    from nonlin.cli._curve import curve, legend
    from nonlin.facts import title

    table = Table(box=box.SIMPLE_HEAD, show_lines=True)
    for heading, width in (("activation", 10), ("φ(z)", 14), ("example of use", 14)):
        table.add_column(heading, overflow="fold", min_width=width, vertical="middle")
    table.add_column(legend(), no_wrap=True, width=GRAPH[0] + 7)
    for a in map(get, chosen):
        table.add_row(title(a), a.formula, a.used_in, curve(a, *GRAPH))
    Console(highlight=False, markup=False).print(table)


def _chosen(names: str | None, family: str | None, everything: bool) -> list[str]:
    from nonlin import catalogue

    if sum((names is not None, family is not None, everything)) > 1:
        raise InputError("give names, --family or --all, not several of them")
    if names is not None:
        return split_activations(names, "names")
    if everything:
        return list(catalogue.names())
    if family is None:
        return list(catalogue.CLASSIC)
    known = catalogue.families()
    if family not in known:
        raise UnknownNameError("family", family, known, f"the families are {', '.join(known)}")
    return list(known[family])
