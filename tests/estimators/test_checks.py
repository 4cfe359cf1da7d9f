"""Every bad parameter is refused in one line."""

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InputError

X, Y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
POSITIVE, AT_LEAST_0 = "a number in (0, inf)", "a number in [0, inf)"
BAD: list[tuple[Any, str]] = [
    (nl.LinearRegression(fit_intercept="no"), "fit_intercept must be True or False, got 'no'"),
    (nl.Adaline(alpha=-1), f"alpha must be {AT_LEAST_0}, got -1"),
    (nl.LogisticRegression(C=0), f"C must be {POSITIVE}, got 0"),
    (nl.LogisticRegression(C="1"), f"C must be {POSITIVE}, got '1'"),
    (nl.LogisticRegression(C=float("nan")), f"C must be {POSITIVE}, got nan"),
    (nl.LogisticRegression(tol=-1), f"tol must be {AT_LEAST_0}, got -1"),
    (nl.LogisticRegression(max_iter=0), "max_iter must be an integer of at least 1, got 0"),
    (nl.LogisticRegression(fit_intercept=1), "fit_intercept must be True or False, got 1"),
    (nl.LinearSVC(C=-2), f"C must be {POSITIVE}, got -2"),
    (nl.LinearSVC(loss="log"), "loss must be one of 'squared_hinge', 'hinge', got 'log'"),
    (nl.LinearSVC(tol=None), f"tol must be {AT_LEAST_0}, got None"),
    (nl.LinearSVC(max_iter=1.5), "max_iter must be an integer of at least 1, got 1.5"),
    (nl.Perceptron(eta0=0), f"eta0 must be {POSITIVE}, got 0"),
    (nl.Perceptron(max_iter=True), "max_iter must be an integer of at least 1, got True"),
    (nl.Perceptron(tol="a"), f"tol must be {AT_LEAST_0}, got 'a'"),
    (nl.Perceptron(n_iter_no_change=0), "n_iter_no_change must be an integer of at least 1, got 0"),
    (nl.Perceptron(shuffle=None), "shuffle must be True or False, got None"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "message"), BAD)
def test_bad_parameters(model: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        model.fit(X, Y)
    assert str(caught.value) == message


def test_weights_of_zero_alone() -> None:
    with pytest.raises(InputError) as caught:
        nl.LogisticRegression().fit(X, Y, np.zeros(4))
    expected = "sample_weight must contain at least one non-zero number; leave out rows of weight 0 instead"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([1, 1, 1, 1], "y must hold at least 2 classes, got 1 class: 1; nothing can be told apart"),
        (["a", "a", "a", "a"], "y must hold at least 2 classes, got 1 class: 'a'; nothing can be told apart"),
    ],
)
def test_one_class(labels: list[Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        nl.LogisticRegression().fit(X, labels)
    assert str(caught.value) == message
