"""The steps of a training, in as many epochs at a time as one likes, or in parts of one."""

from __future__ import annotations

import time
from typing import Any

import numba as nb
import numpy as np
import scipy.sparse

from nonlin.backends.numba import python_function
from nonlin.nn import epochs as compiled
from nonlin.nn.layout import Array
from nonlin.nn.network import Network
from nonlin.nn.optimisers import OPTIMISERS, optimiser_kernel
from nonlin.nn.recipe import Data, Recipe, Record, Training, Watched

_run_epochs = python_function(compiled.run_epochs, 18)
_shuffle = python_function(compiled.shuffle, 2)
_judge = python_function(compiled.judge, 2)
DENSE_NUMBERS = 2**20  # of a sparse matrix that are written out at once
_NEVER = np.array([-np.inf, 0.0, 0.0, np.inf])  # a watch that never stops training


class Steps:
    """The steps of a training over some of its rows.

    They keep the order of the rows and the state of the shuffle: many short runs are one long one, bit for bit; parts
    of an epoch too, as long as the learning rate is the same from its start to its end.

    Parameters
    ----------
    order : the indices of the rows
    watched : rows whose losses are measured after each epoch
    """

    def __init__(
        self, training: Training, data: Data, order: Array, recipe: Recipe, rng: np.random.RandomState,
        watched: Watched | None,
    ) -> None:  # fmt: skip
        self._training, self._data, self._order, self._watched = training, data, order, watched
        self._batch, self._is_shuffled = min(recipe.batch_size, len(order)), bool(recipe.shuffle)
        seed = _seed(rng, training)
        self._shuffle_state = np.array([seed], dtype=np.uint64)
        self._engine = _engine(training, recipe, self._batch, seed)
        self._watch = training.watch if watched or not recipe.early_stopping else _NEVER.copy()
        self._row, self._loss = 0, 0.0

    @property
    def batches(self) -> int:
        """The batches of an epoch."""
        return -(-len(self._order) // self._batch)

    @property
    def part(self) -> float:
        """How much of an epoch under way is done; 0 between two epochs."""
        return self._row / len(self._order)

    def run_epochs(self, rates: Array) -> list[Record]:
        """Run the next epochs at these learning rates (epochs, 2), at their starts and ends; or only the first of them.

        None may be under way.
        """
        if scipy.sparse.issparse(self._data.X):
            size, ended = max(1, DENSE_NUMBERS // (self._batch * self._data.X.shape[1])), list[Record]()
            while not ended:
                ended = self.run_batches(size, rates[:1])
            return ended
        began, shuffled = time.perf_counter(), self._is_shuffled
        found = self._walk(self._data, self._order, shuffled, rates, self._watch, self._watched)
        return self._records(*found, began)

    def run_batches(self, batches: int, rates: Array) -> list[Record]:
        """Run the next batches of one epoch whose learning rates are these (1, 2); its record, if they end it."""
        began, size, (first, last) = time.perf_counter(), len(self._order), rates[0]
        if self._row == 0:
            self._loss = 0.0
            if self._is_shuffled:
                _shuffle(self._order, self._shuffle_state)
        rows = self._order[self._row : self._row + batches * self._batch]
        ends = np.array([[first + (last - first) * (row / size) for row in (self._row, self._row + len(rows))]])
        self._row += len(rows)
        is_end = self._row >= size
        data, order = _written_out(self._data, rows)
        watch = self._watch if is_end and self._watched else _NEVER.copy()
        losses, _, norms, noted = self._walk(data, order, False, ends, watch, self._watched if is_end else None)
        self._loss += losses[0] * float(self._data.w[rows].sum())
        if not is_end:
            return []
        self._row, losses = 0, np.array([self._loss / float(self._data.w[self._order].sum())])
        if not self._watched:
            _judge(-losses[0], self._watch)
        return self._records(losses, rates, norms, noted, began)

    def _walk(
        self, data: Data, order: Array, shuffled: bool, rates: Array, watch: Array, watched: Watched | None
    ) -> tuple[Array, Array, Array, Array]:  # fmt: skip
        """Run epochs over rows; the losses, rates, gradients' norms and watched losses of those that were run."""
        training = self._training
        losses, norms = np.empty(len(rates)), np.empty((len(rates), len(training.network.layout.table)))
        rooms, noted = _rooms(training, watched, len(rates))
        with training.network.few_threads(self._batch):
            found = losses, norms, watch, rooms
            ran = int(
                _run_epochs(
                    tuple(data), order, self._shuffle_state, shuffled, self._batch, rates, *self._engine, *found
                )
            )
        return losses[:ran], rates[:ran], norms[:ran], noted[:ran]

    def _records(self, losses: Array, rates: Array, norms: Array, noted: Array, began: float) -> list[Record]:
        """What is noted of each epoch."""
        training = self._training
        done = training.earlier + len(training.records)
        times = np.linspace(began, time.perf_counter(), len(losses) + 1)[1:] - training.began
        return [
            {"epoch": done + i + 1, "loss": float(losses[i]), "learning_rate": float(rates[i, 1]),
             "gradient_norm": norms[i].tolist(), "time": float(times[i]), **_measured(noted[i : i + 1])}
            for i in range(len(losses))
        ]  # fmt: skip


def judge(training: Training, score: float) -> None:
    """Note the held-out score of an epoch; keep the parameters if it is the best."""
    if score > training.watch[0]:
        training.best_theta = training.theta.copy()
    _judge(score, training.watch)


def _engine(training: Training, recipe: Recipe, batch: int, seed: int) -> tuple[Any, ...]:
    """What the compiled epochs work with."""
    network = training.network
    optimiser = int(optimiser_kernel(recipe.solver, nb.from_dtype(np.dtype(network.dtype))).address)
    decoupled = OPTIMISERS[recipe.solver].decoupled
    longest = np.inf if recipe.clip_norm is None else float(recipe.clip_norm)
    l1 = recipe.alpha * recipe.l1_ratio
    strengths = (0.0, 0.0, recipe.alpha, longest) if decoupled else (recipe.alpha - l1, l1, 0.0, longest)
    return (
        tuple(float(s) for s in strengths), training.theta, np.zeros_like(training.theta), training.state,
        training.hyper, optimiser, network.compiled(batch, recipe.dropout, seed), network.block,
    )  # fmt: skip


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


def _written_out(data: Data, rows: Array) -> tuple[Data, Array]:
    """Rows of a sparse matrix as an array of their own, and where they are then; others stay where they are."""
    if not scipy.sparse.issparse(data.X):
        return data, rows
    return Data(data.X[rows].toarray(), data.Y[rows], data.w[rows]), np.arange(len(rows))
