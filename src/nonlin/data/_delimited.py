"""Text with delimiters: find the encoding, the delimiter and the decimal mark, then let pandas read it."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zlib
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nonlin.data._columns import check_unique, listed
from nonlin.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

DELIMITERS = ",;\t|"
HEAD = 1 << 16  # bytes that tell what a file is
SAMPLE = 200  # rows that tell how it is cut
MISSING = ["?"]  # beside what pandas takes for missing
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
NUMBER = re.compile(r"[-+]?\d*[.,]?\d+([eE][-+]?\d+)?")
DECIMAL_COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*")
DECIMAL_POINT = re.compile(r"\s*[-+]?\d+\.\d+\s*")

Compression = Literal["gzip"] | None


def read_delimited(
    opened: Callable[[], Path | io.BytesIO], name: str, head: bytes, compression: Compression
) -> pd.DataFrame:
    """Read the file whose first bytes, decompressed, are ``head``."""
    for encoding in _encodings(head):
        try:
            return _read(opened(), name, _sample_text(head, encoding), encoding, compression)
        except UnicodeError:
            continue
    raise TableError(f"source must be a CSV or Parquet file, got binary bytes in {name!r}; export the table as CSV")


def _encodings(head: bytes) -> tuple[str, ...]:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return () if CONTROL.search(head) else ("utf-8-sig", "latin-1")


def _sample_text(head: bytes, encoding: str) -> str:
    text = codecs.getincrementaldecoder(encoding)().decode(head)  # forgives a character cut at the end
    whole, _, _ = text.rpartition("\n")
    return whole if whole and len(head) >= HEAD else text


def _read(source: Path | io.BytesIO, name: str, text: str, encoding: str, compression: Compression) -> pd.DataFrame:
    import pandas as pd

    delimiter = _delimiter(name, text)
    rows = _rows(text, delimiter)
    _check_header(name, rows)
    try:
        return pd.read_csv(
            source,
            sep=delimiter,
            decimal="," if delimiter != "," and _has_decimal_comma(rows) else ".",
            encoding=encoding,
            compression=compression,
            skipinitialspace=True,
            na_values=MISSING,
            low_memory=False,  # types are guessed from whole columns, so that no DtypeWarning is due
        )
    except UnicodeError:
        raise
    except (pd.errors.ParserError, EOFError, OSError, ValueError, zlib.error) as error:
        raise _not_a_table(name, repr(" ".join(str(error).split()))) from None


def _rows(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    return [row for row in islice(reader, SAMPLE) if len(row) > 1 or "".join(row).strip()]


def _delimiter(name: str, text: str) -> str:
    """Return the delimiter that cuts most lines alike; a plain single column needs none."""
    best = max(DELIMITERS, key=lambda delimiter: _fit(text, delimiter))
    if _fit(text, best)[0] >= 0.5:
        return best
    words = {len(line.split()) for line in text.splitlines() if line.strip()}
    if any(mark in text for mark in DELIMITERS) or words - {1}:
        raise _not_a_table(name, "lines of text")
    return ","


def _fit(text: str, delimiter: str) -> tuple[float, int]:
    """Share of the lines with the usual number of fields, and that number; a single field fits nothing."""
    widths = Counter(len(row) for row in _rows(text, delimiter))
    width, lines = widths.most_common(1)[0] if widths else (0, 0)
    return (lines / widths.total(), width) if width > 1 else (0.0, 0)


def _check_header(name: str, rows: list[list[str]]) -> None:
    if not rows:
        raise TableError(f"source must hold a table, got only blank lines in {name!r}; give it a header line and rows")
    names = [name.strip() for name in rows[0]]
    if all(map(NUMBER.fullmatch, names)) and not (all(map(str.isdigit, names)) and len(set(names)) == len(names)):
        raise TableError(
            f"source must name its columns in its first line, got the numbers {listed(names, limit=3)} in "
            f"{name!r}; add a line of names"
        )
    wide = next((i for i, row in enumerate(rows) if len(row) > len(rows[0])), None)
    if wide is not None:
        raise _not_a_table(name, f"{len(rows[wide])} fields in row {wide} below a header of {len(rows[0])}")
    check_unique([name for name in names if name])


def _not_a_table(name: str, found: str) -> TableError:
    return TableError(
        f"source must be a CSV with as many fields in each line as in its header, got {found} in "
        f"{name!r}; separate the fields by a comma, semicolon, tab or |, and name every column"
    )


def _has_decimal_comma(rows: list[list[str]]) -> bool:
    cells = [cell for row in rows[1:] for cell in row]
    return any(map(DECIMAL_COMMA.fullmatch, cells)) and not any(map(DECIMAL_POINT.fullmatch, cells))
