"""Errors in units of the last place (ulp), of double and of single precision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import mpmath
import numpy as np

Array = np.ndarray[Any, Any]


class Format(NamedTuple):
    """A floating-point format: bits of the significand, and the exponents of its end and of its smallest number."""

    digits: int
    overflow: int
    smallest: int

    @property
    def smallest_normal(self) -> int:
        """The exponent of the smallest number that has all digits."""
        return self.smallest + self.digits - 1


DOUBLE, SINGLE = Format(53, 1024, -1074), Format(24, 128, -149)


def ulps(got: Array, true: Sequence[Any], sizes: Sequence[Any], kind: Format) -> Array:
    """The distances of ``got`` from the mpmath numbers ``true``, in units of the last place of ``sizes``.

    For a size in [2^e, 2^(e+1)) and p bits the unit is 2^(e-p+1); below the normal numbers it is the smallest number.
    NaN is right where the true value is none, and infinity where it rounds to infinity.

    Examples
    --------
    >>> true = [mpmath.mpf(1), mpmath.mpf(2), mpmath.mpf(10) ** 40]
    >>> ulps(np.float32([1 + 2**-23, 2 + 2**-22, np.inf]), true, true, SINGLE)
    array([1., 1., 0.])
    """
    return np.array([_ulps(float(g), t, s, kind) for g, t, s in zip(got, true, sizes, strict=True)])


def _ulps(got: float, true: Any, size: Any, kind: Format) -> float:
    if mpmath.isnan(true) or np.isnan(got):
        return 0.0 if mpmath.isnan(true) and np.isnan(got) else np.inf
    if np.isinf(got):  # it stands for the first number that is too large, and for all beyond
        end = mpmath.ldexp(1, kind.overflow)
        if true * int(np.sign(got)) >= end - mpmath.ldexp(1, kind.overflow - kind.digits - 1):
            return 0.0
        got = end * int(np.sign(got))
    error = abs(true - mpmath.mpf(got))
    return np.inf if mpmath.isinf(error) else float(mpmath.ldexp(error, -last_place(size, kind)))


def last_place(size: Any, kind: Format) -> int:
    """The exponent of the unit in the last place of an mpmath number."""
    if not mpmath.isfinite(size):
        return kind.overflow - kind.digits
    _, exponent = mpmath.frexp(size)
    return int(min(max(exponent - kind.digits, kind.smallest), kind.overflow - kind.digits)) if size else kind.smallest


def in_float32(numbers: Array) -> Array:
    """float64 numbers rounded to float32, to infinity where they are too large."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return numbers.astype(np.float32)


def nearby_ulps(got: Array, reference: Array) -> Array:
    """The distances of float32 results from float64 numbers in units of these numbers' last place in float32."""
    power_of_two = (reference.view(np.uint64) & np.uint64(0x7FF << 52)).view(np.float64)  # its exponent alone
    unit = np.clip(
        power_of_two * 2.0 ** (1 - SINGLE.digits), 2.0**SINGLE.smallest, 2.0 ** (SINGLE.overflow - SINGLE.digits)
    )
    right = (np.isinf(got) & (in_float32(reference) == got)) | (np.isnan(got) & np.isnan(reference))
    with np.errstate(invalid="ignore"):  # a NaN beside a number, and signalling NaNs
        numbers = got.astype(np.float64)
        numbers = np.where(np.isinf(numbers), np.copysign(2.0**SINGLE.overflow, numbers), numbers)
        errors = np.where(right, 0.0, np.abs(numbers - reference) / unit)
    return np.where(np.isnan(errors), np.inf, errors)
