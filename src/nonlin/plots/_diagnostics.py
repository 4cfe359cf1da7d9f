"""What happens inside the networks of a study: one measure at a time, over training or at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import (
    AutoLocator,
    FixedLocator,
    FuncFormatter,
    LogLocator,
    NullFormatter,
    NullLocator,
    PercentFormatter,
)

from nonlin.errors import InputError, bad_value
from nonlin.plots import _style

if TYPE_CHECKING:
    import pandas as pd

DASHES = (0, (4, 2))
EPOCHS = (0, 1, 3, 10, 30, 100, 300, 1000)


@dataclass(frozen=True)
class Measure:
    """A measure of a network: its column in the study's diagnostics, and how a picture shows it.

    Attributes
    ----------
    key : the column
    title : what people call it
    label : of the axis, with the unit
    over_training : whether it is known for each layer over the epochs, or once for the whole network
    scale : "share", "linear" or "log"
    beside : the column that is drawn beside it, if any, and what this is called
    """

    key: str
    title: str
    label: str
    over_training: bool
    scale: str = "linear"
    beside: tuple[str, str] | None = None


MEASURES = {
    measure.key: measure
    for measure in (
        Measure("dead", "dead units", "units that no row can train", True, "share"),
        Measure("saturated", "saturated units", "unit-row pairs with a slope near 0", True, "share"),
        Measure("z_mean", "mean of the net inputs", "mean of z over units and rows", True),
        Measure("z_variance", "variance of the net inputs", "variance of z over units and rows", True, "log"),
        Measure("gradient_norm", "gradient of the layer", "length of the loss's gradient", True, "log"),
        Measure(
            "chi1", "growth of gradients χ₁", "χ₁ of the layer", True, "log", ("chi1_predicted", "mean-field theory")
        ),
        Measure("effective_rank", "effective rank of the signals", "independent directions", True),
        Measure("regions", "linear regions between two rows", "regions crossed, mean of 100 segments", False),
        Measure("boundary_length", "length of the boundary", "length in standard deviations of the inputs", False),
        Measure("boundary_curvature", "total curvature of the boundary", "angles turned, in radians", False),
        Measure(
            "lipschitz", "slope of the network", "net input per standard deviation of the inputs", False, "log",
            ("lipschitz_bound", "no slope exceeds"),
        ),
        Measure("score_gap", "gap of the scores", "training score minus held-out score", False),
    )
}  # fmt: skip
"""All measures, by key."""


def diagnostics(study: Any, what: str, ax: Axes | None = None, *, layer: int = 1) -> Axes:
    """Draw one measure of the networks of a study, each by its activation.

    What is known over training is drawn against the epoch, with a large marker at the weights that were kept; what is
    known of the network as a whole is drawn in order.

    Parameters
    ----------
    study : Study
    what : str
        A key of ``nonlin.plot.MEASURES``, which is a column of ``study.diagnostics``.
    ax : Axes, optional
        Where to draw; without it a new pyplot figure.
    layer : int, default 1
        The hidden layer, where the measure is of a layer.

    Returns
    -------
    Axes

    Raises
    ------
    nonlin.errors.InputError
        If there is no such measure or layer, or if the study has no diagnoses.

    Examples
    --------
    >>> import nonlin as nl
    >>> from matplotlib.figure import Figure
    >>> result = nl.study("xor", activations=["tanh"], budget="quick", hidden=10)
    >>> nl.plot.diagnostics(result, "chi1", Figure().add_subplot()).get_ylabel()
    'χ₁ of the layer'
    """
    if what not in MEASURES:
        raise bad_value("what", f"one of {', '.join(MEASURES)}", what)
    if not study.diagnoses:
        raise InputError("the study has no diagnoses to draw; run it again with nonlin.study")
    measure, names = MEASURES[what], list(dict.fromkeys(study.diagnostics["model"]))
    ax = _style.axes(ax, (5.6, 3.6))
    if measure.over_training:
        _draw_training(ax, measure, _of_layer(study.training_diagnostics, layer), names)
    else:
        _draw_ends(ax, measure, _of_layer(study.diagnostics, 1), names)
    return _style.settle(ax)


def _of_layer(frame: pd.DataFrame, layer: int) -> pd.DataFrame:
    layers = int(frame["layer"].max())
    if layer not in range(1, layers + 1):
        raise bad_value("layer", f"the number of a hidden layer, from 1 to {layers}", layer)
    return frame[frame["layer"] == layer]


def _look(name: str, names: list[str]) -> dict[str, Any]:
    """The colour and the marker of a network, the same in every picture; the straight network is in ink."""
    k = [n for n in names if n != "identity"].index(name) if name != "identity" else 0
    straight = {"color": _style.INK, "marker": "|"}
    return straight if name == "identity" else {"color": _style.colour(k), "marker": _style.marker(k)}


def _draw_training(ax: Axes, measure: Measure, frame: pd.DataFrame, names: list[str]) -> None:
    kept = frame[frame["kept"]].set_index("model")
    for name in kept.index:
        look, path = _look(name, names), frame[frame["model"] == name]
        ax.plot(path["epoch"], path[measure.key], lw=_style.THIN, ms=3, **look)
        ax.plot(kept.loc[[name], "epoch"], kept.loc[[name], measure.key], ls="none", ms=8, mec=_style.INK, **look)
        if measure.beside:
            ax.plot(path["epoch"], path[measure.beside[0]], lw=_style.HAIR, ls=DASHES, color=look["color"])
    _epoch_axis(ax, int(frame["epoch"].max()))
    _value_axis(ax.yaxis, measure)
    order = kept[measure.key].sort_values(ascending=False, kind="stable").index
    _style.outside_legend(ax, [*(_entry(name, names) for name in order), *_kinds(measure)])


def _epoch_axis(ax: Axes, last: int) -> None:
    """Epochs on a logarithmic scale that begins with the initial weights at 0."""
    ax.set_xscale("symlog", linthresh=1, linscale=0.4)
    ax.set_xlim(-0.15, max(1, last) * 1.25)
    ax.xaxis.set_major_locator(FixedLocator([e for e in EPOCHS if e <= last]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda epoch, _: f"{epoch:g}"))
    ax.set_xlabel("epoch (0: initial weights)")


def _value_axis(axis: Any, measure: Measure) -> None:
    axis.set_label_text(measure.label)
    if measure.scale == "share":
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol="\u00a0%"))
        top = max(axis.get_view_interval()[1], 0.1)
        axis.axes.set_ylim(-0.04 * top, top)  # a share ends at 0, but for the markers that lie there
    elif measure.scale == "log":
        axis._set_axes_scale("log")
        low, high = axis.get_view_interval()
        subs = (1.0, 2.0, 5.0) if high < 200 * low else (1.0,)
        axis.set_major_locator(AutoLocator() if high < 5 * low else LogLocator(subs=subs))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())


def _entry(name: str, names: list[str]) -> Artist:
    return Line2D([], [], lw=_style.THIN, ms=5, label=_style.plain(name, 24), **_look(name, names))


def _kinds(measure: Measure) -> list[Artist]:
    ring = Line2D([], [], ls="none", marker="o", ms=8, color="none", mec=_style.INK, label="weights kept")
    if measure.beside is None:
        return [ring]
    return [ring, Line2D([], [], lw=_style.THIN, ls=DASHES, color=_style.INK, label=measure.beside[1])]


def _draw_ends(ax: Axes, measure: Measure, frame: pd.DataFrame, names: list[str]) -> None:
    ranked = frame.sort_values(measure.key, kind="stable", na_position="first").reset_index(drop=True)
    _value_axis_of(ax, measure, ranked)
    for row, record in enumerate(ranked.to_dict("records")):
        look = _look(record["model"], names)
        if np.isnan(record[measure.key]):
            ax.annotate("none", (0, row), (4, 0), ax.get_yaxis_transform(), textcoords="offset points",
                        va="center", fontsize=_style.SMALL, color=_style.INK)  # fmt: skip
            continue
        ax.plot(record[measure.key], row, ls="none", ms=7, **look)
        if measure.beside:
            end = record[measure.beside[0]]
            ax.plot([record[measure.key], end], [row, row], lw=_style.HAIR, color=look["color"])
            ax.plot(end, row, marker=9, ms=6, color=look["color"])
    ax.set_yticks(range(len(ranked)), [_style.plain(name, 24) for name in ranked["model"]])
    ax.set_ylim(-0.6, len(ranked) - 0.4)


def _value_axis_of(ax: Axes, measure: Measure, frame: pd.DataFrame) -> None:
    """The axis of values below, from 0 where that is in reach."""
    columns = [measure.key, *([measure.beside[0]] if measure.beside else [])]
    values = frame[columns].to_numpy(dtype=float)
    finite = values[np.isfinite(values)]
    if finite.size and measure.scale == "log":
        ax.set_xlim(finite.min() / 1.3, finite.max() * 1.3)
    elif finite.size:
        low, high = min(0.0, finite.min()), max(0.0, finite.max())
        ax.set_xlim(low - 0.05 * (high - low or 1), high + 0.05 * (high - low or 1))
    ax.grid(axis="x", lw=_style.HAIR, alpha=_style.FAINT, color=_style.INK)
    _value_axis(ax.xaxis, measure)
    if measure.beside:
        ends: list[tuple[Any, str]] = [("o", "steepest at a row"), (9, measure.beside[1])]
        dots: list[Artist] = [Line2D([], [], ls="none", marker=m, color=_style.INK, label=text) for m, text in ends]
        _style.outside_legend(ax, dots)
