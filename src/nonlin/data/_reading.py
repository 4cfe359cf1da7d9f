"""A file becomes a data frame, or one line that says why not."""

from __future__ import annotations

import gzip
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from nonlin.data._built_in import built_in_names
from nonlin.data._columns import with_clean_names
from nonlin.data._delimited import HEAD, read_delimited
from nonlin.errors import TableError, suggest

if TYPE_CHECKING:
    import pandas as pd

GZIP, PARQUET = b"\x1f\x8b", b"PAR1"


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
    head = _head(path)
    if head[:4] == PARQUET or path.suffix.lower() in (".parquet", ".pq"):
        frame = _read_parquet(path)
    else:
        frame = read_delimited(path, _unzipped(path, head), "gzip" if head[:2] == GZIP else None)
    if frame.empty:
        raise TableError(f"source must hold rows below its header, got only the header in {str(path)!r}; add the rows")
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
        raise _empty(path)
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


def _empty(path: Path) -> TableError:
    return TableError(f"source must hold a table, got the empty file {str(path)!r}; give it a header line and rows")


def _unzipped(path: Path, head: bytes) -> bytes:
    if head[:2] != GZIP:
        return head
    try:
        with gzip.open(path) as file:
            head = file.read(HEAD)
    except (OSError, EOFError, zlib.error):
        raise TableError(
            f"source must be an intact gzip file, got damaged bytes in {str(path)!r}; compress it again"
        ) from None
    if not head:
        raise _empty(path)
    return head


def _read_parquet(path: Path) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    try:
        return pd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError):
        raise TableError(
            f"source must be an intact Parquet file, got damaged bytes in {str(path)!r}; export it again"
        ) from None
