"""Inline SVG for a card: the graph of φ and φ', and equations. All lines are in the colour of the text around them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from nonlin.plots._activation import heights, inside, pieces
from nonlin.plots._equation import equation_path, extents

if TYPE_CHECKING:
    from nonlin.activation import Activation

WIDTH, HEIGHT = 360.0, 230.0  # units of the graph's own space
LEFT, RIGHT, TOP, BOTTOM = 34.0, 350.0, 8.0, 206.0  # the frame in it
REACH = 4.0  # net inputs from -REACH to REACH
POINTS_TO_PIXELS = 4 / 3
WIDEST = 760.0  # pixels of an equation at full size; a wider one is shown as text
_LETTERS = {Path.MOVETO: ("M", 1), Path.LINETO: ("L", 1), Path.CURVE3: ("Q", 2), Path.CURVE4: ("C", 3)}


def graph(a: Activation, words: str) -> str:
    """Both curves on [-4, 4], with kinks as squares and jumps as dots; ``words`` is for those who cannot see them."""
    low, high = heights(a, -REACH, REACH)
    jumps, kinks = (inside(places, -REACH, REACH) for places in (a.properties.jumps, a.properties.kinks))
    frame = _Frame(low, high)
    slopes = "".join(frame.line(z, a.derivative(z)) for z in pieces(-REACH, REACH, [*jumps, *kinks], n=240))
    values = "".join(frame.line(z, a(z)) for z in pieces(-REACH, REACH, jumps, n=240))
    return (
        f'<svg class="nonlin-graph" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(words)}">'
        f"<title>{escape(words)}</title>{frame.axes()}"
        f'<path class="nonlin-slope" d="{slopes}"/><path class="nonlin-value" d="{values}"/>'
        f"{''.join(frame.square(z, float(a(z))) for z in kinks)}{''.join(_jump(frame, a, z) for z in jumps)}</svg>"
    )


def equation(latex: str, left: str, words: str) -> str:
    """The equation ``left = latex``, or nothing where it is too wide to be read; ``words`` is the same as text."""
    path = equation_path(latex, left)
    box = extents(path)
    if box.x1 * POINTS_TO_PIXELS > WIDEST:
        return ""
    size = " ".join(f"{v:.1f}" for v in (0.0, -box.y1 - 1, box.x1 + 1, box.height + 2))
    width = (box.x1 + 1) * POINTS_TO_PIXELS
    return (
        f'<svg class="nonlin-equation" viewBox="{size}" width="{width:.0f}" role="img" aria-label="{escape(words)}">'
        f'<title>{escape(words)}</title><path d="{_outline(path)}"/></svg>'
    )


def _outline(path: Path) -> str:
    """The data of an SVG path; heights go down in SVG."""
    parts: list[str] = []
    codes, points, k = np.asarray(path.codes), np.asarray(path.vertices), 0
    while k < len(points):
        letter, n = _LETTERS.get(codes[k], ("Z", 0))
        numbers = " ".join(f"{x:.2f} {-y:.2f}" for x, y in points[k : k + n])
        parts.append(f"{letter}{numbers}")
        k += max(n, 1)
    return "".join(parts)


def _jump(frame: _Frame, a: Activation, z: float) -> str:
    side = 1e-9 * max(1.0, abs(z))
    left, here, right = (float(v) for v in a(np.array([z - side, z, z + side])))
    ends = "".join(frame.dot(z, end, "nonlin-open") for end in (left, right) if not np.isclose(end, here))
    return ends + frame.dot(z, here, "nonlin-full")


class _Frame:
    """Net inputs and heights as places in the graph's space."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def x(self, z: Any) -> Any:
        return LEFT + (z + REACH) / (2 * REACH) * (RIGHT - LEFT)

    def y(self, height: Any) -> Any:
        return TOP + (self.high - height) / (self.high - self.low) * (BOTTOM - TOP)

    def line(self, z: Any, height: Any) -> str:
        """The data of a path through the points that lie near the frame."""
        y = np.asarray(self.y(height), dtype=float)
        seen = np.isfinite(y) & (y > TOP - 5 * HEIGHT) & (y < BOTTOM + 5 * HEIGHT)
        places = [f"{x:.1f} {v:.1f}" if s else "" for x, v, s in zip(self.x(z), y, seen, strict=True)]
        runs = [run.split(";") for run in ";".join(places).strip(";").split(";;")]
        return "".join(f"M{'L'.join(p for p in run if p)}" for run in runs if any(run))

    def dot(self, z: float, height: float, look: str) -> str:
        return f'<circle class="{look}" cx="{self.x(z):.1f}" cy="{self.y(height):.1f}" r="3"/>'

    def square(self, z: float, height: float) -> str:
        x, y = self.x(z) - 2.6, self.y(height) - 2.6
        return f'<rect class="nonlin-open" x="{x:.1f}" y="{y:.1f}" width="5.2" height="5.2"/>'

    def axes(self) -> str:
        """The lines through 0, and numbers at the ends and at round heights."""
        x, y = self.x(0.0), self.y(0.0)
        lines = f"M{LEFT} {y:.1f}H{RIGHT}M{x:.1f} {TOP}V{BOTTOM}"
        ticks = [
            t
            for t in MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(self.low, self.high)
            if self.low <= t <= self.high
        ]
        marks = "".join(
            f'<text x="{LEFT - 6}" y="{self.y(t) + 3.5:.1f}" text-anchor="end">{t:.4g}</text>' for t in ticks
        )
        ends = "".join(
            f'<text x="{self.x(z):.1f}" y="{BOTTOM + 16}" text-anchor="middle">{label}</text>'
            for z, label in ((-REACH, "−4"), (-2.0, "−2"), (0.0, "0"), (2.0, "2"), (3.0, "z"), (REACH, "4"))
        )
        grid = "".join(f"M{LEFT} {self.y(t):.1f}H{RIGHT}" for t in ticks)
        return f'<path class="nonlin-grid" d="{grid}"/><path class="nonlin-axis" d="{lines}"/>{marks}{ends}'
