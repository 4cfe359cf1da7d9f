"""An equation as one shape: the cases of a piecewise formula stand in rows behind a brace, values beside conditions.

Mathtext has no environments. Each value and each condition is set on its own and placed by its true outline, so that
fractions in neighbouring rows never touch.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D, Bbox

from nonlin.backends.latex import CASE_SEPARATOR

SIZE = 12.0  # points: the type size in which an equation is laid out
_ASCENT, _DESCENT, _AXIS = 9.0, 3.0, 3.9  # points: the least of a row, and the height of the equals sign
_LEADING, _COLUMN, _BRACE = 4.5, 13.0, 6.0  # points: between rows, between value and condition, the brace's width
_MATHTEXT = tuple(
    (re.compile(found), better)
    for found, better in (
        # a product leaves no space before a function's name
        (r"(?<=[A-Za-z0-9})]) (?=\\(?:tanh|sinh|cosh|sin|cos|log|arctan|mathrm)\b)", r"\\,"),
        (r"\\(?:left|right)\|", "|"),  # else the bars are short
        (r"(\\sigma|\\mathrm\{sinc\})'", r"{\1'}"),  # else the bracket behind the prime is raised
    )
)
"""What mathtext sets badly, and what it sets well."""


@lru_cache(maxsize=1024)
def equation_path(latex: str, left: str = r"\varphi(z)") -> Path:
    """The outline of ``left = latex`` in points, centred on height 0 and beginning at x = 0."""
    lead = _set(rf"{left} = ")
    cases = [_split(case) for case in latex.split(CASE_SEPARATOR)]
    if len(cases) == 1:
        value = _set(_large(latex))
        whole = Path.make_compound_path(lead, _moved(value, _right(lead) + 4.0 - extents(value).x0, 0.0))
        return _moved(whole, 0.0, -_middle(whole))
    return Path.make_compound_path(_moved(lead, 0.0, -_AXIS), _rows(cases, _right(lead) + 4.0))


def extents(path: Path) -> Bbox:
    """The box around all control points: many times faster than that of the curves, and hardly larger."""
    drawn = np.asarray(path.vertices)[np.asarray(path.codes) != Path.CLOSEPOLY]
    return Bbox([drawn.min(axis=0), drawn.max(axis=0)])


def _rows(cases: list[tuple[str, str]], x: float) -> Path:
    """The brace, and behind it the values and conditions, centred on height 0."""
    values, conditions = [_set(_large(v)) for v, _ in cases], [_set(c) for _, c in cases]
    second = x + _BRACE + 4.0 + max(_right(v) for v in values) + _COLUMN
    parts, y = [], 0.0
    for value, condition in zip(values, conditions, strict=True):
        box = extents(Path.make_compound_path(value, condition))
        room = 0.08 * box.height  # tall rows stand further apart
        y -= max(_ASCENT, box.y1 + room)
        parts += [_moved(value, x + _BRACE + 4.0, y), _moved(condition, second, y)]
        y += min(-_DESCENT, box.y0 - room) - _LEADING
    high = -y - _LEADING
    moved = [_moved(part, 0.0, high / 2) for part in parts]
    return Path.make_compound_path(_brace(x, high), *moved)


def _brace(x: float, high: float) -> Path:
    """A left brace of 0.9 points' stroke, as an outline: there and back."""
    w, h, t = _BRACE, high / 2, 0.9
    half = [(w, h), (w / 2, h), (w / 2, h - w / 2), (w / 2, h - w), (w / 2, w), (w / 2, w / 2), (0.1 * w, 0.0)]
    there = [*half, *((px, -py) for px, py in half[-2::-1])]
    back = [(px + t, py) for px, py in there[::-1]]
    half_codes = [Path.CURVE3, Path.CURVE3, Path.LINETO, Path.LINETO, Path.CURVE3, Path.CURVE3]
    codes = [Path.MOVETO, *half_codes, *half_codes[::-1], Path.LINETO, *half_codes, *half_codes[::-1], Path.CLOSEPOLY]
    closed = Path([*there, *back, there[0]], codes)
    return _moved(closed, x, 0.0)


def _split(case: str) -> tuple[str, str]:
    """Value and condition of ``value  (condition)``."""
    value, _, condition = case.rpartition(r"\;\;(")
    condition = condition.removesuffix(")")
    return value, condition if "otherwise" in condition else rf"\mathrm{{if}}\; {condition}"


def _set(latex: str) -> Path:
    for found, better in _MATHTEXT:
        latex = found.sub(better, latex)
    return TextPath((0.0, 0.0), f"${latex}$", size=SIZE)


def _large(latex: str) -> str:
    """Write the fractions that stand in no other fraction, root or exponent in full size."""

    def size(found: re.Match[str]) -> str:
        before = latex[: found.start()]
        return r"\dfrac" if before.count("{") == before.count("}") else r"\frac"

    return re.sub(r"\\frac", size, latex)


def _right(path: Path) -> float:
    return float(extents(path).x1)


def _middle(path: Path) -> float:
    box = extents(path)
    return float(box.y0 + box.y1) / 2


def _moved(path: Path, x: float, y: float) -> Path:
    return Affine2D().translate(x, y).transform_path(path)
