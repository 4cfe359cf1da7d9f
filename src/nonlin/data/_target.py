"""The target: find it, infer its task, and drop the rows that cannot be learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nonlin.data._columns import counted, is_constant, is_nested, listed, settle_values
from nonlin.errors import TableError, bad_value, suggest

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

Task = Literal["classification", "regression"]
FOLDS = 5  # of the study's cross-validation: a smaller class is not in every held-out part
MIN_ROWS = 10  # two for each fold
MOST_CLASSES = 20  # of a target of integers


def infer_task(y: npt.ArrayLike | pd.Series[Any]) -> Task:
    """Whether a target names classes or measures a quantity.

    Text, booleans and categories are classes. Two different numbers are classes. Whole numbers are classes
    when there are at most 20 different ones and ten rows for each on average. Everything else is a quantity.
    Missing and infinite values are left out of the count.

    Parameters
    ----------
    y : array-like of shape (n_rows,)
        The target.

    Returns
    -------
    {"classification", "regression"}

    Examples
    --------
    >>> infer_task(["yes", "no", "no"]), infer_task([1.5, 2.5, 9.0])
    ('classification', 'regression')
    """
    import pandas as pd

    values = y if isinstance(y, pd.Series) else pd.Series(y)
    numbers = settle_values(values)[0].dropna()
    if _is_boolean(values) or numbers.dtype.kind not in "iuf":
        return "classification"
    distinct = numbers.nunique()
    few = bool((numbers % 1 == 0).all()) and distinct <= min(MOST_CLASSES, len(numbers) / 10)
    return "classification" if distinct == 2 or few else "regression"


def _is_boolean(values: pd.Series[Any]) -> bool:
    import pandas as pd

    return pd.api.types.infer_dtype(values, skipna=True) == "boolean"


def find_target(frame: pd.DataFrame, target: object) -> str:
    """Return the name of the target column, or raise TableError with the names that there are."""
    if target is None:
        raise TableError(f"target must be given, got None; choose it with --target or target= from {_columns(frame)}")
    name = str(target).strip()
    if name not in frame:
        near = suggest(name, frame.columns)
        raise TableError(
            f"target must be a column of the table, got {name!r}{near or ';'} "
            f"{'The' if near else 'the'} table has {_columns(frame)}"
        )
    return name


def _columns(frame: pd.DataFrame) -> str:
    return f"the {counted(frame.shape[1], 'column')} {listed(frame.columns)}"


def read_target(raw: pd.Series[Any], task: str | None) -> tuple[pd.Series[Any], Task, list[str]]:
    """Return the target's usable values (their index says which rows stay), its task, and the notes."""
    name = str(raw.name)
    if task not in (None, "classification", "regression"):
        raise bad_value("task", "'classification' or 'regression'", task, "or leave it out")
    if is_nested(raw):
        raise TableError(
            f"target must hold numbers, text or categories, got {type(raw.dropna().iloc[0]).__name__} values "
            f"in {name!r}; choose another column"
        )
    values, notes = _present(raw)
    chosen: Task = infer_task(values) if task is None else task  # type: ignore[assignment]
    if chosen == "regression":
        return _quantity(values), chosen, notes
    labels, rare = _without_rare(_labels(values))
    return labels, chosen, notes + rare


def _present(raw: pd.Series[Any]) -> tuple[pd.Series[Any], list[str]]:
    """Drop the missing and infinite values; what stays must vary and be enough."""
    settled, infinite = settle_values(raw)
    missing = int(settled.isna().sum()) - infinite
    stays = settled.notna()
    values = (raw if _is_boolean(raw) else settled)[stays].infer_objects()
    if values.empty:
        raise TableError(
            f"target must have values, got only missing or infinite ones in {raw.name!r}; choose another column"
        )
    if len(values) < MIN_ROWS:
        raise TableError(f"table must have at least {MIN_ROWS} rows with a target, got {len(values)}; add rows")
    if is_constant(values):
        raise TableError(
            f"target must have at least two different values, got {_plain(values.iloc[0])!r} in every row of "
            f"{raw.name!r}; choose another column"
        )
    losses = [(missing, "missing"), (infinite, "infinite")]
    return values, [f"Dropped {counted(n, 'row')} with {_a(why)} target." for n, why in losses if n]


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _quantity(values: pd.Series[Any]) -> pd.Series[Any]:
    if values.dtype.kind not in "biuf":
        raise TableError(
            f"target must be numeric for task='regression', got {_plain(values.iloc[0])!r} in "
            f"{values.name!r}; use task='classification' or another column"
        )
    return values.astype(np.float64)


def _labels(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return whole numbers as int64 and everything else as text, so that the labels can be sorted."""
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if values.dtype.kind in "iuf" and bool((values % 1 == 0).all()) and values.abs().max() < 2**63:
        return values.astype(np.int64)
    return values.map(str).astype(object)


def _without_rare(labels: pd.Series[Any]) -> tuple[pd.Series[Any], list[str]]:
    """Drop the classes of one row, keep those below five with a note; returns the labels and the notes."""
    sizes = labels.value_counts().sort_index()
    _check_sizes(str(labels.name), sizes)
    single, small = sizes.index[sizes == 1], sizes.index[(sizes > 1) & (sizes < FOLDS)]
    notes = []
    if len(single):
        notes.append(f"Dropped {_classes(single)} of one row.")
    if len(small):
        notes.append(f"Kept {_classes(small)} of fewer than {FOLDS} rows: some held-out parts will have none.")
    return labels[~labels.isin(single)], notes


def _classes(labels: pd.Index[Any]) -> str:
    return f"{'class' if len(labels) == 1 else 'classes'} {listed(labels.tolist())}"


def _check_sizes(name: str, sizes: pd.Series[int]) -> None:
    rows, rare = int(sizes.sum()), int(sizes[sizes < FOLDS].sum())
    if sizes.max() == 1:
        raise TableError(
            f"target must repeat its classes, got a different value in each of {rows:,} rows of {name!r}; "
            "it looks like an identifier: choose another column"
        )
    if 2 * rare > rows:
        raise TableError(
            f"target must have most rows in classes of at least {FOLDS} rows, got {rare:,} of {rows:,} rows "
            f"in smaller classes in {name!r}; choose another column or join classes"
        )
    if (sizes > 1).sum() < 2:
        raise TableError(
            f"target must have two classes of at least two rows, got only {_plain(sizes.idxmax())!r} more "
            f"than once in {name!r}; add rows of another class"
        )


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
