"""Measured rows as text: the cells of a table, and the documentation page of the catalogue."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version

import numpy as np

from nonlin import __version__
from nonlin.accuracy.measure import DIGITS, PRECISIONS, Row, Worst
from nonlin.accuracy.points import PARAMETER_VALUES

HEADINGS = ("activation", "precision", "φ, ulp", "at z", "φ', ulp", "at z", "bound", "")

HOW_TO_READ = """\
Each row gives the largest error that was found of φ(z) and of φ'(z), the argument z where it occurs, and what is
promised. Errors are in units in the last place (ulp) against mpmath with {digits} digits: the unit of a value in
[2^e, 2^(e+1)) is 2^(e-52) in double and 2^(e-23) in single precision, below the normal numbers 2^-1074 and 2^-149.
Rounding the true value itself gives up to 0.5. Errors are rounded up.

| precision | kernel | bound | measured in units of |
|---|---|---|---|
| float64 | of double precision | {float64:g} ulp | the terms that are added up, which is the value unless they cancel |
| float32 | of single precision | {float32:g} ulp | the value; where terms cancel, what float64 may miss is taken off |
| fast | of training, single unless functions nest | {fast:g} ulp | the terms, for z from -{reach:g} to {reach:g} |

The terms of a product are the products of its factors' terms, those of a power the powers of its base's; a function
counts as one term, by its value. Where a factor of a term is subnormal, it has lost digits before it is multiplied: its
last place times the other factors is taken off the error in float64 and fast, and nothing else is. The training kernel
does without subnormal numbers, so that there the unit of a value or a factor is never below 2^{floor}.

NaN stays NaN. ±∞ gives the limit in float64 and float32. Where a parameter times z, the angle of a sine or cosine, is
itself beyond the largest double, a wave has no value, and nothing is measured.

The points are zero, both ends of both formats, the sizes at which exponentials round off, underflow and overflow, each
point at which the formula changes its branch with two neighbours on either side, and random ones: a quarter of every
size that the format holds, a quarter between 2^-30 and 2^11 in size, half from -12 to 12. An activation with parameters
is measured at its own values and with all of them {values}; the row says where its worst errors lie.
"""


def cells(row: Row) -> list[str]:
    """The texts of a row, under HEADINGS."""
    verdict = "" if row.bound is None else "pass" if row.passes else "FAIL"
    who = row.precision if row.contender == "nonlin" else f"{row.contender} {row.precision}"
    bound = "" if row.bound is None else f"{row.bound:g}"
    return [row.name, who, *_error(row.value, row), *_error(row.derivative, row), bound, verdict]


def _error(worst: Worst | None, row: Row) -> tuple[str, str]:
    if worst is None:
        return "", ""
    return number(worst.ulps), _where(worst, row) if worst.ulps else ""


def number(ulps: float) -> str:
    """An error to three decimals, rounded up so that what is above a bound shows.

    Examples
    --------
    >>> number(0.5), number(1.00001), number(16764215.98), number(math.inf)
    ('0.500', '1.001', '1.7e+07', '∞')
    """
    if math.isinf(ulps):
        return "∞"
    return f"{math.ceil(ulps * 1000) / 1000:.3f}" if ulps < 1000 else f"{ulps:.1e}"


def _where(worst: Worst, row: Row) -> str:
    at = str(worst.at) if row.precision == "float64" else str(np.float32(worst.at))
    return ", ".join([at, *(f"{name}={value:g}" for name, value in worst.params)])


def page(rows: Iterable[Sequence[Row]], families: Mapping[str, Sequence[str]], count: int, seed: int) -> str:
    """The Markdown page of all measured activations by family; ``families`` holds the names of each."""
    by_name = {group[0].name: group for group in rows}
    measured = [row for group in by_name.values() for row in group]
    failed = sorted({row.name for row in measured if not row.passes})
    verdict = f"above a bound: {', '.join(failed)}" if failed else "none is above its bound"
    return "\n".join([
        "# Accuracy\n",
        "Made by `nonlin verify --page docs/accuracy.md`; do not edit it.\n",
        f"{len(by_name)} activations were measured, value and derivative, at {sum(row.points for row in measured):,} "
        f"points in all ({count:,} random ones of each precision and parameter value, seed {seed}): {verdict}.\n",
        "## How to read it\n",
        _how_to_read(),
        f"Measured with {_versions()}.",
        *(_family(name, [by_name[n] for n in members if n in by_name]) for name, members in families.items()),
    ])  # fmt: skip


def _how_to_read() -> str:
    bounds = {p.name: p.bound for p in PRECISIONS}
    fast = next(p for p in PRECISIONS if p.name == "fast")
    values = " and ".join(f"{value:g}" for value in PARAMETER_VALUES)
    return HOW_TO_READ.format(digits=DIGITS, reach=fast.reach, floor=fast.format.smallest, values=values, **bounds)


def _versions() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "sympy", "mpmath"))
    return f"nonlin {__version__}, {packages}"


def _family(name: str, groups: Sequence[Sequence[Row]]) -> str:
    if not groups:
        return ""
    rule = ["---:" if "ulp" in heading else "---" for heading in HEADINGS]
    head = [f"\n## {name.capitalize()}\n", _line(HEADINGS), _line(rule)]
    return "\n".join([*head, *(_line(texts) for group in groups for texts in named_once(group))])


def named_once(group: Sequence[Row]) -> list[list[str]]:
    """The cells of one activation's rows, with its name in the first only."""
    return [[row.name if i == 0 else "", *cells(row)[1:]] for i, row in enumerate(group)]


def _line(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"
