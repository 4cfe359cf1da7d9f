"""The stable primitives as scalar code, written once and built for both precisions.

Each function is branch-free, so a loop that it is inlined into vectorises, and keeps NaN. Functions over one
argument are built on the same pieces (``exp_parts``), so that LLVM computes their exponential once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numba as nb
import numpy as np

from nonlin.backends.intrinsics import copysign, fma, from_bits, polynomial, rint, select, sqrt, to_bits
from nonlin.backends.precision import DOUBLE, SINGLE, Precision

FASTMATH = frozenset({"contract"})  # never nnan or ninf: NaN and ±inf must survive
inline = nb.njit(forceinline=True, fastmath=set(FASTMATH), error_model="numpy")


def _exponentials(p: Precision) -> SimpleNamespace:
    """exp, expm1 and all that lives on one exponential."""
    F, I, mantissa, bias = p.F, p.I, p.mantissa, p.bias
    zero, half, one, two, four = F(0), F(0.5), F(1), F(2), F(4)
    magic, magic_bias = (
        F(1.5 * 2.0**mantissa),
        F(1.5 * 2.0**mantissa + bias),
    )  # adding it rounds to an integer
    low, high = F(p.exp_range[0]), F(p.exp_range[1])
    ln2_high, ln2_low, log2e = F(p.ln2[0]), F(p.ln2[1]), F(1 / math.log(2))
    tail, log1p_tail = polynomial(p.expm1_tail), polynomial(p.log1p_tail)

    @inline
    def power_of_two(k):
        """2^k: in the sum, k + bias stands in the low bits, and the shift makes them the exponent."""
        return from_bits(I(to_bits(k + magic_bias) << I(mantissa)))

    @inline
    def exp_parts(x):
        """k and m with e^x = (1+m) 2^k."""
        c = select(x < low, low, x)
        c = select(c > high, high, c)
        k = (c * log2e + magic) - magic
        r = (c - k * ln2_high) - k * ln2_low
        return k, r + r * r * tail(r)

    if p.full_range:  # 2^k alone can leave the range: two factors

        @inline
        def raised(k, m):
            h = rint(k * half)
            return (one + m) * power_of_two(h) * power_of_two(k - h)

        @inline
        def expm1(x):
            k, m = exp_parts(x)
            h = rint(k * half)
            a = power_of_two(h)
            return ((a - power_of_two(h - k)) + a * m) * power_of_two(k - h)

    else:

        @inline
        def raised(k, m):
            return (one + m) * power_of_two(k)

        @inline
        def expm1(x):
            k, m = exp_parts(x)
            a = power_of_two(k)
            return (a - one) + a * m

    @inline
    def exp(x):
        k, m = exp_parts(x)
        return raised(k, m)

    @inline
    def exp_sum(x, low):
        """e^(x + low) for a ``low`` of the size of x's rounding error."""
        k, m = exp_parts(x)
        return raised(k, m + low * (one + m))

    @inline
    def sigmoid(x):
        e = exp(-abs(x))
        q = one / (one + e)
        return select(x >= zero, q, e * q)

    @inline
    def logistic_pdf(x):
        e = exp(-abs(x))
        q = one / (one + e)
        return q * (e * q)

    @inline
    def log1p_unit(t):
        """log(1+t) for t in [0, 1]."""
        s = t / (two + t)
        w = s * s
        return two * s + two * s * w * log1p_tail(w)

    @inline
    def softplus(x):
        return select(x > zero, x, zero) + log1p_unit(exp(-abs(x)))

    @inline
    def log_sigmoid(x):
        return -softplus(-x)

    @inline
    def tanh(x):
        m = expm1(-two * abs(x))
        return copysign(-m / (two + m), x)

    @inline
    def sech2(x):
        e = exp(-two * abs(x))
        q = one / (one + e)
        return four * e * q * q

    @inline
    def sinh(x):
        m = expm1(abs(x))
        return copysign(half * (m + m / (one + m)), x)

    @inline
    def cosh(x):
        e = exp(abs(x))
        return half * e + half / e

    return SimpleNamespace(
        exp=exp, exp_sum=exp_sum, expm1=expm1, sigmoid=sigmoid, logistic_pdf=logistic_pdf, softplus=softplus,
        log_sigmoid=log_sigmoid,
        tanh=tanh, sech2=sech2, sinh=sinh, cosh=cosh,
    )  # fmt: skip


def _logarithms(p: Precision) -> SimpleNamespace:
    F, I, mantissa = p.F, p.I, p.mantissa
    zero, one, two, infinity, nan = F(0), F(1), F(2), F(np.inf), F(np.nan)
    ln2_high, ln2_low, tail = F(p.ln2[0]), F(p.ln2[1]), polynomial(p.log_tail)
    root_half = I(np.array(math.sqrt(0.5), F).view(p.I))
    smallest, lift, lifted = F(p.smallest_normal), F(2.0 ** (mantissa + 2)), F(mantissa + 2)

    @inline
    def log(x):
        subnormal = x < smallest
        i = to_bits(select(subnormal, x * lift, x))
        k = I(I(i - root_half) >> mantissa)
        m = from_bits(I(i - I(k << mantissa)))
        e = F(np.int32(k)) - select(subnormal, lifted, zero)
        s = (m - one) / (m + one)
        w = s * s
        y = e * ln2_high + (two * s + (two * s * w * tail(w) + e * ln2_low))
        y = select(x == zero, -infinity, select(x < zero, nan, y))
        return select(x < infinity, y, x)

    @inline
    def log1p(x):
        u = one + x
        y = log(u) + (x - (u - one)) / u
        return select(u == zero, -infinity, select(x == infinity, infinity, y))

    return SimpleNamespace(log=log, log1p=log1p)


def _gaussians(p: Precision, exp_sum: Callable[[Any, Any], Any]) -> SimpleNamespace:
    F = p.F
    zero, half, one, two, limit = F(0), F(0.5), F(1), F(2), F(p.gauss_limit)
    pdf_scale, erfcx, erf_ratio = F(1 / math.sqrt(2 * math.pi)), polynomial(p.erfcx), polynomial(p.erf_ratio)
    centre, root_centre = F(p.erfcx_centre), F(p.erfcx_centre * math.sqrt(2))
    half_root, root_two, root_limit = F(math.sqrt(1 / 8)), F(math.sqrt(2)), F(p.gauss_limit * math.sqrt(2))

    @inline
    def exp_minus_square(x, scale):
        """exp(-scale x²): the rounding error of x², which exp would multiply, is taken along."""
        square = x * x
        return exp_sum(-scale * square, -scale * fma(x, x, -square))

    @inline
    def gaussian(x):
        return exp_minus_square(select(abs(x) > limit, limit, x), one)

    @inline
    def normal_pdf(x):
        return pdf_scale * exp_minus_square(select(abs(x) > root_limit, root_limit, x), half)

    @inline
    def scaled_erfc(a, middle, slope):
        """e^{y²} erfc y for y = a slope/2 ≥ 0, where ``middle`` is the a at the centre of the approximation."""
        return erfcx((a - middle) / (a + middle)) / (one + slope * a)

    @inline
    def normal_cdf(x):
        a = select(abs(x) > root_limit, root_limit, abs(x))
        tail = half * exp_minus_square(a, half) * scaled_erfc(a, root_centre, root_two)
        middle = half + x * (half_root * erf_ratio(half * x * x))
        return select(abs(x) < half, middle, select(x < zero, tail, one - tail))

    @inline
    def erfc(x):
        a = select(abs(x) > limit, limit, abs(x))
        tail = exp_minus_square(a, one) * scaled_erfc(a, centre, two)
        return select(x < zero, two - tail, tail)

    @inline
    def erf(x):
        return select(abs(x) < one, x * erf_ratio(x * x), copysign(one - erfc(abs(x)), x))

    return SimpleNamespace(gaussian=gaussian, normal_pdf=normal_pdf, normal_cdf=normal_cdf, erf=erf, erfc=erfc)


def _circular(p: Precision) -> SimpleNamespace:
    F = p.F
    zero, half, one, two, four, quarter = F(0), F(0.5), F(1), F(2), F(4), F(0.25)
    two_over_pi, quarter_pi, half_pi = F(2 / math.pi), F(math.pi / 4), F(math.pi / 2)
    c1, c2, c3 = F(p.half_pi[0]), F(p.half_pi[1]), F(p.half_pi[2])
    turns = F(2.0 ** (p.mantissa - 1))
    tan_pi_8, cot_pi_8 = F(math.sqrt(2) - 1), F(math.sqrt(2) + 1)
    sin_tail, cos_tail = polynomial(p.sin_tail), polynomial(p.cos_tail)
    arctan_tail = polynomial(p.arctan_tail)

    @inline
    def reduce(x):
        """Sine and cosine of x - kπ/2, and the quadrant k mod 4 as -2, -1, 0, 1 or 2."""
        k = rint(x * two_over_pi)
        r = fma(-k, c3, fma(-k, c2, fma(-k, c1, x)))
        r = select(abs(k) < turns, r, r - r)  # beyond, the float's own step is as long as the wave
        w = r * r
        s = r + r * w * sin_tail(w)
        c = one - half * w + w * w * cos_tail(w)
        return s, c, k - four * rint(k * quarter)

    @inline
    def sin(x):
        s, c, q = reduce(x)
        y = select(abs(q) == one, c, s)
        return select((q < zero) | (q == two), -y, y)

    @inline
    def cos(x):
        s, c, q = reduce(x)
        y = select(abs(q) == one, s, c)
        return select((q == one) | (abs(q) == two), -y, y)

    @inline
    def arctan(x):
        a = abs(x)
        steep, medium = a > cot_pi_8, a > tan_pi_8
        t = select(steep, -one / a, select(medium, (a - one) / (a + one), a))
        w = t * t
        base = select(steep, half_pi, select(medium, quarter_pi, zero))
        return copysign(base + (t + t * w * arctan_tail(w)), x)

    return SimpleNamespace(sin=sin, cos=cos, arctan=arctan)


def _algebraic(p: Precision) -> SimpleNamespace:
    zero, one = p.F(0), p.F(1)

    @inline
    def softsign(x):
        return x / (one + abs(x))

    @inline
    def sign(x):
        return select(x > zero, one, select(x < zero, -one, x))

    return SimpleNamespace(softsign=softsign, sign=sign, sqrt=sqrt, select=select)


def build(p: Precision) -> SimpleNamespace:
    """All primitives in the precision ``p``, and its float type as ``F``."""
    smooth = _exponentials(p)
    rooms = (smooth, _logarithms(p), _gaussians(p, smooth.exp_sum), _circular(p), _algebraic(p))
    return SimpleNamespace(F=p.F, **{name: f for room in rooms for name, f in vars(room).items()})


ARITHMETIC = {"double": build(DOUBLE), "single": build(SINGLE)}
