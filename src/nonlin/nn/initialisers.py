"""Initial weights: scaled so that a signal keeps its size from layer to layer, or as the usual rules have it.

An initialiser draws the weights of one layer, given the gain of the activation that feeds it (1 for the inputs).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nonlin.nn.layout import Array, Layout

Draw = Callable[[tuple[int, int], float, np.random.Generator], Array]


def _by_gain(shape: tuple[int, int], gain: float, rng: np.random.Generator) -> Array:
    """N(0, g²/fan_in): He et al. 2015, arXiv:1502.01852, section 2.2, with √2 replaced by each activation's gain."""
    return rng.normal(scale=gain / np.sqrt(shape[0]), size=shape)


def _glorot(shape: tuple[int, int], gain: float, rng: np.random.Generator) -> Array:  # noqa: ARG001 - all are called alike
    """Uniform in ±√(6/(fan_in + fan_out)): Glorot & Bengio 2010, equation 16."""
    limit = np.sqrt(6 / sum(shape))
    return rng.uniform(-limit, limit, size=shape)


def _he(shape: tuple[int, int], gain: float, rng: np.random.Generator) -> Array:  # noqa: ARG001
    """N(0, 2/fan_in): He, Zhang, Ren & Sun 2015, arXiv:1502.01852, equation 10."""
    return rng.normal(scale=np.sqrt(2 / shape[0]), size=shape)


def _lecun(shape: tuple[int, int], gain: float, rng: np.random.Generator) -> Array:  # noqa: ARG001
    """N(0, 1/fan_in): LeCun, Bottou, Orr & Müller 1998, "Efficient BackProp", equation 16."""
    return rng.normal(scale=1 / np.sqrt(shape[0]), size=shape)


def _orthogonal(shape: tuple[int, int], gain: float, rng: np.random.Generator) -> Array:
    """Gain times a matrix with orthonormal rows or columns: Saxe, McClelland & Ganguli 2014, arXiv:1312.6120."""
    tall = rng.normal(size=(max(shape), min(shape)))
    Q, R = np.linalg.qr(tall)
    Q = Q * np.sign(np.diag(R))  # without the signs of R the rotations would not all be as likely
    return gain * (Q if shape[0] >= shape[1] else Q.T)


INITIALISERS: dict[str, Draw] = {
    "auto": _by_gain,
    "glorot": _glorot,
    "he": _he,
    "lecun": _lecun,
    "orthogonal": _orthogonal,
    "lsuv": _orthogonal,  # and then scaled by what the data make of it
}


def initial(name: str, layout: Layout, gains: Sequence[float], rng: np.random.Generator) -> Array:
    """Draw all parameters by the rule of this name.

    The biases of hidden layers are uniform in ±min(1, √(2/fan_in)), so that units with few inputs look at different
    places; with many inputs their weights do that. Those of the output are 0.

    Parameters
    ----------
    name : a key of ``INITIALISERS``
    layout : Layout
    gains : one gain per hidden layer
    rng : generator

    Returns
    -------
    Array of ``layout.size`` float64 parameters.
    """
    theta = np.zeros(layout.size)
    last = len(layout.widths) - 2
    for layer, (W, b) in enumerate(zip(layout.weights(theta), layout.biases(theta), strict=True)):
        W[...] = INITIALISERS[name](W.shape, gains[layer - 1] if layer else 1.0, rng)
        if layer < last:
            limit = min(1.0, np.sqrt(2 / W.shape[0]))
            b[...] = rng.uniform(-limit, limit, size=b.shape)
    return theta


def scale_to_unit_variance(
    layout: Layout, theta: Array, activations: Sequence[Callable[[Array], Array]], X: Array
) -> None:
    """Scale each layer's weights so that its net inputs on rows X have the variance 1 (LSUV), in place.

    References
    ----------
    Mishkin & Matas 2016, arXiv:1511.06422.
    """
    signal = X.astype(np.float64)
    for layer, (W, b) in enumerate(zip(layout.weights(theta), layout.biases(theta), strict=True)):
        deviation = (signal @ W).std()
        if 0 < deviation < np.inf:
            W /= deviation
        if layer < len(activations):
            signal = activations[layer](signal @ W + b)
