"""How high, how low and how steep: the extremes of a curve, and the side of 0 that it never leaves.

An extreme is sought among the limits, the break points and a grid. Then interval arithmetic tries to prove it: the
cells between all finite double-precision numbers are cut, a bounded number of times, until none may exceed it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath
import numpy as np
import sympy as sp

from nonlin.formula.breaks import WINDOW, derivative
from nonlin.formula.curve import Array, Curve, tidy
from nonlin.formula.growth import leading_term
from nonlin.formula.intervals import enclose, sample

_CUTS, _ROUNDS, _MOST_CELLS = 16, 12, 4000  # how far a proof is tried
_CLOSE = 1e-10  # an extreme is proven to so many digits
_ZERO = 1e-20  # in thirty digits, what is larger than this is not 0
_FAR = np.linspace(1e5, 1e5 + 13, 401)  # two turns of sin z, far out
_MOST_NODES = 150  # of an expression that is proven by its slope
_ZOOMS = 5  # each to a thirty-second


class Extreme(NamedTuple):
    """A supremum or infimum, whether it is one of the values, and whether it is proven."""

    value: float
    taken: bool
    exact: bool


class Side(NamedTuple):
    """Which side of 0 a curve keeps to: +1, -1, 0 for neither, None where it is 0 throughout."""

    sign: int | None
    flat: bool
    exact: bool


def settle(low: Array, high: Array, test: Callable[[Array, Array], Any]) -> bool:
    """Whether every cell passes the test once it is cut small enough; False where that cannot be found out."""
    for _ in range(_ROUNDS):
        left = ~np.broadcast_to(test(low, high), low.shape)
        low, high = low[left], high[left]
        if not low.size:
            return True
        if low.size * _CUTS > _MOST_CELLS:
            return False
        low, high = _cut(low, high)
    return False


def _cut(low: Array, high: Array) -> tuple[Array, Array]:
    """Sixteen cells of each: evenly near 0, by equal factors far out."""
    share = np.linspace(0, 1, _CUTS + 1)[:, None]
    a, b = np.arcsinh(low), np.arcsinh(high)
    edges = np.clip(np.sinh(a + (b - a) * share), low, high)
    edges[0], edges[-1] = low, high
    return edges[:-1].ravel(), edges[1:].ravel()


def extremes(curve: Curve) -> tuple[Extreme, Extreme]:
    """The infimum and the supremum of a curve, one-sided limits at its break points among the values."""
    low, high = _highest(curve, -1), _highest(curve, +1)
    return low._replace(value=0.0 - low.value if low.value else 0.0), high


def _highest(curve: Curve, sign: int) -> Extreme:
    """The supremum of the curve times a sign."""
    limits = [sign * v for v in curve.limits if not math.isnan(v)]
    sides = [sign * curve.beside(x, s) for x in curve.breaks for s in (-1, +1)]
    values = [v for x in _sure_places(curve) if not mpmath.isnan(v := sign * curve.at(x))]
    outer = max([*limits, *(v for v in sides if not mpmath.isnan(v))], default=-mpmath.inf)
    inside = _top(curve, sign)
    best = mpmath.inf if _swings_out(curve, sign) else max([outer, inside, *values])
    if mpmath.isinf(best):
        return Extreme(float(best), False, curve.complete and curve.has_ruled_limits and math.inf in limits)
    is_value = best in values or _rests(curve, sign * best) or (inside > outer and not _equal(inside, outer))
    exact = curve.complete and (is_value or curve.has_ruled_limits) and _is_bound(curve, sign, float(best))
    return Extreme(tidy(best, _scale(curve)), bool(is_value), exact)


def _sure_places(curve: Curve) -> list[Any]:
    """The break points, and 0 where the value there is one of few bits: not that of a tail that is lost in rounding."""
    low, high = enclose(curve.expression, 0.0, 0.0, curve.params)
    return [*curve.breaks, *([0] if low == high else [])]


def _scale(curve: Curve) -> float:
    """How large the curve is near 0, for a wave that returns to 0 may miss it by as much as rounding errors."""
    at, values = curve.samples
    return float(np.nanmax(np.abs(values[np.abs(at) <= 1]), initial=0.0))


def _swings_out(curve: Curve, sign: int) -> bool:
    """Whether a wave far out is higher than everything near, so that it has no bound."""
    at, values = curve.samples
    near = np.nanmax(sign * values[np.abs(at) <= WINDOW], initial=1.0)
    for side in (-1, +1):
        term = leading_term(curve.expression, curve.params, side)
        if term is not None and term.wave and term.trend > 0:
            far = sign * sample(curve.expression, side * _FAR, curve.params)
            if np.nanmax(far, initial=-np.inf) > 1.5 * near:
                return True
    return False


def _equal(a: Any, b: Any) -> bool:
    return a == b or bool(mpmath.isfinite(b) and abs(a - b) <= 1e-12 * max(1, abs(b)))


def _top(curve: Curve, sign: int) -> Any:
    """The highest value on the grid, refined between its neighbours."""
    at, values = curve.samples
    if np.isnan(values).all():
        return -mpmath.inf
    best = int(np.nanargmax(sign * values))
    low, high, where = at[max(best - 1, 0)], at[min(best + 1, at.size - 1)], at[best]
    for _ in range(_ZOOMS):
        points = np.linspace(low, high, 65)
        found = sign * sample(curve.expression, points, curve.params)
        if np.isnan(found).all():
            break
        i = int(np.nanargmax(found))
        where, low, high = points[i], points[max(i - 1, 0)], points[min(i + 1, 64)]
    return max(sign * curve.at(x) for x in (float(where), round(float(where), 6), float(at[best])))


def _rests(curve: Curve, value: Any) -> bool:
    """Whether a whole piece of the curve has this value."""
    return any(p.expression.is_number and _equal(mpmath.mpf(p.expression.evalf(30)), value) for p in curve.pieces)


def _is_bound(curve: Curve, sign: int, best: float) -> bool:
    bound = best + _CLOSE * max(1.0, abs(best))
    return all(settle(*curve.cells(piece), _below(piece.expression, sign, bound)) for piece in curve.pieces)


def _below(expression: sp.Expr, sign: int, bound: float) -> Callable[[Array, Array], Any]:
    """The test that no value in a cell times the sign exceeds a bound, also by the slope from the cell's middle."""
    is_short = sum(1 for _ in sp.preorder_traversal(expression)) <= _MOST_NODES

    def test(low: Array, high: Array) -> Any:
        passed = _highest_of(enclose(expression, low, high), sign) <= bound
        if passed.all() or not is_short:
            return passed
        middle = (low + high) / 2
        start = _highest_of(enclose(expression, middle, middle), sign)
        slopes = enclose(derivative(expression), low, high)
        with np.errstate(all="ignore"):
            rise = np.maximum(np.abs(slopes[0]), np.abs(slopes[1])) * (high - low) * 0.5000001
            return passed | (start + rise <= bound)

    return test


def _highest_of(bounds: tuple[Array, Array], sign: int) -> Array:
    return bounds[1] if sign > 0 else -bounds[0]


def side(curve: Curve, low: Extreme, high: Extreme) -> Side:
    """The side of 0 that a curve of the given extremes keeps to."""
    flat = any(piece.expression == 0 for piece in curve.pieces)
    if low.value < -_ZERO and high.value > _ZERO:
        return Side(0, flat, True)
    if all(piece.expression == 0 for piece in curve.pieces):
        return Side(None, True, curve.complete)
    sign = -1 if low.value < -_ZERO else 1
    proven = curve.complete and all(
        settle(*curve.cells(piece), _never(piece.expression, -sign)) for piece in curve.pieces
    )
    return Side(sign, flat, proven)


def _never(expression: sp.Expr, sign: int) -> Callable[[Array, Array], Any]:
    """The test that no value in a cell has a sign."""
    return lambda low, high: _highest_of(enclose(expression, low, high), sign) <= 0
