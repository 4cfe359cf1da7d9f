"""Dropout: how many, how much the rest, and never the same places twice."""

import numpy as np
import pytest

from nonlin.nn.dropout import drop, next_seed


def dropped(share, seed, n=100_000, dtype=np.float64):
    x = np.ones(n, dtype)
    drop(x, share, np.uint32(seed))
    return x


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_share_that_is_dropped_and_the_scale_of_the_rest(share, dtype):
    x = dropped(share, 7, dtype=dtype)
    assert set(np.unique(x)) == {0.0, dtype(1 / (1 - share))}
    assert (x == 0).mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / x.size))


def test_the_same_seed_drops_the_same_places_and_another_one_others():
    first, same, other = (dropped(0.5, seed) for seed in (3, 3, 4))
    assert (first == same).all()
    assert ((first > 0) == (other > 0)).mean() == pytest.approx(0.5, abs=0.01)


def test_neighbours_drop_independently():
    kept = dropped(0.5, 11) > 0
    for lag in (1, 2, 8, 64, 200):
        assert (kept[lag:] == kept[:-lag]).mean() == pytest.approx(0.5, abs=0.01)


def test_seeds_do_not_repeat():
    state = np.array([1], dtype=np.uint64)
    assert len({int(next_seed(state)) for _ in range(1000)}) == 1000
