"""Initial weights, scaled so that the second moment of a signal survives every layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nonlin.nn.layout import Array, Layout


def by_gain(layout: Layout, gains: Sequence[float], rng: np.random.Generator) -> Array:
    """Draw weights ~ N(0, g²/fan_in), where g is the gain of the activation that feeds the layer.

    Inputs count as standardised: their gain is 1. The biases of hidden layers are uniform in ±1, so that the units
    of a narrow layer look at different places; those of the output are 0.

    Parameters
    ----------
    layout : Layout
    gains : one gain per hidden layer
    rng : generator

    Returns
    -------
    Array of ``layout.size`` float64 parameters.

    References
    ----------
    He, Zhang, Ren & Sun 2015, arXiv:1502.01852, section 2.2, with √2 replaced by each activation's own gain.
    """
    theta = np.zeros(layout.size)
    last = len(layout.widths) - 2
    for layer, (W, b) in enumerate(zip(layout.weights(theta), layout.biases(theta), strict=True)):
        gain = gains[layer - 1] if layer else 1.0
        W[...] = rng.normal(scale=gain / np.sqrt(W.shape[0]), size=W.shape)
        if layer < last:
            b[...] = rng.uniform(-1, 1, size=b.shape)
    return theta
