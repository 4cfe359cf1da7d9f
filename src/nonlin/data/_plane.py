"""The line or plane on which a model is looked at: from the rows of a table to it, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nonlin.errors import TableError, UnknownNameError, bad_value

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plane:
    """A line (one label) or a plane (two) through the space of the features."""

    labels: tuple[str, ...]
    note: str  # what is held still off the plane; empty when nothing is
    project: Callable[[Any], Floats]  # a table of n rows -> (n, 1 or 2) places
    lift: Callable[[Floats], Any]  # (m, 1 or 2) places -> m rows, in the form that the model was fitted on


def plane_for(model: Any, X: Any, features: Sequence[int | str] | int | str | None) -> Plane:
    """Take the plane of the chosen features; else of all numeric ones, or of their two main components."""
    table = _table(X, model)
    numeric = [
        j
        for j, name in enumerate(table.dtypes)
        if pd.api.types.is_numeric_dtype(name) and not pd.api.types.is_bool_dtype(name)
    ]
    if not numeric or len(table) < 2:
        raise TableError("X must have a numeric column and two rows for a decision surface")
    if features is not None:
        return _axes_plane(model, X, table, _chosen(features, table, numeric))
    if len(numeric) <= 2:
        return _axes_plane(model, X, table, numeric)
    return _main_plane(model, X, table, numeric)


def inputs_plane(inputs: Any) -> Plane:
    """The plane of the two main components of what a model is given, (n, n_inputs) with two inputs or more."""
    main, share = _components(inputs)
    centre = inputs.mean(axis=0)

    def project(rows: Any) -> Floats:
        return np.asarray((rows - centre) @ main.T, dtype=float)

    def lift(points: Floats) -> Any:
        return centre + points @ main

    return Plane(_named(share), f"main components of {inputs.shape[1]} inputs, % of variance", project, lift)


def _components(values: Any) -> tuple[Floats, Floats]:
    """The directions of the two main components, the largest part of each positive, and their variance's shares."""
    from sklearn.decomposition import PCA

    with np.errstate(invalid="ignore"):  # nothing varies
        found = PCA(2, random_state=0).fit(values)
    main = found.components_
    main = main * np.sign(main[np.arange(2), np.abs(main).argmax(axis=1)])[:, None]
    return main, found.explained_variance_ / max(float(values.var(axis=0, ddof=1).sum()), np.finfo(float).tiny)


def _named(share: Floats) -> tuple[str, ...]:
    return tuple(f"component {k + 1} ({100 * share[k]:.0f} %)" for k in range(2))


def _table(X: Any, model: Any) -> pd.DataFrame:
    if isinstance(X, pd.DataFrame):
        return X
    values = np.asarray(X)
    if values.ndim != 2 or 0 in values.shape:
        raise bad_value("X", "a table of rows and columns", f"shape {values.shape}", "X.reshape(-1, 1) is one column")
    names = getattr(model, "feature_names_in_", None)
    if names is None or len(names) != values.shape[1]:
        names = [f"x{j + 1}" for j in range(values.shape[1])]
    return pd.DataFrame(values, columns=names).infer_objects()


def _chosen(features: Sequence[int | str] | int | str, table: pd.DataFrame, numeric: list[int]) -> list[int]:
    wanted = [features] if isinstance(features, (str, int)) else list(features)
    places = [_place(f, table) for f in wanted]
    if not 1 <= len(set(places)) == len(places) <= 2:
        raise bad_value("features", "one or two different columns", features)
    for place in places:
        if place not in numeric:
            raise bad_value("features", "numeric columns", table.columns[place], "the others are held still")
    return places


def _place(feature: int | str, table: pd.DataFrame) -> int:
    names = list(table.columns)
    if feature in names:
        return names.index(feature)
    if isinstance(feature, (int, np.integer)) and -len(names) <= feature < len(names):
        return int(feature) % len(names)
    known = [str(name) for name in names]
    shown = ", ".join(map(repr, known[:10])) + (", …" if len(known) > 10 else "")
    raise UnknownNameError("feature", feature, known, f"X has the columns {shown}")


def _axes_plane(model: Any, X: Any, table: pd.DataFrame, places: list[int]) -> Plane:
    still = table.shape[1] - len(places)
    note = f"{still} other feature{'s' * (still > 1)} at the usual value" if still else ""

    def project(rows: Any) -> Floats:
        return _table(rows, model).iloc[:, places].to_numpy(dtype=float)

    def lift(points: Floats) -> Any:
        return _rows(model, X, table, places, points)

    return Plane(tuple(str(table.columns[j]) for j in places), note, project, lift)


def _main_plane(model: Any, X: Any, table: pd.DataFrame, numeric: list[int]) -> Plane:
    # Every column on its own scale: else the one with the largest unit would be the main component.
    values = _filled(table.iloc[:, numeric])
    centre, spread = values.mean(axis=0), values.std(axis=0)
    spread[spread == 0] = 1.0
    main, share = _components((values - centre) / spread)

    def project(rows: Any) -> Floats:
        return np.asarray((_filled(_table(rows, model).iloc[:, numeric]) - centre) / spread @ main.T)

    def lift(points: Floats) -> Any:
        return _rows(model, X, table, numeric, centre + spread * (points @ main))

    return Plane(_named(share), f"main components of {len(numeric)} features, % of variance", project, lift)


def _filled(numbers: pd.DataFrame) -> Floats:
    values = numbers.astype(float).replace([np.inf, -np.inf], np.nan)
    return np.asarray(values.fillna(values.median()).fillna(0.0).to_numpy(dtype=float))


def _rows(model: Any, X: Any, table: pd.DataFrame, places: list[int], values: Floats) -> Any:
    """Rows with the usual value (median, or most frequent) in every column but ``places``."""
    usual = pd.DataFrame({j: _usual(table.iloc[:, j]) for j in range(table.shape[1])})
    rows = usual.iloc[np.zeros(len(values), dtype=int)].reset_index(drop=True)
    for k, place in enumerate(places):
        rows[place] = values[:, k]
    rows.columns = table.columns
    # scikit-learn warns of a table with names where there were none at fit, and the other way round.
    named = hasattr(model, "feature_names_in_") or not all(map(pd.api.types.is_numeric_dtype, rows.dtypes))
    return rows if named and (isinstance(X, pd.DataFrame) or hasattr(model, "feature_names_in_")) else rows.to_numpy()


def _usual(column: pd.Series[Any]) -> pd.Series[Any]:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return pd.Series([column.median()])
    often = column.mode()
    return (often if len(often) else column).iloc[:1].reset_index(drop=True)
