"""A curve: an expression with its parameters, its break points and the smooth pieces between them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from nonlin.formula.breaks import WINDOW, Piece, beside, break_points, pieces, real
from nonlin.formula.evaluate import evaluate
from nonlin.formula.intervals import sample
from nonlin.formula.limits import limit, limit_by_rule
from nonlin.formula.primitives import z
from nonlin.formula.proof import derivative

Array = np.ndarray[Any, Any]
_DIGITS = 90  # break points are known to eighty
REACH = 1e100  # what is proven is proven for |z| up to here; the limits speak for the rest
_RIGHT = np.concatenate([np.arange(0, WINDOW + 0.1, 0.125), 2.0 ** np.arange(5, 332, 8), [REACH]])
LADDER: Array = np.concatenate([-_RIGHT[:0:-1], _RIGHT])
"""Where a curve is looked at: every 1/8 in the window, then ever wider."""


@dataclass(frozen=True)
class Curve:
    """An expression, and what every question about it needs."""

    expression: sp.Expr
    params: Mapping[str, float]
    breaks: tuple[Any, ...]
    pieces: tuple[Piece, ...]
    complete: bool  # no break point beyond those that are known

    @cached_property
    def slope(self) -> Curve:
        """The curve of the derivative."""
        parts = tuple(piece._replace(expression=derivative(piece.expression)) for piece in self.pieces)
        return Curve(derivative(self.expression), self.params, self.breaks, parts, self.complete)

    @cached_property
    def limits(self) -> tuple[float, float]:
        """The limits at -∞ and +∞, nan where there is none."""
        return self._limit(-1, self.pieces[0].low), self._limit(+1, self.pieces[-1].high)

    def _limit(self, side: int, end: float) -> float:
        return math.nan if math.isfinite(end) else limit(self.expression, self.params, side)

    @cached_property
    def has_ruled_limits(self) -> bool:
        """Whether rules settle both limits."""
        return None not in [limit_by_rule(self.expression, self.params, side) for side in (-1, +1)]

    @cached_property
    def samples(self) -> tuple[Array, Array]:
        """Points, the breaks' neighbours among them, and the values there in double precision."""
        near = [float(x) + side * 1e-9 for x in self.breaks for side in (-1, 1)]
        features = [x for piece in self.pieces for x in _features(piece.expression)]
        at = np.unique(np.concatenate([LADDER, (LADDER[1:] + LADDER[:-1]) / 2, near, features]))
        inside = np.any([(p.low <= at) & (at <= p.high) for p in self.pieces], axis=0)
        return at, np.where(inside, sample(self.expression, at, self.params), np.nan)

    def at(self, x: Any) -> Any:
        """The value at a point, to ninety digits."""
        with mpmath.workdps(_DIGITS):
            return real(evaluate(self.expression, x, self.params))

    def beside(self, x: Any, side: int) -> Any:
        """The one-sided limit at a point, nan where no piece is on that side."""
        ends = [piece.high if side < 0 else piece.low for piece in self.pieces]
        return beside(self.expression, self.params, x, side) if float(x) in ends else mpmath.nan

    def cells(self, piece: Piece, low: float = -REACH, high: float = REACH) -> tuple[Array, Array]:
        """The cells of a piece between two numbers, by the ladder."""
        low, high = max(low, piece.low), min(high, piece.high)
        inner = LADDER[(low < LADDER) & (high > LADDER)]
        edges = np.concatenate([[low], inner, [high]]) if low < high else np.array([low])
        return edges[:-1], edges[1:]


def curve(expression: sp.Expr, params: Mapping[str, float]) -> Curve:
    """The curve of an activation's expression at the given parameter values."""
    parts, complete = pieces(expression, params)
    return Curve(expression, params, tuple(break_points(expression, params)), tuple(parts), complete)


def _features(expression: sp.Expr) -> list[float]:
    """Where a function of a·z + b has its middle and its flanks, which may fall between the steps of the ladder."""
    arguments = {f.args[0] for f in expression.atoms(sp.Function)}
    found = []
    for argument in arguments:
        a = derivative(argument)
        if a.is_number and a != 0:
            centre, width = float(-argument.subs(z, 0) / a), abs(float(1 / a))
            found += [centre + width * step for step in (-4, -2, -1, -0.5, 0, 0.5, 1, 2, 4)]
    return [x for x in found if abs(x) < REACH]


def tidy(x: Any, scale: float = 1.0) -> float:
    """The nearest number of twelve decimals where it is as good as equal, so that 0.9999999999999999 reads 1."""
    number = float(x)
    rounded = round(number, 12) + 0.0 if math.isfinite(number) else number
    return rounded if abs(number - rounded) <= 1e-15 * max(scale, abs(number)) else number
