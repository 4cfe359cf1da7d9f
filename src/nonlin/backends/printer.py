"""Expressions as scalar Python that keeps its accuracy: divisors as pairs, and what may underflow in two parts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import sympy as sp
from sympy.printing.pycode import PythonCodePrinter

from nonlin.backends.precision import Precision
from nonlin.formula.primitives import absolute, z

CIRCULAR = {"sin", "cos", "sinc", "sinc_slope"}
IN_TWO_PARTS = {
    "exp", "sigmoid", "logistic_pdf", "sech2", "gaussian", "normal_pdf", "normal_cdf", "erfc", "tanh_softplus",
    "tanh_softplus_slope",
}  # fmt: skip
_SCALAR_NAMES = {sp.exp: "exp", sp.log: "log", sp.sin: "sin", sp.cos: "cos", absolute: "abs"}
_AMPLIFYING = IN_TWO_PARTS | {"expm1", "softplus", "log_sigmoid", "log1p", "tanh", "sinh", "cosh", "rhypot", "isru"}
_NEAR_ZERO = dict.fromkeys(("tanh", "log1p", "expm1", "sinh", "asinh", "arctan", "softsign", "isru"), 1.0)
_NEAR_ZERO["erf"] = 2 / math.sqrt(math.pi)  # a tiny argument times this is the value


def name_of(e: sp.Function) -> str:
    """The name of a function in the scalar code."""
    return str(_SCALAR_NAMES.get(e.func, e.func.__name__))


class ScalarPrinter(PythonCodePrinter):
    """Scalar Python in the arithmetic type ``F``; ``shared`` are the subexpressions that have names."""

    def __init__(self, precision: Precision, shared: Iterable[tuple[sp.Symbol, sp.Expr]]) -> None:
        super().__init__({"fully_qualified_modules": False})
        self.precision, self.shared, self.far = precision, dict(shared), ""
        self.pairs: dict[sp.Symbol, str] = {}

    def _constant(self, e: sp.Expr) -> str:
        return f"F({float(e.evalf(25))!r})"

    def text(self, e: sp.Expr) -> str:
        """The expression as one number."""
        return str(self._print(e))

    def _print(self, e: Any, **kwargs: Any) -> Any:
        if isinstance(e, sp.Expr) and e.is_number:
            return self._constant(e)
        if isinstance(e, sp.Function) and not isinstance(e, sp.Piecewise):
            name = name_of(e)
            return f"{name}{self.far if name in CIRCULAR else ''}({self._arguments(e)})"
        return super()._print(e, **kwargs)

    def _arguments(self, e: sp.Function) -> str:
        """The arguments of a call; of one that multiplies its argument's rounding error, that error too."""
        if name_of(e) in _AMPLIFYING and not self.precision.is_bridge:
            text, is_pair = self.pair(e.args[0])
            if is_pair:
                return f"*{text}"
        return ", ".join(self._print(a) for a in e.args)

    def pair(self, e: sp.Expr) -> tuple[str, bool]:
        """The text of an expression as a pair with its rounding error, or as one number if that is all we know."""
        if e in self.shared:
            text, is_pair = self.pair(self.shared[e])
            if is_pair:
                self.pairs[e] = text
            return (f"{e}_pair", True) if is_pair else (str(e), False)
        if e.is_number:
            return self._number_pair(e)
        if e.is_Symbol and e.name.startswith("p") and self.precision.is_single:
            return f"{e}_pair", True
        if e.is_Add:
            return _folded([self.pair(a) for a in e.args], "plus", "total")
        if e.is_Mul:
            return self._mul_pair(e)
        if e.is_Pow and e.exp.is_Integer:
            text, is_pair = _power_pair(self.pair(e.base), abs(int(e.exp)))
            return (text, is_pair) if e.exp > 0 else (f"inverse_{'pair' if is_pair else 'number'}({text})", True)
        if e.is_Pow and e.exp == sp.Rational(1, 2) and not self._varies(e):
            return f"root_pair({self.text(e.base)})", True
        if isinstance(e, sp.exp):
            return f"exp_error({self._pair_arguments(e)})", True
        return self.text(e), False

    def _number_pair(self, e: sp.Expr) -> tuple[str, bool]:
        high = float(e.evalf(25))
        if self.precision.is_single:
            high = float(np.float32(high))
        low = float(e.evalf(40) - sp.Float(high, 40))
        return (f"(F({high!r}), F({low!r}))", True) if low else (f"F({high!r})", False)

    def _mul_pair(self, e: sp.Expr) -> tuple[str, bool]:
        number, rest = e.as_coeff_Mul()
        if not (number.is_Rational and _is_power_of_two(abs(number))):
            return _folded([self.pair(a) for a in e.args], "times", "product")
        text, is_pair = _folded([self.pair(a) for a in sp.Mul.make_args(rest)], "times", "product")
        if number == 1:
            return text, is_pair
        factor = self._constant(number)
        return (f"rescaled({text}, {factor})", True) if is_pair else (f"({factor} * {text})", False)

    def _print_Mul(self, e: Any) -> str:
        """Constants first, then every factor once, then the rest of the powers: no step then overflows."""
        number = sp.Mul(*(a for a in e.args if a.is_number))
        rest = [a for a in e.args if not a.is_number]
        split = next((a for a in rest if self.split(a)), None)
        if split is not None and (len(e.args) > 1 + (number == -1) or self.split(split).startswith("threaded")):
            others = self._print(sp.Mul(number, *(a for a in rest if a is not split)))
            call = self.shared.get(split, split)
            if isinstance(call, sp.exp):
                return f"lifted_pair({others}, exp_pair({self._pair_arguments(call)}))"
            return f"lifted({others}, {self.split(split)})"
        head = [] if abs(number) == 1 else [self._constant(number)]
        fixed, varying = ([a for a in rest if self._varies(a) == varies] for varies in (False, True))
        text = self._quotient(head, fixed) if fixed else "".join(head)
        return ("-" if number == -1 else "") + self._quotient([text] if text else [], varying)

    def _quotient(self, head: list[str], parts: list[sp.Expr]) -> str:
        powers = [_as_power(self.shared[a] if self._is_inverse(a) else a) for a in parts]
        is_ratio = any(n < 0 for _, n in powers)
        over = [_repeated(self._dividend(a) if is_ratio else self._term(a), n) for a, n in powers if n > 0]
        text = " * ".join([*head, *(f[0] for f in over), *(f for texts in over for f in texts[1:])]) or "F(1.0)"
        for base, n in powers:
            if n < 0:
                text = self._divided(text, base, -n)
        return text

    def _dividend(self, e: sp.Expr) -> str:
        """A polynomial above another one, where the errors of both would add up, as a pair."""
        if self.precision.is_double and self.shared.get(e, e).is_Add and self._is_algebraic(e):
            pair, is_pair = self.pair(e)
            return f"rounded({pair})" if is_pair else self._term(e)
        return self._term(e)

    def _is_algebraic(self, e: sp.Expr) -> bool:
        e = self.shared.get(e, e)
        return (not e.is_Function or name_of(e) == "abs") and all(self._is_algebraic(a) for a in e.args)

    def _divided(self, text: str, base: sp.Expr, n: sp.Rational) -> str:
        """A divisor that is a sum passes its rounding errors on: it is computed as a pair where that matters."""
        divisor = self._term(base)
        if self.precision.is_double and self.shared.get(base, base).is_Add:
            pair, is_pair = self.pair(base)
            if is_pair and n == 2:
                return f"over_square({text}, {pair})"
            divisor = f"rounded({pair})" if is_pair else divisor
        return " / ".join([text, *_repeated(divisor, n)])

    def _term(self, e: sp.Expr) -> str:
        text = self.text(e)
        return text if e.is_Symbol or e.is_Function else f"({text})"

    def _varies(self, e: sp.Expr) -> bool:
        return any(s == z or (s in self.shared and self._varies(self.shared[s])) for s in e.free_symbols)

    def _is_inverse(self, e: sp.Expr) -> bool:
        """Whether it names an inverse; by the number itself one divides with one rounding less."""
        inner = self.shared.get(e)
        return self.precision.is_double and inner is not None and inner.is_Pow and inner.exp == -1

    def _pair_arguments(self, call: sp.Function) -> str:
        arguments = self._arguments(call)
        return arguments if arguments[0] == "*" else f"{arguments}, None"

    def split(self, e: sp.Expr) -> str:
        """The text of a value in two parts, if it has such a form: what may underflow before a factor lifts it."""
        e = self.shared.get(e, e)
        if not self.precision.is_double:
            return ""
        if e.is_Mul:
            inner = next((a for a in e.args if self.split(a)), None)
            rest = sp.Mul(*(a for a in e.args if a is not inner))
            return f"carried({self._print(rest)}, {self.split(inner)})" if inner is not None else ""
        if not isinstance(e, sp.Function) or isinstance(e, sp.Piecewise):
            return ""
        name = name_of(e)
        if name in IN_TWO_PARTS:
            return f"{name}_split({self._pair_arguments(e)})"
        if name == "softplus":
            return f"threaded({self._print(e)}, exp_split({self._pair_arguments(e)}))"
        inner = self.split(e.args[0]) if name in _NEAR_ZERO else ""
        return f"threaded({self._print(e)}, carried(F({_NEAR_ZERO[name]!r}), {inner}))" if inner else ""

    def _print_Pow(self, e: Any, **_: Any) -> str:
        base, exponent = f"({self._print(e.base)})", e.exp
        if not (2 * exponent).is_Integer:
            return f"({base} ** {self._print(exponent)})"
        if exponent < 0 and self.precision.is_double:
            return f"({self._divided('F(1.0)', e.base, -exponent)})"
        # powers of the reciprocal, for those of a large base could overflow where the result does not
        factor = base if exponent > 0 else f"(F(1.0) / {base})"
        return f"({' * '.join(_repeated(factor, abs(exponent)))})"

    def _print_Piecewise(self, e: Any) -> str:
        *branches, (last, condition) = e.args
        text = self._print(last)
        if condition != sp.true:
            text = f"select({self._print(condition)}, {text}, F(np.nan))"
        for value, condition in reversed(branches):
            text = f"select({self._print(condition)}, {self._print(value)}, {text})"
        return str(text)

    def _print_Relational(self, e: Any) -> str:
        return f"({self._print(e.lhs)} {e.rel_op} {self._print(e.rhs)})"

    def _print_And(self, e: Any) -> str:
        return "(" + " & ".join(self._print(c) for c in e.args) + ")"

    def _print_Or(self, e: Any) -> str:
        return "(" + " | ".join(self._print(c) for c in e.args) + ")"

    def _print_Not(self, e: Any) -> str:
        return f"(not {self._print(e.args[0])})"


def _as_power(e: sp.Expr) -> tuple[sp.Expr, sp.Rational]:
    return (e.base, e.exp) if e.is_Pow and (2 * e.exp).is_Integer else (e, sp.S.One)


def _repeated(text: str, n: sp.Rational) -> list[str]:
    """The factors of a power with a whole or half exponent."""
    whole, half = divmod(int(2 * n), 2)
    factors = [text] * whole if whole <= 3 else [_integer_power(text, whole)]
    return factors + [f"sqrt({text})"] * half


def _is_power_of_two(r: sp.Rational) -> bool:
    return int(r.p).bit_count() == 1 and int(r.q).bit_count() == 1


def _folded(parts: list[tuple[str, bool]], verb: str, exact: str) -> tuple[str, bool]:
    """Sums or products of numbers and pairs, from the left."""
    text, is_pair = parts[0]
    for other, other_is_pair in parts[1:]:
        if is_pair and other_is_pair:
            text = f"{verb}_pair({text}, {other})"
        elif is_pair or other_is_pair:
            text = f"{verb}_number({text}, {other})" if is_pair else f"{verb}_number({other}, {text})"
        else:
            text = f"{exact}({text}, {other})"
        is_pair = True
    return text, is_pair


def _power_pair(base: tuple[str, bool], n: int) -> tuple[str, bool]:
    if n == 1:
        return base
    half = _power_pair(base, n // 2)
    return _folded([half, half, *([base] if n % 2 else [])], "times", "product")


def _integer_power(base: str, n: int) -> str:
    """x^n by repeated squaring; LLVM computes each common factor once."""
    if n == 1:
        return base
    half = _integer_power(base, n // 2)
    square = f"({half} * {half})"
    return f"({square} * {base})" if n % 2 else square
