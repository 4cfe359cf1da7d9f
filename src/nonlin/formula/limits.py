"""Limits at ±∞: by the rules of the leading term, else by the values far out."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp

from nonlin.formula.evaluate import evaluate
from nonlin.formula.growth import leading_term, waves_too_fast

Params = Mapping[str, float]
_STEPS = (1, 1.7, 3.1, 4.9, 9.3, 17, 29, 61, 113, 211, 457, 997)  # an oscillation shows between some of these
_FAR = (mpmath.mpf(10) ** 30, mpmath.mpf(10) ** 3)


def limit(expression: sp.Expr, params: Params, side: int) -> float:
    """The limit of an expression for z → ±∞ (``side`` is the sign), nan where there is none.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> limit(parse("z*sigmoid(z)"), {}, -1), limit(parse("sin(z)"), {}, +1)
    (0.0, nan)
    """
    ruled = limit_by_rule(expression, params, side)
    return _limit_by_values(expression, params, side) if ruled is None else ruled


def limit_by_rule(expression: sp.Expr, params: Params, side: int) -> float | None:
    """The limit where the rules settle it, else None."""
    term = leading_term(expression, params, side)
    if term is None or (term.trend == 0 and not term.exact) or (term.wave and term.trend >= 0):
        return None
    if term.c == 0 or term.trend < 0:
        return 0.0
    return math.copysign(math.inf, term.c) if term.trend > 0 else float(term.c)


def _limit_by_values(expression: sp.Expr, params: Params, side: int) -> float:
    with mpmath.workdps(60):
        for start in _FAR:
            if waves_too_fast(expression, params, [side * start * step for step in _STEPS]):
                continue
            values = [evaluate(expression, side * start * step, params) for step in _STEPS]
            overflows = start == _FAR[0] and any(mpmath.isinf(v) for v in values)  # ∞ less ∞ could be anything
            settled = math.nan if overflows else _settle(values)
            if not math.isnan(settled):
                return settled
    return math.nan


def _settle(values: list[Any]) -> float:
    """The limit that a row of values far out points to, nan if they point nowhere."""
    if any(mpmath.isnan(v) for v in values):
        return math.nan
    last, sizes = values[-1], [abs(v) for v in values]
    if all(v * last > 0 or mpmath.isinf(v) for v in values) and sizes[0] > 50 and _grows(sizes):
        return math.copysign(math.inf, last)
    if max(abs(v - last) for v in values) <= mpmath.mpf(10) ** -4 * max(abs(last), mpmath.mpf(10) ** -6):
        return 0.0 if abs(last) < mpmath.mpf(10) ** -16 else float(last)
    return 0.0 if sizes[-1] < mpmath.mpf(10) ** -4 and _grows(sizes[::-1]) else math.nan


def _grows(sizes: list[Any]) -> bool:
    return all(mpmath.isinf(b) or a < b for a, b in itertools.pairwise(sizes))
