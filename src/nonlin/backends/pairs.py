"""Numbers as an unevaluated sum of two: what the scalar code needs to see its own rounding errors."""

from __future__ import annotations

from typing import Any

import numba as nb

from nonlin.backends.intrinsics import fma, select, sqrt

FASTMATH = frozenset({"contract"})  # never nnan or ninf: NaN and ±inf must survive
_PARTS_ONLY = {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}  # no way in from outside
inline = nb.njit(forceinline=True, fastmath=set(FASTMATH), error_model="numpy", **_PARTS_ONLY)
exactly = nb.njit(forceinline=True, error_model="numpy", **_PARTS_ONLY)  # contracted, a sum would lose its error


@exactly
def product(a, b):
    """a b and its rounding error."""
    h = a * b
    return h, fma(a, b, -h)


@exactly
def total(a, b):
    """a + b and its rounding error, whichever is larger."""
    h = a + b
    c = h - a
    return h, (a - (h - c)) + (b - c)


@exactly
def times_number(a, b):
    """A pair times a number."""
    h, low = product(a[0], b)
    return h, fma(a[1], b, low)


@exactly
def times_pair(a, b):
    """A pair times a pair."""
    h, low = product(a[0], b[0])
    return h, fma(a[0], b[1], fma(a[1], b[0], low))


@exactly
def plus_number(a, b):
    """A pair plus a number."""
    h, low = total(a[0], b)
    return h, low + a[1]


@exactly
def plus_pair(a, b):
    """A pair plus a pair."""
    h, low = total(a[0], b[0])
    return h, low + (a[1] + b[1])


@exactly
def inverse_number(a):
    """1/a and its rounding error."""
    q = type(a)(1) / a
    return q, q * fma(-q, a, type(q)(1))


@exactly
def inverse_pair(a):
    """1 over a pair."""
    q = type(a[0])(1) / a[0]
    return q, q * (fma(-q, a[0], type(q)(1)) - q * a[1])


@exactly
def root_pair(a):
    """√a and its rounding error."""
    q = sqrt(a)
    return q, fma(-q, q, a) / (q + q)


@exactly
def rounded(a):
    """A pair as one number."""
    return a[0] + select(a[1] == a[1], a[1], type(a[0])(0))


@exactly
def over_square(x, a):
    """A number over the square of a pair, or twice over the pair where its square might overflow."""
    divisor, square = rounded(a), rounded(times_pair(a, a))
    fits = (abs(divisor) < type(divisor)(1e150)) & (abs(divisor) > type(divisor)(1e-150))
    return select(fits, x / square, x / divisor / divisor)


@exactly
def rescaled(a, b):
    """A pair times a power of two."""
    return a[0] * b, a[1] * b


@inline
def of_minus_size(x, low):
    """The rounding error of -|x|, where ``low`` is that of x."""
    if low is None:
        return None
    return select(x < x - x, low, -low)


@inline
def of_size(x, low):
    """The rounding error of |x|."""
    if low is None:
        return None
    return select(x < x - x, -low, low)


@inline
def twice(low):
    """Twice a rounding error."""
    if low is None:
        return None
    return low + low


def whole(split: Any) -> Any:
    """The function whose value comes as a number and a power of two, as one number."""

    @inline
    def value(x, low=None):
        v, s = split(x, low)
        return v * s

    return value


@inline
def threaded(value, split):
    """The value of a function that is like its argument near 0 in two parts, from those of its argument."""
    v, s = split
    tiny = abs(v * s) < type(v)(1e-290)
    return select(tiny, v, value), select(tiny, s, type(v)(1))


@inline
def carried(factor, split):
    """A value in two parts times a factor, still in two parts."""
    return factor * split[0], split[1]


@inline
def lifted(factor, split):
    """A factor times a value in two parts: the power of two, which may underflow, comes last."""
    return (factor * split[0]) * split[1]


@inline
def lifted_pair(factor, parts):
    """The same for a value whose first part has a low part."""
    v, v_low, s = parts
    return fma(factor, v, factor * v_low) * s
