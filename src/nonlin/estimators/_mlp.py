"""What the two multilayer perceptrons share: scikit-learn's names and parameters, any activation, and the fit."""

from __future__ import annotations

import contextlib
import copy
import warnings
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Self

import numpy as np
from sklearn.base import is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from nonlin.activation import Activation
from nonlin.errors import InputError, bad_value
from nonlin.estimators import _parquet
from nonlin.estimators._base import Array, Estimator
from nonlin.estimators._collapse import LinearMap, collapse
from nonlin.estimators._held_out import Rows, observer, split
from nonlin.estimators._layers import DEFAULT_BATCH, default_rate, hidden_widths, layer_activations
from nonlin.estimators._mlp_checks import check_parameters
from nonlin.estimators._mlp_input import check_inputs, dense_blocks, net_inputs, taken
from nonlin.nn import network as nn
from nonlin.nn.initialisers import initial, scale_to_unit_variance
from nonlin.nn.layout import Layout
from nonlin.nn.learned import initial_values
from nonlin.nn.losses import LOSSES, Loss, chosen
from nonlin.nn.trainer import Data, DivergenceError, Recipe, Record, Training, run_epochs, run_lbfgs, start

OTHER_SHAPE = "warm_start and partial_fit need the same layers and outputs as the fit before; fit a new model"
_TRIES = 9  # of an "auto" learning rate, a tenth of the one before each
_BLOWN_UP = 2.0  # times the loss of the first epoch: no longer noise
_LSUV_ROWS = 1000


class MLP(Estimator):
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
    coefs_: list[Array]
    intercepts_: list[Array]
    activations_: tuple[Activation, ...]

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
        if self.solver == "lbfgs":
            training = start(network, theta, self._recipe(1.0))
            run_lbfgs(training, rows.data, self._recipe(1.0))
        else:
            training = self._descend(network, theta, rows, held, rng, goes_on=goes_on, partial=partial)
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
        self, network: nn.Network, theta: Array, rows: Rows, held: Rows | None, rng: np.random.RandomState, *,
        goes_on: bool, partial: bool,
    ) -> Training:  # fmt: skip
        """Run epochs at the first learning rate that does not diverge."""
        data, kept = rows.data, None
        if self.batch_size != "auto" and self.batch_size > data.X.shape[0]:
            warnings.warn(
                "Got `batch_size` less than 1 or larger than sample size. It is going to be clipped", stacklevel=4
            )
        if self.early_stopping and held is None:
            kept, left = split(
                data.Y, self.validation_fraction, rng, exclusive=self._is_exclusive, stratify=self._stratifies
            )
            held = Rows(taken(data, left), rows.y[left])
        evaluate = None if held is None else self._observer(network, rows, held, kept)
        *rates, last = self._rates(network.layout, partial=partial)

        def train(rate: float) -> Training:
            training = self._start(network, theta.copy(), rate, goes_on=goes_on, partial=partial)
            self._run(training, data, rng, evaluate, kept, partial=partial)
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
        self, training: Training, data: Data, rng: np.random.RandomState, evaluate: Any, rows: Array | None, *,
        partial: bool,
    ) -> None:  # fmt: skip
        """Run the epochs. Ctrl-C, and a divergence under early stopping, leave the best weights so far."""
        after = self._after_epoch if self.callbacks or self.verbose else None
        recipe = self._recipe(training.rate)
        try:
            run_epochs(training, data, recipe, rng, evaluate, after, rows, 1 if partial else None)
        except DivergenceError as error:
            if not self.early_stopping or isinstance(self.learning_rate_init, str):
                raise
            warnings.warn(f"{error}; the best weights before that are kept", ConvergenceWarning, stacklevel=6)
        except KeyboardInterrupt:
            if not training.records:
                raise
            warnings.warn("Training interrupted by user.", stacklevel=6)

    def _after_epoch(self, record: Record) -> bool:
        """Say what has come of an epoch, to the user and to the callbacks; return whether one wants to stop."""
        if self.verbose:
            print(f"Iteration {record['epoch']}, loss = {record['loss']:.8f}")
            if "validation_score" in record:
                print(f"Validation score: {record['validation_score']:.6f}")
        answers = [callback(record) for callback in self.callbacks or ()]  # each hears of each epoch
        return any(answer is True for answer in answers)

    def _observer(self, network: nn.Network, rows: Rows, held: Rows, kept: Array | None) -> Callable[[Array], Record]:
        few = (np.arange(rows.data.X.shape[0]) if kept is None else kept)[: held.data.X.shape[0]]
        return observer(network, held, Rows(taken(rows.data, few), rows.y[few]), net_inputs, self._scorer(network))

    def _scorer(self, network: nn.Network) -> Callable[[Array, Rows, Array], float]:
        """The score of parameters on some rows; higher is better."""
        if self.scoring is None:
            return lambda _, rows, Z: self._score_of(Z, rows.data.Y, rows.data.w)
        if isinstance(self.scoring, str) and self.scoring == "loss":
            return lambda _, rows, Z: -nn.mean_loss_of(network, Z.copy(), rows.data.Y, rows.data.w)
        return self._score_by_scikit_learn(network)

    def _score_by_scikit_learn(self, network: nn.Network) -> Callable[[Array, Rows, Array], float]:
        """The score of a model with the parameters as they are at the time."""
        from sklearn.metrics import check_scoring  # slow to import, and only early stopping needs it

        try:
            scorer = check_scoring(self, self.scoring)
        except ValueError:
            raise bad_value("scoring", "None, 'loss', a scorer's name or a callable", self.scoring) from None

        def score(theta: Array, rows: Rows, Z: Array) -> float:  # noqa: ARG001 - a scorer predicts itself
            probe = copy.copy(self)
            if hasattr(probe, "feature_names_in_"):
                del probe.feature_names_in_  # the rows are arrays by now
            probe._set_parameters(network, theta)
            weights = {} if (rows.data.w == rows.data.w[0]).all() else {"sample_weight": rows.data.w}
            return float(scorer(probe, rows.data.X, rows.y, **weights))

        return score

    def _set_parameters(self, network: nn.Network, theta: Array) -> None:
        self.coefs_, self.intercepts_ = network.layout.weights(theta), network.layout.biases(theta)
        self.activations_ = network.fitted_activations(theta)
        self.n_layers_, self.n_outputs_ = len(network.layout.widths), network.layout.widths[-1]
        self.out_activation_ = LOSSES[network.loss].output

    def _take(self, training: Training, *, goes_on: bool) -> Self:
        """Set the fitted attributes from a finished training; what grows with the epochs grows where it is."""
        if not goes_on or not hasattr(self, "history_"):
            self.history_, self.loss_curve_, self.best_loss_ = {}, [], np.inf
            self.validation_scores_, self.best_validation_score_ = [], -np.inf
        self._set_parameters(training.network, training.theta)
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

    @property
    def _theta(self) -> Array:
        """All weights and biases in one buffer, as :class:`~nonlin.nn.layout.Layout` lays them out."""
        layers = zip(self.coefs_, self.intercepts_, strict=True)
        return np.concatenate([np.ravel(part) for layer in layers for part in layer])

    def _network(self) -> nn.Network:
        """The fitted network, from the arrays as they are now: the compiled code trusts their shapes."""
        layout = Layout((self.n_features_in_, *(len(b) for b in self.intercepts_)))
        shapes = [W.shape for W in self.coefs_]
        fits = shapes == list(pairwise(layout.widths)) and self._theta.size == layout.size
        if not fits or len(self.activations_) != len(shapes) - 1:
            raise InputError("coefs_, intercepts_ and activations_ do not fit together; fit the model again")
        dtype = np.float32 if self.coefs_[0].dtype == np.float32 else np.float64
        return nn.Network(layout, self.activations_, "squared_error", dtype)  # which loss, prediction never asks

    def net_input(self, X: Any) -> Array:
        """The net input z of the output layer: (n, n_outputs)."""
        check_is_fitted(self)
        X = check_inputs(self, X)
        network = self._network()
        return net_inputs(network, self._theta.astype(network.dtype), X)

    def transform_hidden(self, X: Any, layer: int = -1) -> Array:
        """The signals φ(z) of a hidden layer: (n, units).

        Parameters
        ----------
        X : (n, n_features)
        layer : int, default -1
            The hidden layer, counted from 0, or from the last one by negative numbers.

        Raises
        ------
        InputError
            There is no such hidden layer.
        """
        check_is_fitted(self)
        X, network, layers = check_inputs(self, X), self._network(), len(self.activations_)
        if isinstance(layer, bool) or not isinstance(layer, int | np.integer) or not -layers <= layer < layers:
            raise bad_value(
                "layer", f"the number of one of the {layers} hidden layers, from {-layers} to {layers - 1}", layer
            )
        theta = self._theta.astype(network.dtype)
        return np.concatenate([nn.hidden(network, theta, part)[layer][0] for part in dense_blocks(X, network.dtype)])

    def collapse(self) -> LinearMap:
        """The one linear map z = x W + b of a network that does not bend; without hidden layers, its only layer.

        Raises
        ------
        InputError
            An activation bends, so that no linear map computes the same.
        """
        check_is_fitted(self)
        return collapse(self.coefs_, self.intercepts_, self.activations_)

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
