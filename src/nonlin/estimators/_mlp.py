"""What the two multilayer perceptrons share: scikit-learn's names and parameters, and any activation."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Self

import numpy as np
from sklearn.utils import check_random_state

from nonlin.activation import Activation
from nonlin.errors import InputError
from nonlin.estimators._base import Array, Estimator
from nonlin.estimators._checks import check_choice, check_integer, check_real, check_switch
from nonlin.estimators._held_out import split
from nonlin.estimators._layers import DEFAULT_BATCH, default_rate, hidden_widths, layer_activations
from nonlin.nn import network as nn
from nonlin.nn.initialisers import by_gain
from nonlin.nn.layout import Layout
from nonlin.nn.losses import LOSSES
from nonlin.nn.trainer import Data, DivergenceError, Recipe, Training, run_epochs, run_lbfgs, start

_SOLVERS = ("adam", "sgd", "lbfgs")
_SCHEDULES = ("constant", "invscaling", "adaptive")
OTHER_SHAPE = "warm_start needs the same layers, features and classes as the fit before; fit a new model"
_TRIES = 9  # of an "auto" learning rate, a tenth of the one before each
_BLOWN_UP = 2.0  # times the loss of the first epoch: no longer noise


class MLP(Estimator):
    """The abstract base of the two multilayer perceptrons."""

    coefs_: list[Array]
    intercepts_: list[Array]
    activations_: tuple[Activation, ...]

    def __init__(
        self, hidden_layer_sizes: Any = (100,), activation: Any = "relu", *, solver: str = "adam",
        alpha: float = 0.0001, batch_size: int | str = "auto", learning_rate: str = "constant",
        learning_rate_init: float | str = "auto", power_t: float = 0.5, max_iter: int = 200, shuffle: bool = True,
        random_state: Any = None, tol: float = 1e-4, momentum: float = 0.9, nesterovs_momentum: bool = True,
        early_stopping: bool = False, scoring: str | None = None, validation_fraction: float = 0.1,
        beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-8, n_iter_no_change: int = 10,
        max_fun: int = 15000, warm_start: bool = False,
    ) -> None:  # fmt: skip
        self.hidden_layer_sizes, self.activation = hidden_layer_sizes, activation
        self.solver, self.alpha, self.batch_size = solver, alpha, batch_size
        self.learning_rate, self.learning_rate_init, self.power_t = learning_rate, learning_rate_init, power_t
        self.max_iter, self.shuffle, self.random_state, self.tol = max_iter, shuffle, random_state, tol
        self.momentum, self.nesterovs_momentum = momentum, nesterovs_momentum
        self.early_stopping, self.scoring = early_stopping, scoring
        self.validation_fraction, self.n_iter_no_change = validation_fraction, n_iter_no_change
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.max_fun, self.warm_start = max_fun, warm_start

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train on rows X and targets y.

        Parameters
        ----------
        X : (n, n_features)
        y : (n,) class labels, or (n,) or (n, n_outputs) numbers for a regressor
        sample_weight : (n,), default ones

        Raises
        ------
        InputError
            A parameter breaks its rule.
        DivergenceError
            The weights became infinite: the learning rate is too high for these inputs.
        """
        self._check_parameters()
        widths = hidden_widths(self.hidden_layer_sizes)
        activations = layer_activations(self.activation, len(widths))
        data = self._prepare(X, y, sample_weight)
        layout = Layout((data.X.shape[1], *widths, data.Y.shape[1]))
        network = nn.Network(layout, activations, self._loss_name(data.Y.shape[1]), data.X.dtype.type)
        rng = check_random_state(self.random_state)
        continues = self.warm_start and hasattr(self, "coefs_")
        theta = self._continued(layout) if continues else self._initial(network, rng)
        return self._take(self._train(network, theta, data, rng))

    def _check_parameters(self) -> None:
        check_choice("solver", self.solver, _SOLVERS)
        check_choice("learning_rate", self.learning_rate, _SCHEDULES)
        check_choice("scoring", self.scoring, (None, "loss"))
        check_integer("batch_size", self.batch_size, 1, word="auto")
        check_real("learning_rate_init", self.learning_rate_init, 0, closed=False, word="auto")
        for name in ("max_iter", "n_iter_no_change", "max_fun"):
            check_integer(name, getattr(self, name), 1)
        for name in ("alpha", "tol", "power_t"):
            check_real(name, getattr(self, name), 0)
        for name in ("momentum", "beta_1", "beta_2"):
            check_real(name, getattr(self, name), 0, 1)
        check_real("epsilon", self.epsilon, 0, closed=False)
        check_real("validation_fraction", self.validation_fraction, 0, 1, closed=False)
        for name in ("shuffle", "nesterovs_momentum", "early_stopping", "warm_start"):
            check_switch(name, getattr(self, name))

    def _prepare(self, X: Any, y: Any, sample_weight: Any) -> Data:
        """The samples that count, with coded targets."""
        raise NotImplementedError  # pragma: no cover - abstract

    def _loss_name(self, outputs: int) -> str:
        raise NotImplementedError  # pragma: no cover - abstract

    def _score_of(self, Z: Array, Y: Array, weights: Array) -> float:
        """The score that early stopping watches, from net inputs and coded targets; higher is better."""
        raise NotImplementedError  # pragma: no cover - abstract

    def _continued(self, layout: Layout) -> Array:
        """The parameters of the fit before."""
        if [W.shape for W in self.coefs_] != list(pairwise(layout.widths)):
            raise InputError(OTHER_SHAPE)
        return self._theta

    def _initial(self, network: nn.Network, rng: np.random.RandomState) -> Array:
        generator = np.random.default_rng(rng.randint(np.iinfo(np.int32).max))
        return by_gain(network.layout, [a.gain for a in network.activations], generator)

    def _recipe(self, rate: float) -> Recipe:
        batch = DEFAULT_BATCH if self.batch_size == "auto" else self.batch_size
        own = {"batch_size": batch, "learning_rate_init": rate}
        names = (set(Recipe.__dataclass_fields__) & set(self.get_params(deep=False))) - set(own)
        return Recipe(**own, **{name: getattr(self, name) for name in names})  # type: ignore[arg-type]

    def _rates(self, layout: Layout) -> list[float]:
        """The learning rates to try in turn, until training does not diverge."""
        if isinstance(self.learning_rate_init, str):
            return [default_rate(self.solver, layout) / 10**k for k in range(_TRIES)]
        return [self.learning_rate_init]

    def _train(self, network: nn.Network, theta: Array, data: Data, rng: np.random.RandomState) -> Training:
        *rates, last = self._rates(network.layout)
        if self.solver == "lbfgs":
            training = start(network, theta, self._recipe(last))
            run_lbfgs(training, data, self._recipe(last))
            return training
        score = None
        if self.early_stopping:
            stratify = network.loss.endswith("entropy")
            data, held_out = split(data, self.validation_fraction, rng, stratify=stratify)
            held_out_score = self._scorer(network, held_out)

            def score(theta: Array) -> dict[str, float]:
                return {"validation_score": held_out_score(theta)}

        for rate in rates:
            training = start(network, theta.copy(), self._recipe(rate))
            with contextlib.suppress(DivergenceError):
                run_epochs(training, data, self._recipe(rate), rng, score)
                if training.loss_curve[-1] <= _BLOWN_UP * training.loss_curve[0]:
                    return training
        training = start(network, theta, self._recipe(last))
        run_epochs(training, data, self._recipe(last), rng, score)
        return training

    def _scorer(self, network: nn.Network, held_out: Data) -> Callable[[Array], float]:
        """The score of parameters on the rows held out; higher is better."""
        X, Y, w = held_out
        if self.scoring == "loss":
            return lambda theta: -nn.mean_loss(network, theta, X, Y, w)
        return lambda theta: self._score_of(nn.forward(network, theta, X), Y, w)

    def _take(self, training: Training) -> Self:
        """Set the fitted attributes from a finished training."""
        layout, scores = training.network.layout, training.validation_scores
        self.coefs_, self.intercepts_ = layout.weights(training.theta), layout.biases(training.theta)
        self.activations_ = training.network.activations
        self.loss_curve_, self.n_iter_ = training.loss_curve, len(training.loss_curve)
        self.loss_, self.best_loss_ = training.loss_curve[-1], None if scores else min(training.loss_curve)
        self.validation_scores_, self.best_validation_score_ = scores or None, max(scores, default=None)
        self.t_ = training.samples
        self.n_layers_, self.n_outputs_ = len(layout.widths), layout.widths[-1]
        self.out_activation_ = LOSSES[training.network.loss].output
        return self

    @property
    def _theta(self) -> Array:
        """All parameters in one buffer, as :class:`~nonlin.nn.layout.Layout` lays them out."""
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
        return nn.Network(layout, self.activations_, self._loss_name(layout.widths[-1]), dtype)

    def net_input(self, X: Any) -> Array:
        """The net input z of the output layer: (n, n_outputs)."""
        X = self._check_predict(X)
        network = self._network()
        return nn.forward(network, self._theta.astype(network.dtype), X.astype(network.dtype, copy=False))


def counted(X: Array, Y: Array, weights: Array) -> Data:
    """The samples, without the rows of weight 0: they would take up room in the batches."""
    rows = weights > 0
    return Data(X, Y, weights) if rows.all() else Data(X[rows], Y[rows], weights[rows])
