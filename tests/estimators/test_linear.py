"""Least squares against NumPy's and scikit-learn's, and Adaline as least squares on ±1."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn import linear_model
from sklearn.datasets import load_diabetes, load_iris, make_moons

import nonlin as nl

X, Y = load_diabetes(return_X_y=True, scaled=False)


def test_weights_are_those_of_numpy() -> None:
    model = nl.LinearRegression().fit(X, Y)
    solution = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), Y, rcond=None)[0]
    assert_allclose(model.coef_, solution[:-1], rtol=1e-8)
    assert model.intercept_ == pytest.approx(solution[-1], rel=1e-8)
    assert model.rank_ == 10


def test_without_an_intercept() -> None:
    model = nl.LinearRegression(fit_intercept=False).fit(X, Y)
    assert_allclose(model.coef_, np.linalg.lstsq(X, Y, rcond=None)[0], rtol=1e-8)
    assert model.intercept_ == 0


def test_weighted_rows_as_in_scikit_learn() -> None:
    weights = np.random.default_rng(0).uniform(0, 3, len(X))
    ours, theirs = (m.fit(X, Y, weights) for m in (nl.LinearRegression(), linear_model.LinearRegression()))
    assert_allclose(ours.coef_, theirs.coef_, rtol=1e-8)
    assert weights @ ours.vertical_offsets_ == pytest.approx(0, abs=1e-7)


def test_of_many_solutions_the_one_of_least_norm() -> None:
    A = np.random.default_rng(0).normal(size=(30, 4)) @ np.random.default_rng(1).normal(size=(4, 7))
    target = A @ np.arange(7.0)
    model = nl.LinearRegression(fit_intercept=False).fit(A, target)
    assert model.rank_ == 4
    assert_allclose(model.coef_, np.linalg.pinv(A) @ target, rtol=1e-8)


def test_a_column_twice_shares_its_weight() -> None:
    model = nl.LinearRegression().fit(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]), [1.0, 3.0, 5.0])
    assert_allclose(model.coef_, [1, 1])
    assert model.intercept_ == pytest.approx(1)


def test_rounded_inputs_leave_no_spurious_rank() -> None:
    """One-hot columns that add up to 1 only to float32's rounding must not get huge opposite weights."""
    one_hot = np.eye(3)[np.arange(99) % 3]
    scaled = ((one_hot - one_hot.mean(0)) / one_hot.std(0) * 1.1).astype(np.float32)
    model = nl.LinearRegression().fit(scaled, np.random.default_rng(0).normal(size=99))
    assert model.rank_ == 2
    assert np.abs(model.coef_).max() < 1


def test_several_outputs() -> None:
    targets = np.column_stack([Y, Y**2])
    model = nl.LinearRegression().fit(X, targets)
    theirs = linear_model.LinearRegression().fit(X, targets)
    assert model.coef_.shape == (2, 10)
    assert_allclose(model.coef_, theirs.coef_, rtol=1e-8)
    assert_allclose(model.predict(X), theirs.predict(X), rtol=1e-8)
    assert_allclose(model.vertical_offsets_.sum(axis=0), 0, atol=1e-5)


def test_vertical_offsets_sum_to_zero() -> None:
    model = nl.LinearRegression().fit(X, Y)
    assert_allclose(model.vertical_offsets_, Y - model.predict(X))
    assert model.vertical_offsets_.sum() == pytest.approx(0, abs=1e-8)


def test_float32_stays() -> None:
    model = nl.LinearRegression().fit(X.astype(np.float32), Y)
    assert model.coef_.dtype == model.predict(X.astype(np.float32)).dtype == np.float32


def test_adaline_is_least_squares_on_plus_and_minus_one() -> None:
    A, labels = make_moons(200, noise=0.2, random_state=0)
    model = nl.Adaline().fit(A, labels)
    solution = np.linalg.lstsq(np.column_stack([A, np.ones(200)]), 2 * labels - 1, rcond=None)[0]
    assert_allclose([*model.coef_[0], model.intercept_[0]], solution, rtol=1e-10)
    assert (model.predict(A) == (model.decision_function(A) >= 0)).all()


def test_adaline_with_a_penalty_is_a_ridge_against_the_rest() -> None:
    A, labels = load_iris(return_X_y=True)
    model = nl.Adaline(alpha=3.0).fit(A, labels)
    theirs = linear_model.RidgeClassifier(alpha=3.0).fit(A, labels)
    assert_allclose(model.coef_, theirs.coef_, rtol=1e-8)
    assert_allclose(model.intercept_, theirs.intercept_, rtol=1e-8)
