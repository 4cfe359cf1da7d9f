"""Training: the epoch loop with its stopping rules.

The compiled code runs whole epochs; Python decides between them.
"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numba as nb
import numpy as np
import scipy.sparse
from sklearn.exceptions import ConvergenceWarning

from nonlin.backends.numba import python_function
from nonlin.errors import NonlinError
from nonlin.nn import epochs as compiled
from nonlin.nn.layout import Array
from nonlin.nn.network import Network
from nonlin.nn.optimisers import OPTIMISERS, optimiser_kernel
from nonlin.nn.schedules import learning_rates

_run_epochs = python_function(compiled.run_epochs, 18)
_judge, _shuffle = python_function(compiled.judge, 2), python_function(compiled.shuffle, 2)
ROWS_AT_ONCE = 2**16  # go through compiled code between two looks from Python, so that Ctrl-C is heard
DENSE_NUMBERS = 2**20  # of a sparse matrix that are written out at once
_NEVER = np.array([-np.inf, 0.0, 0.0, np.inf])  # a watch that never stops training
Record = dict[str, Any]


class Data(NamedTuple):
    """Samples in rows, contiguous and of one float type: inputs (or a CSR matrix), coded targets (2-D) and weights."""

    X: Any
    Y: Array
    w: Array


class Watched(NamedTuple):
    """Rows whose mean loss is noted after each epoch: some that are trained on, and those held out."""

    trained: Data
    held: Data


@dataclass
class Recipe:
    """How to train; the names are those of the estimators."""

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
    n_iter_no_change: float = 10
    max_fun: int = 15000
    early_stopping: bool = False
    warmup_epochs: int = 0
    clip_norm: float | None = None
    dropout: float = 0.0
    l1_ratio: float = 0.0


@dataclass
class Training:
    """A training under way: the parameters, the optimiser's memory, and what has been seen so far."""

    network: Network
    theta: Array
    state: Array
    hyper: Array
    watch: Array
    rate: float
    best_theta: Array | None = None
    records: list[Record] = field(default_factory=list)
    earlier: int = 0
    samples: int = 0
    began: float = field(default_factory=time.perf_counter)

    @property
    def is_stale(self) -> bool:
        """Whether the last ``n_iter_no_change`` + 1 epochs each brought less than ``tol``."""
        return bool(self.watch[1] > self.watch[3])

    @property
    def loss_curve(self) -> list[float]:
        """The training loss of each epoch."""
        return [record["loss"] for record in self.records]

    @property
    def validation_scores(self) -> list[float]:
        """The held-out score of each epoch."""
        return [record["validation_score"] for record in self.records if "validation_score" in record]


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
    return Training(
        network, theta, np.zeros(slots * theta.size, network.dtype), hyper, watch, recipe.learning_rate_init
    )


def run_epochs(
    training: Training,
    data: Data,
    recipe: Recipe,
    rng: np.random.RandomState,
    evaluate: Callable[[Array], Record] | None = None,
    watched: Watched | None = None,
    before_epoch: Callable[[], None] | None = None,
    after_epoch: Callable[[Record], Any] | None = None,
    rows: Array | None = None,
    epochs: int | None = None,
) -> None:
    """Run epochs of mini-batches until a stopping rule holds or ``max_iter`` is reached.

    The training loss must fall by ``tol`` within ``n_iter_no_change`` epochs; with ``early_stopping`` the
    "validation_score" (higher is better) must rise by ``tol``, and the best parameters are restored.

    Parameters
    ----------
    evaluate : a function of the parameters; what it returns joins the record of an epoch
    watched : instead of it, with ``early_stopping``, rows whose loss the compiled code measures itself; the score is
        minus the loss
    before_epoch : is called before each
    after_epoch : is given that record; training stops where it returns True
    rows : the indices of the rows to train on, default all
    epochs : how many to run, default ``max_iter``, of which a warning says that they did not suffice

    Raises
    ------
    DivergenceError
        A parameter is no longer finite; found at the end of the epoch in which it happens. With ``early_stopping``
        the best parameters are restored before.
    """
    order = np.arange(data.X.shape[0]) if rows is None else rows.astype(np.int64)
    if recipe.early_stopping:
        training.best_theta = training.theta.copy()
    step = epochs_of(training, data, order, recipe, rng, watched)
    done, most = 0, recipe.max_iter if epochs is None else epochs
    alone = evaluate is not None or before_epoch or after_epoch or recipe.learning_rate == "adaptive"
    at_once = 1 if alone else max(1, ROWS_AT_ONCE // len(order))
    try:
        while done < most:
            if before_epoch is not None:
                before_epoch()
            count = min(at_once, most - done)
            epoch = training.earlier + len(training.records)
            fresh = step(learning_rates(recipe, training.rate, epoch, count, training.samples, len(order)))
            done += len(fresh)
            training.records += fresh
            training.samples += len(order) * len(fresh)
            if evaluate is not None:
                fresh[-1].update(evaluate(training.theta))
            if recipe.early_stopping and watched is None:
                judge(training, fresh[-1]["validation_score"])
            if not math.isfinite(fresh[-1]["loss"]):
                raise DivergenceError(diverged(f"in epoch {fresh[-1]['epoch']}"))
            asked_to_stop = after_epoch is not None and after_epoch(fresh[-1]) is True
            if asked_to_stop or (training.is_stale and not _slow_down(training, recipe)):
                break
        else:
            if epochs is None:
                warnings.warn(not_converged(most), ConvergenceWarning, stacklevel=7)  # fit's caller
    finally:
        if training.best_theta is not None:
            training.theta[:] = training.best_theta


def epochs_of(
    training: Training, data: Data, order: Array, recipe: Recipe, rng: np.random.RandomState, watched: Watched | None
) -> Callable[[Array], list[Record]]:
    """A function of the learning rates that runs the next epochs, or only the first of them.

    It keeps the order of the rows and the state of the shuffle: many short runs are one long one, bit for bit.
    """
    network, batch = training.network, min(recipe.batch_size, len(order))
    optimiser = int(optimiser_kernel(recipe.solver, nb.from_dtype(np.dtype(network.dtype))).address)
    decoupled = OPTIMISERS[recipe.solver].decoupled
    longest = np.inf if recipe.clip_norm is None else float(recipe.clip_norm)
    l1 = recipe.alpha * recipe.l1_ratio
    strengths = (0.0, 0.0, recipe.alpha, longest) if decoupled else (recipe.alpha - l1, l1, 0.0, longest)
    seed = _seed(rng, training)
    engine = (
        tuple(float(s) for s in strengths), training.theta, np.zeros_like(training.theta), training.state,
        training.hyper, optimiser, network.compiled(batch, recipe.dropout, seed), network.block,
    )  # fmt: skip
    watch = training.watch if watched or not recipe.early_stopping else _NEVER.copy()
    walk = _in_pieces if scipy.sparse.issparse(data.X) else _at_once
    state = np.array([seed], dtype=np.uint64)

    def run(rates: Array) -> list[Record]:
        losses, norms = np.empty(len(rates)), np.empty((len(rates), len(network.layout.table)))
        rooms, noted = _rooms(training, watched, len(rates))
        before = time.perf_counter() - training.began
        with network.few_threads(batch):
            count = walk(data, order, state, bool(recipe.shuffle), batch, rates, engine, losses, norms, watch, rooms)
        times = np.linspace(before, time.perf_counter() - training.began, count + 1)[1:]
        done = training.earlier + len(training.records)
        return [
            {"epoch": done + i + 1, "loss": float(losses[i]), "learning_rate": float(rates[i, 1]),
             "gradient_norm": norms[i].tolist(), "time": float(times[i]), **_measured(noted[i : i + 1])}
            for i in range(count)
        ]  # fmt: skip

    return run


def _rooms(training: Training, watched: Watched | None, epochs: int) -> tuple[tuple[Any, ...], Array]:
    """What the compiled epochs watch, with room for what they find; the room, with a row for each epoch."""
    network = training.network
    noted = np.empty((0 if watched is None else epochs, 2))
    rows = _no_rows(network) if watched is None else watched
    most = max(len(rows.trained.w), len(rows.held.w))
    parts = [(*part, np.empty(part.Y.shape, network.dtype)) for part in rows]
    best = training.theta if training.best_theta is None else training.best_theta
    net = network.compiled(min(most, network.prediction_block))
    return (*parts, net, network.prediction_block, noted, best), noted


def _no_rows(network: Network) -> Watched:
    none = Data(np.empty((0, 0), network.dtype), np.empty((0, 0), network.dtype), np.empty(0, network.dtype))
    return Watched(none, none)


def _measured(losses: Array) -> Record:
    """The scores of an epoch whose losses were noted; nothing where none were."""
    return {
        key: float(value)
        for trained, held in losses
        for key, value in (("score", -trained), ("validation_score", -held), ("validation_loss", held))
    }


def _seed(rng: np.random.RandomState, training: Training) -> int:
    """A seed that the generator and the steps done so far fix: a fit in parts sees no order twice."""
    return (int(rng.randint(1, 2**31)) + 0x9E3779B97F4A7C15 * int(training.hyper[1])) % 2**64 or 1


def _at_once(
    data: Data, order: Array, seed: Array, shuffled: bool, batch: int, rates: Array, engine: tuple[Any, ...],
    losses: Array, norms: Array, watch: Array, watched: tuple[Any, ...],
) -> int:  # fmt: skip
    """Run epochs over arrays; return how many."""
    return int(_run_epochs(tuple(data), order, seed, shuffled, batch, rates, *engine, losses, norms, watch, watched))


def _in_pieces(
    data: Data, order: Array, seed: Array, shuffled: bool, batch: int, rates: Array, engine: tuple[Any, ...],
    losses: Array, norms: Array, watch: Array, watched: tuple[Any, ...],
) -> int:  # fmt: skip
    """Run one epoch over a sparse matrix, of which a few whole batches at a time are written out."""
    if shuffled:
        _shuffle(order, seed)
    total, (first, last) = 0.0, rates[0]
    size = max(1, DENSE_NUMBERS // (batch * data.X.shape[1])) * batch
    for start_row in range(0, len(order), size):
        rows = order[start_row : start_row + size]
        piece = Data(data.X[rows].toarray(), data.Y[rows], data.w[rows])
        ends = [[first + (last - first) * (row / len(order)) for row in (start_row, start_row + len(rows))]]
        parts = losses[:1], norms[:1], _NEVER.copy(), watched
        _at_once(piece, np.arange(len(rows)), seed, False, batch, np.array(ends), engine, *parts)
        total += losses[0] * float(piece.w.sum())
    losses[0] = total / float(data.w[order].sum())
    _judge(-losses[0], watch)
    return 1


def diverged(when: str) -> str:
    """What a :class:`DivergenceError` says."""
    return (
        f"training diverged {when}. Solver produced non-finite parameter weights. The input data may contain large "
        "values and need to be preprocessed; lower learning_rate_init or scale the inputs"
    )


def judge(training: Training, score: float) -> None:
    """Note the held-out score of an epoch; keep the parameters if it is the best."""
    if score > training.watch[0]:
        training.best_theta = training.theta.copy()
    _judge(score, training.watch)


def _slow_down(training: Training, recipe: Recipe) -> bool:
    """With the adaptive rate of "sgd", divide it by five and go on, down to 1e-6."""
    if recipe.learning_rate != "adaptive" or recipe.solver != "sgd" or training.rate <= 1e-6:
        return False
    training.rate /= 5.0
    training.watch[1] = 0
    return True


def not_converged(max_iter: int) -> str:
    """What a ConvergenceWarning says."""
    return f"the maximum of {max_iter} iterations was reached and training has not converged; raise max_iter"
