"""Exponential units: straight on the right, a curved approach to a floor on the left."""

import sympy as sp

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import expm1, isru, sigmoid, where

ALPHA, BETA = parameter("alpha"), parameter("beta")

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
    defaults={
        "PyTorch, JAX, Keras": "the paper's constants in double precision",
        "ONNX": "the same rounded to float32: 1.67326319217681884765625 and 1.05070102214813232421875",
    },
)  # fmt: skip

CELU = activation(
    "celu", where(z > 0, z, ALPHA * expm1(z / ALPHA)),
    family="exponential", used_in="convolutional networks",
    reference="Barron 2017, arXiv:1704.07483", alpha=1.0,
)  # fmt: skip

PELU = activation(
    "pelu", where(z > 0, ALPHA / BETA * z, ALPHA * expm1(z / BETA)),
    family="exponential", aliases=("parametric_elu",), used_in="convolutional networks (there both are learned)",
    reference="Trottier, Giguère & Chaib-draa 2016, arXiv:1605.09332", alpha=1.0, beta=1.0,
)  # fmt: skip


def _tenth_power_less_one() -> sp.Expr:
    """(1 + z/10)^10 - 1 as the product of (1 + z/10)^5 ∓ 1, of which the first has the factor z."""
    u, half = z / 10, sp.Rational(1, 2)
    return z * (half + u * (1 + u * (1 + u * (half + u / 10)))) * ((1 + u) ** 5 + 1)


PDELU = activation(
    "pdelu",
    sp.Piecewise(
        (z, z > 0), (ALPHA * _tenth_power_less_one(), z > -1), (ALPHA * (((z + 10) / 10) ** 10 - 1), z > -10),
        (-ALPHA, True),
    ),
    family="exponential", used_in="convolutional networks",
    reference="Cheng et al. 2020, Neural Networks 125:281; deformation t = 0.9 as there", alpha=1.0,
)  # fmt: skip

ISRLU = activation(
    "isrlu", where(z >= 0, z, isru(sp.sqrt(ALPHA) * z) / sp.sqrt(ALPHA)),
    family="exponential", aliases=("inverse_square_root_linear_unit",), used_in="convolutional networks",
    reference="Carlile, Delamarter, Kinney, Marti & Whitney 2017, arXiv:1710.09967", alpha=1.0,
)  # fmt: skip

ELISH = activation(
    "elish", where(z >= 0, z * sigmoid(z), expm1(z) * sigmoid(z)),
    family="exponential", used_in="image classification",
    reference="Basirat & Roth 2018, arXiv:1808.00783",
)  # fmt: skip

HARD_ELISH = activation(
    "hard_elish",
    sp.Piecewise((0, z <= -1), (expm1(z) * (z + 1) / 2, z < 0), (z * (z + 1) / 2, z < 1), (z, True)),
    family="exponential", aliases=("hardelish",), used_in="image classification",
    reference="Basirat & Roth 2018, arXiv:1808.00783",
)  # fmt: skip

_ALPHA_N = parameter("alpha_n")

XIELU = activation(
    "xielu",
    where(
        z > 0,
        parameter("alpha_p") * z**2 + z / 2,
        _ALPHA_N * expm1(z) + (sp.Rational(1, 2) - _ALPHA_N) * z,  # alpha_n (e^z - 1 - z) + z/2
    ),
    family="exponential", used_in="Apertus (there alpha_p and alpha_n are learned)",
    reference="Huang & Schlag 2024, arXiv:2411.13010; slope 1/2 at 0 as in transformers", alpha_p=0.8, alpha_n=0.8,
)  # fmt: skip

EXPONENTIAL = activation(
    "exponential", sp.exp(z),
    family="exponential", used_in="positive outputs, rates",
    reference="origin not established; Keras' exponential",
)  # fmt: skip

POISSON1 = activation(
    "poisson1", (z - 1) * sp.exp(-z),
    family="exponential", aliases=("poisson_one",), used_in="mlpack: radial basis function networks",
    reference="origin not established; mlpack's Poisson1Function",
)  # fmt: skip
