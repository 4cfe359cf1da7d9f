"""Exponential units: linear on the right, an exponential approach to a floor on the left."""

import sympy as sp

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import expm1, where

ALPHA = parameter("alpha")

ELU = activation(
    "elu", where(z > 0, z, ALPHA * expm1(z)),
    family="exponential", used_in="convolutional networks",
    reference="Clevert, Unterthiner & Hochreiter 2016, arXiv:1511.07289", alpha=1.0,
)  # fmt: skip

_SELU_SCALE = sp.Rational("1.0507009873554804934193349852946")
_SELU_ALPHA = sp.Rational("1.6732632423543772848170429916717")

SELU = activation(
    "selu", _SELU_SCALE * where(z > 0, z, _SELU_ALPHA * expm1(z)),
    family="exponential", used_in="self-normalising networks",
    reference="Klambauer, Unterthiner, Mayr & Hochreiter 2017, arXiv:1706.02515",
)  # fmt: skip

CELU = activation(
    "celu", where(z > 0, z, ALPHA * expm1(z / ALPHA)),
    family="exponential", used_in="convolutional networks",
    reference="Barron 2017, arXiv:1704.07483", alpha=1.0,
)  # fmt: skip
