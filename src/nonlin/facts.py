"""What is said of an activation in words: on its card, in the terminal, on the cheat sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nonlin.formula.words import describe

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
    return describe(a.properties)
