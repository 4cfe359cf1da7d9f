"""A fit that somebody watches: it runs a few epochs at a time, and may be changed between them."""

from __future__ import annotations

import copy
import math
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.utils import check_random_state

from nonlin.activation import Activation
from nonlin.estimators._base import Array
from nonlin.estimators._fitted_network import fitted_attributes
from nonlin.estimators._held_out import Sample, sample, watched
from nonlin.estimators._layers import hidden_widths, layer_activations
from nonlin.estimators._mlp import MLP
from nonlin.estimators._mlp_checks import check_parameters
from nonlin.nn import network as nn
from nonlin.nn.recipe import Record, Training, start
from nonlin.nn.schedules import learning_rates
from nonlin.nn.steps import Steps, judge
from nonlin.nn.trainer import DivergenceError, diverged


class Measures(NamedTuple):
    """What some rows say of the weights: mean loss, accuracy or R², and the output's net inputs (n, n_outputs)."""

    loss: float
    score: float
    Z: Array


class LiveFit:
    """The fit of a multilayer perceptron in parts of as many epochs, or mini-batches, as one likes.

    As long as nothing is changed on the way, its weights are those of ``model.fit(X, y, X_val=…, y_val=…)`` with
    ``max_iter`` epochs and ``n_iter_no_change=inf``, bit for bit.

    Parameters
    ----------
    model : MLPClassifier or MLPRegressor
        Not "lbfgs", which has no epochs; it is cloned. With ``early_stopping`` the loss of the held-out rows decides.
    X, y : (n, n_features) and (n,), trained on
    X_held, y_held : held out, at least one row
    before : the same fit before a change, whose weights, and optimiser's memory, go on where they fit

    Raises
    ------
    InputError
        A parameter breaks its rule.
    ValueError
        In scikit-learn's words, about X or y.

    Examples
    --------
    >>> from nonlin import MLPClassifier
    >>> from sklearn.datasets import make_moons
    >>> X, y = make_moons(100, noise=0.1, random_state=0)
    >>> fit = LiveFit(MLPClassifier((8,), random_state=0), X[:80], y[:80], X[80:], y[80:])
    >>> _ = fit.run(30), fit.run(20)
    >>> fit.epochs, fit.fitted().score(X, y) > 0.8
    (50, True)
    """

    def __init__(
        self, model: MLP, X: Any, y: Any, X_held: Any, y_held: Any, before: LiveFit | None = None
    ) -> None:  # fmt: skip
        self.model: MLP = clone(model)
        check_parameters(self.model, classes=is_classifier(self.model))
        widths = hidden_widths(self.model.hidden_layer_sizes)
        activations = layer_activations(self.model.activation, len(widths))
        rows = self.model._rows(X, y, None, reset=True, partial=False)
        held = self.model._own_held(X_held, y_held, None)
        self.network: nn.Network = self.model._build(widths, activations, rows.data, goes_on=False)
        self._rng = check_random_state(self.model.random_state)
        self.trained, self.held = sample(rows), sample(held if held is not None else rows)
        self.training = self._begin(rows.data.X, before)
        few = sample(rows, np.arange(len(rows.data.w))[: len(self.held.w)])
        seen = watched(self.model, self.network, few, self.held)
        self._measures_itself = seen is not None  # in the compiled code
        recipe = self.model._recipe(self.training.rate)
        if recipe.early_stopping:
            self.training.best_theta = self.training.theta.copy()
        else:
            self.training.watch[3] = np.inf  # who watches stops it
        self._steps = Steps(self.training, rows.data, np.arange(len(rows.data.w)), recipe, self._rng, seen)

    def _begin(self, X: Any, before: LiveFit | None) -> Training:
        """A training with first weights, or with those of the fit before."""
        rate, *_ = self.model._rates(self.network.layout, partial=True)
        recipe = self.model._recipe(rate)
        same = before is not None and before.network.layout.widths == self.network.layout.widths
        if before is None or not same:
            return start(self.network, self.model._initial(self.network, self._rng, X), recipe)
        training = start(self.network, before.training.theta.copy(), recipe)
        training.earlier, training.samples = before.epochs, before.training.samples
        if before.training.state.size == training.state.size and before.model.solver == self.model.solver:
            training.state, training.hyper[1] = before.training.state.copy(), before.training.hyper[1]
        return training

    @property
    def epochs(self) -> int:
        """The epochs run so far."""
        return self.training.earlier

    @property
    def theta(self) -> Array:
        """All weights and biases, as they are now; write to them between two runs."""
        return self.training.theta

    @property
    def activations(self) -> tuple[Activation, ...]:
        """One of each hidden layer."""
        return self.network.activations

    @property
    def has_stopped_early(self) -> bool:
        """Whether the held-out loss has not fallen for ``n_iter_no_change`` epochs."""
        return bool(self.model.early_stopping and self.training.is_stale)

    @property
    def batches(self) -> int:
        """The mini-batches of an epoch."""
        return self._steps.batches

    @property
    def part(self) -> float:
        """How much of an epoch under way is done; 0 between two epochs."""
        return self._steps.part

    def run(self, epochs: int) -> list[Record]:
        """Run so many epochs, or fewer if the held-out loss stops them; returns a record for each.

        An epoch under way counts as the first of them: its rest is run.

        Raises
        ------
        DivergenceError
            A weight is no longer finite.
        """
        alone = self.model.early_stopping and not self._measures_itself
        fresh = self.run_batches(self.batches) if self.part else []
        while len(fresh) < epochs and not self.has_stopped_early:
            fresh += self._ended(self._steps.run_epochs(self._rates(1 if alone else epochs - len(fresh))))
        return fresh

    def run_batches(self, count: int) -> list[Record]:
        """Run so many mini-batches of an epoch, or those that are left of it; returns its record if it ends.

        Raises
        ------
        DivergenceError
            A weight is no longer finite.
        """
        return self._ended(self._steps.run_batches(count, self._rates(1)))

    def _rates(self, epochs: int) -> Array:
        training = self.training
        recipe, rows = self.model._recipe(training.rate), len(self.trained.w)
        return learning_rates(recipe, training.rate, self.epochs, epochs, training.samples, rows)

    def _ended(self, fresh: list[Record]) -> list[Record]:
        """Count the epochs that have ended, and judge the last of them where the compiled code did not."""
        self.training.earlier += len(fresh)
        self.training.samples += len(self.trained.w) * len(fresh)
        if fresh and not math.isfinite(fresh[-1]["loss"]):
            raise DivergenceError(diverged(f"in epoch {fresh[-1]['epoch']}"))
        if fresh and self.model.early_stopping and not self._measures_itself:
            judge(self.training, -self._measured(self.held, self.theta).loss)
        return fresh

    def restore_best(self) -> None:
        """Put the weights back that had the least held-out loss, where they were kept."""
        if self.training.best_theta is not None:
            self.training.theta[:] = self.training.best_theta

    def measure(self, theta: Array) -> tuple[Measures, Measures]:
        """Loss, score and net inputs of the weights ``theta`` on the rows trained on and on those held out."""
        return self._measured(self.trained, theta), self._measured(self.held, theta)

    def _measured(self, rows: Sample, theta: Array) -> Measures:
        Z = rows.net_inputs(self.network, theta)
        if not np.isfinite(Z).all():
            return Measures(math.nan, math.nan, Z)
        loss = nn.mean_loss_of(self.network, Z.copy(), rows.Y, rows.w)
        if len(rows.w) < 2 and not is_classifier(self.model):
            return Measures(loss, math.nan, Z)  # R² compares a row with the mean of several
        return Measures(loss, float(self.model._score_of(Z, rows.Y, rows.w)), Z)

    def fitted(self) -> MLP:
        """A fitted estimator of its own with the weights as they are now."""
        model = copy.deepcopy(self.model)
        model.__dict__.update(fitted_attributes(self.network, self.theta.copy()))
        rows = self.trained
        model.loss_ = nn.mean_loss_of(self.network, rows.net_inputs(self.network, self.theta), rows.Y, rows.w)
        model.n_iter_, model.t_, model.loss_curve_ = self.epochs, self.training.samples, [model.loss_]
        model.history_, model.best_loss_ = {}, model.loss_
        model.validation_scores_, model.best_validation_score_ = None, None
        return model
