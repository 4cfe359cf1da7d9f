"""Where a curve is 0: single points, whole stretches, and whether there are more of them without end."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import mpmath
import numpy as np
import sympy as sp

from nonlin.formula.breaks import WINDOW, Piece
from nonlin.formula.curve import Array, Curve, tidy
from nonlin.formula.evaluate import evaluate
from nonlin.formula.growth import WAVES
from nonlin.formula.intervals import sample
from nonlin.formula.proof import derivative, no_other_zero, settle

_ZOOMS, _PARTS = 3, 64
_REACH = 1e15  # beyond, only the limits speak
_NOISE = 1e-12
_NOTHING = 1e-18  # a value this small, at a place known to twenty digits, is 0


class Interval(NamedTuple):
    """A stretch of the line; an end that is ``taken`` belongs to it."""

    low: float
    high: float
    low_taken: bool
    high_taken: bool

    def __str__(self) -> str:
        brackets = "[" if self.low_taken else "(", "]" if self.high_taken else ")"
        return f"{brackets[0]}{number(self.low)}, {number(self.high)}{brackets[1]}"


class Points(NamedTuple):
    """Single points and whole intervals; ``endless`` if a wave has more and more of them beyond |z| = 30.

    Examples
    --------
    >>> from nonlin import get
    >>> get("relu").properties.fixed_points.intervals[0]
    Interval(low=0.0, high=inf, low_taken=True, high_taken=False)
    """

    isolated: tuple[float, ...]
    intervals: tuple[Interval, ...]
    endless: bool


def number(x: float) -> str:
    """A number to six digits, with the signs ∞ and -∞."""
    return f"{x:.6g}" if math.isfinite(x) else ("∞" if x > 0 else "-∞")


def zeros(curve: Curve) -> tuple[Points, bool]:
    """Where the curve is 0, and whether it is proven that there are no others in the window."""
    intervals = _intervals(curve)
    waves = bool(curve.expression.atoms(*WAVES))
    reach = WINDOW if waves else _REACH
    found = [x for piece in curve.pieces for x in _isolated(piece, -reach, reach) if piece.low < x < piece.high]
    found += [x for x in curve.breaks if abs(curve.at(x)) <= _NOTHING]
    found += [mpmath.mpf(0)] if curve.at(0) == 0 else []
    isolated = tuple(x for x in _distinct(found) if not any(_holds(i, x) for i in intervals))
    beyond = [(-2 * WINDOW, -WINDOW), (WINDOW, 2 * WINDOW)]
    more = any(_isolated(piece, *ends) for piece in curve.pieces for ends in beyond) if waves else False
    endless = more or (waves and bool(intervals) and not curve.complete)
    return Points(isolated, intervals, endless), curve.complete and _is_all(curve, isolated)


def _holds(interval: Interval, x: float) -> bool:
    return interval.low <= x <= interval.high


def _intervals(curve: Curve) -> tuple[Interval, ...]:
    """The pieces that are 0 throughout, joined where they meet."""
    joined: list[Interval] = []
    for low, high, expression in curve.pieces:
        if expression == 0 and low < high:
            if not curve.complete:
                low, high = max(low, -WINDOW), min(high, WINDOW)
            ends = (math.isfinite(x) and abs(curve.at(x)) <= _NOTHING for x in (low, high))
            new = Interval(low, high, *ends)
            if joined and joined[-1].high == low and new.low_taken:
                new = new._replace(low=joined[-1].low, low_taken=joined[-1].low_taken)
                joined.pop()
            joined.append(new)
    return tuple(joined)


def _isolated(piece: Piece, low: float, high: float) -> list[float]:
    """The zeros of a piece between two numbers: where its sign changes, and where it only touches 0."""
    if piece.expression.is_number:
        return []
    at = _grid(max(low, piece.low), min(high, piece.high))
    slope = derivative(piece.expression)
    crossings = _polished(piece.expression, _refined(piece.expression, at))
    still = _refined(slope, at)
    touches = _polished(slope, still[np.abs(sample(piece.expression, still)) < 1e-6])
    return crossings + [x for x in touches if abs(_value(piece.expression, x)) <= 1e-20]


def _grid(low: float, high: float) -> Array:
    """Every 1/16 near 0, by equal factors far out."""
    if not low < high:
        return np.array([])
    far = np.geomspace(2 * WINDOW, _REACH, 200)
    at = np.concatenate([-far, np.arange(-2 * WINDOW, 2 * WINDOW, 1 / 16), far, [low, high]])
    return np.unique(at[(at >= low) & (at <= high)])


def _refined(expression: sp.Expr, at: Array) -> Array:
    """Where the sign changes on a grid, in double precision."""
    if at.size < 2:
        return np.array([])
    values = sample(expression, at)
    lost = np.abs(values) <= _NOISE * np.maximum(1, np.abs(at))  # in rounding errors: it has no sign
    seen = np.isfinite(values) & ~lost
    exact = at[1:-1][lost[1:-1] & seen[:-2] & seen[2:]]
    changes = np.flatnonzero(seen[:-1] & seen[1:] & (np.sign(values[:-1]) != np.sign(values[1:])))
    low, high = at[changes], at[changes + 1]
    for _ in range(_ZOOMS if low.size else 0):
        points = np.linspace(low, high, _PARTS + 1)
        signs = np.sign(sample(expression, points)) == np.sign(sample(expression, low))
        last = np.minimum(signs.cumprod(axis=0).sum(axis=0), _PARTS)
        columns = np.arange(low.size)
        low, high = points[last - 1, columns], points[last, columns]
    return np.concatenate([exact, (low + high) / 2])


def _polished(expression: sp.Expr, places: Iterable[float]) -> list[Any]:
    """The places to thirty digits, as a round number where that is exact."""
    found = []
    for x in map(float, places):
        rounded = [r for r in (round(x, 4), round(x, 9)) if _value(expression, r) == 0]
        found.append(mpmath.mpf(rounded[0]) if rounded else _root(expression, x))
    return found


def _root(expression: sp.Expr, x: float) -> Any:
    with mpmath.workdps(30):
        ends = (x, x + 1e-9 * max(1, abs(x)))
        try:
            root = mpmath.findroot(lambda at: _value(expression, at), ends, tol=1e-50, verify=False)
        except (ValueError, ZeroDivisionError):  # the two ends already agree
            return mpmath.mpf(x)
        return root if abs(root - x) < 1e-5 * max(1, abs(x)) else mpmath.mpf(x)


def _value(expression: sp.Expr, x: Any) -> Any:
    with mpmath.workdps(30):
        return evaluate(expression, x)


def _distinct(places: Iterable[Any]) -> list[float]:
    kept: list[float] = []
    for x in sorted(map(tidy, places)):
        if not kept or x - kept[-1] > 1e-9 * max(1, abs(x)):
            kept.append(x)
    return kept


def _is_all(curve: Curve, isolated: tuple[float, ...]) -> bool:
    """Whether each cell of the window holds no zero, or lies on a stretch that rises or falls and holds a known one."""
    for piece in curve.pieces:
        if piece.expression.is_number:
            continue
        ends = [x for x in (piece.low, piece.high) if math.isfinite(x) and abs(_value(piece.expression, x)) <= _NOTHING]
        test = no_other_zero(piece.expression, {*isolated, *ends})
        if not settle(*curve.cells(piece, -WINDOW, WINDOW), test):
            return False
    return True
