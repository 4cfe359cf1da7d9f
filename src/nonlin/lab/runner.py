"""The fits of a study: every candidate on every fold, in threads (the kernels release the GIL)."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import accuracy_score, log_loss, r2_score, root_mean_squared_error
from sklearn.model_selection import KFold, StratifiedKFold
from threadpoolctl import threadpool_limits

from nonlin.data import Table, preprocessor
from nonlin.lab.diagnostics import LayerHealth, layer_health
from nonlin.lab.plan import Candidate, Plan, build
from nonlin.nn.trainer import DivergenceError

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int, str], None]
"""Called with the fits done, all fits, and what was just finished."""


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
    """One candidate on one fold: accuracy or R² held out and on the training rows, log-loss or RMSE held out.

    The scores are NaN, and the curves empty, where the training diverged.
    """

    candidate: str
    fold: int
    score: float
    train_score: float
    error: float
    seconds: float
    epochs: int
    loss_curve: tuple[float, ...]
    validation_curve: tuple[float, ...]
    health: tuple[LayerHealth, ...]


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


def fit_one(candidate: Candidate, fold: Fold, task: str, plan: Plan) -> Fit:
    """Fit one candidate on one fold and score it on the rows held out."""
    model = build(candidate, task, plan, seed=plan.seed + 1000 * fold.index)
    centre, scale = (fold.y_train.mean(), fold.y_train.std()) if task == "regression" else (0, 1)
    target = (fold.y_train - centre) / scale if task == "regression" else fold.y_train
    began = time.perf_counter()
    try:
        model.fit(fold.X_train, target)
    except DivergenceError:
        return _diverged(candidate, fold, time.perf_counter() - began)
    seconds = time.perf_counter() - began
    judge = _judge_regression if task == "regression" else _judge_classification
    score, error = judge(model, fold.X_test, fold.y_test, centre, scale)
    train_score, _ = judge(model, fold.X_train, fold.y_train, centre, scale)
    return Fit(
        candidate.name, fold.index, score, train_score, error, seconds, int(getattr(model, "n_iter_", 1)),
        tuple(getattr(model, "loss_curve_", ())), tuple(getattr(model, "validation_scores_", None) or ()),
        layer_health(model, fold.X_train) if candidate.activation is not None else (),
    )  # fmt: skip


def _diverged(candidate: Candidate, fold: Fold, seconds: float) -> Fit:
    """The record of a training that ran away, as it may with a formula such as z**5."""
    nothing = float("nan")
    return Fit(candidate.name, fold.index, nothing, nothing, nothing, seconds, 0, (), (), ())


def _judge_classification(model: Any, X: Array, y: Array, *_: Any) -> tuple[float, float]:
    """Accuracy and log-loss; a model without probabilities has no log-loss."""
    accuracy = float(accuracy_score(y, model.predict(X)))
    if not hasattr(model, "predict_proba"):
        return accuracy, float("nan")
    known = np.isin(y, model.classes_)
    probabilities = model.predict_proba(X[known]).astype(float)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return accuracy, float(log_loss(y[known], probabilities, labels=model.classes_))


def _judge_regression(model: Any, X: Array, y: Array, centre: float, scale: float) -> tuple[float, float]:
    prediction = model.predict(X).astype(float) * scale + centre
    return float(r2_score(y, prediction)), float(root_mean_squared_error(y, prediction))


def run(table: Table, plan: Plan, progress: Progress | None = None, jobs: int | None = None) -> list[Fit]:
    """All fits of the plan on the table, ordered by candidate and fold whatever the order in which they finish."""
    jobs = jobs or os.cpu_count() or 1
    total = len(plan.candidates) * plan.budget.folds * plan.budget.repeats
    pool = ThreadPoolExecutor(jobs)
    try:
        with threadpool_limits(1, "blas"), _known_warnings_off():
            parts = pool.map(lambda item: prepare(table, item[0], *item[1]), enumerate(splits(table, plan)))
            work = [
                pool.submit(fit_one, candidate, fold, table.task, plan)
                for fold in parts
                for candidate in plan.candidates
            ]
            for done, fit in enumerate(_as_finished(work), start=1):
                if progress is not None:
                    progress(done, total, f"{fit.candidate}, fold {fit.fold + 1}")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # Ctrl-C does not wait for the fits under way
    order = {candidate.name: i for i, candidate in enumerate(plan.candidates)}
    return sorted((future.result() for future in work), key=lambda f: (order[f.candidate], f.fold))


@contextmanager
def _known_warnings_off() -> Iterator[None]:
    """Silence what the study says in its own words; outside the threads, for warning filters belong to all of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the epochs are the budget's to say
        warnings.filterwarnings("ignore", message="The least populated class")  # the table's notes name rare classes
        yield


def _as_finished(work: list[Future[Fit]]) -> Iterator[Fit]:
    """Results as they come; short waits let Ctrl-C through."""
    pending = set(work)
    while pending:
        finished, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in finished:
            yield future.result()
