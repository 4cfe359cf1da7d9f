"""Smooth rectifiers: like ReLU without its corner."""

import sympy as sp

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import (
    expm1,
    log1p,
    log_sigmoid,
    logcosh,
    normal_cdf,
    sigmoid,
    softplus,
    squareplus,
    where,
)

ALPHA, MU = parameter("alpha"), parameter("mu")

SOFTPLUS = activation(
    "softplus", softplus(z),
    family="smooth-rectified", aliases=("soft_relu", "softrelu"), used_in="MLP, positive outputs",
    reference="Dugas et al. 2001, NIPS 13:472",
    defaults={"JAX, Keras, ONNX": "neither beta nor threshold", "PyTorch": "beta 1, the identity where beta*z > 20"},
)  # fmt: skip

SHIFTED_SOFTPLUS = activation(
    # softplus(z) - log 2 cancels at 0; this is the same in two halves
    "shifted_softplus", where(z < 0, log1p(expm1(z) / 2), z + log1p(expm1(-z) / 2)),
    family="smooth-rectified", aliases=("ssp",), used_in="SchNet",
    reference="Schütt et al. 2017, arXiv:1706.08566",
)  # fmt: skip

LOG_SIGMOID = activation(
    "log_sigmoid", log_sigmoid(z),
    family="smooth-rectified", aliases=("logsigmoid",), used_in="losses, log probabilities",
    reference="origin not established; PyTorch's LogSigmoid",
)  # fmt: skip

SQRT_SOFTPLUS = activation(
    # left of -40 softplus(z) is e^z to 18 digits, and e^z would lose them before its root
    "sqrt_softplus", where(z < -40, sp.exp(z / 2), sp.sqrt(softplus(z))),
    family="smooth-rectified", aliases=("sqrtsoftplus",), used_in="routers of mixtures of experts",
    reference="origin not established; Hugging Face's sqrtsoftplus",
)  # fmt: skip

SQUAREPLUS = activation(
    "squareplus", squareplus(z, parameter("b")),
    family="smooth-rectified", used_in="JAX, Keras: softplus without an exponential",
    reference="Barron 2021, arXiv:2112.11687; b = 4 as in JAX and Keras", b=4.0,
)  # fmt: skip

LOGCOSH = activation(
    "logcosh", logcosh(z),
    family="smooth-rectified", aliases=("log_cosh",), used_in="NNlib, robust losses: a smooth |z|",
    reference="origin not established; NNlib's logcosh",
)  # fmt: skip

SPARSE_PLUS = activation(
    "sparse_plus", sp.Piecewise((0, z <= -1), (z, z >= 1), ((z + 1) ** 2 / 4, True)),
    family="smooth-rectified", used_in="JAX, Keras: softplus that reaches 0",
    reference="origin not established; jax.nn.sparse_plus",
)  # fmt: skip

_NEAR = z + z**2 / (2 * (1 + sp.sqrt(1 + z**2)))
_FAR = sp.sqrt(1 + z**-2)  # √(1+z²)/|z|, for z² may overflow

BENT_IDENTITY = activation(
    "bent_identity",
    sp.Piecewise(
        (z + (z * _FAR - 1) / 2, z > 1), (z - (z * _FAR + 1) / 2, z < -1), (_NEAR, True),
    ),
    family="smooth-rectified", used_in="regression with an MLP",
    reference="origin not established",
)  # fmt: skip

SMU = activation(
    # Φ(√2 u) is (1 + erf u)/2, without its cancellation in the left tail
    "smu", ALPHA * z + (1 - ALPHA) * z * normal_cdf(sp.sqrt(2) * MU * (1 - ALPHA) * z),
    family="smooth-rectified", aliases=("smooth_maximum_unit",), used_in="image classification (there mu is learned)",
    reference="Biswas, Kumar, Banerjee & Pandey 2022, CVPR:794, arXiv:2111.04682", alpha=0.01, mu=2.5,
    defaults={
        "MindSpore port": "alpha 0.01, mu 2.5", "torch-activation": "alpha 0.25, mu 25",
        "iFe1er/SMU_pytorch": "alpha 0.25, mu 1000000",
    },
)  # fmt: skip

EIS_1 = activation(
    # left of -400 it is below 1e-340, and e^-z may overflow; right of 1 z softplus(z) may
    "eis_1",
    sp.Piecewise(
        (softplus(z) / (1 + sp.Rational("1.16") * sp.exp(-z) / z), z > 1),
        (0, z < -400),
        (z * softplus(z) / (z + sp.Rational("1.16") * sp.exp(-z)), True),
    ),
    family="smooth-rectified", used_in="image classification",
    reference="Biswas, Kumar, Banerjee & Pandey 2020, arXiv:2009.13501",
)  # fmt: skip

EIS_2 = activation(
    "eis_2",
    sp.Piecewise(
        (softplus(z) / _FAR, z > 1), (-softplus(z) / _FAR, z < -1), (z * softplus(z) / sp.sqrt(1 + z**2), True),
    ),
    family="smooth-rectified", used_in="image classification",
    reference="Biswas, Kumar, Banerjee & Pandey 2020, arXiv:2009.13501",
)  # fmt: skip

_P1, _P2, _BETA = (parameter(name) for name in ("p1", "p2", "beta"))

ACON_C = activation(
    "acon_c", (_P1 - _P2) * z * sigmoid(_BETA * (_P1 - _P2) * z) + _P2 * z,
    family="smooth-rectified", aliases=("acon", "aconc"), used_in="image classification (there all three are learned)",
    reference="Ma, Zhang, Liu & Sun 2021, CVPR, arXiv:2009.04759", p1=1.0, p2=0.0, beta=1.0,
)  # fmt: skip
