"""S-shaped functions: they saturate on both sides."""

import sympy as sp

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import arctan, erf, expm1, isru, normal_cdf, sigmoid, softsign, tanh, where

ALPHA = parameter("alpha")

SIGMOID = activation(
    "sigmoid", sigmoid(z),
    family="sigmoidal", aliases=("logistic", "logsig", "expit", "sigmoid_fast"), used_in="logistic regression, MLP",
    reference="Verhulst 1845, Nouv. Mém. Acad. R. Bruxelles 18; Rumelhart, Hinton & Williams 1986, Nature 323:533",
    defaults={"PyTorch, JAX, Keras, ONNX, …": "1/(1 + e^-z)", "FANN": "1/(1 + e^(-2sz)), steepness s 0.5"},
)  # fmt: skip

TANH = activation(
    "tanh", tanh(z),
    family="sigmoidal", aliases=("tansig", "hyperbolic_tangent", "tanh_fast", "sigmoid_symmetric"),
    used_in="MLP, recurrent networks",
    reference="LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, LNCS 1524:9",
)  # fmt: skip

SCALED_TANH = activation(
    "scaled_tanh", parameter("b") * tanh(parameter("a") * z),
    family="sigmoidal", aliases=("stanh", "scaledtanh", "lecun_tanh"), used_in="LeNet",
    reference="LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, LNCS 1524:9; a 2/3 there, 0.67 in Paddle",
    a=0.67, b=1.7159,
    defaults={"Paddle": "a 0.67, b 1.7159", "LeCun et al. 1998": "a 2/3, b 1.7159"},
)  # fmt: skip

PENALIZED_TANH = activation(
    "penalized_tanh", where(z > 0, tanh(z), ALPHA * tanh(z)),
    family="sigmoidal", aliases=("leaky_tanh",), used_in="convolutional networks, text",
    reference="Xu, Huang & Li 2016, arXiv:1602.05980", alpha=0.25,
)  # fmt: skip

BIPOLAR_SIGMOID = activation(
    "bipolar_sigmoid", tanh(z / 2),
    family="sigmoidal", used_in="mlpack, networks with targets ±1",
    reference="origin not established; mlpack's BipolarSigmoidFunction",
)  # fmt: skip

SOFTSIGN = activation(
    "softsign", softsign(z),
    family="sigmoidal", aliases=("soft_sign", "elliott_symmetric", "elliot_symmetric"),
    used_in="MLP, speech synthesis",
    reference="Elliott 1993, Univ. of Maryland TR 93-8; Bergstra et al. 2009, Univ. de Montréal TR 1337",
)  # fmt: skip

ELLIOTT = activation(
    # softsign(z)/2 + 1/2, on the left without its cancellation
    "elliott", where(z < 0, 1 / (1 - z) / 2, 1 - 1 / (1 + z) / 2),
    family="sigmoidal", aliases=("elliot",), used_in="FANN, mlpack: a cheap sigmoid",
    reference="Elliott 1993, Univ. of Maryland TR 93-8",
)  # fmt: skip

ISRU = activation(
    "isru", isru(sp.sqrt(ALPHA) * z) / sp.sqrt(ALPHA),
    family="sigmoidal", aliases=("inverse_square_root_unit",), used_in="recurrent networks",
    reference="Carlile, Delamarter, Kinney, Marti & Whitney 2017, arXiv:1710.09967", alpha=1.0,
    defaults={"the paper's figures": "alpha 1", "mlpack": "alpha 0.1"},
)  # fmt: skip

SQNL = activation(
    "sqnl",
    sp.Piecewise((-1, z <= -2), (z + z**2 / 4, z < 0), (z - z**2 / 4, z < 2), (1, True)),
    family="sigmoidal", aliases=("square_nonlinearity",), used_in="embedded systems",
    reference="Wuraola & Patel 2018, IJCNN",
)  # fmt: skip

ARCTAN = activation(
    "arctan", arctan(z),
    family="sigmoidal", aliases=("atan",), used_in="MLP",
    reference="Kamruzzaman & Aziz 2002, Proc. ICCIT (as a hidden activation)",
)  # fmt: skip

ERF = activation(
    "erf", erf(z),
    family="sigmoidal", aliases=("error_function",), used_in="kernels of infinitely wide networks",
    reference="Williams 1997, Computing with infinite networks, NIPS 9:295",
)  # fmt: skip

HEXPO = activation(
    "hexpo",
    where(z >= 0, -parameter("a") * expm1(-z / parameter("b")), parameter("c") * expm1(z / parameter("d"))),
    family="sigmoidal", used_in="image classification",
    reference="Kong & Takatsuka 2017, IJCNN", a=1.0, b=1.0, c=1.0, d=1.0,
)  # fmt: skip

LAPLACE = activation(
    "laplace", normal_cdf((z - parameter("mu")) / parameter("sigma")),
    family="sigmoidal", used_in="Mega (attention): a stable squared ReLU",
    reference="Ma et al. 2022, arXiv:2209.10655", mu=0.707107, sigma=0.282095,
)  # fmt: skip
