"""Rectifiers: straight on the right, small or nothing on the left, with a corner between."""

import sympy as sp

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import absolute, clip, erf, where

ALPHA, BETA, THETA, VALUE = (parameter(name) for name in ("alpha", "beta", "theta", "value"))

RELU = activation(
    "relu", where(z > 0, z, 0),
    family="rectified", aliases=("rectifier", "rectified_linear", "linear_piece_rect"),
    used_in="MLP, convolutional networks",
    reference="Fukushima 1969, IEEE Trans. Syst. Sci. Cybern. 5:322; Nair & Hinton 2010, ICML",
)  # fmt: skip

LEAKY_RELU = activation(
    "leaky_relu", where(z > 0, z, ALPHA * z),
    family="rectified", aliases=("leakyrelu", "lrelu", "linear_piece_rect_leaky"),
    used_in="speech networks, GANs, YOLO",
    reference="Maas, Hannun & Ng 2013, ICML workshop; slope 0.01 as there", alpha=0.01,
    defaults={
        "PyTorch, JAX, NNlib, ONNX, FANN": "alpha 0.01", "Keras function": "alpha 0.2",
        "Keras layer": "alpha 0.3", "MXNet operator": "alpha 0.25",
    },
)  # fmt: skip

PRELU = activation(
    "prelu", where(z > 0, z, ALPHA * z),
    family="rectified", aliases=("parametric_relu",), used_in="convolutional networks (there alpha is learned)",
    reference="He, Zhang, Ren & Sun 2015, arXiv:1502.01852; PyTorch's initial slope", alpha=0.25,
    defaults={"PyTorch, MXNet": "alpha 0.25", "Flax": "alpha 0.01"},
)  # fmt: skip

RELU6 = activation(
    "relu6", clip(z, 0, 6),
    family="rectified", used_in="MobileNet",
    reference="Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10",
)  # fmt: skip

THRESHOLDED_RELU = activation(
    "thresholded_relu", where(z > THETA, z, VALUE),
    family="rectified", aliases=("threshold", "trelu", "thresholdedrelu"), used_in="autoencoders without biases",
    reference="Konda, Memisevic & Krueger 2014, arXiv:1402.3337", theta=1.0, value=0.0,
    defaults={
        "ONNX, NNlib, Paddle": "theta 1, value 0",
        "PyTorch Threshold, Keras threshold": "both must be given",
    },
)  # fmt: skip

TLU = activation(
    "tlu", where(z > THETA, z, THETA),
    family="rectified", aliases=("thresholded_linear_unit", "dynamic_relu"),
    used_in="filter response normalisation (there theta is learned)",
    reference="Singh & Krishnan 2019, arXiv:1911.09737; TensorFlow Addons' initial threshold", theta=0.0,
)  # fmt: skip

FLEXIBLE_RELU = activation(
    "flexible_relu", where(z > 0, z + BETA, BETA),
    family="rectified", aliases=("frelu",), used_in="convolutional networks (there beta is learned)",
    reference="Qiu, Xu & Cai 2017, arXiv:1706.08098; mlpack's initial shift", beta=0.0,
)  # fmt: skip

SHILU = activation(
    "shilu", where(z > 0, ALPHA * z + BETA, BETA),
    family="rectified", used_in="image classification (there alpha and beta are learned)",
    reference="Pishchik 2023, doi:10.20944/preprints202301.0463.v1", alpha=1.0, beta=0.0,
)  # fmt: skip

RELU_SQUARED = activation(
    "relu_squared", where(z > 0, z**2, 0),
    family="rectified", aliases=("relu2", "squared_relu"), used_in="Primer, Nemotron",
    reference="So et al. 2021, arXiv:2109.08668",
)  # fmt: skip

STAR_RELU = activation(
    "star_relu", where(z > 0, parameter("s") * z**2 + parameter("b"), parameter("b")),
    family="rectified", aliases=("starrelu",), used_in="MetaFormer",
    reference="Yu et al. 2022, arXiv:2210.13452", s=0.8944, b=-0.4472,
)  # fmt: skip

ERF_RELU = activation(
    "erf_relu", where(z > 0, z, ALPHA * erf(z)),
    family="rectified", aliases=("erfrelu",), used_in="image classification (there alpha is learned)",
    reference="Rajanand & Singh 2023, arXiv:2306.01822", alpha=1.0,
)  # fmt: skip

ABSOLUTE = activation(
    "absolute", absolute(z),
    family="rectified", aliases=("abs", "modulus", "vrelu"), used_in="object recognition",
    reference="Jarrett, Kavukcuoglu, Ranzato & LeCun 2009, ICCV",
)  # fmt: skip

_LEAKY_COEFFICIENTS = [
    ["0.029792778657264946", "0.6183735264987601", "2.323309062531321", "3.051936237265109", "1.4854203263828845",
     "0.2510244961111299"],
    ["1", "1.1419548357285474", "4.393159974992486", "0.8714712309957245", "0.34719662339598834"],
]  # fmt: skip


def _pade() -> sp.Expr:
    """P(z)/Q(|z|) of degrees 5 and 4; beyond 1 in powers of 1/z, where those of z would overflow."""
    p, q = ([sp.Rational(c) for c in row] for row in _LEAKY_COEFFICIENTS)
    near = sum(c * z**i for i, c in enumerate(p)) / sum(c * absolute(z) ** i for i, c in enumerate(q))
    far = sum(c * z**-i for i, c in enumerate(p[::-1])) / sum(c * absolute(z) ** -i for i, c in enumerate(q[::-1]))
    return where(absolute(z) > 1, z * far, near)


PAU = activation(
    "pau", _pade(),
    family="rectified", aliases=("pade", "rational"), used_in="image classification (there its numbers are learned)",
    reference="Molina, Schramowski & Kersting 2020, arXiv:1907.06732; rational_activations' numbers for leaky_relu",
)  # fmt: skip
