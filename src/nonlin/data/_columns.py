"""Columns: their names, their types, and which of them can be features."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

LARGEST = float(np.finfo(np.float32).max)  # numbers beyond ±LARGEST are infinite to the network
NUMBERS = {"boolean", "integer", "floating", "mixed-integer-float", "decimal"}
DATES = {"date", "datetime", "datetime64"}
DURATIONS = {"timedelta", "timedelta64"}
ROW_NUMBER_NAMES = {"id", "index", "row", "rowid", "row_id", "rownames"}


def listed(names: Iterable[object], limit: int = 12) -> str:
    """Return the names in quotes, or the first ``limit`` of them and how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c"], limit=2)
    "'a', 'b' and 1 more"
    """
    names = list(names)
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(repr(name) for name in names[:limit]) + more


def counted(number: int, thing: str) -> str:
    """Return the number with its noun.

    Examples
    --------
    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def check_unique(names: list[str]) -> None:
    """Raise TableError where a column name comes twice."""
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise TableError(f"column names must be unique, got {listed(twice)} more than once; rename all but one")


def with_clean_names(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with text for names, without white space around them; they must stay unique."""
    parts = [name if isinstance(name, tuple) else (name,) for name in frame.columns]
    names = [" ".join(str(part).strip() for part in name).strip() for name in parts]
    check_unique(names)
    return frame.set_axis(names, axis=1)


def without_row_names(frame: pd.DataFrame, target: str) -> tuple[pd.DataFrame, list[str]]:
    """Drop the columns that only number or name the rows; returns the frame and its notes."""
    naming = [str(name) for name in frame if name != target and _names_rows(frame, str(name))]
    notes = [f"Dropped column {name!r}: it only numbers or names the rows." for name in naming]
    return frame.drop(columns=naming), notes


def _names_rows(frame: pd.DataFrame, name: str) -> bool:
    """Whether a column called like an index counts the rows, or the first one has no name and no repeats."""
    column, nameless = frame[name], not name or name.startswith("Unnamed: ")
    if not (nameless or name.lower() in ROW_NUMBER_NAMES) or column.dtype.kind not in "iuO":
        return False
    if nameless and name == frame.columns[0] and not is_nested(column):
        return column.is_unique
    count = np.arange(len(column))
    return bool((column == count).all() or (column == count + 1).all())


def features(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Settle every column and drop those that cannot tell rows apart; returns the features and the notes."""
    import pandas as pd

    kept: dict[str, pd.Series[Any]] = {}
    dropped: defaultdict[str, list[str]] = defaultdict(list)
    notes = []
    for name, raw in frame.items():
        column, infinite = settle_values(raw)
        if infinite:
            notes.append(f"Treated {counted(infinite, 'infinite value')} of column {name!r} as missing.")
        reason = _useless(raw, column)
        if reason:
            dropped[reason].append(str(name))
        else:
            kept[str(name)] = column
    notes += [f"Dropped {reason}: {listed(names)}." for reason, names in dropped.items()]
    return pd.DataFrame(kept, index=frame.index), notes


def _useless(raw: pd.Series[Any], column: pd.Series[Any]) -> str:
    """Why the column cannot be a feature, or nothing."""
    if is_nested(raw):
        return "columns that hold neither numbers nor text nor dates"
    if column.isna().all():
        return "columns without any finite value"
    return "constant columns" if is_constant(column) else ""


def is_constant(column: pd.Series[Any]) -> bool:
    """Whether every row has the same value, and has one."""
    return bool((column == column.iloc[0]).all())


def is_nested(column: pd.Series[Any]) -> bool:
    """Whether the column holds lists, dictionaries, arrays or complex numbers."""
    if column.dtype.kind != "O":
        return bool(column.dtype.kind == "c")
    foreign = (list, tuple, dict, set, frozenset, np.ndarray, complex)
    return any(isinstance(value, foreign) for value in column.array)


def settle(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column one of the types that the encoders know. See :func:`settle_column`."""
    import pandas as pd

    frame = pd.DataFrame(frame)
    if _holds_settled_numbers(frame):
        return frame
    return pd.DataFrame({name: settle_column(column) for name, column in frame.items()})


def _holds_settled_numbers(frame: pd.DataFrame) -> bool:
    """Whether all columns are numbers in range, which settling leaves as they are; to look at all at once is fast."""
    plain = all(isinstance(dtype, np.dtype) and (dtype.kind in "biu" or dtype == np.float64) for dtype in frame.dtypes)
    return plain and not (np.abs(frame.to_numpy(dtype=np.float64)) > LARGEST).any()


def settle_values(raw: pd.Series[Any]) -> tuple[pd.Series[Any], int]:
    """Settle a whole column, also numbers written as text; returns it and how many values were infinite."""
    settled = settle_column(raw)
    final = settled if settled.dtype.kind in "biufMm" else _numbers_in_text(settled)
    return final, _lost(raw, settled) + _lost(settled, final)


def _lost(before: pd.Series[Any], after: pd.Series[Any]) -> int:
    return int(after.isna().sum() - before.isna().sum()) if after.dtype.kind == "f" else 0


def settle_column(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return the column as integers, booleans, float64, dates, categories or text.

    Infinite numbers become missing, durations seconds, dates universal time without a zone; text loses the
    white space around it, and blank text is missing. No value depends on another row, so that a part of a
    table is settled as the whole is.
    """
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column
    if isinstance(column.dtype, pd.ArrowDtype):  # pandas cannot convert all of these in one step
        column = column.astype(object)
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind in NUMBERS:
        return _numbers(column)
    if kind in DATES:
        return pd.to_datetime(column, errors="coerce", utc=True).dt.tz_localize(None)
    if kind in DURATIONS:
        return _numbers(pd.to_timedelta(column, errors="coerce").dt.total_seconds())
    return _text(column)


def _numbers(column: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd

    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biu":
        return column
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    finite = np.where(np.abs(values) <= LARGEST, values, np.nan)
    return pd.Series(finite, index=column.index, name=column.name)


def _text(column: pd.Series[Any]) -> pd.Series[Any]:
    if column.isna().all():
        return column.astype(object).where(column.notna(), np.nan).astype(np.float64)
    text = column.astype(object).map(str, na_action="ignore").str.strip()
    return text.where(text.notna() & (text != ""), np.nan)


def _numbers_in_text(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return text of which every value is a number as numbers, and any other column as it is."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column
    numbers = pd.to_numeric(column, errors="coerce")
    return _numbers(numbers) if (numbers.notna() == column.notna()).all() else column
