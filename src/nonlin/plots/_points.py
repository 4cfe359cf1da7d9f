"""The rows of a table as points: a colour and a marker for each class, outlined, with their legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from nonlin.data._plane import Floats
from nonlin.plots import _style

NAMED = 12  # classes that a legend names where there are more: it stays within the height of a small picture


@dataclass(frozen=True)
class Points:
    """Rows to draw: their places on the line or plane, and their true targets."""

    places: Floats  # (n, 1 or 2)
    y: NDArray[Any]  # (n,)
    held_out: bool = False


def draw_classes(
    ax: Axes, clouds: Sequence[Points], classes: NDArray[Any], heights: Floats | None = None
) -> list[Artist]:
    """Scatter the points by class and return the legend entries; on a line, each class has its own height."""
    names = _all_names(clouds, classes)
    for cloud in clouds:
        look = _look(ax, clouds, cloud)
        for k, name in enumerate(names):
            here = cloud.places[cloud.y == name]
            up = here[:, 1] if heights is None else np.full(len(here), heights[min(k, len(heights) - 1)])
            ax.scatter(here[:, 0], up, color=_style.colour(k), marker=_style.marker(k), **look)
    return _class_entries(names) + _held_out_entry(clouds)


def draw_numbers(ax: Axes, clouds: Sequence[Points], norm: Normalize) -> None:
    """Scatter the points by the value of their target."""
    for cloud in clouds:
        look = _look(ax, clouds, cloud)
        x, y = cloud.places.T
        ax.scatter(x, y, c=cloud.y.astype(float), cmap=_style.COLOUR_MAP, norm=norm, **look)


def draw_heights(ax: Axes, clouds: Sequence[Points]) -> list[Artist]:
    """Scatter target against place, and return the legend entries."""
    for cloud in clouds:
        ax.scatter(cloud.places[:, 0], cloud.y.astype(float), color=_style.colour(1), **_look(ax, clouds, cloud))
    return _held_out_entry(clouds)


def _all_names(clouds: Sequence[Points], classes: NDArray[Any]) -> list[Any]:
    """List the model's classes, then labels that it has never seen."""
    seen = {name for cloud in clouds for name in cloud.y.tolist()}
    return [*classes.tolist(), *sorted(seen - set(classes.tolist()), key=str)]


def _look(ax: Axes, clouds: Sequence[Points], cloud: Points) -> dict[str, Any]:
    """Choose size, outline and opacity: small where many or in a small picture, pale beside held-out rows."""
    n = max(len(c.y) for c in clouds)
    size = float(np.clip(350 / np.sqrt(n), 5, 38) * np.clip(min(_style.inches(ax)) / 3.0, 0.45, 1.0))
    if cloud.held_out:
        return {"s": 1.3 * size, "edgecolors": _style.INK, "linewidths": 0.7, "zorder": 4}
    pale = {"s": 0.8 * size, "alpha": 0.5} if len(clouds) > 1 else {"s": size}
    return {
        "edgecolors": _style.PAPER,
        "linewidths": min(0.5, 0.1 * float(np.sqrt(size))),
        "zorder": 3,
        **pale,
    }


def _class_entries(names: Sequence[object]) -> list[Artist]:
    """An entry for each class; of many, for the first and for how many more there are."""
    entries = [_entry(k, name) for k, name in enumerate(names)]
    if len(entries) <= NAMED + 1:
        return entries
    return [*entries[:NAMED], Line2D([], [], ls="", label=f"and {len(entries) - NAMED} more")]


def _entry(k: int, name: object) -> Artist:
    mark = {"marker": _style.marker(k), "color": _style.colour(k), "mec": _style.PAPER, "mew": 0.5, "ms": 7}
    return Line2D([], [], ls="", label=_style.plain(name, 22), **mark)  # type: ignore[arg-type]


def _held_out_entry(clouds: Sequence[Points]) -> list[Artist]:
    if len(clouds) < 2:
        return []
    return [Line2D([], [], ls="", marker="o", ms=7, mfc="none", mec=_style.INK, mew=0.8, label="held out")]
