"""Several studies together, on scores made by hand."""

import dataclasses

import numpy as np
import pytest

from nonlin.data import load
from nonlin.errors import InputError
from nonlin.lab.comparison import Comparison, compare
from nonlin.lab.fitting import Fit
from nonlin.lab.plan import make_plan
from nonlin.lab.result import Study


def study(name, **means):
    table = load(name)
    plan = make_plan(table.task, None, 10, "quick", 0)
    candidates = tuple(c for c in plan.candidates if c.name in means)
    key = "accuracy" if table.task == "classification" else "r2"
    fits = [
        Fit(model, fold, 0.01, {key: mean + 0.001 * (fold - 2)}, mean, 0.1, 0.01, 10)
        for model, mean in means.items()
        for fold in range(5)
    ]
    return Study(table, dataclasses.replace(plan, candidates=candidates), tuple(fits))


def test_tables_of_classes_and_of_numbers_are_compared_by_ranks():
    found = compare([
        study("moons", identity=0.8, relu=0.9, tanh=0.95),
        study("diabetes", identity=0.3, relu=0.5, tanh=0.4, mish=0.6),
    ])  # fmt: skip
    assert found.table.columns.tolist() == ["model", "mean_rank", "moons", "diabetes"]
    assert found.table["model"].tolist() == ["tanh", "relu", "identity"]  # mish was in one study only
    assert found.table["mean_rank"].tolist() == [1.5, 1.5, 3.0]
    assert found.verdict == (
        "Over 2 tables the 3 models cannot be told apart (Friedman's test, χ²(2) = 3.00, p = 0.223). Take the one that is "
        "best on your own table, or the cheapest."
    )


def test_a_training_that_ran_away_is_last():
    found = compare([study("moons", identity=0.8, relu=np.nan, tanh=0.9)] * 2)
    assert found.ranks[0].tolist() == [1, 2, 3]
    assert found.models == ("tanh", "identity", "relu")
    assert found.tables == ("moons 1", "moons 2")


def test_a_model_that_is_best_on_all_tables():
    scores = np.array([[0.9, 0.8, 0.7, 0.6]] * 12)
    found = Comparison(tuple("abcdefghijkl"), ("relu", "tanh", "silu", "mish"), scores)
    assert found.critical_difference == pytest.approx(1.354, abs=5e-4)
    assert found.groups == [("relu", "tanh"), ("tanh", "silu"), ("silu", "mish")]
    assert found.equals == ["relu", "tanh"]
    assert found.verdict == (
        "Over 12 tables the 4 models differ (Friedman's test, χ²(3) = 36.00, p < 0.001). relu has the best mean rank, 1.00 "
        "of 4; 2 of the 3 others are surely behind it (Nemenyi's test, mean ranks 1.35 or more apart)."
    )


def test_all_others_behind():
    found = Comparison(tuple(map(str, range(40))), ("relu", "tanh", "silu"), np.array([[0.9, 0.8, 0.7]] * 40))
    assert found.groups == []
    assert found.equals == ["relu"]
    assert "; all others are surely behind it (" in found.verdict


def test_too_few_studies_or_models_in_common():
    moons = study("moons", identity=0.8, relu=0.9, tanh=0.95)
    with pytest.raises(InputError) as refused:
        compare([moons])
    assert str(refused.value) == "studies must be at least two, got 1; one table has its own verdict: Study.verdict"
    with pytest.raises(InputError) as refused:
        compare([moons, study("xor", identity=0.5, mish=0.9, relu=0.9)])
    assert str(refused.value) == (
        "studies must be studies with at least three models in common, got ['identity', 'relu']; give all of them the "
        "same activations"
    )
