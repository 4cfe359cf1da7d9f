"""The store on a database server: two processes share a study, one is killed, and the figures are SQLite's to the bit."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

import nonlin as nl
from nonlin.lab import store as module

URL = os.environ.get("NONLIN_TEST_DATABASE", "")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not URL, reason="NONLIN_TEST_DATABASE gives no SQLAlchemy URL of an empty database"),
]
ACTIVATIONS = ["tanh", "relu", "elu"]
OPTIONS = {"hidden": 10, "budget": "standard"}
X = np.random.default_rng(1).normal(size=(80, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
CHILD = f"""
import sys
import numpy as np
import nonlin as nl

X = np.array({X.tolist()})
y = (X[:, 0] * X[:, 1] > 0).astype(int)
sys.stdin.readline()
say = lambda *what: print(what[0], flush=True)
nl.study(X, y, {ACTIVATIONS!r}, **{OPTIONS!r}, store=sys.argv[1], progress=say, jobs=1)
"""


@pytest.fixture
def database():
    """The database, which must be empty, and is again in the end."""
    engine = sa.create_engine(URL)
    assert sa.inspect(engine).get_table_names() == []
    yield URL
    module._metadata.drop_all(engine)
    engine.dispose()


def child(url):
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_two_processes_share_a_study_one_is_killed_and_nothing_changes(database):
    alone = nl.study(X, Y, ACTIVATIONS, **OPTIONS)
    killed, other = child(database), child(database)
    for process in (killed, other):
        process.stdin.write("go\n")
        process.stdin.flush()
    for _ in range(20):
        killed.stdout.readline()
    killed.kill()
    killed.communicate()
    said, errors = other.communicate()
    assert (other.returncode, errors) == (0, "")
    steps = len(alone.trials) + len(alone.diagnoses)
    assert int(said.split()[-1]) == steps
    seen = []
    study = nl.study(X, Y, ACTIVATIONS, **OPTIONS, store=database, progress=lambda *what: seen.append(what[2]))
    assert seen == ["found in the store", "diagnoses: found in the store"]
    pd.testing.assert_frame_equal(study.leaderboard, alone.leaderboard, check_exact=True)
    assert repr(study.diagnoses) == repr(alone.diagnoses)
    for fit, twin in zip(study.trials, alone.trials, strict=True):
        assert repr(fit.as_record() | {"seconds": 0}) == repr(twin.as_record() | {"seconds": 0})
