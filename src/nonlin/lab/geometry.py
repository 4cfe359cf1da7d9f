"""The shape of what a network computes: its slopes, the pieces that it is made of, and the length of its boundary."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from nonlin.activation import Activation
from nonlin.nn.network import Network, forward, hidden

Array = np.ndarray[Any, Any]
_GRID = 128  # points along each side of the slice
_MARGIN = 0.07  # of the slice's width beyond the rows


def jacobians(network: Network, theta: Array, X: Array) -> Array:
    """The derivatives ∂zₖ/∂xⱼ of the output's net inputs at each row: (n, n_outputs, n_inputs)."""
    weights = network.layout.weights(theta)
    J = np.broadcast_to(weights[-1].T, (len(X), *weights[-1].T.shape))
    for W, (_, slopes) in zip(weights[-2::-1], reversed(hidden(network, theta, X)), strict=True):
        flat = (J * slopes[:, np.newaxis, :]).reshape(-1, W.shape[1]) @ W.T
        J = flat.reshape(len(X), -1, W.shape[0])
    return J.astype(float)


def lipschitz_estimate(network: Network, theta: Array, X: Array) -> float:
    """The steepest slope at a row: the Lipschitz constant of the net input is at least that."""
    J = jacobians(network, theta, X)
    if not np.isfinite(J).all():
        return math.inf
    return math.sqrt(max(0.0, float(np.linalg.eigvalsh(J @ J.transpose(0, 2, 1)).max())))


def lipschitz_bound(network: Network, theta: Array) -> float:
    """The product of the layers' spectral norms and of sup|φ'|: the Lipschitz constant is at most that.

    References
    ----------
    Szegedy et al. 2014, Intriguing properties of neural networks, arXiv:1312.6199, §4.3.
    """
    norms = [np.linalg.norm(W.astype(float), 2) for W in network.layout.weights(theta)]
    return math.prod(map(float, norms)) * math.prod(a.properties.lipschitz for a in network.activations)


def is_piecewise_linear(activation: Activation) -> bool:
    """Whether φ is continuous and straight between its kinks.

    Examples
    --------
    >>> from nonlin.catalogue import get
    >>> [is_piecewise_linear(get(name)) for name in ("identity", "hard_tanh", "gelu")]
    [True, True, False]
    """
    found, far = activation.properties, np.geomspace(1e-3, 1e3, 99)
    if found.jumps:
        return False
    places = np.setdiff1d(np.add.outer(found.kinks or (0.0,), [*-far, *far]), found.kinks)
    piece, slopes = np.searchsorted(sorted(found.kinks), places), activation.derivative(places)
    return all(np.ptp(slopes[piece == p]) == 0 for p in np.unique(piece))


def regions_crossed(network: Network, theta: Array, path: Array) -> int:
    """The linear regions that a path of straight pieces, (m, n_inputs), goes through, for piecewise linear activations.

    References
    ----------
    Hanin & Rolnick 2019, Complexity of linear regions in deep networks, arXiv:1901.09021 (their activation regions).
    """
    return len(_breaks(network, theta, path)) - len(path) + 1


def _breaks(network: Network, theta: Array, path: Array) -> Array:
    """Where a path is no longer straight or enters another region: t, which is i at the path's i-th point.

    A region ends where the net input of a hidden unit passes a kink. Between two such places all layers below are
    straight, so that the next layer's are found exactly, layer by layer.
    """
    weights, biases = network.layout.weights(theta.astype(float)), network.layout.biases(theta.astype(float))
    t = np.arange(len(path), dtype=float)
    for layer, activation in enumerate(network.activations):
        signals = _along(path, t)
        for W, b, below in zip(weights[:layer], biases[:layer], network.activations, strict=False):
            signals = below(signals @ W + b)
        t = _with_crossings(t, signals @ weights[layer] + biases[layer], activation.properties.kinks)
    return t


def _along(path: Array, t: Array) -> Array:
    """The points of a path at the places t."""
    i = np.minimum(t.astype(int), len(path) - 2)
    return np.asarray(path[i] + (t - i)[:, np.newaxis] * (path[i + 1] - path[i]))


def _with_crossings(t: Array, Z: Array, kinks: tuple[float, ...]) -> Array:
    """The places t, and those between them where a column of Z passes a kink; Z is straight in between."""
    found = [t]
    for kink in kinks:
        before, after = Z[:-1] - kink, Z[1:] - kink
        piece, unit = np.nonzero(before * after < 0)
        share = before[piece, unit] / (before[piece, unit] - after[piece, unit])
        found.append(t[piece] + share * (t[piece + 1] - t[piece]))
    return np.unique(np.concatenate(found))


def _has_regions(network: Network) -> bool:
    return all(is_piecewise_linear(a) for a in dict.fromkeys(network.activations))


def mean_regions(network: Network, theta: Array, X: Array, rng: np.random.Generator, segments: int = 100) -> float:
    """The mean of the regions crossed between random pairs of rows; NaN where φ is smooth: there are none then."""
    if not _has_regions(network):
        return math.nan
    ends = X[rng.integers(len(X), size=(segments, 2))].reshape(-1, X.shape[1])
    t = _breaks(network, theta, ends.astype(float))
    piece = t.astype(int)  # the even ones run between the rows of a pair, the odd ones from pair to pair
    return 1 + float(np.count_nonzero((piece % 2 == 0) & (t > piece))) / segments


@dataclass(frozen=True)
class Slice:
    """A window on a plane through the space of the inputs: the points ``centre + p @ axes`` with p in it.

    ``centre`` is (n_inputs,), ``axes`` (2, n_inputs) and orthonormal, ``low`` and ``high`` (2,).
    """

    centre: Array
    axes: Array
    low: Array
    high: Array

    def lift(self, places: Array) -> Array:
        """Places on the plane, (m, 2), as rows of inputs."""
        return np.asarray(self.centre + places @ self.axes)


def main_slice(X: Array) -> Slice | None:
    """The plane of two inputs, or of the two main components of more, as wide as the rows; None for one input."""
    if X.shape[1] < 2:
        return None
    rows = X.astype(float)
    centre = np.zeros(2) if X.shape[1] == 2 else rows.mean(axis=0)
    axes = np.eye(2) if X.shape[1] == 2 else np.linalg.eigh(np.cov(rows.T))[1].T[:-3:-1]
    places = (rows - centre) @ axes.T
    low, high = places.min(axis=0), places.max(axis=0)
    return Slice(centre, axes, low - _MARGIN * (high - low), high + _MARGIN * (high - low))


@dataclass(frozen=True)
class Boundary:
    """The boundary on a slice: its length in the unit of the inputs, and by how much it turns in all, in radians."""

    length: float
    curvature: float


def boundary(network: Network, theta: Array, plane: Slice, points: int = _GRID) -> Boundary:
    """Measure where the decision changes on a slice: where z = 0, or where the largest of several z changes.

    The line is traced on a grid. Its direction at each of its points comes from the gradient of z there, so that the
    grid leaves no zigzag in the total curvature ∫|κ| ds. With a piecewise linear activation all of it is in the corners
    where the line enters another region; the direction is then taken in each region on the way.

    Parameters
    ----------
    points : along each side of the grid
    """
    sides = [np.linspace(low, high, points) for low, high in zip(plane.low, plane.high, strict=True)]
    grid = np.column_stack([side.ravel() for side in np.meshgrid(*sides)])
    Z = forward(network, theta, plane.lift(grid).astype(network.dtype)).astype(float)
    length = curvature = 0.0
    for k in range(Z.shape[1]):
        for line in _zero_lines(sides, _lead(Z, k).reshape(points, points)):
            length += float(np.hypot(*np.diff(line, axis=0).T).sum())
            curvature += _turning(_normals(network, theta, plane, line, k))
    share = 1 if Z.shape[1] == 1 else 2  # classes on both sides trace the line between them
    return Boundary(length / share, curvature / share)


def _lead(Z: Array, k: int) -> Array:
    """By how much output k is ahead of the others, or of 0 if it is alone."""
    return Z[:, 0] if Z.shape[1] == 1 else Z[:, k] - np.delete(Z, k, axis=1).max(axis=1)


def _zero_lines(sides: list[Array], values: Array) -> list[Array]:
    from contourpy import LineType, contour_generator  # comes with matplotlib

    tracer = contour_generator(x=sides[0], y=sides[1], z=values, line_type=LineType.Separate)
    return cast("list[Array]", tracer.lines(0.0))


def _normals(network: Network, theta: Array, plane: Slice, line: Array, k: int) -> Array:
    """The gradient on the plane of the lead of output k, at the points of a line, and in each region between them."""
    rows = plane.lift(line)
    if _has_regions(network):
        t = _breaks(network, theta, rows)
        rows = _along(rows, np.union1d(np.arange(len(rows)), (t[:-1] + t[1:]) / 2))
    rows = rows.astype(network.dtype)
    J = jacobians(network, theta, rows) @ plane.axes.T
    if J.shape[1] == 1:
        return np.asarray(J[:, 0])
    Z = forward(network, theta, rows)
    Z[:, k] = -np.inf
    return np.asarray(J[:, k] - J[np.arange(len(J)), Z.argmax(axis=1)])


def _turning(normals: Array) -> float:
    """The sum of the angles between directions that follow each other, in radians; a point without one is left out."""
    normals = normals[normals.any(axis=1)]
    angles = np.diff(np.arctan2(normals[:, 1], normals[:, 0]))
    return float(np.abs((angles + np.pi) % (2 * np.pi) - np.pi).sum())
