"""Proofs by interval arithmetic: cells are cut, a bounded number of times, until each of them passes a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from nonlin.formula.intervals import Array, enclose, sample
from nonlin.formula.primitives import z

Test = Callable[[Array, Array], Any]
_CUTS, _ROUNDS, _MOST_CELLS = 16, 12, 4000
_MOST_NODES = 150  # of an expression that is also looked at by its slope


@lru_cache(maxsize=256)
def derivative(expression: sp.Expr) -> sp.Expr:
    """The derivative by z, kept for the next piece and for φ - z, which share their terms."""
    return sp.Add(*map(derivative, expression.args)) if expression.is_Add else sp.diff(expression, z)


def settle(low: Array, high: Array, test: Test) -> bool:
    """Whether every cell passes the test once it is cut small enough; False where that cannot be found out.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> settle(np.array([-1.0]), np.array([1.0]), below(parse("z*exp(-z*z)"), +1, 0.43))
    True
    """
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


def below(expression: sp.Expr, sign: int, bound: float) -> Test:
    """The test that no value in a cell times the sign exceeds a bound, also by the slope from the cell's middle."""
    is_short = sum(1 for _ in sp.preorder_traversal(expression)) <= _MOST_NODES

    def test(low: Array, high: Array) -> Any:
        passed = _highest(enclose(expression, low, high), sign) <= bound
        if passed.all() or not is_short:
            return passed
        middle = (low + high) / 2
        start = _highest(enclose(expression, middle, middle), sign)
        slopes = enclose(derivative(expression), low, high)
        with np.errstate(all="ignore"):
            rise = np.maximum(np.abs(slopes[0]), np.abs(slopes[1])) * (high - low) * 0.5000001
            return passed | (start + rise <= bound)

    return test


def never(expression: sp.Expr, sign: int) -> Test:
    """The test that no value in a cell has a sign."""
    return lambda low, high: _highest(enclose(expression, low, high), sign) <= 0


def _highest(bounds: tuple[Array, Array], sign: int) -> Array:
    return bounds[1] if sign > 0 else -bounds[0]


def no_other_zero(expression: sp.Expr, known: Iterable[float]) -> Test:
    """The test that a cell holds no zero, or is a stretch that rises or falls and holds a known one or none."""
    places = np.array(sorted(known))

    def test(low: Array, high: Array) -> Any:
        (a, b), (c, d) = enclose(expression, low, high), enclose(derivative(expression), low, high)
        near = 1e-9 * np.maximum(1, np.abs(low))
        holds = np.searchsorted(places, high + near) > np.searchsorted(places, low - near)
        same = np.sign(sample(expression, low)) * np.sign(sample(expression, high)) > 0
        return (a > 0) | (b < 0) | (((c >= 0) | (d <= 0)) & (holds | same))

    return test
