"""Backpropagation against central differences in double precision: every loss × activation × depth."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nonlin as nl
from nn.problem import problem
from nonlin.nn.lbfgs import _loss_and_gradient
from nonlin.nn.learned import initial_values
from nonlin.nn.losses import LOSSES
from nonlin.nn.network import Network

STEP = 1e-5
ALPHA = 0.3


def objective(network, data):
    net = network.compiled(len(data.X)), network.block
    grad = np.empty(network.size)

    def loss_and_gradient(theta):
        return _loss_and_gradient(*data, ALPHA, theta, grad, *net), grad.copy()

    return loss_and_gradient


def central_differences(f, theta):
    slopes = np.empty_like(theta)
    for i in range(theta.size):
        there, back = theta.copy(), theta.copy()
        there[i] += STEP
        back[i] -= STEP
        slopes[i] = (f(there)[0] - f(back)[0]) / (2 * STEP)
    return slopes


def check(network, theta, data):
    f = objective(network, data)
    assert_allclose(f(theta)[1], central_differences(f, theta), atol=2e-7, rtol=2e-5)


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("activation", nl.names())
def test_gradient_of_every_activation_and_depth(activation, depth):
    network, theta, data = problem("binary_cross_entropy", activation, (4, 3, 2)[:depth], rows=7, seed=depth)
    steep = nl.get(activation)(4.0) > 8  # three of them on top of each other would leave the range of differences
    check(network, theta / 4 if steep else theta, data)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
@pytest.mark.parametrize("activation", ["tanh", "relu", "mish"])
@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_of_every_loss_and_depth(loss, activation, depth):
    outputs = 3 if LOSSES[loss].exclusive else 1
    check(*problem(loss, activation, (4, 3, 2)[:depth], rows=7, outputs=outputs, seed=depth))


@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_with_several_outputs_and_wide_layers(loss):
    check(*problem(loss, "silu", (12, 10), rows=11, features=10, outputs=3))


def test_gradient_of_more_rows_than_a_block():
    network, theta, data = problem(hidden=(3,), features=2, rows=150)
    assert network.block < 150
    check(network, theta, data)


def test_one_activation_a_layer():
    network, theta, data = problem(hidden=(4, 3))
    mixed = type(network)(network.layout, (nl.get("gaussian"), nl.get("elu")), network.loss, network.dtype)
    check(mixed, theta, data)


def with_learned(activations, dropout=0.0, features=3, rows=9):
    """A network that learns the parameters of its activations, and its objective with the same masks at each call."""
    base, theta, data = problem(hidden=(4, 3), features=features, rows=rows)
    network = Network(base.layout, activations, base.loss, np.float64, trainable=True)
    theta = np.concatenate([theta, initial_values(activations)])
    grad = np.empty(network.size)

    def loss_and_gradient(point):
        net = network.compiled(rows, dropout, seed=5)
        return _loss_and_gradient(*data, ALPHA, point, grad, net, network.block), grad.copy()

    return loss_and_gradient, theta


PAIRS = [
    (nl.Activation("z*sigmoid(beta*z)", beta=1.3), nl.Activation("max(z, a*z) + c", a=0.2, c=0.1)),
    (nl.get("tanh"), nl.Activation("a*tanh(b*z) + a", a=0.7, b=1.2)),
    (nl.get("prelu"), nl.get("relu")),
]


@pytest.mark.parametrize("rows", [9, 150])
@pytest.mark.parametrize("activations", PAIRS)
def test_gradient_of_learned_parameters(activations, rows):
    f, theta = with_learned(activations, rows=rows)
    assert_allclose(f(theta)[1], central_differences(f, theta), atol=2e-7, rtol=2e-5)


@pytest.mark.parametrize("activations", PAIRS)
def test_gradient_under_dropout(activations):
    f, theta = with_learned(activations, dropout=0.4)
    plain, _ = with_learned(activations)
    assert f(theta)[0] != plain(theta)[0]
    assert_allclose(f(theta)[1], central_differences(f, theta), atol=2e-7, rtol=2e-5)


def test_single_precision_agrees_with_double():
    network, theta, data = problem("softmax_cross_entropy", "gelu", (12, 9), rows=40, features=10, outputs=3)
    single = type(network)(network.layout, network.activations, network.loss, np.float32)
    loss, gradient = objective(network, data)(theta)
    grad = np.empty(theta.size, np.float32)
    parts = (a.astype(np.float32) for a in data)
    loss32 = _loss_and_gradient(*parts, ALPHA, theta.astype(np.float32), grad, single.compiled(40), single.block)
    assert loss32 == pytest.approx(loss, rel=1e-5)
    assert_allclose(grad, gradient, atol=1e-5)
