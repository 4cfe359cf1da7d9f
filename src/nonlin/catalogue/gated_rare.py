"""Self-gated units that no large library has."""

import sympy as sp

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import erf, log1p, normal_cdf, sigmoid, softplus, squareplus_slope, tanh, where

ALPHA, BETA = parameter("alpha"), parameter("beta")

SERF = activation(
    "serf", z * erf(softplus(z)),
    family="self-gated", aliases=("log_softplus_error",), used_in="vision, translation",
    reference="Nag, Bhattacharyya, Mukherjee & Kundu 2023, WACV, arXiv:2108.09598",
)  # fmt: skip

LOGISH = activation(
    "logish", z * log1p(sigmoid(z)),
    family="self-gated", used_in="image classification",
    reference="Zhu, Zeng, Liu & Chen 2021, Neurocomputing 458:490",
)  # fmt: skip

SMISH = activation(
    "smish", z * tanh(log1p(sigmoid(z))),
    family="self-gated", used_in="image classification",
    reference="Wang, Ren & Wang 2022, Electronics 11:540",
)  # fmt: skip

PHISH = activation(
    "phish", z * tanh(z * normal_cdf(z)),
    family="self-gated", used_in="image classification",
    reference="Naveen 2022, Phish: A Novel Hyper-Optimizable Activation Function, TechRxiv",
)  # fmt: skip

SINLU = activation(
    "sinlu", (z + parameter("a") * sp.sin(parameter("b") * z)) * sigmoid(z),
    family="self-gated", used_in="image classification (there a and b are learned)",
    reference="Paul, Bandyopadhyay, Yoon, Geem & Sarkar 2022, Mathematics 10:337", a=1.0, b=1.0,
)  # fmt: skip

SWIM = activation(
    "swim", z * squareplus_slope(parameter("k") * z, 1),  # z/2 (1 + kz/√(1 + k²z²))
    family="self-gated", used_in="reinforcement learning of locomotion",
    reference="Abdool & Dear 2023, arXiv:2303.02640", k=0.5,
)  # fmt: skip

COLU = activation(
    # left of 0 both sides of the fraction are multiplied by e^z, for e^-z may overflow; beyond 7 it is z to 470 digits
    "colu",
    sp.Piecewise(
        (z * sp.exp(z) / (sp.exp(z) - z * sp.exp(-sp.exp(z))), z < 0),
        (z / (1 - z * sp.exp(-(z + sp.exp(z)))), z < 7),
        (z, True),
    ),
    family="self-gated", aliases=("collapsing_linear_unit",), used_in="image classification",
    reference="Vagerwal 2021, arXiv:2112.12078",
)  # fmt: skip

SRS = activation(
    # z/(z/alpha + e^(-z/beta)): on the left e^(-z/beta) may overflow, on the right the slope would cancel
    "srs",
    where(
        z < sp.Rational(1, 4),
        z * sp.exp(z / BETA) / (1 + z / ALPHA * sp.exp(z / BETA)),
        1 / (1 / ALPHA + sp.exp(-z / BETA) / z),
    ),
    family="self-gated", aliases=("soft_root_sign",), used_in="vision, translation",
    reference="Zhou, Li, Huo & Kung 2020, arXiv:2003.00547", alpha=2.0, beta=3.0,
)  # fmt: skip
