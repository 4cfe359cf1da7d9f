"""Who is ahead of whom: all pairs on one table, and mean ranks over several."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from numpy.typing import NDArray

from nonlin.plots import _style

_ROW = 0.24  # inches
_BEST, _OTHER = 1, 0  # colours of the best model and its equals, and of all others


def pairwise(study: Any, ax: Axes | None = None) -> Axes:
    """Draw how probably each model of a study is better than each other by more than 0.01.

    A row is read to the right: 97 means that the row's model is better than the column's with 97 %. What two cells that
    mirror each other leave of 100 is the probability that the two are practically equal. Bold figures are settled.

    Parameters
    ----------
    study : Study
        As :func:`nonlin.study` returns it.
    ax : Axes, optional
        Where to draw; without it a new pyplot figure.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import nonlin as nl
    >>> from matplotlib.figure import Figure
    >>> study = nl.study("xor", activations=["tanh"], budget="quick", hidden=5)
    >>> pairwise(study, Figure().add_subplot()).get_ylabel()
    'this model …'
    """
    frame = study.pairwise
    names = list(dict.fromkeys(frame["model"]))
    side = max(2.6, 0.36 * len(names))
    ax = _style.axes(ax, (side + 1.6, side + 1.4))
    better = frame.pivot_table(index="model", columns="other", values="better").reindex(index=names, columns=names)
    ahead = set(zip(frame["model"][frame["ahead"]], frame["other"][frame["ahead"]], strict=True))
    _cells(ax, better.to_numpy())
    for i, name in enumerate(names):
        for j, other in enumerate(names):
            if i != j:
                weight = "bold" if (name, other) in ahead else "normal"
                _figure(ax, j, i, better.iloc[i, j], weight)
    _label_sides(ax, names)
    return _style.settle(ax)


def _cells(ax: Axes, better: NDArray[Any]) -> None:
    """Shade each cell by its probability; the shade is light enough for figures of either ink."""
    shades = np.zeros((*better.shape, 4))
    shades[...] = to_rgba(_style.colour(_BEST))
    shades[..., 3] = 0.55 * np.nan_to_num(better)
    edges = np.arange(len(better) + 1) - 0.5
    ax.pcolormesh(edges, edges, shades, edgecolors="none")


def _figure(ax: Axes, x: float, y: float, p: float, weight: str) -> None:
    text = f"{100 * p:.0f}"
    ax.text(x, y, text, ha="center", va="center", color=_style.INK, fontsize=_style.SMALL, fontweight=weight)


def _label_sides(ax: Axes, names: list[str]) -> None:
    places, labels = range(len(names)), [_style.plain(name, 20) for name in names]
    ax.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(names) - 0.5, -0.5), aspect="equal")
    ax.set_xticks(places, labels, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(places, labels)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_ylabel("this model …")
    ax.set_xlabel("… is better than this one, probability in %")


def critical_differences(comparison: Any, ax: Axes | None = None) -> Axes:
    """Draw the mean ranks of several models over several tables, and join those that cannot be told apart.

    Rank 1 is best and on the left. A bar joins models whose mean ranks differ by less than Nemenyi's critical
    difference; where Friedman's test finds no difference at all, one bar joins all of them.

    Parameters
    ----------
    comparison : Comparison
        As :func:`nonlin.lab.comparison.compare` returns it.
    ax : Axes, optional
        Where to draw; without it a new pyplot figure.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import nonlin as nl
    >>> from matplotlib.figure import Figure
    >>> from nonlin.lab.comparison import compare
    >>> found = compare([nl.study(name, budget="quick", hidden=5, activations=["tanh"]) for name in ("xor", "moons")])
    >>> critical_differences(found, Figure().add_subplot()).get_xlabel()
    'mean rank over 2 tables (1 is best)'

    References
    ----------
    Demšar 2006, Statistical comparisons of classifiers over multiple data sets, JMLR 7:1.
    """
    places = comparison.ranks.mean(axis=0)
    models, groups = list(comparison.models), comparison.groups
    half = (len(models) + 1) // 2
    depth = len(groups) + half
    ax = _style.axes(ax, (7.0, _ROW * (depth + 5)))
    for i, name in enumerate(models):
        left = i < half
        row = len(groups) + (i + 1 if left else len(models) - i)
        _arm(ax, places[i], row, f"{_style.plain(name, 24)}  {places[i]:.2f}", left, name in comparison.equals)
    for row, group in enumerate(groups, start=1):
        ends = [places[models.index(group[0])] - 0.06, places[models.index(group[-1])] + 0.06]
        ax.plot(ends, [row, row], color=_style.INK, lw=2.5 * _style.LINE, solid_capstyle="butt")
    _rank_axis(ax, len(models), depth)
    ax.set_xlabel(f"mean rank over {len(comparison.tables)} tables (1 is best)")
    _ruler(ax, comparison.critical_difference, len(models))
    return _style.settle(ax)


def _arm(ax: Axes, place: float, row: float, words: str, left: bool, equal: bool) -> None:
    """A line down from the place on the axis, and out to the words at the side."""
    end = 0.0 if left else 1.0
    sideways = ax.get_yaxis_transform()
    tone = _style.colour(_BEST if equal else _OTHER)
    ax.plot([place, place], [0, row], color=tone, lw=_style.THIN)
    ax.plot(place, 0, "o" if equal else "s", color=tone, ms=5, clip_on=False, zorder=3)
    ax.annotate(
        "", (place, row), (end, row), xycoords="data", textcoords=sideways, annotation_clip=False,
        arrowprops={"arrowstyle": "-", "color": tone, "lw": _style.THIN, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    ax.annotate(
        words, (end, row), (-4 if left else 4, 0), xycoords=sideways, textcoords="offset points", annotation_clip=False,
        ha="right" if left else "left", va="center", color=_style.INK, fontsize=_style.SMALL,
        fontweight="bold" if equal else "normal",
    )  # fmt: skip


def _rank_axis(ax: Axes, models: int, depth: int) -> None:
    ax.set(xlim=(0.8, models + 0.2), ylim=(depth + 0.5, 0))
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xticks(range(1, models + 1))
    ax.spines["top"].set_visible(True)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.set_yticks([])


def _ruler(ax: Axes, length: float, models: int) -> None:
    """The critical difference as a length, below the arms' lower end."""
    words = f"critical difference {length:.2f}"
    if length > models - 1:
        words += ": more than the ranks can differ"
    middle, low = (models + 1) / 2, -0.12
    across = ax.get_xaxis_transform()
    reach = min(length, models - 1) / 2
    ax.plot(
        [middle - reach, middle + reach],
        [low, low],
        "|-",
        color=_style.INK,
        lw=_style.THIN,
        transform=across,
        clip_on=False,
    )
    ax.text(middle, low - 0.03, words, transform=across, ha="center", va="top", color=_style.INK, fontsize=_style.SMALL)
