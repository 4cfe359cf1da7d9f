"""The same key means the same figures, so whatever changes a figure changes the key."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nonlin.activation import Activation
from nonlin.data import load
from nonlin.lab import keys
from nonlin.lab.plan import make_plan
from nonlin.lab.stored import plan_from, plan_record

FRAME = pd.DataFrame({"a": np.arange(40) % 9 / 7, "kind": ["p", "q"] * 20, "y": ["no", "yes", "yes", "no"] * 10})
TABLE = load(FRAME, "y")


def plan(activation="tanh", hidden=5, budget="quick", seed=0):
    return make_plan("classification", [activation], hidden, budget, seed)


def test_a_key_is_told_from_the_values_alone():
    again = replace(load(FRAME.copy(), "y"), name="another name", notes=("a note",))
    assert list(keys.fit_keys(again, plan())) == list(keys.fit_keys(TABLE, plan()))


@pytest.mark.parametrize(
    "changed",
    [
        FRAME.assign(a=FRAME["a"].where(FRAME.index != 3, np.nextafter(FRAME["a"], 9))),
        FRAME.assign(a=FRAME["a"].astype("float32")),
        FRAME.assign(kind=FRAME["kind"].where(FRAME.index != 3, None)),
        FRAME.assign(y=FRAME["y"].where(FRAME.index != 3, "yes")),
        FRAME.rename(columns={"a": "b"}),
        FRAME[["kind", "a", "y"]],
        FRAME.iloc[::-1],
    ],
    ids=["one bit", "float32", "one missing", "one label", "a name", "the columns' order", "the rows' order"],
)
def test_any_change_of_the_table_changes_every_key(changed):
    assert not set(keys.fit_keys(load(changed, "y"), plan())) & set(keys.fit_keys(TABLE, plan()))


@pytest.mark.parametrize(
    "other",
    [
        plan(hidden=6),
        plan(budget="standard"),
        plan(seed=1),
        plan(Activation("a*tanh(z)", name="tanh", a=1.5)),
        plan(Activation("tanh(z) + z", name="tanh")),
    ],
    ids=["the width", "the epochs", "the seed", "a parameter", "the formula"],
)
def test_any_change_of_the_plan_changes_the_keys_of_its_networks(other):
    def of_tanh(a_plan):
        return {key for key, trial in keys.fit_keys(TABLE, a_plan).items() if trial.candidate.name == "tanh"}

    assert not of_tanh(other) & of_tanh(plan())
    assert keys.study_key(keys.fit_keys(TABLE, other)) != keys.study_key(keys.fit_keys(TABLE, plan()))


def test_another_version_of_a_library_changes_every_key(monkeypatch):
    before = keys.fit_keys(TABLE, plan())
    monkeypatch.setattr(keys, "versions", lambda: {"nonlin": "9.9.9"})
    assert not set(before) & set(keys.fit_keys(TABLE, plan()))


def test_more_candidates_leave_the_keys_of_the_others():
    more = make_plan("classification", ["tanh", "relu"], 5, "quick", 0)
    assert set(keys.fit_keys(TABLE, plan())) < set(keys.fit_keys(TABLE, more))


def test_a_plan_survives_its_record_with_formulas_and_parameters():
    swish = Activation("z*sigmoid(beta*z)", name="swish2", beta=2.0)
    own = make_plan("regression", ["relu", "z*sin(z)", swish, "elu"], (7, 3), "thorough", 4)
    assert plan_from(plan_record(own)) == own
    assert list(keys.fit_keys(TABLE, plan_from(plan_record(plan())))) == list(keys.fit_keys(TABLE, plan()))
