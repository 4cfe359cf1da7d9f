"""Where activations are measured."""

import numpy as np
import pytest

import nonlin
from nonlin.accuracy.points import every_size, points, variations


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_they_are_finite_and_hold_the_ends_of_the_format_and_the_breaks(dtype):
    x = points(nonlin.get("hard_swish"), dtype, 400, seed=0)
    info = np.finfo(dtype)
    assert x.dtype == dtype
    assert np.isfinite(x).all()
    for end in (info.max, info.tiny, info.smallest_subnormal):
        assert {end, -end} <= set(x)
    for kink in (dtype(-3), dtype(3)):
        up, down = np.nextafter(kink, dtype(np.inf)), np.nextafter(kink, dtype(-np.inf))
        assert {kink, up, down, np.nextafter(up, dtype(9)), np.nextafter(down, dtype(-9))} <= set(x)


def test_the_seed_decides():
    a = nonlin.get("silu")
    np.testing.assert_array_equal(points(a, np.float32, 100, seed=3), points(a, np.float32, 100, seed=3))
    assert set(points(a, np.float32, 100, seed=3)) != set(points(a, np.float32, 100, seed=4))


def test_every_size_is_of_every_size():
    x = every_size(np.float32, 4000, np.random.default_rng(0))
    assert x.size == 4000
    assert set(np.unique(np.frexp(x)[1])) >= set(range(-124, 129))
    assert (np.abs(x) < np.finfo(np.float32).tiny).any()


def test_variations_are_the_activation_itself_and_two_more():
    assert [a.params for a in variations(nonlin.get("elu"))] == [{"alpha": 1.0}, {"alpha": 0.25}, {"alpha": 2.0}]
    silu = nonlin.get("silu")
    assert variations(silu) == [silu]
