"""The initial weights keep the second moment of a signal from layer to layer."""

import numpy as np
import pytest

import nonlin as nl
from nonlin.nn.initialisers import initial, scale_to_unit_variance
from nonlin.nn.layout import Layout


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu", "mish", "selu", "sin"])
def test_net_inputs_have_the_variance_of_standardised_inputs_in_every_layer(activation):
    a = nl.get(activation)
    layout = Layout((500, 500, 500, 500))
    rng = np.random.default_rng(0)
    theta = initial("auto", layout, [a.gain] * 2, rng)
    signal = rng.normal(size=(2000, 500))
    moments = []
    for layer, W in enumerate(layout.weights(theta)):
        z = signal @ W
        moments.append((z**2).mean())
        signal = a(rng.normal(size=z.shape)) if layer < 2 else signal
    assert moments == pytest.approx([1, 1, 1], rel=0.05)


def test_the_same_generator_gives_the_same_weights_and_the_output_bias_starts_at_0():
    layout = Layout((2, 5, 1))
    first, second = (initial("auto", layout, [1.0], np.random.default_rng(7)) for _ in range(2))
    assert (first == second).all()
    assert layout.biases(first)[-1] == 0


@pytest.mark.parametrize(("fan_in", "limit"), [(1, 1.0), (2, 1.0), (8, 0.5), (200, 0.1)])
def test_the_biases_of_hidden_layers_are_uniform_and_smaller_the_more_inputs_there_are(fan_in, limit):
    layout = Layout((fan_in, 4000, 1))
    b = layout.biases(initial("auto", layout, [1.0], np.random.default_rng(0)))[0]
    assert (np.abs(b) <= limit).all()
    assert b.std() == pytest.approx(limit / np.sqrt(3), rel=0.02)


WIDE = Layout((400, 300, 200, 2))


@pytest.mark.parametrize(
    ("name", "variances"),
    [  # of the weights, by fan-in and fan-out
        ("auto", [1 / 400, 4 / 300, 9 / 200]), ("glorot", [2 / 700, 2 / 500, 2 / 202]),
        ("he", [2 / 400, 2 / 300, 2 / 200]), ("lecun", [1 / 400, 1 / 300, 1 / 200]),
        ("orthogonal", [1 / 400, 4 / 300, 9 / 200]),
    ],
)  # fmt: skip
def test_the_variances_that_the_rules_name(name, variances):
    theta = initial(name, WIDE, [2.0, 3.0], np.random.default_rng(0))
    found = [W.var() for W in WIDE.weights(theta)]
    assert found == pytest.approx(variances, rel=0.15)
    assert (WIDE.biases(theta)[-1] == 0).all()


def test_orthogonal_weights_are_orthogonal():
    for layout in (Layout((7, 4, 1)), Layout((4, 7, 1))):
        W = layout.weights(initial("orthogonal", layout, [1.0], np.random.default_rng(0)))[0]
        Q = W.T if W.shape[0] < W.shape[1] else W
        np.testing.assert_allclose(Q.T @ Q, np.eye(4), atol=1e-12)


def test_lsuv_gives_every_layer_the_variance_1_on_the_rows_at_hand():
    layout, rng = Layout((10, 30, 20, 1)), np.random.default_rng(0)
    X = rng.normal(size=(500, 10)) * 5
    phis = [nl.get("relu"), nl.get("tanh")]
    theta = initial("lsuv", layout, [1.0, 1.0], rng)
    scale_to_unit_variance(layout, theta, phis, X)
    signal = X
    for layer, (W, b) in enumerate(zip(layout.weights(theta), layout.biases(theta), strict=True)):
        assert (signal @ W).std() == pytest.approx(1.0)
        signal = phis[layer](signal @ W + b) if layer < 2 else None
