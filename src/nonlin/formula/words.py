"""The properties of an activation in plain English, for the terminal, the notebook and the documentation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import fields

from nonlin.formula.analysis import Properties
from nonlin.formula.breaks import WINDOW
from nonlin.formula.points import Interval, Points, number

_MANY = 6  # from so many points on, their number is said, and the nearest to 0


def describe(properties: Properties) -> list[tuple[str, str]]:
    """A label and a phrase for each property; what is not settled exactly ends in "(numerical)".

    Examples
    --------
    >>> from nonlin import get
    >>> for label, phrase in describe(get("relu").properties)[:5]:
    ...     print(f"{label}: {phrase}")
    range: [0, ∞), the lower end is taken
    limits: φ → 0 at -∞, φ → ∞ at +∞
    limits of the slope: φ' → 0 at -∞, φ' → 1 at +∞
    symmetry: neither odd nor even
    monotonic: non-decreasing
    """
    told = []
    for field in fields(properties):
        label, say = _PHRASES[field.name]
        if label:
            suffix = "" if field.name in properties.exact else " (numerical)"
            told.append((label, say(properties) + suffix))
    return told


def _range(p: Properties) -> str:
    taken = {
        (True, True): "both ends are taken", (True, False): "the lower end is taken",
        (False, True): "the upper end is taken", (False, False): "neither end is reached",
    }[p.range.low_taken, p.range.high_taken]  # fmt: skip
    return "all numbers" if p.bounded == "neither" else f"{p.range}, {taken}"


def _limits(name: str, limits: tuple[float, float]) -> str:
    ends = zip(("-∞", "+∞"), limits, strict=True)
    return ", ".join(f"no limit at {at}" if math.isnan(v) else f"{name} → {number(v)} at {at}" for at, v in ends)


def _symmetry(p: Properties) -> str:
    return "odd: φ(-z) = -φ(z)" if p.odd else "even: φ(-z) = φ(z)" if p.even else "neither odd nor even"


def _smoothness(p: Properties) -> str:
    if p.order < 1:
        return f"{p.smoothness}: {'continuous, with kinks' if p.order == 0 else 'it jumps'}"
    count = "every derivative is" if math.isinf(p.order) else "φ' is" if p.order == 1 else f"{p.order} derivatives are"
    return f"{p.smoothness}: {count} continuous"


def _breaks(p: Properties, points: tuple[float, ...]) -> str:
    taken = dict(p.subgradients)
    return "; ".join(f"at {number(x)}, where φ' is taken as {number(taken[x])}" for x in points) or "none"


def _points(points: Points) -> str:
    parts = [_interval(i) for i in points.intervals]
    if len(points.isolated) >= _MANY:
        nearest = sorted(sorted(points.isolated, key=abs)[:3])
        parts.append(f"{len(points.isolated)} with |z| ≤ {WINDOW:g}, {_list(nearest)} among them")
    elif points.isolated:
        parts.append(f"at {_list(points.isolated)}")
    return (", ".join(parts) or "none") + (", and more of them without end" if points.endless else "")


def _interval(interval: Interval) -> str:
    return "every z" if math.isinf(interval.low) and math.isinf(interval.high) else f"every z in {interval}"


def _list(numbers: Iterable[float]) -> str:
    return ", ".join(map(number, numbers))


def _saturates(p: Properties) -> str:
    sides = [side for side, holds in (("left", p.saturates_left), ("right", p.saturates_right)) if holds]
    return f"on the {' and the '.join(sides)}" if sides else "nowhere"


def _bounded(p: Properties) -> str:
    return {"both": "below and above", "neither": "no"}.get(p.bounded, p.bounded)


def _universal(p: Properties) -> str:
    return "yes, it is no polynomial" if p.universal else "no, it is a polynomial or has a pole"


def _cost(p: Properties) -> str:
    return f"{p.cost}, {p.operations} operation{'s' * (p.operations != 1)} in all"


def _figure(x: float) -> str:
    return "none" if math.isnan(x) else number(x)


_SAID_ELSEWHERE: tuple[str, Callable[[Properties], str]] = ("", lambda _: "")

_PHRASES: dict[str, tuple[str, Callable[[Properties], str]]] = {
    "range": ("range", _range),
    "limits": ("limits", lambda p: _limits("φ", p.limits)),
    "derivative_limits": ("limits of the slope", lambda p: _limits("φ'", p.derivative_limits)),
    "odd": ("symmetry", _symmetry),
    "even": _SAID_ELSEWHERE,  # with odd
    "monotonic": ("monotonic", lambda p: p.monotonic or "no, it rises and falls"),
    "convexity": ("convexity", lambda p: p.convexity or "neither convex nor concave"),
    "order": ("smoothness", _smoothness),
    "kinks": ("kinks", lambda p: _breaks(p, p.kinks)),
    "jumps": ("jumps", lambda p: _breaks(p, p.jumps)),
    "subgradients": _SAID_ELSEWHERE,  # with kinks and jumps
    "lipschitz": ("steepest slope", lambda p: number(p.lipschitz)),
    "derivative_lipschitz": ("steepest change of slope", lambda p: number(p.derivative_lipschitz)),
    "zeros": ("zeros", lambda p: _points(p.zeros)),
    "fixed_points": ("fixed points", lambda p: _points(p.fixed_points)),
    "bounded": ("bounded", _bounded),
    "saturates_left": ("saturates", _saturates),
    "saturates_right": _SAID_ELSEWHERE,  # with saturates_left
    "zero_centred": ("zero-centred", lambda p: "yes" if p.zero_centred else "no"),
    "identity_at_zero": ("identity near 0", lambda p: "yes, φ(0) = 0 and φ'(0) = 1" if p.identity_at_zero else "no"),
    "universal": ("universal approximation", _universal),
    "mean": ("E[φ], z ~ N(0, 1)", lambda p: _figure(p.mean)),
    "second_moment": ("E[φ²]", lambda p: _figure(p.second_moment)),
    "derivative_second_moment": ("E[φ'²]", lambda p: _figure(p.derivative_second_moment)),
    "gain": ("gain 1/√E[φ²]", lambda p: f"{p.gain:.4f}"),
    "chi1": ("χ₁ at that gain", lambda p: "none" if math.isnan(p.chi1) else f"{p.chi1:.4f}"),
    "operations": _SAID_ELSEWHERE,  # with cost
    "transcendental_calls": _SAID_ELSEWHERE,  # with cost
    "cost": ("cost", _cost),
    "exact": _SAID_ELSEWHERE,  # with each field
}
