"""A stack of layers whose activations are straight lines, as the one linear map that it computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from nonlin.activation import Activation
from nonlin.errors import InputError
from nonlin.formula.primitives import z

Array = np.ndarray[Any, Any]


class LinearMap(NamedTuple):
    """The map z = x W + b: weights W of shape (n_features, n_outputs) and biases b of shape (n_outputs,)."""

    W: Array
    b: Array


def collapse(coefs: Sequence[Array], intercepts: Sequence[Array], activations: Sequence[Activation]) -> LinearMap:
    """Multiply the layers of a network that does not bend into one linear map.

    Where every hidden activation is a straight line φ(z) = s z + c, such as the identity, two layers are one:
    φ(x W₁ + b₁) W₂ + b₂ = x (s W₁ W₂) + (s b₁ + c) W₂ + b₂.

    Parameters
    ----------
    coefs : the weights of each layer, (fan_in, fan_out)
    intercepts : the biases of each layer, (fan_out,)
    activations : one for each hidden layer, so one fewer than there are layers

    Returns
    -------
    LinearMap
        Weights and biases, computed in double precision, in the layers' own.

    Raises
    ------
    InputError
        An activation bends, so that no linear map computes the same.

    Examples
    --------
    >>> import numpy as np
    >>> from nonlin import get
    >>> coefs, intercepts = [np.array([[2.0]]), np.array([[3.0]])], [np.array([1.0]), np.array([1.0])]
    >>> W, b = collapse(coefs, intercepts, [get("identity")])
    >>> W, b
    (array([[6.]]), array([4.]))

    References
    ----------
    Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.1.
    """
    lines = [_line(activation, layer) for layer, activation in enumerate(activations, start=1)]
    W, b = (np.asarray(a, dtype=np.float64) for a in (coefs[0], intercepts[0]))
    for (slope, shift), coef, intercept in zip(lines, coefs[1:], intercepts[1:], strict=True):
        W, b = slope * W @ coef, (slope * b + shift) @ coef + intercept
    return LinearMap(W.astype(coefs[0].dtype), b.astype(coefs[0].dtype))


def _line(activation: Activation, layer: int) -> tuple[float, float]:
    """The slope and the value at 0 of an activation that does not bend."""
    straight = activation.expression.is_polynomial(z) and not activation.derivative_expression.has(z)
    if not straight:
        raise InputError(
            f"the network bends: hidden layer {layer} has the activation {activation.name!r}, and only straight lines "
            "such as 'identity' collapse; fit it with activation='identity'"
        )
    return float(activation.derivative(0.0)), float(activation(0.0))
