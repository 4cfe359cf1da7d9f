"""``nonlin verify``: the errors of the kernels, measured."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nonlin.cli._options import Seed
from nonlin.errors import InputError, bad_value
from nonlin.files import check_writable, write_text

if TYPE_CHECKING:
    from nonlin.accuracy.exhaustive import Walk
    from nonlin.accuracy.measure import Row
    from nonlin.activation import Activation

ABOVE_A_BOUND = 1


def verify(
    activations: Annotated[
        list[str] | None, typer.Argument(help="Catalogue names, aliases or formulas in z; else the whole catalogue.")
    ] = None,
    points: Annotated[int, typer.Option(help="Random points of each precision, besides the hard ones.")] = 20_000,
    seed: Seed = 0,
    against: Annotated[
        str | None, typer.Option(help="Measure these too, separated by commas: torch, jax, scipy, numpy.")
    ] = None,
    page: Annotated[Path | None, typer.Option(help="Write the documentation page (Markdown) to this file.")] = None,
    exhaustive: Annotated[
        bool, typer.Option("--exhaustive", help="All 2^32 float32 numbers instead; some minutes each, resumable.")
    ] = False,
    restart: Annotated[bool, typer.Option("--restart", help="With --exhaustive: from the first number again.")] = False,
) -> None:
    """Measure the errors of value and derivative against mpmath, in ulp.

    The exit code is 1 if an error is above its bound. mpmath is two to four times as fast with gmpy2 installed.
    """
    peers = tuple(name.strip() for name in (against or "").split(",") if name.strip())
    _check_numbers(points, seed)
    _check_exhaustive(exhaustive, restart, named=bool(activations), more=bool(peers or page))
    if page is not None:
        check_writable(page)

    from nonlin.accuracy.peers import check_peers
    from nonlin.catalogue import get, names

    check_peers(peers)
    chosen = [get(text) for text in activations or names()]
    good = _walk(chosen, restart) if exhaustive else _measure(chosen, points, seed, peers, page)
    if not good:
        raise typer.Exit(ABOVE_A_BOUND)


def _check_numbers(points: int, seed: int) -> None:
    if points < 1:
        raise bad_value("--points", "an integer of at least 1", points)
    if seed < 0:
        raise bad_value("--seed", "an integer of at least 0", seed)


def _check_exhaustive(exhaustive: bool, restart: bool, *, named: bool, more: bool) -> None:
    if restart and not exhaustive:
        raise InputError("--restart goes with --exhaustive; every other measurement begins anew by itself")
    if exhaustive and more:
        raise InputError("--exhaustive goes without --against and --page; leave them out")
    if exhaustive and not named:
        raise InputError("--exhaustive takes some minutes for each activation; name those that it is to walk through")


def _measure(chosen: Sequence[Activation], points: int, seed: int, peers: tuple[str, ...], page: Path | None) -> bool:
    from nonlin.accuracy.batch import Job, measure_all
    from nonlin.accuracy.tables import HEADINGS, named_once

    groups: list[list[Row]] = []
    with _progress(len(chosen), "activations") as advance:
        for rows in measure_all([Job(a.name, points, seed, peers) for a in chosen]):
            groups.append(rows)
            advance(len(groups))
    failed = [rows for rows in groups if not all(row.passes for row in rows)]
    if page is not None:
        _write_page(page, groups, points, seed)
    shown = groups if page is None else failed
    if shown:
        _print(HEADINGS, [named_once(rows) for rows in shown])
    if page is not None:
        typer.echo(f"{len(groups)} activations measured, {len(failed)} above a bound; the page is {page}")
    return not failed


def _write_page(path: Path, groups: Sequence[Sequence[Row]], points: int, seed: int) -> None:
    from nonlin import catalogue
    from nonlin.accuracy.tables import page

    own = [rows[0].name for rows in groups if rows[0].name not in catalogue.names()]
    write_text(path, page(groups, catalogue.families() | {"custom": own}, points, seed))


def _walk(chosen: Sequence[Activation], restart: bool) -> bool:
    from nonlin.accuracy.exhaustive import PATTERNS, walk

    found = []
    for a in chosen:
        with _progress(PATTERNS, f"numbers of {a.name}") as advance, _kept(a):
            found.append(walk(a, restart=restart, progress=advance))
    headings = ("activation", "φ, ulp", "at z", "φ', ulp", "at z", "NaN", "∞", "")
    _print(headings, [[_walked(a, w)] for a, w in zip(chosen, found, strict=True)])
    typer.echo(
        f"float32 at all of its {PATTERNS:,} bit patterns, bound 1 ulp; {sum(w.confirmed for w in found):,} arguments "
        "confirmed by mpmath; NaN, ∞: how often the float32 kernel and the float64 kernel disagree about them"
    )
    return all(w.passes for w in found)


@contextmanager
def _kept(activation: Activation) -> Iterator[None]:
    """On Ctrl-C say that the work is not lost."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"nonlin: the walk through {activation.name} is kept; the same command goes on there", file=sys.stderr)
        raise


def _walked(activation: Activation, w: Walk) -> list[str]:
    from nonlin.accuracy.tables import number

    counts = f"{w.nan_mismatches:,}", f"{w.infinity_mismatches:,}"
    errors = number(w.value), _float32(w.value_bits), number(w.derivative), _float32(w.derivative_bits)
    return [activation.name, *errors, *counts, "pass" if w.passes else "FAIL"]


def _float32(bits: int) -> str:
    import numpy as np

    return str(np.uint32(bits).view(np.float32))


def _print(headings: Sequence[str], groups: Iterable[Sequence[Sequence[str]]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for heading in headings:
        table.add_column(heading, justify="right" if "ulp" in heading else "left", no_wrap=True)
    for rows in groups:
        for texts in rows:
            table.add_row(*texts, style="bold red" if "FAIL" in texts else None)
    console = Console(highlight=False, markup=False)
    console.width = max(console.width, Console(width=1000).measure(table).maximum)  # a number is never cut short
    console.print(table)


@contextmanager
def _progress(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr, shown on a terminal and silent elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    words = TextColumn("of {task.total:,} {task.description},"), TimeRemainingColumn(), TextColumn("left")
    columns = BarColumn(), TaskProgressColumn(), *words
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
