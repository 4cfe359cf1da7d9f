"""The losses, as kernels on the net input of the output layer.

A loss is ``double loss(T *z, const T *y, const T *w, int64 rows, int64 columns, double scale)``. It returns the
weighted sum of the losses of the rows and replaces ``z`` by its derivative times ``scale``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numba as nb
import numpy as np
from numba import carray, types

from nonlin.backends.numba import c_function
from nonlin.backends.scalar import ARITHMETIC, FASTMATH

compiled = nb.njit(error_model="numpy", fastmath={*FASTMATH, "reassoc"})
_exp, _softplus, _sigmoid = (getattr(ARITHMETIC["double"], n) for n in ("exp", "softplus", "sigmoid"))


@dataclass(frozen=True)
class Loss:
    """A loss: its kernel, the output activation that it implies, and how targets are coded.

    ``targets`` is "real", "zero_one" (one column of 0/1 or one-hot columns) or "plus_minus" (-1/+1).
    """

    name: str
    kernel: Callable[..., float]
    output: str
    targets: str


@compiled
def binary_cross_entropy(pz, py, pw, rows, columns, scale):
    """log(1+e^z) - y z summed over the outputs; derivative σ(z) - y."""
    z, y, w = carray(pz, (rows, columns)), carray(py, (rows, columns)), carray(pw, (rows,))
    total = 0.0
    if columns == 1:  # a loop over contiguous numbers, which vectorises
        only_z, only_y = carray(pz, (rows,)), carray(py, (rows,))
        for i in range(rows):
            x, t = np.float64(only_z[i]), np.float64(only_y[i])
            total += w[i] * (_softplus(x) - t * x)
            only_z[i] = scale * w[i] * (_sigmoid(x) - t)
        return total
    for i in range(rows):
        for j in range(columns):
            x, t = np.float64(z[i, j]), np.float64(y[i, j])
            total += w[i] * (_softplus(x) - t * x)
            z[i, j] = scale * w[i] * (_sigmoid(x) - t)
    return total


@compiled
def softmax_cross_entropy(pz, py, pw, rows, columns, scale):
    """log Σ e^{z_j} - z_y; derivative softmax(z) - y."""
    z, y, w = carray(pz, (rows, columns)), carray(py, (rows, columns)), carray(pw, (rows,))
    total = 0.0
    for i in range(rows):
        top = np.float64(z[i, 0])
        for j in range(1, columns):
            top = max(top, np.float64(z[i, j]))
        norm, hit = 0.0, 0.0
        for j in range(columns):
            norm += _exp(z[i, j] - top)
            hit += y[i, j] * (z[i, j] - top)
        total += w[i] * (math.log(norm) - hit)
        for j in range(columns):
            z[i, j] = scale * w[i] * (_exp(z[i, j] - top) / norm - y[i, j])
    return total


@compiled
def squared_error(pz, py, pw, rows, columns, scale):
    """(z - y)²/2 averaged over the outputs; derivative (z - y)/outputs."""
    z, y, w = carray(pz, (rows, columns)), carray(py, (rows, columns)), carray(pw, (rows,))
    total = 0.0
    for i in range(rows):
        for j in range(columns):
            error = np.float64(z[i, j]) - y[i, j]
            total += 0.5 * w[i] * error * error / columns
            z[i, j] = scale * w[i] * error / columns
    return total


@compiled
def hinge(pz, py, pw, rows, columns, scale):
    """max(0, 1 - y z) summed over the outputs, y = ±1; derivative -y inside the margin, 0 on its edge."""
    z, y, w = carray(pz, (rows, columns)), carray(py, (rows, columns)), carray(pw, (rows,))
    total = 0.0
    for i in range(rows):
        for j in range(columns):
            slack = 1.0 - y[i, j] * np.float64(z[i, j])
            inside = 1.0 if slack > 0.0 else slack * 0.0  # NaN stays NaN
            total += w[i] * inside * slack
            z[i, j] = -scale * w[i] * inside * y[i, j]
    return total


@compiled
def perceptron(pz, py, pw, rows, columns, scale):
    """max(0, -y z) summed over the outputs, y = ±1; a net input of 0 counts as wrong, or nothing would start."""
    z, y, w = carray(pz, (rows, columns)), carray(py, (rows, columns)), carray(pw, (rows,))
    total = 0.0
    for i in range(rows):
        for j in range(columns):
            margin = y[i, j] * np.float64(z[i, j])
            wrong = 1.0 if margin <= 0.0 else margin * 0.0
            total -= w[i] * wrong * margin
            z[i, j] = -scale * w[i] * wrong * y[i, j]
    return total


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("binary_cross_entropy", binary_cross_entropy, "logistic", "zero_one"),
        Loss("softmax_cross_entropy", softmax_cross_entropy, "softmax", "zero_one"),
        Loss("squared_error", squared_error, "identity", "real"),
        Loss("hinge", hinge, "identity", "plus_minus"),
        Loss("perceptron", perceptron, "identity", "plus_minus"),
    )
}


@lru_cache(maxsize=64)
def loss_kernel(name: str, storage: Any) -> Any:
    """The compiled loss for arrays of the Numba type ``storage``."""
    p = types.CPointer(storage)
    signature = types.float64(p, p, p, types.int64, types.int64, types.float64)
    return c_function(LOSSES[name].kernel, signature)
