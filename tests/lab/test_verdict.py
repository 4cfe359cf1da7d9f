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


def fits(name, scores, brier):
    """Fits of these accuracies, whose Brier scores are twice the share of wrong rows, or what is given."""
    measured = {score.key: 0.1 for score in scores_of("classification")} | {"roc_auc": 0.9}
    told = [2 * (1 - s) for s in scores] if brier is None else brier
    return [
        Fit(name, i, 0.01, measured | {"accuracy": s, "brier": b}, s, 0.1, 0.01, 10, (0.5, 0.4))
        for i, (s, b) in enumerate(zip(scores, told, strict=True))
    ]


def made(brier=None, **scores):
    """A study of these accuracies by model, and of Brier scores by model where they are given."""
    plan = make_plan(
        "classification", [n for n in scores if n not in ("identity", "sigmoid", "least squares")], 10, "standard", 0
    )
    candidates = tuple(c for c in plan.candidates if c.name in scores)
    records = [fit for name, values in scores.items() for fit in fits(name, values, (brier or {}).get(name))]
    return Study(load("moons"), dataclasses.replace(plan, candidates=candidates), tuple(records))


def test_a_bend_that_pays_and_activations_that_are_alike():
    study = made(identity=IDENTITY, sigmoid=[0.97, 0.96, 0.97, 0.98, 0.97], relu=[0.96, 0.97, 0.98, 0.97, 0.96])
    assert study.verdict == (
        "Non-linearity pays on this table: the network with sigmoid reaches 0.970 accuracy on rows held out, the best "
        "straight model, the network with the identity, 0.864. Each chosen on the other folds, the bend leads by +0.104 "
        "accuracy (95 % interval +0.079 to +0.129). Which bend matters little here: both cannot be told from the best (sigmoid and relu), so take the cheapest of these, relu."
    )


def test_one_activation_ahead_of_all_others():
    study = made(identity=IDENTITY, sigmoid=[0.97, 0.96, 0.97, 0.98, 0.97], relu=[0.90, 0.89, 0.90, 0.91, 0.90])
    assert study.winner == "sigmoid"
    assert study.verdict.endswith(
        "Take sigmoid: it is ahead of each other activation by more than 0.01, with probability 0.975 or more."
    )


def test_a_best_one_with_equals_and_one_behind():
    high, low = [0.97, 0.96, 0.97, 0.98, 0.97], [0.90, 0.89, 0.90, 0.91, 0.90]
    study = made(identity=IDENTITY, tanh=high, mish=high, relu=low)
    assert (study.equals, study.winner) == (["tanh", "mish"], None)
    assert study.verdict.endswith(
        "No activation is ahead of all others: 2 of 3 cannot be told from the best (tanh and mish), so take the cheapest "
        "of these, tanh."
    )


def test_the_cheapest_is_one_that_is_probably_as_good():
    """Too few folds to be sure that relu and elu are behind, and still they are: they are not recommended."""
    high, low = [0.97, 0.93, 0.97, 0.98, 0.90], [0.89, 0.93, 0.86, 0.88, 0.90]
    study = made(identity=[0.7] * 5, tanh=high, mish=high, relu=low, elu=low)
    assert (study.equals, study.peers, study.cheapest) == (["tanh", "mish", "relu", "elu"], ["tanh", "mish"], "tanh")
    assert study.verdict.endswith(
        "No activation is ahead of all others: all 4 cannot be told from the best (tanh, mish, relu and elu). Of those "
        "that are probably as good (tanh and mish) take the cheapest, tanh."
    )
    alone = made(identity=[0.7] * 5, mish=high, relu=low)
    assert alone.verdict.endswith(
        "No activation is ahead of all others: both cannot be told from the best (mish and relu), but no other is "
        "probably as good, so take mish."
    )


def test_where_nothing_beats_guessing_nothing_is_recommended():
    study = made(identity=IDENTITY, sigmoid=plus([0.001, -0.001, 0.002, 0.0, 0.001]))
    chances = iter([0.45, 0.6, 0.5, 0.52, 0.55, 0.5, 0.4, 0.55, 0.5, 0.5])
    fits = tuple(dataclasses.replace(fit, scores=fit.scores | {"roc_auc": next(chances)}) for fit in study.fits)
    study = dataclasses.replace(study, fits=fits)
    assert study.linear_gap.answer == "guessing"
    assert study.verdict == (
        "No model surely does better on this table than guessing without the inputs: the best ROC AUC on rows held out, "
        "that of the network with the identity, is 0.524 (95 % interval 0.420 to 0.628), and guessing has 0.5. Take none "
        "of them yet: other inputs or more rows come first."
    )


def test_one_activation_alone_wins_nothing():
    study = made(identity=IDENTITY, sigmoid=[0.97, 0.96, 0.97, 0.98, 0.97])
    assert study.winner is None
    assert study.verdict.endswith("Take sigmoid; no other activation was compared.")


def plus(differences):
    return [s + d for s, d in zip(IDENTITY, differences, strict=True)]


def test_a_linear_model_that_is_enough():
    study = made(identity=IDENTITY, sigmoid=plus([0.001, -0.001, 0.002, 0.0, 0.001]))
    assert study.linear_gap.answer == "enough"
    assert study.verdict == (
        "A linear model is enough: the best bent network stands at +0.001 accuracy (95 % interval -0.002 to +0.003) "
        "against the best straight model, each chosen on the other folds, and is ahead by more than 0.01 with "
        "probability below 0.01. Take a linear model."
    )


@pytest.mark.parametrize(
    ("differences", "answer", "beginning"),
    [
        ([0.03, -0.03, 0.01, -0.02, 0.02], "probably enough", "A linear model is probably enough: "),
        ([0.09, -0.07, 0.12, -0.04, 0.05], "unclear", "There is no clear sign that non-linearity pays: "),
    ],
)
def test_folds_that_disagree_settle_nothing_and_a_line_is_taken(differences, answer, beginning):
    study = made(identity=IDENTITY, sigmoid=plus(differences))
    p = study.linear_gap.belief.better
    assert study.linear_gap.answer == answer
    assert study.verdict.startswith(beginning)
    assert study.verdict.endswith(f"ahead by more than 0.01 with probability {p:.2f}. Take a linear model.")


@pytest.mark.parametrize(
    ("lead", "answer", "words"),
    [
        (
            [0.02, -0.01, 0.01, -0.02, 0.01],
            "probably enough",
            "A linear model is probably enough: the best bent network stands at +0.028 accuracy (95 % interval -0.124 to "
            "+0.180) against the best straight model, each chosen on the other folds, and is ahead by more than 0.01 with "
            "probability 0.62, but in the Brier score of its probabilities by more than 0.005 only with probability 0.40. "
            "Take a linear model.",
        ),
        ([0.02, -0.01, 0.02, 0.0, 0.01], "unclear", "There is no clear sign that non-linearity pays"),
    ],
)
def test_where_accuracy_leaves_the_odds_with_the_bend_its_probabilities_are_asked(lead, answer, words):
    brier = {"identity": [0.2] * 5, "sigmoid": [0.2 - d for d in lead]}
    study = made(brier, identity=IDENTITY, sigmoid=plus([0.09, -0.07, 0.12, -0.04, 0.04]))
    assert study.linear_gap.in_probabilities.mean == pytest.approx(np.mean(lead))
    assert study.linear_gap.answer == answer
    assert study.verdict.startswith(words)


def test_a_straight_model_without_probabilities_is_left_out_of_their_comparison():
    brier = {"identity": [0.2] * 5, "least squares": [np.nan] * 5, "sigmoid": [0.19] * 5}
    study = made(brier, **dict.fromkeys(brier, IDENTITY))
    assert study.linear_gap.in_probabilities.mean == pytest.approx(0.01)


def test_the_bend_is_judged_on_folds_that_did_not_choose_it():
    """Each of two networks is ahead on folds of its own: the better of the two would look ahead of the line."""
    first, second = [0.95, 0.95, 0.90, 0.80, 0.80], [0.80, 0.80, 0.80, 0.95, 0.94]
    lead = made(identity=[0.8] * 5, tanh=first, relu=second).linear_gap.lead
    assert lead.mean == pytest.approx(np.mean([0.80, 0.80, 0.90, 0.80, 0.80]) - 0.8)  # relu, relu, tanh, tanh, tanh


def test_pairs_have_probabilities_that_mirror_and_sum_to_one():
    study = made(identity=IDENTITY, sigmoid=[0.97, 0.96, 0.97, 0.98, 0.97], relu=[0.96, 0.97, 0.98, 0.97, 0.96])
    pairs = study.pairwise.set_index(["model", "other"])
    assert len(pairs) == 6
    assert pairs[["better", "equal", "worse"]].sum(axis=1).to_numpy() == pytest.approx(1)
    assert pairs.loc[("relu", "sigmoid"), "better"] == pairs.loc[("sigmoid", "relu"), "worse"]
    assert pairs["ahead"].sum() == 2
    assert pairs.loc[[("sigmoid", "identity"), ("relu", "identity")], "ahead"].all()


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
