"""A file that is dropped on the page: a table in CSV or Parquet, bounded before it is read."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from nonlin.data import read_bytes
from nonlin.errors import TableError
from nonlin.web.scene import MOST_COLUMNS, MOST_ROWS

if TYPE_CHECKING:
    import pandas as pd

GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
MOST_UNPACKED = 200_000_000  # bytes
MOST_LINES = 20 * MOST_ROWS  # a cell may hold some
HEAD = 2**20  # bytes that show how a text is cut
DELIMITERS, QUOTED = (b",", b";", b"\t", b"|"), re.compile(rb'"[^"]*("|$)')


def file_name(given: object) -> str:
    """The name that a page gives a file, for messages and titles only: never a path."""
    name = PurePath(str(given).replace("\\", "/")).name.lstrip(".")
    return "".join(c for c in name if c.isprintable())[:80] or "table"


def read_upload(data: bytes, name: str) -> pd.DataFrame:
    """Read a dropped CSV or Parquet file.

    Raises
    ------
    TableError
        It is no table, or unpacks to more than there may be.
    """
    if data[:4] == PARQUET:
        _check_parquet(data, name)
    else:
        data = _unzipped(data, name) if data[:2] == GZIP else data
        _check_text(data, name)
    frame = read_bytes(data, name)
    _check_shape(*frame.shape, name)
    return frame


def _check_text(data: bytes, name: str) -> None:
    """Refuse what would take minutes to be read, and then be refused."""
    lines = data.count(b"\n") + data.count(b"\r")
    head = data.lstrip()[:HEAD]
    first = [line for line in QUOTED.sub(b"", head).splitlines() if line.strip()][:3]  # header, row, and their end
    widest = max((line.count(mark) for line in first[:2] for mark in DELIMITERS), default=0)
    if lines > MOST_LINES or widest >= 2 * MOST_COLUMNS or (len(first) < 3 and len(head) == HEAD):
        raise TableError(
            f"the playground takes at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns, got many more in {name!r}; "
            "use nonlin study for this table"
        )


def _check_parquet(data: bytes, name: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.ParquetFile(io.BytesIO(data))
        _check_shape(found.metadata.num_rows, found.metadata.num_columns, name)
        groups = [found.metadata.row_group(i) for i in range(found.metadata.num_row_groups)]
        if sum(group.total_byte_size for group in groups) > MOST_UNPACKED or _letters(data, found) > MOST_UNPACKED:
            raise _too_large(name)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(
            f"source must be an intact Parquet file, got damaged bytes in {name!r}; export it again"
        ) from None


def _letters(data: bytes, file: Any) -> int:
    """How long all texts of a Parquet file are together, which may hold a long one once for all rows."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    columns = [file.schema.column(i) for i in range(file.metadata.num_columns)]
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
    if any(column.max_repetition_level for column in columns if column.path in texts):
        raise TableError("a Parquet file must hold plain columns, got lists of texts; leave them out")
    table = pq.read_table(io.BytesIO(data), columns=texts, read_dictionary=texts)
    chunks = [chunk for column in table.columns for chunk in column.chunks if hasattr(chunk, "dictionary")]
    sizes = [pc.sum(pc.take(pc.binary_length(chunk.dictionary), chunk.indices)).as_py() for chunk in chunks]
    return sum(size or 0 for size in sizes)


def _check_shape(rows: int, columns: int, name: str) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise TableError(
            f"the playground takes at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns, got {rows:,} and {columns:,} "
            f"in {name!r}; use nonlin study for this table"
        )


def _unzipped(data: bytes, name: str) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as file:
            plain = file.read(MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error):
        raise TableError(
            f"source must be an intact gzip file, got damaged bytes in {name!r}; compress it again"
        ) from None
    if len(plain) > MOST_UNPACKED:
        raise _too_large(name)
    return plain


def _too_large(name: str) -> TableError:
    return TableError(f"{name!r} must unpack to at most {MOST_UNPACKED // 10**6} MB; take fewer rows or columns")
