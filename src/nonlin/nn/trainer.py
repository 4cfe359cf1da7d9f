"""Training: the epoch loop with its stopping rules, and L-BFGS.

The compiled code runs whole epochs; Python decides between them.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numba as nb
import numpy as np
import scipy.optimize
from sklearn.exceptions import ConvergenceWarning

from nonlin.backends.numba import python_function
from nonlin.errors import NonlinError
from nonlin.nn import network as compiled
from nonlin.nn.layout import Array
from nonlin.nn.network import Network
from nonlin.nn.optimisers import OPTIMISERS, optimiser_kernel

_run_epochs = python_function(compiled.run_epochs, 15)
_judge = python_function(compiled.judge, 2)
_loss_and_gradient = python_function(compiled.loss_and_gradient, 8)
_ROWS_AT_ONCE = 2**16  # go through compiled code between two looks from Python, so that Ctrl-C is heard


class Data(NamedTuple):
    """Samples in rows, contiguous and of one float type: inputs, coded targets (2-D) and weights."""

    X: Array
    Y: Array
    w: Array


@dataclass
class Recipe:
    """How to train; the names are scikit-learn's."""

    solver: str = "adam"
    alpha: float = 1e-4
    batch_size: int = 200
    learning_rate: str = "constant"
    learning_rate_init: float = 1e-3
    power_t: float = 0.5
    max_iter: int = 200
    shuffle: bool = True
    tol: float = 1e-4
    momentum: float = 0.9
    nesterovs_momentum: bool = True
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    n_iter_no_change: int = 10
    max_fun: int = 15000


@dataclass
class Training:
    """A training under way: the parameters, the optimiser's memory, and what has been seen so far."""

    network: Network
    theta: Array
    state: Array
    hyper: Array
    watch: Array
    best_theta: Array | None = None
    loss_curve: list[float] = field(default_factory=list)
    validation_scores: list[float] = field(default_factory=list)
    samples: int = 0

    @property
    def is_stale(self) -> bool:
        """Whether the last ``n_iter_no_change`` + 1 epochs each brought less than ``tol``."""
        return bool(self.watch[1] > self.watch[3])


class DivergenceError(NonlinError, ValueError):
    """The parameters became infinite or NaN."""


def start(network: Network, theta: Array, recipe: Recipe) -> Training:
    """A training at its beginning."""
    optimiser = OPTIMISERS.get(recipe.solver)
    constants = [float(getattr(recipe, name)) for name in optimiser.constants] if optimiser else []
    slots = optimiser.slots if optimiser else 0
    hyper = np.array([recipe.learning_rate_init, 0.0, *constants])
    theta = np.ascontiguousarray(theta, dtype=network.dtype)
    watch = np.array([-np.inf, 0.0, recipe.tol, recipe.n_iter_no_change])
    return Training(network, theta, np.zeros(slots * theta.size, network.dtype), hyper, watch)


def run_epochs(
    training: Training,
    data: Data,
    recipe: Recipe,
    rng: np.random.RandomState,
    score: Callable[[Array], float] | None = None,
    after_epoch: Callable[[int], None] | None = None,
) -> None:
    """Run epochs of mini-batches until a stopping rule holds or ``max_iter`` is reached.

    Without ``score`` the training loss must fall by ``tol`` within ``n_iter_no_change`` epochs; with it (a function of
    the parameters, higher is better) the held-out score must rise by ``tol``, and the best parameters are restored.

    Raises
    ------
    DivergenceError
        A parameter is no longer finite; found at the end of the epoch in which it happens.
    """
    network, theta = training.network, training.theta
    batch = min(recipe.batch_size, len(data.X))
    optimiser = int(optimiser_kernel(recipe.solver, nb.from_dtype(np.dtype(network.dtype))).address)
    fixed = (
        tuple(data), np.arange(len(data.X)), np.array([rng.randint(1, 2**31)], dtype=np.uint64), bool(recipe.shuffle),
        batch, recipe.alpha, theta, np.empty_like(theta), training.state, training.hyper, optimiser,
        network.compiled(batch), network.block,
    )  # fmt: skip
    watched = training.watch if score is None else np.array([-np.inf, 0.0, 0.0, np.inf])
    alone = score is not None or after_epoch is not None or _has_schedule(recipe)
    at_once, done = 1 if alone else max(1, _ROWS_AT_ONCE // len(data.X)), 0
    while done < recipe.max_iter:
        _follow_schedule(recipe, training)
        losses = np.empty(min(at_once, recipe.max_iter - done))
        epochs = _run_epochs(*fixed, losses, watched)
        _record(training, losses[:epochs], len(data.X))
        if score is not None:
            _judge_score(training, score(theta))
        if after_epoch is not None:
            after_epoch(done)
        done += epochs
        if training.is_stale and not _slow_down(training, recipe):
            break
    else:
        warnings.warn(_not_converged(recipe.max_iter), ConvergenceWarning, stacklevel=4)
    if training.best_theta is not None:
        theta[:] = training.best_theta


def _has_schedule(recipe: Recipe) -> bool:
    """As in scikit-learn, only plain gradient descent has schedules."""
    return recipe.solver == "sgd" and recipe.learning_rate != "constant"


def _follow_schedule(recipe: Recipe, training: Training) -> None:
    """Set the epoch's learning rate."""
    if _has_schedule(recipe) and recipe.learning_rate == "invscaling":
        training.hyper[0] = recipe.learning_rate_init / (training.samples + 1) ** recipe.power_t


def _record(training: Training, losses: Array, rows: int) -> None:
    """Append the losses of finished epochs."""
    if not math.isfinite(losses[-1]):
        raise DivergenceError(
            "training diverged: a weight or the loss is no longer finite; lower learning_rate_init or scale the inputs"
        )
    training.loss_curve += losses.tolist()
    training.samples += rows * len(losses)


def _judge_score(training: Training, score: float) -> None:
    """Append the held-out score, and keep the parameters if it is the best."""
    training.validation_scores.append(score)
    if score > training.watch[0]:
        training.best_theta = training.theta.copy()
    _judge(score, training.watch)


def _slow_down(training: Training, recipe: Recipe) -> bool:
    """With the adaptive rate, divide it by five and go on, down to 1e-6."""
    if not _has_schedule(recipe) or recipe.learning_rate != "adaptive" or training.hyper[0] <= 1e-6:
        return False
    training.hyper[0] /= 5.0
    training.watch[1] = 0
    return True


def _not_converged(max_iter: int) -> str:
    return f"the maximum of {max_iter} iterations was reached and training has not converged; raise max_iter"


def run_lbfgs(training: Training, data: Data, recipe: Recipe) -> None:
    """Minimise over all rows at once by L-BFGS (SciPy's)."""
    network = training.network
    net = network.compiled(len(data.X)), network.block
    grad = np.empty_like(training.theta)

    def objective(theta: Array) -> tuple[float, Array]:
        point = np.ascontiguousarray(theta, dtype=network.dtype)
        loss = _loss_and_gradient(*data, recipe.alpha, point, grad, *net)
        return loss, grad.astype(np.float64)

    def after_iteration(intermediate_result: scipy.optimize.OptimizeResult) -> None:
        training.loss_curve.append(float(intermediate_result.fun))

    options = {"maxfun": recipe.max_fun, "maxiter": recipe.max_iter, "gtol": recipe.tol}
    result = scipy.optimize.minimize(
        objective, training.theta.astype(np.float64), method="L-BFGS-B", jac=True, options=options,
        callback=after_iteration,
    )  # fmt: skip
    if not np.isfinite(result.fun):
        raise DivergenceError("L-BFGS met a loss that is not finite; scale the inputs")
    training.theta[:] = result.x
    training.loss_curve.append(float(result.fun))
    if not result.success:
        warnings.warn(_not_converged(int(result.nit)), ConvergenceWarning, stacklevel=4)
