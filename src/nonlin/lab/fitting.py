"""One fit of a study: a candidate on a fold at a learning rate, and what it scored."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import KFold, StratifiedKFold

from nonlin.data import Table, preprocessor
from nonlin.lab.diagnostics import LayerHealth, layer_health
from nonlin.lab.plan import Plan, Trial, build
from nonlin.lab.scores import exponent, measure, scores_of
from nonlin.nn.trainer import DivergenceError

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Fold:
    """One division of the rows, preprocessed: the preprocessing has seen the training rows only."""

    index: int
    X_train: Array
    X_test: Array
    y_train: Array
    y_test: Array


@dataclass(frozen=True)
class Fit:
    """One candidate on one fold at one learning rate.

    Attributes
    ----------
    candidate, fold, rate : what was fitted; the rate is 0 for a model without one
    scores : on the rows held out, by the keys of :data:`nonlin.lab.scores.SCORES`; NaN where the training diverged
    train_score : the first of these scores on the training rows
    inner_loss : the lowest loss on the inner split, by which a rate is chosen; 0 for a model without one
    seconds, epochs : what it took
    loss_curve, validation_curve : the loss on the inner training rows and on the inner split, by epoch
    health : the hidden layers after training
    """

    candidate: str
    fold: int
    rate: float
    scores: dict[str, float]
    train_score: float
    inner_loss: float
    seconds: float
    epochs: int
    loss_curve: tuple[float, ...] = ()
    validation_curve: tuple[float, ...] = ()
    health: tuple[LayerHealth, ...] = ()

    @property
    def score(self) -> float:
        """The score of the leaderboard: accuracy or R²."""
        return next(iter(self.scores.values()))

    def as_record(self) -> dict[str, Any]:
        """Plain lists, numbers and texts; :meth:`from_record` gives the same fit back, bit for bit."""
        return {**vars(self), "health": [asdict(layer) for layer in self.health]}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:
        """The fit of :meth:`as_record`."""
        own = {key: tuple(value) for key, value in record.items() if key.endswith("_curve")}
        return cls(**{**record, **own, "health": tuple(LayerHealth(**layer) for layer in record["health"])})


def splits(table: Table, plan: Plan) -> Iterator[tuple[Array, Array]]:
    """Rows to train on and rows to hold out, for every fold of every repetition."""
    splitter = StratifiedKFold if table.task == "classification" else KFold
    for repeat in range(plan.budget.repeats):
        folds = splitter(plan.budget.folds, shuffle=True, random_state=plan.seed + repeat)
        yield from folds.split(table.X, table.y)


def prepare(table: Table, index: int, train: Array, test: Array) -> Fold:
    """Fit the preprocessing to the training rows of a fold, and apply it to both parts."""
    pipeline = clone(preprocessor())
    X_train = pipeline.fit_transform(table.X.iloc[train])
    return Fold(index, X_train, pipeline.transform(table.X.iloc[test]), table.y[train], table.y[test])


def fit_one(trial: Trial, fold: Fold, task: str, plan: Plan) -> Fit:
    """Fit a candidate on a fold and score it on the rows held out.

    Every candidate has the same seed on a fold, and with it the same inner split.
    """
    model = build(trial, task, plan)
    target, centre, spread = trained_on(fold.y_train, task)
    began = time.perf_counter()
    try:
        model.fit(fold.X_train, target)
    except DivergenceError:
        return _diverged(trial, fold, task, time.perf_counter() - began)
    seconds = time.perf_counter() - began
    if not _is_finite(model, fold):
        return _diverged(trial, fold, task, seconds)
    held_out = _scored(model, task, fold.X_test, fold.y_test, centre, spread)
    trained = scores_of(task)[0].measure(fold.y_train, _answers(model, task, fold.X_train, centre, spread))
    inner = tuple(-score for score in getattr(model, "validation_scores_", None) or ())
    inner_loss = float(np.nanmin(inner)) if inner else 0.0
    return Fit(
        trial.candidate.name, fold.index, trial.rate, held_out, float(trained), inner_loss,
        seconds, int(getattr(model, "n_iter_", 1)), tuple(getattr(model, "loss_curve_", ())), inner,
        layer_health(model, fold.X_train) if trial.candidate.activation is not None else (),
    )  # fmt: skip


def trained_on(y: Array, task: str) -> tuple[Array, float, float]:
    """Targets as a model is trained on them, numbers standardised, with the centre and spread to undo that."""
    if task == "classification":
        return y, 0.0, 1.0
    e = exponent(y)
    centre, spread = float(y.mean()), float(np.ldexp(np.ldexp(y, -e).std(), e)) or 1.0
    return (y - centre) / spread, centre, spread


def _is_finite(model: Any, fold: Fold) -> bool:
    """Whether the model says something of every row; the best weights of a network that ran away may not."""
    answers = model.net_input if hasattr(model, "net_input") else model.predict
    return all(bool(np.isfinite(answers(X)).all()) for X in (fold.X_train, fold.X_test))


def _diverged(trial: Trial, fold: Fold, task: str, seconds: float) -> Fit:
    """The record of a training that ran away, as it may with a formula such as z**5."""
    nothing = float("nan")
    scores = {score.key: nothing for score in scores_of(task)}
    return Fit(trial.candidate.name, fold.index, trial.rate, scores, nothing, float("inf"), seconds, 0)


def _answers(model: Any, task: str, X: Array, centre: float, spread: float) -> Array:
    """Predicted classes, or numbers in the target's own unit."""
    predicted = np.asarray(model.predict(X))
    return predicted.astype(float) * spread + centre if task == "regression" else predicted


def _scored(model: Any, task: str, X: Array, y: Array, centre: float, spread: float) -> dict[str, float]:
    if task == "regression":
        return measure(task, y, _answers(model, task, X, centre, spread))
    known = np.isin(y, model.classes_)  # a class so rare that the fold's training rows have none counts as wrong
    P = model.predict_proba(X).astype(float) if hasattr(model, "predict_proba") else None
    if P is not None:
        P /= P.sum(axis=1, keepdims=True)
    if known.all():
        codes = np.searchsorted(model.classes_, y)
        return measure(task, codes, np.searchsorted(model.classes_, model.predict(X)), P)
    return _with_unknown_classes(task, model, X, y, known, P)


def _with_unknown_classes(task: str, model: Any, X: Array, y: Array, known: Array, P: Array | None) -> dict[str, float]:
    """Scores where rows held out have classes that training never saw: wrong, and outside the probabilities' scores."""
    codes = np.searchsorted(model.classes_, y[known])
    predicted = np.searchsorted(model.classes_, model.predict(X[known]))
    found = measure(task, codes, predicted, None if P is None else P[known])
    return found | {key: found[key] * float(known.mean()) for key in ("accuracy", "balanced_accuracy")}


@contextmanager
def known_warnings_off() -> Iterator[None]:
    """Silence what the study says in its own words; outside the threads, for warning filters belong to all of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the epochs are the budget's to say
        warnings.filterwarnings("ignore", message="The least populated class")  # the table's notes name rare classes
        yield
