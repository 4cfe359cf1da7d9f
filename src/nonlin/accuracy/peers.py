"""What other packages call the functions they share with nonlin, and their values and derivatives as float arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np

from nonlin.errors import InputError, bad_value

Array = np.ndarray[Any, Any]
Call = Callable[[Array], tuple[Array, Array | None]]

TORCH: Mapping[str, tuple[str, dict[str, Any]]] = {  # in torch.nn.functional, or in torch
    "sigmoid": ("sigmoid", {}), "tanh": ("tanh", {}), "relu": ("relu", {}), "softplus": ("softplus", {}),
    "silu": ("silu", {}), "mish": ("mish", {}), "gelu": ("gelu", {}), "gelu_tanh": ("gelu", {"approximate": "tanh"}),
    "elu": ("elu", {}), "selu": ("selu", {}), "celu": ("celu", {}), "softsign": ("softsign", {}),
    "hard_swish": ("hardswish", {}), "hard_sigmoid": ("hardsigmoid", {}), "hard_tanh": ("hardtanh", {}),
    "leaky_relu": ("leaky_relu", {}), "relu6": ("relu6", {}), "log_sigmoid": ("logsigmoid", {}),
    "tanh_shrink": ("tanhshrink", {}), "hard_shrink": ("hardshrink", {}), "soft_shrink": ("softshrink", {}),
    "erf": ("erf", {}), "exponential": ("exp", {}), "sin": ("sin", {}), "cos": ("cos", {}), "arctan": ("atan", {}),
}  # fmt: skip
JAX: Mapping[str, tuple[str, dict[str, Any]]] = {  # in jax.nn, or in jax.numpy
    "sigmoid": ("sigmoid", {}), "tanh": ("tanh", {}), "relu": ("relu", {}), "softplus": ("softplus", {}),
    "silu": ("silu", {}), "mish": ("mish", {}), "gelu": ("gelu", {"approximate": False}), "gelu_tanh": ("gelu", {}),
    "elu": ("elu", {}), "selu": ("selu", {}), "celu": ("celu", {}), "softsign": ("soft_sign", {}),
    "hard_swish": ("hard_swish", {}), "hard_sigmoid": ("hard_sigmoid", {}), "hard_tanh": ("hard_tanh", {}),
    "leaky_relu": ("leaky_relu", {}), "relu6": ("relu6", {}), "log_sigmoid": ("log_sigmoid", {}),
    "squareplus": ("squareplus", {}), "sparse_plus": ("sparse_plus", {}), "sparse_sigmoid": ("sparse_sigmoid", {}),
    "exponential": ("exp", {}), "sin": ("sin", {}), "cos": ("cos", {}), "arctan": ("arctan", {}),
}  # fmt: skip
SCIPY: Mapping[str, str] = {  # in scipy.special
    "sigmoid": "expit", "log_sigmoid": "log_expit", "softplus": "softplus", "probit": "ndtr", "erf": "erf",
}  # fmt: skip
NUMPY: Mapping[str, str] = {"tanh": "tanh", "sin": "sin", "cos": "cos", "exponential": "exp", "arctan": "arctan"}
PEERS = ("torch", "jax", "scipy", "numpy")


def check_peers(names: Iterable[str]) -> None:
    """Refuse a package that is no peer or is not installed.

    Raises
    ------
    InputError
        The name is none of PEERS, or the package is missing.
    """
    for name in names:
        if name not in PEERS:
            raise bad_value("--against", f"packages out of {', '.join(PEERS)}, separated by commas", name)
        if find_spec(name) is None:
            raise InputError(f"--against names {name!r}, which is not installed: pip install {name}, or leave it out")


def peer_calls(activation: str, against: Iterable[str]) -> dict[str, Call]:
    """The calls of those packages that have the activation: value and derivative at x, both in x's precision."""
    chosen = {peer: _TABLES[peer] for peer in against}
    return {peer: maker(table[activation]) for peer, (table, maker) in chosen.items() if activation in table}


def _torch(entry: tuple[str, dict[str, Any]]) -> Call:
    """Forward and backward in eager mode."""
    import torch

    name, options = entry
    function = getattr(torch.nn.functional, name, None) or getattr(torch, name)

    def call(x: Array) -> tuple[Array, Array]:
        inputs = torch.from_numpy(x.copy()).requires_grad_()
        value = function(inputs, **options)
        (slope,) = torch.autograd.grad(value, inputs, torch.ones_like(inputs))
        return value.detach().numpy(), slope.numpy()

    return call


def _jax(entry: tuple[str, dict[str, Any]]) -> Call:
    """The function and its vector-Jacobian product."""
    import jax
    import jax.numpy as jnp

    name, options = entry
    function = getattr(jax.nn, name, None) or getattr(jnp, name)

    def call(x: Array) -> tuple[Array, Array]:
        with jax.enable_x64(x.dtype == np.float64):
            value, pull_back = jax.vjp(lambda u: function(u, **options), jnp.asarray(x))
            return np.asarray(value), np.asarray(pull_back(jnp.ones_like(value))[0])

    return call


def _scipy(name: str) -> Call:
    import scipy.special

    return _value_only(getattr(scipy.special, name))


def _numpy(name: str) -> Call:
    return _value_only(getattr(np, name))


def _value_only(function: Callable[[Array], Array]) -> Call:
    def call(x: Array) -> tuple[Array, None]:
        with np.errstate(all="ignore"):
            return function(x), None

    return call


_TABLES: Mapping[str, tuple[Mapping[str, Any], Callable[[Any], Call]]] = {
    "torch": (TORCH, _torch), "jax": (JAX, _jax), "scipy": (SCIPY, _scipy), "numpy": (NUMPY, _numpy),
}  # fmt: skip
