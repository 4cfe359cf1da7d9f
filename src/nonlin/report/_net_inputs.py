"""Pictures of one net input: against its targets, squashed by the sigmoid, or passed through as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from scipy.special import expit

from nonlin.lab import Study
from nonlin.plots import _style
from nonlin.report._numbers import Numbers, numbers, some
from nonlin.report._pictures import Picture, canvas, picture
from nonlin.report._show import Show, lead, net_input, shows_columns
from nonlin.report._tables import extent, short

Array = np.ndarray[Any, Any]
BINS = 30
TRUE, PREDICTED = _style.COLOURS[0], _style.COLOURS[1]
GREY = "#8a8a8a"  # between the ink of light and of dark pages
DASHES = (0, (4, 3))


@dataclass(frozen=True)
class Side:
    """One of two groups of rows: a class, or all others."""

    rows: Array
    name: str
    tone: str


def two_sides(show: Show) -> tuple[Side, Side]:
    """The class in focus, and the other one or all others: its rows, its name, its colour as in the surfaces."""
    k, two = show.focus, len(show.classes) == 2
    mine = np.asarray(show.y == np.unique(show.y)[k])
    other = Side(~mine, show.classes[1 - k], _style.colour(1 - k)) if two else Side(~mine, "the others", GREY)
    return Side(mine, show.classes[k], _style.colour(k)), other


def net_inputs_by_class(study: Study, show: Show) -> Picture:
    """Net inputs of least squares as two heaps, back to back: the class in focus above, the others below."""
    z, (this, other) = net_input(study, show, "least squares"), two_sides(show)
    fig, ax = canvas()
    edges = np.histogram_bin_edges(z, BINS)
    for side, way in ((this, 1), (other, -1)):
        ax.stairs(way * np.histogram(z[side.rows], edges)[0], edges, fill=True, color=side.tone, alpha=0.75)
    top = np.abs(ax.get_ylim()).max() * 1.3
    ax.set_ylim(-top, top)
    _between(ax, z, -1.15, 1.15)
    for side, way in ((this, 1), (other, -1)):
        _target(ax, side, way, way * top)
    ax.axhline(0, color=_style.INK, lw=_style.HAIR)
    ax.yaxis.set_major_formatter(lambda rows, _: f"{abs(rows):g}")
    ax.set_xlabel("net input z")
    ax.set_ylabel("rows")
    alt = (
        f"Two histograms of the net input on {len(z):,} rows of {study.table.name}: {this.name} upwards, its middle at "
        f"{np.median(z[this.rows]):.2f}; {other.name} downwards, its middle at {np.median(z[other.rows]):.2f}. "
        "The targets are +1 and -1."
    )
    caption = f"Net inputs of least squares: {this.name} above the axis, {other.name} below it."
    return picture(fig, alt, caption, _counted(edges, z, this, other))


def _counted(edges: Array, z: Array, this: Side, other: Side) -> Numbers:
    """How many rows of each side lie in each bar."""
    mine, rest = (np.histogram(z[side.rows], edges)[0] for side in (this, other))
    return numbers("Rows by z.", {"from z": edges[:-1], "to z": edges[1:], this.name: mine, other.name: rest})


def _target(ax: Axes, side: Side, target: int, end: float) -> None:
    """Mark the target of one side, and write its name where there is more room."""
    ax.plot([target] * 2, [0, end], color=_style.INK, lw=_style.THIN, ls=DASHES)
    look: dict[str, Any] = {"fontsize": _style.SMALL, "color": _style.INK, "va": "top" if end > 0 else "bottom"}
    words = f" {_style.plain(side.name, 24)}: {target:+d} "
    ax.text(target, 0.97 * end, words, ha="right" if target > np.mean(ax.get_xlim()) else "left", **look)


def _between(ax: Axes, values: Array, low: float, high: float) -> None:
    """Let the axis hold the values and also what lies from low to high."""
    low, high = min(low, float(values.min())), max(high, float(values.max()))
    ax.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))


def squashing(show: Show) -> Picture:
    """The sigmoid over this table's own net inputs: heaps of the two answers at the top and at the bottom."""
    z, (this, other) = lead(show), two_sides(show)
    fig, ax = canvas()
    _between(ax, z, -4.0, 4.0)
    _heaps(ax, z, this, other)
    across = np.linspace(*ax.get_xlim(), 300)
    ax.plot(across, expit(across), color=_style.INK, lw=_style.LINE)
    ax.plot([0, 0, ax.get_xlim()[0]], [-0.04, 0.5, 0.5], color=_style.INK, lw=_style.HAIR, ls=DASHES)
    ax.set_ylim(-0.14, 1.14)
    ax.set_yticks(np.linspace(0, 1, 5))
    two = len(show.classes) == 2
    ax.set_xlabel("net input z" if two else f"lead of {_style.plain(this.name, 20)} over the others")
    ax.set_ylabel("P(y = 1 | x)" if two else f"P({_style.plain(this.name, 20)} | x)")
    alt = (
        f"The logistic sigmoid, an S from 0 to 1 through one half at z = 0. The net inputs of {this.name} hang from "
        f"the top, those of {other.name} stand at the bottom; {np.mean((z >= 0) == this.rows):.0%} of the rows are "
        "on their own side of z = 0."
    )
    caption = f"The sigmoid, with the net inputs of {this.name} (hanging) and of {other.name} (standing)."
    return picture(fig, alt, caption, _counted(np.linspace(*ax.get_xlim(), BINS + 1), z, this, other))


def _heaps(ax: Axes, z: Array, top: Side, bottom: Side) -> None:
    """Histograms of both sides: one hangs from 1, one stands on 0, each with its name in its corner."""
    edges = np.linspace(*ax.get_xlim(), BINS + 1)
    counts = [np.histogram(z[side.rows], edges)[0] for side in (top, bottom)]
    tallest = max(1, *(c.max() for c in counts))
    for side, heap, base, way in ((top, counts[0], 1.04, -1), (bottom, counts[1], -0.04, 1)):
        heights = base + 0.32 * way * heap / tallest
        ax.stairs(heights, edges, baseline=base, fill=True, color=side.tone, alpha=0.65)
    look: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "fontsize": _style.SMALL, "color": _style.INK}
    ax.text(0.01, 1.05, _style.plain(top.name, 28), ha="left", va="bottom", **look)
    ax.text(0.99, -0.05, _style.plain(bottom.name, 28), ha="right", va="top", **look)


def offsets(study: Study, show: Show) -> Picture:
    """The targets, the least-squares line through them, and the vertical offsets between the two."""
    fig, ax = canvas()
    z, y = net_input(study, show, "least squares")[show.drawn], show.y[show.drawn]
    single = study.table.X.shape[1] == 1 and shows_columns(study.table)
    x = show.X.iloc[show.drawn, 0].to_numpy(dtype=float) if single else z
    known = np.isfinite(x)
    x, y, z = x[known], y[known], z[known]
    lines = [((a, b), (a, c)) for a, b, c in zip(x, y, z, strict=True)]
    ax.add_collection(LineCollection(lines, colors=TRUE, linewidths=0.7, alpha=0.6))
    ax.scatter(x, y, s=12, color=PREDICTED, edgecolors=_style.PAPER, linewidths=0.4, zorder=3)
    ends = [x.argmin(), x.argmax()]
    ax.plot(x[ends], z[ends], color=_style.INK, lw=_style.LINE, zorder=4)
    ax.set_xlabel(_style.plain(study.table.X.columns[0]) if single else "net input z")
    ax.set_ylabel(_style.plain(study.table.target))
    apart = short(float(np.sqrt(np.mean((y - z) ** 2))))
    alt = (
        f"{len(x):,} rows of {study.table.name} as points around the straight line of least squares, each joined to "
        f"it by its vertical offset; the root mean square of these offsets is {apart}."
    )
    kept = some(len(x))
    columns = {"place": x, "target": y, "net input": z, "offset": y - z}
    behind = numbers(f"{len(kept)} of the points.", {name: values[kept] for name, values in columns.items()})
    return picture(fig, alt, "Points: the true targets. Line: the net input. Orange: the vertical offsets.", behind)


def passing(study: Study, show: Show) -> Picture:
    """The identity over this table's own net inputs, with the targets beside it."""
    z, y = net_input(study, show, "least squares"), show.y
    fig, ax = canvas()
    _between(ax, np.concatenate([z, y]), float(y.min()), float(y.max()))
    low, high = ax.get_xlim()
    ax.set_ylim(low, high)
    edges = np.linspace(low, high, BINS + 1)
    look: dict[str, Any] = {"edges": edges, "fill": True, "alpha": 0.65}
    room = 0.25 * (high - low)
    below, beside = (room * heap / heap.max() for heap in (np.histogram(v, edges)[0] for v in (z, y)))
    ax.stairs(low + below, baseline=low, color=PREDICTED, **look)
    ax.stairs(high - beside, baseline=high, color=TRUE, orientation="horizontal", **look)
    ax.plot([low, high], [low, high], color=_style.INK, lw=_style.LINE)
    ax.set_xlabel("net input z")
    ax.set_ylabel(f"prediction of {_style.plain(study.table.target, 20)}")
    alt = (
        f"The identity, a straight line. Below it stand the net inputs, {extent(z)}; at the right lie the true "
        f"targets, {extent(y)}."
    )
    heaps = {name: np.histogram(v, edges)[0] for name, v in (("net inputs", z), ("targets", y))}
    behind = numbers("Rows by net input and by target.", {"from": edges[:-1], "to": edges[1:], **heaps})
    return picture(fig, alt, "Blue: the net inputs, which are the predictions. Orange: the true targets.", behind)
