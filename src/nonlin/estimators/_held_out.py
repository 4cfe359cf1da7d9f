"""What is measured after each epoch, on rows held out and on rows trained on."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import scipy.sparse

from nonlin.errors import bad_value
from nonlin.estimators._base import Array
from nonlin.estimators._fitted_network import fitted_attributes
from nonlin.estimators._mlp_input import net_inputs
from nonlin.nn import network as nn
from nonlin.nn.recipe import Data, Record, Watched

if TYPE_CHECKING:
    from nonlin.estimators._mlp import MLP

_NUMBERS_AT_ONCE = 2**18  # of the inputs that are copied together


class Rows(NamedTuple):
    """Samples with their labels or numbers as the user gave them."""

    data: Data
    y: Any


class Sample(NamedTuple):
    """Samples to measure on: of X those ``chosen``, or all, with their coded targets, weights and labels."""

    X: Any
    chosen: Array | None
    Y: Array
    w: Array
    y: Any

    def dense(self) -> Data:
        """The chosen rows as arrays of their own."""
        return Data(self.X if self.chosen is None else self.X[self.chosen], self.Y, self.w)

    def net_inputs(self, network: nn.Network, theta: Array) -> Array:
        """The net inputs of the output layer; the chosen rows are never copied all at once."""
        if self.chosen is None:
            return net_inputs(network, theta, self.X)
        size = max(1, _NUMBERS_AT_ONCE // self.X.shape[1])
        parts = (self.chosen[i : i + size] for i in range(0, len(self.chosen), size))
        return np.concatenate([net_inputs(network, theta, self.X[part]) for part in parts])


def sample(rows: Rows, chosen: Array | None = None) -> Sample:
    """The chosen ones of the rows, or all."""
    X, Y, w = rows.data
    if chosen is None:
        return Sample(X, None, Y, w, rows.y)
    return Sample(X, chosen, np.ascontiguousarray(Y[chosen]), w[chosen], rows.y[chosen])


Score = Callable[[Array, Sample, Array], float]


def observer(model: MLP, network: nn.Network, some_trained: Sample, held: Sample) -> Callable[[Array], Record]:
    """A function of the parameters that measures them on the rows held out, and on some that are trained on."""
    score = _scorer(model, network)

    def measure(theta: Array) -> Record:
        found: Record = {}
        for prefix, rows in (("", some_trained), ("validation_", held)):
            Z = rows.net_inputs(network, theta)
            finite = bool(np.isfinite(Z).all())
            found[f"{prefix}score"] = float(score(theta, rows, Z)) if finite else math.nan
            if prefix:
                found["validation_loss"] = nn.mean_loss_of(network, Z, rows.Y, rows.w) if finite else math.nan
        return found

    return measure


def watched(model: MLP, network: nn.Network, some_trained: Sample, held: Sample) -> Watched | None:
    """The rows, where the compiled epochs can measure them: few, dense, and judged by their loss."""
    by_loss = model.early_stopping and isinstance(model.scoring, str) and model.scoring == "loss"
    is_dense = not scipy.sparse.issparse(held.X) and held.X.dtype == network.dtype
    if by_loss and is_dense and network.is_quick(len(held.w)):
        return Watched(some_trained.dense(), held.dense())
    return None


def _scorer(model: MLP, network: nn.Network) -> Score:
    """The score of parameters on some rows, given their net inputs; higher is better."""
    if model.scoring is None:
        return lambda _, rows, Z: model._score_of(Z, rows.Y, rows.w)
    if isinstance(model.scoring, str) and model.scoring == "loss":
        return lambda _, rows, Z: -nn.mean_loss_of(network, Z.copy(), rows.Y, rows.w)
    return _score_by_scikit_learn(model, network)


def _score_by_scikit_learn(model: MLP, network: nn.Network) -> Score:
    """The score of a model with the parameters as they are at the time."""
    from sklearn.metrics import check_scoring  # slow to import, and only early stopping needs it

    try:
        scorer = check_scoring(model, model.scoring)
    except ValueError:
        raise bad_value("scoring", "None, 'loss', a scorer's name or a callable", model.scoring) from None

    def score(theta: Array, rows: Sample, Z: Array) -> float:  # noqa: ARG001 - a scorer predicts itself
        probe = copy.copy(model)
        if hasattr(probe, "feature_names_in_"):
            del probe.feature_names_in_  # the rows are arrays by now
        probe.__dict__.update(fitted_attributes(network, theta))
        weights = {} if (rows.w == rows.w[0]).all() else {"sample_weight": rows.w}
        X = rows.X if rows.chosen is None else rows.X[rows.chosen]
        return float(scorer(probe, X, rows.y, **weights))

    return score
