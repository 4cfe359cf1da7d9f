"""Forward and backward through a network of any depth, compiled once for all activations and losses.

The compiled functions take plain arrays: ``theta`` (all parameters), ``table`` (where each layer's lie, see
:class:`~nonlin.nn.layout.Layout`), ``kernels`` (the address of each hidden layer's activation) and ``params`` (one
row of kernel parameters a hidden layer). Rows go through in blocks, so that a block's signals stay in the cache.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numba as nb
import numpy as np

from nonlin.activation import Activation
from nonlin.backends.intrinsics import borrowed, call_double, call_void
from nonlin.backends.numba import python_function
from nonlin.nn.layout import Array, Layout
from nonlin.nn.losses import loss_kernel
from nonlin.nn.products import NARROW, add_multiple, add_weight_gradient, affine, back_through

_NARROW_BLOCK, _BLAS_BLOCK = 64, 1024
_jit = nb.njit(nogil=True, error_model="numpy", boundscheck=False)


@dataclass(frozen=True)
class Network:
    """What a network computes: its layout, the activation of each hidden layer, its loss and its precision."""

    layout: Layout
    activations: tuple[Activation, ...]
    loss: str
    dtype: Any

    @property
    def block(self) -> int:
        """The rows that go through together: few where own loops work in the first cache, many for BLAS."""
        narrow = all(a <= NARROW or b == 1 for a, b in itertools.pairwise(self.layout.widths))
        return _NARROW_BLOCK if narrow else _BLAS_BLOCK

    def kernels(self) -> Array:
        """The addresses of the activations' kernels."""
        variant = "fast" if self.dtype == np.float32 else "float64"
        return np.array([a.kernel_address(variant) for a in self.activations], dtype=np.int64)

    def params(self) -> Array:
        """The activations' kernel parameters, one row a layer."""
        rows = [a.kernel_params for a in self.activations]
        table = np.zeros((len(rows), max((row.size for row in rows), default=0)))
        for row, filled in zip(table, rows, strict=True):
            row[: filled.size] = filled
        return table

    def loss_address(self) -> int:
        """The address of the loss's kernel."""
        return int(loss_kernel(self.loss, nb.from_dtype(np.dtype(self.dtype))).address)

    def workspace(self, rows: int) -> tuple[Array, Array, Array]:
        """Room for a block's signals, its slopes, and one matrix product."""
        rows = min(rows, self.block)
        table = self.layout.table
        largest = max(int((table[:, 2] * table[:, 3]).max()), rows * max(self.layout.widths))
        outputs = sum(self.layout.widths[1:])
        return tuple(np.empty(size, self.dtype) for size in (rows * outputs, rows * outputs, largest))  # type: ignore[return-value]


@_jit
def _layer(theta, table, layer):
    w, b, fan_in, fan_out = table[layer]
    return theta[w:b].reshape(fan_in, fan_out), theta[b : b + fan_out]


@_jit
def _signal(buffer, table, layer, rows):
    """The part of a workspace that belongs to the outputs of a layer."""
    start = rows * table[:layer, 3].sum()
    return buffer[start : start + rows * table[layer, 3]]


@_jit
def forward_block(X, theta, table, kernels, params, signals, slopes):
    """Leave the signals and slopes of every hidden layer, and the net input of the output, in the workspace."""
    rows, last = X.shape[0], table.shape[0] - 1
    A = X
    for layer in range(last + 1):
        W, b = _layer(theta, table, layer)
        flat = _signal(signals, table, layer, rows)
        Z = flat.reshape(rows, W.shape[1])
        affine(A, W, b, Z)
        if layer < last:
            call_void(kernels[layer], (flat, _signal(slopes, table, layer, rows), flat.size, params[layer]))
        A = Z
    return A


@_jit
def gradient_block(X, Y, w, scale, theta, grad, table, kernels, params, loss, workspace):
    """Add the gradient of the block's weighted loss, times ``scale``, to ``grad``; return the weighted loss."""
    signals, slopes, scratch = workspace
    rows, last = X.shape[0], table.shape[0] - 1
    D = forward_block(X, theta, table, kernels, params, signals, slopes)
    total = call_double(loss, (D, Y, w, rows, Y.shape[1], scale))
    for layer in range(last, -1, -1):
        G, g = _layer(grad, table, layer)
        if layer == 0:
            add_weight_gradient(X, D, G, g, scratch)
            break
        below = _signal(signals, table, layer - 1, rows).reshape(rows, G.shape[0])
        add_weight_gradient(below, D, G, g, scratch)
        S = _signal(slopes, table, layer - 1, rows).reshape(rows, G.shape[0])
        W, _ = _layer(theta, table, layer)
        back_through(D, W, S, scratch)
        D = S
    return total


@_jit
def add_penalty(theta, grad, table, strength):
    """Add the gradient of strength/2 · Σ w² to ``grad``; return the penalty. Biases are free."""
    if strength == 0.0:
        return 0.0
    total = 0.0
    for layer in range(table.shape[0]):
        first, end = table[layer, 0], table[layer, 1]
        total += add_multiple(theta[first:end], theta.dtype.type(strength), grad[first:end])
    return 0.5 * strength * total


@_jit
def loss_and_gradient(X, Y, w, alpha, theta, grad, table, kernels, params, loss, workspace, block):
    """Mean loss and its gradient over all rows, with the L2 penalty alpha/2 Σ w² per weighted row, as scikit-learn's."""
    X, Y, w, theta, grad = borrowed(X), borrowed(Y), borrowed(w), borrowed(theta), borrowed(grad)
    table, kernels, params = borrowed(table), borrowed(kernels), borrowed(params)
    workspace = borrowed(workspace[0]), borrowed(workspace[1]), borrowed(workspace[2])
    grad[:] = 0
    weight = w.sum()
    total = 0.0
    for i in range(0, X.shape[0], block):
        part = slice(i, min(i + block, X.shape[0]))
        total += gradient_block(
            X[part], Y[part], w[part], 1.0 / weight, theta, grad, table, kernels, params, loss, workspace
        )
    return total / weight + add_penalty(theta, grad, table, alpha / weight)


@_jit
def predict_blocks(X, theta, table, kernels, params, workspace, block):
    """The net input of the output layer for all rows."""
    signals, slopes, _ = workspace
    Z = np.empty((X.shape[0], table[-1, 3]), X.dtype)
    for i in range(0, X.shape[0], block):
        part = slice(i, min(i + block, X.shape[0]))
        Z[part] = forward_block(X[part], theta, table, kernels, params, signals, slopes)
    return Z


@_jit
def loss_of(Z, Y, w, loss):
    """The weighted sum of the losses of net inputs Z, which it overwrites."""
    return call_double(loss, (Z, Y, w, Z.shape[0], Z.shape[1], 0.0))


@_jit
def run_epoch(X, Y, w, order, batch, alpha, theta, grad, state, hyper, optimiser, table, kernels, params, loss, workspace, block):
    """One pass over the rows in the given order: a step after each batch. Return the mean loss on the way."""
    n = order.size
    Xb, Yb, wb = np.empty((batch, X.shape[1]), X.dtype), np.empty((batch, Y.shape[1]), Y.dtype), np.empty(batch, w.dtype)
    total, weight = 0.0, 0.0
    for start in range(0, n, batch):
        rows = min(batch, n - start)
        for i in range(rows):
            k = order[start + i]
            wb[i] = w[k]
            for j in range(X.shape[1]):
                Xb[i, j] = X[k, j]
            for j in range(Y.shape[1]):
                Yb[i, j] = Y[k, j]
        batch_weight = wb[:rows].sum()
        if batch_weight == 0:
            continue
        mean = loss_and_gradient(
            Xb[:rows], Yb[:rows], wb[:rows], alpha, theta, grad, table, kernels, params, loss, workspace, block
        )
        hyper[1] += 1
        call_void(optimiser, (theta, grad, state, theta.size, hyper))
        total += mean * batch_weight
        weight += batch_weight
    return total / weight


_forward, _predict = python_function(forward_block, 7), python_function(predict_blocks, 7)
_loss_of = python_function(loss_of, 4)


def forward(network: Network, theta: Array, X: Array) -> Array:
    """The net input of the output layer, one row a sample."""
    space = network.workspace(len(X))
    table, kernels, params = network.layout.table, network.kernels(), network.params()
    return np.asarray(_predict(X, theta, table, kernels, params, space, network.block))


def mean_loss(network: Network, theta: Array, X: Array, Y: Array, w: Array) -> float:
    """The weighted mean loss, without penalty, over rows X with coded targets Y."""
    return float(_loss_of(forward(network, theta, X), Y, w, network.loss_address()) / w.sum())


def hidden(network: Network, theta: Array, X: Array) -> Sequence[tuple[Array, Array]]:
    """Signals φ(z) and slopes φ'(z) of every hidden layer for all rows of X, one (n, units) pair a layer."""
    table = network.layout.table
    size = len(X) * int(table[:, 3].sum())
    signals, slopes = np.empty(size, network.dtype), np.empty(size, network.dtype)
    _forward(X, theta, table, network.kernels(), network.params(), signals, slopes)
    pairs, start = [], 0
    for units in network.layout.widths[1:-1]:
        end = start + len(X) * units
        pairs.append((signals[start:end].reshape(-1, units), slopes[start:end].reshape(-1, units)))
        start = end
    return pairs
