"""The exponential and all that is made of one: sigmoids, hyperbolic functions, softplus.

What may underflow before a factor lifts it comes in two parts (``..._split``): a number and a power of two that
multiplies last. Functions that multiply the rounding error of their argument take it along as ``low``.
"""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from nonlin.backends.intrinsics import copysign, fma, from_bits, polynomial, rint, select, to_bits
from nonlin.backends.pairs import (
    inline,
    of_minus_size,
    of_size,
    plus_number,
    plus_pair,
    rescaled,
    times_pair,
    total,
    twice,
    whole,
)
from nonlin.backends.precision import Precision


def reciprocal_of(p: Precision):
    """1/(x + low) for a sum x and its rounding error ``low``, so that few roundings add up."""
    one, single, F = p.F(1), np.float32, p.F

    @inline
    def exact_reciprocal(x, low):
        q = one / x
        return fma(q, fma(-q, x, one) - q * low, q)

    @inline
    def bridged_reciprocal(x, _low):
        """From the quotient in single precision by one cubic step: a third of the time; x must lie in its range."""
        q = F(single(1) / single(x))
        r = fma(-q, x, one)
        return fma(q, fma(r, r, r), q)

    @inline
    def short_reciprocal(x, _low):
        """By one of Newton's steps."""
        q = F(single(1) / single(x))
        return fma(q, fma(-q, x, one), q)

    return {"bridge": bridged_reciprocal, "short": short_reciprocal}.get(p.name, exact_reciprocal)


def exponential(p: Precision) -> SimpleNamespace:
    """exp and expm1, made of e^x = (1+m) 2^k."""
    F, I, mantissa, bias = p.F, p.I, p.mantissa, p.bias
    zero, half, one = F(0), F(0.5), F(1)
    magic = F(1.5 * 2.0**mantissa + bias)  # adding it rounds to an integer k, and k + bias stands in the low bits
    floor = F(-(mantissa + 8))  # e^x - 1 is -1 below
    lowest, highest = F(p.exp_range[0]), F(p.exp_range[1])
    ln2, ln2_high, ln2_low, log2e = F(math.log(2)), F(p.ln2[0]), F(p.ln2[1]), F(1 / math.log(2))
    exp_tail, sixth, sixth_low = polynomial(p.exp_tail), F(p.sixth[0]), F(p.sixth[1])
    tail, has_one_step, is_full = polynomial(p.expm1_tail), p.is_bridge, p.full_range

    @inline
    def power_of_two(shifted):
        """2^k of k + magic: the shift makes the low bits the exponent."""
        return from_bits(I(to_bits(shifted) << I(mantissa)))

    @inline
    def reduced(x, low):
        """k + magic, r and the low part of r with x + low = r + k log 2."""
        c = select(x < lowest, lowest, x)
        c = select(c > highest, highest, c)
        shifted = c * log2e + magic
        k = shifted - magic
        error = -zero if low is None else select(x == c, low, zero)
        a, b = (c, fma(-k, ln2, error)) if has_one_step else (c - k * ln2_high, fma(-k, ln2_low, error))
        r = a + b
        return shifted, r, (a - r) + b

    @inline
    def parts(x, low):
        """k + magic, m and the low part of m with e^(x + low) = (1+m) 2^k."""
        shifted, r, r_low = reduced(x, low)
        w = r * r * tail(r)
        m = r + w
        return shifted, m, fma(r_low, one + m, (r - m) + w)

    @inline
    def powers(shifted):
        """2^k as a product of two, for alone it can leave the range, and the inverse of the second."""
        if is_full:
            k = shifted - magic
            h = rint(k * half)
            return power_of_two(h + magic), power_of_two((k - h) + magic), power_of_two((h - k) + magic)
        return power_of_two(shifted), one, one

    @inline
    def exp_pair(x, low):
        """e, its low part, and the power of two that multiplies both."""
        shifted, m, m_low = parts(x, low)
        a, s, _ = powers(shifted)
        e = one + m
        return e * a, ((m - (e - one)) + m_low) * a, s

    @inline
    def exp_split(x, low):
        shifted, m, _ = parts(x, low)
        a, s, _ = powers(shifted)
        return (one + m) * a, s

    @inline
    def exp_error(x, low):
        """e^(x + low) to twice the digits, for functions that multiply its error by up to 745."""
        shifted, r, r_low = reduced(x, low)
        square = times_pair((r, r_low), (r, r_low))
        cubic = times_pair(times_pair(square, (r, r_low)), (sixth, sixth_low))
        rest = plus_number(cubic, square[0] * square[0] * exp_tail(r))
        m, m_low = plus_pair((r, r_low), plus_pair(rescaled(square, half), rest))
        e, e_low = total(one, m)
        a, s, _ = powers(shifted)
        return e * a * s, (e_low + m_low) * a * s

    @inline
    def expm1(x, low=None):
        shifted, m, _ = parts(select(x < floor, floor, x), None if low is None else select(x < floor, zero, low))
        a, s, inverse = powers(shifted)
        return ((a - inverse) + a * m) * s

    @inline
    def expm1_of_minus(x, low):
        """e^(x + low) - 1 for x ≤ 0, and its low part."""
        shifted, m, m_low = parts(x, low)
        a, s, _ = powers(shifted)
        a = a * s
        y = (a - one) + a * m
        return y, (((a - one) - y) + a * m) + a * m_low

    return SimpleNamespace(
        exp_pair=exp_pair, exp_split=exp_split, exp=whole(exp_split), exp_error=exp_error, expm1=expm1,
        expm1_of_minus=expm1_of_minus,
    )  # fmt: skip


def sigmoids(p: Precision, exp_pair, exp_split, reciprocal) -> SimpleNamespace:
    """What is made of e^-|x|."""
    F = p.F
    zero, one, two, four = F(0), F(1), F(2), F(4)
    log1p_tail, divides, is_double = polynomial(p.log1p_tail), p.is_single, p.is_double

    @inline
    def gates(x, low):
        """e^-|x| as a number and a power of two, and 1/(1 + e^-|x|)."""
        e, s = exp_split(-abs(x), of_minus_size(x, low))
        below = one + e * s
        return e, s, reciprocal(below, e * s - (below - one))

    @inline
    def sigmoid_split(x, low):
        e, s, q = gates(x, low)
        left = e * q
        if is_double:
            e, e_low, s = exp_pair(-abs(x), of_minus_size(x, low))
            left = fma(e, q, e_low * q)
        return select(x >= zero, q, left), select(x >= zero, one, s)

    @inline
    def logistic_pdf_split(x, low):
        e, s, q = gates(x, low)
        if low is None and not is_double:
            return e * q * q, s
        e, e_low, s = exp_pair(-abs(x), of_minus_size(x, low))
        return fma(e, q, e_low * q) * q, s

    @inline
    def log1p_unit(t, t_low):
        """log(1 + t + t_low) for t in [0, 1], as 2 artanh(t/(2+t))."""
        below = two + t
        if is_double:
            q = reciprocal(below, t - (below - two))
            s = t * q
            s_low = (fma(-s, below, t) - s * (t - (below - two)) + t_low * (one - s)) * q
            w = s * s
            return two * s + two * fma(s * w, log1p_tail(w), s_low)
        s = t / below if divides else t * reciprocal(below, zero)
        w = s * s
        return two * s + two * s * w * log1p_tail(w)

    @inline
    def softplus(x, low=None):
        e, e_low, s = exp_pair(-abs(x), of_minus_size(x, low))
        return select(x > zero, x, zero) + log1p_unit(e * s, e_low * s)

    @inline
    def log_sigmoid(x, low=None):
        return -softplus(-x, None if low is None else -low)

    @inline
    def quarters(x, low):
        """e = e^-|x| as a number and a power of two, and 1/(1 + 2e + 2e²) or, left of 0, 1/(2 + 2e + e²)."""
        e, s = exp_split(-abs(x), of_minus_size(x, low))
        full, right = e * s, x >= zero
        below, below_low = total(select(right, one, two), full * (two + select(right, full + full, full)))
        return e, s, full, reciprocal(below, below_low)

    @inline
    def tanh_softplus_split(x, low):
        e, s, full, q = quarters(x, low)
        right = x >= zero
        return select(right, one + two * full, e * (two + full)) * q, select(right, one, s)

    @inline
    def tanh_softplus_slope_split(x, low):
        e, s, full, q = quarters(x, low)
        return e * (four * (one + full) * q) * (select(x >= zero, full, one) * q), s

    return SimpleNamespace(
        sigmoid_split=sigmoid_split, sigmoid=whole(sigmoid_split), softplus=softplus, log_sigmoid=log_sigmoid,
        logistic_pdf_split=logistic_pdf_split, logistic_pdf=whole(logistic_pdf_split), log1p_unit=log1p_unit,
        tanh_softplus_split=tanh_softplus_split, tanh_softplus=whole(tanh_softplus_split),
        tanh_softplus_slope_split=tanh_softplus_slope_split, tanh_softplus_slope=whole(tanh_softplus_slope_split),
    )  # fmt: skip


def hyperbolic(p: Precision, e: SimpleNamespace, reciprocal, log1p_unit) -> SimpleNamespace:
    """What is made of e^-2|x|, and sinh and cosh."""
    F = p.F
    half, one, two, four = F(0.5), F(1), F(2), F(4)
    ln2_high, ln2_low = F(math.log(2)), F(p.log2_low)
    exp, expm1, exp_pair, expm1_of_minus, is_double = e.exp, e.expm1, e.exp_pair, e.expm1_of_minus, p.is_double
    shrink_tail, cosh_tail = polynomial(p.tanhshrink_tail), polynomial(p.logcosh_tail)

    @inline
    def halves(x, low):
        """m = e^-2|x| - 1 with its low part, 2 + m with its, and 1/(2 + m)."""
        m, m_low = expm1_of_minus(-two * abs(x), twice(of_minus_size(x, low)))
        below = two + m
        below_low = m - (below - two)
        if is_double:
            below_low = below_low + m_low
        return m, m_low, below, below_low, reciprocal(below, below_low)

    @inline
    def tanh(x, low=None):
        m, m_low, below, below_low, q = halves(x, low)
        y = m * q
        if is_double:
            y = fma(fma(-y, below, m) + (m_low - y * below_low), q, y)
        return copysign(y, x)

    @inline
    def sech2_split(x, low):
        _, _, below, below_low, q = halves(x, low)
        v, v_low, s = exp_pair(-two * abs(x), twice(of_minus_size(x, low)))
        if not is_double:
            return four * v * q * q, s
        square = q * q
        square_low = fma(q, q, -square) + two * square * (fma(-q, below, one) - q * below_low)
        return four * fma(v, square, fma(v_low, square, v * square_low)), s

    @inline
    def tanhshrink(x):
        """Near 0 a polynomial; beyond 1 as |x| - 1 + 2/(1 + e^2|x|), where nothing cancels."""
        _, _, _, _, q = halves(x, None)
        a, w = abs(x), x * x
        far = (a - one) + two * exp(-two * a) * q
        return select(a < one, x * w * shrink_tail(w), copysign(far, x))

    @inline
    def logcosh(x):
        a, w = abs(x), x * x
        far = ((a - ln2_high) - ln2_low) + log1p_unit(exp(-two * a), F(0))
        return select(a < one, w * cosh_tail(w), far)

    @inline
    def sinh(x, low=None):
        m = expm1(abs(x), of_size(x, low))
        return copysign(half * (m + m / (one + m)), x)

    @inline
    def cosh(x, low=None):
        v = exp(abs(x), of_size(x, low))
        return half * v + half / v

    return SimpleNamespace(
        tanh=tanh, sech2_split=sech2_split, sech2=whole(sech2_split), tanhshrink=tanhshrink, logcosh=logcosh, sinh=sinh,
        cosh=cosh,
    )  # fmt: skip
