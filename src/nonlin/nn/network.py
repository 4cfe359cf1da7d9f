"""Forward and backward through a network of any depth, compiled once for all activations and losses.

The compiled functions take plain arrays: ``theta`` (all parameters) and ``net``, the tuple of :meth:`Network.compiled`:
where each layer's parameters lie (see :class:`~nonlin.nn.layout.Layout`), the address of each hidden layer's
activation, one row of kernel parameters a hidden layer, the address of the loss, and room for a block's signals, its
slopes and one matrix product. Rows go through in blocks, so that a block's signals stay in the cache.
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
from nonlin.nn.products import NARROW, add_multiple, add_weight_gradient, affine, all_finite, back_through

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

    def compiled(self, rows: int) -> tuple[Any, ...]:
        """The network as the compiled functions take it, with room for so many rows at once."""
        variant = "fast" if self.dtype == np.float32 else "float64"
        kernels = np.array([a.kernel_address(variant) for a in self.activations], dtype=np.int64)
        loss = int(loss_kernel(self.loss, nb.from_dtype(np.dtype(self.dtype))).address)
        return self.layout.table, kernels, self._params(), loss, *self._workspace(min(rows, self.block))

    def _params(self) -> Array:
        rows = [a.kernel_params for a in self.activations]
        table = np.zeros((len(rows), max((row.size for row in rows), default=0)))
        for row, filled in zip(table, rows, strict=True):
            row[: filled.size] = filled
        return table

    def _workspace(self, rows: int) -> tuple[Array, Array, Array]:
        largest = max(int((self.layout.table[:, 2:].prod(axis=1)).max()), rows * max(self.layout.widths))
        outputs = sum(self.layout.widths[1:])
        return (
            np.empty(rows * outputs, self.dtype), np.empty(rows * outputs, self.dtype), np.empty(largest, self.dtype)
        )  # fmt: skip


@_jit
def _borrow(net):
    """The same tuple with arrays whose views cost nothing."""
    table, kernels, params, loss, signals, slopes, scratch = net
    return (
        borrowed(table), borrowed(kernels), borrowed(params), loss,
        borrowed(signals), borrowed(slopes), borrowed(scratch),
    )  # fmt: skip


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
def forward_block(X, theta, net):
    """Leave the signals and slopes of every hidden layer, and the net input of the output, in the workspace."""
    table, kernels, params, _, signals, slopes, _ = net
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
def gradient_block(X, Y, w, scale, theta, grad, net):
    """Add the gradient of the block's weighted loss, times ``scale``, to ``grad``; return the weighted loss."""
    table, _, _, loss, signals, slopes, scratch = net
    rows, last = X.shape[0], table.shape[0] - 1
    D = forward_block(X, theta, net)
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
def loss_and_gradient(X, Y, w, alpha, theta, grad, net, block):
    """Mean loss and its gradient over all rows, with scikit-learn's penalty: alpha/2 Σ w² per unit of row weight."""
    X, Y, w, theta, grad, net = (
        borrowed(X),
        borrowed(Y),
        borrowed(w),
        borrowed(theta),
        borrowed(grad),
        _borrow(net),
    )
    grad[:] = 0
    weight = w.sum()
    total = 0.0
    for i in range(0, X.shape[0], block):
        part = slice(i, min(i + block, X.shape[0]))
        total += gradient_block(X[part], Y[part], w[part], 1.0 / weight, theta, grad, net)
    return total / weight + add_penalty(theta, grad, net[0], alpha / weight)


@_jit
def predict_blocks(X, theta, net, block):
    """The net input of the output layer for all rows."""
    Z = np.empty((X.shape[0], net[0][-1, 3]), X.dtype)
    for i in range(0, X.shape[0], block):
        part = slice(i, min(i + block, X.shape[0]))
        Z[part] = forward_block(X[part], theta, net)
    return Z


@_jit
def loss_of(Z, Y, w, loss):
    """The weighted sum of the losses of net inputs Z, which it overwrites."""
    return call_double(loss, (Z, Y, w, Z.shape[0], Z.shape[1], 0.0))


@_jit
def shuffle(order, seed):
    """Shuffle in place (Fisher and Yates), with random numbers of xorshift64*, whose state is ``seed[0]``."""
    x = seed[0]
    for i in range(order.size - 1, 0, -1):
        x ^= x >> np.uint64(12)
        x ^= x << np.uint64(25)
        x ^= x >> np.uint64(27)
        high = (x * np.uint64(2685821657736338717)) >> np.uint64(32)
        j = np.int64((high * np.uint64(i + 1)) >> np.uint64(32))
        order[i], order[j] = order[j], order[i]
    seed[0] = x


@_jit
def run_epoch(data, order, batch, alpha, theta, grad, state, hyper, optimiser, net, block):
    """One pass over the rows in the given order, a step after each batch; return the mean loss on the way.

    The loss is NaN if a parameter is no longer finite.
    """
    X, Y, w = data
    Xb, Yb, wb = (
        np.empty((batch, X.shape[1]), X.dtype),
        np.empty((batch, Y.shape[1]), Y.dtype),
        np.empty(batch, w.dtype),
    )
    total, weight = 0.0, 0.0
    for start in range(0, order.size, batch):
        rows = min(batch, order.size - start)
        for i in range(rows):
            k = order[start + i]
            wb[i] = w[k]
            for j in range(X.shape[1]):
                Xb[i, j] = X[k, j]
            for j in range(Y.shape[1]):
                Yb[i, j] = Y[k, j]
        batch_weight = wb[:rows].sum()
        mean = loss_and_gradient(Xb[:rows], Yb[:rows], wb[:rows], alpha, theta, grad, net, block)
        hyper[1] += 1
        call_void(optimiser, (theta, grad, state, theta.size, hyper))
        total += mean * batch_weight
        weight += batch_weight
    return total / weight if all_finite(theta) else np.nan


@_jit
def judge(value, watch):
    """Note an epoch's value (higher is better); return whether too many epochs in a row brought too little.

    ``watch`` holds the best value so far, the epochs since it rose by enough, what is enough, and how many are too
    many.
    """
    watch[1] = watch[1] + 1 if value < watch[0] + watch[2] else 0
    if value > watch[0]:
        watch[0] = value
    return watch[1] > watch[3]


@_jit
def run_epochs(
    data, order, seed, shuffled, batch, alpha, theta, grad, state, hyper, optimiser, net, block, losses, watch
):
    """Run epochs until ``losses`` is full, a loss is not finite, or they no longer fall; return how many."""
    for epoch in range(losses.size):
        if shuffled:
            shuffle(order, seed)
        loss = run_epoch(data, order, batch, alpha, theta, grad, state, hyper, optimiser, net, block)
        losses[epoch] = loss
        if judge(-loss, watch) or not np.isfinite(loss):
            return epoch + 1
    return losses.size


_forward, _predict = python_function(forward_block, 3), python_function(predict_blocks, 4)
_loss_of = python_function(loss_of, 4)


def forward(network: Network, theta: Array, X: Array) -> Array:
    """The net input of the output layer, one row a sample."""
    return np.asarray(_predict(X, theta, network.compiled(len(X)), network.block))


def mean_loss(network: Network, theta: Array, X: Array, Y: Array, w: Array) -> float:
    """The weighted mean loss, without penalty, over rows X with coded targets Y."""
    loss = network.compiled(0)[3]
    return float(_loss_of(forward(network, theta, X), Y, w, loss) / w.sum())


def hidden(network: Network, theta: Array, X: Array) -> Sequence[tuple[Array, Array]]:
    """Signals φ(z) and slopes φ'(z) of every hidden layer for all rows of X, one (n, units) pair a layer."""
    outputs = len(X) * sum(network.layout.widths[1:])
    signals, slopes = np.empty(outputs, network.dtype), np.empty(outputs, network.dtype)
    *fixed, _, _, scratch = network.compiled(0)
    _forward(X, theta, (*fixed, signals, slopes, scratch))
    pairs, start = [], 0
    for units in network.layout.widths[1:-1]:
        end = start + len(X) * units
        pairs.append((signals[start:end].reshape(-1, units), slopes[start:end].reshape(-1, units)))
        start = end
    return pairs
