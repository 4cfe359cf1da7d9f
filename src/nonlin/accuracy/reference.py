"""The true values of formulas in mpmath, at many points, and what a sum's or a product's error is measured against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import mpmath
import sympy as sp

from nonlin.formula.evaluate import Graph
from nonlin.formula.primitives import Primitive, absolute


def true_values(
    expressions: Sequence[sp.Expr], points: Iterable[float], params: Mapping[str, float], digits: int
) -> list[list[Any]]:
    """The mpmath values of each expression at all points, computed with so many digits; nan where it has none.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> ((value,),) = true_values([parse("z*sigmoid(z)")], [-1000.0], {}, digits=50)
    >>> print(mpmath.nstr(value, 3))
    -5.08e-432
    """
    with mpmath.workdps(digits):
        graph = Graph(expressions)
        rows = [graph.values(float(x), params) for x in points]
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in expressions]


def terms(e: sp.Expr) -> sp.Expr:
    """The size of what is added up in an expression: where terms cancel, it is larger than the value.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> terms(parse("(z - 1)*exp(-z)"))
    (absolute(z) + absolute(-1))*absolute(exp(-z))
    """
    if e.is_Add or e.is_Mul:
        return e.func(*(terms(a) for a in e.args), evaluate=False)
    if e.is_Pow and e.exp.is_Integer and e.exp > 0:
        return terms(e.base) ** e.exp
    if isinstance(e, sp.Piecewise):
        return sp.Piecewise(*((terms(value), c) for value, c in e.args), evaluate=False)
    if isinstance(e, Primitive) and e.size is not None:
        return e.size(*e.args)
    return absolute(e)


class Subnormal(Primitive):
    """1 where the first argument is below the second one in size, and has lost digits; else 0."""

    nargs = 2
    value = staticmethod(lambda x, smallest_normal: mpmath.mpf(0 < abs(x) < smallest_normal))


def underflow(e: sp.Expr, smallest_normal: sp.Rational) -> sp.Expr:
    """How many of the smallest numbers an expression may miss its value by, because factors of it are subnormal.

    A number below ``smallest_normal`` has an absolute error of its last place, and that is the smallest number of all.
    What multiplies it multiplies the error.
    """
    if e.is_Add:
        return sp.Add(*(_lost(a, smallest_normal) for a in e.args))
    if e.is_Mul:
        return sp.Add(*(_times(e, a, _lost(a, smallest_normal)) for a in e.args))
    if e.is_Pow and e.exp.is_Integer and e.exp > 0:
        return e.exp * _lost(e.base, smallest_normal) * terms(e.base) ** (e.exp - 1)
    if isinstance(e, sp.Piecewise):
        return sp.Piecewise(*((underflow(value, smallest_normal), c) for value, c in e.args), evaluate=False)
    return sp.Integer(0)


def _lost(e: sp.Expr, smallest_normal: sp.Rational) -> sp.Expr:
    """The same of an expression that is itself a factor or a term; what is given has no error."""
    if e.is_Symbol or e.is_number:
        return sp.Integer(0)
    return underflow(e, smallest_normal) + Subnormal(e, smallest_normal)


def _times(product: sp.Expr, factor: sp.Expr, error: sp.Expr) -> sp.Expr:
    """The error of one factor of a product, times the sizes of the others."""
    return sp.Mul(error, *(terms(a) for a in product.args if a != factor)) if error else error
