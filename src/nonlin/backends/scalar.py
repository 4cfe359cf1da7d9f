"""The stable primitives as scalar code, written once and built for every precision.

Each function is branch-free, so a loop that it is inlined into vectorises, and keeps NaN. Functions over one
argument are built on the same pieces, so that LLVM computes their exponential and their quotient once.
"""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from nonlin.backends.circular import circular
from nonlin.backends.exponential import exponential, hyperbolic, reciprocal_of, sigmoids
from nonlin.backends.intrinsics import copysign, fma, from_bits, polynomial, select, sqrt, to_bits
from nonlin.backends.pairs import FASTMATH, inline, whole
from nonlin.backends.precision import PRECISIONS, Precision

__all__ = ["ARITHMETIC", "FASTMATH"]


def _logarithms(p: Precision) -> SimpleNamespace:
    F, I, mantissa = p.F, p.I, p.mantissa
    zero, one, two, infinity, nan = F(0), F(1), F(2), F(np.inf), F(np.nan)
    ln2_high, ln2_low, tail = F(p.ln2[0]), F(p.ln2[1]), polynomial(p.log_tail)
    root_half = I(np.array(math.sqrt(0.5), F).view(p.I))
    smallest, lift, lifted = F(p.smallest_normal), F(2.0 ** (mantissa + 2)), F(mantissa + 2)
    steep, ln2, is_precise = F(2.0 ** (mantissa + 8)), F(math.log(2)), p.is_double

    @inline
    def log_of_sum(x, x_low):
        """log(x + x_low) by 2 artanh((m-1)/(m+1)) of the mantissa m."""
        subnormal = x < smallest
        i = to_bits(select(subnormal, x * lift, x))
        k = I(I(i - root_half) >> mantissa)
        m = from_bits(I(i - I(k << mantissa)))
        e = F(np.int32(k)) - select(subnormal, lifted, zero)
        above, below = m - one, m + one
        s = above / below
        s_low = zero
        if is_precise:
            m_low = x_low * (m / x)
            s_low = (fma(-s, below, above) + m_low - s * ((m - (below - one)) + m_low)) / below
        w = s * s
        y = e * ln2_high + (two * s + (two * fma(s * w, tail(w), s_low) + e * ln2_low))
        y = select(x == zero, -infinity, select(x < zero, nan, y))
        return select(x < infinity, y, x)

    @inline
    def log(x):
        return log_of_sum(x, zero)

    @inline
    def log1p(x, low=None):
        u = one + x
        rest = x - (u - one) if low is None else x - (u - one) + low
        y = log_of_sum(u, rest) if is_precise else log_of_sum(u, zero) + rest / u
        return select(u == zero, -infinity, select(x == infinity, infinity, y))

    @inline
    def asinh(x):
        """log(1 + t) with t = √(1+a²) - 1 + a, and log a + log 2 where the 1 no longer counts."""
        a = abs(x)
        far = a > steep
        t = a + a * (a / (one + sqrt(fma(a, a, one))))
        return copysign(log1p(select(far, a, t)) + select(far, ln2, zero), x)

    return SimpleNamespace(log=log, log1p=log1p, asinh=asinh)


def _gaussians(p: Precision, exp_pair, exp_split, reciprocal) -> SimpleNamespace:
    F = p.F
    zero, half, one, two, limit = F(0), F(0.5), F(1), F(2), F(p.gauss_limit)
    pdf_scale, pdf_low, erf_ratio = F(p.pdf_scale[0]), F(p.pdf_scale[1]), polynomial(p.erf_ratio)
    erfcx_start, erfcx_low, erfcx_rest = F(p.erfcx[0]), F(p.erfcx_low), polynomial(p.erfcx[1:])
    centre, root_centre = F(p.erfcx_centre), F(p.erfcx_centre * math.sqrt(2))
    half_root, root_two, root_low, root_limit = (
        F(math.sqrt(1 / 8)),
        F(p.root_two[0]),
        F(p.root_two[1]),
        F(p.gauss_limit * math.sqrt(2)),
    )
    keeps_low = not p.is_bridge

    @inline
    def size(x, end):
        return select(abs(x) > end, end, abs(x))

    @inline
    def minus_square(a, scale, x, low):
        """-scale a² and its rounding error, which exp would multiply; ``low`` is that of x = ±a."""
        square = a * a
        if low is None:
            return -scale * square, -scale * fma(a, a, -square)
        return -scale * square, -scale * (fma(a, a, -square) + two * abs(x) * select(x < zero, -low, low))

    @inline
    def gaussian_split(x, low):
        y, y_low = minus_square(size(x, limit), one, x, low)
        return exp_split(y, y_low)

    @inline
    def normal_pdf_split(x, low):
        y, y_low = minus_square(size(x, root_limit), half, x, low)
        v, v_low, s = exp_pair(y, y_low)
        return fma(pdf_scale, v, fma(pdf_scale, v_low, pdf_low * v)), s

    @inline
    def exp_erfcx(y, a, middle, slope, slope_low, factor):
        """e^y e^{b²} erfc(b) factor for pairs y and slope and b = a slope/2 ≥ 0; ``middle`` is where t is 0."""
        u, v = a + middle, fma(slope, a, one)
        q = reciprocal(u * v, zero)
        t = (a - middle) * (v * q)
        if not keeps_low:
            e, s = exp_split(y[0], y[1])
            return e * (factor * ((erfcx_start + t * erfcx_rest(t)) * (u * q))), s
        t = fma(fma(-t, u, a - middle), v * q, t)  # the quotients and the sum to more than their last digit
        rest = t * erfcx_rest(t)
        top = erfcx_start + rest
        w = top * (u * q)
        w_low = (fma(-w, v, top) - w * (slope_low * a) + (((erfcx_start - top) + rest) + erfcx_low)) * (u * q)
        e, e_low, s = exp_pair(y[0], y[1])
        return factor * fma(e, w, fma(e_low, w, e * w_low)), s

    @inline
    def normal_cdf_split(x, low):
        a = size(x, root_limit)
        tail, s = exp_erfcx(minus_square(a, half, x, low), a, root_centre, root_two, root_low, half)
        left = x < zero
        far = select(left, tail, one - tail * s)
        if not keeps_low:  # in double, one less a tail is enough for single precision
            return far, select(left, s, one)
        near = abs(x) < half
        middle = half + x * (half_root * erf_ratio(half * x * x))
        return select(near, middle, far), select(left & (not near), s, one)

    @inline
    def erfc_split(x, low):
        a = size(x, limit)
        tail, s = exp_erfcx(minus_square(a, one, x, low), a, centre, two, zero, one)
        near, left = abs(x) < half, x < zero
        far = select(left, two - tail * s, tail)
        if not keeps_low:
            return far, select(left, one, s)
        return select(near, one - x * erf_ratio(x * x), far), select(left | near, one, s)

    erfc = whole(erfc_split)

    @inline
    def erf(x):
        return select(abs(x) < one, x * erf_ratio(x * x), copysign(one - erfc(abs(x)), x))

    return SimpleNamespace(
        gaussian_split=gaussian_split, gaussian=whole(gaussian_split), normal_pdf_split=normal_pdf_split,
        normal_pdf=whole(normal_pdf_split), normal_cdf_split=normal_cdf_split, normal_cdf=whole(normal_cdf_split),
        erf=erf, erfc_split=erfc_split, erfc=erfc,
    )  # fmt: skip


def _algebraic(p: Precision) -> SimpleNamespace:
    zero, quarter, half, one, two, is_precise = p.F(0), p.F(0.25), p.F(0.5), p.F(1), p.F(2), p.is_double
    steep, huge = p.F(2.0 ** (p.mantissa + 8)), p.F(2.0 ** (60 if p.is_single else 500))
    shrunk = p.F(2.0 ** (-66 if p.is_single else -530))

    @inline
    def softsign(x):
        return x / (one + abs(x))

    @inline
    def sign(x):
        return select(x > zero, one, select(x < zero, -one, x))

    @inline
    def rsqrt(x):
        return one / sqrt(x)

    @inline
    def rhypot(x, low=None):
        a = abs(x)
        s = fma(a, a, one)
        near, far = one / sqrt(s), one / a
        if is_precise:  # one step of Newton's, for its cube is a slope
            s_low = fma(a, a, one - s) if low is None else fma(a, a, one - s) + two * x * low
            y = s * near
            near = fma(half * near, (fma(-y, near, one) - fma(s, near, -y) * near) - s_low * near * near, near)
            rest = select(a < huge, fma(-far, a, one), zero)
            far = fma(far, rest if low is None else rest - far * select(x < zero, -low, low), far)
        return select(a > steep, far, near)

    @inline
    def isru(x, low=None):  # noqa: ARG001 - its relative error is that of x
        a = abs(x)
        return select(a > steep, copysign(one, x), x / sqrt(fma(a, a, one)))

    @inline
    def lorentzian(x):
        a = abs(x)
        s = fma(a, a, one)
        below = select(a > steep, a, s)
        q = one / below
        if not is_precise:
            return select(a > steep, q * q, q)
        rest = select(below < huge, fma(-q, below, one), zero)
        return select(a > steep, fma(q, q, two * q * q * rest), fma(q, rest - q * fma(a, a, one - s), q))

    @inline
    def root(x, b):
        """c, c|x|, c²(x² + b) and its root, where c, 1 or a power of two, keeps the square from overflow."""
        c = select(abs(x) > huge, shrunk, one)
        a = abs(x) * c
        s = fma(a, a, b * c * c)
        return c, a, s, sqrt(s)

    @inline
    def squareplus(x, b):
        _, a, _, r = root(x, b)
        h = (half * a + half * r) * select(abs(x) > huge, one / shrunk, one)
        return select(x < zero, quarter * b, h) / select(x < zero, h, one)

    @inline
    def squareplus_slope(x, b):
        """On the left b/2 over s + |x|√s with s = x² + b; on the right 1 less that."""
        c, a, s, r = root(x, b)
        y = half * b / fma(a, r, s) * c * c
        return select(x < zero, y, one - y)

    return SimpleNamespace(
        softsign=softsign, sign=sign, sqrt=sqrt, select=select, rsqrt=rsqrt, rhypot=rhypot, isru=isru,
        lorentzian=lorentzian, squareplus=squareplus, squareplus_slope=squareplus_slope,
    )  # fmt: skip


def build(p: Precision) -> SimpleNamespace:
    """All primitives in the precision ``p``, and its float type as ``F``."""
    reciprocal, e = reciprocal_of(p), exponential(p)
    smooth = sigmoids(p, e.exp_pair, e.exp_split, reciprocal)
    rooms = (
        e, smooth, hyperbolic(p, e, reciprocal, smooth.log1p_unit), _logarithms(p),
        _gaussians(p, e.exp_pair, e.exp_split, reciprocal), circular(p), _algebraic(p),
    )  # fmt: skip
    return SimpleNamespace(F=p.F, **{name: f for room in rooms for name, f in vars(room).items()})


ARITHMETIC = {name: build(p) for name, p in PRECISIONS.items()}
