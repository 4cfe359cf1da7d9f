"""A table that is ready to learn from, and the way there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nonlin.data._built_in import BUILT_IN
from nonlin.data._columns import features, with_clean_names, without_row_names
from nonlin.data._reading import read_table
from nonlin.data._target import Task, find_target, read_target
from nonlin.errors import TableError

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

SUFFIXES = {".csv", ".tsv", ".txt", ".gz", ".parquet", ".pq"}


@dataclass(frozen=True, eq=False)
class Table:
    """Features, target, and what was done to get them.

    Parameters
    ----------
    X : pandas.DataFrame of shape (n_rows, n_columns)
        The features: numbers, booleans, dates, categories and text; some may be missing.
    y : numpy.ndarray of shape (n_rows,)
        Class labels, int64 where all are whole numbers and text (object) otherwise; float64 for regression.
    task : {"classification", "regression"}
        What is to be learned.
    name : str
        The built-in name, the file's name without its suffix, or "table".
    target : str
        The target column's name.
    classes : tuple
        The labels, sorted; empty for regression.
    notes : tuple of str
        What was done to the table, a sentence each.
    """

    X: pd.DataFrame
    y: npt.NDArray[Any]
    task: Task
    name: str
    target: str
    classes: tuple[Any, ...]
    notes: tuple[str, ...]


def load(source: str | os.PathLike[str] | pd.DataFrame, target: object = None, task: Task | None = None) -> Table:
    """Load a table and make it ready to learn from.

    Rows without a finite target are dropped, and so are classes of one row, columns that only number or name
    the rows, constant columns, and columns without a finite value or with nested values. Classes of two to
    four rows stay: every training part of a stratified 5-fold cross-validation still has a member of them.
    Infinite numbers, and numbers beyond the range of float32, are missing. Each of these leaves a note.

    Parameters
    ----------
    source : str, path-like or pandas.DataFrame
        A built-in name (it wins over a file of that name), a file as in :func:`read_table`, or a data frame.
    target : str, optional
        The target column. Built-in sets know theirs.
    task : {"classification", "regression"}, optional
        By default what :func:`infer_task` says.

    Returns
    -------
    Table

    Raises
    ------
    TableError
        If the source, the target or the features cannot be used.

    Examples
    --------
    >>> table = load("iris")
    >>> table.X.shape, table.task, table.classes
    ((150, 4), 'classification', ('setosa', 'versicolor', 'virginica'))
    """
    frame, name, own_target = _opened(source)
    frame = with_clean_names(frame).reset_index(drop=True)
    column = find_target(frame, own_target if target is None else target)
    y, task, notes = read_target(frame[column], task)
    frame, counting = without_row_names(frame, column)
    X, dropped = features(frame.drop(columns=column).loc[y.index])
    if X.empty:
        raise TableError(f"table must have a feature that varies besides its target {column!r}, got none; add columns")
    return Table(
        X=X.reset_index(drop=True),
        y=y.to_numpy(),
        task=task,
        name=name,
        target=column,
        classes=tuple(sorted(set(y.tolist()))) if task == "classification" else (),
        notes=(*notes, *counting, *dropped),
    )


def _opened(source: str | os.PathLike[str] | pd.DataFrame) -> tuple[pd.DataFrame, str, str | None]:
    """Return the frame, its name and, of a built-in set, its target."""
    if isinstance(source, str) and source in BUILT_IN:
        frame, target = BUILT_IN[source]()
        return frame, source, target
    if isinstance(source, str | os.PathLike):
        return read_table(source), _stem(Path(source)), None
    import pandas as pd

    if not isinstance(source, pd.DataFrame):
        raise TableError(
            f"source must be a file, a built-in name or a data frame, got {type(source).__name__}; "
            "put an array into pandas.DataFrame"
        )
    return source, "table", None


def _stem(path: Path) -> str:
    while path.suffix.lower() in SUFFIXES:
        path = path.with_suffix("")
    return path.name
