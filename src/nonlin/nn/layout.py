"""Where each layer's weights and biases lie in the one flat buffer of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Layout:
    """The widths of a network, from the inputs to the outputs, and the offsets that follow from them.

    Examples
    --------
    >>> Layout((2, 200, 1)).size
    801
    """

    widths: tuple[int, ...]

    @cached_property
    def table(self) -> Array:
        """One row a layer: offset of its weights, offset of its biases, fan-in, fan-out, units of the layers before."""
        rows, offset, units = [], 0, 0
        for fan_in, fan_out in zip(self.widths[:-1], self.widths[1:], strict=True):
            rows.append((offset, offset + fan_in * fan_out, fan_in, fan_out, units))
            offset += (fan_in + 1) * fan_out
            units += fan_out
        return np.array(rows, dtype=np.int64)

    @cached_property
    def size(self) -> int:
        """The number of parameters."""
        return sum((a + 1) * b for a, b in zip(self.widths[:-1], self.widths[1:], strict=True))

    @cached_property
    def largest(self) -> int:
        """The number of weights of the layer that has most."""
        return max(a * b for a, b in zip(self.widths[:-1], self.widths[1:], strict=True))

    def weights(self, theta: Array) -> list[Array]:
        """Views of the weights, one (fan_in, fan_out) matrix a layer."""
        return [theta[w:b].reshape(fan_in, fan_out) for w, b, fan_in, fan_out, _ in self.table]

    def biases(self, theta: Array) -> list[Array]:
        """Views of the biases, one vector a layer."""
        return [theta[b : b + fan_out] for _, b, _, fan_out, _ in self.table]
