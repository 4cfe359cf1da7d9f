"""Training by L-BFGS: all rows at once."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import scipy.sparse
from sklearn.exceptions import ConvergenceWarning

from nonlin.backends.numba import python_function
from nonlin.nn import minimiser, steps, trainer
from nonlin.nn.layout import Array
from nonlin.nn.minimiser import LIMIT, NOT_FINITE, SEARCHING
from nonlin.nn.network import Network, loss_and_gradient
from nonlin.nn.recipe import Data, Recipe, Training
from nonlin.nn.trainer import DivergenceError

_FEW_WEIGHTS, _FEW_ROWS = 2**16, 128  # of a layer; at once, where the weights fit in the cache beside their signals
_loss_and_gradient = python_function(loss_and_gradient, 8)
_advance_once, _advance_often = python_function(minimiser.advance_once, 5), python_function(minimiser.advance_often, 8)


def run_lbfgs(training: Training, data: Data, recipe: Recipe) -> None:
    """Minimise the loss over all rows at once.

    It ends where the largest entry of the gradient is at most ``tol`` or an iteration lowers the loss by less than
    2.2e-9 (relative to it, where it is above 1); a warning says so if it ends elsewhere.

    Raises
    ------
    DivergenceError
        The loss or its gradient is not finite where it starts.
    """
    kept = minimiser.memory(training.theta.size, recipe.tol, recipe.max_iter, recipe.max_fun)
    state = kept[0][0]
    iterate = (_over_parts if scipy.sparse.issparse(data.X) else _at_once)(training, data, recipe.alpha, kept)
    with training.network.few_threads(len(data.w)):
        while state.status == SEARCHING:
            _record(training, iterate)
    if state.status == NOT_FINITE:
        raise DivergenceError(trainer.diverged("at the first steps of L-BFGS"))
    if not training.records:  # it started at the minimum
        _record(training, lambda: np.array([state.loss]))
    if state.status == LIMIT:
        warnings.warn(trainer.not_converged(state.iterations), ConvergenceWarning, stacklevel=4)


def _record(training: Training, iterate: Callable[[], Array]) -> None:
    """Add the records of the next iterations."""
    before = time.perf_counter() - training.began
    losses = iterate()
    times = np.linspace(before, time.perf_counter() - training.began, len(losses) + 1)[1:]
    for loss, seconds in zip(losses.tolist(), times.tolist(), strict=True):
        training.records.append({"epoch": len(training.records) + 1, "loss": loss, "time": seconds})


def _block(network: Network) -> int:
    """The rows that go through together: with many weights, which a block adds to one by one, few blocks."""
    most = int(network.layout.table[:, 2:4].prod(axis=1).max())
    return min(network.block, _FEW_ROWS) if most <= _FEW_WEIGHTS else network.block


def _at_once(training: Training, data: Data, alpha: float, kept: tuple[Array, Array]) -> Callable[[], Array]:
    """A function that goes on for a while and returns the losses of the iterations that this ends."""
    theta, rows, block = training.theta, len(data.w), _block(training.network)
    net, grad = training.network.compiled(min(rows, block)), np.empty_like(theta)
    losses = np.empty(max(1, trainer.ROWS_AT_ONCE // rows))

    def iterate() -> Array:
        count = _advance_often(tuple(data), float(alpha), theta, grad, net, block, kept, losses)
        return losses[:count].copy()

    return iterate


def _over_parts(training: Training, data: Data, alpha: float, kept: tuple[Array, Array]) -> Callable[[], Array]:
    """:func:`_at_once` for a sparse matrix, of which one part at a time is written out."""
    theta, block = training.theta, _block(training.network)
    parts = list(_parts(data))
    shares = [float(part.w.sum() / data.w.sum()) for part in parts]
    net, grad = training.network.compiled(min(len(parts[0].w), block)), np.empty_like(theta)
    losses = np.empty(1)

    def iterate() -> Array:
        loss, total = 0.0, np.zeros(theta.size)
        for i, (part, share) in enumerate(zip(parts, shares, strict=True)):
            dense, strength = (part.X.toarray(), part.Y, part.w), float(alpha * (i == 0))
            loss += share * _loss_and_gradient(*dense, strength, theta, grad, net, block)
            total += share * grad
        return losses[: _advance_once(loss, theta, total, kept, losses)].copy()

    return iterate


def _parts(data: Data) -> Iterator[Data]:
    """A sparse matrix in parts that can be written out."""
    size = max(1, steps.DENSE_NUMBERS // data.X.shape[1])
    for i in range(0, data.X.shape[0], size):
        yield Data(*(a[i : i + size] for a in data))
