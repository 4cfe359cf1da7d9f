"""A study killed at random moments, and gone on with, ends as one left alone: bit for bit."""

import random
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import nonlin as nl

OPTIONS = {"activations": ["tanh"], "hidden": 10}
X = np.random.default_rng(0).normal(size=(80, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
CHILD = f"""
import sys
import numpy as np
import nonlin as nl

X = np.array({X.tolist()})
y = (X[:, 0] * X[:, 1] > 0).astype(int)
nl.study(X, y, store=sys.argv[1], progress=lambda *what: print(what[0], flush=True), **{OPTIONS!r})
"""


@pytest.fixture(scope="module")
def alone():
    return nl.study(X, Y, **OPTIONS)


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.long)])
def test_a_study_killed_at_random_moments_ends_as_one_left_alone(tmp_path, alone, kills):
    rng = random.Random(kills)
    fits = len(alone.trials)
    seen = [_killed_after(tmp_path / "s.db", rng.randint(1, fits // (kills + 1))) for _ in range(kills)]
    assert seen == sorted(seen)
    assert 0 < seen[-1] < fits
    first = []
    study = nl.study(X, Y, store=tmp_path / "s.db", progress=lambda *what: first.append(what), **OPTIONS)
    assert first[0][0] >= seen[-1]
    pd.testing.assert_frame_equal(study.leaderboard, alone.leaderboard, check_exact=True)
    for fit, twin in zip(study.trials, alone.trials, strict=True):
        assert repr(fit.as_record() | {"seconds": 0}) == repr(twin.as_record() | {"seconds": 0})


def _killed_after(store, fits):
    """Let a study go on for some fits, kill it (no handler runs), and return how many it had said to be done."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(store)], stdout=subprocess.PIPE, text=True)
    lines = [line for line, _ in zip(child.stdout, range(fits + 1), strict=False)]
    child.kill()
    child.communicate()
    return int(lines[-1])
