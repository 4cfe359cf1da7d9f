"""The runner does what the store lacks, once, whatever fails and whoever else is at it."""

import os
import subprocess
import sys

import pytest

import nonlin as nl
from nonlin import lab
from nonlin.data import load
from nonlin.lab import conduct, runner
from nonlin.lab.keys import fit_keys, study_key
from nonlin.lab.plan import make_plan
from nonlin.lab.store import Store

TABLE = load("xor")
PLAN = make_plan("classification", ["tanh"], 10, "quick", 0)
STUDY = study_key(fit_keys(TABLE, PLAN))


@pytest.fixture
def counted(monkeypatch):
    """The fits and the folds that are really done."""
    done = {"fits": [], "folds": []}
    real_fit, real_prepare = lab.fit_one, runner.prepare

    def fit_one(trial, fold, *rest):
        done["fits"].append((trial.candidate.name, trial.fold, trial.rate))
        return real_fit(trial, fold, *rest)

    def prepare(table, index, *rows):
        done["folds"].append(index)
        return real_prepare(table, index, *rows)

    monkeypatch.setattr(lab, "fit_one", fit_one)
    monkeypatch.setattr(runner, "prepare", prepare)
    return done


def test_every_fit_is_done_once_and_every_fold_prepared_once_for_the_fits_and_the_first_for_the_diagnoses(counted):
    conduct(TABLE, PLAN, jobs=2)
    assert len(counted["fits"]) == len(set(counted["fits"])) == 25
    assert sorted(counted["folds"]) == [0, 0, 1, 2, 3, 4]


def test_what_a_store_holds_is_not_done_again(counted, tmp_path):
    first = nl.study("xor", activations=["tanh"], hidden=10, budget="quick", store=tmp_path / "s.db")
    counted["fits"].clear()
    seen = []
    again = nl.study(
        "xor", activations=["tanh", "relu"], hidden=10, budget="quick", store=tmp_path / "s.db",
        progress=lambda *what: seen.append(what),
    )  # fmt: skip
    assert {name for name, _, _ in counted["fits"]} == {"relu"}
    assert seen[0] == (25, 34, "found in the store")  # 30 fits, and 4 looks inside networks
    assert [fit for fit in again.trials if fit.candidate != "relu"] == list(first.trials)


def test_a_fit_that_fails_does_not_cost_the_others(monkeypatch):
    real = lab.fit_one

    def fit_one(trial, *rest):
        if (trial.candidate.name, trial.fold) == ("tanh", 1):
            raise MemoryError("no room for this one")
        return real(trial, *rest)

    monkeypatch.setattr(lab, "fit_one", fit_one)
    store = Store()
    with pytest.raises(MemoryError, match="^no room for this one$"):
        conduct(TABLE, PLAN, store=store)
    assert store.done(STUDY) == 24
    monkeypatch.undo()
    assert conduct(TABLE, PLAN, store=store).leaderboard.equals(conduct(TABLE, PLAN).leaderboard)


def test_an_interruption_keeps_what_is_finished():
    def interrupt(done, *_):
        if done == 7:
            raise KeyboardInterrupt

    store = Store()
    with pytest.raises(KeyboardInterrupt):
        conduct(TABLE, PLAN, interrupt, store=store)
    assert store.done(STUDY) == 7
    assert conduct(TABLE, PLAN, store=store).leaderboard.equals(conduct(TABLE, PLAN).leaderboard)


CHILD = """
import sys
import nonlin as nl
from nonlin import lab

real, done = lab.fit_one, []
lab.fit_one = lambda *words: done.append(1) or real(*words)
sys.stdin.readline()
options = {"activations": ["tanh", "relu", "elu"], "hidden": 10, "budget": "quick"}
study = nl.study("xor", store=sys.argv[1], jobs=1, **options)
print(len(done))
print(study.leaderboard.to_json(double_precision=15))
"""


def test_two_processes_share_the_work_and_agree(tmp_path):
    command = [sys.executable, "-c", CHILD, str(tmp_path / "s.db")]
    pair = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(2)
    ]
    for child in pair:
        child.stdin.write("go\n")
        child.stdin.flush()
    said = [child.communicate()[0].splitlines() for child in pair]
    shares = [int(lines[0]) for lines in said]
    assert 35 <= sum(shares) <= 39  # at the end each may do the two fits that the other holds
    assert min(shares) > 0
    assert said[0][1] == said[1][1]
