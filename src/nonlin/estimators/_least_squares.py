"""Least squares by orthogonal decompositions, a block of rows at a time.

The rows √ω [1 X Y] are reduced to the triangle R of their QR decomposition, which knows all that least squares needs
and is no longer than it is wide. More rows are put below R and reduced with it, so the memory stays the same. Without
its first row and column R is the triangle of the centred rows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import scipy.linalg

from nonlin.nn.blas import few_threads

Array = np.ndarray[Any, Any]
FLOAT32_NOISE = 10 * float(np.finfo(np.float32).eps)  # the relative error that inputs in float32 have themselves
_BLOCK = 2**17  # numbers in a block of rows, which stay in the processor's cache
_DETERMINED = 1e-8  # by which a squared cosine may fall short of 1


class Reduced(NamedTuple):
    """Rows reduced to a triangle: what was taken off the inputs before, whether a bias is learned, rows seen."""

    R: Array
    shift: Array
    intercept: bool
    rows: int


class Solution(NamedTuple):
    """The shortest of the best weights, with the factor of their covariance.

    W is (n_features, n_outputs), b (n_outputs,). ``root`` is (n_features, rank) with ``root @ root.T`` the
    pseudo-inverse of the centred inputs' matrix of products, ``centre`` their weighted means and ``total`` the sum of
    the weights. ``determined`` marks the weights, and last the bias, that are the same in every solution.
    """

    W: Array
    b: Array
    rank: int
    root: Array
    centre: Array
    total: float
    determined: Array


def reduce(X: Array, Y: Array, weights: Array, *, intercept: bool, before: Reduced | None = None) -> Reduced:
    """Reduce rows to a triangle, together with those reduced before."""
    counted = weights > 0
    if not counted.all():
        X, Y, weights = X[counted], Y[counted], weights[counted]
    if before is None:
        shift = (weights @ X / weights.sum()).astype(np.float64) if intercept else np.zeros(X.shape[1])
        before = Reduced(np.empty((0, intercept + X.shape[1] + Y.shape[1])), shift, intercept, 0)
    height, width = before.R.shape
    size = min(max(4 * width, _BLOCK // width), len(X))
    panel = min(width, max(8, width // 16))  # columns that LAPACK takes together
    rows = np.empty((width, min(width, height + len(X)) + size)).T  # in LAPACK's order
    rows[:height] = before.R
    with few_threads(size * width * panel):
        for start in range(0, len(X), size):
            block = slice(start, min(start + size, len(X)))
            end = height + block.stop - start
            _fill(rows[height:end], X[block], Y[block], weights[block], before)
            factor = scipy.linalg.lapack.dgeqrt(min(panel, end), rows[:end], overwrite_a=True)[0]
            height = min(width, end)
            rows[:height] = np.triu(factor[:height])
    return before._replace(R=rows[:height].copy(), rows=before.rows + len(X))


def _fill(rows: Array, X: Array, Y: Array, weights: Array, before: Reduced) -> None:
    """Write √ω [1 X Y] into the rows."""
    first, last = int(before.intercept), before.intercept + X.shape[1]
    rows[:, :first] = 1
    np.subtract(X, before.shift, out=rows[:, first:last])
    rows[:, last:] = Y
    rows *= np.sqrt(weights, dtype=np.float64)[:, None]


def solve(reduced: Reduced, *, alpha: float = 0.0, noise: float = 0.0) -> Solution:
    """Minimise Σ ω (y - z)² + alpha Σ w² over the reduced rows; ``noise`` is the relative error of the inputs."""
    R, first, features = reduced.R, int(reduced.intercept), len(reduced.shift)
    means = R[0, 1:] / R[0, 0] if first else np.zeros(R.shape[1])
    centre, total = reduced.shift + means[:features], float(R[0, 0] ** 2) if first else 0.0
    A, B = R[first:, first : first + features], R[first:, first + features :]
    if alpha > 0:
        A = np.vstack([A, np.sqrt(alpha) * np.eye(features)])
        B = np.vstack([B, np.zeros((features, B.shape[1]))])
    cut = max(noise, max(reduced.rows, features) * np.finfo(np.float64).eps)
    length = np.sqrt((A**2).sum(axis=0))
    length[length <= cut * np.abs(centre) * np.sqrt(total)] = 0  # a constant column, but for rounding
    root, left, rows = _pseudo_inverse(A, length, cut)
    W = root @ (left.T @ B)
    determined = np.ones(features + 1, dtype=bool) if rows is None else _determined(rows, centre)
    return Solution(W, means[features:] - centre @ W, root.shape[1], root, centre, total, determined)


def _pseudo_inverse(A: Array, length: Array, cut: float) -> tuple[Array, Array, Array | None]:
    """Factors with A⁺ = root leftᵀ, and an orthonormal basis of A's rows if these leave a direction out.

    The rank is judged with all columns at length 1, so that it does not hang on their units.
    """
    scale = np.where(length > 0, length, 1.0)
    U, s, Vt = scipy.linalg.svd(np.where(length > 0, A, 0.0) / scale, full_matrices=False, check_finite=False)
    rank = int((s > cut * s.max(initial=0)).sum())
    root, left = Vt[:rank].T / s[:rank] / scale[:, None], U[:, :rank]
    if rank == A.shape[1]:
        return root, left, None
    rows = np.linalg.qr(scale[:, None] * Vt[:rank].T)[0]
    return rows @ (rows.T @ root), left, rows  # the shortest of all solutions lies among the rows


def _determined(rows: Array, centre: Array) -> Array:
    """Which weights, and last the bias, no direction that the rows leave out can change."""
    outside = centre - rows @ (rows.T @ centre)
    bias = outside @ outside <= _DETERMINED * (centre @ centre)
    return np.append((rows**2).sum(axis=1) > 1 - _DETERMINED, bias)
