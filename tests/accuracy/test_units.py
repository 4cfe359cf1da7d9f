"""Units in the last place of known cases, exactly."""

import mpmath
import numpy as np
import pytest

from nonlin.accuracy.units import DOUBLE, SINGLE, in_float32, nearby_ulps, ulps

INFINITY, NAN = float("inf"), float("nan")
LARGEST = float(np.finfo(np.float32).max)


def single(got, true, size=None):
    true = mpmath.mpf(true)
    return ulps(np.float32([got]), [true], [true if size is None else mpmath.mpf(size)], SINGLE)[0]


@pytest.mark.parametrize(
    ("got", "true", "errors"),
    [
        (1.0, 1, 0.0),
        (1 + 2**-23, 1, 1.0),
        (1 - 2**-24, 1, 0.5),  # the unit is that of the true value, 2^-23 from 1 on
        (1.0, 1 - 2**-24, 1.0),  # and 2^-24 below
        (4.0, 4 + 3 * 2**-21, 3.0),
        (-4.0, 4, 2.0**24),
        (0.0, 2**-149, 1.0),
        (0.0, 2**-150, 0.5),
        (2**-149, 0, 1.0),
        (2**-149 * 3, 2**-149 * 5, 2.0),
        (LARGEST, LARGEST, 0.0),
        (INFINITY, 2**128, 0.0),
        (INFINITY, 2**128 - 2**103, 0.0),  # half-way between the largest number and 2^128
        (INFINITY, LARGEST, 1.0),
        (INFINITY, -(2**128), 2.0**25),
        (LARGEST, 2**128, 1.0),
        (LARGEST, INFINITY, INFINITY),
        (NAN, 1, INFINITY),
        (1.0, NAN, INFINITY),
        (NAN, NAN, 0.0),
    ],
)
def test_known_distances(got, true, errors):
    assert single(got, true) == errors
    assert nearby_ulps(np.float32([got]), np.array([float(true)]))[0] == errors


def test_the_unit_of_another_size():
    assert single(1.5, 1, size=2**22) == 1.0
    assert single(1.5, 1, size=INFINITY) == 0.5 / 2**104


def test_double_precision():
    true = [mpmath.mpf(2) ** -1074, mpmath.mpf(10) ** 400, mpmath.mpf(1)]
    assert ulps(np.array([0.0, INFINITY, 1 + 2**-51]), true, true, DOUBLE).tolist() == [1.0, 0.0, 2.0]


def test_rounding_to_float32():
    np.testing.assert_array_equal(in_float32(np.array([1e300, -1e300, 1e-300])), np.float32([INFINITY, -INFINITY, 0]))
