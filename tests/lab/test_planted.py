"""The verdict where the truth is planted: `benchmarks/calibration.py` draws it, `docs/calibration.md` has the rates.

The long ones, 100 draws of each kind, take up to an hour: ``pytest -m long tests/lab/test_planted.py``.
"""

import dataclasses

import numpy as np
import pytest

import calibration
import nonlin as nl
from nonlin.data import load
from nonlin.lab.fitting import Fit
from nonlin.lab.plan import make_plan
from nonlin.lab.result import Study

FEW = ["tanh", "gelu"]
EACH = 10_000


def test_the_rule_for_many_draws_is_the_rule_of_the_study():
    scores = calibration.fold_scores(np.random.default_rng(5), 200, 3, 5, 0.03)
    scores[:, 1] += 0.08
    names = ["tanh", "relu", "mish"]
    plan = make_plan("classification", names, 10, "quick", 0)
    candidates = tuple(next(c for c in plan.candidates if c.name == name) for name in names)
    plan, table = dataclasses.replace(plan, candidates=candidates), load("moons")
    found = []
    for draw in scores:
        fits = [
            Fit(name, i, 0.01, {"accuracy": s}, s, 0.0, 0.0, 1)
            for name, row in zip(names, draw, strict=True)
            for i, s in enumerate(row)
        ]
        winner = Study(table, plan, tuple(fits)).winner
        found.append(-1 if winner is None else names.index(winner))
    assert set(found) == {-1, 1}
    assert calibration.winners(scores).tolist() == found


def test_simulated_scores_have_the_spread_and_the_correlation_that_is_planted():
    scores = calibration.fold_scores(np.random.default_rng(0), 20_000, 2, 5, 0.03)
    differences = scores[:, 0] - scores[:, 1]
    assert differences.std() == pytest.approx(0.03, rel=0.02)
    assert np.corrcoef(differences.T)[0, 1] == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize("models", [2, 3, 10])
@pytest.mark.parametrize("spread", [0.01, 0.1, 1.0])
@pytest.mark.parametrize("folds", [5, 10])
def test_identical_candidates_have_no_winner(models, spread, folds):
    scores = calibration.fold_scores(np.random.default_rng(models), EACH, models, folds, spread)
    assert (calibration.winners(scores) == -1).mean() >= 0.95


def test_with_095_one_of_two_noisy_twins_would_win_too_often():
    scores = calibration.fold_scores(np.random.default_rng(2), EACH, 2, 10, 1.0)
    assert (calibration.winners(scores, sure=0.95) == -1).mean() < 0.92


@pytest.mark.parametrize(
    ("lead", "spread", "folds", "power"),
    [(0.05, 0.01, 5, 0.90), (0.05, 0.01, 10, 0.99), (0.1, 0.03, 10, 0.98), (0.1, 0.03, 50, 0.99)],
)
def test_a_planted_lead_is_found_and_no_other(lead, spread, folds, power):
    scores = calibration.fold_scores(np.random.default_rng(3), EACH, 10, folds, spread)
    scores[:, 7] += lead
    found = calibration.winners(scores)
    assert (found == 7).mean() >= power
    assert not np.isin(found, (-1, 7), invert=True).any()


@pytest.mark.parametrize("make", [calibration.linear_numbers, calibration.linear_classes])
def test_a_few_linear_tables_get_a_line(make):
    for study in calibration.studies(make, 200, FEW, 3):
        assert study.linear_gap.answer != "pays"
        assert study.verdict.split(". Take ")[1].startswith(("least squares", "logistic regression", "a linear model"))


def test_a_few_curved_tables_get_a_bend():
    crippled = nl.Activation(calibration.CRIPPLED, name="crippled")
    for study in calibration.studies(calibration.curved_numbers, 1000, ["tanh", "relu", crippled], 3):
        assert study.linear_gap.answer == "pays"
        assert "crippled" not in study.equals


def test_a_few_twins_have_no_winner_though_they_differ():
    for study in calibration.identical_studies(3, 200, 2):
        assert study.winner is None
        assert study.leaderboard["score"].nunique() > 1


@pytest.mark.long
@pytest.mark.parametrize(
    ("make", "rows", "budget", "least"),
    [
        (calibration.linear_numbers, 200, "quick", 95),
        (calibration.linear_classes, 200, "quick", 90),
        (calibration.linear_classes, 200, "standard", 95),
        (calibration.linear_classes, 1000, "quick", 95),
    ],
)
def test_linear_tables_are_called_linear(make, rows, budget, least):
    answers = [study.linear_gap.answer for study in calibration.studies(make, rows, None, 100, budget)]
    assert answers.count("pays") <= 5
    assert answers.count("enough") + answers.count("probably enough") >= least


@pytest.mark.long
@pytest.mark.parametrize("models", [2, 5])
def test_twins_have_no_winner(models):
    assert sum(study.winner is None for study in calibration.identical_studies(models, 200, 100)) >= 95
