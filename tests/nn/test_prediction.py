"""Net inputs of many rows: the same bits for any number of threads and in any company, and those of training."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nonlin import get, names
from nonlin.backends import threads
from nonlin.nn.layout import Layout
from nonlin.nn.network import Network, forward, hidden

ROWS = 30_001


def network_of(widths, activation="tanh"):
    rng = np.random.default_rng(0)
    layout = Layout(widths)
    network = Network(layout, (get(activation),) * (len(widths) - 2), "squared_error", np.float32)
    theta = rng.normal(scale=widths[0] ** -0.5, size=layout.size).astype(np.float32)
    return network, theta, rng.normal(size=(ROWS, widths[0])).astype(np.float32)


@pytest.mark.parametrize("widths", [(2, 30, 1), (20, 40, 1), (20, 40, 20, 3), (140, 20, 1)])
def test_any_number_of_threads_gives_the_same_bits(monkeypatch, widths):
    network, theta, X = network_of(widths)
    found = []
    for count in (1, 2, 3):
        monkeypatch.setattr(threads, "threads", lambda count=count: count)
        found.append(forward(network, theta, X))
    assert_array_equal(found[0], found[1])
    assert_array_equal(found[0], found[2])


@pytest.mark.parametrize("widths", [(2, 30, 1), (20, 40, 1), (20, 50, 17, 1)])
def test_a_row_does_not_depend_on_the_others(widths):
    network, theta, X = network_of(widths)
    Z = forward(network, theta, X)
    for rows in (slice(0, 1), slice(7, 40), slice(11, 311), slice(ROWS - 5, ROWS)):
        assert_array_equal(forward(network, theta, X[rows]), Z[rows])


@pytest.mark.parametrize("name", names())
def test_every_activation_is_that_of_training(name):
    network, theta, X = network_of((2, 30, 1), name)
    ((signals, _),) = hidden(network, theta, X[:100])
    W, b = network.layout.weights(theta)[1], network.layout.biases(theta)[1]
    Z = forward(network, theta, X)
    np.testing.assert_allclose(Z[:100], signals @ W + b, rtol=1e-5, atol=1e-5)


def test_no_rows_have_no_net_inputs():
    network, theta, X = network_of((20, 40, 3))
    assert forward(network, theta, X[:0]).shape == (0, 3)
