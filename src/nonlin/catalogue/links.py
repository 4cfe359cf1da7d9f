"""Inverse links of binomial regression, as activations: sigmoids whose two tails may differ."""

import sympy as sp

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import expm1, log1p, normal_cdf, where

PROBIT = activation(
    "probit", normal_cdf(z),
    family="inverse link", aliases=("normal_ogive",), used_in="binary regression, function approximation",
    reference="Bliss 1934, Science 79:38; Gomes & Ludermir 2008, Learning and Nonlinear Models 6:142",
)  # fmt: skip

CLOGLOG = activation(
    "cloglog", where(z > 7, 1, -expm1(-sp.exp(z))),  # beyond 7 it is 1 to 470 digits, and e^z may overflow
    family="inverse link", aliases=("complementary_log_log",), used_in="binary regression, function approximation",
    reference="Gomes & Ludermir 2008, Learning and Nonlinear Models 6:142",
)  # fmt: skip

LOGLOG = activation(
    "loglog", where(z < -7, 0, sp.exp(-sp.exp(-z))),  # there it is below 1e-470, and e^-z may overflow
    family="inverse link", aliases=("log_log", "gumbel_cdf"), used_in="forecasting of financial series",
    reference="Gomes, Ludermir & Lima 2011, Neural Comput. Appl. 20:417",
)  # fmt: skip

_LAMBDA = parameter("lam")

ARANDA_ORDAZ = activation(
    # 1 - (1 + lam e^z)^(-1/lam); on the right in e^-z, for e^z may overflow
    "aranda_ordaz",
    where(
        z < 1,
        -expm1(-log1p(_LAMBDA * sp.exp(z)) / _LAMBDA),
        -expm1(-(z + sp.log(_LAMBDA) + log1p(sp.exp(-z) / _LAMBDA)) / _LAMBDA),
    ),
    family="inverse link", aliases=("arandaordaz",), used_in="binary regression, forecasting",
    reference="Aranda-Ordaz 1981, Biometrika 68:357; Gomes & Ludermir 2013, Expert Systems with Applications",
    lam=2.0,
)  # fmt: skip
