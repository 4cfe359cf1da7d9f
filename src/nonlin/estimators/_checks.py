"""The checks of parameters: each refuses a bad value in one line."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from nonlin.errors import bad_value


def check_real(
    name: str, value: Any, low: float, high: float = np.inf, *, closed: bool = True, word: str | None = None
) -> None:
    """Refuse what is no number in [low, high), or in (low, high) if not ``closed``; ``word`` is allowed too."""
    if word is not None and isinstance(value, str) and value == word:
        return
    number = isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_)
    if not number or not (low <= value < high if closed else low < value < high):
        bounds = f"a number in {'[' if closed else '('}{low:g}, {high:g})"
        raise bad_value(name, bounds if word is None else f"{word!r} or {bounds}", value)


def check_integer(name: str, value: Any, low: int, *, word: str | None = None) -> None:
    """Refuse what is no integer ≥ low; ``word`` is allowed too."""
    if word is not None and isinstance(value, str) and value == word:
        return
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < low:
        rule = f"an integer of at least {low}"
        raise bad_value(name, rule if word is None else f"{word!r} or {rule}", value)


def check_choice(name: str, value: Any, choices: tuple[str | None, ...]) -> None:
    """Refuse what is none of the choices."""
    if not (value is None or isinstance(value, str)) or value not in choices:
        raise bad_value(name, f"one of {', '.join(map(repr, choices))}", value)


def check_switch(name: str, value: Any) -> None:
    """Refuse what is neither True nor False."""
    if not isinstance(value, bool | np.bool_):
        raise bad_value(name, "True or False", value)
