"""scikit-learn's own checks, all of them, on every estimator."""

from collections.abc import Callable
from typing import Any

import pytest
from sklearn.base import BaseEstimator
from sklearn.utils.estimator_checks import parametrize_with_checks

import nonlin as nl

ESTIMATORS = [
    nl.LinearRegression(),
    nl.LogisticRegression(),
    nl.Perceptron(max_iter=100),
    nl.Adaline(),
    nl.LinearSVC(),
    nl.MLPClassifier(max_iter=100),
    nl.MLPRegressor(max_iter=100),
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks(ESTIMATORS)
def test_scikit_learns_checks(estimator: BaseEstimator, check: Callable[[Any], None]) -> None:
    check(estimator)
