"""What each diagnostic means for the table that was studied: one sentence a measure, from the figures."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from nonlin.lab.figures import figure, scientific
from nonlin.lab.result import Study

if TYPE_CHECKING:
    import pandas as pd

NOTABLE = 0.01  # of the units, or of a score
_LOOSE = 2.0  # times: a bound beyond that says little


def meaning(study: Study, key: str) -> str:
    r"""One sentence on what a measure of ``nonlin.plot.MEASURES`` says about the networks of a study.

    Examples
    --------
    >>> import nonlin as nl
    >>> result = nl.study("xor", activations=["tanh"], budget="quick", hidden=10)
    >>> meaning(result, "dead")
    'No network has dead units to speak of: rows can still train at least 99\xa0% of the units of each.'
    """
    return MEANINGS[key](study)


def _dead(study: Study) -> str:
    before, after = _first_and_kept(study, "dead")
    worst = str(after.idxmax())
    if after[worst] < NOTABLE:
        return "No network has dead units to speak of: rows can still train at least 99\u00a0% of the units of each."
    return (
        f"The network with {worst} starts with {_share(before[worst])} dead units and ends with "
        f"{_share(after[worst])}; {_consequence(study, worst)}."
    )


def _consequence(study: Study, name: str) -> str:
    if name in study.equals:
        return "no activation is clearly ahead of it, so what they cost cannot be told here"
    return f"it is behind {study.equals[0]}, and these units may be why"


def _saturated(study: Study) -> str:
    before, after = _first_and_kept(study, "saturated")
    most = str(after.idxmax())
    if after[most] < NOTABLE:
        return "Hardly any unit is saturated: the slopes that learning needs are there in every network."
    return (
        f"Most saturation is with {most}: at the start {_share(before[most])} of all pairs of a unit and a row have a "
        f"slope near 0, at the end {_share(after[most])}; such a row hardly moves the weights of such a unit."
    )


def _z_mean(study: Study) -> str:
    _, kept = _before_and_after(study)
    drifts = kept["z_mean"] / np.sqrt(kept["z_variance"])
    drift = drifts.groupby(kept["model"], sort=False).agg(lambda d: d.iloc[int(d.abs().argmax())])
    most = str(drift.abs().idxmax())
    if abs(drift[most]) < 0.5:
        return (
            "Net inputs stay centred: in every network their mean ends within half a standard deviation of 0, where "
            "activations bend."
        )
    side = "below" if drift[most] < 0 else "above"
    return (
        f"The net inputs of {most} drift furthest: their mean ends {abs(drift[most]):.2g} standard deviations {side} "
        "0, so that most units work on one side of their bend."
    )


def _z_variance(study: Study) -> str:
    before, after = _first_and_kept(study, "z_variance")
    growth = after / before
    most, least = str(growth.idxmax()), str(growth.idxmin())
    if growth[most] < 1:
        return f"Training narrows the net inputs of every network, most with {least}: small weights are enough here."
    return (
        f"Training widens the net inputs most with {most}, from a variance of {_number(before[most])} to "
        f"{_number(after[most])}: its units reach further out on their curve; with {least} it goes from "
        f"{_number(before[least])} to {_number(after[least])}."
    )


def _gradient_norm(study: Study) -> str:
    before, after = _first_and_kept(study, "gradient_norm")
    falls, apart = f"{int((after < before).sum())} of {len(before)}", _longest_and_shortest(before)
    return f"Training shortens the gradient in {falls} networks, as it should near a minimum; {apart}."


def _longest_and_shortest(gradients: pd.Series[float]) -> str:
    """How far apart the gradients at the start are."""
    low, high = str(gradients.idxmin()), str(gradients.idxmax())
    if not gradients[low] > 0:
        return f"at the start {low} has no gradient at all, so that its hidden units cannot begin to learn"
    ratio = gradients[high] / gradients[low]
    if ratio < 10:
        return (
            f"the longest gradient at the start, that of {high}, is only {ratio:.2g} times the shortest, that of {low}"
        )
    return f"at the start that of {low} is {_number(ratio)} times shorter than that of {high}, so {low} starts slowly"


def _chi1(study: Study) -> str:
    before, _ = _first_and_kept(study, "chi1")
    low, high = str(before.idxmin()), str(before.idxmax())
    early, late = (_theory_error(part) for part in _before_and_after(study))
    fit = ", where the weights have come to fit the net inputs" if late > 2 * early else ""
    return (
        f"A gradient starts out multiplied by {_root(before[low])} ({low}) to {_root(before[high])} ({high}) on its "
        f"way back through a layer, the root of χ₁; mean-field theory is within {_share(early)} of the χ₁ measured at "
        f"the start, and within {_share(late)} after training{fit}."
    )


def _theory_error(frame: pd.DataFrame) -> float:
    return float((frame["chi1_predicted"] / frame["chi1"] - 1).abs().max())


def _root(x: float) -> str:
    return f"{math.sqrt(x):.2g}"


def _effective_rank(study: Study) -> str:
    _, after = _first_and_kept(study, "effective_rank")
    low, high = str(after.idxmin()), str(after.idxmax())
    best = study.bent[0].name
    return (
        f"On these rows the {study.plan.hidden[-1]} units of a layer take {_number(after[low])} ({low}) to "
        f"{_number(after[high])} ({high}) independent directions; the best activation, {best}, takes "
        f"{_number(after[best])}."
    )


def _regions(study: Study) -> str:
    found = _whole(study, "regions").drop("identity", errors="ignore").dropna()
    if found.empty:
        return "All activations here bend smoothly, so that no network has linear regions to count."
    most = str(found.idxmax())
    smooth = len(study.bent) - len(found)
    rest = "; activations that bend smoothly have no regions to count" if smooth > 0 else ""
    return (
        f"On the straight way from one row to another the network with {most} changes its slope {found[most] - 1:.0f} "
        f"times, on average; the identity never does{rest}."
    )


def _boundary_length(study: Study) -> str:
    length = _whole(study, "boundary_length").dropna()
    if length.empty:
        return "With a single input there is no plane on which a boundary has a length."
    longest, best = str(length.idxmax()), study.bent[0].name
    return (
        f"{_line(study)} the network with {longest} draws is the longest, {length[longest]:.3g}; the best, {best}, "
        f"needs {length[best]:.3g}{_beside_straight(length[best], length.get('identity', math.nan))}."
    )


def _beside_straight(length: float, straight: float) -> str:
    if not straight > 0:
        return ""
    ratio = length / straight
    times = "about the same as" if abs(ratio - 1) < 0.05 else f"{ratio:.2g} times"
    return f", {times} the identity's {straight:.3g}"


def _boundary_curvature(study: Study) -> str:
    turned = _whole(study, "boundary_curvature").dropna()
    if turned.empty:
        return "With a single input there is no plane on which a boundary can turn."
    most, best = str(turned.idxmax()), study.bent[0].name
    return (
        f"{_line(study)} the network with {most} draws turns most, in all by {_circles(turned[most])}; the best, "
        f"{best}, by {_circles(turned[best])}, and a straight line not at all."
    )


def _circles(angle: float) -> str:
    return f"{angle / (2 * math.pi):.2g} of a full circle"


def _line(study: Study) -> str:
    return "The boundary that" if study.table.task == "classification" else "The line of mean prediction that"


def _lipschitz(study: Study) -> str:
    slope, bound = _whole(study, "lipschitz"), _whole(study, "lipschitz_bound")
    steepest = str(slope.idxmax())
    return (
        f"The network with {steepest} is the steepest: at one row its net input moves by {_number(slope[steepest])} "
        f"for a standard deviation of the inputs; {_bounds(slope, bound)}."
    )


def _bounds(slope: pd.Series[float], bound: pd.Series[float]) -> str:
    """What the bounds are worth, beside the slopes at the rows."""
    ratio = (bound / slope)[np.isfinite(bound) & (slope > 0)]
    endless = [str(name) for name in bound.index[~np.isfinite(bound)]]
    flat = [str(name) for name in slope.index[slope <= 0]]
    parts = [
        *([f"the bounds are {_worth(float(ratio.max()))}"] if len(ratio) else []),
        *([f"there are none for {', '.join(endless)}, whose slope has no end"] if endless else []),
        *([f"no row moves the net input of {', '.join(flat)} at all"] if flat else []),
    ]
    return ", and ".join(parts)


def _worth(loosest: float) -> str:
    return f"{'loose' if loosest > _LOOSE else 'tight'}, up to {_number(loosest)} times what the rows show"


def _score_gap(study: Study) -> str:
    gap = _whole(study, "score_gap")
    widest = str(gap.idxmax())
    if gap[widest] < NOTABLE:
        return "No network scores notably better on the rows that it was trained on: there is no sign of overfitting."
    straight = f"; with the identity the gap is {figure(gap['identity'])}" if "identity" in gap else ""
    return (
        f"The network with {widest} scores {figure(gap[widest])} {study.metric} more on the rows that it was trained "
        f"on than on rows held out, so it may be overfitting{straight}."
    )


def _before_and_after(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The layers of all networks before training, and with the weights that were kept."""
    frame = study.training_diagnostics
    return frame[(frame["epoch"] == 0) & ~frame["kept"]], frame[frame["kept"]]


def _first_and_kept(study: Study, key: str) -> tuple[pd.Series[float], pd.Series[float]]:
    """A measure of each network before training and with the weights kept, in the layer where it is largest."""
    before, after = (part.groupby("model", sort=False)[key].max() for part in _before_and_after(study))
    return before, after.reindex(before.index)


def _whole(study: Study, key: str) -> pd.Series[float]:
    return study.diagnostics.groupby("model", sort=False)[key].first()


def _number(value: float) -> str:
    return scientific(value) if value >= 1e6 else f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


def _share(value: float) -> str:
    percent = 100 * value
    return f"{percent:.0f}\u00a0%" if percent >= 1 or percent == 0 else f"{percent:.1f}\u00a0%"


MEANINGS: dict[str, Callable[[Study], str]] = {
    "dead": _dead,
    "saturated": _saturated,
    "z_mean": _z_mean,
    "z_variance": _z_variance,
    "gradient_norm": _gradient_norm,
    "chi1": _chi1,
    "effective_rank": _effective_rank,
    "regions": _regions,
    "boundary_length": _boundary_length,
    "boundary_curvature": _boundary_curvature,
    "lipschitz": _lipschitz,
    "score_gap": _score_gap,
}
"""The writer of each measure's sentence."""
