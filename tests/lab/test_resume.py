"""A study killed at random moments, and gone on with, ends as one left alone: bit for bit."""

import random
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import nonlin as nl

ACTIVATIONS = ["tanh", "relu", "elu", "silu"]
X = np.random.default_rng(0).normal(size=(80, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
CHILD = f"""
import sys
import numpy as np
import nonlin as nl

X = np.array({X.tolist()})
y = (X[:, 0] * X[:, 1] > 0).astype(int)
say = lambda *what: print(what[0], flush=True)
nl.study(X, y, {ACTIVATIONS!r}, hidden=10, store=sys.argv[1], budget=sys.argv[2], progress=say)
"""


@pytest.mark.parametrize(("kills", "budget"), [(3, "quick"), pytest.param(20, "standard", marks=pytest.mark.long)])
def test_a_study_killed_at_random_moments_ends_as_one_left_alone(tmp_path, kills, budget):
    rng, store = random.Random(kills), tmp_path / "s.db"
    alone = nl.study(X, Y, ACTIVATIONS, hidden=10, budget=budget)
    steps = len(alone.trials) + len(alone.diagnoses)
    seen = [_killed_after(store, budget, rng.randint(1, steps // (kills + 2))) for _ in range(kills)]
    assert seen == sorted(seen)
    assert 0 < seen[-1] < steps
    study, said = _gone_on_with(store, budget)
    assert seen[-1] <= said[0][0] < steps
    assert said[-1][:2] == (steps, steps)
    _assert_same(study, alone)


def test_a_study_killed_among_its_diagnoses_keeps_those_that_are_done(tmp_path):
    store = tmp_path / "s.db"
    alone = nl.study(X, Y, ACTIVATIONS, hidden=10, budget="quick")
    fits = len(alone.trials)
    assert _killed_after(store, "quick", fits + 1) == fits + 2
    study, said = _gone_on_with(store, "quick")
    assert [what for what in said if what[2] == "found in the store"] == [(fits, fits + 6, "found in the store")]
    assert said[1][0] - fits >= 2
    assert said[1][2] == "diagnoses: found in the store"
    _assert_same(study, alone)


def _gone_on_with(store, budget):
    said = []
    study = nl.study(X, Y, ACTIVATIONS, hidden=10, budget=budget, store=store, progress=lambda *what: said.append(what))
    return study, said


def _assert_same(study, alone):
    assert repr(study.diagnoses) == repr(alone.diagnoses)
    pd.testing.assert_frame_equal(study.leaderboard, alone.leaderboard, check_exact=True)
    for fit, twin in zip(study.trials, alone.trials, strict=True):
        assert repr(fit.as_record() | {"seconds": 0}) == repr(twin.as_record() | {"seconds": 0})


def _killed_after(store, budget, steps):
    """Let a study go on for some steps, kill it (no handler runs), and return how many it had said to be done."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(store), budget], stdout=subprocess.PIPE, text=True)
    lines = [line for line, _ in zip(child.stdout, range(steps + 1), strict=False)]
    child.kill()
    child.communicate()
    return int(lines[-1])
