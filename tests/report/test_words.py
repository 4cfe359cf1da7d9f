from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import nonlin as nl
from nonlin.lab import Study
from nonlin.report import _words
from nonlin.report._show import Show, fit_show, in_unit, net_input

from .conftest import QUICK


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "none"), (1.0, "all"), (0.004, "less than 1 %"), (0.996, "more than 99 %"), (0.126, "13 %")],
)
def test_share(value: float, words: str) -> None:
    assert _words.share(value).replace("\u00a0", " ") == words


def test_count() -> None:
    assert [_words.count(n, "row") for n in (1, 2, 1000)] == ["1 row", "2 rows", "1,000 rows"]


def test_linear_sum_writes_signs_and_no_minus_zero() -> None:
    assert _words.linear_sum(-1e-9, [0.5, -2.0], ("a", "b")) == "z = 0.000 + 0.500 · a - 2.000 · b"


def test_linear_sum_keeps_small_weights_beside_a_large_bias() -> None:
    assert _words.linear_sum(1e9, [0.127, 1e-9], ("a", "b")) == "z = 1.00e9 + 0.127 · a + 0.000 · b"


def test_the_equation_of_a_number_has_its_unit() -> None:
    a = np.tile([-1.0, 1.0], 30)  # standardised already
    study = nl.study(pd.DataFrame({"a": a, "y": 100 - 20 * a}), target="y", task="regression", **QUICK)
    show = fit_show(study)
    assert _words.weighted_sum(show, "least squares") == (
        "With standardised inputs, in the unit of the target, it is z = 100.0 - 20.0 · a."
    )


def test_the_weights_of_a_number_are_those_that_are_drawn(diabetes: Study) -> None:
    show = fit_show(diabetes)
    weights, biases = in_unit(show.models["least squares"])
    drawn = net_input(diabetes, show, "least squares")
    np.testing.assert_allclose(show.inputs @ weights[0] + biases[0], drawn, rtol=1e-4)
    j = int(np.abs(weights[0]).argmax())
    assert _words.weighted_sum(show, "least squares").startswith(
        f"Of its 10 weights, in the unit of the target, the largest belong to {show.names[j]} ({weights[0, j]:+.1f}), "
    )


def test_facts(moons: Study, diabetes: Study) -> None:
    assert _words.facts(moons) == ["1,000 rows", "2 columns", "target y", "classification into 2 classes"]
    assert _words.facts(diabetes) == ["442 rows", "10 columns", "target progression", "regression"]


def test_opening_says_what_is_drawn(moons: Study, moons_show: Show) -> None:
    assert _words.opening(moons, moons_show) == [
        "Each step is computed on this table. The pictures show models fitted on the whole table, for show; every "
        "score in the text is held out: it counts only rows that the model had not seen. Surfaces show "
        f"{len(moons_show.drawn)} of these rows as points. Before any model, the 2 columns become 2 inputs with mean "
        "0 and standard deviation 1."
    ]


def test_method_names_folds_seed_and_recipe(moons: Study) -> None:
    words, budget = " ".join(_words.method(moons)), moons.plan.budget
    assert f"{budget.folds}-fold cross-validation, with the shares of the classes kept, with seed 0" in words
    assert "a hidden layer of 8 units" in words
    assert "Adam with batches of 32 rows, a learning rate of 0.01," in words
    assert f"after {budget.epochs} epochs at most" in words
    assert "Nadeau and Bengio (2003" in words
