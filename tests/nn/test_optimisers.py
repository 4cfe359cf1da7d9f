"""The optimisers against the same rules in NumPy, for twenty steps."""

import numba as nb
import numpy as np
import pytest
from numpy.testing import assert_allclose

from nonlin.backends.intrinsics import call_void
from nonlin.nn.optimisers import OPTIMISERS, optimiser_kernel

STEPS, N = 20, 13


@nb.njit
def call(address, theta, grad, state, hyper):
    call_void(address, (theta, grad, state, theta.size, hyper))


def ours(name, dtype, constants):
    rng = np.random.default_rng(0)
    theta = rng.normal(size=N).astype(dtype)
    state = np.zeros(OPTIMISERS[name].slots * N, dtype)
    hyper = np.array([0.05, 0.0, *constants])
    address = int(optimiser_kernel(name, nb.from_dtype(np.dtype(dtype))).address)
    for _ in range(STEPS):
        hyper[1] += 1
        call(address, theta, np.sin(3 * theta), state, hyper)
    return theta


def numpys(rule, dtype):
    theta, memory = np.random.default_rng(0).normal(size=N).astype(dtype).astype(float), {}
    for t in range(1, STEPS + 1):
        theta = theta + rule(np.sin(3 * theta), memory, t)
    return theta


def momentum(g, memory, _, mu=0.9, nesterov=False):
    v = memory["v"] = mu * memory.get("v", 0) - 0.05 * g
    return mu * v - 0.05 * g if nesterov else v


def adam(g, memory, t, b1=0.9, b2=0.99, epsilon=1e-6):
    m = memory["m"] = b1 * memory.get("m", 0) + (1 - b1) * g
    v = memory["v"] = b2 * memory.get("v", 0) + (1 - b2) * g * g
    return -0.05 * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + epsilon)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 2e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize(
    ("name", "constants", "rule"),
    [
        ("sgd", (0.0, 0.0), lambda g, memory, t: momentum(g, memory, t, mu=0.0)),
        ("sgd", (0.9, 0.0), momentum),
        ("sgd", (0.9, 1.0), lambda g, memory, t: momentum(g, memory, t, nesterov=True)),
        ("adam", (0.9, 0.99, 1e-6), adam),
    ],
    ids=["plain", "momentum", "Nesterov", "Adam"],
)
def test_twenty_steps(name, constants, rule, dtype, tolerance):
    assert_allclose(ours(name, dtype, constants), numpys(rule, dtype), atol=tolerance)
