"""The rows that early stopping holds out: as scikit-learn would share them out, in less memory."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.model_selection import StratifiedShuffleSplit

from nonlin.estimators._split import split

COUNTS = [[300, 100], [57, 143, 211], [1000, 3, 17, 5, 61], [7, 6, 5, 4, 3, 2]]


def labels(counts: list[int]) -> np.ndarray:
    return np.random.default_rng(0).permutation(np.repeat(np.arange(len(counts)), counts))


def drawn(y: np.ndarray, fraction: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    classes = y.max() + 1
    Y = y[:, None] if classes == 2 else np.eye(classes)[y]
    rng = np.random.RandomState(seed)
    return split(Y, fraction, rng, exclusive=bool(classes > 2), stratify=True)


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("fraction", [0.23, 0.37, 0.5])
def test_every_class_has_the_share_that_scikit_learn_gives_it(counts: list[int], fraction: float) -> None:
    y = labels(counts)
    train, held = drawn(y, fraction)
    theirs = StratifiedShuffleSplit(1, test_size=len(held), random_state=0).split(y, y)
    expected = np.bincount(y[next(theirs)[1]], minlength=len(counts))
    assert np.abs(np.bincount(y[held], minlength=len(counts)) - expected).max() <= has_ties(counts, len(train))
    assert_array_equal(np.sort([*train, *held]), np.arange(len(y)))


def has_ties(counts: list[int], train: int) -> bool:
    """Whether two classes have an equal claim to a row; scikit-learn then draws lots."""
    remainders = np.array(counts) / sum(counts) * train % 1
    return len(np.unique(remainders)) < len(counts)


def test_the_generator_fixes_the_rows() -> None:
    y = labels([300, 100])
    first, again, other = (drawn(y, 0.1, seed) for seed in (0, 0, 1))
    assert_array_equal(first[0], again[0])
    assert_array_equal(first[1], again[1])
    assert (first[1] != other[1]).any()


def test_training_rows_are_shuffled() -> None:
    train, _ = drawn(np.repeat([0, 1], 500), 0.1)
    assert 150 < np.repeat([0, 1], 500)[train[:450]].sum() < 300


def test_every_row_is_held_out_as_often() -> None:
    times = np.zeros(40)
    for seed in range(2000):
        times[drawn(np.repeat([0, 1], [12, 28]), 0.25, seed)[1]] += 1
    assert np.abs(times - 500).max() < 5 * np.sqrt(2000 * 0.25 * 0.75)


@pytest.mark.parametrize(
    ("counts", "fraction", "start"),
    [
        ([1, 99], 0.1, "The least populated class"),
        ([3, 3], 0.7, "The train_size = 1 should be greater or equal to the number of classes = 2"),
    ],
)
def test_two_classes_that_cannot_be_in_both_are_scikit_learns_error(
    counts: list[int], fraction: float, start: str
) -> None:
    with pytest.raises(ValueError) as caught:
        drawn(labels(counts), fraction)
    assert str(caught.value).startswith(start)  # the rest differs from version to version


def test_a_rare_one_of_several_classes_ends_the_stratification() -> None:
    train, held = drawn(labels([40, 40, 1]), 0.1)
    assert (len(train), len(held)) == (72, 9)


def test_a_million_rows_take_little_memory() -> None:
    Y = np.random.default_rng(0).integers(0, 2, (10**6, 1)).astype(np.float32)
    tracemalloc.start()
    train, _ = split(Y, 0.1, np.random.RandomState(0), exclusive=False, stratify=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(train) == 900_000
    assert peak < 25e6
