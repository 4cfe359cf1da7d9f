"""Where the finished fits of studies are kept: an SQLite file, any database that SQLAlchemy knows, or this process.

Every fit is one row, written in a transaction of its own when it is finished, so that a process killed at any moment
loses only the fits under way. Processes share the work of a study by claims: each takes fits that nobody claimed, and
at the end also those that others claimed and did not finish. Doing a fit twice is harmless, for its figures are the
same to the bit, and the first row stays.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from nonlin.errors import StoreError
from nonlin.lab.fitting import Fit
from nonlin.lab.stored import StoredStudy

SCHEMA = 1
BUSY_SECONDS = 30.0
"""How long to wait for another process's transaction, which takes milliseconds."""

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
    sa.Column("study", _KEY, primary_key=True), sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("fit", _KEY),
)  # fmt: skip
_claims = sa.Table("claims", _metadata, sa.Column("fit", _KEY, primary_key=True))
_fits = sa.Table(
    "fits", _metadata,
    sa.Column("fit", _KEY, primary_key=True), sa.Column("candidate", sa.Text), sa.Column("fold", sa.Integer),
    sa.Column("rate", sa.Float), sa.Column("record", sa.Text),
)  # fmt: skip
_of_study = _work.outerjoin(_fits, _work.c.fit == _fits.c.fit)


class Store:
    """The finished fits of any number of studies.

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
        self.name = "in memory" if where is None else str(where)
        with self._said():
            self._engine = sa.create_engine(_url(where))
        if self._engine.dialect.name == "sqlite":
            _tune(self._engine)
        with self._said(), self._engine.begin() as connection:
            self._enter(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def _enter(self, connection: sa.Connection) -> None:
        """Make the tables in an empty database, and refuse what is not a store."""
        tables = sa.inspect(connection).get_table_names()
        if tables and _schema.name not in tables:
            raise StoreError(f"{self.name!r} is not a store of nonlin: it holds the table {tables[0]!r}; name another")
        if not tables:
            _metadata.create_all(connection)
            connection.execute(_schema.insert().values(version=SCHEMA))
        version = connection.scalar(sa.select(_schema.c.version))
        if version != SCHEMA:
            raise StoreError(
                f"the store {self.name!r} has version {version}, and this nonlin reads version {SCHEMA}; use the "
                "nonlin that wrote it, or name another store"
            )

    def studies(self) -> list[StoredStudy]:
        """All studies, in the order of their tables' names."""
        done = sa.select(sa.func.count(_fits.c.fit)).select_from(_of_study).where(_work.c.study == _studies.c.key)
        query = sa.select(_studies, done.scalar_subquery().label("done")).order_by(_studies.c.name, _studies.c.key)
        return [StoredStudy(**row._mapping) for row in self._read(query)]

    def begin(self, study: StoredStudy, fits: Iterable[str]) -> None:
        """Enter a study and the keys of its fits, unless it is there."""
        rows = [{"study": study.key, "position": i, "fit": fit} for i, fit in enumerate(fits)]
        row = {column.name: getattr(study, column.name) for column in _studies.c}
        with self._said(), self._engine.begin() as connection:
            known = connection.scalar(sa.select(_studies.c.key).where(_studies.c.key == study.key))
            if known is None:
                connection.execute(_studies.insert().values(row))
                connection.execute(_work.insert(), rows)

    def fits(self, study: str) -> dict[str, Fit]:
        """The finished fits of a study by their keys, in the plan's order."""
        query = sa.select(_fits.c.fit, _fits.c.record).select_from(_of_study).where(_finished(study))
        rows = self._read(query.order_by(_work.c.position))
        return {row.fit: Fit.from_record(json.loads(row.record)) for row in rows}

    def done(self, study: str) -> int:
        """How many fits of a study are finished."""
        (row,) = self._read(sa.select(sa.func.count().label("n")).select_from(_of_study).where(_finished(study)))
        return int(row.n)

    def claim(self, study: str, count: int) -> list[str]:
        """Take the next fits of a study that are neither finished nor claimed."""
        free = _unfinished(study).where(_work.c.fit.not_in(sa.select(_claims.c.fit)))
        try:
            with self._said(), self._engine.begin() as connection:
                keys = list(connection.scalars(free.order_by(_work.c.position).limit(count)))
                if keys:
                    connection.execute(_claims.insert(), [{"fit": key} for key in keys])
        except IntegrityError:  # another process was faster
            return self.claim(study, count)
        return keys

    def unfinished(self, study: str) -> list[str]:
        """The fits of a study that are not finished, the last one first: others are likely to be at the first ones."""
        return [row.fit for row in self._read(_unfinished(study).order_by(_work.c.position.desc()))]

    def put(self, key: str, fit: Fit) -> None:
        """Keep a finished fit; if it is there, that one stays."""
        row = {"candidate": fit.candidate, "fold": fit.fold, "rate": fit.rate, "record": json.dumps(fit.as_record())}
        try:
            with self._said(), self._engine.begin() as connection:
                connection.execute(_fits.insert().values(fit=key, **row))
        except IntegrityError:
            return

    def _read(self, query: sa.Select[Any]) -> list[Any]:
        with self._said(), self._engine.connect() as connection:
            return list(connection.execution_options(reads=True).execute(query))

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say in one line what the database refuses."""
        try:
            yield
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise _refusal(self.name, str(error.orig)) from None
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            reason = f"{str(error).splitlines()[0]}; name a file or an SQLAlchemy URL"
            raise StoreError(f"cannot open the store {self.name!r}: {reason}") from None


def check_exists(where: str | os.PathLike[str]) -> None:
    """Refuse a file that is not there, where a new store would be of no use."""
    if "://" not in str(where) and not Path(where).exists():
        raise StoreError(f"there is no store {str(where)!r}; name the file that 'nonlin study --store' wrote")


def _url(where: str | os.PathLike[str] | None) -> str | sa.URL:
    if where is None or "://" in str(where):
        return str(where or "sqlite://")
    return sa.URL.create("sqlite", database=str(where))


def _tune(engine: sa.Engine) -> None:
    """Let readers and a writer work at once, and writers wait for each other from their first statement on."""

    @sa.event.listens_for(engine, "connect")
    def opened(connection: Any, _: object) -> None:
        connection.isolation_level = None  # Python's own transactions would begin too late
        for pragma in (f"busy_timeout={BUSY_SECONDS * 1000:.0f}", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:
        if not connection.get_execution_options().get("reads"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def _finished(study: str) -> sa.ColumnElement[bool]:
    return sa.and_(_work.c.study == study, _fits.c.fit.is_not(None))


def _unfinished(study: str) -> sa.Select[Any]:
    return sa.select(_work.c.fit).select_from(_of_study).where(_work.c.study == study, _fits.c.fit.is_(None))


_REMEDIES = {
    "full": "free some space, and run the same command again: the finished fits are kept",
    "i/o error": "free some space, and run the same command again: the finished fits are kept",
    "locked": "end the program that holds it, and run the same command again: the finished fits are kept",
    "readonly": "make the file and its folder writable, or name another store",
    "unable to open": "name a file in a folder that exists and can be written",
    "not a database": "it is no store of nonlin; name another file",
}


def _refusal(name: str, reason: str) -> StoreError:
    reason = reason.splitlines()[0]
    remedy = next((text for word, text in _REMEDIES.items() if word in reason.lower()), "is the database there?")
    return StoreError(f"cannot use the store {name!r}: {reason}; {remedy}")
