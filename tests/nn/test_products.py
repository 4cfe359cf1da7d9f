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


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("fan_in", [1, 2, 8, 9, 20, 128, 129])
@pytest.mark.parametrize("fan_out", [1, 7, 16, 17, 47, 48, 100])
def test_a_row_by_itself_has_the_bits_that_it_has_among_others(fan_in, fan_out, dtype):
    A, W, b = (a.astype(dtype) for a in (draw(37, fan_in), draw(fan_in, fan_out), draw(fan_out)))
    Z = np.full((37, fan_out), np.nan, dtype)
    products.affine_by_row(A, W, b, Z)
    np.testing.assert_allclose(Z, A.astype(float) @ W + b, rtol=0, atol=fan_in * 8 * np.finfo(dtype).eps)
    if products.by_row(fan_in, fan_out):
        for first, end in [(0, 1), (5, 9), (3, 36)]:
            alone = np.full((end - first, fan_out), np.nan, dtype)
            products.affine_by_row(A[first:end], W, b, alone)
            np.testing.assert_array_equal(alone, Z[first:end])


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
