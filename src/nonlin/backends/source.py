"""A formula as the Python source of a kernel: scalar code in a loop, of the primitives of ``scalar``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import sympy as sp
from sympy.printing.pycode import PythonCodePrinter
from sympy.simplify.cse_main import tree_cse

from nonlin.backends.cache import sources_hash
from nonlin.formula.primitives import Primitive, absolute, softplus, tanh, z

_SCALAR_NAMES = {sp.exp: "exp", sp.log: "log", sp.sin: "sin", sp.cos: "cos", absolute: "abs"}
_CIRCULAR = {"sin", "cos", "sinc", "sinc_slope"}
_IN_TWO_PARTS = {
    "exp", "sigmoid", "logistic_pdf", "sech2", "gaussian", "normal_pdf", "normal_cdf", "erfc", "tanh_softplus",
    "tanh_softplus_slope",
}  # fmt: skip
_EXACT_ONLY = _CIRCULAR | {"log", "log1p", "sign", "abs"}
_AMPLIFYING = _IN_TWO_PARTS | {"expm1", "softplus", "log_sigmoid", "log1p", "tanh", "sinh", "cosh", "rhypot", "isru"}
_NEAR_ZERO = dict.fromkeys(("tanh", "log1p", "expm1", "sinh", "asinh", "arctan", "softsign", "isru"), 1.0)
_NEAR_ZERO["erf"] = 2 / math.sqrt(math.pi)  # a tiny argument times this is the value
_PAIRS = (
    "carried", "inverse_number", "inverse_pair", "lifted", "lifted_pair", "over_square", "plus_number", "plus_pair",
    "product", "rescaled", "root_pair", "rounded", "threaded", "times_number", "times_pair", "total",
)  # fmt: skip


class tanh_softplus(Primitive):  # noqa: N801 - a function of SymPy's is written as it is called
    """tanh(softplus(x)), which needs one exponential."""

    slope = staticmethod(lambda x: tanh_softplus_slope(x))


class tanh_softplus_slope(Primitive):  # noqa: N801
    """Its derivative."""


def _fused(expression: sp.Expr) -> sp.Expr:
    """The same with fewer calls: tanh(softplus(x)) as one, and a product of exponentials as one of the sum."""
    return expression.replace(
        lambda e: isinstance(e, tanh) and isinstance(e.args[0], softplus), lambda e: tanh_softplus(e.args[0].args[0])
    ).replace(lambda e: e.is_Mul and sum(isinstance(a, sp.exp) for a in e.args) > 1, _joined)


def _joined(product: sp.Mul) -> sp.Expr:
    powers = [a for a in product.args if isinstance(a, sp.exp)]
    return sp.Mul(sp.exp(sp.Add(*(a.args[0] for a in powers))), *(a for a in product.args if a not in powers))


def _name(e: sp.Function) -> str:
    return str(_SCALAR_NAMES.get(e.func, e.func.__name__))


class _ScalarPrinter(PythonCodePrinter):
    """Scalar Python in the arithmetic type ``F``; ``shared`` are the subexpressions that have names."""

    def __init__(self, arithmetic: str, shared: Iterable[tuple[sp.Symbol, sp.Expr]]) -> None:
        super().__init__({"fully_qualified_modules": False})
        self.arithmetic, self.shared, self.far = arithmetic, dict(shared), ""
        self.pairs: dict[sp.Symbol, str] = {}

    def _constant(self, e: sp.Expr) -> str:
        return f"F({float(e.evalf(25))!r})"

    def text(self, e: sp.Expr) -> str:
        return str(self._print(e))

    def _print(self, e: Any, **kwargs: Any) -> Any:
        if isinstance(e, sp.Expr) and e.is_number:
            return self._constant(e)
        if isinstance(e, sp.Function) and not isinstance(e, sp.Piecewise):
            name = _name(e)
            return f"{name}{self.far if name in _CIRCULAR else ''}({self._arguments(e)})"
        return super()._print(e, **kwargs)

    def _arguments(self, e: sp.Function) -> str:
        """The arguments of a call; of one that multiplies its argument's rounding error, that error too."""
        if _name(e) in _AMPLIFYING and self.arithmetic in ("double", "single"):
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
        if e.is_Symbol and e.name.startswith("p") and self.arithmetic == "single":
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
        if self.arithmetic == "single":
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
        if self.arithmetic == "double" and self.shared.get(e, e).is_Add and self._is_algebraic(e):
            pair, is_pair = self.pair(e)
            return f"rounded({pair})" if is_pair else self._term(e)
        return self._term(e)

    def _is_algebraic(self, e: sp.Expr) -> bool:
        e = self.shared.get(e, e)
        return (not e.is_Function or _name(e) == "abs") and all(self._is_algebraic(a) for a in e.args)

    def _divided(self, text: str, base: sp.Expr, n: sp.Rational) -> str:
        """A divisor that is a sum passes its rounding errors on: it is computed as a pair where that matters."""
        divisor = self._term(base)
        if self.arithmetic == "double" and self.shared.get(base, base).is_Add:
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
        return self.arithmetic == "double" and inner is not None and inner.is_Pow and inner.exp == -1

    def _pair_arguments(self, call: sp.Function) -> str:
        arguments = self._arguments(call)
        return arguments if arguments[0] == "*" else f"{arguments}, None"

    def split(self, e: sp.Expr) -> str:
        """The text of a value in two parts, if it has such a form: what may underflow before a factor lifts it."""
        e = self.shared.get(e, e)
        if self.arithmetic != "double":
            return ""
        if e.is_Mul:
            inner = next((a for a in e.args if self.split(a)), None)
            rest = sp.Mul(*(a for a in e.args if a is not inner))
            return f"carried({self._print(rest)}, {self.split(inner)})" if inner is not None else ""
        if not isinstance(e, sp.Function) or isinstance(e, sp.Piecewise):
            return ""
        name = _name(e)
        if name in _IN_TWO_PARTS:
            return f"{name}_split({self._pair_arguments(e)})"
        if name == "softplus":
            return f"threaded({self._print(e)}, exp_split({self._pair_arguments(e)}))"
        inner = self.split(e.args[0]) if name in _NEAR_ZERO else ""
        return f"threaded({self._print(e)}, carried(F({_NEAR_ZERO[name]!r}), {inner}))" if inner else ""

    def _print_Pow(self, e: Any, **_: Any) -> str:
        base, exponent = f"({self._print(e.base)})", e.exp
        if not (2 * exponent).is_Integer:
            return f"({base} ** {self._print(exponent)})"
        if exponent < 0 and self.arithmetic == "double":
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


_HEAD = '''"""Generated by nonlin: {title}. Sources: {sources}."""
import numpy as np
from numba import carray
from nonlin.backends.intrinsics import widest_vectors
from nonlin.backends.pairs import {pairs}
from nonlin.backends.scalar import ARITHMETIC

_p = ARITHMETIC["{arithmetic}"]
F = _p.F
{imports}


def value_and_derivative(pz, pd, n, params):
    widest_vectors()
    every_z = carray(pz, (n,))
    every_d = carray(pd, (n,))
{loads}
'''
_BLOCK = 512  # numbers that are looked at before they are computed, where far ones need another loop
_BOUNDED = {
    "sigmoid", "logistic_pdf", "tanh", "sech2", "gaussian", "normal_pdf", "normal_cdf", "erf", "erfc", "arctan",
    "sign", "lorentzian", "rhypot", "tanh_softplus", "tanh_softplus_slope",
}  # fmt: skip
_EXTENDED = _BOUNDED | {"exp", "expm1", "softplus", "log_sigmoid", "abs", "logcosh", "sinh", "cosh"}


def _is_bounded(e: sp.Expr) -> bool:
    """Whether the arithmetic gives a finite number for every number z, ±∞ included."""
    if isinstance(e, sp.Piecewise):
        return all(_is_bounded(branch) for branch, _ in e.args)
    if e.is_Add or e.is_Mul or (e.is_Pow and e.exp.is_Integer and e.exp > 0):
        return all(_is_bounded(a) for a in e.args)
    if isinstance(e, sp.Function):
        return _name(e) in _BOUNDED and _is_number(e.args[0])
    return e.is_number or (e.is_Symbol and e != z)


def _is_number(e: sp.Expr) -> bool:
    """Whether the arithmetic gives a number or ±∞, but never NaN, for every number z."""
    if isinstance(e, sp.Piecewise):
        return all(_is_number(branch) for branch, _ in e.args)
    if e.is_Mul and e.args[0].is_number and e.args[0] != 0:
        return _is_number(sp.Mul(*e.args[1:]))
    if e.is_Add:
        return sum(not _is_bounded(a) for a in e.args) <= 1 and all(_is_number(a) for a in e.args)
    return e == z or _is_bounded(e) or (isinstance(e, sp.Function) and _name(e) in _EXTENDED and _is_number(e.args[0]))


def _guards(name: str, e: sp.Expr, arithmetic: str) -> list[str]:
    """What keeps NaN and the limits. In training z is finite or the fit has diverged: only NaN must survive."""
    if arithmetic != "single" and not _is_number(e):  # 0·∞ in the tails gives NaN where the formula has a limit
        limit = f"{name} = select({name} != {name}, select(z > F(0.0), {name}_right, {name}_left), {name})"
        return [limit, f"{name} = select(z != z, z, {name})"]
    if e.has(sp.Piecewise) or not e.has(z):  # a comparison with NaN is false
        return [f"{name} = select(z != z, z, {name})"]
    return []


def _transcendental_degree(e: sp.Expr) -> int:
    """How many transcendental functions and roots multiply or nest: each adds its rounding errors to the next."""
    if isinstance(e, sp.Piecewise):
        return max(_transcendental_degree(branch) for branch, _ in e.args)
    inner = [_transcendental_degree(a) for a in e.args]
    if e.is_Add:
        return max(inner)
    if e.is_Pow and e.exp.is_Rational:
        return abs(int(e.exp)) * inner[0] + (not e.exp.is_Integer and e.base.has(z))
    if e.is_Function and _name(e) not in ("abs", "sign"):
        return 1 + max(inner)
    return sum(inner)


def _cancels(e: sp.Expr) -> bool:
    """Whether a sum may lose the digits of its terms, or a power of an unknown kind or an angle needs them all."""
    if isinstance(e, sp.Piecewise):
        return any(_cancels(branch) for branch, _ in e.args)
    if isinstance(e, sp.Function):
        return _name(e) in _EXACT_ONLY or any(_cancels(a) for a in e.args)
    return e.is_Add or any(_cancels(a) for a in e.args)


def _loop(head: str, lines: Iterable[str], indent: int) -> str:
    return "\n".join([" " * indent + head, *(" " * (indent + 4) + line for line in lines)])


def _blocks(near: list[str], far: list[str], is_far: list[str]) -> str:
    """The loop in blocks: those that hold an argument too far out for ``near`` go the slower way of ``far``."""
    head = "for k in range(zs.size):"
    return "\n".join([
        f"    for start in range(0, n, {_BLOCK}):",
        f"        zs = every_z[start : start + {_BLOCK}]",
        f"        ds = every_d[start : start + {_BLOCK}]",
        "        any_far = False",
        _loop(head, is_far, 8),
        "        if any_far:",
        _loop(head, far, 12),
        "        else:",
        _loop(head, near, 12),
    ])  # fmt: skip


def _loads(parameters: tuple[str, ...], arithmetic: str) -> list[str]:
    loads = [f"    p{i} = F(params[{i}])" for i in range(len(parameters))]
    if arithmetic == "single":
        loads += [f"    p{i}_pair = (p{i}, F(params[{i}] - p{i}))" for i in range(len(parameters))]
    limits = ("v_left", "v_right", "d_left", "d_right")
    return loads + [f"    {name} = F(params[{i + len(parameters)}])" for i, name in enumerate(limits)]


def source(expression: sp.Expr, parameters: tuple[str, ...], arithmetic: str) -> str:
    """The Python source of the kernel of an expression and its derivative; ``short`` for ``bridge`` where it can."""
    inner = {sp.Symbol(name, real=True): sp.Symbol(f"p{i}", real=True) for i, name in enumerate(parameters)}
    value = _fused(expression.xreplace(inner))  # a parameter may bear any name, also "n" or "lambda"
    derivative = _fused(sp.diff(value, z))
    if arithmetic == "single" and max(_transcendental_degree(value), _transcendental_degree(derivative)) > 1:
        arithmetic = "bridge"
    if arithmetic == "bridge" and not _cancels(value) and not _cancels(derivative):
        arithmetic = "short"
    calls = [e for e in (value + derivative).atoms(sp.Function) if not isinstance(e, sp.Piecewise)]
    shared, results = tree_cse([value, derivative], sp.numbered_symbols("t"), order="none")  # keeps products whole
    printer = _ScalarPrinter(arithmetic, shared)
    guards = [*_guards("v", value, arithmetic), *_guards("d", derivative, arithmetic)]
    names = {_name(e) for e in calls} | ({"exp"} if any(isinstance(e, softplus) for e in calls) else set())
    circular = sorted(names & _CIRCULAR) if arithmetic != "single" else []
    body = _body(printer, shared, results, guards)
    if circular:
        printer.far = "_far"
        looks = _looks(printer, shared, results)
        body = _blocks(body, _body(printer, shared, results, guards), looks)
        names |= {f"{name}_far" for name in circular}
    else:
        body = "    zs, ds = every_z, every_d\n" + _loop("for k in range(n):", body, 4)
    names |= {f"{name}_split" for name in names & _IN_TWO_PARTS} | (
        {"exp_error", "exp_pair"} if "exp" in names else set()
    )
    head = _HEAD.format(
        title=f"{expression} in {arithmetic} precision",
        sources=sources_hash(),
        arithmetic=arithmetic,
        pairs=", ".join(_PAIRS),
        imports="\n".join(f"{name} = _p.{name}" for name in sorted((names - {"abs"}) | {"select", "sqrt"})),
        loads="\n".join(_loads(parameters, arithmetic)),
    )
    return head + body + "\n"


def _definitions(printer: _ScalarPrinter, shared: list[Any]) -> list[str]:
    lines = []
    for symbol, e in shared:
        lines.append(f"{symbol} = {printer.text(e)}")
        if symbol in printer.pairs:
            lines.append(f"{symbol}_pair = {printer.pairs[symbol]}")
    return lines


def _body(printer: _ScalarPrinter, shared: list[Any], results: list[Any], guards: list[str]) -> list[str]:
    value, slope = (printer.text(e) for e in results)
    _definitions(printer, shared)  # finds out which of them are needed as pairs
    return [
        "i = np.uintp(k)",  # a signed index might count from the end, and then no loop of it has vectors
        "z = F(zs[i])",
        *_definitions(printer, shared),
        f"v = {value}",
        f"d = {slope}",
        *guards,
        "zs[i] = v",
        "ds[i] = d",
    ]


def _looks(printer: _ScalarPrinter, shared: list[Any], results: list[Any]) -> list[str]:
    """The lines that look for far arguments of circular functions."""
    calls = {c for e in [*(e for _, e in shared), *results] for c in e.atoms(sp.Function) if _name(c) in _CIRCULAR}
    sizes = sorted({f"(abs({printer.text(c.args[0])}) >= F({2.0**45!r}))" for c in calls})
    looks = [f"any_far = any_far | {size}" for size in sizes]
    return ["z = F(zs[np.uintp(k)])", *_definitions(printer, shared), *looks]
