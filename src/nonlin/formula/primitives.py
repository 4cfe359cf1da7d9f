"""The stable primitives of the formula language, as SymPy functions of the net input ``z``.

A primitive knows its own stable derivative, its value in mpmath and its LaTeX. SymPy's versions would lose digits:
its derivative of tanh is 1 - tanh², which is 0 from z = 19 on, where the truth is 4e^(-2z). The scalar code of each
primitive stands under the same name in :mod:`nonlin.backends.scalar`.
"""

from __future__ import annotations

import re
from typing import Any

import mpmath
import sympy as sp

z = sp.Symbol("z", real=True)

_OVERFLOW = 10**7  # exp beyond ±this is taken as ∞ or 0: mpmath would need that many bits of exponent


def exp_value(x: Any) -> Any:
    """e^x in the current mpmath precision, ∞ or 0 far outside every floating-point range."""
    if x > _OVERFLOW:
        return mpmath.inf
    return mpmath.mpf(0) if x < -_OVERFLOW else mpmath.exp(x)


def _erfc(x: Any) -> Any:
    return mpmath.erfc(x) if abs(x) < 10**4 else 1 - mpmath.sign(x)


class Primitive(sp.Function):
    """A real function of real arguments that SymPy leaves as it is written."""

    nargs: Any = 1
    latex_name = ""
    body = ""  # LaTeX in place of "name(argument)"; a power of it goes to the ~, or else behind brackets around it
    definition = ""  # the function written out in LaTeX where it stands alone

    slope: Any  # the derivative by the first argument, in stable form: a static method of the arguments
    size: Any = None  # that of the terms which it adds up, where they may cancel: a static method of the arguments
    value: Any  # the value at mpmath numbers, in mpmath's current precision: a static method of them

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """SymPy's hook for the derivative."""
        if argindex != 1:
            raise sp.core.function.ArgumentIndexError(self, argindex)
        return self.slope(*self.args)

    def _eval_is_extended_real(self) -> bool:
        return True

    def _eval_evalf(self, prec: int) -> sp.Expr | None:
        if not all(a.is_number for a in self.args):
            return None
        with mpmath.workprec(prec):
            return sp.Float(self.value(*(mpmath.mpf(a.evalf(mpmath.mp.dps)) for a in self.args)), precision=prec)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        written = self.written(self.body or rf"{self.latex_name}~\left(@\right)", printer)
        if exp and "~" not in written:
            return rf"\left({written}\right)^{{{exp}}}"
        return written.replace("~", f"^{{{exp}}}" if exp else "")

    def written(self, template: str, printer: Any) -> str:
        """LaTeX with the arguments in their places: @ is the first and # the last.

        A sign before an argument and a square are printed with it, for they may bracket it or change its own signs.
        """

        def in_place(found: re.Match[str]) -> str:
            sign, argument, square = found.groups()
            e = (self.args[0] if argument == "@" else self.args[-1]) ** (2 if square else 1)
            return _added(e, printer) if sign == "+ " else str(printer._print(-e if sign else e))

        return _PLACE.sub(in_place, template)


_PLACE = re.compile(r"([-+] )?([@#])(\^2)?")


def _added(e: sp.Expr, printer: Any) -> str:
    """The terms of an expression, each behind its sign, as they follow others in a sum."""
    terms = printer._as_ordered_terms(e) if e.is_Add else [e]
    return " ".join(
        f"- {printer._print(-t)}" if t.could_extract_minus_sign() else f"+ {printer._print(t)}" for t in terms
    )


class expm1(Primitive):
    """e^x - 1 without cancellation near 0."""

    body = r"\left(e^{@} - 1\right)~"
    definition = r"e^{@} - 1"
    slope = staticmethod(sp.exp)
    value = staticmethod(lambda x: mpmath.expm1(x) if abs(x) < 1 else exp_value(x) - 1)


class log1p(Primitive):
    """log(1 + x) without cancellation near 0."""

    body = r"\log~\left(1 + @\right)"
    slope = staticmethod(lambda x: 1 / (1 + x))
    value = staticmethod(lambda x: mpmath.log1p(x) if x > -1 else (-mpmath.inf if x == -1 else mpmath.nan))


class sigmoid(Primitive):
    """The logistic sigmoid 1/(1 + e^-x)."""

    latex_name = r"\sigma"
    definition = r"\frac{1}{1 + e^{- @}}"
    slope = staticmethod(lambda x: logistic_pdf(x))
    value = staticmethod(lambda x: 1 / (1 + exp_value(-x)))


class logistic_pdf(Primitive):
    """The logistic density σ(x)(1 - σ(x)), the derivative of the sigmoid."""

    latex_name = r"\sigma'"
    slope = staticmethod(lambda x: -logistic_pdf(x) * tanh(x / 2))
    value = staticmethod(lambda x: exp_value(-abs(x)) / (1 + exp_value(-abs(x))) ** 2)


class log_sigmoid(Primitive):
    """log σ(x) = -log(1 + e^-x)."""

    body = r"\log\sigma\left(@\right)"
    slope = staticmethod(lambda x: sigmoid(-x))
    value = staticmethod(lambda x: min(x, mpmath.mpf(0)) - mpmath.log1p(exp_value(-abs(x))))


class softplus(Primitive):
    """log(1 + e^x)."""

    latex_name = r"\mathrm{softplus}"
    definition = r"\log\left(1 + e^{@}\right)"
    slope = staticmethod(lambda x: sigmoid(x))
    value = staticmethod(lambda x: max(x, mpmath.mpf(0)) + mpmath.log1p(exp_value(-abs(x))))


class tanh(Primitive):
    """The hyperbolic tangent."""

    latex_name = r"\tanh"
    definition = r"\frac{e^{@} - e^{- @}}{e^{@} + e^{- @}}"
    slope = staticmethod(lambda x: sech2(x))
    value = staticmethod(lambda x: mpmath.tanh(x) if abs(x) < _OVERFLOW else mpmath.sign(x))


class sech2(Primitive):
    """1/cosh², the derivative of tanh."""

    body = r"\mathrm{sech}^2\left(@\right)"
    slope = staticmethod(lambda x: -2 * tanh(x) * sech2(x))
    value = staticmethod(lambda x: 4 * exp_value(-2 * abs(x)) / (1 + exp_value(-2 * abs(x))) ** 2)


class sinh(Primitive):
    """The hyperbolic sine."""

    latex_name = r"\sinh"
    slope = staticmethod(lambda x: cosh(x))
    value = staticmethod(lambda x: mpmath.sinh(x) if abs(x) < _OVERFLOW else mpmath.sign(x) * mpmath.inf)


class cosh(Primitive):
    """The hyperbolic cosine."""

    latex_name = r"\cosh"
    slope = staticmethod(lambda x: sinh(x))
    value = staticmethod(lambda x: (exp_value(x) + exp_value(-x)) / 2)


class tanhshrink(Primitive):
    """x - tanh x without cancellation near 0."""

    latex_name = r"\mathrm{tanhshrink}"
    definition = r"@ - \tanh\left(@\right)"
    slope = staticmethod(lambda x: tanh(x) ** 2)

    @staticmethod
    def value(x: Any) -> Any:
        """Near 0 as (x cosh x - sinh x)/cosh x, whose numerator is a hypergeometric series."""
        if abs(x) > 1:
            return x - tanh.value(x)
        return x**3 / 3 * mpmath.hyp0f1(2.5, x * x / 4) / mpmath.cosh(x)


class logcosh(Primitive):
    """log cosh x without cancellation near 0 and without overflow."""

    body = r"\log\cosh\left(@\right)"
    slope = staticmethod(lambda x: tanh(x))

    @staticmethod
    def value(x: Any) -> Any:
        """Near 0 as log(1 + 2 sinh²(x/2))."""
        if abs(x) > 1:
            return abs(x) + mpmath.log1p(exp_value(-2 * abs(x))) - mpmath.log(2)
        return mpmath.log1p(2 * mpmath.sinh(x / 2) ** 2)


class gaussian(Primitive):
    """exp(-x²)."""

    body = r"e^{- @^2}"
    slope = staticmethod(lambda x: -2 * x * gaussian(x))
    value = staticmethod(lambda x: exp_value(-x * x))


class normal_pdf(Primitive):
    """The standard normal density e^(-x²/2)/√(2π)."""

    latex_name = r"\varphi"
    slope = staticmethod(lambda x: -x * normal_pdf(x))
    value = staticmethod(lambda x: exp_value(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi))


class normal_cdf(Primitive):
    """The standard normal distribution function Φ(x)."""

    latex_name = r"\Phi"
    slope = staticmethod(lambda x: normal_pdf(x))
    value = staticmethod(lambda x: _erfc(-x / mpmath.sqrt(2)) / 2)


class erf(Primitive):
    """The error function."""

    latex_name = r"\mathrm{erf}"
    slope = staticmethod(lambda x: 2 / sp.sqrt(sp.pi) * gaussian(x))
    value = staticmethod(lambda x: mpmath.erf(x) if abs(x) < _OVERFLOW else mpmath.sign(x))


class erfc(Primitive):
    """The complementary error function 1 - erf x."""

    latex_name = r"\mathrm{erfc}"
    slope = staticmethod(lambda x: -2 / sp.sqrt(sp.pi) * gaussian(x))
    value = staticmethod(lambda x: _erfc(x))


class softsign(Primitive):
    """x/(1 + |x|)."""

    body = r"\frac{@}{1 + \left|@\right|}"
    slope = staticmethod(lambda x: 1 / (1 + absolute(x)) ** 2)
    value = staticmethod(lambda x: x / (1 + abs(x)))


class rsqrt(Primitive):
    """1/√x."""

    body = r"\frac{1}{\sqrt{@}}"
    slope = staticmethod(lambda x: -rsqrt(x) / (2 * x))
    value = staticmethod(lambda x: 1 / mpmath.sqrt(x) if x > 0 else (mpmath.inf if x == 0 else mpmath.nan))


class rhypot(Primitive):
    """1/√(1 + x²), where x² may overflow."""

    body = r"\frac{1}{\sqrt{1 + @^2}}"
    slope = staticmethod(lambda x: -(x * rhypot(x)) * lorentzian(x))
    value = staticmethod(lambda x: 1 / mpmath.sqrt(1 + x * x))


class isru(Primitive):
    """x/√(1 + x²), where x² may overflow."""

    body = r"\frac{@}{\sqrt{1 + @^2}}"
    slope = staticmethod(lambda x: rhypot(x) ** 3)
    value = staticmethod(lambda x: x / mpmath.sqrt(1 + x * x))


class lorentzian(Primitive):
    """1/(1 + x²), where x² may overflow: the derivative of the arc tangent."""

    body = r"\frac{1}{1 + @^2}"
    slope = staticmethod(lambda x: -2 * x * lorentzian(x) ** 2)
    value = staticmethod(lambda x: 1 / (1 + x * x))


class arctan(Primitive):
    """The arc tangent."""

    latex_name = r"\arctan"
    slope = staticmethod(lorentzian)
    value = staticmethod(mpmath.atan)


class asinh(Primitive):
    """The inverse hyperbolic sine log(x + √(1 + x²))."""

    latex_name = r"\mathrm{arsinh}"
    slope = staticmethod(rhypot)
    value = staticmethod(mpmath.asinh)


class squareplus(Primitive):
    """(x + √(x² + b))/2, without cancellation on the left and without overflow."""

    nargs = 2
    body = r"\frac{@ + \sqrt{@^2 + #}}{2}"
    slope = staticmethod(lambda x, b: squareplus_slope(x, b))

    @staticmethod
    def value(x: Any, b: Any) -> Any:
        """On the left as b/2 over the conjugate."""
        root = mpmath.sqrt(x * x + b) if x * x + b >= 0 else mpmath.nan
        return (x + root) / 2 if x >= 0 else b / 2 / (root - x)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """SymPy's hook for the derivative by either argument."""
        x, b = self.args
        return self.slope(x, b) if argindex == 1 else rsqrt(x**2 + b) / 4


class squareplus_slope(Primitive):
    """(1 + x/√(x² + b))/2, the derivative of squareplus, without cancellation on the left."""

    nargs = 2
    body = r"\frac{1}{2}\left(1 + \frac{@}{\sqrt{@^2 + #}}\right)"
    slope = staticmethod(lambda x, b: b * rsqrt(x**2 + b) ** 3 / 2)

    @staticmethod
    def value(x: Any, b: Any) -> Any:
        """The value of squareplus over the root."""
        return squareplus.value(x, b) / mpmath.sqrt(x * x + b) if x * x + b > 0 else mpmath.nan

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """SymPy's hook for the derivative by either argument."""
        x, b = self.args
        return self.slope(x, b) if argindex == 1 else -x * rsqrt(x**2 + b) ** 3 / 4


_TINY = sp.Rational(1, 2**100)  # from here on sinc_slope(x)/x is -1/3 to sixty digits, and nearer to 0 it underflows


class sinc(Primitive):
    """sin x/x, 1 at 0."""

    latex_name = r"\mathrm{sinc}"
    definition = r"\frac{\sin\left(@\right)}{@}"
    slope = staticmethod(lambda x: sinc_slope(x))
    value = staticmethod(lambda x: mpmath.sin(x) / x if x else mpmath.mpf(1))


class sinc_slope(Primitive):
    """cos x/x - sin x/x², 0 at 0: the derivative of sinc, without cancellation near 0."""

    latex_name = r"\mathrm{sinc}'"
    slope = staticmethod(
        lambda x: -sinc(x) - 2 * cases((sinc_slope(x) / x, absolute(x) > _TINY), (-sp.Rational(1, 3), sp.true))
    )

    @staticmethod
    def size(x: Any) -> sp.Expr:
        """Beyond 2 that of the two fractions."""
        far = (absolute(sp.cos(x)) + absolute(sinc(x))) / absolute(x)
        return cases((far, absolute(x) > 2), (absolute(x), sp.true))

    @staticmethod
    def value(x: Any) -> Any:
        """Near 0 as a hypergeometric series."""
        if abs(x) < 1:
            return -x / 3 * mpmath.hyp0f1(2.5, -x * x / 4)
        return (mpmath.cos(x) - mpmath.sin(x) / x) / x


class sign(Primitive):
    """-1, 0 or 1; SymPy's own has a delta function for a derivative."""

    latex_name = r"\mathrm{sign}"
    slope = staticmethod(lambda _: sp.Integer(0))
    value = staticmethod(mpmath.sign)


class absolute(Primitive):
    """|x|, with the derivative sign(x): 0 at the kink. A formula writes ``abs``."""

    body = r"\left|@\right|~"
    slope = staticmethod(sign)
    value = staticmethod(abs)


def own(expression: Any) -> sp.Expr:
    """The expression with SymPy's own functions, which simplification may bring in, replaced by nonlin's."""
    result = sp.sympify(expression)
    for theirs, ours in ((sp.Abs, absolute), (sp.sign, sign), (sp.atan, arctan), (sp.asinh, asinh)):
        result = result.replace(theirs, ours)
    return result


def cases(*pairs: tuple[Any, Any]) -> sp.Expr:
    """The first value whose condition holds; ``pairs`` are (value, condition).

    SymPy can take hours over a condition that holds a piecewise function, so its cases become the outer ones.
    """
    inner = next((p for _, c in pairs for p in sp.preorder_traversal(c) if isinstance(p, sp.Piecewise)), None)
    if inner is None:
        return sp.Piecewise(*((value, _decided(c)) for value, c in pairs))
    return sp.Piecewise(
        *((cases(*((_put(v, inner, e), _put(c, inner, e)) for v, c in pairs)), when) for e, when in inner.args)
    )


def _decided(condition: Any) -> Any:
    """The condition, with numbers compared by their 40 digits: SymPy would seek forever where two are equal."""
    if condition == sp.true or not all(side.is_number for side in condition.args):
        return condition.func(*condition.args)
    from nonlin.formula.evaluate import evaluate  # it imports this module

    with mpmath.workdps(40):
        return condition.func(*(sp.Float(evaluate(side, 0), 40) for side in condition.args))


def _put(target: Any, old: sp.Expr, new: sp.Expr) -> Any:
    """Replace ``old`` in a value, or in a comparison without evaluating it."""
    if isinstance(target, sp.core.relational.Relational):
        return target.func(*(_put(side, old, new) for side in target.args), evaluate=False)
    return sp.sympify(target).xreplace({old: new})


def where(condition: Any, a: Any, b: Any) -> sp.Expr:
    """``a`` where the condition holds, else ``b``."""
    return cases((sp.sympify(a), condition), (sp.sympify(b), sp.true))


def maximum(a: Any, b: Any) -> sp.Expr:
    """The larger of two; the first one's derivative counts where they are equal only if it is ``b``'s too."""
    return where(sp.StrictGreaterThan(a, b, evaluate=False), a, b)


def minimum(a: Any, b: Any) -> sp.Expr:
    """The smaller of two."""
    return where(sp.StrictLessThan(a, b, evaluate=False), a, b)


def clip(x: Any, low: Any, high: Any) -> sp.Expr:
    """``x`` held between ``low`` and ``high``; its derivative at both ends is 0."""
    x, low, high = sp.sympify(x), sp.sympify(low), sp.sympify(high)
    below, above = sp.LessThan(x, low, evaluate=False), sp.GreaterThan(x, high, evaluate=False)
    return cases((low, below), (high, above), (x, sp.true))


def step(x: Any) -> sp.Expr:
    """The unit step: 1 where x ≥ 0, else 0."""
    return where(sp.GreaterThan(x, 0, evaluate=False), 1, 0)


UNARY: dict[str, Any] = {
    p.__name__: p
    for p in (
        expm1, log1p, sigmoid, logistic_pdf, log_sigmoid, softplus, tanh, sech2, sinh, cosh, gaussian, normal_pdf,
        normal_cdf, erf, erfc, softsign, sign, tanhshrink, logcosh, rsqrt, rhypot, isru, lorentzian, arctan, asinh,
        sinc, sinc_slope,

    )
} | {
    "exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt, "abs": absolute, "sin": sp.sin, "cos": sp.cos, "step": step,
}  # fmt: skip
"""The functions of one argument that a formula may name."""

BINARY: dict[str, Any] = {
    "max": maximum, "min": minimum, "squareplus": squareplus, "squareplus_slope": squareplus_slope,
}  # fmt: skip
"""The functions of two arguments that a formula may name; ``clip`` and ``where`` take three."""

TERNARY: dict[str, Any] = {"clip": clip, "where": where}
