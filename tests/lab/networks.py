"""Networks made by hand, of which every figure is known."""

from itertools import pairwise

import numpy as np

import nonlin as nl
from nonlin.nn.layout import Layout
from nonlin.nn.network import Network


def by_hand(activation, *layers, loss="squared_error"):
    """A network in double precision and its parameters, from one (weights, biases) pair a layer."""
    weights = [np.array(W, dtype=float) for W, _ in layers]
    widths = (weights[0].shape[0], *(W.shape[1] for W in weights))
    assert all(W.shape == shape for W, shape in zip(weights, pairwise(widths), strict=True))
    theta = np.concatenate([part for W, (_, b) in zip(weights, layers, strict=True) for part in (W.ravel(), b)])
    return Network(Layout(widths), (nl.get(activation),) * (len(layers) - 1), loss, np.float64), theta.astype(float)


def random_network(activation, widths, seed=0):
    rng = np.random.default_rng(seed)
    layers = [(rng.normal(size=shape) / np.sqrt(shape[0]), rng.normal(size=shape[1])) for shape in pairwise(widths)]
    return by_hand(activation, *layers)
