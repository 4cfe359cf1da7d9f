"""Why a network learns or does not: what its hidden units do on the rows that it was trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nonlin.nn.network import hidden

Array = np.ndarray[Any, Any]
DEAD, SATURATED = 1e-3, 1e-2
_ROWS = 2000


@dataclass(frozen=True)
class LayerHealth:
    """The state of one hidden layer.

    Attributes
    ----------
    layer : its number, from 1
    units : its width
    dead : share of units whose |φ'(z)| is below 0.001 of the layer's largest for every row: no row can train them
    saturated : share of (unit, row) pairs whose |φ'(z)| is below 0.01 of the layer's largest
    """

    layer: int
    units: int
    dead: float
    saturated: float


def layer_health(model: Any, X: Array) -> tuple[LayerHealth, ...]:
    """The health of every hidden layer of a fitted network, on at most 2,000 evenly spaced rows of X."""
    rows = np.ascontiguousarray(X[:: max(1, len(X) // _ROWS)][:_ROWS], dtype=model._theta.dtype)
    layers = hidden(model._network(), model._theta, rows)
    return tuple(health(i, slopes) for i, (_, slopes) in enumerate(layers, start=1))


def health(layer: int, slopes: Array) -> LayerHealth:
    """The health of a layer with these slopes φ'(z), (n, units)."""
    steepness = np.abs(slopes)
    top = float(steepness.max())
    if top == 0:
        return LayerHealth(layer, slopes.shape[1], 1.0, 1.0)
    dead = float((steepness.max(axis=0) < DEAD * top).mean())
    return LayerHealth(layer, slopes.shape[1], dead, float((steepness < SATURATED * top).mean()))
