"""A file becomes a data frame, or one line that says why not."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nonlin.data._built_in import built_in_names
from nonlin.data._columns import with_clean_names
from nonlin.data._delimited import HEAD, read_delimited
from nonlin.errors import TableError, suggest

if TYPE_CHECKING:
    import pandas as pd

GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
TABLE_SUFFIXES = {"", ".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".gz", ".parquet", ".pq"}
Opened = Callable[[], Path | io.BytesIO]  # what pandas reads, afresh at each call


def read_table(source: str | os.PathLike[str]) -> pd.DataFrame:
    r"""Read a CSV or Parquet file.

    What the file holds decides how it is read, not what it is called. In a CSV the delimiter is the one of
    ``,`` ``;`` tab ``|`` that cuts most lines into as many fields as the header; the text is UTF-8 (with or
    without a byte-order mark), UTF-16 with one, or else Latin-1; it may be compressed with gzip. Where the
    delimiter is not the comma, numbers such as ``3,14`` are read with a decimal comma. Empty cells, ``?``,
    ``NA`` and its kin are missing values. The first line names the columns; white space around names goes.

    Parameters
    ----------
    source : str or path-like
        The file, such as ``data.csv``, ``data.tsv``, ``data.txt``, ``data.csv.gz`` or ``data.parquet``.

    Returns
    -------
    pandas.DataFrame
        One row a line, at least one.

    Raises
    ------
    TableError
        If there is no such file, or it cannot be read, or it holds no table.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "prices.csv")
    ...     _ = path.write_text("city;price\nOslo;3,5\nRome;2,5\n")
    ...     read_table(path)["price"].sum()
    np.float64(6.0)
    """
    path = Path(source).expanduser()
    return _read(_head(path), lambda: path, str(path), is_parquet=path.suffix.lower() in (".parquet", ".pq"))


def read_bytes(data: bytes, name: str) -> pd.DataFrame:
    r"""Read what a CSV or Parquet file holds, from memory; ``name`` is what messages call it.

    Raises
    ------
    TableError
        If it holds no table; see :func:`read_table`.

    Examples
    --------
    >>> read_bytes(b"x,y\n1,2\n3,4\n", "data.csv").shape
    (2, 2)
    """
    if not data:
        raise _empty(name)
    return _read(data[:HEAD], lambda: io.BytesIO(data), name)


def _read(head: bytes, opened: Opened, name: str, *, is_parquet: bool = False) -> pd.DataFrame:
    if head[:4] == PARQUET or is_parquet:
        frame = _read_parquet(opened, name)
    else:
        plain = _unzipped(opened, head, name)
        frame = read_delimited(opened, name, plain, "gzip" if head[:2] == GZIP else None)
    if frame.empty:
        raise _without_rows(name)
    return with_clean_names(frame)


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise TableError(f"source must be a file, got the folder {str(path)!r}; name a CSV or Parquet file in it")
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except PermissionError:
        raise TableError(
            f"source must be readable, got no permission to read {str(path)!r}; ask its owner for it"
        ) from None
    except (OSError, ValueError):
        raise _no_such_file(path) from None
    if not head:
        raise _empty(str(path))
    return head


def _no_such_file(path: Path) -> TableError:
    near = suggest(path.name, [*built_in_names(), *_beside(path)])
    return TableError(
        f"source must be a file that exists or a built-in name, got {str(path)!r}"
        f"{near + ' Built' if near else '; built'}-in names: {', '.join(built_in_names())}"
    )


def _beside(path: Path) -> list[str]:
    try:
        return sorted(p.name for p in path.parent.iterdir())
    except (OSError, ValueError):
        return []


def _empty(name: str) -> TableError:
    return TableError(f"source must hold a table, got the empty file {name!r}; give it a header line and rows")


def _without_rows(name: str) -> TableError:
    """What is wrong with a table without rows: that, or what its name says that it is."""
    ending = Path(name).suffix.lower()
    if ending in TABLE_SUFFIXES:
        return TableError(f"source must hold rows below its header, got only the header in {name!r}; add the rows")
    return TableError(
        f"source must be a CSV or Parquet file, got the ending {ending!r} and no rows in {name!r}; "
        "export the table as CSV"
    )


def _unzipped(opened: Opened, head: bytes, name: str) -> bytes:
    if head[:2] != GZIP:
        return head
    try:
        with gzip.open(opened()) as file:
            head = file.read(HEAD)
    except (OSError, EOFError, zlib.error):
        raise TableError(
            f"source must be an intact gzip file, got damaged bytes in {name!r}; compress it again"
        ) from None
    if not head:
        raise _empty(name)
    return head


def _read_parquet(opened: Opened, name: str) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    try:
        return pd.read_parquet(opened())
    except (pa.ArrowException, OSError, ValueError):
        raise TableError(
            f"source must be an intact Parquet file, got damaged bytes in {name!r}; export it again"
        ) from None
