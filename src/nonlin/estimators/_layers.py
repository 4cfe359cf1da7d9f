"""What a network is made of, from its parameters: widths, activations, and the rate that suits them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nonlin.activation import Activation
from nonlin.catalogue import get
from nonlin.errors import bad_value
from nonlin.nn.layout import Layout

DEFAULT_BATCH = 32


def default_rate(solver: str, layout: Layout) -> float:
    """The learning rate of "auto": smaller for wide and for deep networks."""
    base = 0.1 if solver == "sgd" else 0.01
    widest = max((*layout.widths[1:-1], 1))
    return float(base / np.sqrt(max(1.0, widest / 100)) / max(1, len(layout.widths) - 2))


def hidden_widths(sizes: Any) -> tuple[int, ...]:
    """The hidden layers' widths as a tuple.

    Raises
    ------
    InputError
        Not a positive integer or a sequence of these.
    """
    widths = tuple(sizes) if isinstance(sizes, Iterable) and not isinstance(sizes, str) else (sizes,)
    for width in widths:
        if isinstance(width, bool) or not isinstance(width, int | np.integer) or width < 1:
            raise bad_value("hidden_layer_sizes", "positive integers, one a hidden layer", sizes)
    return tuple(int(width) for width in widths)


def layer_activations(activation: Any, layers: int) -> tuple[Activation, ...]:
    """One activation per hidden layer, from one for all or a list.

    Raises
    ------
    InputError
        The list's length is not the number of hidden layers, or an entry is unknown.
    """
    if isinstance(activation, str | Activation):
        return (get(activation),) * layers
    if not isinstance(activation, list | tuple):
        raise bad_value("activation", "a name, a formula in z, an Activation, or a list of these", activation)
    if len(activation) != layers:
        raise bad_value("activation", f"one entry for each of the {layers} hidden layers", list(activation))
    return tuple(get(entry) for entry in activation)
