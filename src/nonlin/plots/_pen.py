"""The pen that draws a network: circles, boxes, small curves, weights and words, in lengths of one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, FancyBboxPatch

from nonlin.data._plane import Floats
from nonlin.plots import _style
from nonlin.plots._activation import inside, pieces

POSITIVE, NEGATIVE = _style.COLOURS[0], _style.COLOURS[1]
DASHES = (0, (3, 1.2))
RADIUS = 0.36
REACH = 3.0  # the small curves show net inputs from -REACH to REACH

Line = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Pen:
    """Axes, type size in points, and the heights of headings and notes."""

    ax: Axes
    size: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        """Line width in points that goes with the type size."""
        return self.size / 8.0

    def text(self, x: float, y: float, words: str, *, scale: float = 1.0, faint: bool = False, **how: Any) -> None:
        """Write words, centred on (x, y) unless told otherwise."""
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": _style.INK, "zorder": 5}
        self.ax.text(x, y, words, **(look | {"alpha": 0.7 if faint else 1.0, "fontsize": scale * self.size} | how))

    def heading(self, x: float, words: str, faint: bool = False, ha: str = "center") -> None:
        """Write above a column."""
        weight = "normal" if faint else "bold"
        self.text(x, self.top, words, va="baseline", ha=ha, faint=faint, weight=weight, linespacing=1.1)

    def note(self, x: float, words: str) -> None:
        """Write below a column."""
        self.text(x, self.bottom, words, va="top", scale=0.9)

    def circle(self, x: float, y: float, words: str = "") -> None:
        """Draw a unit."""
        look: dict[str, Any] = {"facecolor": _style.PAPER, "edgecolor": _style.INK, "linewidth": self.width}
        self.ax.add_patch(Circle((x, y), RADIUS, zorder=3, **look))
        if words:
            self.text(x, y, words)

    def box(self, x: float, low: float, high: float, words: str = "") -> None:
        """Draw a rounded box around the heights from low to high, with words going up in it."""
        corner, look = (x - RADIUS, low - RADIUS), "round,pad=0.0,rounding_size=0.15"
        box = FancyBboxPatch(corner, 2 * RADIUS, high - low + 2 * RADIUS, boxstyle=look, zorder=3)
        box.set(facecolor=_style.PAPER, edgecolor=_style.INK, linewidth=self.width)
        self.ax.add_patch(box)
        if words:
            self.text(x, 0.5 * (low + high), words, rotation=90)

    def arrow(self, start: float, end: float, y: float) -> None:
        """Draw an arrow from unit to unit along the height y."""
        look = {"arrowstyle": "-|>", "color": _style.INK, "lw": self.width, "shrinkA": 0, "shrinkB": 0}
        look["mutation_scale"] = self.size
        self.ax.annotate("", (end - RADIUS, y), (start + RADIUS, y), arrowprops=look, zorder=2)

    def curves(self, fn: Any, places: Sequence[tuple[float, float]]) -> None:
        """Draw the graph of an activation, small, at each place."""
        strokes = _strokes(fn)
        lines = [stroke + place for place in places for stroke in strokes]
        self.ax.add_collection(LineCollection(lines, colors=_style.INK, linewidths=1.3 * self.width, zorder=4))

    def links(self, lines: Sequence[Line]) -> None:
        """Draw connections that have no weight to show."""
        look = {"colors": _style.INK, "linewidths": 0.5 * self.width, "alpha": _style.FAINT}
        self.ax.add_collection(LineCollection(lines, zorder=1, **look))

    def weights(self, lines: Sequence[Line], values: Floats) -> None:
        """Draw weights, given from -1 to 1, by colour, dashes and width."""
        for tone, style, mine in ((POSITIVE, "solid", values >= 0), (NEGATIVE, DASHES, values < 0)):
            here = [line for line, shown in zip(lines, mine, strict=True) if shown]
            look = {"linewidths": self.width * (0.25 + 2.25 * np.abs(values[mine])), "linestyles": [style]}
            self.ax.add_collection(LineCollection(here, colors=tone, zorder=1, **look))

    def legend(self, entries: Sequence[Artist]) -> None:
        """Put the legend in the strip below the notes."""
        self.ax.legend(
            handles=entries, loc="lower center", ncols=len(entries), fontsize=0.9 * self.size, frameon=False,
            labelcolor=_style.INK, borderaxespad=0.0, handlelength=2.0, columnspacing=1.5,
        )  # fmt: skip


def _strokes(fn: Any) -> list[Floats]:
    """Return the graph of φ on [-REACH, REACH], cut at jumps, scaled into a unit around (0, 0)."""
    parts = pieces(-REACH, REACH, inside(fn.properties.jumps, -REACH, REACH), n=40)
    values = [np.nan_to_num(np.asarray(fn(z), dtype=float), posinf=REACH, neginf=-REACH) for z in parts]
    low, high = min(v.min() for v in values), max(v.max() for v in values)
    tall = 1.1 * RADIUS / max(high - low, 1e-9)
    wide = 0.6 * RADIUS / REACH
    return [np.column_stack([wide * z, tall * (v - 0.5 * (low + high))]) for z, v in zip(parts, values, strict=True)]
