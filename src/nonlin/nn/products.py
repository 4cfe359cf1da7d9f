"""The matrix products of a layer: own loops where one side is narrow, BLAS for the rest.

A product with two inputs or one output is all overhead in BLAS, and these are the shapes of small tables.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numba.extending import register_jitable

from nonlin.backends.intrinsics import dot, widest_vectors, window
from nonlin.nn.tiles import FEWEST_UNITS, MOST_INPUTS, affine_in_tiles

NARROW = 8  # inputs up to which own loops beat BLAS
compiled = nb.njit(nogil=True, error_model="numpy", fastmath={"contract", "nsz"}, boundscheck=False)


@compiled
def add_multiple(x, factor, y):
    """y += factor x; return Σ x²."""
    for i in range(x.size):
        y[i] += factor * x[i]
    return dot(x, x)


@compiled
def copy_to(x, y):
    """y = x, of contiguous arrays of one size; assigning to a slice would compile the words of its errors too."""
    source, target = window(x, 0, (x.size,)), window(y, 0, (y.size,))
    for i in range(source.size):
        target[i] = source[i]


@compiled
def all_finite(x):
    """Whether x holds neither NaN nor infinity: only those times 0 are not 0."""
    strange = np.int64(0)
    for i in range(x.size):
        strange += np.int64(x[i] * x.dtype.type(0) != 0)
    return strange == 0


@compiled
def _narrow_affine(A, W, b, Z):
    """Z = A W + b for few inputs: two of them at a time."""
    widest_vectors()
    k = W.shape[0]
    for i in range(A.shape[0]):
        z = Z[i]
        if k == 1:
            a, w = A[i, 0], W[0]
            for h in range(z.size):
                z[h] = b[h] + a * w[h]
            continue
        a0, a1, w0, w1 = A[i, 0], A[i, 1], W[0], W[1]
        for h in range(z.size):
            z[h] = b[h] + a0 * w0[h] + a1 * w1[h]
        for j in range(2, k):
            a, w = A[i, j], W[j]
            for h in range(z.size):
                z[h] += a * w[h]


@compiled
def affine(A, W, b, Z):
    """Z = A W + b."""
    widest_vectors()
    if W.shape[1] == 1:
        w = window(W, 0, (W.size,))
        for i in range(A.shape[0]):
            Z[i, 0] = dot(A[i], w) + b[0]
    elif W.shape[0] <= NARROW:
        _narrow_affine(A, W, b, Z)
    else:
        np.dot(A, W, Z)
        for i in range(A.shape[0]):
            z = Z[i]
            for h in range(z.size):
                z[h] += b[h]


@register_jitable
def by_row(inputs, units):
    """Whether own loops compute a layer's net inputs, and so each row by itself."""
    return inputs <= NARROW or units == 1 or (inputs <= MOST_INPUTS and units >= FEWEST_UNITS)


@compiled
def affine_by_row(A, W, b, Z):
    """Z = A W + b in own loops wherever they are faster for a few rows."""
    if W.shape[0] > NARROW and W.shape[1] > 1 and by_row(*W.shape):
        affine_in_tiles(A, W, b, Z)
    else:
        affine(A, W, b, Z)


@compiled
def _add_four(a, D, i, g):
    """g += a₀ D[i] + a₁ D[i+1] + a₂ D[i+2] + a₃ D[i+3]: one pass over g for four rows."""
    a0, a1, a2, a3 = a
    d0, d1, d2, d3 = D[i], D[i + 1], D[i + 2], D[i + 3]
    for h in range(g.size):
        g[h] += (a0 * d0[h] + a1 * d1[h]) + (a2 * d2[h] + a3 * d3[h])


@compiled
def _add_one(a, d, g):
    for h in range(g.size):
        g[h] += a * d[h]


@compiled
def _add_column_times_rows(a, D, g):
    """g += Σᵢ a[i] D[i]."""
    widest_vectors()
    whole = D.shape[0] - D.shape[0] % 4
    for i in range(0, whole, 4):
        _add_four((a[i], a[i + 1], a[i + 2], a[i + 3]), D, i, g)
    for i in range(whole, D.shape[0]):
        _add_one(a[i], D[i], g)


@compiled
def _add_row_sum(D, g):
    """g += Σᵢ D[i]."""
    widest_vectors()
    one = g.dtype.type(1)
    whole = D.shape[0] - D.shape[0] % 4
    for i in range(0, whole, 4):
        _add_four((one, one, one, one), D, i, g)
    for i in range(whole, D.shape[0]):
        _add_one(one, D[i], g)


@compiled
def _add_first_two(A, D, G0, G1, g):
    """The gradients of two inputs' weights and of the biases in one pass over D."""
    widest_vectors()
    whole = D.shape[0] - D.shape[0] % 4
    for i in range(0, whole, 4):
        d0, d1, d2, d3 = D[i], D[i + 1], D[i + 2], D[i + 3]
        a0, a1, a2, a3 = A[i, 0], A[i + 1, 0], A[i + 2, 0], A[i + 3, 0]
        b0, b1, b2, b3 = A[i, 1], A[i + 1, 1], A[i + 2, 1], A[i + 3, 1]
        for h in range(g.size):
            g[h] += (d0[h] + d1[h]) + (d2[h] + d3[h])
            G0[h] += (a0 * d0[h] + a1 * d1[h]) + (a2 * d2[h] + a3 * d3[h])
            G1[h] += (b0 * d0[h] + b1 * d1[h]) + (b2 * d2[h] + b3 * d3[h])
    for i in range(whole, D.shape[0]):
        _add_one(A[i, 0], D[i], G0)
        _add_one(A[i, 1], D[i], G1)
        _add_one(g.dtype.type(1), D[i], g)


@compiled
def add_weight_gradient(A, D, G, g, scratch):
    """G += Aᵀ D and g += the column sums of D; ``scratch`` has room for one G."""
    widest_vectors()
    if D.shape[1] == 1:
        d = window(D, 0, (D.size,))
        _add_column_times_rows(d, A, window(G, 0, (G.size,)))
        g[0] += d.sum()
        return
    if A.shape[1] <= NARROW:
        paired = A.shape[1] > 1
        if paired:
            _add_first_two(A, D, G[0], G[1], g)
        else:
            _add_row_sum(D, g)
        for j in range(2 * paired, A.shape[1]):
            _add_column_times_rows(A[:, j], D, G[j])
    else:
        _add_row_sum(D, g)
        product = window(scratch, 0, G.shape)
        np.dot(A.T, D, product)
        _add_one(g.dtype.type(1), window(product, 0, (G.size,)), window(G, 0, (G.size,)))


@compiled
def back_through(D, W, S, scratch):
    """S *= D Wᵀ: the error at a layer's net input from the next layer's, S holding φ'(z)."""
    widest_vectors()
    if W.shape[1] == 1:
        w = window(W, 0, (W.size,))
        for i in range(D.shape[0]):
            d, s = D[i, 0], S[i]
            for h in range(s.size):
                s[h] *= d * w[h]
        return
    product = window(scratch, 0, S.shape)
    np.dot(D, W.T, product)
    s, p = window(S, 0, (S.size,)), window(product, 0, (S.size,))
    for h in range(s.size):
        s[h] *= p[h]
