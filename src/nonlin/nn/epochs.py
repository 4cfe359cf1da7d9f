"""Epochs of mini-batches, compiled: shuffle, step, and the rule that stops them."""

from __future__ import annotations

import numba as nb
import numpy as np

from nonlin.backends.intrinsics import call_void
from nonlin.nn.network import loss_and_gradient, loss_of, predict_blocks
from nonlin.nn.products import all_finite, copy_to

_jit = nb.njit(nogil=True, error_model="numpy", boundscheck=False)


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
def _clip(grad, longest):
    """Shorten the gradient to ``longest`` if it is longer."""
    length = np.sqrt((grad * grad).sum())
    if length > longest:
        for i in range(grad.size):
            grad[i] *= grad.dtype.type(longest / length)


@_jit
def _add_l1(theta, grad, table, strength):
    """Add a subgradient of strength · Σ |w|, 0 at 0, to ``grad``; return that penalty. Biases are free."""
    total = 0.0
    for layer in range(table.shape[0]):
        for i in range(table[layer, 0], table[layer, 1]):
            total += abs(np.float64(theta[i]))
            grad[i] += theta.dtype.type(strength) * np.sign(theta[i])
    return strength * total


@_jit
def _decay(theta, table, factor):
    """Shrink the weights; biases keep their size."""
    for layer in range(table.shape[0]):
        for i in range(table[layer, 0], table[layer, 1]):
            theta[i] *= theta.dtype.type(factor)


@_jit
def run_epoch(data, order, batch, rates, strengths, theta, grad, state, hyper, optimiser, net, block):
    """One pass over the rows in the given order, a step after each batch; return the mean loss on the way.

    ``rates`` are the learning rates at the start and at the end; ``strengths`` are those of the two penalties, Σ w²/2
    and Σ |w|, and of the decoupled decay, and the longest gradient. The loss is NaN if a parameter is no longer finite.
    """
    l2, l1, decay, longest = strengths
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
        mean = loss_and_gradient(Xb[:rows], Yb[:rows], wb[:rows], l2, theta, grad, net, block)
        if l1 > 0.0:
            mean += _add_l1(theta, grad, net[0], l1 / batch_weight)
        hyper[0] = rates[0] + (rates[1] - rates[0]) * (start / order.size)
        hyper[1] += 1
        if longest < np.inf:
            _clip(grad, longest)
        if decay > 0.0:
            _decay(theta, net[0], 1.0 - hyper[0] * decay)
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
def layer_norms(grad, table, norms):
    """The length of each layer's gradient, weights and biases together."""
    for layer in range(table.shape[0]):
        part = grad[table[layer, 0] : table[layer, 1] + table[layer, 3]]
        norms[layer] = np.sqrt((part * part).sum())


@_jit
def _mean_loss(rows, theta, net, block):
    """The mean loss of rows (X, Y, w, room for their net inputs); NaN where a net input is not finite."""
    X, Y, w, Z = rows
    predict_blocks(X, theta, net, block, Z)
    finite = np.isfinite(Z).all()
    loss = loss_of(Z, Y, w, net[3], net[4]) / w.sum()
    return loss if finite else np.nan


@_jit
def _note(watched, epoch, theta, highest):
    """Note the losses of the watched rows; keep the parameters if the score of those held out is the highest."""
    trained, held, net, block, noted, best_theta = watched
    noted[epoch, 0], noted[epoch, 1] = _mean_loss(trained, theta, net, block), _mean_loss(held, theta, net, block)
    if -noted[epoch, 1] > highest:
        copy_to(theta, best_theta)
    return -noted[epoch, 1]


@_jit
def run_epochs(
    data, order, seed, shuffled, batch, rates, strengths, theta, grad, state, hyper, optimiser, net, block, losses,
    norms, watch, watched,
):  # fmt: skip
    """Run epochs until ``losses`` is full, a loss is not finite, or they no longer fall; return how many.

    ``norms`` gets the length of each layer's gradient in an epoch's last step. ``watched`` holds the rows to measure
    after each epoch, (X, Y, w, Z) of some that are trained on and of those held out, the network and the block of rows
    to predict them with, room for their losses, and the best parameters. Where rows are held out, their loss decides.
    """
    for epoch in range(losses.size):
        if shuffled:
            shuffle(order, seed)
        loss = run_epoch(data, order, batch, rates[epoch], strengths, theta, grad, state, hyper, optimiser, net, block)
        losses[epoch] = loss
        layer_norms(grad, net[0], norms[epoch])
        value = -loss if watched[1][0].shape[0] == 0 else _note(watched, epoch, theta, watch[0])
        if judge(value, watch) or not np.isfinite(loss):
            return epoch + 1
    return losses.size
