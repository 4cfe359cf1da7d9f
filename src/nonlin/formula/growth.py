"""How an expression behaves far out: its leading term c·t^p·(log t)^q·e^(a·t^k) for t = |z| → ∞, by rules.

The rules are those of the primitives, sums and products. A term keeps track of what it has dropped, so that no rule
builds on digits that are not there: where leading terms cancel, there is no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any, NamedTuple

import mpmath
import sympy as sp

from nonlin.formula import primitives as p
from nonlin.formula.evaluate import evaluate, holds

_DIGITS = 40
_FAR = [mpmath.mpf(10) ** n for n in (4, 12, 30, 60)]


WAVES = (sp.sin, sp.cos, p.sinc, p.sinc_slope)
_LARGE = mpmath.mpf(10) ** 5000


class Term(NamedTuple):
    """A leading term; of a wave, ``c`` is 0 and the rest says how large it may be."""

    c: Any
    p: Any = 0
    q: int = 0
    a: Any = 0
    k: Any = 0
    exact: bool = True  # the coefficient c is known, not only its sign
    wave: bool = False
    rest: int = -2  # the lower terms: -2 there are none, -1 they vanish, 0 they are bounded, 1 they may be unbounded
    vague: bool = False  # next to the exponential, p and q are unknown

    @property
    def size(self) -> tuple[Any, ...]:
        """What two terms are compared by, the faster growing one the larger."""
        side = mpmath.sign(self.a)
        return (side, side * self.k, self.a, self.p, self.q)

    @property
    def trend(self) -> int:
        """+1 if it grows without bound, -1 if it tends to 0, 0 if it stays of one size."""
        return (self.size > _FLAT) - (self.size < _FLAT)


_FLAT = (0, 0, 0, 0, 0)


class Unknown(Exception):  # noqa: N818 - it says that there is no rule, and goes no further than this module
    """No rule gives the leading term."""


def leading_term(expression: sp.Expr, params: Mapping[str, float], side: int) -> Term | None:
    """The leading term of an expression for z → ±∞ (``side`` is the sign), None where no rule gives it.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> leading_term(parse("z*sigmoid(z)"), {}, -1).size  # it dies as z e^z
    (mpf('-1.0'), mpf('-1.0'), mpf('-1.0'), 1, 0)
    """
    with mpmath.workdps(_DIGITS):
        try:
            return _term(expression, params, side)
        except (Unknown, ZeroDivisionError, OverflowError):
            return None


def waves_too_fast(expression: sp.Basic, params: Mapping[str, float], places: Iterable[Any]) -> bool:
    """Whether a wave, such as sin(e^z), would need its argument to more digits than anyone can wait for."""
    arguments = {f.args[0] for f in expression.atoms(*WAVES)}
    return any(_LARGE < abs(evaluate(a, x, params)) < mpmath.inf for a in arguments for x in places)


def _number(value: Any) -> Term:
    if not mpmath.isfinite(value):
        raise Unknown
    return Term(mpmath.mpf(value))


def _tending_to(value: Any) -> Term:
    """A constant, up to what vanishes."""
    return _number(value)._replace(rest=-1)


def _term(e: sp.Expr, params: Mapping[str, float], side: int) -> Term:
    if not e.has(p.z):
        return _number(evaluate(e, 0, params))
    if e == p.z:
        return Term(mpmath.mpf(side), p=1)
    if isinstance(e, sp.Piecewise):
        return _term(_branch(e, params, side), params, side)
    if e.is_Pow:
        return _power(_term(e.base, params, side), evaluate(e.exp, 0, params))
    arguments = [_term(a, params, side) for a in e.args]
    if isinstance(e, sp.log) and arguments[0].trend == 0 and arguments[0].c == 1:
        return _term(e.args[0] - 1, params, side)  # log(1 + u) is as good as u
    if e.is_Add:
        return reduce(_plus, arguments)
    if e.is_Mul:
        return reduce(_times, arguments)
    return _of_function(e, arguments)


def _branch(e: sp.Piecewise, params: Mapping[str, float], side: int) -> sp.Expr:
    if any(waves_too_fast(c, params, [side * x for x in _FAR]) for _, c in e.args):
        raise Unknown
    found = {next((i for i, (_, c) in enumerate(e.args) if holds(c, side * x, params)), -1) for x in _FAR}
    if len(found) != 1 or -1 in found:
        raise Unknown
    return e.args[found.pop()][0]


def _plus(x: Term, y: Term) -> Term:
    if _is_zero(x) or _is_zero(y):
        return y if _is_zero(x) else x
    if (x.a, x.k) == (y.a, y.k) and (x.vague or y.vague):
        return x._replace(wave=x.wave or y.wave or x.c * y.c < 0, vague=True, exact=False, rest=1)
    low, high = sorted((x, y), key=lambda term: term.size)
    rest = max(x.rest, y.rest)
    if low.size != high.size:
        return high._replace(rest=max(rest, low.trend))
    if x.wave or y.wave:
        return x._replace(c=mpmath.mpf(0), wave=True, exact=False, rest=rest)
    total = x.c + y.c
    if x.exact and y.exact and abs(total) > mpmath.mpf(10) ** (10 - _DIGITS) * abs(x.c):
        return x._replace(c=total, rest=rest)
    if x.c * y.c < 0:
        raise Unknown
    return x._replace(c=mpmath.sign(x.c), exact=False, rest=rest)


def _is_zero(x: Term) -> bool:
    return bool(x.c == 0) and not x.wave


def _times(x: Term, y: Term) -> Term:
    if _is_zero(x) or _is_zero(y):
        return _number(0)
    a, k = _product_rate(x, y)
    exact, wave = x.exact and y.exact, x.wave or y.wave
    vague = x.vague or y.vague or (x.a != 0 and y.a != 0 and x.k != y.k)
    return Term(x.c * y.c, x.p + y.p, x.q + y.q, a, k, exact, wave, _product_rest(x, y), vague)


def _product_rest(x: Term, y: Term) -> int:
    if x.size == _FLAT and x.rest == -2:
        return y.rest
    if y.size == _FLAT and y.rest == -2:
        return x.rest
    return -2 if x.rest == y.rest == -2 else 1


def _product_rate(x: Term, y: Term) -> tuple[Any, Any]:
    """The exponent of a product of exponentials; where the leading ones cancel, what is left is unknown."""
    if x.k != y.k:
        return max((x.k, x.a), (y.k, y.a))[::-1]
    if x.a * y.a < 0 and (mpmath.isinf(x.k) or x.a + y.a == 0):
        raise Unknown
    return x.a + y.a, x.k


def _power(x: Term, exponent: Any) -> Term:
    whole = mpmath.isint(exponent)
    if x.wave and not (whole and exponent > 0):
        raise Unknown
    if (x.c == 0 and exponent <= 0) or (not whole and (x.c < 0 or x.q)):
        raise Unknown
    n = int(exponent) if whole else exponent
    return x._replace(c=x.c**n, p=x.p * n, q=int(x.q * n), a=x.a * n, rest=-2 if x.rest == -2 else 1)


def _exp(x: Term) -> Term:
    if x.wave or (x.trend == 0 and not x.exact):
        raise Unknown
    if x.trend <= 0:
        return _tending_to(mpmath.exp(x.c if x.trend == 0 else 0))
    if x.a:  # the exponential of an exponential
        return Term(mpmath.mpf(1), a=mpmath.sign(x.c), k=mpmath.inf, exact=False, rest=1, vague=True)
    if x.q or not x.exact:
        raise Unknown
    return Term(mpmath.mpf(1), a=x.c, k=mpmath.mpf(x.p), exact=False, rest=1, vague=x.rest > 0)


def _log(x: Term) -> Term:
    if x.wave or x.trend <= 0 or x.c < 0 or mpmath.isinf(x.k) or (x.p == 0 and not x.a):
        raise Unknown
    return Term(mpmath.mpf(x.a), p=x.k, rest=1) if x.a else Term(mpmath.mpf(x.p), q=1, rest=1)


def _scaled(c: Any, x: Term) -> Term:
    return _times(_number(c), x)


_WAVE = Term(mpmath.mpf(0), exact=False, wave=True)


def _absolute(x: Term) -> Term:
    return x._replace(c=abs(x.c))


def _logcosh(x: Term) -> Term:
    return _absolute(x)._replace(rest=max(x.rest, 0))  # it drops log 2


def _square(x: Term, c: Any) -> Term:
    return _scaled(c, _power(x, 2))


_Far = Callable[[Term], Term]
_ONE = mpmath.mpf(1)
with mpmath.workdps(_DIGITS):
    _ERF_SLOPE = 2 / mpmath.sqrt(mpmath.pi)


def _both(rule: _Far) -> tuple[_Far, _Far]:
    return rule, rule


def _constants(left: Any, right: Any) -> tuple[_Far, _Far]:
    return lambda _: _tending_to(left), lambda _: _tending_to(right)


_ARCTAN: tuple[_Far, _Far] = (lambda _: _tending_to(-mpmath.pi / 2), lambda _: _tending_to(mpmath.pi / 2))
_FAR_RULES: dict[Any, tuple[_Far, _Far]] = {  # as the argument falls, and as it rises, without bound
    sp.exp: _both(_exp), sp.log: _both(_log), sp.sin: _both(lambda _: _WAVE), sp.cos: _both(lambda _: _WAVE),
    sp.atan: _ARCTAN, p.arctan: _ARCTAN,
    p.expm1: (lambda _: _tending_to(-1), _exp), p.log1p: _both(_log),
    p.sigmoid: (_exp, lambda _: _tending_to(1)), p.logistic_pdf: _both(lambda x: _exp(_scaled(-1, _absolute(x)))),
    p.log_sigmoid: (lambda x: x, lambda x: _scaled(-1, _exp(_scaled(-1, x)))), p.softplus: (_exp, lambda x: x),
    **dict.fromkeys((p.tanh, p.erf, p.softsign, p.isru, p.sign), _constants(-1, 1)),
    p.sech2: _both(lambda x: _exp(_scaled(-2, _absolute(x)))),
    p.sinh: (lambda x: _scaled(-1, _exp(_scaled(-1, x))), _exp), p.cosh: _both(lambda x: _exp(_absolute(x))),
    p.tanhshrink: _both(lambda x: x), p.logcosh: _both(_logcosh), p.absolute: _both(_absolute),
    p.gaussian: _both(lambda x: _exp(_square(x, -1))), p.normal_pdf: _both(lambda x: _exp(_square(x, -_ONE / 2))),
    p.normal_cdf: (lambda x: _tail(x, -_ONE / 2), lambda _: _tending_to(1)),
    p.erfc: (lambda _: _tending_to(2), lambda x: _tail(x, -_ONE)),
    p.rsqrt: _both(lambda x: _power(x, -_ONE / 2)), p.rhypot: _both(lambda x: _power(_absolute(x), -1)),
    p.lorentzian: _both(lambda x: _power(x, -2)),
    p.asinh: (lambda x: _scaled(-1, _log(_absolute(x))), _log),
    p.sinc: _both(lambda x: _times(_WAVE, _power(x, -1))),
    p.sinc_slope: _both(lambda x: _times(_WAVE, _power(x, -1))),
}  # fmt: skip
_NEAR_ZERO: dict[Any, tuple[Any, int]] = {  # c and n of c·x^n, where the function of 0 is 0
    **dict.fromkeys((p.expm1, p.log1p, p.tanh, p.sinh, p.softsign, p.isru), (_ONE, 1)),
    **dict.fromkeys((p.arctan, sp.atan, p.asinh, sp.sin), (_ONE, 1)),
    p.erf: (_ERF_SLOPE, 1), p.tanhshrink: (_ONE / 3, 3), p.logcosh: (_ONE / 2, 2),
    p.sinc_slope: (-_ONE / 3, 1),
}  # fmt: skip


def _tail(x: Term, c: Any) -> Term:
    """A tail of the normal distribution: e^(c·x²)/|x|, up to a factor."""
    return _times(_exp(_square(x, c)), _power(_absolute(x), -1))


def _of_function(e: sp.Expr, arguments: list[Term]) -> Term:
    x = arguments[0]
    if e.func in (p.squareplus, p.squareplus_slope):
        return _of_squareplus(e.func, x, arguments[1])
    if x.wave and x.trend >= 0:
        raise Unknown
    if x.trend > 0:
        return _FAR_RULES[e.func][x.c > 0](x)
    if e.func is p.absolute and not x.wave:
        return _absolute(x)
    if x.trend < 0 and e.func in _NEAR_ZERO:
        c, n = _NEAR_ZERO[e.func]
        return _scaled(c, _power(x, n))._replace(rest=1)
    return _continuous(e.func, x)


def _continuous(function: Any, x: Term) -> Term:
    """The function's value at the limit of its argument, where it has one other than 0."""
    if (not x.exact and x.trend == 0) or function is p.sign:
        raise Unknown
    at = x.c if x.trend == 0 else 0
    value = evaluate(function(p.z), at)
    if value == 0 and not _is_zero(x):
        raise Unknown
    return _tending_to(value)


def _of_squareplus(function: Any, x: Term, b: Term) -> Term:
    if x.trend <= 0 or x.wave or b.trend != 0:
        raise Unknown
    right = x.c > 0
    if function is p.squareplus:
        return x._replace(rest=1) if right else _times(_scaled(_ONE / 4, b), _power(_absolute(x), -1))._replace(rest=1)
    return _tending_to(1) if right else _times(_scaled(_ONE / 4, b), _power(x, -2))._replace(rest=1)
