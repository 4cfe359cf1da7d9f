"""Rows to train on and rows held out."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def split_rows(y: Any, share: float, *, classes: bool, seed: int = 0) -> tuple[Array, Array]:
    """Indices of the rows to train on and of those held out, each class split alike; both in order.

    Every class of two rows or more is in both parts, and a class of one row is trained on.

    Parameters
    ----------
    y : (n,), the classes or numbers
    share : float in (0, 1), the part to train on
    classes : whether ``y`` names classes
    seed : int, default 0

    Examples
    --------
    >>> train, held = split_rows(["a", "b", "a", "b", "a", "a"], 0.5, classes=True)
    >>> len(train), len(held)
    (3, 3)
    """
    y, rng = np.asarray(y), np.random.default_rng(seed)
    groups = [np.flatnonzero(y == label) for label in np.unique(y)] if classes else [np.arange(len(y))]
    parts = [_cut(rng.permutation(rows), share) for rows in groups]
    train, held = (np.sort(np.concatenate(part)) for part in zip(*parts, strict=True))
    return train, held


def _cut(rows: Array, share: float) -> tuple[Array, Array]:
    size = int(np.clip(round(share * len(rows)), 1, max(1, len(rows) - 1)))
    return rows[:size], rows[size:]
