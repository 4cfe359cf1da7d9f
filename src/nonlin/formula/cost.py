"""What an activation costs to compute."""

from __future__ import annotations

import sympy as sp

from nonlin.formula import primitives as p

_ALGEBRAIC = (p.absolute, p.sign, p.softsign, p.rsqrt, p.rhypot, p.isru, p.lorentzian, p.squareplus, p.squareplus_slope)
_LOGIC = (sp.core.relational.Relational, sp.And, sp.Or, sp.Not)


def cost(expression: sp.Expr) -> tuple[int, int]:
    """The operations of an expression, and its transcendental calls, where what occurs twice is computed once.

    A call of a primitive is one operation; so is each choice between two branches, and its comparison another.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> cost(parse("z*tanh(softplus(z))"))
    (3, 2)
    """
    nodes = _nodes(expression)
    return sum(map(_operations, nodes)), sum(map(_is_transcendental, nodes))


def _nodes(expression: sp.Expr) -> set[sp.Basic]:
    """The different subexpressions; those without z are computed once for all inputs."""
    return {e for e in sp.preorder_traversal(expression) if e.has(p.z) and e.args}


def _operations(e: sp.Basic) -> int:
    if isinstance(e, (sp.Add, sp.Mul)):
        return len(e.args) - 1
    if isinstance(e, sp.Piecewise):
        return len(e.args) - 1
    if isinstance(e, sp.Pow) and e.exp.is_Integer:
        n = abs(int(e.exp))
        return n.bit_length() + n.bit_count() - 2 + bool(e.exp.is_negative)
    return int(isinstance(e, (sp.Function, sp.Pow, *_LOGIC)))


def _is_transcendental(e: sp.Basic) -> bool:
    if isinstance(e, sp.Pow):
        return not (2 * e.exp).is_Integer
    return isinstance(e, sp.Function) and not isinstance(e, (sp.Piecewise, *_ALGEBRAIC))
