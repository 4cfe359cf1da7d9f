from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax

import nonlin as nl
from nonlin.lab import Study
from nonlin.report._show import Show, collapsed, count_weights, fit_show, lead, net_input, rival, some_rows

from .conftest import QUICK


def test_models_of_the_story(moons: Study, moons_show: Show) -> None:
    assert list(moons_show.models) == ["least squares", "logistic regression", "identity", "sigmoid", "tanh"]
    assert rival(moons) == "tanh"
    assert moons_show.names == ("x1", "x2")
    assert moons_show.classes == ("y\u00a0=\u00a00", "y\u00a0=\u00a01")
    assert moons_show.focus == 1


def test_identity_network_is_one_linear_map(moons_show: Show) -> None:
    model = moons_show.models["identity"]
    weights, biases = collapsed(model)
    np.testing.assert_allclose(moons_show.inputs @ weights + biases, model.net_input(moons_show.inputs), atol=1e-4)
    assert count_weights(model) == 3 * 8 + 9


def test_lead_of_two_classes_is_the_net_input(moons: Study, moons_show: Show) -> None:
    np.testing.assert_array_equal(lead(moons_show), net_input(moons, moons_show, "logistic regression"))


def test_sigmoid_of_the_lead_is_the_softmax() -> None:
    show = fit_show(nl.study("iris", **QUICK))
    z = show.models["logistic regression"].net_input(show.inputs)
    expected = softmax(np.asarray(z, dtype=float), axis=1)[:, show.focus]
    np.testing.assert_allclose(1 / (1 + np.exp(-lead(show))), expected, rtol=1e-9)


def test_regression_net_inputs_have_the_unit_of_the_target(diabetes: Study) -> None:
    show = fit_show(diabetes)
    assert np.mean(net_input(diabetes, show, "least squares")) == pytest.approx(diabetes.table.y.mean(), rel=1e-4)
    assert np.mean(net_input(diabetes, show, "identity")) == pytest.approx(diabetes.table.y.mean(), rel=0.2)


def test_a_small_spread_around_a_large_mean_keeps_its_digits() -> None:
    a = np.linspace(-1.0, 1.0, 60)
    study = nl.study(pd.DataFrame({"a": a, "y": 1e9 + a}), target="y", **QUICK)
    np.testing.assert_allclose(net_input(study, fit_show(study), "least squares") - 1e9, a, atol=1e-4)


def test_some_rows_hold_every_class() -> None:
    y = np.array([0] * 9999 + [1])
    rows = some_rows(y, 50, "classification", seed=0)
    assert set(y[rows]) == {0, 1}
    assert len(rows) == 50
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(rows, some_rows(y, 50, "classification", seed=0))
    np.testing.assert_array_equal(some_rows(y[:5], 50, "regression", seed=0), np.arange(5))
