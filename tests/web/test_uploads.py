"""Tables that are dropped on the page are bounded, and refused in one line where they are none."""

import gzip
import io
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nonlin.errors import TableError
from nonlin.web.uploads import file_name, read_upload
from web.page import messy

MANY = (
    "the playground takes at most 200,000 rows and 500 columns, got many more in 'x'; use nonlin study for this table"
)
UNPACKED = "'x' must unpack to at most 200 MB; take fewer rows or columns"


def parquet(table):
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def long_text_once():
    """A few kilobytes that are 400 megabytes when each row has its text."""
    text = pa.DictionaryArray.from_arrays(pa.array(np.zeros(1000, np.int32)), pa.array(["x" * 20_000]))
    part = pa.table({"a": text.cast(pa.string())})
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, part.schema) as writer:
        for _ in range(20):
            writer.write_table(part)
    return buffer.getvalue()


HOSTILE = {
    "24 MB of commas": (b"," * 24_000_000, MANY),
    "commas after blank lines": (b"\n" * 99 + b"," * 20_000_000, MANY),
    "commas in the first row": (b"a,b\n" + b"," * 20_000_000, MANY),
    "commas behind a long quotation": (b'"' + b"a" * 2**20 + b'"\n' + b"," * 20_000_000, MANY),
    "six million rows": (b"a,b\n" + b"1,2\n" * 6_000_000, MANY),
    "a million columns": (b",".join(b"c%d" % i for i in range(10**6)) + b"\n" + b"1," * (10**6 - 1) + b"1", MANY),
    "a gzip bomb": (gzip.compress(bytes(2 * 10**8 + 1), 1), UNPACKED),
    "a gzip bomb in two members": (2 * gzip.compress(b"a," * 55_000_000, 1), UNPACKED),
    "rows in a gzip": (gzip.compress(b"a\n" + b"1\n" * 5_000_000, 1), MANY),
    "a gzip that is cut": (
        gzip.compress(b"a,b\n" + b"1,2\n" * 99)[:-9],
        "source must be an intact gzip file, got damaged bytes in 'x'; compress it again",
    ),
    "Parquet of many rows": (
        parquet(pa.table({"a": np.zeros(300_000, np.int8)})),
        "the playground takes at most 200,000 rows and 500 columns, got 300,000 and 1 in 'x'; use nonlin study for this table",
    ),
    "Parquet of many columns": (
        parquet(pa.table({f"c{i}": [1] for i in range(501)})),
        "the playground takes at most 200,000 rows and 500 columns, got 1 and 501 in 'x'; use nonlin study for this table",
    ),
    "a long text for every row": (long_text_once(), UNPACKED),
    "lists of texts": (
        parquet(pa.table({"a": [["x"]]})), "a Parquet file must hold plain columns, got lists of texts; leave them out"
    ),
    "broken Parquet": (
        b"PAR1" + bytes(500) + b"PAR1",
        "source must be an intact Parquet file, got damaged bytes in 'x'; export it again",
    ),
    "binary": (
        bytes(range(256)) * 99, "source must be a CSV or Parquet file, got binary bytes in 'x'; export the table as CSV"
    ),
    "nothing": (b"", "source must hold a table, got the empty file 'x'; give it a header line and rows"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_tables(name):
    data, words = HOSTILE[name]
    began = time.process_time()
    with pytest.raises(TableError) as caught:
        read_upload(data, "x")
    assert str(caught.value) == words
    assert time.process_time() - began < 5


def test_an_open_quotation_is_no_table():
    with pytest.raises(TableError, match="^source must be a CSV with as many fields in each line"):
        read_upload(b'a,b\n"' + b"x\n" * 2000, "x")


@pytest.mark.parametrize("packed", [gzip.compress, lambda b: gzip.compress(b[:20]) + gzip.compress(b[20:]), bytes])
def test_tables(packed):
    table = read_upload(packed(b"a,b\n" + b'"1,1,1\n1",2\n' * 9), "x")
    assert (table.shape, table["a"][8]) == ((9, 2), "1,1,1\n1")


def test_parquet_of_all_kinds():
    frame = messy().assign(kind=pd.Categorical(["u", "v"] * 30), when=pd.date_range("2020", periods=60))
    assert read_upload(parquet(pa.Table.from_pandas(frame)), "x").shape == frame.shape


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("data.csv", "data.csv"), ("../../etc/passwd", "passwd"), ("C:\\a\\b.csv", "b.csv"), ("/", "table"),
        ("a\nb\x00.csv", "ab.csv"), ("x" * 99, "x" * 80), (None, "None"), ("", "table"), ("..", "table"), (["a/b"], "b']"),
    ],
)  # fmt: skip
def test_names_of_files(given, taken):
    assert file_name(given) == taken
