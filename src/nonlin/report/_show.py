"""The models of the story, fitted once on the whole table for show, and the plane on which they are drawn."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from nonlin.data import Table, preprocessor
from nonlin.lab import Study
from nonlin.lab.plan import Candidate, Trial, build

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
MOST_FITTED, MOST_DRAWN = 5000, 280  # rows; so many points stay crisp, and fit light and dark pages


@dataclass(frozen=True)
class Show:
    """The rows that the models of the story were fitted on, as they are and as numbers, and these models.

    Attributes
    ----------
    X : (n, n_columns), the rows
    y : (n,), their targets
    inputs : (n, n_inputs), the rows as standardised numbers
    names : what each input is called
    prepare : the fitted preprocessing that made them
    models : fitted estimators on the inputs, by the names of the study
    drawn : positions of the rows that pictures show
    classes : what each class is called in a sentence; empty for regression
    focus : the class that pictures of one net input show: the second of two, else the most frequent
    """

    X: pd.DataFrame
    y: Array
    inputs: Array
    names: tuple[str, ...]
    prepare: Pipeline
    models: dict[str, Any]
    drawn: Array
    classes: tuple[str, ...]
    focus: int


def fit_show(study: Study) -> Show:
    """Fit the models of the story on the table, or on 5,000 of its rows."""
    rows = some_rows(study.table.y, MOST_FITTED, study.table.task, study.plan.seed)
    X, y = study.table.X.iloc[rows].reset_index(drop=True), study.table.y[rows]
    prepare = preprocessor().fit(X)
    inputs = prepare.transform(X)
    with threadpool_limits(1, "blas"):
        models = {c.name: _fit(c, study, inputs, y) for c in study.plan.candidates if c.name not in study.diverged}
    drawn = some_rows(y, MOST_DRAWN, study.table.task, study.plan.seed)
    classes, focus = _classes(study.table, y)
    return Show(X, y, inputs, _input_names(prepare, inputs.shape[1]), prepare, models, drawn, classes, focus)


def _classes(table: Table, y: Array) -> tuple[tuple[str, ...], int]:
    """Words for the classes, and the one in focus; a number alone would not read as a class."""
    if table.task == "regression":
        return (), 0
    labels, counts = np.unique(y, return_counts=True)
    words = [str(label) for label in labels.tolist()]
    said = tuple(w if re.search(r"[^\W\d]", w) else f"{table.target}\u00a0=\u00a0{w}" for w in words)
    return said, 1 if len(said) == 2 else int(counts.argmax())


def rival(study: Study) -> str | None:
    """The best activation besides the sigmoid, if the study has one."""
    return next((c.name for c in study.bent if c.name != "sigmoid"), None)


def some_rows(y: Array, most: int, task: str, seed: int) -> Array:
    """At most ``most`` positions in rising order, drawn by chance, with a row of every class."""
    if len(y) <= most:
        return np.arange(len(y))
    firsts = np.unique(y, return_index=True)[1] if task == "classification" else np.arange(0)
    others = np.setdiff1d(np.arange(len(y)), firsts)
    chosen = np.random.default_rng(seed).choice(others, max(0, most - len(firsts)), replace=False)
    return np.union1d(chosen, firsts)


class _Unit(StandardScaler):
    """A scaler that goes back in float64: float32 has no digits for 1e9 ± 1, and the squares of 1e30 overflow it."""

    def inverse_transform(self, X: Array, copy: bool | None = None) -> Array:
        return np.asarray(super().inverse_transform(np.asarray(X, dtype=np.float64), copy))


def _fit(candidate: Candidate, study: Study, inputs: Array, y: Array) -> BaseEstimator:
    trial = Trial(candidate, 0, study.rate(candidate.name))
    model = build(trial, study.table.task, study.plan)
    if study.table.task == "regression":
        model = TransformedTargetRegressor(model, transformer=_Unit(), check_inverse=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the epochs are the budget's to say
        return model.fit(inputs, y)


def _input_names(prepare: Pipeline, width: int) -> tuple[str, ...]:
    columns = prepare["encode"].get_feature_names_out()
    names = prepare["impute"].get_feature_names_out(columns)
    readable = tuple(re.sub(r"^missingindicator_(.*)", r"\1 missing", name, flags=re.DOTALL) for name in names)
    return readable if len(readable) == width else tuple(f"x{j + 1}" for j in range(width))


def core(model: Any) -> Any:
    """The estimator itself, without the scaling of its target."""
    return getattr(model, "regressor_", model)


def in_unit(model: Any) -> tuple[Array, Array]:
    """Weights (n_outputs, n_inputs) and biases of a linear model; of a predicted number in the target's own unit."""
    weights, biases = np.atleast_2d(core(model).coef_).astype(float), np.atleast_1d(core(model).intercept_)
    unit = getattr(model, "transformer_", None)
    return (weights, biases) if unit is None else (weights * unit.scale_, biases * unit.scale_ + unit.mean_)


def numeric_columns(table: Table) -> list[str]:
    """The columns of numbers, of which surfaces can show a plane."""
    dtypes = table.X.dtypes.items()
    return [str(name) for name, kind in dtypes if getattr(kind, "kind", "") in "iuf"]


def on_plane(study: Study, show: Show, name: str) -> tuple[Any, Any]:
    """A model and the rows to draw it with: the table's own columns, or the inputs where these say more."""
    model = show.models[name]
    if shows_columns(study.table):
        return Pipeline([("prepare", show.prepare), ("model", model)]), show.X.iloc[show.drawn]
    return model, show.inputs[show.drawn]


def shows_columns(table: Table) -> bool:
    """Whether pictures show the table's own columns: two of numbers, or a single one that is all there is."""
    found = len(numeric_columns(table))
    return found >= 2 or found == table.X.shape[1]


def collapsed(model: Any) -> tuple[Array, Array]:
    """The one linear map that a network with the identity is: its weights (n_inputs, n_outputs) and biases."""
    weights, biases = core(model).coefs_, core(model).intercepts_
    bias = reduce(lambda b, layer: b @ layer[0] + layer[1], zip(weights[1:], biases[1:], strict=True), biases[0])
    return np.asarray(reduce(np.matmul, weights)), np.asarray(bias)


def count_weights(model: Any) -> int:
    """Weights and biases of a network."""
    return sum(a.size for a in (*core(model).coefs_, *core(model).intercepts_))


def net_input(study: Study, show: Show, name: str) -> Array:
    """The net input of each row: of the class in focus, or of the predicted number in its own unit."""
    model = show.models[name]
    if study.table.task == "regression":
        return np.asarray(model.predict(show.inputs), dtype=float)
    z = np.asarray(model.net_input(show.inputs), dtype=float)
    return z[:, 0] if z.shape[1] == 1 else z[:, show.focus]


def lead(show: Show) -> Array:
    """By how much logistic regression puts the class in focus ahead: P is the sigmoid of it, also for many classes.

    For two classes it is the net input. For more, softmax gives class k the share σ(zₖ - log Σⱼ exp(zⱼ)), j ≠ k.
    """
    z = np.asarray(show.models["logistic regression"].net_input(show.inputs), dtype=float)
    if z.shape[1] == 1:
        return z[:, 0]
    k = show.focus
    return np.asarray(z[:, k] - np.logaddexp.reduce(np.delete(z, k, axis=1), axis=1))
