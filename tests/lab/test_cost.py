"""The estimate of a study's cost follows its plan; figures are measured, so only proportions are tested."""

import _thread
import threading
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from nonlin.data import load
from nonlin.lab import cost
from nonlin.lab.fitting import Fit
from nonlin.lab.plan import make_plan, trials

FRAME = pd.DataFrame({"a": np.arange(3000) % 7, "y": ["p"] * 2995 + ["q"] * 5})


def test_the_sample_holds_two_rows_of_a_rare_class():
    table = load(FRAME, "y")
    rows = cost._some_rows(table)
    assert len(rows) == len(set(rows)) == 1000
    assert (table.y[rows] == "q").sum() >= 2


def test_the_time_grows_with_rows_and_fits_and_falls_with_threads(monkeypatch):
    def fit_one(trial, fold, task, plan):
        network = trial.candidate.activation is not None
        epochs = min(plan.budget.epochs, 50) if network else 1
        return Fit(trial.candidate.name, 0, trial.rate, {}, 0.0, 0.0, 0.01 * epochs * network, epochs)

    clock = [0.0]  # only a look takes time that it sees: 2 s

    def probe(*_):
        clock[0] += 2.0

    monkeypatch.setattr(cost, "fit_one", fit_one)
    monkeypatch.setattr(cost, "probe", probe)
    monkeypatch.setattr(cost, "time", SimpleNamespace(perf_counter=lambda: clock[0]))
    table = load(FRAME, "y")
    plan = make_plan("classification", ["tanh"], 10, "quick", 0)
    networks = [trial for trial in trials(plan) if trial.candidate.activation is not None]
    each = 50 * 0.01 - 5 * 0.01  # the short fit's own time, which the clock did not see, is taken off
    share = 2400 / 1000
    alone, shared = (cost.expected_seconds(table, plan, work, n) for work, n in ((networks, 1), (networks[:3], 2)))
    assert alone == pytest.approx((15 + 3) * each * share + 3 * 2)  # three networks are fitted again, to look inside
    assert shared == pytest.approx(((3 + 3) * each * share + 3 * 2) / 2)


def test_ctrl_c_stops_the_trial_at_once(monkeypatch):
    left = threading.Event()

    def fit_one(*_):
        _thread.interrupt_main()
        left.wait(60)

    monkeypatch.setattr(cost, "fit_one", fit_one)
    table, plan = load(FRAME, "y"), make_plan("classification", ["tanh"], 10, "quick", 0)
    with pytest.raises(KeyboardInterrupt):
        cost.expected_seconds(table, plan, trials(plan), threads=1)
    assert not left.is_set()  # the fit was still under way
    left.set()
