"""Slopes, regions and boundaries of networks made by hand."""

import math

import numpy as np
import pytest

import nonlin as nl
from lab.networks import by_hand, random_network
from nonlin.lab.geometry import (
    Slice,
    boundary,
    is_piecewise_linear,
    jacobians,
    lipschitz_bound,
    lipschitz_estimate,
    main_slice,
    mean_regions,
    regions_crossed,
)
from nonlin.nn.network import forward

WINDOW = Slice(np.zeros(2), np.eye(2), np.array([-3.0, -3.0]), np.array([3.0, 3.0]))


@pytest.mark.parametrize("widths", [(3, 6, 1), (3, 5, 4, 2)])
def test_jacobians_agree_with_central_differences(widths):
    network, theta = random_network("gelu", widths)
    X = np.random.default_rng(1).normal(size=(10, 3))
    steps = 1e-5 * np.eye(3)
    found = np.stack([(forward(network, theta, X + h) - forward(network, theta, X - h)) / 2e-5 for h in steps], axis=2)
    np.testing.assert_allclose(jacobians(network, theta, X), found, rtol=1e-6, atol=1e-9)


def test_of_a_straight_network_with_aligned_layers_the_estimate_is_the_bound():
    A = np.array([[1.0, 2.0], [0.0, 3.0]])
    network, theta = by_hand("identity", (A, [1, 1]), (np.eye(2), [0, 0]))
    norm = np.linalg.norm(A, 2)
    assert lipschitz_bound(network, theta) == pytest.approx(norm, rel=1e-12)
    assert lipschitz_estimate(network, theta, np.zeros((1, 2))) == pytest.approx(norm, rel=1e-12)


@pytest.mark.parametrize("activation", ["relu", "gelu", "selu", "sigmoid"])
def test_no_slope_exceeds_the_bound(activation):
    network, theta = random_network(activation, (4, 20, 20, 3))
    X = np.random.default_rng(1).normal(size=(500, 4))
    Z, steps = forward(network, theta, X), np.diff(X, axis=0)
    slopes = np.linalg.norm(np.diff(Z, axis=0), axis=1) / np.linalg.norm(steps, axis=1)
    assert slopes.max() < lipschitz_bound(network, theta)
    assert lipschitz_estimate(network, theta, X) < lipschitz_bound(network, theta)


def test_a_slope_without_end_has_no_bound():
    network, theta = by_hand(nl.Activation("z**2"), ([[1.0]], [0.0]), ([[1.0]], [0.0]))
    assert lipschitz_bound(network, theta) == math.inf
    assert lipschitz_estimate(network, theta, np.array([[-1.0], [3.0]])) == 6
    assert lipschitz_estimate(network, theta, np.array([[np.inf]])) == math.inf


@pytest.mark.parametrize(
    "name", ["identity", "relu", "leaky_relu", "hard_tanh", "hard_sigmoid", "relu6", "soft_shrink"]
)
def test_straight_pieces(name):
    assert is_piecewise_linear(nl.get(name))


@pytest.mark.parametrize("name", ["hard_shrink", "unit_step", "selu", "elu", "hard_swish", "gelu", "softplus", "tanh"])
def test_jumps_and_curves_are_no_straight_pieces(name):
    assert not is_piecewise_linear(nl.get(name))


def test_regions_of_rectifiers_whose_kinks_are_known():
    network, theta = by_hand("relu", ([[1, 1, 1, 1]], [0, -0.25, -0.5, -7]), (np.ones((4, 1)), [0]))
    assert regions_crossed(network, theta, np.array([[-1.0], [1.0]])) == 4  # kinks at 0, 0.25 and 0.5; 7 is far
    assert regions_crossed(network, theta, np.array([[1.0], [-1.0]])) == 4
    assert regions_crossed(network, theta, np.array([[0.3], [0.4]])) == 1
    assert regions_crossed(network, theta, np.array([[0.3], [0.3]])) == 1


def test_each_layer_that_folds_a_line_doubles_its_pieces():
    """A tent of the height 2h is u - 2 max(u - h, 0) of what lies below (Montúfar et al. 2014, arXiv:1402.1869)."""
    first, last = ([[4, 4]], [0, -2]), ([[1], [-2]], [0])
    folds = [([[1, 1], [-2, -2]], [0, -height]) for height in (1, 1 / 2, 1 / 4)]
    for depth, pieces in enumerate((2, 4, 8, 16)):
        network, theta = by_hand("relu", first, *folds[:depth], last)
        assert regions_crossed(network, theta, np.array([[1e-6], [1 - 1e-6]])) == pieces


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "hard_tanh"])
def test_regions_of_a_deep_network_are_the_changes_of_its_slope(activation):
    network, theta = random_network(activation, (3, 8, 6, 1), seed=5)
    a, b = np.random.default_rng(6).normal(scale=3, size=(2, 3))
    t = np.linspace(0, 1, 200_001)[:, np.newaxis]
    weights, biases = network.layout.weights(theta), network.layout.biases(theta)
    signals, pattern = a + t * (b - a), []
    for W, b_, phi in zip(weights, biases, network.activations, strict=False):
        Z = signals @ W + b_
        pattern.append(sum((kink < Z).astype(int) for kink in phi.properties.kinks))
        signals = phi(Z)
    changes = (np.diff(np.hstack(pattern), axis=0) != 0).any(axis=1).sum()
    assert regions_crossed(network, theta, np.stack([a, b])) == changes + 1


def test_smooth_activations_have_no_regions_and_the_identity_one():
    X = np.random.default_rng(0).normal(size=(30, 2))
    for name, expected in (("gelu", math.nan), ("identity", 1.0)):
        network, theta = random_network(name, (2, 9, 1))
        found = mean_regions(network, theta, X, np.random.default_rng(0))
        assert found == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("radius", [0.5, 1.0, 2.5])
def test_a_circle_has_its_length_and_turns_once(radius):
    network, theta = by_hand(nl.Activation("z**2"), (np.eye(2), [0, 0]), ([[1], [1]], [-(radius**2)]))
    found = boundary(network, theta, WINDOW)
    assert found.length == pytest.approx(2 * math.pi * radius, rel=2e-3)
    assert found.curvature == pytest.approx(2 * math.pi, rel=1e-6)


def test_a_straight_boundary_does_not_turn():
    network, theta = by_hand("identity", (np.eye(2), [0, 0]), ([[1], [1]], [0]))
    found = boundary(network, theta, WINDOW)
    assert found.length == pytest.approx(6 * math.sqrt(2), rel=1e-9)
    assert found.curvature == pytest.approx(0, abs=1e-9)


def test_a_rectifier_turns_at_its_kinks():
    """The line x2 = |x1| turns by a right angle: z = x2 - max(x1, 0) - max(-x1, 0)."""
    network, theta = by_hand("relu", ([[1, -1, 0, 0], [0, 0, 1, -1]], [0] * 4), ([[-1], [-1], [1], [-1]], [0]))
    found = boundary(network, theta, WINDOW, points=129)
    assert found.length == pytest.approx(6 * math.sqrt(2), rel=1e-3)
    assert found.curvature == pytest.approx(math.pi / 2, rel=1e-9)


@pytest.mark.parametrize("activation", ["relu", "hard_tanh", "tanh"])
def test_the_total_curvature_hardly_depends_on_the_grid(activation):
    network, theta = random_network(activation, (2, 60, 60, 1), seed=1)
    coarse, fine = (boundary(network, theta, WINDOW, points=n) for n in (128, 512))
    assert coarse.length == pytest.approx(fine.length, rel=5e-3)  # the grid cuts corners
    assert coarse.curvature == pytest.approx(fine.curvature, rel=0.02)


def test_a_path_with_a_corner_counts_the_regions_of_its_pieces():
    network, theta = by_hand("relu", ([[1, 1]], [0, -0.5]), ([[1], [1]], [0]))
    assert regions_crossed(network, theta, np.array([[-1.0], [0.25], [1.0]])) == 3
    assert regions_crossed(network, theta, np.array([[-1.0], [1.0], [-1.0]])) == 5


def test_between_several_classes_each_line_counts_once():
    """Scores x1, -x1 and -9: the classes 0 and 1 meet on the line x1 = 0, and the third is nowhere."""
    network, theta = by_hand("identity", (np.eye(2), [0, 0]), ([[1, -1, 0], [0, 0, 0]], [0, 0, -9]))
    found = boundary(network, theta, WINDOW)
    assert found.length == pytest.approx(6, rel=1e-9)
    assert found.curvature == pytest.approx(0, abs=1e-9)


def test_no_boundary_on_the_slice_is_of_length_0():
    network, theta = by_hand("identity", (np.eye(2), [0, 0]), ([[0], [0]], [1]))
    assert boundary(network, theta, WINDOW).length == 0


def test_the_slice_holds_the_rows_and_their_two_main_components():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 4)) * [1.0, 9.0, 3.0, 0.1] + 5
    plane = main_slice(X)
    assert np.abs(plane.axes @ np.eye(4)[[1, 2]].T).round(1).tolist() == [[1, 0], [0, 1]]
    places = (X - X.mean(axis=0)) @ plane.axes.T
    assert (places > plane.low).all()
    assert (places < plane.high).all()
    np.testing.assert_allclose((plane.lift(places) - plane.centre) @ plane.axes.T, places, atol=1e-9)
    assert main_slice(X[:, :1]) is None
    assert main_slice(X[:, :2]).axes.tolist() == [[1, 0], [0, 1]]
