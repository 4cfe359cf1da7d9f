"""The rows of a Parquet file in windows that fit into memory, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nonlin.errors import TableError, UnknownNameError, bad_value
from nonlin.estimators._base import Array

_NUMBERS_OF_A_WINDOW, _MOST_ROWS = 2**23, 2**20  # by default
_ROWS_OF_A_BATCH = 2**14  # decoded together
_BYTES_OF_A_COLUMN = 2**16  # read together; without this limit it would be a whole row group
_NAMES_SHOWN = 8


class Table(NamedTuple):
    """An open file, what is read of it, and the types that it becomes."""

    file: Any
    columns: list[str]
    target: str
    dtype: Any
    classes: Array | None


def opened(path: Path) -> Any:
    """The file, to be closed after use."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise TableError(f"path must be a Parquet file that exists, got {str(path)!r}; look for it in its folder")
    try:
        return pq.ParquetFile(path, buffer_size=_BYTES_OF_A_COLUMN, pre_buffer=False)
    except (pa.ArrowException, OSError):
        raise TableError(f"path must be an intact Parquet file, got {str(path)!r}; export it again") from None


def described(file: Any, path: Path, target: str, columns: Iterable[str] | None, *, classes: bool) -> Table:
    """What to read of a file, after a look at the names and the types of its columns."""
    import pyarrow as pa

    schema = file.schema_arrow
    if not file.metadata.num_rows:
        raise TableError(f"path must hold rows, got an empty table in {str(path)!r}; add the rows")
    if len(set(schema.names)) < len(schema.names):
        raise TableError(f"columns must have different names, got two alike in {str(path)!r}; rename one")
    names = _chosen(schema, target, columns)
    for name in (target, *names):
        if name not in schema.names:
            shown = ", ".join(schema.names[:_NAMES_SHOWN]) + (", …" if len(schema.names) > _NAMES_SHOWN else "")
            raise UnknownNameError("column", name, schema.names, f"{str(path)!r} has {shown}")
    for name in names if classes else (*names, target):
        if not _is_number(schema.field(name).type):
            remedy = "choose another target" if name == target else "turn it into numbers or leave it out of columns"
            raise TableError(f"column {name!r} must hold numbers, got {schema.field(name).type}; {remedy}")
    single = all(schema.field(name).type in (pa.float16(), pa.float32()) for name in names)
    table = Table(file, names, target, np.float32 if single else np.float64, None)
    return table._replace(classes=_classes(table)) if classes else table


def _chosen(schema: Any, target: str, columns: Iterable[str] | None) -> list[str]:
    """The names of the inputs; the index of a data frame is none of them unless it is asked for."""
    if columns is None:
        index = (schema.pandas_metadata or {}).get("index_columns", [])
        names = [name for name in schema.names if name != target and name not in index]
    else:
        names = [columns] if isinstance(columns, str) else list(columns)
    if not names or target in names or len(set(names)) < len(names):
        raise bad_value("columns", f"different columns other than the target {target!r}, at least one", names)
    return names


def _is_number(kind: Any) -> bool:
    from pyarrow import types

    return any(is_kind(kind) for is_kind in (types.is_integer, types.is_floating, types.is_decimal, types.is_boolean))


def _classes(table: Table) -> Array:
    """The sorted classes, from one pass over the target's column."""
    from pyarrow import types

    kind = table.file.schema_arrow.field(table.target).type
    kind = kind.value_type if types.is_dictionary(kind) else kind
    if not (_is_number(kind) or types.is_string(kind) or types.is_large_string(kind)):
        raise TableError(f"target must hold text, whole numbers or booleans, got {kind}; choose another column")
    found: Array | None = None
    for group, batch in _batches(table.file, range(table.file.num_row_groups), [table.target]):
        values = np.unique(_values(batch.column(table.target).unique(), table.target, group))
        if values.dtype.kind == "f" and (values % 1).any():
            number = values[values % 1 != 0][0]
            raise TableError(f"target must hold classes, got the number {number} in {table.target!r}; take a regressor")
        found = values if found is None else np.union1d(found, values)
    return np.asarray(found)


def window_sizes(table: Table, window_rows: int | None) -> Array:
    """The rows of each window, which differ by one at most: no short one bends the weights at the end."""
    rows = table.file.metadata.num_rows
    default = max(1, min(_MOST_ROWS, _NUMBERS_OF_A_WINDOW // len(table.columns)))
    most = default if window_rows is None else window_rows
    return np.diff(np.linspace(0, rows, -(-rows // most) + 1).astype(int))


def windows(table: Table, groups: Iterable[int], sizes: Array) -> Iterator[tuple[Array, Array]]:
    """The inputs and targets of each window; they stand in the same memory as those of the window before."""
    X = np.empty((max(sizes), len(table.columns)), table.dtype)
    y = np.empty(max(sizes), np.float64 if table.classes is None else table.classes.dtype)
    ends, filled = iter(sizes), 0
    end = next(ends)
    for group, batch in _batches(table.file, groups, [*table.columns, table.target]):
        done = 0
        while done < batch.num_rows:
            part = batch.slice(done, end - filled)
            _fill(table, X[filled : filled + len(part)], y[filled : filled + len(part)], part, group)
            done, filled = done + len(part), filled + len(part)
            if filled == end:
                yield X[:end], y[:end]
                end, filled = next(ends, 0), 0


def _fill(table: Table, X: Array, y: Array, part: Any, group: int) -> None:
    for k, name in enumerate(table.columns):
        X[:, k] = _values(part.column(name), name, group)
    y[:] = _values(part.column(table.target), table.target, group)


def _batches(file: Any, groups: Iterable[int], columns: list[str]) -> Iterator[tuple[int, Any]]:
    """Some rows at a time, each with the number of its row group."""
    import pyarrow as pa

    for group in groups:
        try:
            for batch in file.iter_batches(_ROWS_OF_A_BATCH, [int(group)], columns):
                yield int(group), batch
        except (pa.ArrowException, OSError):
            problem = f"got damaged bytes in row group {group}; export it again"
            raise TableError(f"path must be an intact Parquet file, {problem}") from None


def _values(column: Any, name: str, group: int) -> Array:
    """The values of a column in NumPy's types, none of them missing or infinite."""
    from pyarrow import float64, types

    column = column.cast(float64()) if types.is_decimal(column.type) else column
    values = column.to_numpy(zero_copy_only=False)
    is_finite = values.dtype.kind != "f" or np.isfinite(values).all()
    if column.null_count or not is_finite:
        got = "a missing one" if column.null_count else values[~np.isfinite(values)][0]
        raise TableError(
            f"column {name!r} must hold finite values, got {got} in row group {group}; fill them in or leave such "
            "rows out"
        )
    return np.asarray(values)
