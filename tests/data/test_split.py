"""Rows to train on and rows held out."""

import numpy as np
import pytest

from nonlin.data import split_rows


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8, 0.9])
def test_all_rows_once_and_each_class_alike(share):
    y = np.repeat(["a", "b", "c"], [100, 40, 10])
    train, held = split_rows(y, share, classes=True)
    assert sorted([*train, *held]) == list(range(150))
    assert (np.diff(train) > 0).all()
    assert (np.diff(held) > 0).all()
    for label, rows in (("a", 100), ("b", 40), ("c", 10)):
        assert (y[train] == label).sum() == round(share * rows)


def test_a_class_of_two_is_in_both_and_one_of_one_is_trained_on():
    y = np.array([0] * 10 + [1, 1, 2])
    for share in (0.1, 0.9):
        train, held = split_rows(y, share, classes=True)
        assert ((y[train] == 1).sum(), (y[held] == 1).sum()) == (1, 1)
        assert 12 in train


def test_numbers_are_one_group():
    train, held = split_rows(np.linspace(0, 1, 7), 0.5, classes=False)
    assert (len(train), len(held)) == (4, 3)


def test_the_seed_fixes_it():
    y = np.zeros(50)
    first = split_rows(y, 0.5, classes=False)[0]
    assert first.tolist() == split_rows(y, 0.5, classes=False)[0].tolist()
    assert first.tolist() != split_rows(y, 0.5, classes=False, seed=1)[0].tolist()
    assert not (np.diff(first) == 1).all()
