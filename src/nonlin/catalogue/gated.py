"""Self-gated units in common use: z times a gate that z itself opens."""

import sympy as sp

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import normal_cdf, sigmoid, softplus, tanh, where

_GELU, _SCALE = z * normal_cdf(z), 2 * sp.sqrt(2 / sp.pi)
_GELU_DEFAULTS = {  # the first line of such a table is what the entry itself takes
    "PyTorch, keras.activations.gelu, ONNX, tf.nn, MXNet": "exact",
    "JAX, NNlib, TensorFlow Addons, keras.ops.gelu": "tanh",
}

GELU = activation(
    "gelu", _GELU,
    family="self-gated", aliases=("gelu_exact", "gelu_python", "gelu_erf"), used_in="BERT, GPT, vision transformers",
    reference="Hendrycks & Gimpel 2016, arXiv:1606.08415", defaults=_GELU_DEFAULTS,
)  # fmt: skip

GELU_TANH = activation(
    # (1 + tanh u)/2 is the sigmoid of 2u, without the cancellation in the left tail
    "gelu_tanh", z * sigmoid(_SCALE * z + sp.Rational("0.044715") * _SCALE * z**3),
    family="self-gated",
    aliases=(
        "gelu_new", "gelu_approximate", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh", "gelu_python_tanh",
        "gelu_sigmoid",
    ),
    used_in="GPT-2, jax.nn.gelu",
    reference="Hendrycks & Gimpel 2016, arXiv:1606.08415, section 2", defaults=dict(reversed(_GELU_DEFAULTS.items())),
)  # fmt: skip

GELU_10 = activation(
    "gelu_10", where(z >= 10, 10, _GELU),  # at 10 it differs from min(gelu(z), 10) by 1e-22
    family="self-gated", aliases=("clipped_gelu",), used_in="quantised transformers",
    reference="Wu, Judd, Zhang, Isaev & Micikevicius 2020, arXiv:2004.09602",
)  # fmt: skip

QUICK_GELU = activation(
    "quick_gelu", z * sigmoid(sp.Rational("1.702") * z),
    family="self-gated", aliases=("quickgelu",), used_in="CLIP",
    reference="Hendrycks & Gimpel 2016, arXiv:1606.08415, section 2",
)  # fmt: skip

SILU = activation(
    "silu", z * sigmoid(z),
    family="self-gated", aliases=("swish", "swish_1"), used_in="EfficientNet, LLaMA",
    reference="Elfwing, Uchibe & Doya 2018, arXiv:1702.03118; Ramachandran, Zoph & Le 2017, arXiv:1710.05941",
)  # fmt: skip

DSILU = activation(
    "dsilu", sp.diff(z * sigmoid(z), z),
    family="self-gated", aliases=("d_silu",), used_in="reinforcement learning (the slope of silu)",
    reference="Elfwing, Uchibe & Doya 2018, arXiv:1702.03118",
)  # fmt: skip

MISH = activation(
    "mish", z * tanh(softplus(z)),
    family="self-gated", used_in="YOLOv4, tabular networks",
    reference="Misra 2019, arXiv:1908.08681",
)  # fmt: skip

HARD_SWISH = activation(
    "hard_swish", sp.Piecewise((0, z <= -3), (z, z >= 3), (z * (z + 3) / 6, True)),
    family="self-gated", aliases=("hardswish", "hard_silu", "hardsilu"), used_in="MobileNetV3",
    reference="Howard et al. 2019, arXiv:1905.02244",
)  # fmt: skip

HARD_MISH = activation(
    "hard_mish", sp.Piecewise((0, z <= -2), (z, z >= 0), (z * (z + 2) / 2, True)),
    family="self-gated", aliases=("hardmish",), used_in="timm's image models",
    reference="origin not established; timm's hard_mish",
)  # fmt: skip

LISHT = activation(
    "lisht", z * tanh(z),
    family="self-gated", used_in="image classification",
    reference="Roy, Manna, Dubey & Chaudhuri 2019, arXiv:1901.05894",
)  # fmt: skip

TANH_EXP = activation(
    "tanh_exp", where(z > 7, z, z * tanh(sp.exp(z))),  # beyond 7 tanh is 1 to 950 digits, and e^z may overflow
    family="self-gated", aliases=("tanhexp", "telu"), used_in="light image models",
    reference="Liu & Di 2020, arXiv:2003.09855; Fernandez & Mali 2024, arXiv:2412.20269 (as TeLU)",
)  # fmt: skip

FTSWISH = activation(
    "ftswish", where(z >= 0, z * sigmoid(z) + parameter("t"), parameter("t")),
    family="self-gated", aliases=("flatten_t_swish",), used_in="image classification",
    reference="Chieng, Wahid, Ong & Perla 2018, arXiv:1812.06247", t=-0.2,
)  # fmt: skip
