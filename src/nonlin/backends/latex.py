"""A formula as LaTeX that matplotlib's mathtext can draw: no environments, one line."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter

from nonlin.backends.text import with_decimals
from nonlin.formula.primitives import Primitive, gaussian

_DIGITS = 5
_READABLE = 1000  # the largest denominator of a fraction that is shown as one
_RELATIONS = {"<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq", "==": "=", "!=": r"\neq"}
CASE_SEPARATOR = r",\;\; "
"""What stands between the cases of a piecewise formula."""


class _MathtextPrinter(LatexPrinter):
    def _print(self, e: Any, **kwargs: Any) -> Any:
        if isinstance(e, Primitive):  # its name may be one that SymPy prints in its own way
            return e._latex(self, **kwargs)
        return super()._print(e, **kwargs)

    def _print_Symbol(self, e: Any, **_: Any) -> str:
        return r"\lambda" if e.name == "lam" else str(super()._print_Symbol(e))  # lambda is no name in Python

    def _print_Pow(self, e: Any) -> str:
        if isinstance(e.base, gaussian):  # else mathtext sets a power of brackets that hold a power too low
            return str(self._print(sp.exp(-e.exp * e.base.args[0] ** 2)))
        return str(super()._print_Pow(e))

    def _print_Piecewise(self, e: Any) -> str:
        cases = []
        for value, condition in e.args:
            when = r"\mathrm{otherwise}" if condition == sp.true else self._print(condition)
            cases.append(rf"{self._print(value)}\;\;({when})")
        return CASE_SEPARATOR.join(cases)

    def _print_Relational(self, e: Any) -> str:
        return rf"{self._print(e.lhs)} {_RELATIONS[e.rel_op]} {self._print(e.rhs)}"

    def _print_Or(self, e: Any) -> str:
        return r"\;\mathrm{or}\;".join(self._print(c) for c in e.args)

    def _print_And(self, e: Any) -> str:
        return r"\;\mathrm{and}\;".join(self._print(c) for c in e.args)


@lru_cache(maxsize=1024)
def to_latex(expression: sp.Expr) -> str:
    r"""The LaTeX of an expression, without dollar signs; long constants are shown with five digits.

    A formula that is one primitive of z is written out: the sigmoid as 1/(1 + e^-z), not as σ(z).

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> to_latex(parse("sigmoid(z)"))
    '\\frac{1}{1 + e^{- z}}'
    >>> to_latex(parse("z*sigmoid(z)"))
    'z \\sigma\\left(z\\right)'
    """
    printer = _MathtextPrinter({"inv_trig_style": "full"})
    folded = sp.piecewise_fold(expression) if expression.has(sp.Piecewise) else expression
    shown = _readable(with_decimals(folded, _DIGITS))
    if isinstance(shown, Primitive) and shown.definition:
        return shown.written(shown.definition, printer)
    return str(printer.doprint(shown))


def _readable(expression: sp.Expr) -> sp.Expr:
    """The expression with fractions of large numbers, which nobody reads, as decimals too."""
    long = [r for r in expression.atoms(sp.Rational) if r.q > _READABLE]
    return expression.xreplace({r: sp.Float(r, _DIGITS) for r in long})
