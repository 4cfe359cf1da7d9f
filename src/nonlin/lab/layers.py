"""What one hidden layer does at one moment of a training, on the rows that it is trained on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from nonlin.activation import Activation
from nonlin.backends.numba import python_function
from nonlin.lab.diagnostics import health
from nonlin.nn.network import Network, hidden, loss_and_gradient
from nonlin.nn.recipe import Data

Array = np.ndarray[Any, Any]
_LEGENDRE = np.polynomial.legendre.leggauss(16)
_gradient = python_function(loss_and_gradient, 8)
_END = 9  # the normal density is below 1e-17 from here on
_PANELS = 1000  # on each side, however wide the net inputs spread
_ROUNDING = 1e-6  # of the largest singular value: below that a float32 signal says nothing


@dataclass(frozen=True)
class LayerState:
    """A hidden layer after an epoch.

    Attributes
    ----------
    epoch : the epochs done, 0 for the initial weights
    layer, units : its number, from 1, and its width
    dead, saturated : as in :class:`~nonlin.lab.diagnostics.LayerHealth`
    z_mean, z_variance : of the net inputs z, over all units and rows
    gradient_norm : the length of the gradient of the mean loss over its weights and biases, without penalty
    chi1 : by how much the squared length of a gradient grows when it goes back through the layer; see :func:`chi1`
    chi1_predicted : the same as mean-field theory expects it; see :func:`mean_field_chi1`
    effective_rank : the number of independent directions in its signals; see :func:`effective_rank`
    """

    epoch: int
    layer: int
    units: int
    dead: float
    saturated: float
    z_mean: float
    z_variance: float
    gradient_norm: float
    chi1: float
    chi1_predicted: float
    effective_rank: float


def layer_states(network: Network, theta: Array, data: Data, epoch: int) -> tuple[LayerState, ...]:
    """The state of every hidden layer of a network with the parameters ``theta`` on some rows."""
    weights, biases = network.layout.weights(theta), network.layout.biases(theta)
    norms = gradient_norms(network, theta, data)
    below, found = data.X, []
    for i, (signals, slopes) in enumerate(hidden(network, theta, data.X)):
        W = weights[i + 1]
        Z = below @ weights[i] + biases[i]
        mean, second = float(Z.mean(dtype=float)), float(np.square(Z, dtype=float).mean())
        variance = float(np.square(W, dtype=float).sum()) / W.shape[1]
        grown = chi1(slopes, W), mean_field_chi1(network.activations[i], variance, second)
        rank = effective_rank(signals)
        seen, moments = health(i + 1, slopes), (mean, second - mean**2)
        state = (seen.units, seen.dead, seen.saturated, *moments, float(norms[i]), *grown, rank)
        found.append(LayerState(epoch, i + 1, *state))
        below = signals
    return tuple(found)


def gradient_norms(network: Network, theta: Array, data: Data) -> Array:
    """The length of the mean loss's gradient over the parameters of each layer, the output's last."""
    grad = np.empty_like(theta)
    _gradient(*data, 0.0, theta, grad, network.compiled(len(data.w)), network.block)
    return np.array([
        np.linalg.norm(grad[first : bias + units].astype(float)) for first, bias, _, units, _ in network.layout.table
    ])  # fmt: skip


def chi1(slopes: Array, W: Array) -> float:
    r"""The mean squared gain of a gradient that goes back through the weights W above a layer and its slopes φ'(z).

    .. math:: χ_1 = \frac{1}{N n} \sum_{rows} \sum_{j,k} W_{jk}^2 φ'(z_j)^2

    This is tr(J Jᵀ)/N of the map J from the layer's net inputs to the N net inputs above, averaged over the rows: above
    1 gradients grow on their way back, below 1 they vanish.

    Parameters
    ----------
    slopes : (n, units)
    W : (units, N)

    Examples
    --------
    >>> chi1(np.ones((5, 2)), np.array([[3.0], [4.0]]))
    25.0

    References
    ----------
    Poole et al. 2016, arXiv:1606.05340; Schoenholz et al. 2017, arXiv:1611.01232.
    """
    squares = np.square(slopes, dtype=float).mean(axis=0)
    return float(squares @ np.square(W, dtype=float).sum(axis=1) / W.shape[1])


def mean_field_chi1(activation: Activation, weight_variance: float, q: float) -> float:
    r"""χ₁ where net inputs are normal with variance q, and independent of the weights above them.

    .. math:: χ_1 = σ_w^2 \, E[φ'(\sqrt q\, g)^2], \quad g ∼ N(0, 1)

    Parameters
    ----------
    activation : Activation
    weight_variance : σ_w², the sum of the squared weights of a unit above
    q : the mean square of the layer's net inputs

    Examples
    --------
    >>> from nonlin.catalogue import get
    >>> round(mean_field_chi1(get("relu"), 2.0, 3.0), 12)
    1.0

    References
    ----------
    Poole et al. 2016, arXiv:1606.05340; Schoenholz et al. 2017, arXiv:1611.01232.
    """
    deviation = math.sqrt(q)
    g, w = _nodes(activation, deviation)
    slopes = activation.derivative(deviation * g)
    return weight_variance * float(w @ slopes**2)


def _nodes(activation: Activation, deviation: float) -> tuple[Array, Array]:
    """Where to take a mean over g ~ N(0, 1), and the weights: Gauss-Legendre between the breaks of φ'(deviation g).

    Gauss and Hermite's nodes would not see a kink, nor a φ' that is narrow beside the deviation.
    """
    panels = int(np.clip(np.nan_to_num(_END * deviation, nan=_END), _END, _PANELS))
    breaks = (*activation.properties.kinks, *activation.properties.jumps)
    within = [z / deviation for z in breaks if abs(z) < _END * deviation]
    edges = np.union1d(np.linspace(-_END, _END, 2 * panels + 1), within)
    x, w = _LEGENDRE
    half = np.diff(edges)[:, np.newaxis] / 2
    g = (edges[:-1, np.newaxis] + half * (x + 1)).ravel()
    return g, (half * w).ravel() * np.exp(-g * g / 2) / math.sqrt(2 * math.pi)


def effective_rank(signals: Array) -> float:
    r"""How many directions the signals of a layer take, by the spread of their centred singular values.

    .. math:: \exp\Big(-\sum_i p_i \log p_i\Big), \quad p_i = σ_i / \sum_j σ_j

    It is 1 where all units say the same, and the number of units where they all say something else equally loudly. A
    constant is no direction: the bias above could do the same. It is 0 where no unit changes from row to row, and NaN
    where a signal is not finite.

    Parameters
    ----------
    signals : (n, units)

    Examples
    --------
    >>> round(effective_rank(np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])), 12)
    2.0

    References
    ----------
    Roy & Vetterli 2007, The effective rank, EUSIPCO 606.
    """
    if not np.isfinite(signals).all():
        return math.nan
    A = signals.astype(float)
    A -= A.mean(axis=0)
    gram = A.T @ A if A.shape[0] >= A.shape[1] else A @ A.T
    singular = np.sqrt(np.linalg.eigvalsh(gram).clip(0))
    kept = singular[singular > _ROUNDING * singular[-1]]
    if not kept.size:
        return 0.0
    p = kept / kept.sum()
    return float(np.exp(-(p @ np.log(p))))
