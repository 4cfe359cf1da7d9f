"""Which rows early stopping holds out."""

from __future__ import annotations

import math

import numpy as np

from nonlin.errors import InputError
from nonlin.estimators._base import Array

_FEWEST = 2  # R² of a single row does not exist


def split(
    Y: Array, fraction: float, rng: np.random.RandomState, *, exclusive: bool, stratify: bool
) -> tuple[Array, Array]:
    """The indices of the training rows, shuffled, and of the held-out rows, drawn at random.

    With ``stratify`` each class has its share of both, to the nearest row. Two classes are in both, or scikit-learn's
    error says why they cannot be; of several ``exclusive`` classes each is, if its numbers allow that.

    Raises
    ------
    InputError
        There are too few rows to hold out any.
    """
    n = len(Y)
    held_out = max(_FEWEST, math.ceil(fraction * n))
    if n <= held_out:
        raise InputError(
            f"The validation set is too small: early_stopping holds out {held_out} of {n} rows and leaves none; "
            "give more rows, or a validation_fraction that leaves some"
        )
    alike = np.zeros(n, dtype=bool)
    classes = _classes(Y, exclusive=exclusive) if stratify else alike
    if not _can_stratify(classes, held_out):
        if not exclusive:
            _say_why_not(classes, held_out)
        classes = alike
    return _drawn(classes, held_out, rng)


def _classes(Y: Array, *, exclusive: bool) -> Array:
    return np.asarray(Y.argmax(axis=1) if exclusive else Y[:, 0] > 0.5)


def _can_stratify(classes: Array, held_out: int) -> bool:
    counts = np.unique(classes, return_counts=True)[1]
    return bool(counts.min() >= 2 and len(counts) <= min(held_out, len(classes) - held_out))


def _say_why_not(classes: Array, held_out: int) -> None:
    """Raise scikit-learn's error, which names the classes as its own networks do if they come as a column."""
    from sklearn.model_selection import train_test_split  # slow to import

    train_test_split(classes, test_size=held_out, stratify=classes[:, None])


def _drawn(classes: Array, held_out: int, rng: np.random.RandomState) -> tuple[Array, Array]:
    """Draw each class's share of the rows; scikit-learn's own draw takes ten times the memory of the indices."""
    stays = np.ones(len(classes), dtype=bool)
    for label, share in zip(*_shares(classes, held_out), strict=True):
        stays[rng.choice(np.flatnonzero(classes == label), share, replace=False)] = False
    train = np.flatnonzero(stays)
    rng.shuffle(train)
    return train, np.flatnonzero(~stays)


def _shares(classes: Array, held_out: int) -> tuple[Array, Array]:
    """The classes, and how many rows of each to hold out; what does not divide goes to the largest remainders."""
    known, counts = np.unique(classes, return_counts=True)
    exact = counts / len(classes) * (len(classes) - held_out)
    train = np.floor(exact).astype(np.int64)
    train[np.argsort(train - exact, kind="stable")[: len(classes) - held_out - train.sum()]] += 1
    return known, counts - train
