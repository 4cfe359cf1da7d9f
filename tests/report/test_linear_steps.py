from __future__ import annotations

import nonlin as nl
from nonlin.lab import Study
from nonlin.report._linear_steps import linear_steps
from nonlin.report._show import Show, fit_show

from .conftest import QUICK


def test_each_step_has_words_and_a_picture(moons: Study, moons_show: Show) -> None:
    steps = linear_steps(moons, moons_show)
    assert [len(step.pictures) for step in steps] == [1, 1, 1]
    assert all(step.formula and step.paragraphs for step in steps)


def test_classes_are_told_by_the_unit_step(moons: Study, moons_show: Show) -> None:
    step = linear_steps(moons, moons_show)[2]
    assert step.paragraphs == (
        "The unit step makes the probability an answer: y\u00a0=\u00a01 where it is at least 0.5, which is the same "
        "as z ≥ 0, and y\u00a0=\u00a00 elsewhere. Squashing bends the probability, not the boundary: it is where z "
        "= 0, a straight line.",
        f"On rows held out, logistic regression has an accuracy of {moons.score('logistic regression')}.",
    )


def test_many_classes_are_told_by_argmax() -> None:
    study = nl.study("iris", **QUICK)
    steps = linear_steps(study, fit_show(study))
    assert [step.title for step in steps][2] == "Argmax: straight boundaries"
    assert steps[1].formula == "P(y = k | x) = exp(zₖ) / Σⱼ exp(zⱼ)"
    assert "between any two of the 3 classes it is still straight" in steps[2].paragraphs[0]


def test_a_number_needs_neither(diabetes: Study) -> None:
    steps = linear_steps(diabetes, fit_show(diabetes))
    assert [step.formula for step in steps] == ["z = b + x₁w₁ + … + xₙwₙ", "ŷ = φ(z) = z", "ŷ = z"]
    assert f"least squares has R² {diabetes.score('least squares')}." in steps[2].paragraphs[1]
