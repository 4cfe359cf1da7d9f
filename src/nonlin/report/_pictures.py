"""The pictures of the story: each one an SVG in a data address, words for those who cannot see it, a caption."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nonlin import plots
from nonlin.lab import Study
from nonlin.plots import _style
from nonlin.report._compact import data_address
from nonlin.report._numbers import Numbers, numbers, surface_numbers
from nonlin.report._show import Show, core, numeric_columns, on_plane, shows_columns

Array = np.ndarray[Any, Any]
SIZE = (3.9, 3.1)  # inches: type of 9 points stays readable on a phone
GRID = 120  # points along each side of a surface
ROW = 0.42  # inches: the height of a row of an architecture


@dataclass(frozen=True)
class Picture:
    """An image for the page.

    Attributes
    ----------
    src : a data address
    alt : what it shows on this table
    caption : what to look at; may be empty
    width : its own width in CSS pixels
    numbers : the data behind it; None where the words hold it all
    """

    src: str
    alt: str
    caption: str
    width: int
    numbers: Numbers | None = None


def picture(fig: Figure, alt: str, caption: str = "", numbers: Numbers | None = None) -> Picture:
    """Keep a figure as an image in a data address."""
    return Picture(data_address(_style.to_svg(fig)), alt, caption, round(96 * fig.get_figwidth()), numbers)


def canvas(size: tuple[float, float] = SIZE) -> tuple[Figure, Axes]:
    """A figure with one Axes in the house style."""
    fig = Figure(figsize=size, layout="constrained")
    return fig, _style.dress(fig.add_subplot())


def surface(study: Study, show: Show, name: str, shape: str, caption: str) -> Picture:
    """What a model says on the plane (or line) of the table; ``shape`` says in words what its boundary is like."""
    fig, ax = canvas()
    model, X = on_plane(study, show, name)
    y: Any = show.y[show.drawn]
    if study.table.task == "regression":
        y = pd.Series(y, name=study.table.target)
    plots.decision_surface(model, X, y, ax, resolution=GRID)
    what = "the classes" if study.table.task == "classification" else study.table.target
    alt = (
        f"{place(study, show)} with {len(X):,} rows of {study.table.name} as points, and what {title(name)} predicts "
        f"of {what} behind them; {shape}."
    )
    return picture(fig, alt, caption, surface_numbers(model, X, ax))


def place(study: Study, show: Show) -> str:
    """What surfaces are drawn on."""
    columns = numeric_columns(study.table)
    if not shows_columns(study.table):
        return f"The plane of the two main components of the {len(show.names)} inputs"
    if len(columns) > 2:
        return f"The plane of the two main components of {len(columns)} columns"
    return f"The plane of {columns[0]} and {columns[1]}" if len(columns) == 2 else f"The line of {columns[0]}"


def title(name: str) -> str:
    """A candidate in running text."""
    return name if name in ("least squares", "logistic regression") else f"the network with {name}"


def architecture(study: Study, show: Show, name: str, caption: str) -> Picture:
    """The units and the weights of a network; drawn twice, since only the first says how large it is."""
    first = _architecture(show, name, 8.0, 4.0)
    width, height = np.ptp(first.axes[0].get_xlim()), np.ptp(first.axes[0].get_ylim())
    fig = _architecture(show, name, float(ROW * width), float(ROW * height))
    layers = " and ".join(str(n) for n in study.plan.hidden)
    few = len(show.names) <= 6
    inputs = f"The inputs {', '.join(show.names)}" if few else f"{len(show.names)} inputs, the first {show.names[0]},"
    alt = f"{inputs} and a bias, {layers} hidden units with {name}, and {_outputs(study)}, joined by weighted lines."
    return picture(fig, alt, caption, _weights(core(show.models[name])))


def _weights(model: Any) -> Numbers:
    """The weights of each layer, in a row: there are too many to list."""
    layers = model.coefs_
    ends = ["inputs", *(f"hidden layer {i}" for i in range(1, len(layers))), "output"]
    return numbers(
        "The weights of each layer, without its biases.",
        {
            "layer": [f"{a} to {b}" for a, b in pairwise(ends)],
            "weights": [f"{W.size:,}" for W in layers],
            "smallest": [W.min() for W in layers],
            "largest": [W.max() for W in layers],
            "mean size": [np.abs(W).mean() for W in layers],
        },
    )


def _architecture(show: Show, name: str, width: float, height: float) -> Figure:
    fig = Figure(figsize=(width, height))
    ax = fig.add_axes((0, 0, 1, 1))
    plots.architecture(core(show.models[name]), ax, feature_names=show.names, max_units=6)
    return fig


def _outputs(study: Study) -> str:
    if study.table.task == "regression":
        return f"one output, which predicts {study.table.target}"
    many = len(study.table.classes)
    return "one output with a sigmoid and a unit step" if many == 2 else f"{many} outputs with a softmax"
