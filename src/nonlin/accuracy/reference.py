"""The true values of formulas in mpmath, at many points, and what a sum's or a product's error is measured against.

The expressions given together are compiled to one graph of mpmath calls: a part that occurs in several of them, as the
exponential of φ does in φ', is computed once a point, and only the branch that holds is computed at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import mpmath
import sympy as sp

from nonlin.formula.evaluate import RULES
from nonlin.formula.primitives import Primitive, absolute, z

Known = list[Any]  # the values at one point, by the number of the node; None where not yet computed
Node = Callable[[Known], Any]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: bool(a < b), "<=": lambda a, b: bool(a <= b), ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b), "==": lambda a, b: bool(a == b), "!=": lambda a, b: bool(a != b),
}  # fmt: skip


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
        graph = _Graph(params)
        roots = [graph.node(e) for e in expressions]
        rows = [[_or_nan(root, known) for root in roots] for known in map(graph.start, points)]
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in expressions]


def _or_nan(root: Node, known: Known) -> Any:
    try:
        return root(known)
    except (ZeroDivisionError, OverflowError, ValueError):
        return mpmath.nan


class _Graph:
    """Nodes by expression; each is a function of the values known at a point, and looks itself up there first."""

    def __init__(self, params: Mapping[str, float]) -> None:
        self.nodes: dict[Any, Node] = {}
        self.initial: Known = [None]
        self.nodes[z] = lambda known: known[0]
        for name, value in params.items():
            self.nodes[sp.Symbol(name, real=True)] = _constant(mpmath.mpf(value))

    def start(self, at: float) -> Known:
        known = self.initial.copy()
        known[0] = mpmath.mpf(float(at))
        return known

    def node(self, e: Any) -> Node:
        found = self.nodes.get(e)
        if found is None:
            found = self.nodes[e] = _constant(_number(e, self)) if e.is_number else self._remembered(self._rule(e))
        return found

    def _remembered(self, rule: Node) -> Node:
        index = len(self.initial)
        self.initial.append(None)

        def node(known: Known) -> Any:
            value = known[index]
            if value is None:
                value = known[index] = rule(known)
            return value

        return node

    def _rule(self, e: Any) -> Node:
        if isinstance(e, sp.Piecewise):
            return _cases([(self.node(value), self.condition(c)) for value, c in e.args])
        nodes = [self.node(a) for a in e.args]
        if isinstance(e, sp.Add):
            return lambda known: mpmath.fsum([node(known) for node in nodes])
        if isinstance(e, sp.Mul):
            return _product(nodes)
        if isinstance(e, sp.Pow):
            return _power(*nodes)
        rule = e.func.value if isinstance(e, Primitive) else RULES[e.func]
        return lambda known: rule(*[node(known) for node in nodes])

    def condition(self, c: Any) -> Node:
        """A comparison, or several joined by ``and``, ``or`` and ``not``, as a function that gives true or false."""
        if c in (sp.true, sp.false):
            return _constant(bool(c))
        if isinstance(c, sp.And | sp.Or):
            parts, joined = [self.condition(a) for a in c.args], all if isinstance(c, sp.And) else any
            return lambda known: joined(part(known) for part in parts)
        if isinstance(c, sp.Not):
            negated = self.condition(c.args[0])
            return lambda known: not negated(known)
        (left, right), compare = (self.node(side) for side in c.args), _COMPARE[c.rel_op]
        return lambda known: compare(left(known), right(known))


def _constant(value: Any) -> Node:
    return lambda _: value


def _number(e: sp.Expr, graph: _Graph) -> Any:
    if e.is_Rational:
        return mpmath.mpf(int(e.p)) / int(e.q)
    if e.args:
        return _or_nan(graph._rule(e), graph.initial)
    return mpmath.mpf(e.evalf(mpmath.mp.dps + 5)) if e.is_finite else mpmath.mpf(float(e))


def _product(nodes: list[Node]) -> Node:
    if len(nodes) == 2:
        first, second = nodes
        return lambda known: first(known) * second(known)
    return lambda known: mpmath.fprod([node(known) for node in nodes])


def _power(base: Node, exponent: Node) -> Node:
    def node(known: Known) -> Any:
        b, p = base(known), exponent(known)
        whole = mpmath.isint(p)
        if b < 0 and not whole:
            return mpmath.nan
        return mpmath.mpf(0) if p < 0 and mpmath.isinf(b) else b ** (int(p) if whole else p)

    return node


def _cases(pairs: list[tuple[Node, Node]]) -> Node:
    def node(known: Known) -> Any:
        return next((value(known) for value, holds in pairs if holds(known)), mpmath.nan)

    return node


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
