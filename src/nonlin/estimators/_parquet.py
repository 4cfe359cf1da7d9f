"""Training on a Parquet file that is larger than memory: its rows come in windows, each a ``partial_fit``."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from sklearn.base import is_classifier
from sklearn.utils import check_random_state

from nonlin.errors import InputError, bad_value
from nonlin.estimators._audience import Audience
from nonlin.estimators._base import Array
from nonlin.estimators._checks import check_integer
from nonlin.estimators._mlp_checks import check_parameters
from nonlin.estimators._parquet_rows import Table, described, opened, window_sizes, windows
from nonlin.estimators._progress import progress
from nonlin.nn.trainer import DivergenceError

if TYPE_CHECKING:
    from nonlin.estimators._mlp import MLP

    M = TypeVar("M", bound=MLP)


def fit_parquet(
    self: M, path: str | os.PathLike[str], target: str, *, columns: Iterable[str] | None = None, epochs: int = 1,
    window_rows: int | None = None,
) -> M:  # fmt: skip
    """Train on the rows of a Parquet file, which may be larger than memory.

    Each epoch takes the row groups in a new order and cuts their rows into windows of nearly equal size; each window
    is shuffled and gets one pass of ``partial_fit``. Rows that lie far apart in one row group never meet in a
    window that is smaller, so a file that is sorted by its target wants small row groups or large windows. Nothing is
    held out. Columns are taken as they are: standardise them before they are written.

    With ``warm_start=True`` training goes on from the fit before, so that several files can follow each other.

    Parameters
    ----------
    path : str or path-like
        The file. Only the columns that are needed are read.
    target : str
        The column to predict: for a classifier text, whole numbers or booleans, for a regressor numbers. A classifier
        reads it once before it trains, to know all classes.
    columns : list of str, default all but the target
        The inputs; numbers or booleans, without missing values.
    epochs : int, default 1
        Passes over the file; ``max_iter``, ``tol`` and ``n_iter_no_change`` have no part in it. A schedule of the
        learning rate spans all of them, or ``warmup_epochs`` of them.
    window_rows : int, default as many as hold 8 million numbers, or one million
        The most rows in memory at once.

    Returns
    -------
    The model; ``loss_curve_`` and ``history_`` have one entry an epoch.

    Raises
    ------
    TableError
        There is no such file, or it is no Parquet file, or a column of it cannot be used.
    InputError
        A parameter breaks its rule.
    DivergenceError
        The weights became infinite: the learning rate is too high. The model stays as it was after the last epoch.

    Examples
    --------
    >>> import tempfile, pathlib, pandas as pd
    >>> from nonlin import MLPRegressor
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "squares.parquet")
    ...     x = pd.Series(range(1000)) / 1000
    ...     pd.DataFrame({"x": x, "y": x**2}).to_parquet(path)
    ...     model = MLPRegressor(hidden_layer_sizes=(20,), random_state=0).fit_parquet(path, "y", epochs=30)
    >>> model.predict(pd.DataFrame({"x": [0.5]})).round(1)
    array([0.2])
    """
    _check(self, epochs, window_rows)
    with opened(Path(path)) as file:
        table = described(file, Path(path), target, columns, classes=is_classifier(self))
        sizes = window_sizes(table, window_rows)
        rng, began = check_random_state(self.random_state), time.perf_counter()
        worker, history = _worker(self, table, epochs, len(sizes))
        shown = progress(len(history.get("epoch", [])) + epochs) if self.verbose else nullcontext()
        with shown as show:
            told = Audience(show, self.callbacks or ())
            for epoch in range(1, epochs + 1):
                groups = rng.permutation(file.num_row_groups) if self.shuffle else np.arange(file.num_row_groups)
                _train(worker, table, groups, sizes, epoch)
                record = _epoch_record(worker, sizes, len(history.get("epoch", [])) + 1, time.perf_counter() - began)
                history = {key: [*history.get(key, []), value] for key, value in record.items()}
                _take_over(self, worker, history, table.columns, epoch)
                if told.end_epoch(record, dict):
                    break
    return self


def _check(model: MLP, epochs: int, window_rows: int | None) -> None:
    check_parameters(model, classes=is_classifier(model))
    check_integer("epochs", epochs, 1)
    if window_rows is not None:
        check_integer("window_rows", window_rows, 1)
    if model.solver == "lbfgs":
        raise InputError("fit_parquet needs a solver with epochs, got solver='lbfgs'; take solver='adam'")
    if model.early_stopping:
        raise InputError("fit_parquet holds no rows out, got early_stopping=True; set it to False and choose epochs")
    if model.learning_rate == "adaptive":
        raise InputError("fit_parquet knows no learning_rate='adaptive', which compares epochs; take 'cosine'")


def _worker(model: M, table: Table, epochs: int, windows: int) -> tuple[M, dict[str, list[Any]]]:
    """A silent model for which a window is an epoch, and the history that it goes on from."""
    options = model.get_params(deep=False) | {
        "callbacks": None, "verbose": False, "max_iter": epochs * windows,
        "warmup_epochs": model.warmup_epochs * windows,
    }  # fmt: skip
    worker = type(model)(**options)
    if not (model.warm_start and hasattr(model, "coefs_")):
        return worker, {}
    names = getattr(model, "feature_names_in_", table.columns)
    if list(names) != table.columns:
        raise bad_value("columns", f"those of the fit before with warm_start=True, {list(names)}", table.columns)
    worker.__dict__.update(_fitted(model), loss_curve_=[], history_={})
    worker.__dict__.pop("feature_names_in_", None)  # the windows are arrays
    return worker, model.history_


def _train(worker: MLP, table: Table, groups: Array, sizes: Array, epoch: int) -> None:
    """Give each window of an epoch one pass."""
    known = {} if table.classes is None else {"classes": table.classes}
    try:
        for X, y in windows(table, groups, sizes):
            worker.partial_fit(X, y, **known)
    except DivergenceError:  # it counted windows
        raise DivergenceError(
            f"training diverged in epoch {epoch}; lower learning_rate_init or scale the columns of the file"
        ) from None


def _fitted(model: MLP) -> dict[str, Any]:
    """All that a fit has set."""
    parameters = model.get_params(deep=False)
    return {name: value for name, value in model.__dict__.items() if name not in parameters}


def _epoch_record(worker: MLP, sizes: Array, epoch: int, seconds: float) -> dict[str, Any]:
    """The record of an epoch from those of its windows: the mean loss, and the rest from its last step."""
    last = {name: values[-1] for name, values in worker.history_.items()}
    loss = float(np.average(worker.loss_curve_[-len(sizes) :], weights=sizes))
    return last | {"epoch": epoch, "loss": loss, "time": seconds}


def _take_over(model: MLP, worker: MLP, history: dict[str, list[Any]], columns: list[str], epochs: int) -> None:
    """Make the model what the worker has become, with a history by epochs."""
    model.__dict__.update(_fitted(worker), history_=history, loss_curve_=list(history["loss"]))
    model.feature_names_in_ = np.array(columns, dtype=object)
    model.loss_, model.best_loss_ = history["loss"][-1], min(history["loss"])
    model.n_iter_ = epochs
