"""The perceptron's corrections, compiled: one pass over rows in a given order."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np

from nonlin.backends.numba import python_function

Array = np.ndarray[Any, Any]


class Pass(NamedTuple):
    """What a pass met: the sum of the losses ω max(0, -y z), and how many rows it corrected."""

    loss: float
    corrections: int


@nb.njit(error_model="numpy", boundscheck=False)
def corrections_in_turn(
    X: Array, Y: Array, weights: Array, order: Array, W: Array, b: Array, rate: float, learns_bias: bool
) -> tuple[float, int]:
    """Correct each row with y z ≤ 0 by w += η ω y x and b += η ω y, in place; return the loss and the corrections."""
    loss, corrections = 0.0, 0
    for i in order:
        x = X[i]
        for k in range(Y.shape[1]):
            w, y, z = W[k], Y[i, k], b[k]
            for j in range(x.size):
                z += w[j] * x[j]
            if y * z > 0 or weights[i] == 0:
                continue
            loss -= weights[i] * y * z
            corrections += 1
            step = rate * weights[i] * y
            for j in range(x.size):
                w[j] += step * x[j]
            if learns_bias:
                b[k] += step
    return loss, corrections


_corrections_in_turn = python_function(corrections_in_turn, 8)


def correct(
    X: Array, Y: Array, weights: Array, order: Array, W: Array, b: Array, rate: float, learns_bias: bool
) -> Pass:
    """One pass of Rosenblatt's corrections over the rows in ``order``; changes W and b.

    Parameters
    ----------
    X : (n, n_features)
    Y : (n, n_outputs), -1 or +1
    weights : (n,)
    order : (m,) integers
    W : (n_outputs, n_features)
    b : (n_outputs,)
    rate : η
    learns_bias : whether b is corrected too
    """
    return Pass(*_corrections_in_turn(X, Y, weights, order, W, b, rate, learns_bias))
