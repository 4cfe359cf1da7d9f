"""The value of expressions in arbitrary precision: the reference for every kernel.

Expressions become a graph of mpmath calls: a part that occurs several times, as the exponential of φ does in φ', is
computed once at a point, and of a piecewise function only the branch that holds.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import mpmath
import sympy as sp

from nonlin.formula.primitives import Primitive, exp_value, z

Known = list[Any]  # the values at one point, by the number of the node, z first; None where not yet computed
Node = Callable[[Known], Any]


def _log(x: Any) -> Any:
    return mpmath.log(x) if x > 0 else (-mpmath.inf if x == 0 else mpmath.nan)


def _of_imaginary(_: Any) -> Any:
    return mpmath.nan


def _power(base: Any, exponent: Any) -> Any:
    is_whole = mpmath.isint(exponent)
    if base < 0 and not is_whole:
        return mpmath.nan
    return mpmath.mpf(0) if exponent < 0 and mpmath.isinf(base) else base ** (int(exponent) if is_whole else exponent)


_RULES: dict[Any, Callable[..., Any]] = {
    sp.exp: exp_value, sp.log: _log, sp.sin: mpmath.sin, sp.cos: mpmath.cos, sp.atan: mpmath.atan, sp.Pow: _power,
    sp.sinh: _of_imaginary, sp.cosh: _of_imaginary,  # SymPy makes them of the sine and cosine of imaginary numbers
    sp.Mul: operator.mul, sp.Not: operator.not_, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
"""The value of SymPy's functions by their class, and of comparisons by their sign; a product is one of two factors."""


def evaluate(expression: sp.Expr, at: Any, params: Mapping[str, float] | None = None) -> Any:
    """The mpmath value of ``expression`` at ``z = at``, in mpmath's current precision; nan where it has none.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> print(mpmath.nstr(evaluate(parse("z*sigmoid(z)"), -1000), 3))
    -5.08e-432
    """
    (value,) = _graph(expression, mpmath.mp.prec).values(at, params or {})
    return value


def holds(condition: Any, at: Any, params: Mapping[str, float]) -> bool:
    """Whether a comparison, or an ``and``/``or``/``not`` of comparisons, is true at ``z = at``."""
    graph = _graph(condition, mpmath.mp.prec)
    return bool(graph.roots[0](graph.start(at, params)))


@lru_cache(maxsize=256)
def _graph(e: Any, _precision: int) -> Graph:
    return Graph([e])


class Graph:
    """Expressions, compiled together in mpmath's current precision; at a point they are computed in the same one."""

    def __init__(self, expressions: Iterable[Any]) -> None:
        self.initial: Known = [mpmath.mpf(0)]  # any z will do for what does not depend on it
        self.inputs: dict[str, int] = {z.name: 0}
        self.nodes: dict[Any, Node] = {}
        self.roots = [self.node(e) for e in expressions]

    def values(self, at: Any, params: Mapping[str, float]) -> list[Any]:
        """The values of the expressions at ``z = at``; nan where there is none."""
        known = self.start(at, params)
        return [_or_nan(root, known) for root in self.roots]

    def start(self, at: Any, params: Mapping[str, float]) -> Known:
        """What is known before anything is computed."""
        known = self.initial.copy()
        for name, index in self.inputs.items():
            known[index] = mpmath.mpf(params[name] if index else at)
        return known

    def node(self, e: Any) -> Node:
        """An expression or a condition as a function of the values known at a point, where it looks itself up first."""
        found = self.nodes.get(e)
        if found is None:
            found = self.nodes[e] = self._new(e)
        return found

    def _new(self, e: Any) -> Node:
        if e.is_Symbol:
            if e.name not in self.inputs:
                self.inputs[e.name] = self._place()
            return _known(self.inputs[e.name])
        if e in (sp.true, sp.false):
            return _constant(bool(e))
        return _constant(self._number(e)) if e.is_number else _remembered(self._rule(e), self._place())

    def _place(self) -> int:
        self.initial.append(None)
        return len(self.initial) - 1

    def _number(self, e: sp.Expr) -> Any:
        if e.is_Rational:
            return mpmath.mpf(int(e.p)) / int(e.q)
        if e.args:
            return _or_nan(self._rule(e), self.initial)
        if not e.is_extended_real:
            return mpmath.nan
        return mpmath.mpf(e.evalf(mpmath.mp.dps + 5)) if e.is_finite else mpmath.mpf(float(e))

    def _rule(self, e: Any) -> Node:
        if isinstance(e, sp.Piecewise):
            return _cases([(self.node(value), self.node(condition)) for value, condition in e.args])
        nodes = [self.node(a) for a in e.args]
        if isinstance(e, sp.Add):
            return lambda known: mpmath.fsum([node(known) for node in nodes])
        if isinstance(e, sp.Mul) and len(nodes) != 2:
            return lambda known: mpmath.fprod([node(known) for node in nodes])
        if isinstance(e, sp.And | sp.Or):
            joined = all if isinstance(e, sp.And) else any
            return lambda known: joined(node(known) for node in nodes)
        rule = e.func.value if isinstance(e, Primitive) else _RULES[e.rel_op if e.is_Relational else e.func]
        return _called(rule, *nodes)


def _known(index: int) -> Node:
    return lambda known: known[index]


def _constant(value: Any) -> Node:
    return lambda _: value


def _remembered(rule: Node, index: int) -> Node:
    def node(known: Known) -> Any:
        value = known[index]
        if value is None:
            value = known[index] = rule(known)
        return value

    return node


def _cases(pairs: list[tuple[Node, Node]]) -> Node:
    def node(known: Known) -> Any:
        if mpmath.isnan(known[0]):  # a comparison with NaN would be false
            return mpmath.nan
        return next((value(known) for value, is_true in pairs if is_true(known)), mpmath.nan)

    return node


def _called(rule: Callable[..., Any], first: Node, second: Node | None = None) -> Node:
    if second is None:
        return lambda known: rule(first(known))
    return lambda known: rule(first(known), second(known))


def _or_nan(node: Node, known: Known) -> Any:
    try:
        return node(known)
    except (ZeroDivisionError, OverflowError, ValueError):
        return mpmath.nan
