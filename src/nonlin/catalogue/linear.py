"""The identity and functions made of straight pieces."""

import itertools
from typing import Any

import numpy as np
import sympy as sp

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import clip

IDENTITY = activation(
    "identity", z,
    family="linear", aliases=("linear", "none"), used_in="Adaline, linear regression",
    reference="Widrow & Hoff 1960, IRE WESCON Conv. Rec. 4:96",
)  # fmt: skip

PIECEWISE_LINEAR = activation(
    "piecewise_linear", clip(z + sp.Rational(1, 2), 0, 1),
    family="linear", aliases=("ramp",), used_in="support vector machine",
    reference="Cortes & Vapnik 1995, Mach. Learn. 20:273 (the margin that it ramps over)",
)  # fmt: skip

SATURATING_LINEAR = activation(
    "saturating_linear", clip(z, 0, 1),
    family="linear", aliases=("satlin", "linear_piece", "relu1", "hard_unit"), used_in="FANN, fixed-point networks",
    reference="origin not established; FANN's LINEAR_PIECE",
)  # fmt: skip

HARD_TANH = activation(
    "hard_tanh", clip(z, -1, 1),
    family="linear", aliases=("hardtanh", "linear_piece_symmetric", "satlins"),
    used_in="quantised and recurrent networks",
    reference="Collobert 2004, PhD thesis, Université Paris VI",
)  # fmt: skip

HARD_SIGMOID = activation(
    "hard_sigmoid", clip(z / 6 + sp.Rational(1, 2), 0, 1),
    family="linear", aliases=("hardsigmoid",), used_in="MobileNetV3, gates of recurrent networks",
    reference="Courbariaux et al. 2015, arXiv:1511.00363; slope 1/6 as Howard et al. 2019, arXiv:1905.02244",
    defaults={
        "PyTorch, JAX, Keras 3, Paddle, timm, NNlib": "slope 1/6",
        "ONNX HardSigmoid, MXNet, Keras 2": "slope 0.2",
        "ONNX HardSwish": "slope 1/6 inside",
    },
)  # fmt: skip

SPARSE_SIGMOID = activation(
    "sparse_sigmoid", clip(z / 2 + sp.Rational(1, 2), 0, 1),
    family="linear", used_in="JAX, Keras: the slope of sparse_plus",
    reference="origin not established; jax.nn.sparse_sigmoid",
)  # fmt: skip

_SLOPE = parameter("alpha")

PLU = activation(
    "plu", sp.Piecewise((_SLOPE * (z + 1) - 1, z < -1), (_SLOPE * (z - 1) + 1, z > 1), (z, True)),
    family="linear", aliases=("piecewise_linear_unit",), used_in="invertible networks",
    reference="Nicolae 2018, arXiv:1809.09534; slope 0.1, corners at ±1", alpha=0.1,
)  # fmt: skip


def _stepwise(at: list[float], heights: list[Any], low: int, high: int) -> sp.Expr:
    """Straight lines through the points; ``low`` before the first and ``high`` from the last on."""
    x = [sp.Rational(float(np.float32(v))) for v in at]  # exactly FANN's numbers, which are single precision
    y = [sp.Rational(v) for v in heights]
    pairs = itertools.pairwise(zip(x, y, strict=True))
    lines = [(c + (d - c) / (b - a) * (z - a), z < b) for (a, c), (b, d) in pairs]
    return sp.Piecewise((sp.Integer(low), z < x[0]), *lines, (sp.Integer(high), True))


_CORNERS = [-2.6466525, -1.4722195, -0.54930615, 0.54930615, 1.4722193, 2.646653]

SIGMOID_STEPWISE = activation(
    "sigmoid_stepwise", _stepwise(_CORNERS, ["0.005", "0.05", "0.25", "0.75", "0.95", "0.995"], 0, 1),
    family="linear", used_in="FANN: the sigmoid of 2z in six straight steps",
    reference="Nissen 2003, Implementation of a Fast Artificial Neural Network Library, Univ. of Copenhagen",
)  # fmt: skip

TANH_STEPWISE = activation(
    "tanh_stepwise",
    _stepwise([-2.646653, -1.4722193, *_CORNERS[2:]], ["-0.99", "-0.9", "-0.5", "0.5", "0.9", "0.99"], -1, 1),
    family="linear", aliases=("sigmoid_symmetric_stepwise",), used_in="FANN: tanh in six straight steps",
    reference="Nissen 2003, Implementation of a Fast Artificial Neural Network Library, Univ. of Copenhagen",
)  # fmt: skip
