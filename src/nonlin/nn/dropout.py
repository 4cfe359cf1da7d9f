"""Dropout: random zeros in the signals of a layer, with the rest scaled up so that their mean stays."""

from __future__ import annotations

import numba as nb
import numpy as np

from nonlin.backends.intrinsics import widest_vectors, window

_jit = nb.njit(nogil=True, error_model="numpy", boundscheck=False)


@_jit
def next_seed(state):
    """The next of a sequence of 32-bit seeds (splitmix64), whose state is ``state[0]``."""
    x = state[0] + np.uint64(0x9E3779B97F4A7C15)
    state[0] = x
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.uint32(x >> np.uint64(32))


@_jit
def _hashed(i, seed):
    """32 random bits for number i: an integer hash of low bias, without a state, so that its loop vectorises."""
    x = np.uint32(np.uint32(i * np.uint32(0x9E3779B9)) ^ seed)
    x = np.uint32((x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D))
    x = np.uint32((x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B))
    return np.uint32(x ^ (x >> np.uint32(16)))


@_jit
def drop(x, share, seed):
    """Set a random ``share`` of x to 0 and divide the rest by 1 - share; the same seed drops the same places.

    References
    ----------
    Srivastava et al. 2014, Journal of Machine Learning Research 15:1929, section 10 (the "inverted" form).
    """
    widest_vectors()
    limit = np.uint32(share * 4294967296.0)
    kept, zero = x.dtype.type(1.0 / (1.0 - share)), x.dtype.type(0)
    flat = window(x, 0, (x.size,))
    for k in range(x.size):
        i = np.uintp(k)
        flat[i] *= kept if _hashed(np.uint32(i), seed) >= limit else zero
