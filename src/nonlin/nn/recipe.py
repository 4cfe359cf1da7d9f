"""What a training needs: the rows, the recipe, and the state that it leaves behind."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from nonlin.nn.layout import Array
from nonlin.nn.network import Network
from nonlin.nn.optimisers import OPTIMISERS

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
