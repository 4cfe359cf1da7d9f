"""Shrinkage: what is small becomes nothing."""

import sympy as sp

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import tanhshrink

THETA = parameter("theta")

HARD_SHRINK = activation(
    "hard_shrink", sp.Piecewise((z, z > THETA), (z, z < -THETA), (0, True)),
    family="shrinkage", aliases=("hardshrink", "shrink"), used_in="sparse coding, denoising",
    reference="Donoho & Johnstone 1994, Biometrika 81:425; 0.5 as PyTorch, ONNX and Keras", theta=0.5,
)  # fmt: skip

SOFT_SHRINK = activation(
    "soft_shrink", sp.Piecewise((z - THETA, z > THETA), (z + THETA, z < -THETA), (0, True)),
    family="shrinkage", aliases=("softshrink", "soft_threshold"), used_in="sparse coding, LISTA",
    reference="Donoho & Johnstone 1994, Biometrika 81:425; 0.5 as PyTorch, NNlib and Keras", theta=0.5,
)  # fmt: skip

TANH_SHRINK = activation(
    "tanh_shrink", tanhshrink(z),
    family="shrinkage", aliases=("tanhshrink",), used_in="sparse coding",
    reference="origin not established; PyTorch's Tanhshrink",
)  # fmt: skip
