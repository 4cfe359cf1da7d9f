"""What the numbers say, in two sentences."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from nonlin.activation import Activation
from nonlin.formula.primitives import absolute, sign
from nonlin.lab.bayes import NEGLIGIBLE, NEGLIGIBLE_BRIER, SURE, Posterior
from nonlin.lab.figures import figure
from nonlin.lab.plan import LINEAR
from nonlin.lab.statistics import Estimate

METRIC = {"classification": "accuracy", "regression": "R²"}


@dataclass(frozen=True)
class LinearGap:
    """What non-linearity buys, over the same folds.

    Attributes
    ----------
    best : the activation of the best bent network
    rival : the best of all models that draw a straight boundary
    lead : bent minus straight, each the best of its kind on the other folds: being the best of many earns nothing
    belief : what is known of this lead
    in_probabilities : of classes, what is known of the same lead in the Brier score, again each the best of its kind on
        the other folds
    is_guessing : whether no model is surely better than guessing without the inputs
    """

    best: str
    rival: str
    lead: Estimate
    belief: Posterior
    in_probabilities: Posterior | None = None
    is_guessing: bool = False

    @property
    def answer(self) -> str:
        """Does the bend beat the line? "pays", "unclear", "probably enough" (is the line), "enough", or "guessing".

        The bend has to prove that it is ahead by more than a negligible amount; a line is enough where that is
        unlikely, and probably enough where the odds are against it. Accuracy only counts rows, so that on few rows
        chance leaves the odds with the bend: there its probabilities have to be better too. Where nothing beats
        guessing there is no line to be enough.
        """
        if self.is_guessing:
            return "guessing"
        if self.belief.better >= SURE:
            return "pays"
        if self.belief.better <= 1 - SURE:
            return "enough"
        return "probably enough" if self.belief.better < 0.5 or self.leads_by_accuracy_alone else "unclear"

    @property
    def leads_by_accuracy_alone(self) -> bool:
        """Whether the rows predicted right leave the odds with the bend, and its probabilities are against it."""
        told = self.in_probabilities
        return told is not None and self.belief.better >= 0.5 and told.above(NEGLIGIBLE_BRIER) < 0.5

    @property
    def needed(self) -> bool:
        """Whether a bent network surely beats the best straight model by more than a negligible amount."""
        return self.answer == "pays"


_STRAIGHT = {
    "enough": "A linear model is enough",
    "probably enough": "A linear model is probably enough",
    "unclear": "There is no clear sign that non-linearity pays",
}


def guessing_sentences(name: str, score: Estimate, task: str) -> str:
    """What to say where no model is surely better than guessing."""
    measure, chance = ("R²", "0") if task == "regression" else ("ROC AUC", "0.5")
    return (
        f"No model surely does better on this table than guessing without the inputs: the best {measure} on rows held "
        f"out, that of {named(name)}, is {figure(score.mean)} (95 % interval {figure(score.low)} to "
        f"{figure(score.high)}), and guessing has {chance}. Take none of them yet: other inputs or more rows come "
        "first."
    )


def linear_gap_sentence(gap: LinearGap, best: Estimate, rival: Estimate, task: str) -> str:
    """What non-linearity buys on this table."""
    metric = METRIC[task]
    if gap.needed:
        return (
            f"Non-linearity pays on this table: {named(gap.best)} reaches {figure(best.mean)} {metric} on rows held "
            f"out, the best straight model, {named(gap.rival)}, {figure(rival.mean)}. Each chosen on the other folds, "
            f"the bend leads by {signed(gap.lead, metric)}."
        )
    return (
        f"{_STRAIGHT[gap.answer]}: the best bent network stands at {signed(gap.lead, metric)} against the best "
        f"straight model, each chosen on the other folds, and is ahead by more than {NEGLIGIBLE} with probability "
        f"{probability(gap.belief.better)}{_in_probabilities(gap)}."
    )


def _in_probabilities(gap: LinearGap) -> str:
    """What speaks against the bend where it predicts more rows right."""
    if gap.in_probabilities is None or not gap.leads_by_accuracy_alone:
        return ""
    return (
        f", but in the Brier score of its probabilities by more than {NEGLIGIBLE_BRIER} only with probability "
        f"{probability(gap.in_probabilities.above(NEGLIGIBLE_BRIER))}"
    )


def probability(p: float) -> str:
    """A probability with two digits; never a 0 or 1 that it is not.

    Examples
    --------
    >>> probability(0.042), probability(0.9999)
    ('0.04', 'above 0.99')
    """
    return "below 0.01" if p < 0.01 else "above 0.99" if p > 0.99 else f"{p:.2f}"


def named(model: str) -> str:
    """A model in a sentence.

    Examples
    --------
    >>> named("least squares"), named("relu"), named("identity")
    ('least squares', 'the network with relu', 'the network with the identity')
    """
    if model in LINEAR:
        return model
    return f"the network with {'the ' * (model == 'identity')}{model}"


def signed(e: Estimate, metric: str) -> str:
    """A difference of scores with its interval, in words."""
    return f"{figure(e.mean, '+')} {metric} (95 % interval {figure(e.low, '+')} to {figure(e.high, '+')})"


def activation_sentence(gap: LinearGap, equals: list[str], peers: list[str], cheapest: str, rivals: int) -> str:
    """Which activation to take: of those that cannot be told from the best, ``peers`` are probably as good."""
    if not gap.needed:
        return _stay_linear(gap, equals, rivals)
    if rivals == 1:
        return f"Take {gap.best}; no other activation was compared."
    if len(equals) == 1:
        return (
            f"Take {gap.best}: it is ahead of each other activation by more than {NEGLIGIBLE}, with probability {SURE} "
            "or more."
        )
    which = "Which bend matters little here" if len(peers) == rivals else "No activation is ahead of all others"
    told = f"{which}: {_count(equals, rivals)} cannot be told from the best ({_listed(equals)})"
    if peers == equals:
        return f"{told}, so take the cheapest of these, {cheapest}."
    if len(peers) == 1:
        return f"{told}, but no other is probably as good, so take {cheapest}."
    return f"{told}. Of those that are probably as good ({_listed(peers)}) take the cheapest, {cheapest}."


def effort(activation: Activation) -> tuple[int, int]:
    """How much work a formula is: its curved functions, such as exp or tanh, and then all its operations.

    It is counted and not timed, so that the verdict is the same on every machine.

    Examples
    --------
    >>> from nonlin.catalogue import get
    >>> [effort(get(name)) for name in ("relu", "tanh", "mish")]
    [(0, 1), (1, 1), (2, 3)]
    """
    parts = sp.preorder_traversal(activation.expression)
    curved = [f for f in parts if isinstance(f, sp.Function) and not isinstance(f, (sp.Piecewise, sign, absolute))]
    return len(curved), int(activation.expression.count_ops())


def _stay_linear(gap: LinearGap, equals: list[str], rivals: int) -> str:
    model = "a linear model" if gap.rival == "identity" else gap.rival
    if rivals == 1:
        return f"Take {model}."
    return f"Take {model}; among the activations {_count(equals, rivals)} cannot be told from the best."


def _count(equals: list[str], rivals: int) -> str:
    if len(equals) == rivals:
        return "both" if rivals == 2 else f"all {rivals}"
    return f"{len(equals)} of {rivals}"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
