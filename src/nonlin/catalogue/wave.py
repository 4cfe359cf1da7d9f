"""Waves: they come back, again and again."""

import sympy as sp

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import sinc

SINE = activation(
    "sin", sp.sin(z),
    family="wave", aliases=("sine", "siren", "sin_symmetric"), used_in="SIREN, implicit representations",
    reference="Sitzmann et al. 2020, arXiv:2006.09661",
)  # fmt: skip

COSINE = activation(
    "cos", sp.cos(z),
    family="wave", aliases=("cosine", "cos_symmetric"), used_in="random Fourier features, FANN",
    reference="Rahimi & Recht 2007, NIPS 20 (as features)",
)  # fmt: skip

RAISED_SINE = activation(
    "raised_sine", (1 + sp.sin(z)) / 2,
    family="wave", aliases=("fann_sin",), used_in="FANN",
    reference="origin not established; FANN's SIN",
)  # fmt: skip

RAISED_COSINE = activation(
    "raised_cosine", sp.cos(z / 2) ** 2,  # (1 + cos z)/2 without cancellation
    family="wave", aliases=("fann_cos",), used_in="FANN",
    reference="origin not established; FANN's COS",
)  # fmt: skip

SINC = activation(
    "sinc", sinc(z),
    family="wave", aliases=("cardinal_sine",), used_in="signal reconstruction",
    reference="origin not established; unnormalised, sin(z)/z",
)  # fmt: skip

_ALPHA = parameter("alpha")

SNAKE = activation(
    "snake", z + sp.sin(_ALPHA * z) ** 2 / _ALPHA,
    family="wave", used_in="periodic series, audio (BigVGAN)",
    reference="Ziyin, Hartwig & Ueda 2020, arXiv:2006.08195", alpha=1.0,
)  # fmt: skip

GCU = activation(
    "gcu", z * sp.cos(z),
    family="wave", aliases=("growing_cosine_unit",), used_in="convolutional networks",
    reference="Noel, Arunkumar, Trivedi & Dutta 2021, arXiv:2108.12943",
)  # fmt: skip
