"""The identity and its pieces."""

import sympy as sp

from nonlin.catalogue._registry import activation, z
from nonlin.formula.primitives import clip

IDENTITY = activation(
    "identity", z,
    family="linear", aliases=("linear", "none"), used_in="Adaline, linear regression",
    reference="Widrow & Hoff 1960, IRE WESCON Conv. Rec. 4:96",
)  # fmt: skip

PIECEWISE_LINEAR = activation(
    "piecewise_linear", clip(z + sp.Rational(1, 2), 0, 1),
    family="linear", aliases=("linear_piece", "ramp"), used_in="support vector machine",
    reference="Cortes & Vapnik 1995, Mach. Learn. 20:273 (the margin that it ramps over)",
)  # fmt: skip

HARD_TANH = activation(
    "hard_tanh", clip(z, -1, 1),
    family="linear", aliases=("hardtanh", "linear_piece_symmetric"), used_in="quantised and recurrent networks",
    reference="Collobert 2004, PhD thesis, Université Paris VI",
)  # fmt: skip

HARD_SIGMOID = activation(
    "hard_sigmoid", clip(z / 6 + sp.Rational(1, 2), 0, 1),
    family="linear", aliases=("hardsigmoid",), used_in="MobileNetV3, gates of recurrent networks",
    reference="Courbariaux et al. 2015, arXiv:1511.00363; slope 1/6 as Howard et al. 2019, arXiv:1905.02244",
)  # fmt: skip
