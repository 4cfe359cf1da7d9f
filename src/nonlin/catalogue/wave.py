"""Waves and bumps: they come back down."""

import sympy as sp

from nonlin.catalogue._registry import activation, z
from nonlin.formula.primitives import gaussian

SINE = activation(
    "sin", sp.sin(z),
    family="wave", aliases=("sine", "siren"), used_in="SIREN, implicit representations",
    reference="Sitzmann et al. 2020, arXiv:2006.09661",
)  # fmt: skip

GAUSSIAN = activation(
    "gaussian", gaussian(z),
    family="wave", aliases=("gauss", "rbf"), used_in="radial basis function networks",
    reference="Broomhead & Lowe 1988, Complex Systems 2:321",
)  # fmt: skip
