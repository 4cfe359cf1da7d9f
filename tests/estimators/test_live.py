"""A fit that is watched gives the weights of a fit that is not."""

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, make_moons

from nonlin import MLPClassifier, MLPRegressor
from nonlin.errors import InputError
from nonlin.estimators._live import LiveFit
from nonlin.nn.trainer import DivergenceError

X, y = make_moons(300, noise=0.2, random_state=0)
X = X.astype(np.float32)
ROWS = X[:200], y[:200], X[200:], y[200:]


def live(before=None, **params):
    return LiveFit(MLPClassifier(**{"hidden_layer_sizes": (8, 5), "random_state": 3, **params}), *ROWS, before=before)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"solver": "sgd", "learning_rate_init": 0.03, "batch_size": 10, "alpha": 0.1, "l1_ratio": 0.5},
        {"activation": ["tanh", "z*sin(z)"], "dropout": 0.2},
        {"solver": "adamw", "loss": "hinge"},
    ],
)
def test_parts_are_one_fit_bit_for_bit(params):
    watched = live(**params)
    for epochs in (1, 7, 30, 2):
        watched.run(epochs)
    whole = MLPClassifier(
        hidden_layer_sizes=(8, 5), random_state=3, max_iter=40, n_iter_no_change=np.inf, tol=0.0, **params
    )
    with pytest.warns(match="the maximum of 40 iterations"):
        whole.fit(*ROWS[:2])
    found = watched.fitted()
    for ours, theirs in zip(found.coefs_ + found.intercepts_, whole.coefs_ + whole.intercepts_, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert (found.n_iter_, found.t_) == (whole.n_iter_, whole.t_) == (40, 8000)


@pytest.mark.parametrize("stops", [False, True])
def test_parts_of_epochs_are_one_fit_bit_for_bit(stops):
    params = {"batch_size": 16, "activation": "silu", "dropout": 0.1, "early_stopping": stops, "scoring": "loss"}
    parted, whole = live(**params), live(**params)
    ended, parts = [], []
    for count in (5, 5, 5, 1, 12, 40, 4):
        ended += parted.run_batches(count)
        parts.append(parted.part)
    assert parted.batches == 13
    assert parts == [0.4, 0.8, 0.0, 0.08, 0.0, 0.0, 0.32]
    ended += parted.run(2)  # what is left of the fourth, and the fifth
    assert (parted.epochs, parted.part, parted.training.samples) == (5, 0.0, 1000)
    records = whole.run(5)
    np.testing.assert_array_equal(parted.theta, whole.theta)
    if stops:
        np.testing.assert_array_equal(parted.training.watch, whole.training.watch)
    for mine, its in zip(ended, records, strict=True):
        assert mine["loss"] == pytest.approx(its["loss"], rel=1e-6)
        assert (mine["epoch"], mine.get("validation_loss")) == (its["epoch"], its.get("validation_loss"))
        assert mine["gradient_norm"] == its["gradient_norm"]


def test_early_stopping_is_that_of_a_fit():
    params = {"early_stopping": True, "scoring": "loss", "n_iter_no_change": 5, "tol": 0.0, "learning_rate_init": 0.05}
    watched = live(**params)
    while not watched.has_stopped_early:
        watched.run(3)
    watched.restore_best()
    whole = MLPClassifier((8, 5), random_state=3, max_iter=10_000, **params)
    whole.fit(*ROWS[:2], X_val=ROWS[2], y_val=ROWS[3])
    assert watched.epochs == whole.n_iter_
    np.testing.assert_array_equal(watched.fitted().coefs_[0], whole.coefs_[0])


def test_the_measures_are_those_of_the_fitted_model():
    fit = live()
    fit.run(20)
    (trained, held), model = fit.measure(fit.theta), fit.fitted()
    assert held.score == model.score(*ROWS[2:])
    assert trained.score == model.score(*ROWS[:2])
    log_loss = -np.mean(np.log(model.predict_proba(ROWS[2])[np.arange(100), ROWS[3]]))
    assert held.loss == pytest.approx(log_loss, rel=1e-5)


def test_a_change_keeps_the_weights_and_the_memory():
    fit = live()
    fit.run(10)
    other = live(fit, activation=["tanh", "silu"], learning_rate_init=0.001)
    np.testing.assert_array_equal(other.theta, fit.theta)
    np.testing.assert_array_equal(other.training.state, fit.training.state)
    assert [a.name for a in other.activations] == ["tanh", "silu"]
    other.run(1)
    assert (fit.epochs, other.epochs) == (10, 11)
    assert not np.array_equal(other.theta, fit.theta)


def test_another_optimiser_forgets_and_other_layers_start_anew():
    fit = live()
    fit.run(10)
    assert not live(fit, solver="sgd").training.state.any()
    wider = live(fit, hidden_layer_sizes=(9, 5))
    assert (wider.epochs, wider.theta.size) == (0, 9 * 3 + 5 * 10 + 6)


def test_numbers():
    rows, target = load_diabetes(return_X_y=True)
    target = (target - target.mean()) / target.std()
    fit = LiveFit(
        MLPRegressor(hidden_layer_sizes=(), random_state=0), rows[:300], target[:300], rows[300:], target[300:]
    )
    fit.run(50)
    assert fit.measure(fit.theta)[1].score == pytest.approx(fit.fitted().score(rows[300:], target[300:]))
    assert fit.fitted().score(rows[300:], target[300:]) > 0.4


def test_divergence_and_bad_parameters():
    with pytest.raises(DivergenceError, match="training diverged in epoch"):
        live(solver="sgd", learning_rate_init=1e30, activation="identity").run(50)
    with pytest.raises(InputError, match="solver must be"):
        live(solver="none")
