"""Sine, cosine and their kin. Beyond ``FAR`` a multiple of π/2 is taken off with as many digits of 2/π as it needs."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import mpmath
import numpy as np

from nonlin.backends.intrinsics import copysign, fma, polynomial, rint, select, to_bits
from nonlin.backends.pairs import inline, product, total
from nonlin.backends.precision import Precision

FAR = 2.0**45
"""From this size of argument on, a loop in double precision needs the functions named ``..._far``."""

_SMALLEST_EXPONENT = 40  # the table begins below FAR


def _two_over_pi() -> np.ndarray[Any, Any]:
    """2^j 2/π mod 4 for the exponents of all large numbers m 2^j with 53 bits of m, each as a sum of four doubles."""
    bits = 1400
    with mpmath.workprec(bits + 60):
        digits = int(mpmath.floor(mpmath.ldexp(2 / mpmath.pi, bits)))
    rows = []
    for j in range(_SMALLEST_EXPONENT - 52, 1024 - 52):
        rest = digits << (j + 60)  # in units of 2^-(bits + 60)
        rest %= 4 << (bits + 60)
        row = []
        for _ in range(4):
            with mpmath.workprec(53):
                part = float(mpmath.ldexp(mpmath.mpf(rest), -(bits + 60)))
            row.append(part)
            rest -= int(mpmath.ldexp(mpmath.mpf(part), bits + 60))
        rows.append(row)
    return np.array(rows)


_TABLE = _two_over_pi()


@inline
def _reduce_far(x):
    """The r in [-π/4, π/4] and the k mod 4 with |x| = r + kπ/2 mod 2π, for a double |x| ≥ 2^40."""
    bits = to_bits(abs(x))
    exponent = (bits >> 52) - 1023
    row = min(max(exponent, _SMALLEST_EXPONENT), 1023) - _SMALLEST_EXPONENT
    m = np.float64((bits & 0xFFFFFFFFFFFFF) | 0x10000000000000)
    a, a_low = product(m, _TABLE[row, 0])
    b, b_low = product(m, _TABLE[row, 1])
    c, c_low = product(m, _TABLE[row, 2])
    a -= 4.0 * rint(a * 0.25)
    a_low -= 4.0 * rint(a_low * 0.25)
    s, e1 = total(a, a_low)
    s, e2 = total(s, b)
    k = rint(s)
    u, e3 = total(e1, e2)
    u, e4 = total(u, b_low)
    u, e5 = total(u, c)
    r, r_low = total(s - k, u)
    r_low += e3 + e4 + e5 + c_low + m * _TABLE[row, 3]
    y, y_low = product(r, math.pi / 2)
    return y + (y_low + fma(r, 6.123233995736766e-17, r_low * (math.pi / 2))), k - 4.0 * rint(k * 0.25)


def circular(p: Precision) -> SimpleNamespace:
    """sin, cos, sinc and its slope, each also for far arguments in double precision, and the arc tangent."""
    F = p.F
    one, four, quarter = F(1), F(4), F(0.25)
    two_over_pi, turns = F(2 / math.pi), F(2.0 ** (p.mantissa - 1))
    c1, c2, c3 = (F(c) for c in p.half_pi)
    sin_tail, cos_tail = polynomial(p.sin_tail), polynomial(p.cos_tail)

    @inline
    def reduce(x):
        """x - kπ/2, and the quadrant k mod 4 as -2, -1, 0, 1 or 2."""
        k = rint(x * two_over_pi)
        r = fma(-k, c3, fma(-k, c2, fma(-k, c1, x)))
        r = select(abs(k) < turns, r, r - r)  # beyond, the float's own step is as long as the wave
        return r, k - four * rint(k * quarter)

    @inline
    def reduce_far(x):
        near, quadrant = reduce(x)
        r, k = _reduce_far(x)
        far = abs(x) >= FAR
        r, k = copysign(one, x) * r, copysign(one, x) * k
        return select(far, r + (x - x), near), select(far, k, quadrant)

    near = _waves(F, sin_tail, cos_tail, polynomial(p.sinc_tail), reduce)
    far = near if p.is_single else _waves(F, sin_tail, cos_tail, polynomial(p.sinc_tail), reduce_far)
    return SimpleNamespace(**near, **{f"{name}_far": f for name, f in far.items()}, **_arctan(p))


def _waves(F, sin_tail, cos_tail, sinc_tail, reduce) -> dict[str, Any]:
    zero, half, one, two = F(0), F(0.5), F(1), F(2)
    near_zero = F(math.sqrt(2.5))

    @inline
    def sin_cos(x):
        r, q = reduce(x)
        w = r * r
        return r + r * w * sin_tail(w), one - half * w + w * w * cos_tail(w), q

    @inline
    def sin(x):
        s, c, q = sin_cos(x)
        y = select(abs(q) == one, c, s)
        return select((q < zero) | (q == two), -y, y)

    @inline
    def cos(x):
        s, c, q = sin_cos(x)
        y = select(abs(q) == one, s, c)
        return select((q == one) | (abs(q) == two), -y, y)

    @inline
    def sinc(x):
        return select(x == zero, one, sin(x) / x)

    @inline
    def sinc_slope(x):
        far = (cos(x) - sinc(x)) / x
        return select(abs(x) < near_zero, x * sinc_tail(x * x), far)

    return {"sin": sin, "cos": cos, "sinc": sinc, "sinc_slope": sinc_slope}


def _arctan(p: Precision) -> dict[str, Any]:
    F = p.F
    zero, one = F(0), F(1)
    quarter_pi, half_pi = F(math.pi / 4), F(math.pi / 2)
    tan_pi_8, cot_pi_8 = F(math.sqrt(2) - 1), F(math.sqrt(2) + 1)
    arctan_tail = polynomial(p.arctan_tail)

    @inline
    def arctan(x):
        a = abs(x)
        steep, medium = a > cot_pi_8, a > tan_pi_8
        above = select(steep, -one, select(medium, a - one, a))
        below = select(steep, a, select(medium, a + one, one))
        t = above / below
        w = t * t
        base = select(steep, half_pi, select(medium, quarter_pi, zero))
        return copysign(base + (t + t * w * arctan_tail(w)), x)

    return {"arctan": arctan}
