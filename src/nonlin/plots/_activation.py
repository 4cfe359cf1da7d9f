"""One activation function and its derivative as a graph, with jumps left open and kinks marked."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nonlin import catalogue
from nonlin.backends.latex import CASE_SEPARATOR
from nonlin.data._plane import Floats
from nonlin.errors import bad_value
from nonlin.facts import title
from nonlin.plots import _style

VALUE, DERIVATIVE = _style.COLOURS[1], _style.COLOURS[0]
DASHES = (0, (4, 2))
TALLEST = 3.0  # the graph is at most this many times as high as wide, in units of z


def activation(a: Any, ax: Axes | None = None, *, limits: tuple[float, float] = (-5.0, 5.0)) -> Axes:
    r"""Draw an activation function :math:`\varphi(z)` and its derivative :math:`\varphi'(z)`.

    A curve stops at a jump and goes on behind it; the value there is a full dot, a limit that is not taken an
    open one. Kinks of :math:`\varphi` are marked by a small square.

    Parameters
    ----------
    a : str or Activation
        Name in the catalogue, formula in ``z``, or activation.
    ax : Axes, optional
        Where to draw; without it a new pyplot figure.
    limits : (float, float), default (-5, 5)
        Range of the net input z.

    Returns
    -------
    Axes

    Raises
    ------
    nonlin.errors.InputError
        If the name is unknown, the formula does not parse, or the limits are not in rising order.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> activation("relu", Figure().add_subplot()).get_xlabel()
    'net input z'
    """
    low, high = _range(limits)
    fn = catalogue.get(a)
    ax = _style.axes(ax, (4.6, 3.4))
    graph(ax, fn, low, high)
    ax.set_xlabel("net input z")
    heading = f"{_style.plain(title(fn), 48)}\n{equation(fn)}"
    ax.set_title(heading, loc="left", fontsize=_style.TITLE, color=_style.INK)
    _style.outside_legend(ax, _entries(fn, low, high))
    return _style.settle(ax)


def equation(fn: Any) -> str:
    """Return the equation as mathtext, a line for each case."""
    cases = fn.latex.split(CASE_SEPARATOR)
    return "\n".join([rf"$\varphi(z) = {cases[0]}$", *(f"$\\qquad {case}$" for case in cases[1:])])


def graph(ax: Axes, fn: Any, low: float, high: float, width: float = _style.LINE) -> None:
    """Draw both curves, their jumps and kinks, and light axes through 0."""
    for draw in (ax.axhline, ax.axvline):
        draw(0.0, color=_style.INK, lw=_style.HAIR, alpha=_style.FAINT, zorder=0)
    jumps, kinks = inside(fn.properties.jumps, low, high), inside(fn.properties.kinks, low, high)
    for part in pieces(low, high, [*jumps, *kinks]):
        ax.plot(part, fn.derivative(part), color=DERIVATIVE, ls=DASHES, lw=0.85 * width, zorder=2)
    for part in pieces(low, high, jumps):
        ax.plot(part, fn(part), color=VALUE, lw=width, zorder=3)
    for z in jumps:
        _mark_jump(ax, fn, z, width)
    if kinks:
        ax.plot(
            kinks,
            fn(np.array(kinks)),
            ls="",
            marker="s",
            ms=2.4 * width,
            mfc=_style.PAPER,
            mec=VALUE,
            zorder=4,
        )
    ax.set_xlim(low, high)
    ax.set_ylim(*heights(fn, low, high))


def pieces(low: float, high: float, breaks: list[float], n: int = 400) -> list[Floats]:
    """Return net inputs from ``low`` to ``high``, cut just before and just after each break."""
    edges = [low, *sorted(set(breaks)), high]
    gap = 1e-9 * (high - low)
    return [
        np.linspace(a + gap * (a > low), b - gap * (b < high), max(2, round(n * (b - a) / (high - low)) + 1))
        for a, b in pairwise(edges)
    ]


def _mark_jump(ax: Axes, fn: Any, z: float, width: float) -> None:
    side = 1e-9 * max(1.0, abs(z))
    left, here, right = (float(v) for v in fn(np.array([z - side, z, z + side])))
    how: dict[str, Any] = {"ls": "", "marker": "o", "ms": 2.4 * width, "mec": VALUE, "zorder": 4}
    ends = [end for end in (left, right) if not np.isclose(end, here)]
    ax.plot([z] * len(ends), ends, mfc=_style.PAPER, **how)
    ax.plot([z], [here], mfc=VALUE, **how)


def inside(places: Any, low: float, high: float) -> list[float]:
    """Return the places strictly between the limits, in rising order."""
    return sorted(float(z) for z in (places or ()) if low < float(z) < high)


def heights(fn: Any, low: float, high: float) -> tuple[float, float]:
    """Return the ends of the heights that show both curves and 0, but no more than TALLEST allows."""
    z = np.concatenate(pieces(low, high, []))
    both = np.concatenate([fn(z), fn.derivative(z)])
    cap = TALLEST * max(abs(low), abs(high))
    seen = np.clip(both[np.isfinite(both)], -cap, cap)
    bottom, top = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 1.0)
    margin = 0.08 * max(top - bottom, 0.5)
    return min(bottom, 0.0) - margin, max(top, 0.0) + margin


def _range(limits: tuple[float, float]) -> tuple[float, float]:
    ends = tuple(float(end) for end in limits)
    if len(ends) != 2 or not np.isfinite(ends).all() or not ends[0] < ends[1]:
        raise bad_value("limits", "two finite numbers in rising order", limits)
    return ends[0], ends[1]


def _entries(fn: Any, low: float, high: float) -> list[Artist]:
    lines = [
        Line2D([], [], color=VALUE, lw=_style.LINE, label=r"$\varphi(z)$"),
        Line2D([], [], color=DERIVATIVE, lw=_style.LINE, ls=DASHES, label=r"$\varphi'(z)$"),
    ]
    if inside(fn.properties.kinks, low, high):
        lines.append(Line2D([], [], ls="", marker="s", ms=4.5, mfc=_style.PAPER, mec=VALUE, label="kink"))
    if inside(fn.properties.jumps, low, high):
        lines.append(Line2D([], [], ls="", marker="o", ms=4.5, mfc=_style.PAPER, mec=VALUE, label="jump"))
    return list(lines)
