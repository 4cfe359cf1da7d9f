"""Where what studies found is kept: an SQLite file, any database that SQLAlchemy knows, or the memory of this process.

Every fit is one row, and so is every diagnosis, written in a transaction of its own when it is finished: a process
killed at any moment loses only those under way. Processes share the work of a study by claims: each takes what nobody
claimed, and at the end also what others claimed and did not finish. Doing it twice is harmless, for its figures are
the same to the bit, and the first row stays.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, ProgrammingError

from nonlin.errors import StoreError
from nonlin.lab.fitting import Fit
from nonlin.lab.probing import Diagnosis
from nonlin.lab.stored import StoredStudy

SCHEMA = 2
BUSY_SECONDS = 30.0
"""How long to wait for another process's transaction, which takes milliseconds."""

_ROWS_AT_ONCE = 1000  # in one statement: a conflict in a list of them makes psycopg write to stderr
_Found = TypeVar("_Found", Fit, Diagnosis)
_KEY = sa.String(64)
_metadata = sa.MetaData()
_schema = sa.Table("nonlin_store", _metadata, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))
_studies = sa.Table(
    "studies", _metadata,
    sa.Column("key", _KEY, primary_key=True), sa.Column("name", sa.Text), sa.Column("target", sa.Text),
    sa.Column("task", sa.Text), sa.Column("source", sa.Text), sa.Column("plan", sa.JSON), sa.Column("fits", sa.Integer),
)  # fmt: skip
_work = sa.Table(
    "work", _metadata,
    sa.Column("name", _KEY, primary_key=True), sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("key", _KEY),
)  # fmt: skip
_claims = sa.Table("claims", _metadata, sa.Column("key", _KEY, primary_key=True))
_records = sa.Table(
    "records", _metadata,
    sa.Column("key", _KEY, primary_key=True), sa.Column("kind", sa.Text), sa.Column("candidate", sa.Text),
    sa.Column("fold", sa.Integer), sa.Column("rate", sa.Float), sa.Column("record", sa.Text),
)  # fmt: skip
_with_records = _work.outerjoin(_records, _work.c.key == _records.c.key)


class Store:
    """The finished fits and diagnoses of any number of studies.

    What a study has to do is a list of keys, its work. That of its fits bears the study's own key as its name, that of
    its diagnoses another (:func:`nonlin.lab.keys.study_key` of either).

    Parameters
    ----------
    where : path of an SQLite file, or an SQLAlchemy URL; by default the memory of this process

    Raises
    ------
    StoreError
        The file or the database cannot be used, or holds something else.

    Examples
    --------
    >>> with Store() as store:
    ...     store.studies()
    []
    """

    def __init__(self, where: str | os.PathLike[str] | None = None) -> None:
        self.name = "in memory" if where is None else without_password(str(where))
        with self._said():
            self._engine = sa.create_engine(_url(where))
        if self._engine.dialect.name == "sqlite":
            _tune(self._engine)
        with self._said():
            try:
                self._open()
            except (IntegrityError, ProgrammingError):  # another process has just made the tables
                self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def _open(self) -> None:
        """Make the tables in an empty database, and refuse what is not a store; to read one takes no lock."""
        with self._engine.connect() as connection:
            tables = sa.inspect(connection.execution_options(reads=True)).get_table_names()
        if not tables:
            with self._engine.begin() as connection:
                _metadata.create_all(connection)
                connection.execute(_schema.insert().values(version=SCHEMA))
        elif _schema.name not in tables:
            raise StoreError(f"{self.name!r} is not a store of nonlin: it holds the table {tables[0]!r}; name another")
        version = next((row.version for row in self._read(sa.select(_schema.c.version))), None)
        if version != SCHEMA:
            raise StoreError(
                f"the store {self.name!r} has version {version}, and this nonlin reads version {SCHEMA}; use the "
                "nonlin that wrote it, or name another store"
            )

    def studies(self) -> list[StoredStudy]:
        """All studies, in the order of their tables' names."""
        done = sa.select(sa.func.count(_records.c.key)).select_from(_with_records).where(_work.c.name == _studies.c.key)
        query = sa.select(_studies, done.scalar_subquery().label("done")).order_by(_studies.c.name, _studies.c.key)
        return [StoredStudy(**row._mapping) for row in self._read(query)]

    def begin(self, study: StoredStudy, fits: Iterable[str]) -> None:
        """Enter a study and the keys of its fits, unless it is there."""
        self.enter(study.key, fits)
        self._insert(_studies, [{column.name: getattr(study, column.name) for column in _studies.c}])

    def enter(self, name: str, keys: Iterable[str]) -> None:
        """Enter a list of work, unless it is there."""
        self._insert(_work, [{"name": name, "position": i, "key": key} for i, key in enumerate(keys)])

    def fits(self, name: str) -> dict[str, Fit]:
        """The finished fits of a list of work by their keys, in its order."""
        return self._found(name, Fit)

    def diagnoses(self, name: str) -> dict[str, Diagnosis]:
        """The finished diagnoses of a list of work by their keys, in its order."""
        return self._found(name, Diagnosis)

    def _found(self, name: str, kind: type[_Found]) -> dict[str, _Found]:
        query = sa.select(_records.c.key, _records.c.record).select_from(_with_records).where(_finished(name))
        rows = self._read(query.order_by(_work.c.position))
        try:
            return {row.key: kind.from_record(json.loads(row.record)) for row in rows}
        except (ValueError, TypeError, KeyError):
            raise _refusal(self.name, "a record is malformed") from None

    def done(self, name: str) -> int:
        """How much of a list of work is finished."""
        (row,) = self._read(sa.select(sa.func.count().label("n")).select_from(_with_records).where(_finished(name)))
        return int(row.n)

    def claim(self, name: str, count: int) -> list[str]:
        """Take the next keys of a list of work that are neither finished nor claimed."""
        free = _unfinished(name).where(_work.c.key.not_in(sa.select(_claims.c.key)))
        while keys := [row.key for row in self._read(free.order_by(_work.c.position).limit(count))]:
            if self._insert(_claims, [{"key": key} for key in keys]):
                return keys
        return []

    def unfinished(self, name: str) -> list[str]:
        """The keys of a list of work that are not finished, the last one first: others are likely at the first ones."""
        return [row.key for row in self._read(_unfinished(name).order_by(_work.c.position.desc()))]

    def put(self, key: str, found: Fit | Diagnosis) -> None:
        """Keep a finished fit or diagnosis; if it is there, that one stays."""
        kind, record = type(found).__name__.lower(), json.dumps(found.as_record())
        which = {"candidate": found.candidate, "fold": found.fold, "rate": found.rate}
        self._insert(_records, [{"key": key, "kind": kind, **which, "record": record}])

    def _insert(self, table: sa.Table, rows: list[dict[str, Any]]) -> bool:
        """Insert all rows, or none if the table holds one of them; return which."""
        with self._said():
            try:
                with self._engine.begin() as connection:
                    for i in range(0, len(rows), _ROWS_AT_ONCE):
                        connection.execute(table.insert().values(rows[i : i + _ROWS_AT_ONCE]))
            except IntegrityError:
                return False
        return True

    def _read(self, query: sa.Select[Any]) -> list[Any]:
        with self._said(), self._engine.connect() as connection:
            return list(connection.execution_options(reads=True).execute(query))

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say in one line what the database refuses."""
        try:
            yield
        except DBAPIError as error:
            raise _refusal(self.name, str(error.orig)) from None
        except ImportError as error:
            raise StoreError(f"cannot open the store {self.name!r}: {error}; install it, or name a file") from None
        except (ArgumentError, NoSuchModuleError, ValueError) as error:
            reason = f"{str(error).splitlines()[0]}; name a file or an SQLAlchemy URL"
            raise StoreError(f"cannot open the store {self.name!r}: {reason}") from None


def check_exists(where: str | os.PathLike[str]) -> None:
    """Refuse a file that is not there, where a new store would be of no use."""
    if "://" not in str(where) and not Path(where).exists():
        raise StoreError(f"there is no store {str(where)!r}; name the file that 'nonlin study --store' wrote")


def without_password(word: str) -> str:
    """An address as it may be shown; any other word as it is.

    Examples
    --------
    >>> without_password("postgresql://me:secret@host:5432/fits")
    'postgresql://me:***@host:5432/fits'
    """
    return re.sub(r"(://[^:/@]*:)[^@]*(?=@)|([?&]password=)[^&]*", r"\1\2***", word)


def _url(where: str | os.PathLike[str] | None) -> sa.URL:
    if where is None or "://" in str(where):
        return sa.make_url(str(where or "sqlite://"))
    return sa.URL.create("sqlite", database=str(where))


def _tune(engine: sa.Engine) -> None:
    """Let readers and a writer work at once, and writers wait for each other from their first statement on."""

    @sa.event.listens_for(engine, "connect")
    def opened(connection: Any, _: object) -> None:
        connection.isolation_level = None  # Python's own transactions would begin too late
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")
        _keep_a_log(connection)
        connection.execute("PRAGMA synchronous=NORMAL")

    @sa.event.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:
        if not connection.get_execution_options().get("reads"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Write to a log beside the file; SQLite does not wait for others to let it begin one, so it is asked again."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
        time.sleep(0.01)


def _finished(name: str) -> sa.ColumnElement[bool]:
    return sa.and_(_work.c.name == name, _records.c.key.is_not(None))


def _unfinished(name: str) -> sa.Select[Any]:
    return sa.select(_work.c.key).select_from(_with_records).where(_work.c.name == name, _records.c.key.is_(None))


_OTHERWISE = "see that the database is there, and run the same command again: the finished fits are kept"
_REMEDIES = {
    "full": "free some space, and run the same command again: the finished fits are kept",
    "i/o error": "free some space, and run the same command again: the finished fits are kept",
    "locked": "end the program that holds it, and run the same command again: the finished fits are kept",
    "readonly": "make the file and its folder writable, or name another store",
    "unable to open": "name a file in a folder that exists and can be written",
    "malformed": "the file is damaged; restore a copy, or name another store",
    "not a database": "it is no store of nonlin; name another file",
}


def _refusal(name: str, reason: str) -> StoreError:
    reason = reason.splitlines()[0]
    remedy = next((text for word, text in _REMEDIES.items() if word in reason.lower()), _OTHERWISE)
    return StoreError(f"cannot use the store {name!r}: {reason}; {remedy}")
