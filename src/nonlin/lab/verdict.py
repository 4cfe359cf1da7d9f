"""What the numbers say, in two sentences."""

from __future__ import annotations

from dataclasses import dataclass

from nonlin.lab.statistics import Estimate

NEGLIGIBLE = 0.01
"""A difference in accuracy or R² that nobody should care about."""

METRIC = {"classification": "accuracy", "regression": "R²"}


@dataclass(frozen=True)
class LinearGap:
    """What non-linearity buys: the best bent network minus the identity network, over the same folds.

    Attributes
    ----------
    best : the activation of the best bent network
    gain : its held-out score minus the identity's
    """

    best: str
    gain: Estimate

    @property
    def needed(self) -> bool:
        """Whether the whole interval lies above a negligible gain."""
        return self.gain.low > 0 and self.gain.mean > NEGLIGIBLE


def linear_gap_sentence(gap: LinearGap, best: Estimate, identity: Estimate, task: str) -> str:
    """What non-linearity buys on this table."""
    metric = METRIC[task]
    numbers = f"{gap.gain.mean:+.3f} {metric} (95 % interval {gap.gain.low:+.3f} to {gap.gain.high:+.3f})"
    if gap.needed:
        return (
            f"Non-linearity pays on this table: the network with {gap.best} reaches {best.mean:.3f} {metric} on rows "
            f"held out, the same network with the identity {identity.mean:.3f}, a gain of {numbers}."
        )
    if gap.gain.high < NEGLIGIBLE:
        return f"A linear model is enough: the best bent network, with {gap.best}, gains {numbers} over the identity."
    return (
        f"There is no clear sign that non-linearity pays: the best bent network, with {gap.best}, gains {numbers} over "
        "the identity, and the interval holds differences too small to matter."
    )


def activation_sentence(gap: LinearGap, equals: list[str], cheapest: str, rivals: int) -> str:
    """Which activation to take."""
    if not gap.needed and rivals == 1:
        return "Take the linear model."
    if not gap.needed:
        return f"Take the linear model; among the activations {_count(equals, rivals)} cannot be told from the best."
    if rivals == 1:
        return f"Take {gap.best}; no other activation was compared."
    if len(equals) == 1:
        return f"Take {gap.best}: every other activation is behind it, by more than chance and by over {NEGLIGIBLE}."
    return (
        f"Which bend matters little here: {_count(equals, rivals)} cannot be told from the best ({_listed(equals)}), "
        f"so take the cheapest of these, {cheapest}."
    )


def _count(equals: list[str], rivals: int) -> str:
    if len(equals) == rivals:
        return "both" if rivals == 2 else f"all {rivals}"
    return f"{len(equals)} of {rivals}"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
