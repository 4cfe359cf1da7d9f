"""The scores of a study, against scikit-learn's."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import metrics

from nonlin.lab.fitting import trained_on
from nonlin.lab.scores import SCORES, calibration_error, measure, scores_of

RNG = np.random.default_rng(0)


def of_classes(classes, rows=300):
    """Classes, and probabilities that know something of them, with ties."""
    y = RNG.integers(0, classes, rows)
    P = np.round(RNG.dirichlet(np.ones(classes), rows) + 0.5 * np.eye(classes)[y], 2)
    return y, P / P.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_scores_of_classes(classes):
    y, P = of_classes(classes)
    predicted = P.argmax(axis=1)
    area = metrics.roc_auc_score(y, P[:, 1]) if classes == 2 else metrics.roc_auc_score(y, P, multi_class="ovr")
    found = measure("classification", y, predicted, P)
    bins = found.pop("calibration_error")
    assert found == pytest.approx(
        {
            "accuracy": metrics.accuracy_score(y, predicted),
            "balanced_accuracy": metrics.balanced_accuracy_score(y, predicted),
            "log_loss": metrics.log_loss(y, P),
            "brier": metrics.brier_score_loss(y, P, scale_by_half=False),
            "roc_auc": area,
        },
        rel=1e-12,
    )
    assert 0 < bins < 1


def test_scores_of_numbers():
    y, predicted = RNG.normal(size=(2, 200))
    assert measure("regression", y, predicted) == pytest.approx(
        {
            "r2": metrics.r2_score(y, predicted),
            "rmse": metrics.root_mean_squared_error(y, predicted),
            "mae": metrics.mean_absolute_error(y, predicted),
        },
        rel=1e-12,
    )


@pytest.mark.parametrize("power", [-1000, -700, -1, 0, 1, 600, 1000])
def test_scores_of_very_small_and_very_large_numbers_are_those_of_ordinary_ones_to_the_bit(power):
    y, predicted = RNG.normal(size=(2, 200))
    here = measure("regression", np.ldexp(y, power), np.ldexp(predicted, power))
    assert here["r2"] == 1 - ((y - predicted) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    assert here["rmse"] == np.ldexp(np.sqrt(((y - predicted) ** 2).mean()), power)


@pytest.mark.parametrize("power", [-1000, -700, -1, 0, 1, 600, 1000])
def test_targets_of_any_size_are_trained_on_as_ordinary_ones_to_the_bit(power):
    y = RNG.normal(size=200)
    target, centre, spread = trained_on(np.ldexp(y, power), "regression")
    assert (centre, spread) == (np.ldexp(y.mean(), power), np.ldexp(y.std(), power))
    assert_array_equal(target, (y - y.mean()) / y.std())


@pytest.mark.parametrize("guess", [0.0, 3.0])
def test_r2_of_a_constant_is_that_of_scikit_learn(guess):
    y, predicted = np.full(5, 3.0), np.full(5, guess)
    assert SCORES["r2"].measure(y, predicted) == metrics.r2_score(y, predicted)


def test_a_certain_mistake_costs_52_bits():
    y, P = np.array([0, 1]), np.array([[1.0, 0.0], [1.0, 0.0]])
    assert SCORES["log_loss"].measure(y, P) == pytest.approx(26 * math.log(2))
    assert SCORES["log_loss"].measure(y, P) == pytest.approx(metrics.log_loss(y, P), rel=1e-12)


def test_a_class_that_no_held_out_row_has():
    y, P = np.array([0, 1, 1]), np.array([[0.6, 0.3, 0.1], [0.5, 0.4, 0.1], [0.1, 0.8, 0.1]])
    found = measure("classification", y, P.argmax(axis=1), P)
    assert math.isnan(found["roc_auc"])
    assert found["balanced_accuracy"] == 0.75  # the mean of 1 of 1 and 1 of 2


def test_a_model_without_probabilities_has_no_scores_of_them():
    found = measure("classification", np.array([0, 1]), np.array([0, 0]))
    known = {key for key, value in found.items() if not math.isnan(value)}
    assert known == {score.key for score in scores_of("classification") if not score.of_probabilities}


def test_calibration_error_of_one_confidence():
    P = np.tile([0.8, 0.2], (10, 1))
    assert_allclose(calibration_error(np.array([0] * 6 + [1] * 4), P, bins=1), 0.2, rtol=1e-12)
