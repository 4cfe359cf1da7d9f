"""The losses, as kernels on the net input of the output layer.

A loss is ``double loss(T *z, const T *y, const T *w, int64 rows, int64 columns, double scale, const double *params)``.
It returns the weighted sum of the losses of the rows and replaces ``z`` by its derivative times ``scale``.
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

    ``targets`` is "real", "counts" (real, not negative), "zero_one" (one column of 0/1 or one-hot columns) or
    "plus_minus" (-1/+1). ``public`` is what users call it, and ``exclusive`` says whether it is for several classes of
    which one holds; ``params`` names its parameters.
    """

    name: str
    kernel: Callable[..., float]
    output: str
    targets: str
    public: str
    exclusive: bool = False
    params: tuple[str, ...] = ()


@compiled
def binary_cross_entropy(pz, py, pw, rows, columns, scale, params):
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
def softmax_cross_entropy(pz, py, pw, rows, columns, scale, params):
    """log Σ e^{z_j} - z_y; derivative softmax(z) - y."""
    z, y, w = carray(pz, (rows, columns)), carray(py, (rows, columns)), carray(pw, (rows,))
    total = 0.0
    for i in range(rows):
        top = z[i, 0]
        for j in range(1, columns):
            top = max(top, z[i, j])
        hit = 0.0
        for j in range(columns):
            z[i, j] -= top
            hit += y[i, j] * z[i, j]
        total -= w[i] * hit
    every = carray(pz, (rows * columns,))
    for k in range(every.size):  # over contiguous numbers, so that it vectorises
        every[k] = _exp(np.float64(every[k]))
    for i in range(rows):
        norm = 0.0
        for j in range(columns):
            norm += z[i, j]
        total += w[i] * math.log(norm)
        for j in range(columns):
            z[i, j] = scale * w[i] * (z[i, j] / norm - y[i, j])
    return total


@compiled
def softmax_focal(pz, py, pw, rows, columns, scale, params):
    """-(1-p)^γ log p of the true class, p by softmax; derivative (γ p (1-p)^(γ-1) log p - (1-p)^γ)(y - softmax(z)).

    Lin et al. 2017, arXiv:1708.02002.
    """
    z, y, w = carray(pz, (rows, columns)), carray(py, (rows, columns)), carray(pw, (rows,))
    gamma = carray(params, (1,))[0]
    total = 0.0
    for i in range(rows):
        top = np.float64(z[i, 0])
        for j in range(1, columns):
            top = max(top, np.float64(z[i, j]))
        norm, hit = 0.0, 0.0
        for j in range(columns):
            norm += _exp(z[i, j] - top)
            hit += y[i, j] * (z[i, j] - top)
        log_p = hit - math.log(norm)
        p = _exp(log_p)
        rest = -math.expm1(log_p)
        total -= w[i] * rest**gamma * log_p
        slope = (gamma * p * rest ** (gamma - 1) * log_p if rest > 0 else 0.0) - rest**gamma
        for j in range(columns):
            z[i, j] = scale * w[i] * slope * (y[i, j] - _exp(z[i, j] - top) / norm)
    return total


@compiled
def _each(rule, share, pz, py, pw, rows, columns, scale, params):
    """A loss of each output by itself: ``rule(z, y, params)`` is its value and its derivative."""
    z, y, w = carray(pz, (rows, columns)), carray(py, (rows, columns)), carray(pw, (rows,))
    p = carray(params, (1,))
    total = 0.0
    for i in range(rows):
        for j in range(columns):
            value, slope = rule(np.float64(z[i, j]), np.float64(y[i, j]), p)
            total += share * w[i] * value
            z[i, j] = scale * share * w[i] * slope
    return total


@compiled
def _focal(z, y, p):
    """Of the true class, by net input u = ±z: σ(-u)^γ softplus(-u)."""
    total, slope = 0.0, 0.0
    for side in (1.0, -1.0):
        part = y if side > 0 else 1.0 - y
        wrong, cost = _sigmoid(-side * z), _softplus(-side * z)
        power = wrong ** p[0]
        total += part * power * cost
        slope -= part * side * power * (p[0] * (1.0 - wrong) * cost + wrong)
    return total, slope


@compiled
def binary_focal(pz, py, pw, rows, columns, scale, params):
    """(1-p)^γ log(1/p), p the probability of what is true, summed over the outputs (Lin et al. 2017)."""
    return _each(_focal, 1.0, pz, py, pw, rows, columns, scale, params)


@compiled
def _squared(z, y, p):
    return 0.5 * (z - y) * (z - y), z - y


@compiled
def squared_error(pz, py, pw, rows, columns, scale, params):
    """(z - y)²/2 averaged over the outputs; derivative (z - y)/outputs."""
    return _each(_squared, 1.0 / columns, pz, py, pw, rows, columns, scale, params)


@compiled
def _absolute(z, y, p):
    error = z - y
    return abs(error), np.sign(error)


@compiled
def absolute_error(pz, py, pw, rows, columns, scale, params):
    """|z - y| averaged over the outputs; derivative ±1, 0 where they are equal. Its minimum is the median."""
    return _each(_absolute, 1.0 / columns, pz, py, pw, rows, columns, scale, params)


@compiled
def _huber(z, y, p):
    error, size = z - y, abs(z - y)
    if size > p[0]:
        return p[0] * (size - 0.5 * p[0]), p[0] * np.sign(error)
    return 0.5 * error * error, error


@compiled
def huber(pz, py, pw, rows, columns, scale, params):
    """(z - y)²/2 up to |z - y| = δ, and the tangent from there on (Huber 1964, doi:10.1214/aoms/1177703732)."""
    return _each(_huber, 1.0 / columns, pz, py, pw, rows, columns, scale, params)


@compiled
def _pinball(z, y, p):
    error = y - z
    if error == 0.0:
        return 0.0, 0.0
    slope = (1.0 if error < 0.0 else 0.0) - p[0]
    return -slope * error, slope + 0.0 * error  # NaN stays NaN


@compiled
def quantile(pz, py, pw, rows, columns, scale, params):
    """q (y - z) below y and (1-q)(z - y) above it: its minimum is the quantile q (Koenker & Bassett 1978)."""
    return _each(_pinball, 1.0 / columns, pz, py, pw, rows, columns, scale, params)


@compiled
def _poisson(z, y, p):
    mean = math.exp(z)
    constant = y * math.log(y) - y if y > 0.0 else 0.0
    return mean - y * z + constant, mean - y


@compiled
def poisson(pz, py, pw, rows, columns, scale, params):
    """Half the deviance of counts y with mean e^z, y log(y/e^z) - y + e^z; derivative e^z - y."""
    return _each(_poisson, 1.0 / columns, pz, py, pw, rows, columns, scale, params)


@compiled
def hinge(pz, py, pw, rows, columns, scale, params):
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


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("binary_cross_entropy", binary_cross_entropy, "logistic", "zero_one", "log_loss"),
        Loss("softmax_cross_entropy", softmax_cross_entropy, "softmax", "zero_one", "log_loss", exclusive=True),
        Loss("binary_focal", binary_focal, "logistic", "zero_one", "focal", params=("focal_gamma",)),
        Loss("softmax_focal", softmax_focal, "softmax", "zero_one", "focal", exclusive=True, params=("focal_gamma",)),
        Loss("hinge", hinge, "identity", "plus_minus", "hinge"),
        Loss("squared_error", squared_error, "identity", "real", "squared_error"),
        Loss("absolute_error", absolute_error, "identity", "real", "absolute_error"),
        Loss("huber", huber, "identity", "real", "huber", params=("huber_delta",)),
        Loss("quantile", quantile, "identity", "real", "quantile", params=("quantile",)),
        Loss("poisson", poisson, "exp", "counts", "poisson"),
    )
}


def public_names(*, classes: bool) -> tuple[str, ...]:
    """What users call the losses for classes, or those for numbers."""
    codings = ("zero_one", "plus_minus") if classes else ("real", "counts")
    return tuple(dict.fromkeys(loss.public for loss in LOSSES.values() if loss.targets in codings))


def chosen(public: str, *, exclusive: bool) -> Loss:
    """The loss that users call so: the one for exclusive classes where there are two of that name."""
    kin = [loss for loss in LOSSES.values() if loss.public == public]
    return next((loss for loss in kin if loss.exclusive == exclusive), kin[0])


@lru_cache(maxsize=64)
def loss_kernel(name: str, storage: Any) -> Any:
    """The compiled loss for arrays of the Numba type ``storage``."""
    p = types.CPointer(storage)
    signature = types.float64(p, p, p, types.int64, types.int64, types.float64, types.CPointer(types.float64))
    return c_function(LOSSES[name].kernel, signature)
