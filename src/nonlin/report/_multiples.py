"""What every model of the study predicts, side by side on one plane and one scale."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from nonlin import plots
from nonlin.lab import Study
from nonlin.report._charts import small_canvas
from nonlin.report._numbers import surface_numbers
from nonlin.report._pictures import Picture, picture, place, title
from nonlin.report._show import Show, on_plane
from nonlin.report._tables import number

SIZE, BOX = (2.6, 2.1), (0.01, 0.01, 0.98, 0.98)  # inches; the plane fills the picture
GRID = 80  # points along each side
POINT = 0.5  # of the area that a point has in a large picture


class Multiple(NamedTuple):
    """One of many small pictures: its heading, its held-out score in words, the picture."""

    model: str
    score: str
    picture: Picture


def surfaces(study: Study, show: Show) -> list[Multiple]:
    """A small surface for each model that was trained, best first."""
    names = [str(name) for name in study.leaderboard["model"] if name in show.models]
    return [
        Multiple(name, f"{number(study.score(name).mean)} {study.metric}", _surface(study, show, name))
        for name in names
    ]


def _surface(study: Study, show: Show, name: str) -> Picture:
    fig, ax = small_canvas(SIZE, BOX)
    model, X = on_plane(study, show, name)
    y: Any = show.y[show.drawn]
    if study.table.task == "regression":
        y = pd.Series(y, name=study.table.target)
    plots.decision_surface(model, X, y, ax, resolution=GRID)
    behind = surface_numbers(model, X, ax)
    _bare(ax)
    alt = f"{place(study, show)}, and what {title(name)} predicts there, {number(study.score(name).mean)} held out."
    return picture(fig, alt, numbers=behind)


def _bare(ax: Axes) -> None:
    """Leave the plane and its points: what the axes, colours and markers mean is said once, in the story."""
    if (legend := ax.get_legend()) is not None:
        legend.remove()
    for scale in list(ax.child_axes):
        scale.remove()
    ax.set(xlabel="", ylabel="", xticks=[], yticks=[], position=BOX, axes_locator=None)
    ax.spines[:].set_visible(False)
    for cloud in ax.collections:
        if isinstance(cloud, PathCollection):
            cloud.set_sizes(POINT * cloud.get_sizes())
