"""Scores and other numbers as text."""

from __future__ import annotations

import math

LARGE = 1000.0
"""From here on a score is written with a power of ten, so that no column grows too wide."""


def figure(value: float, sign: str = "") -> str:
    """A score with three decimals, a large one with a power of ten, and no zero with a minus.

    Examples
    --------
    >>> figure(0.98765), figure(-0.0001), figure(0.5, "+"), figure(-93085514.358)
    ('0.988', '0.000', '+0.500', '-9.31e7')
    """
    if abs(value) < LARGE or not math.isfinite(value):
        return format(value, f"{sign}z.3f")
    return f"{sign if value > 0 else ''}{scientific(value)}"


def scientific(value: float) -> str:
    """Three figures and a power of ten.

    Examples
    --------
    >>> scientific(-1.4294e36), scientific(0.00001)
    ('-1.43e36', '1.00e-5')
    """
    figures, power = f"{value:.2e}".split("e")
    return f"{figures}e{int(power)}"
