"""Radial functions, of the distance from 0, and powers of z."""

import sympy as sp

from nonlin.catalogue._registry import activation, z
from nonlin.formula.primitives import cosh, gaussian, lorentzian, sinh, where

GAUSSIAN = activation(
    "gaussian", gaussian(z),
    family="radial", aliases=("gauss", "rbf"), used_in="radial basis function networks",
    reference="Broomhead & Lowe 1988, Complex Systems 2:321",
)  # fmt: skip

GAUSSIAN_SYMMETRIC = activation(
    "bipolar_gaussian", 2 * gaussian(z) - 1,
    family="radial", aliases=("gaussian_symmetric",), used_in="FANN",
    reference="origin not established; FANN's GAUSSIAN_SYMMETRIC",
)  # fmt: skip

INVERSE_QUADRATIC = activation(
    "inverse_quadratic", lorentzian(z),
    family="radial", used_in="radial basis function networks",
    reference="origin not established; mlpack's InvQuadFunction",
)  # fmt: skip

MULTIQUADRATIC = activation(
    "multiquadratic",
    sp.Piecewise((z * sp.sqrt(1 + z**-2), z > 1), (-z * sp.sqrt(1 + z**-2), z < -1), (sp.sqrt(1 + z**2), True)),
    family="radial", aliases=("multi_quadratic", "multiquadric"), used_in="radial basis function networks",
    reference="Hardy 1971, J. Geophys. Res. 76:1905",
)  # fmt: skip

QUADRATIC = activation(
    "quadratic", z**2,
    family="radial", aliases=("square", "squared"), used_in="polynomial networks, theory",
    reference="Livni, Shalev-Shwartz & Shamir 2014, arXiv:1410.1141",
)  # fmt: skip

HYPER_SINH = activation(
    # on the right sinh(z)/3 in two factors, for sinh(z) overflows before its third
    "hyper_sinh", where(z > 0, 2 * sinh(z / 2) * cosh(z / 2) / 3, z**3 / 4),
    family="radial", aliases=("hypersinh",), used_in="text and medical tables",
    reference="Parisi, Ma, RaviChandran & Lanzillotta 2021, arXiv:2011.07661",
)  # fmt: skip
