"""Least squares against NumPy's and scikit-learn's, and where it is hard."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn import linear_model
from sklearn.datasets import load_diabetes

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


def test_a_constant_column_has_no_weight() -> None:
    A = np.column_stack([X[:, 0], np.full(len(X), 0.1), X[:, 1]])
    model = nl.LinearRegression().fit(A, Y)
    assert model.rank_ == 2
    assert model.coef_[1] == 0
    assert_allclose(model.coef_[[0, 2]], nl.LinearRegression().fit(X[:, :2], Y).coef_, rtol=1e-12)


@pytest.mark.parametrize("unit", [1e-30, 1e30])
def test_the_units_of_a_column_do_not_matter(unit: float) -> None:
    scaled = np.column_stack([X[:, :1] * unit, X[:, 1:]])
    model, plain = nl.LinearRegression().fit(scaled, Y), nl.LinearRegression().fit(X, Y)
    assert model.rank_ == 10
    assert_allclose(model.coef_ * [unit, *np.ones(9)], plain.coef_, rtol=1e-9)


def test_a_large_offset_costs_no_figures() -> None:
    """Years in nanoseconds: the spread is 1e-9 of the values."""
    t = np.arange(50.0)
    model = nl.LinearRegression().fit((1e9 + t)[:, None], 3 * t)
    assert model.coef_[0] == pytest.approx(3, rel=1e-12)


def test_more_columns_than_rows() -> None:
    A = np.random.default_rng(0).normal(size=(10, 40))
    model = nl.LinearRegression().fit(A, A[:, 0])
    centred = A - A.mean(axis=0)
    assert model.rank_ == 9
    assert_allclose(model.coef_, np.linalg.pinv(centred) @ centred[:, 0], atol=1e-12)
    assert_allclose(model.predict(A), A[:, 0], atol=1e-12)


def test_many_rows_go_by_blocks() -> None:
    rng = np.random.default_rng(0)
    A = rng.normal(size=(60_000, 12)) + 5
    target = A @ np.arange(12.0) + rng.normal(size=60_000)
    model = nl.LinearRegression().fit(A, target)
    solution = np.linalg.lstsq(np.column_stack([A, np.ones(60_000)]), target, rcond=None)[0]
    assert_allclose([*model.coef_, model.intercept_], solution, rtol=1e-9)


def test_many_rows_keep_the_figures_that_normal_equations_lose() -> None:
    """Powers of numbers from 1 to 2: the condition number is 10⁸, and its square beyond double precision."""
    t = np.linspace(1, 2, 20_000)
    A = t[:, None] ** np.arange(1, 8)
    assert np.linalg.cond(A - A.mean(axis=0)) > 1e8
    model = nl.LinearRegression().fit(A, A.sum(axis=1))
    assert_allclose(model.coef_, np.ones(7), atol=1e-6)


@pytest.mark.parametrize("columns", [1, 40])
def test_rows_that_fill_no_block(columns: int) -> None:
    rng = np.random.default_rng(0)
    A, target = rng.normal(size=(10_007, columns)), rng.normal(size=(10_007, 3))
    solution = np.linalg.lstsq(np.column_stack([A, np.ones(10_007)]), target, rcond=None)[0]
    assert_allclose(nl.LinearRegression().fit(A, target).coef_, solution[:-1].T, atol=1e-14)


def test_few_rows_of_many_columns_take_little_memory() -> None:
    A = np.random.default_rng(0).normal(size=(20, 5000))
    tracemalloc.start()
    model = nl.LinearRegression().fit(A, A[:, 0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert_allclose(model.predict(A), A[:, 0], atol=1e-12)
    assert peak < 20 * A.nbytes


def test_weights_are_repetitions() -> None:
    times = np.arange(len(X)) % 4
    weighted, repeated = nl.LinearRegression().fit(X, Y, times), nl.LinearRegression()
    repeated.fit(np.repeat(X, times, axis=0), np.repeat(Y, times))
    assert_allclose(weighted.coef_, repeated.coef_, rtol=1e-9)
