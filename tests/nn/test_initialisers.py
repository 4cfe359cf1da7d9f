"""The initial weights keep the second moment of a signal from layer to layer."""

import numpy as np
import pytest

import nonlin as nl
from nonlin.nn.initialisers import by_gain
from nonlin.nn.layout import Layout


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu", "mish", "selu", "sin"])
def test_net_inputs_have_the_variance_of_standardised_inputs_in_every_layer(activation):
    a = nl.get(activation)
    layout = Layout((500, 500, 500, 500))
    rng = np.random.default_rng(0)
    theta = by_gain(layout, [a.gain] * 2, rng)
    signal = rng.normal(size=(2000, 500))
    moments = []
    for layer, W in enumerate(layout.weights(theta)):
        z = signal @ W
        moments.append((z**2).mean())
        signal = a(rng.normal(size=z.shape)) if layer < 2 else signal
    assert moments == pytest.approx([1, 1, 1], rel=0.05)


def test_the_same_generator_gives_the_same_weights_and_the_output_bias_starts_at_0():
    layout = Layout((2, 5, 1))
    first, second = (by_gain(layout, [1.0], np.random.default_rng(7)) for _ in range(2))
    assert (first == second).all()
    assert layout.biases(first)[-1] == 0
    assert (np.abs(layout.biases(first)[0]) <= 1).all()
