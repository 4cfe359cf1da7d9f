"""Where a formula changes its branch, how smoothly it does so, and the smooth pieces in between."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import mpmath
import numpy as np
import sympy as sp

from nonlin.formula import primitives as p
from nonlin.formula.evaluate import evaluate, holds
from nonlin.formula.intervals import LARGEST, enclose, sample
from nonlin.formula.proof import derivative, no_other_zero, settle

Params = Mapping[str, float]
WINDOW = 30.0  # conditions that are not linear, zeros and fixed points are looked for in |z| up to here
MAX_ORDER = 8  # derivatives beyond this one are not compared
_DIGITS = 80
_GRID = np.linspace(-WINDOW, WINDOW, 1201)
_NODES = MAX_ORDER + 4
_STEP = mpmath.mpf(10) ** -6
_CLOSE = mpmath.mpf(10) ** -12
_HIDDEN = (p.absolute, p.sign, p.softsign, p.rsqrt, sp.log)  # not smooth where the argument is 0


class Piece(NamedTuple):
    """A stretch of the line on which φ is smooth, and φ there without cases or parameters."""

    low: float
    high: float
    expression: sp.Expr


def break_points(expression: sp.Expr, params: Params) -> list[Any]:
    """Where a condition changes, or a primitive or a power may not be smooth, to eighty digits: what may be a kink."""
    return sorted({root for side in _sides(expression, params) for root in _roots(side)})


def _sides(expression: sp.Expr, params: Params) -> list[sp.Expr]:
    """What changes its sign where the expression changes its branch."""
    conditions = [c for e in expression.atoms(sp.Piecewise) for c in e.atoms(sp.core.relational.Relational)]
    sides = [c.lhs - c.rhs for c in conditions]
    sides += [a.args[0] for a in expression.atoms(*_HIDDEN)]
    sides += [1 + a.args[0] for a in expression.atoms(p.log1p)]
    sides += [a.base for a in expression.atoms(sp.Pow) if not (a.exp.is_Integer and a.exp > 0)]
    values = {sp.Symbol(n, real=True): sp.Rational(v) for n, v in params.items() if math.isfinite(v)}
    return [side.xreplace(values) for side in sides if side.has(p.z)]


def _roots(side: sp.Expr) -> list[Any]:
    slope = derivative(side)
    if not slope.has(p.z):
        with mpmath.workdps(_DIGITS):
            return [evaluate(-side.subs(p.z, 0) / slope, 0)]
    values = sample(side, _GRID)
    found = [mpmath.mpf(float(x)) for x in _GRID[values == 0]]
    for i in np.flatnonzero(values[:-1] * values[1:] < 0):
        with mpmath.workdps(_DIGITS):
            ends = tuple(float(x) for x in _GRID[i : i + 2])
            found.append(
                mpmath.findroot(lambda x: evaluate(side, x), ends, solver="anderson", tol=1e-150, verify=False)
            )
    return found


def order_of_continuity(expression: sp.Expr, params: Params, at: Any) -> float:
    """How many derivatives agree on both sides of a point: -1 at a jump, 0 at a kink, ∞ where all that are compared do.

    A slope that has no bound at the point, as that of √|z| at 0, is a kink.
    """
    slope = derivative(expression)
    for order, e in enumerate((expression, slope, derivative(slope)), start=-1):
        left, right = (beside(e, params, at, side) for side in (-1, +1))
        if not mpmath.isfinite(left) or not abs(left - right) <= _CLOSE * max(1, abs(left)):
            return order
    with mpmath.workdps(100):
        sides = [_taylor(expression, params, at, side) for side in (-1, +1)]
        for order, (left, right) in enumerate(zip(*sides, strict=True)):
            if order > 2 and not abs(left - right) <= _CLOSE * max(1, abs(left)):
                return order - 1
    return math.inf


def beside(expression: sp.Expr, params: Params, at: Any, side: int) -> Any:
    """The one-sided limit at a point, ±∞ where the values grow without bound, as those of 1/z and log z at 0."""
    with mpmath.workdps(200):
        steps = (mpmath.mpf(10) ** -n * max(1, abs(at)) for n in (40, 60))
        near, nearer = (real(evaluate(expression, at + side * step, params)) for step in steps)
        return mpmath.sign(nearer) * mpmath.inf if abs(nearer) > 1.2 * abs(near) > 10 else nearer


def real(value: Any) -> Any:
    """The value, nan if it is complex."""
    return mpmath.nan if isinstance(value, mpmath.mpc) else value


def _taylor(expression: sp.Expr, params: Params, at: Any, side: int) -> list[Any]:
    """The first Taylor coefficients at a point, from the values on one side of it."""
    step = side * _STEP * max(1, abs(at))
    values = [real(evaluate(expression, at + (i + 1) * step, params)) for i in range(_NODES)]
    fitted = _interpolation() * mpmath.matrix(values)
    return [fitted[k] / step**k for k in range(MAX_ORDER + 1)]


@lru_cache(maxsize=1)
def _interpolation() -> Any:
    """From the values at 1, 2, …, the coefficients of the polynomial through them."""
    with mpmath.workdps(120):
        return mpmath.matrix([[mpmath.mpf(i + 1) ** k for k in range(_NODES)] for i in range(_NODES)]) ** -1


def pieces(expression: sp.Expr, params: Params) -> tuple[list[Piece], bool]:
    """The smooth pieces between the break points, and whether they are known to be all, also beyond the window."""
    edges = sorted({float(x) for x in break_points(expression, params)})
    complete = all(_has_no_other_root(side, edges) for side in _sides(expression, params))
    spans = list(itertools.pairwise([-math.inf, *edges, math.inf]))
    found = [Piece(low, high, _resolved(expression, params, _inside(low, high))) for low, high in spans]
    return [piece for piece in found if _is_defined(piece)] or found, complete


def _is_defined(piece: Piece) -> bool:
    return not mpmath.isnan(real(evaluate(piece.expression, _inside(piece.low, piece.high))))


def _has_no_other_root(side: sp.Expr, known: list[float]) -> bool:
    if not derivative(side).has(p.z):
        return True
    low, high = enclose(side, [-LARGEST, WINDOW], [-WINDOW, LARGEST])
    is_clear_outside = bool(((low >= 0) | (high <= 0)).all())
    return is_clear_outside and settle(_GRID[:-1], _GRID[1:], no_other_zero(side, known))


def _inside(low: float, high: float) -> float:
    if math.isinf(low) and math.isinf(high):
        return 0.5
    return high - 1 if math.isinf(low) else low + 1 if math.isinf(high) else (low + high) / 2


def _resolved(e: sp.Expr, params: Params, at: float) -> sp.Expr:
    """The expression in numbers and z alone, with the branches that hold at a point."""
    if isinstance(e, sp.Piecewise):
        branch = next((value for value, condition in e.args if holds(condition, at, params)), sp.nan)
        return _resolved(branch, params, at)
    if e.is_Symbol:
        return e if e == p.z else sp.Rational(params[e.name])
    if not e.has(p.z) and not e.is_Rational:
        with mpmath.workdps(50):
            return sp.Rational(mpmath.nstr(evaluate(e, 0, params), 40))
    arguments = [_resolved(a, params, at) for a in e.args]
    if isinstance(e, (p.absolute, p.sign)):
        side = int(mpmath.sign(evaluate(e.args[0], at, params)))
        return side * arguments[0] if isinstance(e, p.absolute) else sp.Integer(side)
    return e.func(*arguments) if arguments else e
