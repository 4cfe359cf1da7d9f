"""Self-gated units: z times a gate that z itself opens."""

import sympy as sp

from nonlin.catalogue._registry import activation, z
from nonlin.formula.primitives import normal_cdf, sigmoid, softplus, tanh

GELU = activation(
    "gelu", z * normal_cdf(z),
    family="self-gated", aliases=("gelu_exact",), used_in="BERT, GPT, vision transformers",
    reference="Hendrycks & Gimpel 2016, arXiv:1606.08415",
)  # fmt: skip

GELU_TANH = activation(
    # (1 + tanh u)/2 is the sigmoid of 2u, without the cancellation in the left tail
    "gelu_tanh", z * sigmoid(2 * sp.sqrt(2 / sp.pi) * (z + sp.Rational("0.044715") * z**3)),
    family="self-gated", aliases=("gelu_new", "gelu_approximate"), used_in="GPT-2, jax.nn.gelu",
    reference="Hendrycks & Gimpel 2016, arXiv:1606.08415, section 2",
)  # fmt: skip

SILU = activation(
    "silu", z * sigmoid(z),
    family="self-gated", aliases=("swish", "swish_1"), used_in="EfficientNet, LLaMA",
    reference="Elfwing, Uchibe & Doya 2018, arXiv:1702.03118; Ramachandran, Zoph & Le 2017, arXiv:1710.05941",
)  # fmt: skip

MISH = activation(
    "mish", z * tanh(softplus(z)),
    family="self-gated", used_in="YOLOv4, tabular networks",
    reference="Misra 2019, arXiv:1908.08681",
)  # fmt: skip

HARD_SWISH = activation(
    "hard_swish", sp.Piecewise((0, z <= -3), (z, z >= 3), (z * (z + 3) / 6, True)),
    family="self-gated", aliases=("hardswish", "hard_silu"), used_in="MobileNetV3",
    reference="Howard et al. 2019, arXiv:1905.02244",
)  # fmt: skip
