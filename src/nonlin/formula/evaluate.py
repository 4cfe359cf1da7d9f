"""The value of an expression in arbitrary precision, by walking its tree: the reference for every kernel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp

from nonlin.formula.primitives import Primitive, exp_value, z

RULES: dict[Any, Any] = {
    sp.exp: exp_value,
    sp.log: lambda x: mpmath.log(x) if x > 0 else (-mpmath.inf if x == 0 else mpmath.nan),
    sp.sin: mpmath.sin,
    sp.cos: mpmath.cos,
    sp.atan: mpmath.atan,
}


def evaluate(expression: sp.Expr, at: Any, params: Mapping[str, float] | None = None) -> Any:
    """The mpmath value of ``expression`` at ``z = at``, in mpmath's current precision; nan where it has none.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> print(mpmath.nstr(evaluate(parse("z*sigmoid(z)"), -1000), 3))
    -5.08e-432
    """
    values = {name: mpmath.mpf(v) for name, v in (params or {}).items()}
    values["z"] = mpmath.mpf(at)
    try:
        return _value(expression, values)
    except (ZeroDivisionError, OverflowError, ValueError):
        return mpmath.nan


def _value(e: sp.Expr, values: Mapping[str, Any]) -> Any:
    if e.is_Symbol:
        return values[e.name]
    if e.is_Rational:
        return mpmath.mpf(int(e.p)) / int(e.q)
    if e.is_number and not e.args:
        return mpmath.mpf(e.evalf(mpmath.mp.dps + 5)) if e.is_finite else mpmath.mpf(float(e))
    if isinstance(e, sp.Piecewise):
        return _branch(e, values)
    if isinstance(e, sp.Add):
        return mpmath.fsum(_value(a, values) for a in e.args)
    if isinstance(e, sp.Mul):
        return mpmath.fprod(_value(a, values) for a in e.args)
    if isinstance(e, sp.Pow):
        return _power(_value(e.base, values), e.exp, values)
    rule = e.func.value if isinstance(e, Primitive) else RULES[e.func]
    return rule(*(_value(a, values) for a in e.args))


def _branch(e: sp.Piecewise, values: Mapping[str, Any]) -> Any:
    if mpmath.isnan(values[z.name]):
        return mpmath.nan
    for branch, condition in e.args:
        if holds(condition, values):
            return _value(branch, values)
    return mpmath.nan


def _power(base: Any, exponent: sp.Expr, values: Mapping[str, Any]) -> Any:
    power = _value(exponent, values)
    if base < 0 and not mpmath.isint(power):
        return mpmath.nan
    if mpmath.isinf(base) and power < 0:
        return mpmath.mpf(0)
    return base ** (int(power) if mpmath.isint(power) else power)


def holds(condition: Any, values: Mapping[str, Any]) -> bool:
    """Whether a comparison, or an ``and``/``or``/``not`` of comparisons, is true."""
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, sp.And):
        return all(holds(c, values) for c in condition.args)
    if isinstance(condition, sp.Or):
        return any(holds(c, values) for c in condition.args)
    if isinstance(condition, sp.Not):
        return not holds(condition.args[0], values)
    left, right = (_value(side, values) for side in condition.args)
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right,
                 "==": left == right, "!=": left != right}[condition.rel_op])  # fmt: skip
