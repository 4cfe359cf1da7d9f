"""The verdict's two sentences, on figures made by hand."""

import dataclasses

import numpy as np
import pytest

from nonlin.catalogue import get
from nonlin.data import load
from nonlin.lab.fitting import Fit
from nonlin.lab.plan import make_plan
from nonlin.lab.result import Study
from nonlin.lab.scores import scores_of

IDENTITY = [0.86, 0.87, 0.85, 0.86, 0.88]


def fits(name, scores):
    measured = {score.key: 0.1 for score in scores_of("classification")}
    return [Fit(name, i, 0.01, measured | {"accuracy": s}, s, 0.1, 0.01, 10, (0.5, 0.4)) for i, s in enumerate(scores)]


def made(**scores):
    plan = make_plan("classification", [n for n in scores if n not in ("identity", "sigmoid")], 10, "standard", 0)
    candidates = tuple(c for c in plan.candidates if c.name in scores)
    records = [fit for name, values in scores.items() for fit in fits(name, values)]
    return Study(load("moons"), dataclasses.replace(plan, candidates=candidates), tuple(records))


def test_a_bend_that_pays_and_activations_that_are_alike():
    study = made(identity=IDENTITY, sigmoid=[0.97, 0.96, 0.97, 0.98, 0.97], relu=[0.96, 0.97, 0.98, 0.97, 0.96])
    assert study.verdict == (
        "Non-linearity pays on this table: the network with sigmoid reaches 0.970 accuracy on rows held out, the same "
        "network with the identity 0.864, a gain of +0.106 accuracy (95 % interval +0.078 to +0.134). Which bend matters "
        "little here: both cannot be told from the best (sigmoid and relu), so take the cheapest of these, sigmoid."
    )


def test_one_activation_ahead_of_all_others():
    study = made(identity=IDENTITY, sigmoid=[0.97, 0.96, 0.97, 0.98, 0.97], relu=[0.90, 0.89, 0.90, 0.91, 0.90])
    assert study.verdict.endswith(
        "Take sigmoid: every other activation is behind it, by more than chance and by over 0.01."
    )


def test_a_linear_model_that_is_enough():
    near = [s + d for s, d in zip(IDENTITY, [0.001, -0.001, 0.002, 0.0, 0.001], strict=True)]
    study = made(identity=IDENTITY, sigmoid=near)
    assert study.verdict == (
        "A linear model is enough: the best bent network, with sigmoid, stands at +0.001 accuracy (95 % interval -0.002 to "
        "+0.003) against the identity network. Take a linear model."
    )


def test_folds_that_disagree_give_no_clear_sign():
    study = made(identity=IDENTITY, sigmoid=[0.95, 0.80, 0.97, 0.82, 0.93])
    assert study.verdict.startswith("There is no clear sign that non-linearity pays:")


def test_the_leaderboard_has_the_means_of_the_folds_best_first():
    study = made(identity=IDENTITY, sigmoid=[0.97, 0.96, 0.97, 0.98, 0.97])
    board = study.leaderboard
    assert list(board["model"]) == ["sigmoid", "identity"]
    assert board["score"].tolist() == pytest.approx([0.97, np.mean(IDENTITY)])


def test_the_baseline_is_the_largest_classes_share():
    assert made(identity=IDENTITY, sigmoid=IDENTITY).baseline == 0.5


def test_the_cheapest_of_equals_has_the_simplest_formula():
    study = made(identity=IDENTITY, mish=[0.97] * 5, relu=[0.97] * 5)
    assert study.cheapest == "relu"
    assert get("mish").expression.count_ops() > get("relu").expression.count_ops()
