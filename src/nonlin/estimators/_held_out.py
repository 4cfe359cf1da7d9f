"""The rows that early stopping holds out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nonlin.errors import InputError
from nonlin.nn.trainer import Data

_FEWEST = 2  # R² of a single row does not exist


def split(data: Data, fraction: float, rng: np.random.RandomState, *, stratify: bool) -> tuple[Data, Data]:
    """Training rows and held-out rows, each class in both if its numbers allow that.

    Raises
    ------
    InputError
        There are too few rows to hold out any.
    """
    from sklearn.model_selection import train_test_split  # slow to import, and only early stopping needs it

    n = len(data.X)
    held_out = max(_FEWEST, math.ceil(fraction * n))
    if n <= held_out:
        raise InputError(f"early_stopping holds out {held_out} of {n} rows and leaves none; lower validation_fraction")
    labels = _classes(data.Y) if stratify else None
    if labels is not None and not _can_stratify(labels, held_out):
        labels = None
    rows = train_test_split(np.arange(n), test_size=held_out, random_state=rng, stratify=labels)
    return _take(data, rows[0]), _take(data, rows[1])


def _classes(Y: Any) -> Any:
    return Y.argmax(axis=1) if Y.shape[1] > 1 else Y[:, 0]


def _can_stratify(labels: Any, held_out: int) -> bool:
    counts = np.unique(labels, return_counts=True)[1]
    return bool(counts.min() >= 2 and len(counts) <= min(held_out, len(labels) - held_out))


def _take(data: Data, rows: Any) -> Data:
    return Data(*(np.ascontiguousarray(a[rows]) for a in data))
