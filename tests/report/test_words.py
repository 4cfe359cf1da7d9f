from __future__ import annotations

import pytest

from nonlin.lab import Study
from nonlin.report import _words
from nonlin.report._show import Show


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
