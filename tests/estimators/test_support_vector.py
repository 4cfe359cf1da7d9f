"""The support vector machine against libsvm and liblinear: the objective that each reaches."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn import svm
from sklearn.datasets import load_breast_cancer, load_iris, make_moons
from sklearn.preprocessing import scale

import nonlin as nl

MOONS = make_moons(300, noise=0.3, random_state=0)
CANCER = scale(load_breast_cancer().data), load_breast_cancer().target


def objective(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray, C: float, power: int) -> float:
    slack = np.maximum(0, 1 - (2 * y - 1) * (X @ w + b))
    return float(w @ w / 2 + C * (slack**power).sum())


@pytest.mark.parametrize(("X", "y"), [MOONS, CANCER])
@pytest.mark.parametrize("C", [0.1, 1.0, 100.0])
def test_hinge_reaches_libsvms_objective(X: np.ndarray, y: np.ndarray, C: float) -> None:
    ours = nl.LinearSVC(C, loss="hinge").fit(X, y)
    theirs = svm.SVC(C=C, kernel="linear", tol=1e-8).fit(X, y)
    reached, known = (objective(m.coef_[0], m.intercept_[0], X, y, C, 1) for m in (ours, theirs))
    assert reached == pytest.approx(known, rel=1e-4)
    assert reached <= known * (1 + 1e-6)


@pytest.mark.parametrize(("X", "y"), [MOONS, CANCER])
def test_squared_hinge_beats_liblinear_whose_bias_is_not_free(X: np.ndarray, y: np.ndarray) -> None:
    ours = nl.LinearSVC().fit(X, y)
    theirs = svm.LinearSVC(dual=False, tol=1e-10, intercept_scaling=1000).fit(X, y)
    reached, known = (objective(m.coef_[0], m.intercept_[0], X, y, 1.0, 2) for m in (ours, theirs))
    assert reached == pytest.approx(known, rel=1e-5)
    assert reached <= known * (1 + 1e-12)  # both may be at the optimum, but for the rounding of the sum
    assert_allclose(ours.coef_, theirs.coef_, atol=1e-3)


def test_the_widest_margin_between_two_points() -> None:
    model = nl.LinearSVC(1e3, loss="hinge").fit([[0.0, 0.0], [2.0, 0.0]], ["left", "right"])
    assert_allclose(model.coef_, [[1, 0]], atol=1e-4)
    assert model.intercept_[0] == pytest.approx(-1, abs=1e-4)


def test_each_class_against_the_rest() -> None:
    X, y = load_iris(return_X_y=True)
    model = nl.LinearSVC().fit(X, y)
    alone = nl.LinearSVC().fit(X, y == 1)
    assert_allclose(model.coef_[1], alone.coef_[0], rtol=1e-10)
    assert model.score(X, y) > 0.94
