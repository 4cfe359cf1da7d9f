"""The rows that early stopping holds out, and what is measured on them after each epoch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from nonlin.errors import InputError
from nonlin.nn import network as nn
from nonlin.nn.trainer import Data, Record

_FEWEST = 2  # R² of a single row does not exist


class Rows(NamedTuple):
    """Samples with their labels or numbers as the user gave them."""

    data: Data
    y: Any


def split(Y: Any, fraction: float, rng: np.random.RandomState, *, exclusive: bool, stratify: bool) -> tuple[Any, Any]:
    """Indices of training rows and of held-out rows.

    Two classes are in both, or scikit-learn's error says why they cannot be; of several ``exclusive`` classes each is,
    if its numbers allow that.

    Raises
    ------
    InputError
        There are too few rows to hold out any.
    """
    from sklearn.model_selection import train_test_split  # slow to import, and only early stopping needs it

    n = len(Y)
    held_out = max(_FEWEST, math.ceil(fraction * n))
    if n <= held_out:
        raise InputError(
            f"The validation set is too small: early_stopping holds out {held_out} of {n} rows and leaves none; "
            "give more rows, or a validation_fraction that leaves some"
        )
    classes = None
    if stratify:
        classes = Y.argmax(axis=1) if exclusive else Y > 0.5
        if exclusive and not _can_stratify(classes, held_out):
            classes = None
    train, held = train_test_split(np.arange(n), test_size=held_out, random_state=rng, stratify=classes)
    return train, held


def _can_stratify(labels: Any, held_out: int) -> bool:
    counts = np.unique(labels, return_counts=True)[1]
    return bool(counts.min() >= 2 and len(counts) <= min(held_out, len(labels) - held_out))


def observer(
    network: nn.Network, held: Rows, some_trained: Rows, net_input: Callable[..., Any], score: Callable[..., float]
) -> Callable[[Any], Record]:
    """A function of the parameters that measures them on the rows held out and on as many that are trained on.

    Parameters
    ----------
    net_input : of the network, the parameters and X
    score : of the parameters, the samples and their net inputs; higher is better
    """

    def measure(theta: Any) -> Record:
        found: Record = {}
        for prefix, rows in (("", some_trained), ("validation_", held)):
            Z = net_input(network, theta, rows.data.X)
            finite = bool(np.isfinite(Z).all())
            found[f"{prefix}score"] = float(score(theta, rows, Z)) if finite else math.nan
            if prefix:
                found["validation_loss"] = nn.mean_loss_of(network, Z, rows.data.Y, rows.data.w)
        return found

    return measure
