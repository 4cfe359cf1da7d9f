"""The store: what is put in comes out, to the bit, and every trouble with the file is one line."""

import math
import sqlite3
import sys
import threading

import numpy as np
import pytest
import sqlalchemy as sa

from nonlin.data import load
from nonlin.errors import StoreError
from nonlin.lab import store as module
from nonlin.lab.diagnostics import LayerHealth
from nonlin.lab.fitting import Fit
from nonlin.lab.layers import LayerState
from nonlin.lab.plan import make_plan
from nonlin.lab.probing import Diagnosis
from nonlin.lab.store import Store, check_exists
from nonlin.lab.stored import describe

TABLE = load("xor")
PLAN = make_plan("classification", ["tanh"], 5, "quick", 0)
KEYS = [f"{i:064x}" for i in range(5)]
STUDY = describe("s" * 64, TABLE, PLAN, len(KEYS), "xor")
FIT = Fit(
    "tanh", 3, 0.1 + 0.2, {"accuracy": 1 / 3, "roc_auc": math.nan}, np.float64(0.7), math.inf, 5e-324, 7,
    (0.1, 1e300), (-0.0,), (LayerHealth(1, 200, 0.0, 2 / 3),),
)  # fmt: skip
STATE = LayerState(4, 1, 200, 0.0, 2 / 3, -0.0, 1e-300, 0.1, math.inf, math.nan, 1.5)
DIAGNOSIS = Diagnosis("tanh", 0, 0.1 + 0.2, 16, (STATE,), (STATE, STATE), math.nan, 1 / 3, 5e-324, 0.7, math.inf)


@pytest.fixture
def where(tmp_path):
    return tmp_path / "s.db"


@pytest.fixture(params=["file", "memory"])
def store(request, where):
    with Store(where if request.param == "file" else None) as opened:
        opened.begin(STUDY, KEYS)
        yield opened


def test_a_fit_comes_back_to_the_bit(store):
    store.put(KEYS[2], FIT)
    (back,) = store.fits(STUDY.key).values()
    assert repr(back) == repr(FIT).replace("np.float64(0.7)", "0.7")


def test_a_diagnosis_comes_back_to_the_bit_and_is_work_of_its_own(store):
    for _ in range(2):
        store.enter("d" * 64, ["a" * 64, "b" * 64])
    assert store.claim("d" * 64, 9) == ["a" * 64, "b" * 64]
    store.put("b" * 64, DIAGNOSIS)
    assert repr(store.diagnoses("d" * 64)) == repr({"b" * 64: DIAGNOSIS})
    assert store.unfinished("d" * 64) == ["a" * 64]
    assert (store.done(STUDY.key), [study.done for study in store.studies()]) == (0, [0])


def test_fits_come_in_the_order_of_the_plan_and_the_first_one_stays(store):
    for key in (KEYS[4], KEYS[0]):
        store.put(key, FIT)
    store.put(KEYS[4], Fit("later", 0, 0.0, {}, 0.0, 0.0, 0.0, 0))
    assert list(store.fits(STUDY.key)) == [KEYS[0], KEYS[4]]
    assert {fit.candidate for fit in store.fits(STUDY.key).values()} == {"tanh"}
    assert store.done(STUDY.key) == 2


def test_claims_are_taken_once_and_what_is_finished_is_not_claimed(store):
    store.put(KEYS[1], FIT)
    assert store.claim(STUDY.key, 2) == [KEYS[0], KEYS[2]]
    assert store.claim(STUDY.key, 9) == [KEYS[3], KEYS[4]]
    assert store.claim(STUDY.key, 9) == []
    assert store.unfinished(STUDY.key) == [KEYS[4], KEYS[3], KEYS[2], KEYS[0]]


def test_a_study_is_entered_once_and_counts_what_other_studies_did(store):
    store.put(KEYS[1], FIT)
    other = describe("t" * 64, TABLE, PLAN, 2, "xor")
    for _ in range(2):
        store.begin(other, KEYS[1:3])
    assert [(study.key, study.fits, study.done) for study in store.studies()] == [(STUDY.key, 5, 1), (other.key, 2, 1)]
    assert store.claim(other.key, 9) == [KEYS[2]]


def test_two_openings_of_one_file_see_each_other(where):
    with Store(where) as one, Store(where) as other:
        one.begin(STUDY, KEYS)
        assert one.claim(STUDY.key, 3) == KEYS[:3]
        assert other.claim(STUDY.key, 3) == KEYS[3:]
        other.put(KEYS[3], FIT)
        assert one.done(STUDY.key) == 1
    assert sorted(path.name for path in where.parent.iterdir()) == ["s.db"]


def refusal(call, *words):
    with pytest.raises(StoreError) as refused:
        call(*words)
    return str(refused.value)


def test_what_is_no_store_is_refused_and_left_alone(where):
    where.write_bytes(b"a,b,y\n" * 200)
    assert refusal(Store, where) == (
        f"cannot use the store {str(where)!r}: file is not a database; it is no store of nonlin; name another file"
    )
    assert where.read_bytes() == b"a,b,y\n" * 200


def test_another_programs_database_is_refused(where):
    with sqlite3.connect(where) as other:
        other.execute("create table holidays (day text)")
    other.close()
    assert (
        refusal(Store, where) == f"{str(where)!r} is not a store of nonlin: it holds the table 'holidays'; name another"
    )


def test_a_newer_version_is_refused(where):
    Store(where).__exit__()
    with sqlite3.connect(where) as newer:
        newer.execute("update nonlin_store set version = 7")
    newer.close()
    assert refusal(Store, where) == (
        f"the store {str(where)!r} has version 7, and this nonlin reads version 2; use the nonlin that wrote it, or name "
        "another store"
    )


def test_a_locked_store_is_waited_for_and_then_refused(where, monkeypatch):
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    with Store(where) as store:
        store.begin(STUDY, KEYS)
        holder = sqlite3.connect(where, isolation_level=None)
        holder.execute("begin immediate")
        assert refusal(store.put, KEYS[0], FIT) == (
            f"cannot use the store {str(where)!r}: database is locked; end the program that holds it, and run the same "
            "command again: the finished fits are kept"
        )
        holder.close()
        store.put(KEYS[0], FIT)
        assert store.done(STUDY.key) == 1


def test_a_full_store_keeps_what_it_has(where):
    with Store(where) as store:
        store.begin(STUDY, KEYS)
        store.put(KEYS[0], FIT)
        with store._engine.connect() as connection:
            pages = connection.exec_driver_sql("pragma page_count").scalar()
            connection.exec_driver_sql(f"pragma max_page_count={pages}")
        big = Fit("tanh", 0, 0.1, {}, 0.0, 0.0, 0.0, 0, (0.1,) * 9000)
        assert refusal(store.put, KEYS[1], big) == (
            f"cannot use the store {str(where)!r}: database or disk is full; free some space, and run the same command "
            "again: the finished fits are kept"
        )
    with Store(where) as store:
        assert list(store.fits(STUDY.key)) == [KEYS[0]]
        store.put(KEYS[1], big)
        assert store.done(STUDY.key) == 2


def test_a_file_that_may_not_grow_is_refused(where):
    resource = pytest.importorskip("resource", reason="Windows has no limit on the size of files")
    with Store(where) as store:
        store.begin(STUDY, KEYS)
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        size = (where.parent / "s.db-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
        try:
            message = refusal(store.put, KEYS[1], FIT)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        assert message.endswith("; free some space, and run the same command again: the finished fits are kept")
        store.put(KEYS[1], FIT)
        assert store.done(STUDY.key) == 1


def test_a_damaged_store_is_refused(where):
    with Store(where) as store:
        store.begin(STUDY, KEYS)
        store.put(KEYS[0], FIT)
    with sqlite3.connect(where) as database:
        database.execute("update records set record = substr(record, 1, 50)")
    database.close()
    remedy = "malformed; the file is damaged; restore a copy, or name another store"
    with Store(where) as store:
        assert refusal(store.fits, STUDY.key) == f"cannot use the store {str(where)!r}: a record is {remedy}"
    size = where.stat().st_size
    with where.open("r+b") as file:
        file.seek(size // 4)
        file.write(b"\x5a" * (size // 2))
    assert refusal(lambda: Store(where).studies()) == (
        f"cannot use the store {str(where)!r}: database disk image is {remedy}"
    )


def test_many_may_open_a_new_store_at_the_same_moment(tmp_path):
    for k in range(30):
        go, problems = threading.Barrier(6), []

        def begin(where=tmp_path / f"{k}.db", go=go, problems=problems):
            go.wait()
            try:
                with Store(where) as store:
                    store.begin(STUDY, KEYS)
            except StoreError as error:
                problems.append(error)

        together = [threading.Thread(target=begin) for _ in range(6)]
        for thread in together:
            thread.start()
        for thread in together:
            thread.join()
        assert problems == []


def test_to_read_a_store_takes_no_lock(where, monkeypatch):
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    with Store(where) as store:
        store.begin(STUDY, KEYS)
        holder = sqlite3.connect(where, isolation_level=None)
        holder.execute("begin exclusive")
        with Store(where) as other:
            assert [study.key for study in other.studies()] == [STUDY.key]
        holder.close()


def test_a_store_that_may_only_be_read_is_refused(where):
    Store(where).__exit__()
    address = f"sqlite:///file:{where}?mode=ro&uri=true"
    with Store(address) as store:
        assert store.studies() == []
        assert refusal(store.begin, STUDY, KEYS) == (
            f"cannot use the store {address!r}: attempt to write a readonly database; make the file and its folder "
            "writable, or name another store"
        )


def test_a_database_that_has_gone_away(where):
    def gone(*_):
        raise sqlite3.OperationalError("connection refused\n\tis the server running?")

    with Store(where) as store:
        store._engine.dispose()
        sa.event.listen(store._engine, "do_connect", gone)
        assert refusal(store.studies) == (
            f"cannot use the store {str(where)!r}: connection refused; see that the database is there, and run the same "
            "command again: the finished fits are kept"
        )


def test_a_driver_that_is_missing_and_passwords_are_hidden(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert refusal(Store, "postgresql+psycopg://me:secret@host/fits?password=secret&sslmode=require") == (
        "cannot open the store 'postgresql+psycopg://me:***@host/fits?password=***&sslmode=require': import of psycopg "
        "halted; None in sys.modules; install it, or name a file"
    )


def test_a_folder_that_is_not_there_and_addresses_that_are_none(tmp_path):
    place = str(tmp_path / "nowhere" / "s.db")
    assert refusal(Store, place) == (
        f"cannot use the store {place!r}: unable to open database file; name a file in a folder that exists and can be "
        "written"
    )
    assert refusal(Store, "nosuch://host/fits") == (
        "cannot open the store 'nosuch://host/fits': Can't load plugin: sqlalchemy.dialects:nosuch; name a file or an "
        "SQLAlchemy URL"
    )
    assert refusal(Store, "postgresql://me:secret@host:port/fits") == (
        "cannot open the store 'postgresql://me:***@host:port/fits': invalid literal for int() with base 10: 'port'; name "
        "a file or an SQLAlchemy URL"
    )
    assert refusal(check_exists, place) == (
        f"there is no store {place!r}; name the file that 'nonlin study --store' wrote"
    )
