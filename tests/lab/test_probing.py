"""Looking inside the networks of a study: the same weights, the same figures on every run, and the frames of them."""

import json

import numpy as np
import pandas as pd
import pytest

import nonlin as nl
from nonlin.data import load
from nonlin.lab.fitting import fit_one, known_warnings_off, prepare, splits
from nonlin.lab.plan import Trial, build, make_plan
from nonlin.lab.probing import Diagnosis, _watched_fit, looked_at, probe


@pytest.fixture(scope="module")
def study():
    return nl.study("iris", activations=["relu", "tanh"], budget="quick", hidden=(20, 10), seed=4)


def first_fold(name, activation, hidden=20):
    table = load(name)
    plan = make_plan(table.task, [activation], hidden, "quick", 0)
    candidate = next(c for c in plan.candidates if c.name == activation)
    return table, plan, Trial(candidate, 0, plan.rates[0]), prepare(table, 0, *next(splits(table, plan)))


@pytest.mark.parametrize("name", ["iris", "diabetes"])
def test_to_look_at_a_training_leaves_its_weights_alone(name):
    table, plan, trial, fold = first_fold(name, "relu")
    y = fold.y_train if name == "iris" else (fold.y_train - fold.y_train.mean()) / fold.y_train.std()
    plain, watched = (build(trial, table.task, plan) for _ in range(2))
    seen = []
    with known_warnings_off():
        plain.fit(fold.X_train, y)
        training, data = _watched_fit(watched, fold.X_train, y, lambda training, _: seen.append(len(training.records)))
    assert training.theta.tobytes() == plain._theta.tobytes() == watched._theta.tobytes()
    assert training.loss_curve == plain.loss_curve_
    assert seen == list(range(plain.n_iter_ + 1))
    assert len(data.w) == len(y)


@pytest.mark.parametrize("name", ["iris", "diabetes"])
def test_a_probe_sees_the_network_that_the_study_scored(name):
    table, plan, trial, fold = first_fold(name, "relu")
    with known_warnings_off():
        fit, found = fit_one(trial, fold, table.task, plan), probe(trial, fold, table.task, plan)
    assert [(s.dead, s.saturated) for s in found.layers] == [(h.dead, h.saturated) for h in fit.health]
    assert found.epoch == int(np.argmin(fit.validation_curve)) + 1
    assert [state.epoch for state in found.training] == [
        epochs for epochs in range(fit.epochs + 1) if looked_at(epochs)
    ]
    assert {state.epoch for state in found.layers} == {found.epoch}


@pytest.mark.parametrize("activation", ["relu", "tanh"])  # regions are NaN for one, and counted for the other
def test_a_diagnosis_comes_back_to_the_bit(activation):
    table, plan, trial, fold = first_fold("iris", activation, hidden=(8, 4))
    with known_warnings_off():
        found = probe(trial, fold, table.task, plan)
    back = Diagnosis.from_record(json.loads(json.dumps(found.as_record())))
    assert repr(back) == repr(found)
    assert {type(part) for part in (back.training, back.layers)} == {tuple}


def test_threads_change_nothing(study):
    again = nl.study("iris", activations=["relu", "tanh"], budget="quick", hidden=(20, 10), seed=4, jobs=1)
    assert [d.candidate for d in again.diagnoses] == ["identity", "sigmoid", "relu", "tanh"]
    assert repr(again.diagnoses) == repr(study.diagnoses)


def test_the_frame_after_training_has_a_row_for_each_network_and_layer(study):
    frame = study.diagnostics
    assert list(frame.columns) == [
        "model", "layer", "units", "dead", "saturated", "score_gap", "epoch", "z_mean", "z_variance", "gradient_norm",
        "chi1", "chi1_predicted", "effective_rank", "regions", "boundary_length", "boundary_curvature", "lipschitz",
        "lipschitz_bound",
    ]  # fmt: skip
    assert [*zip(frame["model"], frame["layer"], frame["units"], strict=True)] == [
        (name, layer, units) for name in ("identity", "sigmoid", "relu", "tanh") for layer, units in ((1, 20), (2, 10))
    ]
    relu = frame.set_index(["model", "layer"]).loc["relu"]
    fits = study.fits_of("relu")
    assert relu["dead"].tolist() == pytest.approx([np.mean([fit.health[i].dead for fit in fits]) for i in (0, 1)])
    assert relu["score_gap"].tolist() == pytest.approx([np.mean([fit.train_score - fit.score for fit in fits])] * 2)
    assert relu["regions"].tolist() == [next(d.regions for d in study.diagnoses if d.candidate == "relu")] * 2
    assert (frame["lipschitz"] <= frame["lipschitz_bound"]).all()
    assert frame["regions"].isna().tolist() == [False, False, True, True, False, False, True, True]


def test_the_frame_over_training_marks_the_weights_kept(study):
    frame = study.training_diagnostics
    assert frame["kept"].sum() == 8
    relu = next(d for d in study.diagnoses if d.candidate == "relu")
    assert frame[frame["kept"] & (frame["model"] == "relu")]["epoch"].tolist() == [relu.epoch] * 2
    assert frame["epoch"].is_monotonic_increasing


def test_of_the_identity_the_boundary_is_straight_between_two_classes():
    _, plan, trial, fold = first_fold("moons", "identity", hidden=5)
    with known_warnings_off():
        found = probe(trial, fold, "classification", plan)
    assert found.boundary_curvature == pytest.approx(0, abs=1e-5)
    assert found.boundary_length > 3
    assert found.regions == 1


def test_a_single_input_has_no_boundary_line():
    x = np.linspace(-2, 2, 80)
    study = nl.study(pd.DataFrame({"x": x}), np.sin(3 * x), activations=["tanh"], budget="quick", hidden=5)
    assert study.diagnostics["boundary_length"].isna().all()
    assert study.diagnostics["lipschitz"].gt(0).all()


def test_a_candidate_that_ran_away_is_not_looked_at():
    wild = nl.Activation("exp(exp(z)) - e", name="wild")
    study = nl.study("xor", activations=["tanh", wild, "z**5"], budget="quick", hidden=10)
    assert "wild" in study.diverged
    assert "wild" not in {d.candidate for d in study.diagnoses}
    assert {d.candidate for d in study.diagnoses} >= {"identity", "tanh"}
