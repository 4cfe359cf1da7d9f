"""``nonlin show``: everything about one activation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nonlin.errors import InputError

if TYPE_CHECKING:
    from nonlin.activation import Activation


def show(
    activation: Annotated[str, typer.Argument(help="A catalogue name, an alias, or a formula in z.")],
    param: Annotated[
        list[str] | None, typer.Option(help="The value of a parameter, as in beta=1.5; may be repeated.")
    ] = None,
) -> None:
    """Show the formula, the derivative and the computed properties of an activation."""
    from rich.console import Console
    from rich.table import Table

    found = _resolve(activation, dict(_assignment(p) for p in param or []))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in _facts(found):
        if text:
            table.add_row(label, text)
    console = Console(highlight=False, markup=False)
    console.print(f"\n{_curve(found)}\n", markup=False)
    console.print(table)


def _resolve(text: str, params: dict[str, Any]) -> Activation:
    from nonlin.activation import Activation
    from nonlin.catalogue import get
    from nonlin.errors import FormulaError

    if not params:
        return get(text)
    try:
        return get(text).with_params(**params)
    except FormulaError:
        return Activation(text, **params)


def _assignment(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise InputError(f"--param must read name=number, such as beta=1.5, got {text!r}") from None


def _facts(a: Activation) -> list[tuple[str, str]]:
    p = a.properties
    shape = [word for word, holds in (("odd", p.odd), ("even", p.even), ("monotonic", p.monotonic)) if holds]
    sides = [side for side, holds in (("left", p.saturates_left), ("right", p.saturates_right)) if holds]
    return [
        ("name", a.name),
        ("also called", ", ".join(a.aliases)),
        ("family", a.family),
        ("φ(z)", a.formula),
        ("φ'(z)", a.derivative_formula),
        ("parameters", ", ".join(f"{name} = {value:g}" for name, value in a.params.items())),
        ("range", f"{_number(p.range[0])} to {_number(p.range[1])}"),
        ("limits", f"φ → {_number(p.limits[0])} at -∞, {_number(p.limits[1])} at +∞"),
        ("slope at ±∞", f"{_number(p.derivative_limits[0])}, {_number(p.derivative_limits[1])}"),
        ("shape", ", ".join(shape) or "neither odd, even nor monotonic"),
        ("smoothness", p.smoothness + _points("; kinks at ", p.kinks) + _points("; jumps at ", p.jumps)),
        ("saturates", " and ".join(sides) or "nowhere"),
        ("steepest slope", _number(p.lipschitz)),
        ("mean, z ~ N(0, 1)", f"{p.mean:.4f}" + (" (zero-centred)" if p.zero_centred else "")),
        ("gain 1/√E[φ²]", f"{p.gain:.4f}"),
        ("χ₁ at that gain", f"{p.chi1:.4f}"),
        ("used in", a.used_in),
        ("reference", a.reference),
    ]


def _number(x: float) -> str:
    if math.isnan(x):
        return "no limit"
    return f"{x:.6g}" if math.isfinite(x) else ("∞" if x > 0 else "-∞")


def _points(label: str, points: tuple[float, ...]) -> str:
    return label + ", ".join(_number(x) for x in points) if points else ""


def _curve(a: Activation, width: int = 60, height: int = 13) -> str:
    """φ on [-4, 4] in block characters, two levels to a line."""
    import numpy as np

    z = np.linspace(-4, 4, width)
    y = np.asarray(a(z))
    finite = y[np.isfinite(y)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if high == low:
        low, high = low - 1, high + 1
    canvas = [[" "] * width for _ in range(height)]
    if low <= 0 <= high:
        canvas[_line(0.0, low, high, height)[0]] = ["·"] * width
    for column, value in enumerate(y):
        if np.isfinite(value):
            line, mark = _line(float(value), low, high, height)
            canvas[line][column] = mark
    labels = {0: f"{high:9.3g}", height - 1: f"{low:9.3g}"}
    lines = [f"{labels.get(i, ' ' * 9)} │{''.join(row)}" for i, row in enumerate(canvas)]
    return "\n".join([*lines, f"{'':10}└{'─' * width}", f"{'':11}-4{'z':^{width - 4}}4"])


def _line(value: float, low: float, high: float, height: int) -> tuple[int, str]:
    half = round((high - value) / (high - low) * (2 * height - 1))
    return half // 2, "▀▄"[half % 2]
