"""How high, how low and how steep: the extremes of a curve, and the side of 0 that it never leaves.

An extreme is sought among the limits, the break points and a grid. Then interval arithmetic tries to prove that no
value exceeds it.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import mpmath
import numpy as np

from nonlin.formula.breaks import WINDOW
from nonlin.formula.curve import Curve, tidy
from nonlin.formula.growth import leading_term
from nonlin.formula.intervals import enclose, sample
from nonlin.formula.proof import below, never, settle

_CLOSE = 1e-10  # an extreme is proven to so many digits
_ZERO = 1e-20  # of values in so many digits, what is larger than this is not 0
_SEEN = 1e-9  # in double precision
_FAR = np.linspace(1e5, 1e5 + 13, 401)  # two turns of sin z, far out
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
    is_value = any(_equal(v, best, 1e-30) for v in values) or _rests(curve, sign * best)
    is_value = is_value or (inside > outer and not _equal(inside, outer))
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


def _equal(a: Any, b: Any, close: float = 1e-12) -> bool:
    return a == b or bool(mpmath.isfinite(b) and abs(a - b) <= close * max(1, abs(b)))


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
    return all(settle(*curve.cells(piece), below(piece.expression, sign, bound)) for piece in curve.pieces)


def side(curve: Curve, low: Extreme, high: Extreme) -> Side:
    """The side of 0 that a curve of the given extremes keeps to."""
    flat = any(piece.expression == 0 for piece in curve.pieces)
    if low.value < -_ZERO and high.value > _ZERO:
        values = curve.samples[1]
        return Side(0, flat, curve.has_ruled_limits or bool(np.nanmin(values) < -_SEEN and np.nanmax(values) > _SEEN))
    if all(piece.expression == 0 for piece in curve.pieces):
        return Side(None, True, curve.complete)
    sign = -1 if low.value < -_ZERO else 1
    proven = curve.complete and all(
        settle(*curve.cells(piece), never(piece.expression, -sign)) for piece in curve.pieces
    )
    return Side(sign, flat, proven)
