"""Interval arithmetic on arrays: what an expression can be on each of many cells [low, high], all in one walk.

Results are rounded outwards, so that the true values lie inside: sums and products by a unit in the last place unless
they are exact, the functions of NumPy and SciPy by 2⁻⁴², far above their errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial, reduce
from typing import Any

import numpy as np
import sympy as sp
from scipy import special

from nonlin.formula import primitives as p

Array = np.ndarray[Any, Any]
Pair = tuple[Any, Any]
Known = dict[sp.Expr, Pair]
_PAD = 2.0**-42
_TINY = 1e-300  # the functions may lose all digits of what is smaller
_INF = np.inf
LARGEST = float(np.finfo(np.float64).max)
_ANYTHING = (-_INF, _INF)
_FAR_ANGLE = 1e8  # beyond, a sine is only known to lie in [-1, 1]
_RISING, _FALLING, _BELL, _BOWL = "rising", "falling", "even, falling from 0 on", "even, rising from 0 on"


def _sech2(x: Any) -> Any:
    e = np.exp(-2 * np.abs(x))
    return 4 * e / (1 + e) ** 2


def _tanhshrink(x: Any) -> Any:
    near = x**3 / 3 * special.hyp0f1(2.5, np.minimum(x * x, 1) / 4) / np.cosh(np.clip(x, -1, 1))
    return np.where(np.abs(x) < 1, near, x - np.tanh(x))


def _logcosh(x: Any) -> Any:
    far = np.abs(x) + np.log1p(np.exp(-2 * np.abs(x))) - np.log(2)
    return np.where(np.abs(x) < 1, np.log1p(2 * np.sinh(x / 2) ** 2), far)


SHAPES: dict[Any, tuple[str, Callable[[Any], Any]]] = {
    sp.exp: (_RISING, np.exp), sp.log: (_RISING, np.log), sp.atan: (_RISING, np.arctan),
    p.expm1: (_RISING, np.expm1), p.log1p: (_RISING, np.log1p), p.sigmoid: (_RISING, special.expit),
    p.logistic_pdf: (_BELL, lambda x: special.expit(x) * special.expit(-x)),
    p.log_sigmoid: (_RISING, special.log_expit), p.softplus: (_RISING, lambda x: -special.log_expit(-x)),
    p.tanh: (_RISING, np.tanh), p.sech2: (_BELL, _sech2), p.sinh: (_RISING, np.sinh), p.cosh: (_BOWL, np.cosh),
    p.tanhshrink: (_RISING, _tanhshrink), p.logcosh: (_BOWL, _logcosh),
    p.gaussian: (_BELL, lambda x: np.exp(-x * x)),
    p.normal_pdf: (_BELL, lambda x: np.exp(-x * x / 2) / np.sqrt(2 * np.pi)), p.normal_cdf: (_RISING, special.ndtr),
    p.erf: (_RISING, special.erf), p.erfc: (_FALLING, special.erfc),
    p.softsign: (_RISING, lambda x: np.where(np.isinf(x), np.sign(x), x / (1 + np.abs(x)))),
    p.rsqrt: (_FALLING, lambda x: 1 / np.sqrt(x)), p.rhypot: (_BELL, lambda x: 1 / np.hypot(1, x)),
    p.isru: (_RISING, lambda x: np.where(np.isinf(x), np.sign(x), x / np.hypot(1, x))),
    p.lorentzian: (_BELL, lambda x: 1 / (1 + x * x)), p.arctan: (_RISING, np.arctan),
    p.asinh: (_RISING, np.arcsinh),
}  # fmt: skip
"""The shape of each primitive of one argument, and its value in NumPy; the waves and the exact ones stand below."""


def enclose(expression: sp.Expr, low: Any, high: Any, params: Mapping[str, float] | None = None) -> tuple[Array, Array]:
    """Bounds of an expression over the cells ``low`` ≤ z ≤ ``high``, where the cells' ends are numbers.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> enclose(parse("z*abs(z)"), [-1.0, 2.0], [1.0, 3.0])
    (array([-1.,  4.]), array([1., 9.]))
    """
    cells = (np.asarray(low, dtype=float), np.asarray(high, dtype=float))
    known: Known = {sp.Symbol(n, real=True): (np.float64(v), np.float64(v)) for n, v in (params or {}).items()}
    known[p.z] = cells
    with np.errstate(all="ignore"):
        found = _enclose(expression, known)
    return np.broadcast_to(found[0], cells[0].shape), np.broadcast_to(found[1], cells[0].shape)


def sample(expression: sp.Expr, at: Any, params: Mapping[str, float] | None = None) -> Array:
    """The values at points in double precision, nan where the arithmetic is at a loss."""
    low, high = enclose(expression, at, at, params)
    with np.errstate(all="ignore"):
        middle = np.where(low == high, low, low + (high - low) / 2)
        known = (low == high) | (high - low <= 1e-6 * np.maximum(1, np.minimum(np.abs(middle), LARGEST)))
        return np.where(known, middle, np.nan)


def _enclose(e: sp.Expr, known: Known) -> Pair:
    if e not in known:
        low, high = _rule(e, known)
        known[e] = (np.where(np.isnan(low), -_INF, low), np.where(np.isnan(high), _INF, high))
    return known[e]


def _rule(e: sp.Expr, known: Known) -> Pair:
    if e.is_number and not isinstance(e, p.Primitive):
        return _number(e)
    if isinstance(e, sp.Piecewise):
        return _cases(e, known)
    arguments = [_enclose(a, known) for a in e.args]
    if e.is_Add:
        return reduce(_add, arguments)
    if e.is_Mul:
        return reduce(_multiply, arguments)
    if e.is_Pow:
        return _power(arguments[0], e.exp) if e.exp.is_Rational else _real_power(arguments)
    if e.func in SHAPES:
        shape, function = SHAPES[e.func]
        return _shaped(shape, function, *arguments[0])
    return _OTHERS[e.func](*arguments) if e.func in _OTHERS else _ANYTHING


@lru_cache(maxsize=4096)
def _number(e: sp.Expr) -> Pair:
    value = np.float64(e.evalf(25))
    if e.is_Rational and sp.Rational(float(value)) == e:
        return value, value
    return np.nextafter(value, -_INF), np.nextafter(value, _INF)


def _outwards(low: Any, high: Any, low_exact: Any, high_exact: Any) -> Pair:
    return np.where(low_exact, low, np.nextafter(low, -_INF)), np.where(high_exact, high, np.nextafter(high, _INF))


def _add(a: Pair, b: Pair) -> Pair:
    low, high = a[0] + b[0], a[1] + b[1]
    return _outwards(low, high, _sum_is_exact(a[0], b[0], low), _sum_is_exact(a[1], b[1], high))


def _sum_is_exact(a: Any, b: Any, total: Any) -> Any:
    """By the rounding error of a sum, after Knuth: The Art of Computer Programming, volume 2, 4.2.2."""
    part = total - a
    return ((a - (total - part)) + (b - part) == 0) | np.isinf(a) | np.isinf(b)


def _multiply(a: Pair, b: Pair) -> Pair:
    products = [(_product(x, y), _product_is_exact(x, y)) for x in a for y in b]
    low, low_exact = reduce(lambda u, v: _chosen(u, v, v[0] < u[0]), products)
    high, high_exact = reduce(lambda u, v: _chosen(u, v, v[0] > u[0]), products)
    return _outwards(low, high, low_exact, high_exact)


def _chosen(old: Pair, new: Pair, takes_new: Any) -> Pair:
    """The better of two results and whether it is exact; of two equal ones the inexact one counts."""
    takes_new = takes_new | ((new[0] == old[0]) & ~new[1])
    return np.where(takes_new, new[0], old[0]), np.where(takes_new, new[1], old[1])


def _product(x: Any, y: Any) -> Any:
    """x·y, 0 where one is 0: an infinite end of a cell stands for ever larger numbers."""
    return np.where((x == 0) | (y == 0), 0.0, x * y)


def _product_is_exact(x: Any, y: Any) -> Any:
    size = np.abs(x * y)
    short = _fits(x, 26) & _fits(y, 26) & (size > 1e-290) & (size <= LARGEST)
    return short | (x == 0) | (y == 0) | np.isinf(x) | np.isinf(y)


def _fits(x: Any, bits: int) -> Any:
    """Whether a number has a mantissa of so few bits."""
    mantissa = np.ldexp(np.frexp(x)[0], bits)
    return mantissa == np.rint(mantissa)


def _power(base: Pair, exponent: sp.Rational) -> Pair:
    n = abs(float(exponent))
    if exponent.q > 1:
        positive = (np.where(base[1] < 0, np.nan, np.maximum(base[0], 0)), base[1])
        low, high = _rounded(positive[0], n, -_INF), _rounded(positive[1], n, _INF)
    elif exponent.p % 2:
        low, high = _rounded(base[0], n, -_INF), _rounded(base[1], n, _INF)
    else:
        size = _size(*base)
        low, high = _rounded(size[0], n, -_INF), _rounded(size[1], n, _INF)
    return (low, high) if exponent > 0 else _inverse(low, high)


def _rounded(x: Any, n: float, towards: float) -> Any:
    result = np.power(x, n)
    exact = (_fits(x, int(53 // n)) & (n == int(n)) if n <= 53 else False) & (np.abs(result) > 1e-290) | (x == 0)
    return np.where(exact | np.isinf(x), result, _moved(result, 1 if towards > 0 else -1))


def _inverse(low: Any, high: Any) -> Pair:
    inside = (low < 0) & (high > 0)
    bottom, top = 1 / np.where(high == 0, -0.0, high), 1 / np.where(low == 0, 0.0, low)
    exact = [np.abs(np.frexp(x)[0]) == 0.5 for x in (high, low)]
    bottom, top = _outwards(bottom, top, exact[0] | np.isinf(bottom), exact[1] | np.isinf(top))
    return np.where(inside, -_INF, bottom), np.where(inside, _INF, top)


def _real_power(arguments: list[Pair]) -> Pair:
    (low, high), (exponent, _) = arguments  # a parameter: one number
    corners = [np.power(np.maximum(x, 0), exponent) for x in (low, high)]
    pad = 1 + 4 * _PAD
    bottom, top = np.minimum(*corners) / pad, np.maximum(*corners) * pad
    return np.where(low > 0, bottom, -_INF), np.where(low > 0, top, _INF)


def _size(low: Any, high: Any) -> Pair:
    """|x| for x in the cell."""
    smallest = np.where((low <= 0) & (high >= 0), 0.0, np.minimum(np.abs(low), np.abs(high)))
    return smallest, np.maximum(np.abs(low), np.abs(high))


def _shaped(shape: str, function: Callable[[Any], Any], low: Any, high: Any) -> Pair:
    if shape in (_BELL, _BOWL):
        low, high = _size(low, high)
    if shape in (_FALLING, _BELL):
        low, high = high, low
    ends = [_padded(function, np.array(x), side) for x in (0.0 if shape == _BOWL else -_INF, _INF) for side in (-1, 1)]
    if shape == _BELL:
        ends += [_padded(function, np.array(0.0), side) for side in (-1, 1)]
    known = [float(x) for x in ends if not np.isnan(x)]
    bottom, top = (-_INF, _INF) if len(known) < len(ends) else (min(known), max(known))
    return np.maximum(_padded(function, low, -1), bottom), np.minimum(_padded(function, high, +1), top)


def _padded(function: Callable[[Any], Any], x: Any, side: int) -> Any:
    """The value moved outwards; at 0 and ±∞ one of few bits is exact."""
    value = function(x)
    exact = ((x == 0) | np.isinf(x)) & _fits(value, 26) | np.isinf(value) & np.isinf(x)
    return np.where(exact, value, _moved(value, side))


def _moved(value: Any, side: int) -> Any:
    """The value moved by what a function may be wrong; one that overflowed is only known to be large."""
    moved = value + side * (_PAD * np.abs(value) + _TINY)
    return np.where(np.isinf(value), np.where(value * side > 0, value, np.copysign(LARGEST, value)), moved)


def _sine(x: Pair) -> Pair:
    low, high = x
    values = np.sin(low), np.sin(high)
    top = np.where(_holds_angle(low, high, np.pi / 2), 1.0, np.minimum(np.maximum(*values) + _PAD, 1.0))
    bottom = np.where(_holds_angle(low, high, -np.pi / 2), -1.0, np.maximum(np.minimum(*values) - _PAD, -1.0))
    at_zero = (low == 0) & (high == 0)
    return np.where(at_zero, 0.0, bottom), np.where(at_zero, 0.0, top)


def _cosine(x: Pair) -> Pair:
    low, high = _sine((x[0] + np.pi / 2, x[1] + np.pi / 2))
    at_zero = (x[0] == 0) & (x[1] == 0)
    spread = 4e-16 * np.maximum(np.abs(x[0]), np.abs(x[1]))  # the shift is rounded
    return np.where(at_zero, 1.0, np.maximum(low - spread, -1)), np.where(at_zero, 1.0, np.minimum(high + spread, 1))


def _holds_angle(low: Any, high: Any, angle: float) -> Any:
    """Whether the cell may hold the angle plus a whole number of turns."""
    turns = 2 * np.pi
    inside = np.floor((high - angle) / turns + 1e-9) >= np.ceil((low - angle) / turns - 1e-9)
    return inside | (np.maximum(np.abs(low), np.abs(high)) > _FAR_ANGLE)


def _by_slope(function: Callable[[Any], Any], steepest: float, low: Any, high: Any, bound: Any) -> Pair:
    """About the middle of the cell, by the steepest slope; never beyond ``bound``."""
    middle = low / 2 + high / 2
    value, half = function(middle), steepest * (high - middle) * (1 + _PAD) + _PAD
    return np.maximum(value - half, -bound), np.minimum(value + half, bound)


def _sinc(x: Pair) -> Pair:
    nearest = np.maximum(_size(*x)[0], 1e-300)
    return _by_slope(lambda m: np.sinc(m / np.pi), 0.4363, *x, np.minimum(1.0, 1 / nearest))


def _sinc_slope(x: Pair) -> Pair:
    nearest = np.maximum(_size(*x)[0], 1e-300)
    return _by_slope(lambda m: -special.spherical_jn(1, m), 1 / 3, *x, np.minimum(0.4363, (1 + 1 / nearest) / nearest))


def _squareplus(x: Pair, b: Pair) -> Pair:
    low, high = (_padded(partial(_squareplus_value, b[i]), x[i], 2 * i - 1) for i in (0, 1))
    return np.maximum(low, 0.0), high


def _squareplus_slope(x: Pair, b: Pair) -> Pair:
    low, high = (_padded(partial(_squareplus_slope_value, b[i]), x[i], 2 * i - 1) for i in (0, 1))
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


def _squareplus_value(b: Any, x: Any) -> Any:
    root = np.hypot(x, np.sqrt(b))
    return np.where(x >= 0, x + root, b / (root - x)) / 2


def _squareplus_slope_value(b: Any, x: Any) -> Any:
    return _squareplus_value(b, x) / np.hypot(x, np.sqrt(b))


_OTHERS: dict[Any, Callable[..., Pair]] = {
    sp.sin: _sine, sp.cos: _cosine, p.sinc: _sinc, p.sinc_slope: _sinc_slope, p.squareplus: _squareplus,
    p.squareplus_slope: _squareplus_slope, p.absolute: lambda x: _size(*x), p.sign: lambda x: tuple(np.sign(x)),
}  # fmt: skip


def _cases(e: sp.Piecewise, known: Known) -> Pair:
    low, high, left = np.array(_INF), np.array(-_INF), np.array(True)
    for branch, condition in e.args:
        certain, possible = _truth(condition, known)
        value = _enclose(branch, known)
        low = np.where(left & possible, np.minimum(low, value[0]), low)
        high = np.where(left & possible, np.maximum(high, value[1]), high)
        left = left & ~certain
    return np.where(left, -_INF, low), np.where(left, _INF, high)


def _truth(condition: Any, known: Known) -> tuple[Any, Any]:
    """Where in the cells a condition is certainly true, and where it may be."""
    if condition in (sp.true, sp.false):
        return np.array(bool(condition)), np.array(bool(condition))
    if isinstance(condition, sp.Not):
        certain, possible = _truth(condition.args[0], known)
        return ~possible, ~certain
    if isinstance(condition, (sp.And, sp.Or)):
        join = np.logical_and if isinstance(condition, sp.And) else np.logical_or
        certain, possible = zip(*(_truth(c, known) for c in condition.args), strict=True)
        return reduce(join, certain), reduce(join, possible)
    a, b = (_enclose(side, known) for side in condition.args)
    if condition.rel_op in ("<", "<="):
        a, b = b, a
    if condition.rel_op in ("<", ">"):
        return a[0] > b[1], a[1] > b[0]
    if condition.rel_op in ("<=", ">="):
        return a[0] >= b[1], a[1] >= b[0]
    return np.array(False), np.array(True)
