"""Logistic regression against scikit-learn's, solved to the end."""

import warnings
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn import linear_model
from sklearn.datasets import load_breast_cancer, load_iris, make_moons
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import scale

import nonlin as nl
from nonlin.estimators import _newton

CANCER, BENIGN = load_breast_cancer(return_X_y=True)
IRIS, SPECIES = load_iris(return_X_y=True)


def exact(
    X: np.ndarray, y: np.ndarray, C: float = 1.0, weights: np.ndarray | None = None
) -> linear_model.LogisticRegression:
    solver = "newton-cholesky"
    return linear_model.LogisticRegression(C=C, tol=1e-10, max_iter=1000, solver=solver).fit(X, y, weights)


@pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
def test_two_classes(C: float) -> None:
    X = scale(CANCER)
    model, theirs = nl.LogisticRegression(C).fit(X, BENIGN), exact(X, BENIGN, C)
    assert_allclose(model.coef_, theirs.coef_, atol=1e-5)
    assert_allclose(model.intercept_, theirs.intercept_, atol=1e-5)
    assert_allclose(model.predict_proba(X), theirs.predict_proba(X), atol=1e-6)


def test_more_classes() -> None:
    model, theirs = nl.LogisticRegression().fit(IRIS, SPECIES), exact(IRIS, SPECIES)
    assert_allclose(model.coef_, theirs.coef_, atol=1e-5)
    assert_allclose(model.predict_proba(IRIS), theirs.predict_proba(IRIS), atol=1e-6)
    assert_allclose(model.coef_.sum(axis=0), 0, atol=1e-12)


@pytest.mark.parametrize(("X", "y"), [(scale(CANCER), BENIGN), (IRIS, SPECIES)])
def test_weighted_rows(X: np.ndarray, y: np.ndarray) -> None:
    weights = np.random.default_rng(0).uniform(0, 3, len(X))
    model, theirs = nl.LogisticRegression().fit(X, y, weights), exact(X, y, 1.0, weights)
    assert_allclose(model.predict_proba(X), theirs.predict_proba(X), atol=1e-5)


def test_unscaled_inputs_converge() -> None:
    """The gradient of the penalised loss vanishes at the solution, in each feature's own units."""
    model = nl.LogisticRegression().fit(CANCER, BENIGN)
    error = model.predict_proba(CANCER)[:, 1] - BENIGN
    gradient = CANCER.T @ error + model.coef_[0]
    assert np.abs(gradient / CANCER.max(axis=0)).max() < 1e-6
    assert abs(error.sum()) < 1e-6
    assert model.n_iter_ < 30


@pytest.mark.parametrize("C", [1e5, 1e9, np.inf])
def test_separable_data_with_a_weak_penalty(C: float) -> None:
    X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
    with pytest.warns(ConvergenceWarning) as caught:
        model = nl.LogisticRegression(C).fit(X, y)
    assert [str(warning.message) for warning in caught] == [
        f"the classes can be separated, so that only C={C:g} keeps the weights from growing without end; "
        "lower C for probabilities that mean something"
    ]
    assert caught[0].filename == __file__
    assert (model.predict(X) == y).all()
    assert model.coef_[0, 0] > 9
    assert -model.intercept_[0] / model.coef_[0, 0] == pytest.approx(1.5)


@pytest.mark.filterwarnings("ignore:the classes can be separated")
def test_three_separable_classes_without_a_penalty() -> None:
    y = np.repeat([0, 1, 2], 50)
    X = np.random.default_rng(0).normal(size=(150, 2)) + np.array([[0, 0], [20, 0], [0, 20]])[y]
    model = nl.LogisticRegression(C=np.inf).fit(X, y)
    assert model.score(X, y) == 1
    assert np.abs(model.coef_).max() < 100


def test_the_class_is_the_unit_step_of_z() -> None:
    X, y = make_moons(200, noise=0.2, random_state=0)
    model = nl.LogisticRegression().fit(X, np.where(y, "up", "down"))
    z = model.decision_function(X)
    assert_allclose(z, X @ model.coef_[0] + model.intercept_)
    assert (model.predict(X) == np.where(z >= 0, "up", "down")).all()
    assert (model.predict(X) == np.where(model.predict_proba(X)[:, 1] >= 0.5, "up", "down")).all()


def test_log_probabilities_stay_finite_far_out() -> None:
    model = nl.LogisticRegression().fit([[0.0], [1.0]], [0, 1])
    assert_allclose(model.predict_log_proba([[1e6]])[0, 0], -model.decision_function([[1e6]])[0])
    three = nl.LogisticRegression().fit(IRIS, SPECIES)
    assert np.isfinite(three.predict_log_proba(IRIS * 1e6)).all()
    assert_allclose(np.exp(three.predict_log_proba(IRIS)), three.predict_proba(IRIS))


def test_without_an_intercept() -> None:
    model = nl.LogisticRegression(fit_intercept=False).fit(IRIS[:100], SPECIES[:100])
    theirs = linear_model.LogisticRegression(fit_intercept=False, tol=1e-12, max_iter=10_000).fit(
        IRIS[:100], SPECIES[:100]
    )
    assert_allclose(model.coef_, theirs.coef_, atol=1e-5)
    assert model.intercept_.tolist() == [0.0]


@pytest.mark.parametrize(("X", "y"), [(scale(CANCER), BENIGN), (scale(IRIS), SPECIES)])
def test_many_weights_go_by_conjugate_gradients(monkeypatch: pytest.MonkeyPatch, X: np.ndarray, y: np.ndarray) -> None:
    dense = nl.LogisticRegression().fit(X, y)
    monkeypatch.setattr(_newton, "_DENSE", 0)
    assert_allclose(nl.LogisticRegression().fit(X, y).coef_, dense.coef_, atol=1e-5)


@pytest.mark.parametrize("classes", [2, 3])
def test_many_rows_start_from_every_eighth(classes: int) -> None:
    """At the end the gradient over all rows vanishes, also where the rows' order has a pattern."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40_000, 3))
    y = np.digitize(X[:, 0] + X[:, 1] + rng.logistic(size=len(X)), [0, 1][: classes - 1])
    for order in (np.arange(len(X)), np.argsort(y, kind="stable"), np.argsort(X[:, 0])):
        model = nl.LogisticRegression(C=0.5).fit(X[order], y[order])
        error = model.predict_proba(X) - np.eye(classes)[y]
        if classes == 2:
            error = error[:, 1:]
        gradient = error.T @ X + model.coef_ / 0.5
        assert np.abs(gradient).max() / len(X) < 1e-5
        assert np.abs(error.mean(axis=0)).max() < 1e-5


@pytest.mark.parametrize("class_weight", ["balanced", {0: 2.0, 1: 0.5}])
def test_class_weights_as_in_scikit_learn(class_weight: Any) -> None:
    for X, y in ((scale(CANCER), BENIGN), (IRIS[:120], SPECIES[:120])):
        weights = np.random.default_rng(0).uniform(0.5, 2, len(X))
        model = nl.LogisticRegression(class_weight=class_weight).fit(X, y, weights)
        theirs = linear_model.LogisticRegression(
            class_weight=class_weight, tol=1e-10, max_iter=1000, solver="newton-cholesky"
        ).fit(X, y, weights)
        assert_allclose(model.predict_proba(X), theirs.predict_proba(X), atol=1e-5)


def test_no_penalty() -> None:
    X, y = make_moons(300, noise=0.3, random_state=0)
    model = nl.LogisticRegression(C=np.inf).fit(X, y)
    error = model.predict_proba(X)[:, 1] - y
    assert_allclose(np.append(error @ X, error.sum()), 0, atol=1e-6)


def test_probabilities_hold_what_they_promise() -> None:
    """Of rows never seen, in each tenth of the predicted probabilities, the share of class 1 is the mean of these."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60_000, 5))
    y = rng.random(len(X)) < 1 / (1 + np.exp(-(X @ [1.5, -1, 0.5, 0, 0.25] - 0.5)))
    P = nl.LogisticRegression().fit(X[:30_000], y[:30_000]).predict_proba(X[30_000:])[:, 1]
    for rows in np.array_split(np.argsort(P), 10):
        spread = np.sqrt((P[rows] * (1 - P[rows])).sum()) / len(rows)
        assert y[30_000:][rows].mean() == pytest.approx(P[rows].mean(), abs=4 * spread)


def test_says_when_it_has_not_converged() -> None:
    with pytest.warns(ConvergenceWarning) as caught:
        nl.LogisticRegression(max_iter=1).fit(IRIS, SPECIES)
    assert str(caught[0].message) == "LogisticRegression has not converged in max_iter=1 steps; raise max_iter"
    assert caught[0].filename == __file__


def test_tolerance_of_zero_stops_at_rounding() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert nl.LogisticRegression(tol=0).fit(IRIS, SPECIES).n_iter_ < 50
