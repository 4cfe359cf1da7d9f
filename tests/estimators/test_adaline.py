"""Adaline as least squares on ±1, whole and in parts."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn import linear_model
from sklearn.datasets import load_iris, make_moons

import nonlin as nl
from nonlin.errors import InputError

IRIS, SPECIES = load_iris(return_X_y=True)
NAMES = np.array(["a", "b", "c"])[SPECIES]


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


def test_class_weights_as_in_scikit_learn() -> None:
    rows = slice(0, 120)
    for class_weight in ("balanced", {0: 1.0, 1: 2.5, 2: 0.5}, {1: 3}):
        model = nl.Adaline(alpha=1.0, class_weight=class_weight).fit(IRIS[rows], SPECIES[rows])
        theirs = linear_model.RidgeClassifier(1.0, class_weight=class_weight).fit(IRIS[rows], SPECIES[rows])
        assert_allclose(model.coef_, theirs.coef_, rtol=1e-8)


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("parts", [2, 7, 50])
def test_parts_give_what_the_whole_gives(parts: int, fit_intercept: bool) -> None:
    order = np.random.default_rng(0).permutation(len(IRIS))
    weights = np.random.default_rng(1).uniform(0, 2, len(IRIS))
    model, whole = (nl.Adaline(alpha=0.1, fit_intercept=fit_intercept) for _ in range(2))
    for rows in np.array_split(order, parts):
        model.partial_fit(IRIS[rows], NAMES[rows], classes=["c", "b", "a"], sample_weight=weights[rows])
    whole.fit(IRIS, NAMES, weights)
    assert_allclose(model.coef_, whole.coef_, rtol=1e-9)
    assert_allclose(model.intercept_, whole.intercept_, rtol=1e-9, atol=1e-12)
    assert (model.predict(IRIS) == whole.predict(IRIS)).all()


def test_goes_on_after_a_fit() -> None:
    model = nl.Adaline().fit(IRIS[::2], SPECIES[::2]).partial_fit(IRIS[1::2], SPECIES[1::2])
    assert_allclose(model.coef_, nl.Adaline().fit(IRIS, SPECIES).coef_, rtol=1e-9)


def refused(call: Any) -> str:
    with pytest.raises(InputError) as caught:
        call()
    return str(caught.value)


def test_what_parts_refuse() -> None:
    model = nl.Adaline()
    expected = "classes must be given at the first call of partial_fit: all labels that any part will hold"
    assert refused(lambda: model.partial_fit(IRIS, NAMES)) == expected
    assert refused(lambda: model.partial_fit(IRIS, NAMES, ["a", "a"])) == "classes must be at least 2 labels, got ['a']"
    model.partial_fit(IRIS[:60], NAMES[:60], ["a", "b"])
    expected = "classes must be those of the first call, ['a', 'b'], got ['a', 'c']"
    assert refused(lambda: model.partial_fit(IRIS[:60], NAMES[:60], ["a", "c"])) == expected
    expected = "y holds 'c', which is not among the classes ['a', 'b']; name it at the first call"
    assert refused(lambda: model.partial_fit(IRIS, NAMES)) == expected
    expected = "class_weight must be None or a mapping for partial_fit, got 'balanced'; give the factors themselves"
    assert refused(lambda: nl.Adaline(class_weight="balanced").partial_fit(IRIS, NAMES, ["a", "b", "c"])) == expected


@pytest.mark.parametrize(
    ("class_weight", "message"),
    [
        ("even", "class_weight must be None, 'balanced' or a mapping from labels to numbers, got 'even'"),
        ([1, 2], "class_weight must be None, 'balanced' or a mapping from labels to numbers, got [1, 2]"),
        ({"d": 2.0}, "class_weight names 'd', which is not among the classes ['a', 'b', 'c']; name these"),
        ({"a": -1.0}, "class_weight must be numbers of at least 0, and one above 0, got {'a': -1.0}"),
    ],
)
@pytest.mark.parametrize("model", [nl.Adaline, nl.LinearSVC])
def test_bad_class_weights(model: Any, class_weight: Any, message: str) -> None:
    assert refused(lambda: model(class_weight=class_weight).fit(IRIS, NAMES)) == message
