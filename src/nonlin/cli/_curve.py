"""A graph of φ and φ' for the terminal, in braille: two by four dots to a character."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

if TYPE_CHECKING:
    from nonlin.activation import Activation

REACH, TALLEST = 4.0, 12.0  # net inputs and heights that are shown, at most
VALUE, DERIVATIVE, AXIS = "bold blue", "dark_orange", "dim"
_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
Array = np.ndarray[Any, Any]


def curve(a: Activation, width: int, height: int) -> Text:
    """Both curves on [-4, 4] in ``width`` times ``height`` characters, with the axes and the ends of the heights."""
    z = np.linspace(-REACH, REACH, 2 * width)
    value, slope = (np.asarray(v, dtype=float) for v in a.value_and_derivative(z))
    low, high = _ends(np.concatenate([value, slope]))
    solid = _lines(value, z, a.properties.jumps, low, high, height)
    dashed = _lines(slope, z, (*a.properties.jumps, *a.properties.kinks), low, high, height)
    dashed[:, np.arange(2 * width) % 6 > 3] = False
    canvas = Text()
    zero = round(float(_row(0.0, low, high, height))) // 4
    for line in range(height):
        here = slice(4 * line, 4 * line + 4)
        number = high if line == 0 else low if line == height - 1 else 0.0 if line == zero else None
        canvas.append("" if line == 0 else "\n")
        canvas.append(f"{'' if number is None else f'{number:.3g}':>6} ", style=AXIS)
        for column in range(width):
            there = slice(2 * column, 2 * column + 2)
            canvas.append(*_cell(solid[here, there], dashed[here, there], line == zero, column == width // 2))
    return canvas


def legend() -> Text:
    """What the two colours mean."""
    return Text.assemble(("━━ φ(z)", VALUE), "   ", ("╍╍ φ'(z)", DERIVATIVE))


def _cell(solid: Array, dashed: Array, on_z: bool, on_height: bool) -> tuple[str, str]:
    dots = int(_DOTS[solid | dashed].sum())
    if dots:
        return chr(0x2800 + dots), VALUE if solid.any() else DERIVATIVE
    return ("─" if on_z else "│" if on_height else " "), AXIS


def _ends(heights: Array) -> tuple[float, float]:
    seen = np.clip(heights[np.isfinite(heights)], -TALLEST, TALLEST)
    low, high = min(0.0, float(seen.min(initial=0.0))), max(0.0, float(seen.max(initial=0.0)))
    return (low, high) if high > low else (-1.0, 1.0)


def _row(y: Any, low: float, high: float, height: int) -> Any:
    return (high - y) / (high - low) * (4 * height - 1)


def _lines(y: Array, z: Array, breaks: tuple[float, ...], low: float, high: float, height: int) -> Array:
    """The dots of a curve: each column reaches half-way to its neighbours, but over no break."""
    rows = _row(np.where(np.isfinite(y), y, np.nan), low, high, height)
    dots = np.zeros((4 * height, y.size), dtype=bool)
    cut = {int(np.searchsorted(z, b)) for b in breaks}
    for k in range(y.size):
        ends = [rows[k]]
        ends += [(rows[k] + rows[k - 1]) / 2] if k and k not in cut else []
        ends += [(rows[k] + rows[k + 1]) / 2] if k + 1 < y.size and k + 1 not in cut else []
        known = [e for e in ends if e == e]
        if known and max(known) > -0.5 and min(known) < 4 * height - 0.5:
            top, bottom = (min(max(round(e), 0), 4 * height - 1) for e in (min(known), max(known)))
            dots[top : bottom + 1, k] = True
    return dots
