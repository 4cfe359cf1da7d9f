"""Who is better than whom: every pair of models, with probabilities."""

from __future__ import annotations

from nonlin import plots
from nonlin.lab import Study
from nonlin.lab.bayes import NEGLIGIBLE, SURE
from nonlin.lab.verdict import probability
from nonlin.report._numbers import numbers
from nonlin.report._pictures import Picture, canvas, picture, title

CELL, LABELS = 0.36, 1.5  # inches


def differences(study: Study) -> Picture:
    """How probably each model is better than each other."""
    frame = study.pairwise
    models = frame["model"].nunique()
    side = max(2.6, CELL * models)
    fig, ax = canvas((side + LABELS, side + LABELS))
    plots.pairwise(study, ax)
    alt = f"The probabilities, for every pair of {models} models, that one is better than the other. {reading(study)}"
    settled = f"Bold: at least {100 * SURE:g}\u00a0%."
    caption = f"{reading(study)} {settled} What two mirrored cells leave of 100 is “practically equal”."
    rank = {name: i for i, name in enumerate(frame["model"].unique())}
    once = frame[frame["model"].map(rank) < frame["other"].map(rank)]
    behind = numbers(
        f"Probabilities that the score of a model is higher than that of the other by more than {NEGLIGIBLE}, that the "
        "two are practically equal, that it is lower.",
        {name: once[name].tolist() for name in ("model", "other", "better", "equal", "worse")},
    )
    return picture(fig, alt, caption, behind)


def reading(study: Study) -> str:
    """The first pair in words, as an example of how to read the others."""
    first = study.pairwise.iloc[0]
    words = title(first["model"])
    return (
        f"{words[0].upper()}{words[1:]} is better than {title(first['other'])} with probability "
        f"{probability(first['better'])}, practically equal to it with {probability(first['equal'])}."
    )
