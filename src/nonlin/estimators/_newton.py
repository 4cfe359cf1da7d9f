"""Newton's method for linear models: a convex loss of the net inputs, plus a penalty on the weights.

Minimises Σ ωᵢ ℓ(zᵢ, yᵢ) + ½ Σ λ w² over the columns of W, where z = x W. The steps do not depend on the units of the
features, so unscaled tables take no more of them than scaled ones. One output takes exact steps, several take steps
by conjugate gradients, exact in the end. Where rows are many, every eighth row finds the start and stands for all in
the second derivatives; the value and the slope, which decide where it ends, are always those of all rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg.lapack import dpotrf, dtrtri

Array = np.ndarray[Any, Any]
_DENSE = 2000  # features up to which a matrix of second derivatives is formed and factorised
_HALVINGS = 40
_BLOCK = 2**16  # numbers in a block of rows, which fits the cache
_MANY = 2**14  # rows, and so many for each weight, from which every eighth is enough for a start
_PER_WEIGHT = 200
_STRIDE = 8
_START_TOL = 1e-4
_CG_STEPS = 1000


class Curve(NamedTuple):
    """A loss at some net inputs: its value by row, its slopes, its second derivatives, and these times a change of Z.

    ``bend`` has the shape of Z; between the outputs of a row there are second derivatives too, which ``bent`` knows.
    """

    value: Array
    slope: Array
    bend: Array
    bent: Callable[[Array], Array]


Loss = Callable[[Array, Array], Curve]


class Problem(NamedTuple):
    """What is to be minimised: inputs, coded targets, row weights, and a penalty for each input."""

    A: Array
    Y: Array
    weights: Array
    penalty: Array


class Solution(NamedTuple):
    """The weights, one column an output; the loss of each row; the steps taken; and whether the weights settled."""

    W: Array
    losses: Array
    steps: int
    converged: bool


def _single(value: Array, slope: Array, bend: Array) -> Curve:
    return Curve(value[:, 0], slope, bend, lambda U: bend * U)


def logistic(Z: Array, Y: Array) -> Curve:
    """Cross-entropy of the sigmoid: softplus(z) - y z for the only output."""
    small = np.exp(-np.abs(Z))
    large = 1 / (1 + small)  # the probability of the likelier class
    P = np.where(Z >= 0, large, small * large)
    return _single(np.log1p(small) + np.maximum(Z, 0) - Y * Z, P - Y, small * large**2)


def softmax(Z: Array, Y: Array) -> Curve:
    """Cross-entropy of the softmax: log Σ e^z - z_y."""
    Z = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(Z)
    total = P.sum(axis=1, keepdims=True)
    P /= total

    def bent(U: Array) -> Array:
        U = P * U
        U -= P * U.sum(axis=1, keepdims=True)
        return U

    return Curve(np.log(total[:, 0]) - np.einsum("ij,ij->i", Y, Z), P - Y, P * (1 - P), bent)


def squared_hinge(Z: Array, Y: Array) -> Curve:
    """max(0, 1 - y z)² for the only output, y = ±1."""
    slack = np.maximum(0, 1 - Y * Z)
    return _single(slack**2, -2 * Y * slack, 2.0 * (slack > 0))


def smooth_hinge(width: float) -> Loss:
    """The hinge max(0, 1 - y z) for the only output with its kink rounded: width · softplus((1 - y z)/width)."""

    def loss(Z: Array, Y: Array) -> Curve:
        margin = (1 - Y * Z) / width
        share = np.exp(-np.logaddexp(0, -margin))
        bend = share * np.exp(-np.logaddexp(0, margin)) / width
        return _single(width * np.logaddexp(0, margin), -Y * share, bend)

    return loss


def minimise(loss: Loss, problem: Problem, W: Array, tol: float, max_iter: int) -> Solution:
    """Newton steps from W until one promises to lower the mean loss by less than ``tol``."""
    many = len(problem.A) >= max(_MANY, _PER_WEIGHT * W.size)
    if many and not W.any():
        W = _start(loss, problem, W, max_iter)
    stride, before = _STRIDE if many else 1, np.inf
    total = problem.weights.sum()
    step_of = _newton_step if W.shape[1] == 1 and len(W) <= _DENSE else _iterative_step(problem)
    value, curve = _value(loss, problem, W)
    for steps in range(1, max_iter + 1):
        gradient = problem.A.T @ (problem.weights[:, None] * curve.slope) + problem.penalty[:, None] * W
        step = step_of(problem, curve, gradient, stride)
        promise = float((gradient * step).sum()) / 2 / total
        trial, trial_value, curve = _line_search(loss, problem, W, step, value)
        if not trial_value < value:  # rounding: the loss cannot fall any more
            return Solution(W, curve.value, steps, promise <= max(tol, 1e-6))
        W, value = trial, trial_value
        if promise <= tol:
            return Solution(W, curve.value, steps, True)
        stride, before = stride if promise < before / 10 else 1, promise
    return Solution(W, curve.value, max_iter, False)


def _start(loss: Loss, problem: Problem, W: Array, max_iter: int) -> Array:
    """The solution for every eighth row."""
    A, Y, weights = (np.ascontiguousarray(rows[::_STRIDE]) for rows in problem[:3])
    if not weights.any():
        return W
    share = weights.sum() / problem.weights.sum()
    return minimise(loss, Problem(A, Y, weights, problem.penalty * share), W, _START_TOL, max_iter).W


def _value(loss: Loss, problem: Problem, W: Array) -> tuple[float, Curve]:
    curve = loss(problem.A @ W, problem.Y)
    return float(problem.weights @ curve.value + 0.5 * (problem.penalty @ W**2).sum()), curve


def _line_search(loss: Loss, problem: Problem, W: Array, step: Array, value: float) -> tuple[Array, float, Curve]:
    """Halve the step until the loss falls; the last trial if it never does."""
    for halvings in range(_HALVINGS):
        trial = W - step / 2.0**halvings
        trial_value, curve = _value(loss, problem, trial)
        if trial_value < value:
            break
    return trial, trial_value, curve


def _newton_step(problem: Problem, curve: Curve, gradient: Array, stride: int) -> Array:
    bends = stride * problem.weights[::stride] * curve.bend[::stride, 0]
    root = _inverse_root(_products(problem.A[::stride], bends), problem.penalty)
    return np.asarray(root @ (root.T @ gradient))


def _products(A: Array, bends: Array) -> Array:
    """Aᵀ diag(bends) A, a block of rows at a time."""
    H, size = np.zeros((A.shape[1],) * 2), max(1, _BLOCK // A.shape[1])
    for start in range(0, len(A), size):
        rows = slice(start, start + size)
        T = A[rows] * np.sqrt(bends[rows])[:, None]
        H += T.T @ T
    return H


def _inverse_root(H: Array, penalty: Array) -> Array:
    """A matrix S with S Sᵀ = (H + diag(penalty))⁻¹; what nothing determines takes a ridge of rounding size."""
    diagonal = np.diag(H) + penalty
    scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    H = H / np.outer(scale, scale)
    failed, ridge = True, 1e-12
    while failed and np.isfinite(ridge):
        H.flat[:: len(H) + 1] = diagonal / scale**2 + ridge
        factor, failed = dpotrf(H, lower=1, clean=1)
        ridge *= 100
    inverse, _ = dtrtri(factor, lower=1)
    return np.asarray(inverse / scale).T


def _iterative_step(problem: Problem) -> Callable[[Problem, Curve, Array, int], Array]:
    """Steps by conjugate gradients, as exact as the distance from the end warrants.

    What preconditions them is the inputs' matrix of products times the mean second derivative; where that matrix would
    be too large, its diagonal.
    """
    dense = problem.A.shape[1] <= _DENSE
    products = _products(problem.A, problem.weights) if dense else problem.weights @ problem.A**2

    def step(problem: Problem, curve: Curve, gradient: Array, _stride: int) -> Array:
        weights = problem.weights[:, None]
        mean = float((weights * curve.bend).sum() / weights.sum() / gradient.shape[1])
        root = _inverse_root(mean * products, problem.penalty) if dense else None
        diagonal = None if dense else (mean * products + problem.penalty)[:, None] + np.finfo(np.float64).tiny

        def precondition(R: Array) -> Array:
            return R / diagonal if root is None else root @ (root.T @ R)

        def product(V: Array) -> Array:
            return np.asarray(problem.A.T @ (weights * curve.bent(problem.A @ V)) + problem.penalty[:, None] * V)

        return _conjugate_gradients(product, precondition, gradient, problem.weights.sum())

    return step


def _conjugate_gradients(
    product: Callable[[Array], Array], precondition: Callable[[Array], Array], target: Array, total: float
) -> Array:
    """Solve product(V) = target, to a share of the target that falls with its own size."""
    V, rest = np.zeros_like(target), target.copy()
    direction = fall = precondition(rest)
    size = first = float((rest * fall).sum())
    share = min(0.5, (first / total) ** 0.25)
    for _ in range(_CG_STEPS):
        if size <= share**2 * first:
            break
        turned = product(direction)
        length = size / float((direction * turned).sum())
        V += length * direction
        rest -= length * turned
        fall = precondition(rest)
        before, size = size, float((rest * fall).sum())
        direction = fall + size / before * direction
    return V
