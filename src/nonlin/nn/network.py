"""Forward and backward through a network of any depth, compiled once for all activations and losses.

The compiled functions take plain arrays: ``theta`` (all parameters) and ``net``, the tuple of :meth:`Network.compiled`:
where each layer's parameters lie (see :class:`~nonlin.nn.layout.Layout`), the addresses of the activations, one row of
kernel parameters each, the address of the loss and its parameters, room for a block's signals, its slopes and one
matrix product, the share that each hidden layer drops with the state of its random numbers, and what belongs to
learned parameters of activations. Rows go through in blocks, so that a block's signals stay in the cache.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numba as nb
import numpy as np

from nonlin.activation import Activation
from nonlin.backends.intrinsics import borrowed, call_double, call_void, window
from nonlin.backends.numba import python_function
from nonlin.backends.threads import in_parts
from nonlin.nn import learned
from nonlin.nn.blas import few_threads
from nonlin.nn.dropout import drop, next_seed
from nonlin.nn.layout import Array, Layout
from nonlin.nn.losses import loss_kernel
from nonlin.nn.products import (
    NARROW,
    add_multiple,
    add_weight_gradient,
    affine,
    affine_by_row,
    back_through,
    by_row,
    copy_to,
)

_NARROW_BLOCK, _BLAS_BLOCK = 64, 1024
_TILED_BLOCK = 32  # with 100 units, the signals and the slopes that nobody asks for stay in the first cache
_WORTH_THREADS = 2**22  # multiplications: about 100 µs of one core
_jit = nb.njit(nogil=True, error_model="numpy", boundscheck=False)


@dataclass(frozen=True)
class Network:
    """What a network computes: its layout, the activation of each hidden layer, its loss and its precision.

    With ``trainable`` the parameters of the activations are learned too: they follow the weights in ``theta``.
    """

    layout: Layout
    activations: tuple[Activation, ...]
    loss: str
    dtype: Any
    loss_params: tuple[float, ...] = ()
    trainable: bool = False

    @property
    def size(self) -> int:
        """The number of all parameters."""
        return self.layout.size + (sum(len(a.params) for a in self.activations) if self.trainable else 0)

    @property
    def is_narrow(self) -> bool:
        """Whether own loops do all products."""
        return all(a <= NARROW or b == 1 for a, b in itertools.pairwise(self.layout.widths))

    @property
    def block(self) -> int:
        """The rows that go through together: few where own loops work in the first cache, many for BLAS."""
        return _NARROW_BLOCK if self.is_narrow else _BLAS_BLOCK

    @property
    def prediction_block(self) -> int:
        """The rows that go through together where only values are wanted."""
        return _TILED_BLOCK if all(by_row(*pair) for pair in itertools.pairwise(self.layout.widths)) else self.block

    def is_quick(self, rows: int) -> bool:
        """Whether so many rows go through the network faster than threads could share them."""
        return rows * self.size < _WORTH_THREADS

    def few_threads(self, rows: int) -> AbstractContextManager[None]:
        """What to compute in, so many rows at a time."""
        if self.is_narrow:
            return nullcontext()
        return few_threads(min(rows, self.block) * self.layout.largest)

    def compiled(self, rows: int, dropout: float = 0.0, seed: int = 0) -> tuple[Any, ...]:
        """The network as the compiled functions take it, with room for so many rows at once."""
        table, kernels, params, loss, loss_params, layers, places, units = self._fixed
        rows = min(rows, self.block)
        return (
            table, kernels, params.copy(), loss, loss_params, *self._workspace(rows),
            np.full(len(self.activations), float(dropout)), np.array([seed], dtype=np.uint64), layers, places,
            np.empty(rows * units, self.dtype),
        )  # fmt: skip

    @cached_property
    def _fixed(self) -> tuple[Any, ...]:
        """What :meth:`compiled` need not make anew, and the units whose activations have learned parameters."""
        variant = "fast" if self.dtype == np.float32 else "float64"
        slopes = learned.parameter_slopes(self.activations) if self.trainable else []
        functions = [*self.activations, *(slope.function for slope in slopes)]
        kernels = np.array([a.kernel_address(variant) for a in functions], dtype=np.int64)
        loss = int(loss_kernel(self.loss, nb.from_dtype(np.dtype(self.dtype))).address)
        return (
            self.layout.table, kernels, _rows_of([a.kernel_params for a in functions]), loss,
            np.array(self.loss_params, dtype=np.float64), np.array([slope.layer for slope in slopes], dtype=np.int64),
            learned.places(self.activations, slopes), sum(self.layout.widths[slope.layer + 1] for slope in slopes),
        )  # fmt: skip

    def _workspace(self, rows: int) -> tuple[Array, Array, Array]:
        largest = max(self.layout.largest, rows * max(self.layout.widths))
        outputs = sum(self.layout.widths[1:])
        return (
            np.empty(rows * outputs, self.dtype), np.empty(rows * outputs, self.dtype), np.empty(largest, self.dtype)
        )  # fmt: skip

    def fitted_activations(self, theta: Array) -> tuple[Activation, ...]:
        """The activations with the values that their parameters have in ``theta``."""
        return learned.with_values(self.activations, theta[self.layout.size :]) if self.trainable else self.activations


def _rows_of(rows: Sequence[Array]) -> Array:
    table = np.zeros((len(rows), max((row.size for row in rows), default=0)))
    for row, filled in zip(table, rows, strict=True):
        row[: filled.size] = filled
    return table


@_jit
def _borrow(net):
    """The same tuple with arrays whose views cost nothing."""
    table, kernels, params, loss, loss_params, signals, slopes, scratch, shares, seed, layers, places, room = net
    return (
        borrowed(table), borrowed(kernels), borrowed(params), loss, borrowed(loss_params),
        borrowed(signals), borrowed(slopes), borrowed(scratch), borrowed(shares), borrowed(seed),
        borrowed(layers), borrowed(places), borrowed(room),
    )  # fmt: skip


@_jit
def _layer(theta, table, layer):
    fan_in, fan_out = table[layer, 2], table[layer, 3]
    return window(theta, table[layer, 0], (fan_in, fan_out)), window(theta, table[layer, 1], (fan_out,))


@_jit
def _signal(buffer, table, layer, rows):
    """The part of a workspace that belongs to the outputs of a layer, a row a sample."""
    return window(buffer, rows * table[layer, 4], (rows, table[layer, 3]))


@_jit
def _room_of(net, k, rows):
    """The part of a workspace that belongs to learned parameter k."""
    table, layers, room = net[0], net[10], net[12]
    start = 0
    for j in range(k):
        start += rows * table[layers[j], 3]
    return window(room, start, (rows, table[layers[k], 3]))


@_jit
def _read_learned(theta, net):
    """Put the learned parameters where the kernels look for them."""
    table, params, places = net[0], net[2], net[11]
    first = table[-1, 1] + table[-1, 3]
    for i in range(places.shape[0]):
        params[places[i, 0], places[i, 1]] = theta[first + places[i, 2]]


@_jit
def _parameter_slopes(z, unused, layer, rows, net):
    """Leave ∂φ/∂p for every learned parameter p of a layer in its room."""
    table, kernels, params, layers = net[0], net[1], net[2], net[10]
    hidden = table.shape[0] - 1
    for k in range(layers.size):
        if layers[k] == layer:
            P = _room_of(net, k, rows)
            copy_to(z, P)
            call_void(kernels[hidden + k], (P, unused, P.size, params[hidden + k]))


@_jit
def _drop_layer(signal, slope, layer, rows, net):
    shares, state, layers = net[8], net[9], net[10]
    seed = next_seed(state)
    drop(signal, shares[layer], seed)
    drop(slope, shares[layer], seed)
    for k in range(layers.size):
        if layers[k] == layer:
            drop(_room_of(net, k, rows), shares[layer], seed)


def _forward_by(affine):
    """The pass through all layers whose net inputs this function of ``products`` computes."""

    @_jit
    def forward_block(X, theta, net):
        """Leave the signals and slopes of every hidden layer, and the net input of the output, in the workspace."""
        table, kernels, params, signals, slopes, shares, layers = (
            net[0], net[1], net[2], net[5], net[6], net[8], net[10]
        )  # fmt: skip
        rows, last = X.shape[0], table.shape[0] - 1
        A = X
        for layer in range(last + 1):
            W, b = _layer(theta, table, layer)
            Z = _signal(signals, table, layer, rows)
            affine(A, W, b, Z)
            if layer < last:
                S = _signal(slopes, table, layer, rows)
                if layers.size > 0:
                    _parameter_slopes(Z, S, layer, rows, net)
                call_void(kernels[layer], (Z, S, Z.size, params[layer]))
                if shares[layer] > 0.0:
                    _drop_layer(Z, S, layer, rows, net)
            A = Z
        return A

    return forward_block


forward_block, _forward_by_row = _forward_by(affine), _forward_by(affine_by_row)


@_jit
def _add_learned_gradient(D, W, layer, rows, grad, net):
    """Add Σ ∂L/∂a ∂φ/∂p over the rows and units of a layer, for each of its learned parameters p."""
    table, scratch, layers = net[0], net[7], net[10]
    first = table[-1, 1] + table[-1, 3]
    for k in range(layers.size):
        if layers[k] == layer:
            P = _room_of(net, k, rows)
            back_through(D, W, P, scratch)
            grad[first + k] += P.sum()


@_jit
def gradient_block(X, Y, w, scale, theta, grad, net):
    """Add the gradient of the block's weighted loss, times ``scale``, to ``grad``; return the weighted loss."""
    table, loss, loss_params, signals, slopes, scratch, layers = (
        net[0], net[3], net[4], net[5], net[6], net[7], net[10]
    )  # fmt: skip
    rows, last = X.shape[0], table.shape[0] - 1
    D = forward_block(X, theta, net)
    total = call_double(loss, (D, Y, w, rows, Y.shape[1], scale, loss_params))
    for layer in range(last, -1, -1):
        G, g = _layer(grad, table, layer)
        if layer == 0:
            add_weight_gradient(X, D, G, g, scratch)
            break
        below = _signal(signals, table, layer - 1, rows)
        add_weight_gradient(below, D, G, g, scratch)
        W, _ = _layer(theta, table, layer)
        if layers.size > 0:
            _add_learned_gradient(D, W, layer - 1, rows, grad, net)
        S = _signal(slopes, table, layer - 1, rows)
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
    _read_learned(theta, net)
    weight = w.sum()
    total = 0.0
    for i in range(0, X.shape[0], block):
        part = slice(i, min(i + block, X.shape[0]))
        total += gradient_block(X[part], Y[part], w[part], 1.0 / weight, theta, grad, net)
    return total / weight + add_penalty(theta, grad, net[0], alpha / weight)


@_jit
def predict_blocks(X, theta, net, block, Z):
    """Leave the net input of the output layer for all rows in Z."""
    X, theta, net, Z = borrowed(X), borrowed(theta), _borrow(net), borrowed(Z)
    _read_learned(theta, net)
    for i in range(0, X.shape[0], block):
        part = slice(i, min(i + block, X.shape[0]))
        copy_to(_forward_by_row(X[part], theta, net), Z[part])


@_jit
def loss_of(Z, Y, w, loss, params):
    """The weighted sum of the losses of net inputs Z, which it overwrites."""
    return call_double(loss, (Z, Y, w, Z.shape[0], Z.shape[1], 0.0, params))


_forward, _predict = python_function(forward_block, 3), python_function(predict_blocks, 5)
_loss_of = python_function(loss_of, 5)


def forward(network: Network, theta: Array, X: Array) -> Array:
    """The net input of the output layer, one row a sample; by all processors where that is worth it."""
    Z, block = np.empty((len(X), network.layout.widths[-1]), X.dtype), network.prediction_block
    starts = np.arange(0, len(X), block)  # the same blocks, whoever computes them
    _ = network._fixed  # its kernels, once

    def work(some: Array) -> None:
        if some.size:
            rows = slice(some[0], some[-1] + block)
            _predict(X[rows], theta, network.compiled(min(block, len(X))), block, Z[rows])

    if network.is_quick(len(X)):
        with network.few_threads(len(X)):
            work(starts)
    else:
        with few_threads(0):
            in_parts(work, (starts,))
    return Z


def mean_loss_of(network: Network, Z: Array, Y: Array, w: Array) -> float:
    """The weighted mean loss of net inputs Z, which it overwrites."""
    loss, params = network._fixed[3:5]
    return float(_loss_of(Z, Y, w, loss, params) / w.sum())


def hidden(network: Network, theta: Array, X: Array) -> Sequence[tuple[Array, Array]]:
    """Signals φ(z) and slopes φ'(z) of every hidden layer for all rows of X, one (n, units) pair a layer."""
    outputs = len(X) * sum(network.layout.widths[1:])
    signals, slopes = np.empty(outputs, network.dtype), np.empty(outputs, network.dtype)
    net = network.compiled(0)
    _forward(X, theta, (*net[:5], signals, slopes, *net[7:]))
    pairs, start = [], 0
    for units in network.layout.widths[1:-1]:
        end = start + len(X) * units
        pairs.append((signals[start:end].reshape(-1, units), slopes[start:end].reshape(-1, units)))
        start = end
    return pairs
