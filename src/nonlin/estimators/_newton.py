"""Newton's method for linear models: a convex loss of the net inputs, plus a penalty on the weights.

Minimises Σ ωᵢ ℓ(zᵢ, yᵢ) + ½ Σ λ w² over the columns of W, where z = x W. The steps do not depend on the units of the
features, so unscaled tables take no more of them than scaled ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import scipy.linalg
from scipy.sparse.linalg import LinearOperator, cg

from nonlin.estimators import _targets

Array = np.ndarray[Any, Any]
_DENSE = 2000  # weights up to which the matrix of second derivatives is formed and factorised
_HALVINGS = 40


class Curve(NamedTuple):
    """A loss at some net inputs: its value by row, its slopes, and its second derivatives by pair of outputs."""

    value: Array
    slope: Array
    curvature: Callable[[int, int], Array]


Loss = Callable[[Array, Array], Curve]


class Problem(NamedTuple):
    """What is to be minimised: inputs, coded targets, row weights, and a penalty for each input."""

    A: Array
    Y: Array
    weights: Array
    penalty: Array


class Solution(NamedTuple):
    """The weights, one column an output; the steps taken; and whether they settled."""

    W: Array
    steps: int
    converged: bool


def logistic(Z: Array, Y: Array) -> Curve:
    """Cross-entropy of the sigmoid: softplus(z) - y z for the only output."""
    value = np.logaddexp(0, Z[:, 0]) - Y[:, 0] * Z[:, 0]
    P = _targets.probabilities(Z)
    return Curve(value, P[:, 1:] - Y, lambda _a, _b: P[:, 0] * P[:, 1])


def softmax(Z: Array, Y: Array) -> Curve:
    """Cross-entropy of the softmax: log Σ e^z - z_y."""
    P = _targets.probabilities(Z)
    value = -(Y * _targets.log_probabilities(Z)).sum(axis=1)
    return Curve(value, P - Y, lambda a, b: P[:, a] * ((a == b) - P[:, b]))


def squared_hinge(Z: Array, Y: Array) -> Curve:
    """max(0, 1 - y z)² for the only output, y = ±1."""
    slack = np.maximum(0, 1 - Y * Z)
    return Curve(slack[:, 0] ** 2, -2 * Y * slack, lambda _a, _b: 2.0 * (slack[:, 0] > 0))


def smooth_hinge(width: float) -> Loss:
    """The hinge max(0, 1 - y z) for the only output with its kink rounded: width · softplus((1 - y z)/width)."""

    def loss(Z: Array, Y: Array) -> Curve:
        margin = (1 - Y * Z) / width
        share = np.exp(-np.logaddexp(0, -margin))
        bend = share * np.exp(-np.logaddexp(0, margin)) / width
        return Curve(width * np.logaddexp(0, margin[:, 0]), -Y * share, lambda _a, _b: bend[:, 0])

    return loss


def minimise(loss: Loss, problem: Problem, W: Array, tol: float, max_iter: int) -> Solution:
    """Newton steps from W until one promises to lower the mean loss by less than ``tol``."""
    total = problem.weights.sum()
    value, curve = _value(loss, problem, W)
    for steps in range(1, max_iter + 1):
        gradient = problem.A.T @ (problem.weights[:, None] * curve.slope) + problem.penalty[:, None] * W
        step = _step(problem, curve, gradient)
        promise = float((gradient * step).sum()) / 2 / total
        trial, trial_value, curve = _line_search(loss, problem, W, step, value)
        if not trial_value < value:  # rounding: the loss cannot fall any more
            return Solution(W, steps, promise <= max(tol, 1e-6))
        W, value = trial, trial_value
        if promise <= tol:
            return Solution(W, steps, True)
    return Solution(W, max_iter, False)


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


def _step(problem: Problem, curve: Curve, gradient: Array) -> Array:
    return (
        _dense_step(problem, curve, gradient) if gradient.size <= _DENSE else _iterative_step(problem, curve, gradient)
    )


def _dense_step(problem: Problem, curve: Curve, gradient: Array) -> Array:
    """Solve by Cholesky's decomposition; a ridge of rounding size takes the directions that nothing determines."""
    H = _hessian(problem, curve, gradient.shape[1])
    scale = np.sqrt(np.diag(H))
    scale[scale == 0] = 1.0
    H /= np.outer(scale, scale)
    ridge = 1e-12
    while True:
        H[np.diag_indices_from(H)] += ridge
        try:
            factor = scipy.linalg.cho_factor(H)
        except scipy.linalg.LinAlgError:
            ridge *= 100
        else:
            solution = scipy.linalg.cho_solve(factor, gradient.ravel() / scale) / scale
            return np.asarray(solution).reshape(gradient.shape)


def _hessian(problem: Problem, curve: Curve, outputs: int) -> Array:
    """The second derivative with respect to the flattened weights (feature-major)."""
    A, features = problem.A, problem.A.shape[1]
    H = np.zeros((features, outputs, features, outputs))
    for a in range(outputs):
        for b in range(a, outputs):
            bend = problem.weights * curve.curvature(a, b)
            if bend.any():
                H[:, a, :, b] = H[:, b, :, a] = A.T @ (bend[:, None] * A)
    H = H.reshape(features * outputs, features * outputs)
    H[np.diag_indices_from(H)] += np.repeat(problem.penalty, outputs)
    return H


def _iterative_step(problem: Problem, curve: Curve, gradient: Array) -> Array:
    """Solve by conjugate gradients, where the matrix of second derivatives would be too large to form."""
    A, outputs = problem.A, gradient.shape[1]
    bends = [[problem.weights * curve.curvature(a, b) for b in range(outputs)] for a in range(outputs)]
    diagonal = np.column_stack([(A**2).T @ bends[a][a] for a in range(outputs)]) + problem.penalty[:, None]
    diagonal[diagonal == 0] = 1.0

    def product(flat: Array) -> Array:
        V = flat.reshape(gradient.shape)
        Z = A @ V
        bent = np.column_stack([sum(row[b] * Z[:, b] for b in range(outputs)) for row in bends])
        return np.asarray(A.T @ bent + problem.penalty[:, None] * V).ravel()

    shape = (gradient.size, gradient.size)
    precondition = LinearOperator(shape, matvec=lambda flat: flat / diagonal.ravel())
    solution, _ = cg(LinearOperator(shape, matvec=product), gradient.ravel(), rtol=1e-6, maxiter=1000, M=precondition)
    return np.asarray(solution).reshape(gradient.shape)
