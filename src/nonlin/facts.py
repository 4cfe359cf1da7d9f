"""What is said of an activation in words: on its card, in the terminal, on the cheat sheet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nonlin.activation import Activation

Facts = list[tuple[str, str]]


def title(a: Activation) -> str:
    """The name as people write it, without underscores; a user's own as it is."""
    return a.name if a.family == "custom" else a.name.replace("_", " ")


def origins(a: Activation) -> Facts:
    """What only a human knows of it, and the values of its parameters."""
    facts = [
        ("also called", ", ".join(a.aliases)),
        ("family", a.family),
        ("parameters", ", ".join(f"{name} = {value:g}" for name, value in a.params.items())),
        ("used in", a.used_in),
        ("reference", a.reference),
    ]
    return [(label, text) for label, text in facts if text]


def defaults(a: Activation) -> list[tuple[str, str, bool]]:
    """Each library with what it takes, and whether these are the values that ``a`` has."""
    ours = ", ".join(f"{name} {value:g}" for name, value in a.params.items()) or next(iter(a.defaults.values()), "")
    return [(library, value, value == ours) for library, value in a.defaults.items()]


def properties(a: Activation) -> Facts:
    """What the formula says, property by property."""
    p = a.properties
    shape = [word for word, holds in (("odd", p.odd), ("even", p.even), ("monotonic", p.monotonic)) if holds]
    sides = [side for side, holds in (("left", p.saturates_left), ("right", p.saturates_right)) if holds]
    return [
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
    ]


def _number(x: float) -> str:
    if math.isnan(x):
        return "no limit"
    return f"{x:.6g}" if math.isfinite(x) else ("∞" if x > 0 else "-∞")


def _points(label: str, points: tuple[float, ...]) -> str:
    return label + ", ".join(_number(x) for x in points) if points else ""
