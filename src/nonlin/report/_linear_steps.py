"""Steps 1 to 3: net input, activation, unit step; for a predicted number, why the last two fall away."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from nonlin.lab import Study
from nonlin.report._net_inputs import net_inputs_by_class, offsets, passing, squashing, two_sides
from nonlin.report._show import Show, lead, net_input
from nonlin.report._step import Step, surface
from nonlin.report._tables import extent, short
from nonlin.report._words import boundary, said, share, weighted_sum

SUMS = (
    "A linear model multiplies each input by a weight and adds them up. Least squares chooses the weights for which "
    "the vertical offsets, from z to the target, have the smallest sum of squares."
)


def linear_steps(study: Study, show: Show) -> list[Step]:
    """The first three steps, for classes or for a number."""
    if study.table.task == "regression":
        return [_sum_for_numbers(study, show), _no_squashing(study, show), _no_step(study, show)]
    return [_sum_for_classes(study, show), _squashing(study, show), _unit_step(study, show)]


def _sum_for_classes(study: Study, show: Show) -> Step:
    this, other = two_sides(show)
    two = len(show.classes) == 2
    each = "" if two else f" Every class has its own net input; the picture shows that of {this.name}."
    answer = "The answer is the sign of z." if two else "The answer is the class of the largest net input."
    return Step(
        "Net input: a weighted sum",
        "z = b + x₁w₁ + … + xₙwₙ",
        (
            f"{SUMS} For classes this is Adaline: the target is +1 for {this.name} and -1 for {other.name}.{each}",
            f"{weighted_sum(show, 'least squares')} {answer} On rows held out it has {said(study, 'least squares')}; "
            f"always guessing the most frequent class would have {study.baseline:.3f}.",
        ),
        (net_inputs_by_class(study, show),),
    )


def _squashing(study: Study, show: Show) -> Step:
    this, two = show.classes[show.focus], len(show.classes) == 2
    chance = expit(lead(show))
    sure = share(np.mean((chance > 0.9) | (chance < 0.1)))
    loss = float(np.mean([fit.scores["log_loss"] for fit in study.fits_of("logistic regression")]))
    what = (
        "Logistic regression puts the net input through the logistic sigmoid, which squashes every number into the "
        f"range from 0 to 1: the probability of {this}."
        if two
        else "With more than two classes the softmax takes the sigmoid's place: it turns the net inputs into "
        "probabilities that sum to 1. That of one class is the sigmoid of its lead over the others; the picture "
        f"shows it for {this}."
    )
    return Step(
        "Activation: the net input becomes a probability",
        "P(y = 1 | x) = σ(z) = 1 / (1 + exp(-z))" if two else "P(y = k | x) = exp(zₖ) / Σⱼ exp(zⱼ)",
        (
            f"{what} The weights are those that make the labels of the table most probable, but for a small penalty on "
            "large weights.",
            f"The probability of {this} is above 0.9 or below 0.1 for {sure} of the rows. On rows held out the "
            f"log-loss is {short(loss)}; the same probability for every class would have "
            f"{np.log(len(study.table.classes)):.3f}.",
        ),
        (squashing(show),),
    )


def _unit_step(study: Study, show: Show) -> Step:
    this, other = two_sides(show)
    two, line = len(show.classes) == 2, "a threshold" if study.table.X.shape[1] == 1 else "a straight boundary"
    rule = (
        f"The unit step makes the probability an answer: {this.name} where it is at least 0.5, which is the same as "
        f"z ≥ 0, and {other.name} elsewhere."
        if two
        else "The answer is the class of the largest probability (argmax), which is the class of the largest net input."
    )
    return Step(
        f"Unit step: {line}" if two else "Argmax: straight boundaries",
        "ŷ = 1 if z ≥ 0, else 0" if two else "ŷ = argmaxₖ zₖ",
        (
            f"{rule} Squashing bends the probability, not the boundary: {boundary(study)}.",
            f"On rows held out, logistic regression has {said(study, 'logistic regression')}.",
        ),
        (surface(study, show, "logistic regression"),),
    )


def _sum_for_numbers(study: Study, show: Show) -> Step:
    offset = np.sqrt(np.mean((show.y - net_input(study, show, "least squares")) ** 2))
    return Step(
        "Net input: a weighted sum",
        "z = b + x₁w₁ + … + xₙwₙ",
        (
            f"{SUMS} The target here is {study.table.target}.",
            f"{weighted_sum(show, 'least squares')} The root mean square of the offsets is {short(float(offset))}; "
            f"without any input, guessing the mean, it would be {short(float(np.std(show.y)))}.",
        ),
        (offsets(study, show),),
    )


def _no_squashing(study: Study, show: Show) -> Step:
    z, y = net_input(study, show, "least squares"), show.y
    return Step(
        "Activation: no squashing is needed",
        "ŷ = φ(z) = z",
        (
            "A class needs a probability between 0 and 1, and so a sigmoid at the output. A number needs none: the "
            "activation of the output is the identity, and the net input is the prediction.",
            f"Here the predictions run {extent(z)}, the targets {extent(y)}.",
        ),
        (passing(study, show),),
    )


def _no_step(study: Study, show: Show) -> Step:
    return Step(
        "No unit step: a straight line" if study.table.X.shape[1] == 1 else "No unit step: a flat surface",
        "ŷ = z",
        (
            f"There is no class to choose, so there is no step: {boundary(study)}.",
            f"On rows held out, least squares has {said(study, 'least squares')}. R² is the share of the target's "
            "variance that the predictions explain: 1 at best, 0 for always guessing the mean, below 0 for worse.",
        ),
        (surface(study, show, "least squares"),),
    )
