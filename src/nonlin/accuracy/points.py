"""Where activations are measured: at hard points, at break points and their neighbours, and at random ones."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nonlin.activation import Activation
from nonlin.formula.breaks import break_points

Array = np.ndarray[Any, Any]

HARD = (
    0.0, 5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-45, 1e-39, 1.1754943508222875e-38, 1e-30, 1e-17, 1e-8,
    1e-3, 0.5, 1.0, 3.0, 6.0, 9.1, 13.2, 19.0, 20.0, 33.3, 36.8, 38.0, 87.3, 88.7, 103.9, 104.0, 700.0, 709.7, 710.5,
    744.0, 746.0, 1e8, 1e16, 1e20, 1e38, 3.4028234663852886e38, 1e154, 1e300, 1.7976931348623157e308,
)  # fmt: skip
"""Zero, the ends of both formats, and where exponentials, their squares and logarithms begin, round off and end."""

PARAMETER_VALUES = (0.25, 2.0)
"""Besides an activation's own values, each of its parameters is given these."""


def variations(activation: Activation) -> list[Activation]:
    """The activation, and if it has parameters the same formula at other values of them."""
    values = PARAMETER_VALUES if activation.params else ()
    return [activation, *(activation.with_params(**dict.fromkeys(activation.params, value)) for value in values)]


def points(activation: Activation, dtype: Any, count: int, seed: int) -> Array:
    """The points of an activation in a precision: the hard ones of both signs, the breaks, and ``count`` random ones.

    A quarter of the random points is of every size that the format holds, down to the subnormal numbers; a quarter has
    sizes from 2^-30 to 2^11; half lie between -12 and 12.
    """
    rng = np.random.default_rng(seed)
    few, many = count // 4, count - 2 * (count // 4)
    usual = rng.choice([-1.0, 1.0], few) * np.exp2(rng.uniform(-30, 11, few))
    random = np.concatenate(
        [every_size(dtype, few, rng), usual.astype(dtype), rng.uniform(-12, 12, many).astype(dtype)]
    )
    with np.errstate(over="ignore", under="ignore"):  # float32 does not hold all of them
        hard = np.array([*HARD, *np.negative(HARD)]).astype(dtype)
    return np.unique(np.concatenate([hard[np.isfinite(hard)], around(activation, dtype), random]))


def every_size(dtype: Any, count: int, rng: np.random.Generator) -> Array:
    """Random finite numbers of every exponent, as random bits give them."""
    integer = np.uint64 if dtype == np.float64 else np.uint32
    bits = rng.integers(0, 2 ** (8 * integer().itemsize), 2 * count + 8, dtype=integer, endpoint=False)
    numbers: Array = bits.view(dtype)
    return numbers[np.isfinite(numbers)][:count]


def around(activation: Activation, dtype: Any) -> Array:
    """The points at which the formula changes its branch, with two neighbours on either side."""
    found = [float(x) for x in break_points(activation.expression, activation.params)]
    breaks = np.array([x for x in found if math.isfinite(x)], dtype)
    down, up = np.nextafter(breaks, dtype(-np.inf)), np.nextafter(breaks, dtype(np.inf))
    return np.concatenate([breaks, down, up, np.nextafter(down, dtype(-np.inf)), np.nextafter(up, dtype(np.inf))])
