"""What the numbers say, in two sentences."""

from __future__ import annotations

from dataclasses import dataclass

from nonlin.lab.statistics import Estimate

NEGLIGIBLE = 0.01
"""A difference in accuracy or R² that nobody should care about."""


def matters(difference: Estimate) -> bool:
    """Whether a difference is above 0 by more than chance, and more than negligible."""
    return difference.low > 0 and difference.mean > NEGLIGIBLE


METRIC = {"classification": "accuracy", "regression": "R²"}


@dataclass(frozen=True)
class LinearGap:
    """What non-linearity buys: the best bent network minus the identity network, over the same folds.

    Attributes
    ----------
    best : the activation of the best bent network
    gain : its held-out score minus the identity's
    rival : the best of all models that draw a straight boundary
    lead : the best bent network's held-out score minus the rival's
    """

    best: str
    gain: Estimate
    rival: str
    lead: Estimate

    @property
    def needed(self) -> bool:
        """Whether the bend beats the best straight model, by more than chance and more than a negligible amount."""
        return matters(self.lead)


def linear_gap_sentence(gap: LinearGap, best: Estimate, identity: Estimate, task: str) -> str:
    """What non-linearity buys on this table."""
    metric = METRIC[task]
    if gap.needed:
        return (
            f"Non-linearity pays on this table: the network with {gap.best} reaches {best.mean:.3f} {metric} on rows "
            f"held out, the same network with the identity {identity.mean:.3f}, a gain of {_signed(gap.gain, metric)}."
        )
    rival = "the identity network" if gap.rival == "identity" else gap.rival
    found = f"the best bent network, with {gap.best}, stands at {_signed(gap.lead, metric)} against {rival}"
    if gap.lead.high < NEGLIGIBLE:
        return f"A linear model is enough: {found}."
    return (
        f"There is no clear sign that non-linearity pays: {found}, the best straight model, and the interval holds "
        "differences too small to matter."
    )


def _signed(e: Estimate, metric: str) -> str:
    return f"{e.mean:+.3f} {metric} (95 % interval {e.low:+.3f} to {e.high:+.3f})"


def activation_sentence(gap: LinearGap, equals: list[str], cheapest: str, rivals: int) -> str:
    """Which activation to take."""
    if not gap.needed:
        return _stay_linear(gap, equals, rivals)
    if rivals == 1:
        return f"Take {gap.best}; no other activation was compared."
    if len(equals) == 1:
        return f"Take {gap.best}: every other activation is behind it, by more than chance and by over {NEGLIGIBLE}."
    return (
        f"Which bend matters little here: {_count(equals, rivals)} cannot be told from the best ({_listed(equals)}), "
        f"so take the cheapest of these, {cheapest}."
    )


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
