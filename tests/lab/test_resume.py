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
    fits = len(alone.trials)
    seen = [_killed_after(store, budget, rng.randint(1, fits // (kills + 2))) for _ in range(kills)]
    assert seen == sorted(seen)
    assert 0 < seen[-1] < fits
    first = []
    study = nl.study(
        X, Y, ACTIVATIONS, hidden=10, budget=budget, store=store, progress=lambda *what: first.append(what)
    )
    assert seen[-1] <= first[0][0] < fits
    pd.testing.assert_frame_equal(study.leaderboard, alone.leaderboard, check_exact=True)
    for fit, twin in zip(study.trials, alone.trials, strict=True):
        assert repr(fit.as_record() | {"seconds": 0}) == repr(twin.as_record() | {"seconds": 0})


def _killed_after(store, budget, fits):
    """Let a study go on for some fits, kill it (no handler runs), and return how many it had said to be done."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(store), budget], stdout=subprocess.PIPE, text=True)
    lines = [line for line, _ in zip(child.stdout, range(fits + 1), strict=False)]
    child.kill()
    child.communicate()
    return int(lines[-1])
