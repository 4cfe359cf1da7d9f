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

_run_epoch = python_function(compiled.run_epoch, 11)
_shuffle = python_function(compiled.shuffle, 2)
_loss_and_gradient = python_function(compiled.loss_and_gradient, 8)


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
    best_theta: Array | None = None
    loss_curve: list[float] = field(default_factory=list)
    validation_scores: list[float] = field(default_factory=list)
    best: float = -np.inf
    stale: int = 0
    samples: int = 0


class DivergenceError(NonlinError, ValueError):
    """The parameters became infinite or NaN."""


def start(network: Network, theta: Array, recipe: Recipe) -> Training:
    """A training at its beginning."""
    optimiser = OPTIMISERS.get(recipe.solver)
    constants = [float(getattr(recipe, name)) for name in optimiser.constants] if optimiser else []
    slots = optimiser.slots if optimiser else 0
    hyper = np.array([recipe.learning_rate_init, 0.0, *constants])
    theta = np.ascontiguousarray(theta, dtype=network.dtype)
    return Training(network, theta, np.zeros(slots * theta.size, network.dtype), hyper)


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
    net = network.compiled(batch), network.block
    optimiser = int(optimiser_kernel(recipe.solver, nb.from_dtype(np.dtype(network.dtype))).address)
    grad, order = np.empty_like(theta), np.arange(len(data.X))
    seed = np.array([rng.randint(1, 2**31)], dtype=np.uint64)
    for epoch in range(recipe.max_iter):
        if recipe.shuffle:
            _shuffle(order, seed)
        _follow_schedule(recipe, training)
        loss = _run_epoch(
            tuple(data),
            order,
            batch,
            recipe.alpha,
            theta,
            grad,
            training.state,
            training.hyper,
            optimiser,
            *net,
        )
        training.samples += len(data.X)
        _record(training, float(loss), score)
        if after_epoch is not None:
            after_epoch(epoch)
        if _is_stale(training, recipe) and not _slow_down(training, recipe):
            break
    else:
        warnings.warn(_not_converged(recipe.max_iter), ConvergenceWarning, stacklevel=4)
    if training.best_theta is not None:
        theta[:] = training.best_theta


def _follow_schedule(recipe: Recipe, training: Training) -> None:
    """Set the epoch's learning rate; as in scikit-learn, only plain gradient descent has schedules."""
    if recipe.solver == "sgd" and recipe.learning_rate == "invscaling":
        training.hyper[0] = recipe.learning_rate_init / (training.samples + 1) ** recipe.power_t


def _record(training: Training, loss: float, score: Callable[[Array], float] | None) -> None:
    """Append the epoch's loss and score, and judge whether it was the best so far."""
    if not math.isfinite(loss):
        raise DivergenceError(
            "training diverged: a weight or the loss is no longer finite; lower learning_rate_init or scale the inputs"
        )
    training.loss_curve.append(loss)
    if score is not None:
        training.validation_scores.append(score(training.theta))


def _is_stale(training: Training, recipe: Recipe) -> bool:
    """Whether the last ``n_iter_no_change`` + 1 epochs brought less than ``tol``."""
    watched = bool(training.validation_scores)
    now = training.validation_scores[-1] if watched else -training.loss_curve[-1]
    training.stale = training.stale + 1 if now < training.best + recipe.tol else 0
    if now > training.best:
        training.best = now
        if watched:
            training.best_theta = training.theta.copy()
    return training.stale > recipe.n_iter_no_change


def _slow_down(training: Training, recipe: Recipe) -> bool:
    """With the adaptive rate, divide it by five and go on, down to 1e-6."""
    if (recipe.solver, recipe.learning_rate) != ("sgd", "adaptive") or training.hyper[0] <= 1e-6:
        return False
    training.hyper[0] /= 5.0
    training.stale = 0
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
    training.best = -float(result.fun)
    if not result.success:
        warnings.warn(_not_converged(int(result.nit)), ConvergenceWarning, stacklevel=4)
