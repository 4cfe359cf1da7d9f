"""Learned parameters of activations: their derivatives ∂φ/∂p, which come from the formula like φ' does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import sympy as sp

from nonlin.activation import Activation
from nonlin.nn.layout import Array


class ParameterSlope(NamedTuple):
    """∂φ/∂p of one parameter p, as a function of the net input, and the hidden layer whose φ it belongs to."""

    layer: int
    function: Activation


def parameter_slopes(activations: Sequence[Activation]) -> list[ParameterSlope]:
    """One for every parameter of every layer, in the order in which they lie in ``theta``."""
    return [ParameterSlope(layer, _slope(a, p)) for layer, a in enumerate(activations) for p in a.params]


@cache
def _slope(activation: Activation, parameter: str) -> Activation:
    formula = sp.diff(activation.expression, sp.Symbol(parameter, real=True))
    names = {str(symbol) for symbol in formula.free_symbols}
    values: dict[str, Any] = {p: value for p, value in activation.params.items() if p in names}
    return Activation(formula, **values)


def places(activations: Sequence[Activation], slopes: Sequence[ParameterSlope]) -> Array:
    """Where kernels look for learned parameters: (row and column of their table, index among the parameters)."""
    index = {pair: i for i, pair in enumerate((layer, p) for layer, a in enumerate(activations) for p in a.params)}
    users = [*enumerate(activations), *slopes]
    found = [
        (row, column, index[layer, p])
        for row, (layer, function) in enumerate(users)
        for column, p in enumerate(function.params)
    ]
    return np.array(found if slopes else [], dtype=np.int64).reshape(-1, 3)


def initial_values(activations: Sequence[Activation]) -> list[float]:
    """The values that the formulas start from."""
    return [value for a in activations for value in a.params.values()]


def with_values(activations: Sequence[Activation], values: Array) -> tuple[Activation, ...]:
    """The activations with new values of their parameters."""
    rest = iter(values.tolist())
    return tuple(a.with_params(**{p: next(rest) for p in a.params}) if a.params else a for a in activations)
