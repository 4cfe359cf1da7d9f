"""The tables behind the pictures hold what the models and the activations say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from matplotlib.figure import Figure
from sklearn.linear_model import LinearRegression, LogisticRegression

from nonlin import catalogue
from nonlin.report import _charts
from nonlin.report._numbers import cell, numbers, some, surface_numbers


@pytest.mark.parametrize(("value", "words"), [(0.123456, "0.1235"), (-0.0, "0"), (math.nan, "–"), ("relu", "relu")])
def test_cell(value: float | str, words: str) -> None:
    assert cell(value) == words


def test_columns_become_rows() -> None:
    table = numbers("Two.", {"z": [1.0, 2.0], "kind": ["a", "b"]})
    assert (table.caption, table.columns, table.rows) == ("Two.", ("z", "kind"), (("1", "a"), ("2", "b")))


def test_some_positions_have_both_ends() -> None:
    assert some(5, 3).tolist() == [0, 2, 4]
    assert some(3, 10).tolist() == [0, 1, 2]


def test_plane_of_a_regressor_is_read_from_the_top() -> None:
    X = np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 6.0]])
    model = LinearRegression().fit(X, [1.0, 7.0, 61.0])
    ax = Figure().add_subplot()
    ax.set(xlim=(0, 6), ylim=(0, 6))
    table = surface_numbers(model, X, ax)
    assert table.columns == ("x2", "0", "1", "2", "3", "4", "5", "6")
    assert table.rows[0] == ("6", "61", "62", "63", "64", "65", "66", "67")
    assert table.rows[-1] == ("0", "1", "2", "3", "4", "5", "6", "7")


def test_line_of_a_classifier_names_class_and_share() -> None:
    X = np.array([[-3.0], [-1.0], [1.0], [3.0]])
    model = LogisticRegression().fit(X, ["a", "a", "b", "b"])
    ax = Figure().add_subplot()
    ax.set_xlim(-3, 3)
    rows = surface_numbers(model, X, ax).rows
    share = model.predict_proba([[3.0]])[0, 1]
    assert rows[-1] == ("3", f"b: {share:.2f}")


def test_values_behind_a_graph() -> None:
    table = _charts.activation_graph(catalogue.get("relu")).numbers
    assert table is not None
    assert table.columns == ("z", "φ(z)", "φ′(z)")
    assert table.rows[0] == ("-4", "0", "0")
    assert table.rows[-1] == ("4", "4", "1")
