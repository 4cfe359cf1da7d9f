"""The rows that early stopping holds out, and what is measured on them after each epoch."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nonlin.errors import InputError, bad_value
from nonlin.estimators._base import Array
from nonlin.estimators._fitted_network import fitted_attributes
from nonlin.estimators._mlp_input import net_inputs, taken
from nonlin.nn import network as nn
from nonlin.nn.trainer import Data, Record

if TYPE_CHECKING:
    from nonlin.estimators._mlp import MLP

_FEWEST = 2  # R² of a single row does not exist


class Rows(NamedTuple):
    """Samples with their labels or numbers as the user gave them."""

    data: Data
    y: Any


Score = Callable[[Array, Rows, Array], float]


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


def observer(model: MLP, network: nn.Network, rows: Rows, held: Rows, kept: Array | None) -> Callable[[Array], Record]:
    """A function of the parameters that measures them on the rows held out and on as many that are trained on.

    Parameters
    ----------
    kept : the indices of the rows that are trained on, default all
    """
    few = (np.arange(rows.data.X.shape[0]) if kept is None else kept)[: held.data.X.shape[0]]
    some_trained = Rows(taken(rows.data, few), rows.y[few])
    score = _scorer(model, network)

    def measure(theta: Array) -> Record:
        found: Record = {}
        for prefix, rows in (("", some_trained), ("validation_", held)):
            Z = net_inputs(network, theta, rows.data.X)
            finite = bool(np.isfinite(Z).all())
            found[f"{prefix}score"] = float(score(theta, rows, Z)) if finite else math.nan
            if prefix:
                found["validation_loss"] = nn.mean_loss_of(network, Z, rows.data.Y, rows.data.w)
        return found

    return measure


def _scorer(model: MLP, network: nn.Network) -> Score:
    """The score of parameters on some rows, given their net inputs; higher is better."""
    if model.scoring is None:
        return lambda _, rows, Z: model._score_of(Z, rows.data.Y, rows.data.w)
    if isinstance(model.scoring, str) and model.scoring == "loss":
        return lambda _, rows, Z: -nn.mean_loss_of(network, Z.copy(), rows.data.Y, rows.data.w)
    return _score_by_scikit_learn(model, network)


def _score_by_scikit_learn(model: MLP, network: nn.Network) -> Score:
    """The score of a model with the parameters as they are at the time."""
    from sklearn.metrics import check_scoring  # slow to import, and only early stopping needs it

    try:
        scorer = check_scoring(model, model.scoring)
    except ValueError:
        raise bad_value("scoring", "None, 'loss', a scorer's name or a callable", model.scoring) from None

    def score(theta: Array, rows: Rows, Z: Array) -> float:  # noqa: ARG001 - a scorer predicts itself
        probe = copy.copy(model)
        if hasattr(probe, "feature_names_in_"):
            del probe.feature_names_in_  # the rows are arrays by now
        probe.__dict__.update(fitted_attributes(network, theta))
        weights = {} if (rows.data.w == rows.data.w[0]).all() else {"sample_weight": rows.data.w}
        return float(scorer(probe, rows.data.X, rows.y, **weights))

    return score
