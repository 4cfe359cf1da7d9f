"""The study, end to end, on built-in tables and small frames."""

import numpy as np
import pandas as pd
import pytest

import nonlin as nl
from nonlin.errors import InputError, TableError, UnknownNameError
from nonlin.lab.diagnostics import layer_health
from nonlin.lab.fitting import splits
from nonlin.lab.plan import make_plan


@pytest.fixture(scope="module")
def moons():
    return nl.study("moons", activations=["relu", "tanh"])


def test_on_the_moons_linear_models_agree_and_sigmoid_units_draw_the_curve(moons):
    scores = moons.leaderboard.set_index("model")["score"]
    assert scores[["least squares", "logistic regression", "identity"]].between(0.83, 0.90).all()
    assert scores["sigmoid"] >= 0.95
    assert moons.linear_gap.needed
    assert moons.linear_gap.lead.low > 0.05


def test_progress_counts_every_fit_and_every_diagnosis_once():
    seen = []
    nl.study("xor", activations=["tanh"], budget="quick", hidden=10, progress=lambda *what: seen.append(what))
    assert [done for done, _, _ in seen] == list(range(1, 29))
    assert {total for _, total, _ in seen} == {28}


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_seed_gives_the_same_figures_whatever_the_threads(jobs):
    study = nl.study("xor", activations=["tanh"], budget="quick", hidden=10, seed=3, jobs=jobs)
    again = nl.study("xor", activations=["tanh"], budget="quick", hidden=10, seed=3, jobs=2)
    columns = ["model", "score", "low", "high", "train_score", "epochs"]
    pd.testing.assert_frame_equal(study.leaderboard[columns], again.leaderboard[columns])


def test_a_linear_target_needs_no_bend():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 3))
    study = nl.study(X, X @ [1.0, -2.0, 0.5] + 0.1 * rng.normal(size=300), activations=["tanh"], budget="quick")
    assert study.table.task == "regression"
    assert not study.linear_gap.needed
    assert study.leaderboard.iloc[0]["score"] > 0.99


def test_dirty_columns_and_three_classes():
    rng = np.random.default_rng(0)
    kind = rng.choice(["a", "b", "c"], size=120)
    frame = pd.DataFrame({
        "colour": np.where(rng.random(120) < 0.2, None, np.char.add("is ", kind)),
        "size": np.where(rng.random(120) < 0.1, np.nan, rng.normal(size=120)),
        "when": pd.date_range("2020-01-01", periods=120),
        "kind": kind,
    })  # fmt: skip
    study = nl.study(frame, target="kind", activations=["tanh"], budget="quick", hidden=10)
    assert study.table.classes == ("a", "b", "c")
    assert study.leaderboard["score"].max() > 0.75


def test_a_formula_and_an_activation_can_be_candidates():
    swish = nl.Activation("z*sigmoid(beta*z)", name="swish2", beta=2.0)
    study = nl.study("xor", activations=["z*sin(z)", swish], budget="quick", hidden=10)
    assert {"z*sin(z)", "swish2"} <= set(study.leaderboard["model"])


def test_a_training_that_runs_away_has_no_score_and_the_study_goes_on():
    wild = nl.Activation("exp(exp(z)) - e", name="wild")
    study = nl.study("xor", activations=["tanh", wild], budget="quick", hidden=10)
    board = study.leaderboard
    assert study.diverged == ["wild"]
    assert board.iloc[-1]["model"] == "wild"
    assert board.iloc[-1][["score", "low", "high"]].isna().all()
    assert "wild" not in study.equals


def test_every_row_is_held_out_once_a_repetition():
    table = nl.study.__globals__["load"]("iris")
    plan = make_plan("classification", ["tanh"], 10, "thorough", 0)
    held_out = np.concatenate([test for _, test in splits(table, plan)])
    assert (np.bincount(held_out) == 10).all()


def test_a_layer_of_rectifiers_that_never_fire_is_dead():
    X = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    y = (X[:, 0] > 0).astype(int)
    model = nl.MLPClassifier((4,), "relu", max_iter=1, random_state=0, tol=0.0)
    with pytest.warns(Warning, match="maximum of 1 iterations"):
        model.fit(X, y)
    model.intercepts_[0][:3] = -100  # a view of the parameters
    (health,) = layer_health(model, X)
    assert (health.units, health.dead) == (4, 0.75)
    assert health.saturated >= 0.75


def test_refusals_name_the_rule():
    with pytest.raises(UnknownNameError, match="^unknown activation 'rellu'; did you mean 'relu'"):
        nl.study("moons", activations=["rellu"])
    with pytest.raises(InputError) as refused:
        nl.study("moons", activations=["unit_step"])
    assert str(refused.value) == (
        "activation 'unit_step' has the derivative 0 everywhere, so no gradient can train a hidden layer of it; leave it "
        "out, or take a smooth relative such as 'sigmoid' or 'tanh'"
    )
    with pytest.raises(InputError, match="^budget must be one of quick, standard, thorough, got 'huge'$"):
        nl.study("moons", budget="huge")
    with pytest.raises(TableError):
        nl.study("no-such-table")
