"""What users of networks ask for: rows of one's own to stop on, callbacks, dropout, hidden signals, learned φ."""

from typing import Any

import numpy as np
import pytest
import sklearn
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_iris, make_moons, make_regression
from sklearn.linear_model import ElasticNet
from sklearn.metrics import f1_score, make_scorer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, scale

import nonlin as nl
from nonlin.errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
MOONS = make_moons(600, noise=0.2, random_state=0)
X, Y = MOONS[0][:400], MOONS[1][:400]
HELD = {"X_val": MOONS[0][400:], "y_val": MOONS[1][400:]}
IRIS = scale(load_iris().data), load_iris().target


def test_without_hidden_layers_the_penalty_is_that_of_the_elastic_net() -> None:
    inputs, targets = make_regression(100, 6, n_informative=3, noise=5.0, random_state=0)
    targets = scale(targets)
    settings = {"learning_rate": "cosine", "learning_rate_init": 0.05, "max_iter": 2000, "batch_size": 100, "tol": 0.0}
    ours = nl.MLPRegressor(
        hidden_layer_sizes=(), alpha=20.0, l1_ratio=0.7, n_iter_no_change=np.inf, random_state=0, **settings
    ).fit(inputs, targets)
    theirs = ElasticNet(alpha=0.2, l1_ratio=0.7, tol=1e-10).fit(inputs, targets)
    assert_allclose(ours.coefs_[0][:, 0], theirs.coef_, atol=1e-3)
    assert (theirs.coef_ == 0).sum() == 3


def test_history_of_a_plain_fit() -> None:
    model = nl.MLPClassifier((10, 5), max_iter=7, learning_rate_init=0.01, random_state=0).fit(X, Y)
    assert list(model.history_) == ["epoch", "loss", "learning_rate", "gradient_norm", "time"]
    assert model.history_["epoch"] == [1, 2, 3, 4, 5, 6, 7]
    assert model.history_["loss"] == model.loss_curve_
    assert model.history_["learning_rate"] == [0.01] * 7
    assert [len(norms) for norms in model.history_["gradient_norm"]] == [3] * 7


def test_rows_of_ones_own_are_measured_after_each_epoch() -> None:
    model = nl.MLPClassifier((10,), max_iter=7, random_state=0).fit(X, Y, **HELD)
    plain = nl.MLPClassifier((10,), max_iter=7, random_state=0).fit(X, Y)
    assert_array_equal(model.coefs_[0], plain.coefs_[0])
    assert model.history_["validation_score"][-1] == model.score(HELD["X_val"], HELD["y_val"])
    assert model.history_["score"][-1] == model.score(X[:200], Y[:200])
    p = model.predict_proba(HELD["X_val"])[np.arange(200), HELD["y_val"]]
    assert model.history_["validation_loss"][-1] == pytest.approx(-np.log(p).mean(), rel=1e-9)
    assert model.validation_scores_ is None


def test_early_stopping_on_rows_of_ones_own_holds_out_no_others() -> None:
    model = nl.MLPClassifier((10,), early_stopping=True, max_iter=300, random_state=0).fit(X, Y, **HELD)
    assert model.t_ == 400 * model.n_iter_
    assert model.best_validation_score_ == max(model.validation_scores_) == model.score(HELD["X_val"], HELD["y_val"])


def f1(estimator: Any, X: Any, y: Any) -> float:
    return float(f1_score(y, estimator.predict(X), average="macro"))


@pytest.mark.parametrize("scoring", ["f1_macro", "neg_log_loss", "roc_auc", f1, make_scorer(f1_score)])
def test_early_stopping_on_any_scorer(scoring: Any) -> None:
    model = nl.MLPClassifier((10,), early_stopping=True, scoring=scoring, max_iter=40, random_state=0).fit(X, Y, **HELD)
    scorer = sklearn.metrics.check_scoring(model, scoring)
    assert scorer(model, HELD["X_val"], HELD["y_val"]) == pytest.approx(model.best_validation_score_, rel=1e-9)


def test_scorers_see_string_labels_and_named_features() -> None:
    import pandas as pd

    frame, names = pd.DataFrame(X, columns=["a", "b"]), np.array(["no", "yes"])[Y]
    model = nl.MLPClassifier((10,), early_stopping=True, scoring="balanced_accuracy", max_iter=10, random_state=0)
    assert model.fit(frame, names).best_validation_score_ > 0.7
    regressor = nl.MLPRegressor(
        hidden_layer_sizes=(10,), early_stopping=True, scoring="neg_mean_absolute_error", max_iter=10
    )
    assert -1 < regressor.fit(frame, Y).best_validation_score_ < 0


def test_half_a_validation_set() -> None:
    with pytest.raises(InputError) as caught:
        nl.MLPClassifier((5,)).fit(X, Y, X_val=X)
    assert str(caught.value) == "X_val and y_val must be given together; give both, or neither"
    with pytest.raises(InputError) as caught:
        nl.MLPClassifier((5,), solver="lbfgs").fit(X, Y, **HELD)
    assert str(caught.value) == "X_val needs a solver with epochs, got solver='lbfgs'; take solver='adam'"


def test_callbacks_hear_of_each_epoch_and_may_stop() -> None:
    heard: list[dict[str, Any]] = []
    stop = [heard.append, lambda record: record["epoch"] == 4, lambda _: None]
    model = nl.MLPClassifier((10,), callbacks=stop, random_state=0).fit(X, Y, **HELD)
    assert model.n_iter_ == 4
    assert [record["loss"] for record in heard] == model.loss_curve_
    assert list(heard[0]) == [
        "epoch", "loss", "learning_rate", "gradient_norm", "time", "score", "validation_score", "validation_loss",
    ]  # fmt: skip


def test_verbose_says_what_scikit_learn_says(capsys: pytest.CaptureFixture[str]) -> None:
    model = nl.MLPClassifier((5,), verbose=True, max_iter=2, early_stopping=True, random_state=0).fit(X, Y)
    first, second = model.loss_curve_, model.validation_scores_
    assert capsys.readouterr().out == "".join(
        f"Iteration {i + 1}, loss = {first[i]:.8f}\nValidation score: {second[i]:.6f}\n" for i in range(2)
    )


def test_dropout_is_seeded_and_off_in_predictions() -> None:
    first, again, other = (
        nl.MLPClassifier((30,), dropout=0.5, max_iter=20, random_state=seed).fit(X, Y) for seed in (0, 0, 1)
    )
    assert_array_equal(first.coefs_[0], again.coefs_[0])
    assert (first.coefs_[0] != other.coefs_[0]).any()
    assert_array_equal(first.predict_proba(X), first.predict_proba(X))
    assert first.score(X, Y) > 0.85


def test_dropout_keeps_a_wide_network_from_learning_noise_by_heart() -> None:
    rng = np.random.default_rng(0)
    rows, noise = rng.normal(size=(100, 10)), rng.integers(2, size=100)
    by_heart, dropped = (
        nl.MLPClassifier((200,), dropout=p, max_iter=150, random_state=0).fit(rows, noise).score(rows, noise)
        for p in (0.0, 0.8)
    )
    assert dropped < by_heart == 1.0


@pytest.mark.parametrize("schedule", ["cosine", "one_cycle"])
def test_schedules_reach_the_history(schedule: str) -> None:
    model = nl.MLPClassifier(
        (10,), learning_rate=schedule, learning_rate_init=0.05, warmup_epochs=2, max_iter=10, random_state=0
    ).fit(X, Y)
    rates = model.history_["learning_rate"]
    assert rates[0] < rates[3] > rates[-1]
    assert rates[-1] < 1e-5


def test_adamw_and_a_short_gradient_learn() -> None:
    model = nl.MLPClassifier((50,), solver="adamw", alpha=0.01, clip_norm=0.5, random_state=0, max_iter=60).fit(X, Y)
    assert model.score(X, Y) > 0.93


@pytest.mark.parametrize("init", ["auto", "glorot", "he", "lecun", "orthogonal", "lsuv"])
def test_every_initialiser_learns(init: str) -> None:
    model = nl.MLPClassifier((20, 20), "tanh", init=init, max_iter=60, random_state=0).fit(X, Y)
    assert model.score(X, Y) > 0.93


def test_hidden_signals() -> None:
    model = nl.MLPClassifier((7, 4), ["tanh", "relu"], max_iter=5, random_state=0).fit(X, Y)
    first = np.tanh(X @ model.coefs_[0] + model.intercepts_[0])
    assert_allclose(model.transform_hidden(X, 0), first, rtol=1e-12)
    assert_allclose(
        model.transform_hidden(X), np.maximum(first @ model.coefs_[1] + model.intercepts_[1], 0), atol=1e-12
    )
    assert_array_equal(model.transform_hidden(X, -2), model.transform_hidden(X, 0))
    with pytest.raises(InputError) as caught:
        model.transform_hidden(X, 2)
    assert str(caught.value) == "layer must be the number of one of the 2 hidden layers, from -2 to 1, got 2"


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_a_learned_parameter_finds_the_value_that_made_the_data(solver: str) -> None:
    x = np.linspace(-1, 1, 101)[:, None]
    y = np.where(x > 0, x, -0.5 * x)[:, 0]
    bent = nl.Activation("where(z > 0, z, a*z)", a=0.25)
    options = {"solver": solver, "alpha": 0.0, "tol": 1e-12, "max_iter": 2000, "n_iter_no_change": 100}
    model = nl.MLPRegressor(
        hidden_layer_sizes=(1,),
        activation=bent,
        activation_trainable=True,
        learning_rate_init=0.01,
        random_state=1,
        **options,
    ).fit(x, y)
    assert model.activations_[0].params["a"] == pytest.approx(-0.5, abs=1e-5)
    assert model.score(x, y) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_each_layer_learns_parameters_of_its_own(solver: str) -> None:
    swish = nl.Activation("z*sigmoid(beta*z)", beta=0.5)
    learned = nl.MLPClassifier((5, 5), swish, activation_trainable=True, solver=solver, random_state=0).fit(X, Y)
    assert len({0.5, *(a.params["beta"] for a in learned.activations_)}) == 3
    signal = X
    for W, b, phi in zip(learned.coefs_, learned.intercepts_, learned.activations_, strict=False):
        signal = phi(signal @ W + b)
    assert_allclose(learned.net_input(X), signal @ learned.coefs_[-1] + learned.intercepts_[-1], rtol=1e-9)


def test_activations_without_parameters_may_be_trainable() -> None:
    plain, trainable = (
        nl.MLPClassifier((5,), "tanh", activation_trainable=t, max_iter=5, random_state=0).fit(X, Y)
        for t in (False, True)
    )
    assert_array_equal(plain.coefs_[0], trainable.coefs_[0])


def test_a_grid_and_routed_weights() -> None:
    with sklearn.config_context(enable_metadata_routing=True):
        model = nl.MLPClassifier(max_iter=5, random_state=0).set_fit_request(sample_weight=True)
        pipeline = make_pipeline(
            StandardScaler().set_fit_request(sample_weight=False), model.set_score_request(sample_weight=True)
        )
        search = GridSearchCV(pipeline, {"mlpclassifier__activation": ["tanh", "z*sin(z)"]}, cv=2)
        search.fit(X, Y, sample_weight=np.linspace(0.1, 1, 400))
    assert search.best_params_["mlpclassifier__activation"] in ("tanh", "z*sin(z)")


def test_the_representation_names_what_is_not_default() -> None:
    model = nl.MLPClassifier((5,), "mish", dropout=0.1)
    assert repr(model) == "MLPClassifier(activation='mish', dropout=0.1, hidden_layer_sizes=(5,))"
    assert "MLPClassifier" in model._repr_html_()
    assert repr(sklearn.clone(model)) == repr(model)
