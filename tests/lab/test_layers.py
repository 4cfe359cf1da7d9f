"""The measures of a hidden layer, on networks made by hand and against other ways to compute them."""

from itertools import pairwise

import numpy as np
import pytest

import nonlin as nl
from lab.networks import by_hand, random_network
from nonlin.lab.layers import chi1, effective_rank, gradient_norms, layer_states, mean_field_chi1
from nonlin.nn.network import forward, mean_loss_of
from nonlin.nn.recipe import Data


def rows_of(X, y):
    return Data(np.array(X, dtype=float), np.array(y, dtype=float).reshape(len(X), -1), np.ones(len(X)))


def test_every_figure_of_a_small_rectifier():
    network, theta = by_hand("relu", ([[1, -1, 1]], [0, 0, -9]), ([[3], [4], [5]], [0]))
    (state,) = layer_states(network, theta, rows_of([[1], [2]], [0, 0]), epoch=7)  # z = (1, -1, -8) and (2, -2, -7)
    assert (state.epoch, state.layer, state.units) == (7, 1, 3)
    assert (state.dead, state.saturated) == (2 / 3, 2 / 3)
    assert state.z_mean == pytest.approx(-15 / 6)
    assert state.z_variance == pytest.approx(123 / 6 - (15 / 6) ** 2)
    assert state.chi1 == 9  # the only unit that fires
    assert state.chi1_predicted == pytest.approx(50 / 2)
    assert state.effective_rank == pytest.approx(1)


def test_of_the_identity_chi1_is_the_sum_of_squares_and_mean_field_theory_exact():
    network, theta = by_hand("identity", ([[1, 2], [0, 1]], [0, 1]), ([[3, 0], [4, 1]], [0, 0]))
    X = np.random.default_rng(0).normal(size=(20, 2))
    (state,) = layer_states(network, theta, rows_of(X, np.zeros((20, 2))), epoch=0)
    assert state.chi1 == (9 + 16 + 1) / 2
    assert state.chi1_predicted == pytest.approx(state.chi1, rel=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu", "hard_tanh", "selu"])
def test_mean_field_theory_holds_in_a_wide_random_network(activation):
    rng = np.random.default_rng(0)
    W, V = rng.normal(size=(50, 4000)) / 50**0.5, 1.5 * rng.normal(size=(4000, 50)) / 4000**0.5
    network, theta = by_hand(activation, (W, np.zeros(4000)), (V, np.zeros(50)))
    (state,) = layer_states(network, theta, rows_of(rng.normal(size=(200, 50)), np.zeros((200, 50))), epoch=0)
    assert state.chi1 == pytest.approx(state.chi1_predicted, rel=0.02)


@pytest.mark.parametrize("activation", ["sigmoid", "hard_tanh", "selu", "mish", "sin(3*z)"])
@pytest.mark.parametrize("q", [0.01, 1.0, 900.0])
def test_mean_field_chi1_agrees_with_a_million_draws(activation, q):
    phi, g = nl.get(activation), np.random.default_rng(1).normal(size=1_000_000)
    squares = phi.derivative(np.sqrt(q) * g) ** 2
    error = squares.std() / 1000
    assert mean_field_chi1(phi, 2.0, q) / 2 == pytest.approx(squares.mean(), abs=5 * error + 1e-12)


def test_mean_field_chi1_is_exact_at_kinks():
    from scipy.special import erf

    assert mean_field_chi1(nl.get("hard_tanh"), 1.0, 2.0) == pytest.approx(erf(0.5), rel=1e-13)  # P(|z| < 1)
    assert mean_field_chi1(nl.get("relu"), 2.0, 0.0) == pytest.approx(0.0)  # φ'(0) is taken as 0
    assert mean_field_chi1(nl.get("leaky_relu"), 1.0, 5.0) == pytest.approx((1 + 0.01**2) / 2, rel=1e-13)


def test_effective_rank_counts_directions():
    rng = np.random.default_rng(0)
    assert effective_rank(np.outer(rng.normal(size=30), rng.normal(size=8)) + rng.normal(size=8)) == pytest.approx(1)
    A = rng.normal(size=(40, 6))
    U, _, _ = np.linalg.svd(A - A.mean(axis=0), full_matrices=False)
    assert effective_rank(U) == pytest.approx(6)
    p = np.array([3, 1]) / 4
    assert effective_rank(U[:, :2] * [3.0, 1.0]) == pytest.approx(np.exp(-(p * np.log(p)).sum()))
    assert effective_rank(U[:4]) <= 3 + 1e-9  # four centred rows span no more
    assert effective_rank(np.ones((5, 3))) == 0
    assert np.isnan(effective_rank(np.array([[1.0, np.inf], [0.0, 1.0]])))


@pytest.mark.parametrize("activation", ["tanh", "gelu"])
def test_gradient_norms_agree_with_central_differences(activation):
    network, theta = random_network(activation, (3, 5, 4, 1))
    rng = np.random.default_rng(2)
    data = rows_of(rng.normal(size=(20, 3)), rng.normal(size=20))
    slopes = []
    for i in range(theta.size):
        step = 1e-5 * (np.arange(theta.size) == i)
        ends = (forward(network, theta + side * step, data.X) for side in (1, -1))
        high, low = (mean_loss_of(network, Z, data.Y, data.w) for Z in ends)
        slopes.append((high - low) / 2e-5)
    ends = [0, *(row[1] + row[3] for row in network.layout.table)]
    expected = [np.linalg.norm(slopes[a:b]) for a, b in pairwise(ends)]
    assert gradient_norms(network, theta, data) == pytest.approx(expected, rel=1e-6)


def test_chi1_is_the_mean_growth_of_random_gradients():
    network, theta = random_network("tanh", (3, 40, 30, 1))
    data = rows_of(np.random.default_rng(3).normal(size=(100, 3)), np.zeros(100))
    first, _ = layer_states(network, theta, data, epoch=0)
    W = network.layout.weights(theta)
    slopes = 1 - np.tanh(data.X @ W[0] + network.layout.biases(theta)[0]) ** 2
    D = np.random.default_rng(4).normal(size=(3000, 30))  # gradients of no preferred direction
    growth = np.mean([((D @ W[1].T * s) ** 2).sum() / (D**2).sum() for s in slopes])
    assert first.chi1 == pytest.approx(growth, rel=0.01)
    assert first.chi1 == pytest.approx(chi1(slopes, W[1]), rel=1e-12)
