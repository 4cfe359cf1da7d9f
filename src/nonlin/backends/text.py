"""A formula as text in nonlin's own language: what is printed here, the parser reads back."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from nonlin.formula.primitives import absolute

_NAMES = {absolute: "abs", sp.atan: "arctan"}


class _TextPrinter(StrPrinter):
    def _print_Function(self, e: Any) -> str:
        name = _NAMES.get(e.func, e.func.__name__)
        return f"{name}({', '.join(self._print(a) for a in e.args)})"

    def _print_Mul(self, e: Any) -> str:
        """A whole divisor comes last: before a sum in brackets it would be multiplied into it when read back."""
        number, rest = e.as_coeff_Mul()
        has_sum = any(a.is_Pow and a.base.is_Add for a in sp.Mul.make_args(rest))
        if not (has_sum and number.is_Rational and number.q > 1):
            return str(super()._print_Mul(e))
        return f"{self._print(sp.Mul(number.p, rest, evaluate=False) if number.p != 1 else rest)}/{number.q}"

    def _print_Exp1(self, _: Any) -> str:
        return "e"

    def _print_Piecewise(self, e: Any) -> str:
        (first, condition), *rest = e.args
        if condition == sp.true or not rest:
            return str(self._print(first))
        otherwise = self._print(sp.Piecewise(*rest, evaluate=False))
        return self._where(condition, str(self._print(first)), otherwise)

    def _where(self, condition: Any, a: str, b: str) -> str:
        """The language compares once in a ``where``: and, or and not become nested ones."""
        if isinstance(condition, sp.Not):
            return self._where(condition.args[0], b, a)
        if isinstance(condition, (sp.And, sp.Or)):
            first, rest = condition.args[0], condition.func(*condition.args[1:])
            inner = self._where(rest, a, b)
            return self._where(first, inner, b) if isinstance(condition, sp.And) else self._where(first, a, inner)
        if isinstance(condition, sp.Eq):
            left, right = condition.args
            return self._where(sp.LessThan(left, right, evaluate=False), self._where(left >= right, a, b), b)
        if isinstance(condition, sp.Ne):
            left, right = condition.args
            return self._where(sp.LessThan(left, right, evaluate=False), self._where(left >= right, b, a), a)
        left, right = (self._print(side) for side in condition.args)
        return f"where({left} {condition.rel_op} {right}, {a}, {b})"


def with_decimals(expression: sp.Expr, digits: int | None = None) -> sp.Expr:
    """The expression with its long fractions (0.044715 is 8943/200000) as decimals, exact or of so many digits."""
    decimals = {r: _decimal(r, digits) for r in expression.atoms(sp.Rational) if _is_long_decimal(r)}
    return expression.xreplace(decimals) if decimals else expression


def _is_long_decimal(r: sp.Rational) -> bool:
    q = int(r.q)
    for factor in (2, 5):
        while q % factor == 0:
            q //= factor
    return q == 1 and int(r.q) >= 10


def _decimal(r: sp.Rational, digits: int | None) -> sp.Float:
    exact = Decimal(int(r.p)) / Decimal(int(r.q))
    return sp.Float(str(exact), digits or len(exact.as_tuple().digits))


def to_text(expression: sp.Expr) -> str:
    """The text of an expression.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> to_text(parse("max(z, 0)"))
    'where(z > 0, z, 0)'
    """
    with localcontext() as context:
        context.prec = 700  # every fraction that a formula may hold is exact
        return str(_TextPrinter({"full_prec": False}).doprint(with_decimals(expression)))
