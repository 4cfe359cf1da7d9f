"""What the story says follows from the numbers, also where they say no."""

from __future__ import annotations

import dataclasses

import pytest

from nonlin.lab import Study
from nonlin.report import _network_steps
from nonlin.report._show import Show

from .conftest import scored, with_score


def test_each_step_has_words_and_pictures(moons: Study, moons_show: Show) -> None:
    steps = _network_steps.network_steps(moons, moons_show)
    assert [len(step.pictures) for step in steps] == [2, 2, 1]
    assert all(step.formula and step.paragraphs for step in steps)


def test_scores_are_the_held_out_ones(moons: Study, moons_show: Show) -> None:
    for step, name in zip(_network_steps.network_steps(moons, moons_show), ("identity", "sigmoid"), strict=False):
        assert f"an accuracy of {moons.score(name)}" in " ".join(step.paragraphs)


def test_lines_fail_only_where_every_linear_model_is_behind(moons: Study) -> None:
    study = scored(moons, tanh=0.95, sigmoid=0.9, identity=0.8, logistic_regression=0.8)
    assert _network_steps._failing(study) == (
        "On this table a straight answer is not enough: the best network with a bend, that with tanh, has 0.950."
    )


def test_a_line_may_do_where_logistic_regression_keeps_up(moons: Study) -> None:
    study = scored(moons, tanh=0.95, identity=0.8, logistic_regression=0.948)
    assert not study.linear_gap.needed
    assert not _network_steps.lines_fail(study)
    assert _network_steps._failing(study) == (
        "On this table the best network with a bend, that with tanh, has 0.950, clearly more than this network, but "
        "not clearly more than logistic regression: a line may do, if it is trained well."
    )


def test_no_gap_is_called_no_gap(moons: Study) -> None:
    assert _network_steps._failing(scored(moons, tanh=0.801, sigmoid=0.8)) == (
        "On this table the best network with a bend, that with tanh, has 0.801, not clearly more, so it does not show "
        "where lines fail."
    )


@pytest.mark.parametrize(
    ("sigmoid", "end"),
    [
        (0.95, "Here the bend pays."),
        (0.65, "Here the bend costs."),
        (0.8, "Whatever bends here, it buys nothing that can be told from chance and matters."),
    ],
)
def test_the_bend_pays_or_costs_or_neither(moons: Study, sigmoid: float, end: str) -> None:
    assert _network_steps._gain_of_sigmoid(scored(moons, sigmoid=sigmoid)).endswith(f"against the identity. {end}")


def test_the_bend_does_not_pay_where_logistic_regression_keeps_up(moons: Study) -> None:
    words = _network_steps._gain_of_sigmoid(scored(moons, sigmoid=0.95, logistic_regression=0.948))
    assert words.endswith(
        "against the identity. It beats this network, but no bend clearly beats the best straight model."
    )


@pytest.mark.parametrize(
    ("seen", "start"),
    [
        (0.99, "Yes, and here it does: "),
        (0.84, "Yes, and here it does a little: "),
        (0.8, "What can bend can also bend"),
    ],
)
def test_overfitting_is_told_from_the_scores(moons: Study, seen: float, start: str) -> None:
    fits = tuple(with_score(fit, 0.8, train_score=seen) for fit in moons.fits)
    words = _network_steps._overfits(dataclasses.replace(moons, fits=fits), "tanh")
    assert words.startswith(start)
    assert f"has {seen:.3f} on the rows that it was trained on and 0.800 on rows held out, {seen - 0.8:+.3f};" in words
