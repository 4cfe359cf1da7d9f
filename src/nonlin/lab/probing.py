"""Why a candidate does what it does: one fit of it looked at over its epochs, and the network that it ends with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from nonlin.backends.threads import threads
from nonlin.data import Table
from nonlin.lab import geometry
from nonlin.lab.fitting import Fit, Fold, known_warnings_off, prepare, splits, trained_on
from nonlin.lab.layers import LayerState, layer_states
from nonlin.lab.plan import Plan, Trial, build
from nonlin.nn.trainer import Data, Training

Array = np.ndarray[Any, Any]
_ROWS = 500
_LOOKS = 16


@dataclass(frozen=True)
class Diagnosis:
    """One network of a study, on one fold: its hidden layers over the epochs, and what it computes in the end.

    Attributes
    ----------
    candidate, fold, rate : which fit was looked at
    epoch : the one whose weights were kept, since the inner split's loss was lowest
    training : the hidden layers before training and after epochs that are evenly spaced on a logarithmic scale
    layers : the hidden layers with the weights that were kept
    regions : linear regions between two rows, the mean of 100 pairs; NaN where the activation is not piecewise linear
    boundary_length, boundary_curvature : where the decision changes (for regression: where the mean target is
        predicted) on the plane of the two inputs, or of the two main components of more; in standard deviations and
        radians; NaN for a single input
    lipschitz, lipschitz_bound : the steepest slope of the net input at a row, and what no slope can exceed
    """

    candidate: str
    fold: int
    rate: float
    epoch: int
    training: tuple[LayerState, ...]
    layers: tuple[LayerState, ...]
    regions: float
    boundary_length: float
    boundary_curvature: float
    lipschitz: float
    lipschitz_bound: float


def probe(trial: Trial, fold: Fold, task: str, plan: Plan) -> Diagnosis:
    """Fit a network as the study does, to the same weights, and look at it on at most 500 of its training rows.

    Raises
    ------
    DivergenceError
        The training runs away.
    """
    model = build(trial, task, plan)
    target, *_ = trained_on(fold.y_train, task)
    epochs, states = set(looks(plan.budget.epochs)), list[LayerState]()

    def look(training: Training, data: Data) -> None:
        if len(training.records) in epochs:
            states.extend(layer_states(training.network, training.theta, _some(data), len(training.records)))

    training, data = _watched_fit(model, fold.X_train, target, look)
    scores = np.array(training.validation_scores)
    kept = 0 if np.isnan(scores).all() else int(np.nanargmax(scores)) + 1
    network, theta, rows = training.network, training.theta, _some(data)
    plane = geometry.main_slice(fold.X_train)
    line = geometry.Boundary(np.nan, np.nan) if plane is None else geometry.boundary(network, theta, plane)
    return Diagnosis(
        trial.candidate.name, fold.index, trial.rate, kept, tuple(states), layer_states(network, theta, rows, kept),
        geometry.mean_regions(network, theta, rows.X, np.random.default_rng(plan.seed)), line.length, line.curvature,
        geometry.lipschitz_estimate(network, theta, rows.X), geometry.lipschitz_bound(network, theta),
    )  # fmt: skip


def _probe_quietly(trial: Trial, fold: Fold, task: str, plan: Plan) -> Diagnosis:
    """A probe without NumPy's warnings: what is too large, as with a formula such as z**5, becomes ∞ or NaN."""
    with np.errstate(over="ignore", invalid="ignore"):
        return probe(trial, fold, task, plan)


def looks(epochs: int) -> list[int]:
    """The epochs after which a training is looked at: 0, 1, and on at equal ratios.

    Examples
    --------
    >>> looks(100)
    [0, 1, 2, 3, 5, 6, 9, 12, 16, 22, 29, 40, 54, 74, 100]
    """
    return [0, *sorted({round(x) for x in np.geomspace(1, epochs, _LOOKS)})]


def _watched_fit(model: Any, X: Array, y: Array, look: Callable[[Training, Data], None]) -> tuple[Training, Data]:
    """Fit, with a look before the first epoch and after each; return the training as it ended, and its rows."""
    run, seen = model._run, list[tuple[Training, Data]]()

    def watched(training: Training, data: Data, rng: Any, told: Any, *rest: Any, **options: Any) -> None:
        look(training, data)
        seen.append((training, data))
        run(training, data, rng, told._replace(callbacks=[lambda _: look(training, data)]), *rest, **options)

    model._run = watched  # a callback of the model hears of the record only, not of the parameters
    model.fit(X, y)
    return seen[-1]


def _some(data: Data) -> Data:
    """At most 500 evenly spaced rows."""
    step = -(-len(data.w) // _ROWS)
    return Data(*(np.ascontiguousarray(part[::step]) for part in data))


def diagnose_all(table: Table, plan: Plan, fits: Iterable[Fit], jobs: int | None = None) -> tuple[Diagnosis, ...]:
    """Probe every network of a study on its first fold, at the rate chosen there; not those that ran away.

    Parameters
    ----------
    fits : the chosen fits of the study
    jobs : threads, default one per core
    """
    networks = {c.name: c for c in plan.candidates if c.activation is not None}
    work = [
        Trial(networks[fit.candidate], 0, fit.rate)
        for fit in fits
        if fit.fold == 0 and fit.candidate in networks and np.isfinite(fit.score)
    ]
    pool = ThreadPoolExecutor(jobs or threads())
    try:
        with threadpool_limits(1, "blas"), known_warnings_off():
            fold = prepare(table, 0, *next(splits(table, plan)))
            return tuple(pool.map(lambda trial: _probe_quietly(trial, fold, table.task, plan), work))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # Ctrl-C does not wait for the probes under way
