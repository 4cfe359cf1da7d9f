"""The losses, against closed forms from SciPy and scikit-learn."""

import ctypes

import numpy as np
import pytest
import scipy.special as special
import sklearn.metrics
from numba import types

from nonlin.nn.losses import LOSSES, chosen, loss_kernel, public_names

POINTER = ctypes.POINTER(ctypes.c_double)
FORM = ctypes.CFUNCTYPE(
    ctypes.c_double, POINTER, POINTER, POINTER, ctypes.c_int64, ctypes.c_int64, ctypes.c_double, POINTER
)  # fmt: skip
PARAMS = {"focal_gamma": 2.0, "huber_delta": 0.7, "quantile": 0.9}


def apply(name, z, y, w=None, scale=1.0, **params):
    """The kernel's weighted sum and the derivative that it leaves."""
    z = np.array(z, dtype=float).reshape(len(y), -1)
    y = np.array(y, dtype=float).reshape(z.shape)
    w = np.ones(len(z)) if w is None else np.array(w, dtype=float)
    values = np.array([(PARAMS | params)[p] for p in LOSSES[name].params])
    *data, constants = [a.ctypes.data_as(POINTER) for a in (z, y, w, values)]
    total = FORM(loss_kernel(name, types.float64).address)(*data, *z.shape, scale, constants)
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


def test_absolute_error():
    total, slope = apply("absolute_error", Z, Z[::-1], W)
    theirs = sklearn.metrics.mean_absolute_error(Z[::-1], Z, sample_weight=W) * W.sum()
    assert total == pytest.approx(theirs, rel=1e-13)
    np.testing.assert_allclose(slope, W[:, None] * np.sign(Z - Z[::-1]) / 3, rtol=1e-13)


def test_huber():
    total, slope = apply("huber", Z, Z[::-1], W)
    assert total == pytest.approx((W[:, None] * special.huber(0.7, Z - Z[::-1])).sum() / 3, rel=1e-13)
    np.testing.assert_allclose(slope, W[:, None] * np.clip(Z - Z[::-1], -0.7, 0.7) / 3, rtol=1e-13)


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9])
def test_quantile(q):
    total, _ = apply("quantile", Z, Z[::-1], W, quantile=q)
    theirs = sklearn.metrics.mean_pinball_loss(Z[::-1], Z, alpha=q, sample_weight=W) * W.sum()
    assert total == pytest.approx(theirs, rel=1e-13)


def test_poisson():
    counts = RNG.poisson(2.0, size=Z.shape).astype(float)
    total, slope = apply("poisson", Z, counts, W)
    theirs = [
        sklearn.metrics.mean_poisson_deviance(c, np.exp(z), sample_weight=W) for c, z in zip(counts.T, Z.T, strict=True)
    ]
    assert total == pytest.approx(np.mean(theirs) * W.sum() / 2, rel=1e-12)
    np.testing.assert_allclose(slope, W[:, None] * (np.exp(Z) - counts) / 3, rtol=1e-12)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_focal(gamma):
    total, _ = apply("binary_focal", Z, BITS, W, focal_gamma=gamma)
    p = special.expit(Z * SIGNS)
    assert total == pytest.approx((W[:, None] * -((1 - p) ** gamma) * np.log(p)).sum(), rel=1e-12)
    several, _ = apply("softmax_focal", Z, one_hot(LABELS, 3), W, focal_gamma=gamma)
    p = special.softmax(Z, axis=1)[np.arange(12), LABELS]
    assert several == pytest.approx((W * -((1 - p) ** gamma) * np.log(p)).sum(), rel=1e-12)


@pytest.mark.parametrize("exclusive", [False, True])
def test_focal_without_focus_is_the_cross_entropy(exclusive):
    focal, entropy = (
        ("softmax_focal", "softmax_cross_entropy") if exclusive else ("binary_focal", "binary_cross_entropy")
    )
    Y = one_hot(LABELS, 3) if exclusive else BITS
    ours, theirs = apply(focal, Z, Y, W, focal_gamma=0.0), apply(entropy, Z, Y, W)
    assert ours[0] == pytest.approx(theirs[0], rel=1e-12)
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-10)


@pytest.mark.parametrize("name", LOSSES)
def test_the_slope_is_the_central_difference(name):
    coding = LOSSES[name].targets
    Y = {"real": Z[::-1], "counts": np.abs(Z[::-1]).round(), "zero_one": one_hot(LABELS, 3), "plus_minus": SIGNS}[
        coding
    ]
    slope, step = apply(name, Z, Y, W)[1], 1e-6
    for i in range(3):
        for j in range(3):
            shift = np.zeros_like(Z)
            shift[i, j] = step
            there, back = (apply(name, Z + s, Y, W)[0] for s in (shift, -shift))
            assert slope[i, j] == pytest.approx((there - back) / (2 * step), abs=1e-6, rel=1e-6)


def test_hinge():
    total, slope = apply("hinge", Z[:, :1], SIGNS[:, :1], W)
    theirs = sklearn.metrics.hinge_loss(SIGNS[:, 0], Z[:, 0], sample_weight=W) * W.sum()
    assert total == pytest.approx(theirs, rel=1e-13)
    inside = SIGNS[:, :1] * Z[:, :1] < 1
    np.testing.assert_array_equal(slope, -W[:, None] * SIGNS[:, :1] * inside)


@pytest.mark.parametrize(
    ("name", "z", "y", "loss", "slope"),
    [  # at a kink, and far out
        ("hinge", 1, 1, 0, 0), ("binary_cross_entropy", 800, 0, 800, 1), ("binary_cross_entropy", 800, 1, 0, 0),
        ("binary_cross_entropy", -40, 1, 40, -1),
        ("binary_cross_entropy", 0, 1, np.log(2), -0.5), ("hinge", -2, 1, 3, -1),
        ("absolute_error", 2, 2, 0, 0), ("absolute_error", -1, 2, 3, -1), ("huber", 5, 2, 0.7 * 2.65, 0.7),
        ("huber", 2.7, 2, 0.245, 0.7), ("quantile", 2, 2, 0, 0), ("quantile", 1, 3, 1.8, -0.9),
        ("quantile", 3, 1, 0.2, 0.1), ("poisson", 0, 0, 1, 1), ("poisson", 0, 1, 0, 0),
        ("binary_focal", 800, 0, 800, 1), ("binary_focal", 800, 1, 0, 0), ("softmax_focal", 7, 1, 0, 0),
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
    y = {"real": Z[::-1], "counts": np.abs(Z), "zero_one": one_hot(LABELS, 3), "plus_minus": SIGNS}[
        LOSSES[name].targets
    ]
    total, slope = apply(name, Z, y)
    again, scaled = apply(name, Z, y, scale=0.25)
    assert again == total
    np.testing.assert_allclose(scaled, slope / 4, rtol=1e-15)


@pytest.mark.parametrize("name", LOSSES)
def test_nan_comes_through(name):
    y = np.zeros((1, 2)) if LOSSES[name].targets in ("real", "counts") else np.array([[1.0, 0.0]])
    total, slope = apply(name, [[np.nan, 1.0]], 2 * y - 1 if LOSSES[name].targets == "plus_minus" else y)
    assert np.isnan(total)
    assert np.isnan(slope[0, 0])


def test_what_each_loss_implies():
    assert {n: (loss.output, loss.targets) for n, loss in LOSSES.items()} == {
        "binary_cross_entropy": ("logistic", "zero_one"),
        "softmax_cross_entropy": ("softmax", "zero_one"),
        "binary_focal": ("logistic", "zero_one"),
        "softmax_focal": ("softmax", "zero_one"),
        "hinge": ("identity", "plus_minus"),
        "squared_error": ("identity", "real"),
        "absolute_error": ("identity", "real"),
        "huber": ("identity", "real"),
        "quantile": ("identity", "real"),
        "poisson": ("exp", "counts"),
    }


def test_what_users_call_them():
    assert public_names(classes=True) == ("log_loss", "focal", "hinge")
    assert public_names(classes=False) == ("squared_error", "absolute_error", "huber", "quantile", "poisson")
    assert [chosen(n, exclusive=True).name for n in ("log_loss", "focal", "hinge", "huber")] == [
        "softmax_cross_entropy", "softmax_focal", "hinge", "huber",
    ]  # fmt: skip
    assert [chosen(n, exclusive=False).name for n in ("log_loss", "focal")] == ["binary_cross_entropy", "binary_focal"]
