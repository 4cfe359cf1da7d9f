"""The optimisers, as kernels over the flat buffer of parameters.

An optimiser is ``void step(T *theta, const T *grad, T *state, int64 n, const double *hyper)``. ``hyper`` starts with
the learning rate and the number of the step (from 1); the rest are the optimiser's own constants. ``state`` holds
``slots`` buffers of ``n``, zero at the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numba as nb
import numpy as np
from numba import carray, types

from nonlin.backends.numba import c_function

compiled = nb.njit(error_model="numpy", fastmath={"contract", "nsz", "arcp"})


@dataclass(frozen=True)
class Optimiser:
    """An optimiser: its kernel, the buffers that it keeps and the names of its constants in ``hyper[2:]``.

    With ``decoupled`` the penalty's strength shrinks the weights at each step and is no part of the gradient
    (Loshchilov & Hutter 2019, arXiv:1711.05101).
    """

    name: str
    kernel: Callable[..., None]
    slots: int
    constants: tuple[str, ...]
    decoupled: bool = False


@compiled
def sgd(ptheta, pgrad, pstate, n, phyper):
    """v ← μ v - η g; θ ← θ + v, or with Nesterov's look-ahead θ ← θ + μ v - η g."""
    theta, grad, velocity = carray(ptheta, (n,)), carray(pgrad, (n,)), carray(pstate, (n,))
    hyper = carray(phyper, (4,))
    kind = theta.dtype.type
    rate, momentum = kind(hyper[0]), kind(hyper[2])
    ahead, now = (momentum, rate) if hyper[3] > 0 else (kind(1), kind(0))
    for i in range(n):
        velocity[i] = momentum * velocity[i] - rate * grad[i]
        theta[i] += ahead * velocity[i] - now * grad[i]


@compiled
def adam(ptheta, pgrad, pstate, n, phyper):
    """m ← β₁m + (1-β₁)g, v ← β₂v + (1-β₂)g², θ ← θ - η √(1-β₂ᵗ)/(1-β₁ᵗ) m/(√v + ε).

    Kingma & Ba 2015, arXiv:1412.6980, the faster form at the end of section 2.
    """
    theta, grad, state = carray(ptheta, (n,)), carray(pgrad, (n,)), carray(pstate, (2 * n,))
    hyper = carray(phyper, (5,))
    kind = theta.dtype.type
    beta_1, beta_2, epsilon = kind(hyper[2]), kind(hyper[3]), kind(hyper[4])
    rest_1, rest_2 = kind(1 - hyper[2]), kind(1 - hyper[3])
    rate = kind(hyper[0] * np.sqrt(1 - hyper[3] ** hyper[1]) / (1 - hyper[2] ** hyper[1]))
    mean, square = state[:n], state[n:]
    for i in range(n):
        g = grad[i]
        m = beta_1 * mean[i] + rest_1 * g
        v = beta_2 * square[i] + rest_2 * g * g
        mean[i] = m
        square[i] = v
        theta[i] -= rate * m / (np.sqrt(v) + epsilon)


OPTIMISERS = {
    optimiser.name: optimiser
    for optimiser in (
        Optimiser("sgd", sgd, 1, ("momentum", "nesterovs_momentum")),
        Optimiser("adam", adam, 2, ("beta_1", "beta_2", "epsilon")),
        Optimiser("adamw", adam, 2, ("beta_1", "beta_2", "epsilon"), decoupled=True),
    )
}


@lru_cache(maxsize=64)
def optimiser_kernel(name: str, storage: Any) -> Any:
    """The compiled optimiser for parameters of the Numba type ``storage``."""
    p = types.CPointer(storage)
    signature = types.void(p, p, p, types.int64, types.CPointer(types.float64))
    return c_function(OPTIMISERS[name].kernel, signature)
