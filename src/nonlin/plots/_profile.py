"""What a model says along one feature: P(y = 1) or the prediction as a curve, with the points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from nonlin.data._plane import Floats
from nonlin.plots import _style
from nonlin.plots._points import Points, draw_classes, draw_heights
from nonlin.plots._scores import Scores


def draw_number_curve(ax: Axes, found: Floats, sides: Sequence[Floats], clouds: Sequence[Points], name: str) -> None:
    """Draw the prediction as a curve through the points (x, y)."""
    x = sides[0]
    entries = draw_heights(ax, clouds)
    (curve,) = ax.plot(x, found, color=_style.colour(0), lw=_style.LINE, zorder=5, label="prediction")
    ax.set_xlim(x[0], x[-1])
    ax.set_ylabel(name)
    _style.outside_legend(ax, [curve, *entries])


def draw_share_curves(
    ax: Axes, scores: Scores, sides: Sequence[Floats], clouds: Sequence[Points], classes: NDArray[Any]
) -> None:
    """Draw P(y = k) as a curve for each class (of two, for the second), and where the winner changes."""
    x, two = sides[0], len(classes) == 2
    heights = np.array([0.0, 1.0] if two else [-0.06 * (1 + k) for k in range(len(classes))])
    entries = draw_classes(ax, clouds, classes, heights)
    for k in [1] if two else range(len(classes)):
        ax.plot(x, scores.shares[:, k], color=_style.INK if two else _style.colour(k), lw=_style.LINE, zorder=2)
    changes = _changes(x, scores)
    for place in changes:
        ax.axvline(place, color=_style.INK, lw=_style.THIN, ls=(0, (4, 3)), zorder=1)
    if two:
        ax.axhline(0.5, color=_style.INK, lw=_style.HAIR, alpha=_style.FAINT, zorder=0)
    ax.set_xlim(x[0], x[-1])
    ax.set_yticks(np.linspace(0, 1, 5))
    ax.set_ylabel(_height_label(scores.meaning, classes))
    boundary: list[Artist] = [Line2D([], [], color=_style.INK, lw=_style.THIN, ls=(0, (4, 3)), label="boundary")]
    _style.outside_legend(ax, entries + (boundary if len(changes) else []))


def _changes(x: Floats, scores: Scores) -> Floats:
    """Find where another class takes the lead, between grid points by the lead of the one that loses it."""
    winner, leads = scores.shares.argmax(axis=1), scores.leads
    at = np.flatnonzero(winner[1:] != winner[:-1])
    before, after = leads[at, winner[at]], leads[at + 1, winner[at]]
    part = before / np.where(before == after, 1.0, before - after)
    return np.asarray(x[at] + part * (x[at + 1] - x[at]))


def _height_label(meaning: str, classes: NDArray[Any]) -> str:
    if meaning == "P":
        return f"P(y = {_style.plain(classes[1], 16)})" if len(classes) == 2 else "P(y = class)"
    return meaning
