"""The losses, against closed forms from SciPy and scikit-learn."""

import ctypes

import numpy as np
import pytest
import scipy.special as special
import sklearn.metrics
from numba import types

from nonlin.nn.losses import LOSSES, loss_kernel

POINTER = ctypes.POINTER(ctypes.c_double)
FORM = ctypes.CFUNCTYPE(
    ctypes.c_double, POINTER, POINTER, POINTER, ctypes.c_int64, ctypes.c_int64, ctypes.c_double
)  # fmt: skip


def apply(name, z, y, w=None, scale=1.0):
    """The kernel's weighted sum and the derivative that it leaves."""
    z = np.array(z, dtype=float).reshape(len(y), -1)
    y = np.array(y, dtype=float).reshape(z.shape)
    w = np.ones(len(z)) if w is None else np.array(w, dtype=float)
    data = [a.ctypes.data_as(POINTER) for a in (z, y, w)]
    total = FORM(loss_kernel(name, types.float64).address)(*data, *z.shape, scale)
    return total, z


def one_hot(labels, k):
    return np.eye(k)[labels]


RNG = np.random.default_rng(0)
Z, W = RNG.normal(size=(12, 3)) * 4, RNG.uniform(0.1, 2, size=12)
LABELS = RNG.integers(3, size=12)
BITS = RNG.integers(2, size=(12, 3)).astype(float)
SIGNS = 2 * BITS - 1


def test_binary_cross_entropy():
    total, slope = apply("binary_cross_entropy", Z, BITS, W)
    assert total == pytest.approx((W[:, None] * -special.log_expit(Z * SIGNS)).sum(), rel=1e-13)
    np.testing.assert_allclose(slope, W[:, None] * (special.expit(Z) - BITS), rtol=1e-12)


def test_binary_cross_entropy_is_scikit_learns_log_loss():
    total, _ = apply("binary_cross_entropy", Z[:, :1], BITS[:, :1], W)
    theirs = sklearn.metrics.log_loss(BITS[:, 0], special.expit(Z[:, 0]), sample_weight=W, normalize=False)
    assert total == pytest.approx(theirs, rel=1e-9)


def test_softmax_cross_entropy():
    total, slope = apply("softmax_cross_entropy", Z, one_hot(LABELS, 3), W)
    theirs = sklearn.metrics.log_loss(LABELS, special.softmax(Z, axis=1), sample_weight=W, normalize=False)
    assert total == pytest.approx(theirs, rel=1e-12)
    np.testing.assert_allclose(slope, W[:, None] * (special.softmax(Z, axis=1) - one_hot(LABELS, 3)), rtol=1e-11)


def test_squared_error():
    total, slope = apply("squared_error", Z, Z[::-1], W)
    theirs = sklearn.metrics.mean_squared_error(Z[::-1], Z, sample_weight=W) * W.sum() / 2
    assert total == pytest.approx(theirs, rel=1e-13)
    np.testing.assert_allclose(slope, W[:, None] * (Z - Z[::-1]) / 3, rtol=1e-13)


def test_hinge():
    total, slope = apply("hinge", Z[:, :1], SIGNS[:, :1], W)
    theirs = sklearn.metrics.hinge_loss(SIGNS[:, 0], Z[:, 0], sample_weight=W) * W.sum()
    assert total == pytest.approx(theirs, rel=1e-13)
    inside = SIGNS[:, :1] * Z[:, :1] < 1
    np.testing.assert_array_equal(slope, -W[:, None] * SIGNS[:, :1] * inside)


def test_perceptron():
    total, slope = apply("perceptron", Z, SIGNS, W)
    assert total == pytest.approx((W[:, None] * np.maximum(0, -SIGNS * Z)).sum(), rel=1e-13)
    np.testing.assert_array_equal(slope, -W[:, None] * SIGNS * (SIGNS * Z < 0))


@pytest.mark.parametrize(
    ("name", "z", "y", "loss", "slope"),
    [  # at a kink, and far out
        ("hinge", 1, 1, 0, 0), ("perceptron", 0, 1, 0, -1), ("perceptron", 0, -1, 0, 1),
        ("binary_cross_entropy", 800, 0, 800, 1), ("binary_cross_entropy", 800, 1, 0, 0),
        ("binary_cross_entropy", -40, 1, 40, -1),
        ("binary_cross_entropy", 0, 1, np.log(2), -0.5), ("hinge", -2, 1, 3, -1),
    ],
)  # fmt: skip
def test_single_values(name, z, y, loss, slope):
    total, left = apply(name, [z], [y])
    assert total == pytest.approx(loss, rel=1e-15)
    assert left[0, 0] == pytest.approx(slope, rel=1e-15)


def test_softmax_far_out():
    total, slope = apply("softmax_cross_entropy", [[1000.0, 0.0, -1000.0]], [[0, 1, 0]])
    assert total == 1000.0
    np.testing.assert_array_equal(slope, [[1.0, -1.0, 0.0]])


@pytest.mark.parametrize("name", LOSSES)
def test_scale_multiplies_only_the_derivative(name):
    y = {"real": Z[::-1], "zero_one": one_hot(LABELS, 3), "plus_minus": SIGNS}[LOSSES[name].targets]
    total, slope = apply(name, Z, y)
    again, scaled = apply(name, Z, y, scale=0.25)
    assert again == total
    np.testing.assert_allclose(scaled, slope / 4, rtol=1e-15)


@pytest.mark.parametrize("name", LOSSES)
def test_nan_comes_through(name):
    y = np.zeros((1, 2)) if LOSSES[name].targets == "real" else np.array([[1.0, 0.0]])
    total, slope = apply(name, [[np.nan, 1.0]], 2 * y - 1 if LOSSES[name].targets == "plus_minus" else y)
    assert np.isnan(total)
    assert np.isnan(slope[0, 0])


def test_what_each_loss_implies():
    assert {n: (loss.output, loss.targets) for n, loss in LOSSES.items()} == {
        "binary_cross_entropy": ("logistic", "zero_one"),
        "softmax_cross_entropy": ("softmax", "zero_one"),
        "squared_error": ("identity", "real"),
        "hinge": ("identity", "plus_minus"),
        "perceptron": ("identity", "plus_minus"),
    }
