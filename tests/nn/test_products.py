"""The matrix products, narrow and wide, against NumPy's."""

import numpy as np
import pytest

from nonlin.nn import products

SHAPES = pytest.mark.parametrize("fan_in", [1, 2, 3, 8, 9, 20])
OUTPUTS = pytest.mark.parametrize("fan_out", [1, 2, 7, 33])
ROWS = (1, 2, 3, 4, 5, 31)


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-13)


def draw(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape)


@SHAPES
@OUTPUTS
def test_affine(fan_in, fan_out):
    for rows in ROWS:
        A, W, b, Z = (
            draw(rows, fan_in),
            draw(fan_in, fan_out),
            draw(fan_out),
            np.full((rows, fan_out), np.nan),
        )
        products.affine(A, W, b, Z)
        close(Z, A @ W + b)


@SHAPES
@OUTPUTS
def test_weight_gradient_is_added(fan_in, fan_out):
    for rows in ROWS:
        A, D, G, g = draw(rows, fan_in), draw(rows, fan_out), draw(fan_in, fan_out), draw(fan_out)
        expected = G + A.T @ D, g + D.sum(axis=0)
        products.add_weight_gradient(A, D, G, g, np.full(fan_in * fan_out, np.nan))
        close(G, expected[0])
        close(g, expected[1])


@SHAPES
@OUTPUTS
def test_back_through(fan_in, fan_out):
    for rows in ROWS:
        D, W, S = draw(rows, fan_out), draw(fan_in, fan_out), draw(rows, fan_in)
        expected = S * (D @ W.T)
        products.back_through(D, W, S, np.full(rows * fan_in, np.nan))
        close(S, expected)


@pytest.mark.parametrize("n", [0, 1, 7, 64])
def test_add_multiple(n):
    x, y = draw(n), np.ones(n)
    assert products.add_multiple(x, 0.5, y) == pytest.approx(float(x @ x), rel=1e-13)
    close(y, 1 + 0.5 * x)


def test_nan_comes_through():
    A, Z = np.array([[1.0, np.nan, 2.0]]), np.zeros((1, 2))
    products.affine(A, np.ones((3, 2)), np.zeros(2), Z)
    assert np.isnan(Z).all()
