"""Going on: partial_fit, warm_start, pickles, and the rules that stop."""

import pickle
from typing import Any

import joblib
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_iris, make_moons
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import scale

import nonlin as nl
from nonlin.errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
MOONS = make_moons(300, noise=0.2, random_state=0)
IRIS = scale(load_iris().data), load_iris().target
WHOLE = {"batch_size": 300, "shuffle": False, "learning_rate_init": 0.02, "tol": 0.0, "random_state": 0}


@pytest.mark.parametrize("options", [{}, {"solver": "sgd"}, {"solver": "adamw"}, {"solver": "sgd", "momentum": 0.0}])
def test_epochs_one_by_one_are_the_epochs_of_a_fit(options: dict[str, Any]) -> None:
    """The optimiser's memory goes on too: with rows in order the weights are the same to the last bit."""
    whole = nl.MLPClassifier((7,), max_iter=12, **WHOLE, **options).fit(*MOONS)
    parts = nl.MLPClassifier((7,), **WHOLE, **options)
    for _ in range(12):
        parts.partial_fit(*MOONS, classes=[0, 1])
    for W, V in zip(whole.coefs_ + whole.intercepts_, parts.coefs_ + parts.intercepts_, strict=True):
        assert_array_equal(W, V)
    assert parts.loss_curve_ == whole.loss_curve_
    assert (parts.n_iter_, parts.t_, whole.t_) == (1, 3600, 3600)
    assert parts.history_["epoch"] == list(range(1, 13))


def test_parts_of_a_shuffled_fit_see_other_orders() -> None:
    model = nl.MLPClassifier((5,), learning_rate_init=1e-9, batch_size=1, random_state=0, alpha=0)
    model.partial_fit(*MOONS, classes=[0, 1])
    state = [model._memory["state"].copy()]
    model.partial_fit(*MOONS)
    fresh = nl.MLPClassifier((5,), learning_rate_init=1e-9, batch_size=1, random_state=0, alpha=0)
    fresh.partial_fit(*MOONS, classes=[0, 1])
    assert_array_equal(fresh._memory["state"], state[0])
    assert (model._memory["state"] != state[0]).any()


def test_classes_that_come_later() -> None:
    model = nl.MLPClassifier((20,), random_state=0, learning_rate_init=0.02)
    for k in [0, 1, 2] * 60:
        rows = IRIS[1] == k
        model.partial_fit(IRIS[0][rows], IRIS[1][rows], classes=[0, 1, 2])
    assert_array_equal(model.classes_, [0, 1, 2])
    assert model.score(*IRIS) > 0.5


def test_a_class_that_was_not_announced() -> None:
    model = nl.MLPClassifier((5,), random_state=0).partial_fit(*MOONS, classes=[0, 1])
    with pytest.raises(InputError) as caught:
        model.partial_fit(MOONS[0], MOONS[1] + 1)
    assert str(caught.value) == ("`y` has classes not in `self.classes_`. `self.classes_` has [0 1]. 'y' has [1 2].")


def test_what_partial_fit_refuses() -> None:
    with pytest.raises(ValueError, match="classes must be passed on the first call to partial_fit"):
        nl.MLPClassifier().partial_fit(*MOONS)
    with pytest.raises(InputError) as caught:
        nl.MLPClassifier(class_weight="balanced").partial_fit(*MOONS, classes=[0, 1])
    assert str(caught.value) == (
        "class_weight='balanced' needs all rows at once; give a dict of weights to partial_fit"
    )
    with pytest.raises(InputError) as caught:
        nl.MLPRegressor(early_stopping=True).partial_fit(*MOONS)
    assert str(caught.value) == ("partial_fit does not support early_stopping=True; call fit, or set it to False")
    with pytest.raises(AttributeError, match="'MLPRegressor' has no attribute 'partial_fit'"):
        _ = nl.MLPRegressor(solver="lbfgs").partial_fit


@pytest.mark.parametrize("way", ["pickle", "joblib", "skops"])
def test_a_loaded_model_goes_on_where_it_stopped(way: str, tmp_path: Any) -> None:
    model = nl.MLPRegressor(hidden_layer_sizes=(6,), random_state=0, learning_rate_init=0.01).partial_fit(*MOONS)
    path = tmp_path / "model"
    if way == "pickle":
        loaded = pickle.loads(pickle.dumps(model))
    elif way == "joblib":
        joblib.dump(model, path)
        loaded = joblib.load(path)
    else:
        model.save(path)
        loaded = nl.load(path)
    assert_allclose(loaded.partial_fit(*MOONS).predict(MOONS[0]), model.partial_fit(*MOONS).predict(MOONS[0]), rtol=0)
    assert loaded.loss_curve_ == model.loss_curve_


def test_learned_parameters_go_on() -> None:
    options = {"activation": nl.Activation("z*sigmoid(beta*z)", beta=1.0), "activation_trainable": True}
    whole = nl.MLPClassifier((7,), max_iter=5, **WHOLE, **options).fit(*MOONS)
    parts = nl.MLPClassifier((7,), **WHOLE, **options)
    for _ in range(5):
        parts.partial_fit(*MOONS, classes=[0, 1])
    assert parts.activations_[0].params == whole.activations_[0].params
    assert_array_equal(parts.coefs_[0], whole.coefs_[0])


def test_endless_patience_runs_all_epochs() -> None:
    model = nl.MLPClassifier((5,), tol=1e9, n_iter_no_change=np.inf, max_iter=60, random_state=0).fit(*MOONS)
    assert model.n_iter_ == 60


@pytest.mark.parametrize("patience", [2, 5, 20])
def test_patience_ends_after_so_many_epochs(patience: int) -> None:
    model = nl.MLPClassifier((5,), tol=1e9, n_iter_no_change=patience, max_iter=60, random_state=0).fit(*MOONS)
    assert model.n_iter_ == patience + 2  # the first epoch is better than none


def test_fewer_rows_than_a_batch_warn() -> None:
    with pytest.warns(UserWarning, match="batch_size") as caught:
        nl.MLPClassifier((5,), batch_size=1000, max_iter=300, tol=1.0, random_state=0).fit(*MOONS)
    assert str(caught[0].message) == (
        "Got `batch_size` less than 1 or larger than sample size. It is going to be clipped"
    )
    assert caught[0].filename == __file__


def test_ctrl_c_keeps_what_is_learned() -> None:
    def interrupt(record: dict[str, Any]) -> None:
        if record["epoch"] == 3:
            raise KeyboardInterrupt

    with pytest.warns(UserWarning, match="Training interrupted by user."):
        model = nl.MLPClassifier((5,), callbacks=[interrupt], random_state=0).fit(*MOONS)
    assert model.n_iter_ == 3
    assert model.predict(MOONS[0]).shape == (300,)


def test_a_divergence_under_early_stopping_leaves_the_best_weights() -> None:
    with pytest.warns(ConvergenceWarning) as caught:
        model = nl.MLPRegressor(
            hidden_layer_sizes=(10,),
            activation="identity",
            solver="sgd",
            learning_rate_init=1.0,
            early_stopping=True,
            random_state=0,
        ).fit(IRIS[0] * 5, IRIS[1])
    assert "; the best weights before that are kept" in str(caught[-1].message)
    assert caught[-1].filename == __file__
    assert np.isnan(model.validation_scores_[-1])
    assert np.isfinite(model.predict(IRIS[0])).all()
