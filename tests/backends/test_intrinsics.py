"""What Numba does not offer: a sum in one order, and views that cost nothing."""

import numba as nb
import numpy as np
import pytest

from nonlin.backends import intrinsics

dot = nb.njit(lambda a, b: intrinsics.dot(a, b))
window = nb.njit(lambda a, start, rows, columns: intrinsics.window(a, start, (rows, columns)).copy())


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("n", [0, 1, 15, 16, 31, 32, 33, 64, 200, 1001])
def test_dot_against_long_double(kind: type, n: int) -> None:
    a, b = np.random.default_rng(n).normal(size=(2, n)).astype(kind)
    exact = float(a.astype(np.longdouble) @ b.astype(np.longdouble))
    bound = n * np.finfo(kind).eps * float(np.abs(a) @ np.abs(b))
    assert abs(float(dot(a, b)) - exact) <= bound


def test_dot_adds_integers_exactly_and_keeps_nan() -> None:
    numbers = np.arange(100.0)
    assert dot(numbers, numbers) == 328350.0
    numbers[70] = np.nan
    assert np.isnan(dot(numbers, numbers))


def test_a_window_is_a_part_of_the_flat_numbers_in_another_shape() -> None:
    table = np.arange(24.0).reshape(4, 6)
    np.testing.assert_array_equal(window(table, 5, 3, 4), np.arange(5.0, 17.0).reshape(3, 4))
