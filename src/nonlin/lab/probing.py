"""Why a candidate does what it does: one fit of it looked at over its epochs, and the network that it ends with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from nonlin.lab import geometry
from nonlin.lab.fitting import Fold, trained_on
from nonlin.lab.layers import LayerState, layer_states
from nonlin.lab.plan import Plan, Trial, build
from nonlin.nn.recipe import Data, Training

Array = np.ndarray[Any, Any]
_ROWS = 500


@dataclass(frozen=True)
class Diagnosis:
    """One network of a study, on one fold: its hidden layers over the epochs, and what it computes in the end.

    Attributes
    ----------
    candidate, fold, rate : which fit was looked at
    epoch : the one whose weights were kept, since the inner split's loss was lowest
    training : the hidden layers before training and after 1, 2, 4, 8, … epochs
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

    def as_record(self) -> dict[str, Any]:
        """Plain lists, numbers and texts; :meth:`from_record` gives the same diagnosis back, bit for bit."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:
        """The diagnosis of :meth:`as_record`."""
        states = {key: tuple(LayerState(**state) for state in record[key]) for key in ("training", "layers")}
        return cls(**{**record, **states})


@np.errstate(over="ignore", invalid="ignore")
def probe(trial: Trial, fold: Fold, task: str, plan: Plan) -> Diagnosis:
    """Fit a network as the study does, to the same weights, and look at it on at most 500 of its training rows.

    What is too large, as with a formula such as z**5, becomes ∞ or NaN.

    Raises
    ------
    DivergenceError
        The training runs away.
    """
    model = build(trial, task, plan)
    target, *_ = trained_on(fold.y_train, task)
    states = list[LayerState]()

    def look(training: Training, data: Data) -> None:
        if looked_at(len(training.records)):
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


def looked_at(epochs: int) -> bool:
    """Whether a training is looked at after so many epochs: 0, 1, 2, 4, 8 and so on.

    Examples
    --------
    >>> [epochs for epochs in range(100) if looked_at(epochs)]
    [0, 1, 2, 4, 8, 16, 32, 64]
    """
    return epochs & (epochs - 1) == 0


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
