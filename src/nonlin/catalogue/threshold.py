"""Threshold functions: they decide, and have no slope to learn by."""

from nonlin.catalogue._registry import activation, z
from nonlin.formula.primitives import sign, step

UNIT_STEP = activation(
    "unit_step", step(z),
    family="threshold", aliases=("step", "heaviside", "binary_step"), used_in="perceptron",
    reference="McCulloch & Pitts 1943, Bull. Math. Biophys. 5:115; Rosenblatt 1958, Psychol. Rev. 65:386",
)  # fmt: skip

SIGN = activation(
    "sign", sign(z),
    family="threshold", aliases=("signum", "hardlims"), used_in="perceptron",
    reference="Rosenblatt 1958, Psychol. Rev. 65:386",
)  # fmt: skip
