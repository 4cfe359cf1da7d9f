"""What the two multilayer perceptrons share: scikit-learn's names and parameters, any activation, and the fit."""

from __future__ import annotations

import contextlib
import warnings
from itertools import pairwise
from typing import Any, Self

import numpy as np
from sklearn.base import is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state

from nonlin.activation import Activation
from nonlin.errors import InputError
from nonlin.estimators import _parquet
from nonlin.estimators._audience import Audience, CallbackSupportMixin, audience, one_epoch_audience
from nonlin.estimators._base import Array
from nonlin.estimators._fitted_network import FittedNetwork, fitted_attributes
from nonlin.estimators._held_out import Rows, observer, sample, watched
from nonlin.estimators._layers import DEFAULT_BATCH, default_rate, hidden_widths, layer_activations
from nonlin.estimators._mlp_checks import check_parameters
from nonlin.estimators._mlp_input import dense_blocks
from nonlin.estimators._split import split
from nonlin.nn import network as nn
from nonlin.nn.initialisers import initial, scale_to_unit_variance
from nonlin.nn.layout import Layout
from nonlin.nn.lbfgs import run_lbfgs
from nonlin.nn.learned import initial_values
from nonlin.nn.losses import Loss, chosen
from nonlin.nn.recipe import Data, Recipe, Record, Training, start
from nonlin.nn.trainer import DivergenceError, run_epochs

OTHER_SHAPE = "warm_start and partial_fit need the same layers and outputs as the fit before; fit a new model"
_TRIES = 9  # of an "auto" learning rate, a tenth of the one before each
_BLOWN_UP = 2.0  # times the loss of the first epoch: no longer noise
_LSUV_ROWS = 1000


class MLP(FittedNetwork, CallbackSupportMixin):
    """The abstract base of the two multilayer perceptrons."""

    hidden_layer_sizes: Any
    activation: Any
    loss: str
    solver: str
    batch_size: Any
    learning_rate_init: Any
    random_state: Any
    early_stopping: bool
    validation_fraction: float
    scoring: Any
    init: str
    activation_trainable: bool
    warm_start: bool
    callbacks: Any
    verbose: Any
    history_: dict[str, list[Any]]
    loss_curve_: list[float]
    best_loss_: float | None
    validation_scores_: list[float] | None
    best_validation_score_: float | None

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, *, X_val: Any = None, y_val: Any = None,
        sample_weight_val: Any = None,
    ) -> Self:  # fmt: skip
        """Train on rows X and targets y.

        Parameters
        ----------
        X : (n, n_features) array, CSR or CSC matrix, or memory map
        y : (n,) class labels or (n, n_labels) of 0 and 1, or (n,) or (n, n_outputs) numbers for a regressor
        sample_weight : (n,), default ones
        X_val, y_val, sample_weight_val : rows to measure each epoch on; with ``early_stopping`` no others are held out

        Raises
        ------
        InputError
            A parameter breaks its rule.
        DivergenceError
            The weights became infinite: the learning rate is too high for these inputs.
        """
        return self._fit(X, y, sample_weight, (X_val, y_val, sample_weight_val))

    fit_parquet = _parquet.fit_parquet

    def _fit(
        self, X: Any, y: Any, sample_weight: Any, own_held: tuple[Any, Any, Any], *, partial: bool = False
    ) -> Self:
        check_parameters(self, classes=is_classifier(self))
        if partial and self.early_stopping:
            raise InputError("partial_fit does not support early_stopping=True; call fit, or set it to False")
        widths = hidden_widths(self.hidden_layer_sizes)
        activations = layer_activations(self.activation, len(widths))
        goes_on = hasattr(self, "coefs_") and (self.warm_start or partial)
        rows = self._rows(X, y, sample_weight, reset=not goes_on, partial=partial)
        held = self._own_held(*own_held)
        network = self._build(widths, activations, rows.data, goes_on=goes_on)
        rng = check_random_state(self.random_state)
        theta = self._continued(network) if goes_on else self._initial(network, rng, rows.data.X)
        with one_epoch_audience(self) if partial else audience(self, X, y, sample_weight) as told:
            if self.solver == "lbfgs":
                training = start(network, theta, self._recipe(1.0))
                run_lbfgs(training, rows.data, self._recipe(1.0))
            else:
                training = self._descend(network, theta, rows, held, rng, told, goes_on=goes_on, partial=partial)
            return self._take(training, goes_on=goes_on)

    def _rows(self, X: Any, y: Any, sample_weight: Any, *, reset: bool, partial: bool) -> Rows:
        """The samples that count, with coded targets."""
        raise NotImplementedError  # pragma: no cover - abstract

    def _held_rows(self, X: Any, y: Any, sample_weight: Any) -> Rows:
        """The samples to measure on, with coded targets."""
        raise NotImplementedError  # pragma: no cover - abstract

    def _score_of(self, Z: Array, Y: Array, weights: Array) -> float:
        """The score that early stopping watches, from net inputs and coded targets; higher is better."""
        raise NotImplementedError  # pragma: no cover - abstract

    @property
    def _is_exclusive(self) -> bool:
        """Whether there are more than two classes, of which one holds."""
        return False

    @property
    def _loss(self) -> Loss:
        return chosen(self.loss, exclusive=self._is_exclusive)

    def _own_held(self, X: Any, y: Any, sample_weight: Any) -> Rows | None:
        if X is None and y is None:
            return None
        if X is None or y is None:
            raise InputError("X_val and y_val must be given together; give both, or neither")
        if self.solver == "lbfgs":
            raise InputError("X_val needs a solver with epochs, got solver='lbfgs'; take solver='adam'")
        return self._held_rows(X, y, sample_weight)

    def _build(
        self, widths: tuple[int, ...], activations: tuple[Activation, ...], data: Data, *, goes_on: bool
    ) -> nn.Network:
        if goes_on and self.activation_trainable:
            activations = getattr(self, "activations_", activations)
        layout = Layout((data.X.shape[1], *widths, data.Y.shape[1]))
        params = tuple(float(getattr(self, name)) for name in self._loss.params)
        dtype = data.X.dtype.type
        return nn.Network(layout, activations, self._loss.name, dtype, params, bool(self.activation_trainable))

    def _continued(self, network: nn.Network) -> Array:
        """The parameters of the fit before."""
        if [np.shape(W) for W in self.coefs_] != list(pairwise(network.layout.widths)):
            raise InputError(OTHER_SHAPE)
        return np.append(self._theta, initial_values(network.activations) if network.trainable else [])

    def _initial(self, network: nn.Network, rng: np.random.RandomState, X: Any) -> Array:
        generator = np.random.default_rng(rng.randint(np.iinfo(np.int32).max))
        theta = initial(self.init, network.layout, [a.gain for a in network.activations], generator)
        if self.init == "lsuv":
            first = next(iter(dense_blocks(X[:_LSUV_ROWS], np.float64)))
            scale_to_unit_variance(network.layout, theta, network.activations, first)
        return np.append(theta, initial_values(network.activations) if network.trainable else [])

    def _recipe(self, rate: float) -> Recipe:
        batch = DEFAULT_BATCH if self.batch_size == "auto" else self.batch_size
        own: dict[str, Any] = {"batch_size": batch, "learning_rate_init": rate}
        names = set(Recipe.__dataclass_fields__) - set(own)
        return Recipe(**own, **{name: getattr(self, name) for name in names})

    def _rates(self, layout: Layout, *, partial: bool) -> list[float]:
        """The learning rates to try in turn, until training does not diverge."""
        if isinstance(self.learning_rate_init, str):
            return [default_rate(self.solver, layout) / 10**k for k in range(1 if partial else _TRIES)]
        return [float(self.learning_rate_init)]

    def _descend(
        self, network: nn.Network, theta: Array, rows: Rows, held: Rows | None, rng: np.random.RandomState,
        told: Audience, *, goes_on: bool, partial: bool,
    ) -> Training:  # fmt: skip
        """Run epochs at the first learning rate that does not diverge."""
        data, kept = rows.data, None
        if self.batch_size != "auto" and self.batch_size > data.X.shape[0]:
            warnings.warn(
                "Got `batch_size` less than 1 or larger than sample size. It is going to be clipped", stacklevel=4
            )
        measured = None if held is None else sample(held)
        if self.early_stopping and held is None:
            kept, left = split(
                data.Y, self.validation_fraction, rng, exclusive=self._is_exclusive, stratify=self._stratifies
            )
            measured = sample(rows, left)
        hooks: dict[str, Any] = {}
        if measured is not None:
            few = (np.arange(data.X.shape[0]) if kept is None else kept)[: len(measured.w)]
            both = sample(rows, np.sort(few)), measured
            seen = watched(self, network, *both)
            hooks = {"evaluate": observer(self, network, *both)} if seen is None else {"watched": seen}
        *rates, last = self._rates(network.layout, partial=partial)

        def train(rate: float) -> Training:
            training = self._start(network, theta.copy(), rate, goes_on=goes_on, partial=partial)
            self._run(training, data, rng, told, hooks, kept, partial=partial)
            return training

        for rate in rates:
            with contextlib.suppress(DivergenceError):
                training = train(rate)
                if training.loss_curve[-1] <= _BLOWN_UP * training.loss_curve[0]:
                    return training
        return train(last)

    @property
    def _stratifies(self) -> bool:
        return False

    def _start(self, network: nn.Network, theta: Array, rate: float, *, goes_on: bool, partial: bool) -> Training:
        """A training from the beginning, or where the one before stopped."""
        training = start(network, theta, self._recipe(rate))
        training.samples = self.t_ if goes_on else 0
        memory = getattr(self, "_memory", None)
        if partial and memory is not None and memory["state"].size == training.state.size:
            training.state, training.hyper = memory["state"].astype(network.dtype), memory["hyper"].copy()
            training.watch[:2], training.rate = memory["watch"][:2], float(memory["rate"][0])
            training.earlier = len(self.loss_curve_)
        return training

    def _run(
        self, training: Training, data: Data, rng: np.random.RandomState, told: Audience,
        hooks: dict[str, Any], rows: Array | None, *, partial: bool,
    ) -> None:  # fmt: skip
        """Run the epochs. Ctrl-C, and a divergence under early stopping, leave the best weights so far."""

        def after(record: Record) -> bool:
            return told.end_epoch(record, lambda: fitted_attributes(training.network, training.theta.copy()))

        if not told.is_empty:
            hooks = {**hooks, "before_epoch": told.begin_epoch, "after_epoch": after}
        epochs = 1 if partial else None
        try:
            run_epochs(training, data, self._recipe(training.rate), rng, rows=rows, epochs=epochs, **hooks)
        except DivergenceError as error:
            if not self.early_stopping or isinstance(self.learning_rate_init, str):
                raise
            warnings.warn(f"{error}; the best weights before that are kept", ConvergenceWarning, stacklevel=6)
        except KeyboardInterrupt:
            if not training.records:
                raise
            warnings.warn("Training interrupted by user.", stacklevel=6)

    def _take(self, training: Training, *, goes_on: bool) -> Self:
        """Set the fitted attributes from a finished training; what grows with the epochs grows where it is."""
        if not goes_on or not hasattr(self, "history_"):
            self.history_, self.loss_curve_, self.best_loss_ = {}, [], np.inf
            self.validation_scores_, self.best_validation_score_ = [], -np.inf
        self.__dict__.update(fitted_attributes(training.network, training.theta))
        for record in training.records:
            for key, value in record.items():
                self.history_.setdefault(key, []).append(value)
        self.loss_curve_ += training.loss_curve
        self.loss_, self.n_iter_, self.t_ = self.loss_curve_[-1], len(training.records), training.samples
        if self.early_stopping and self.solver != "lbfgs":
            known = [score for score in training.validation_scores if not np.isnan(score)]
            self.validation_scores_ = [*(self.validation_scores_ or []), *training.validation_scores]
            best = -np.inf if self.best_validation_score_ is None else self.best_validation_score_
            self.best_validation_score_, self.best_loss_ = max([best, *known]), None
        else:
            best = np.inf if self.best_loss_ is None else self.best_loss_
            self.best_loss_ = min([best, *training.loss_curve])
            self.validation_scores_, self.best_validation_score_ = None, None
        self._memory = {
            "state": training.state, "hyper": training.hyper, "watch": training.watch, "rate": np.array([training.rate])
        }  # fmt: skip
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def keep(model: MLP, given: dict[str, Any]) -> None:
    """Set each parameter of a constructor as an attribute, unchanged."""
    for name, value in given.items():
        if name not in ("self", "__class__"):
            setattr(model, name, value)


def has_epochs(model: MLP) -> bool:
    """Whether the solver can go on: scikit-learn hides ``partial_fit`` where it cannot."""
    if model.solver == "lbfgs":
        raise AttributeError("partial_fit is only available for stochastic optimizers. lbfgs is not stochastic.")
    return True
