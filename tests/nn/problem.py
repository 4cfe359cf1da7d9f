"""Small networks and tables for the tests of the engine."""

import numpy as np

from nonlin import get
from nonlin.nn.initialisers import initial
from nonlin.nn.layout import Layout
from nonlin.nn.losses import LOSSES
from nonlin.nn.network import Network
from nonlin.nn.recipe import Data


def targets(loss, rows, outputs, rng, dtype=np.float64):
    """Targets of the kind that a loss wants."""
    coding = LOSSES[loss].targets
    if coding == "counts":
        return rng.poisson(2.0, size=(rows, outputs)).astype(dtype)
    if coding == "real":
        return rng.normal(size=(rows, outputs)).astype(dtype)
    if outputs == 1:
        Y = rng.integers(2, size=(rows, 1))
    else:
        Y = np.eye(outputs, dtype=int)[rng.integers(outputs, size=rows)]
    return (Y if coding == "zero_one" else 2 * Y - 1).astype(dtype)


def problem(loss="binary_cross_entropy", activation="tanh", hidden=(4,), rows=9, features=3, outputs=1, seed=0):
    """A network, its parameters and its samples."""
    rng = np.random.default_rng(seed)
    layout = Layout((features, *hidden, outputs))
    params = tuple({"focal_gamma": 1.5, "huber_delta": 0.6, "quantile": 0.8}[p] for p in LOSSES[loss].params)
    network = Network(layout, (get(activation),) * len(hidden), loss, np.float64, params)
    theta = initial("auto", layout, [a.gain for a in network.activations], rng)
    for b in layout.biases(theta):
        b += rng.normal(scale=0.3, size=b.shape)  # away from the kinks that units without input would sit on
    X, w = rng.normal(size=(rows, features)), rng.uniform(0.2, 2.0, size=rows)
    return network, theta, Data(X, targets(loss, rows, outputs, rng), w)
