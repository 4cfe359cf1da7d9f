"""S-shaped functions: they saturate on both sides."""

import sympy as sp

from nonlin.catalogue._registry import activation, z
from nonlin.formula.primitives import sigmoid, softsign, tanh

SIGMOID = activation(
    "sigmoid", sigmoid(z),
    family="sigmoidal", aliases=("logistic", "logsig", "expit"), used_in="logistic regression, MLP",
    reference="Verhulst 1845, Nouv. Mém. Acad. R. Bruxelles 18; Rumelhart, Hinton & Williams 1986, Nature 323:533",
)  # fmt: skip

TANH = activation(
    "tanh", tanh(z),
    family="sigmoidal", aliases=("tansig", "hyperbolic_tangent"), used_in="MLP, recurrent networks",
    reference="LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, LNCS 1524:9",
)  # fmt: skip

SOFTSIGN = activation(
    "softsign", softsign(z),
    family="sigmoidal", aliases=("soft_sign", "elliott_symmetric"), used_in="MLP, speech synthesis",
    reference="Elliott 1993, Univ. of Maryland TR 93-8; Bergstra et al. 2009, Univ. de Montréal TR 1337",
)  # fmt: skip

ARCTAN = activation(
    "arctan", sp.atan(z),
    family="sigmoidal", aliases=("atan",), used_in="MLP",
    reference="Kamruzzaman & Aziz 2002, Proc. ICCIT (as a hidden activation)",
)  # fmt: skip
