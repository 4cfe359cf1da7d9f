"""Every numerical defect of an activation that is known from other libraries, as a test of ours.

The truth is the textbook formula, whose cancellation does no harm in mpmath's 400 digits, and the numerical derivative of
that formula: nothing of nonlin's own algebra is used. Errors are in units of the last place.
"""

import mpmath
import numpy as np
import pytest

import nonlin
from nonlin import Activation

ULPS = {np.float32: 1, np.float64: 4}
DTYPES = pytest.mark.parametrize("dtype", list(ULPS), ids=lambda t: t.__name__)
LAMBDA, ALPHA = "1.0507009873554804934193349852946", "1.6732632423543772848170429916717"


def exp_minus_1(x, scale=1, alpha=1):
    return mpmath.mpf(scale) * (x if x > 0 else mpmath.mpf(alpha) * (mpmath.exp(x) - 1))


def sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def softplus(x, beta=1.0):
    return mpmath.log(1 + mpmath.exp(beta * x)) / beta


def tanh_gelu(x):
    return x / 2 * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (x + mpmath.mpf("0.044715") * x**3)))


TEXTBOOK = {
    "sigmoid": sigmoid,
    "tanh": mpmath.tanh,
    "erf": mpmath.erf,
    "silu": lambda x: x * sigmoid(x),
    "mish": lambda x: x * mpmath.tanh(softplus(x)),
    "gelu": lambda x: x / 2 * (1 + mpmath.erf(x / mpmath.sqrt(2))),
    "gelu_tanh": tanh_gelu,
    "softplus": softplus,
    "softplus(beta*z)/beta": softplus,
    "log_sigmoid": lambda x: mpmath.log(sigmoid(x)),
    "elu": exp_minus_1,
    "celu": exp_minus_1,
    "selu": lambda x: exp_minus_1(x, LAMBDA, ALPHA),
    "squareplus": lambda x: (x + mpmath.sqrt(x * x + 4)) / 2,
    "tanh_shrink": lambda x: x - mpmath.tanh(x),
    "softsign": lambda x: x / (1 + abs(x)),
    "log1p(z)": lambda x: mpmath.log(1 + x),
}

VALUES = {  # what went wrong, and where: the function, the net inputs, the parameters
    "gelu's 1 + erf cancels: 57 % at -5.5, 0 from -6 or -9 (pytorch#187806)": ("gelu", [-5.5, -6, -8.5, -9, -13, -20, -37]),
    "gelu is 178 ulp off on [-12, 6]": ("gelu", np.linspace(-12, 6, 1801)),
    "gelu_tanh's 1 + tanh cancels: 0 at -5 (torch-xpu-ops#4753)": ("gelu_tanh", [-5, -5.5, -6, -7, -8, -9, -10, -12, -20]),
    "erf(3.9) is above 1 in float32 (stablehlo#1238)": ("erf", [3.9, 3.85, 3.95, 4, 5, 6, -3.9]),
    "erf is 1.8 ulp off without fused arithmetic (sleef#517)": ("erf", np.linspace(-4, 4, 801)),
    "softplus drops log1p above 20: 1.1e5 ulp at 21.6": ("softplus", [20, 20.1, 21.6, 25, 30, 36.7, 37, 40]),
    "softplus has cutoffs (aesara#260, scipy#17905)": ("softplus", [-745, -104, -88, -37, -33.3, -20, 18, 33.3, 710]),
    "softplus's threshold is on beta*z (pytorch#31110)": ("softplus(beta*z)/beta", [19, 21, 150, 210], {"beta": 0.1}),
    "softplus is infinite at a huge beta (pytorch#171249)": ("softplus(beta*z)/beta", [-1, 1e-30, 1, 30], {"beta": 1e37}),
    "softplus is 2.2 ulp off": ("softplus", np.linspace(-80, 80, 801)),
    "log_sigmoid(-300) is -inf (pytorch#1835)": ("log_sigmoid", [-1e30, -1e4, -710, -300, -104, -89, 40, 89]),
    "silu flushes to 0 below -87.3 (tt-metal#55711)": ("silu", [-87.2, -87.4, -88.8, -90, -100, -103, -700, -745]),
    "mish flushes to 0 below -87.3 (tt-metal#55711)": ("mish", [-87.2, -87.4, -88.8, -90, -100, -103, -700, -745]),
    "mish loses digits in [-20, -2] (darknet#5452)": ("mish", np.linspace(-20, -2, 1801)),
    "mish's exp overflows (dlib#1938)": ("mish", [44, 45, 88, 89, 355, 356, 709, 710, 1e4, 1e30, 1e300]),
    "sigmoid is 1.9 ulp off": ("sigmoid", np.linspace(-80, 80, 801)),
    "silu is 2.7 ulp off": ("silu", np.linspace(-80, 80, 801)),
    "mish is 3.8 ulp off": ("mish", np.linspace(-80, 80, 801)),
    "tanh is 3.8 ulp off": ("tanh", np.linspace(-10, 10, 801)),
    "elu's exp - 1 cancels: 19 % at -1e-7, 0 at -1e-8 (tensorflow#116943)": ("elu", [-1e-3, -1e-7, -1e-8, -1e-30]),
    "selu's exp - 1 cancels: 19 % at -1e-7, 0 at -1e-8 (tensorflow#116943)": ("selu", [-1e-3, -1e-7, -1e-8, -1e-30]),
    "elu is 3.5 ulp off": ("elu", np.linspace(-20, 2, 801)),
    "log1p is 129 ulp off near -0.414 (jax#39707)": ("log1p(z)", np.sqrt(0.5) * 2 - 1 - np.linspace(0.82, 0.83, 801)),
    "tanh is above 1 ulp near 2^-24 (sleef#451)": ("tanh", np.exp2(np.linspace(-26, -22, 401))),
    "squareplus(-1e4) is 0, (-1e20) is infinite": ("squareplus", [-1e20, -1e30, -1e4, -1e160, -3, 1e4, 1e20, 1e160]),
    "z - tanh z cancels: 40 % at 1e-3, 0 at 1e-4": ("tanh_shrink", [1e-3, 1e-4, -1e-4, 1e-5, 1e-8, 0.1, 0.5]),
}  # fmt: skip

SLOPES = {
    "gelu' in the tail (pytorch#187806)": ("gelu", [-5.5, -6, -8.5, -9, -13, -20, -37]),
    "gelu_tanh' is NaN at ±1e20": ("gelu_tanh", [-1e20, -1e13, 1e13, 1e20]),
    "gelu_tanh' in the tail (torch-xpu-ops#4753)": ("gelu_tanh", [-5, -5.5, -6, -7, -8, -9, -10, -12, -20]),
    "softplus' tests the result times beta (pytorch#55587)": ("softplus(beta*z)/beta", [19, 21, 150, 210], {"beta": 0.1}),
    "softplus' at a huge beta (pytorch#171249)": ("softplus(beta*z)/beta", [-1, 1, 30], {"beta": 1e37}),
    "silu' is -inf at -709 (Paddle#79630)": ("silu", [-87.4, -100, -700, -708, -709, -710, -740, -745]),
    "mish' in [-20, -2] (darknet#5452)": ("mish", np.linspace(-20, -2, 181)),
    "mish' overflows (dlib#1938)": ("mish", [44, 45, 88, 89, 355, 356, 709, 710, 1e4]),
    "elu' = expm1 + 1 is 0 at -20 in float32 and at -40 (jax#39795)": ("elu", [-17, -20, -37, -40, -87, -100, -700]),
    "selu' = expm1 + 1 is 0 at -20 in float32 and at -40 (jax#39795)": ("selu", [-17, -20, -37, -40, -87, -100, -700]),
    "elu' is NaN past 88.7 (jax#9873, mxnet#10073)": ("elu", [88.7, 88.8, 89, 709, 710, 1e4, 1e30]),
    "celu' is NaN past 88.7 (jax#1538)": ("celu", [88.7, 88.8, 89, 709, 710, 1e4, 1e30]),
    "selu' is NaN past 88.7 (tinygrad#17852)": ("selu", [88.7, 88.8, 89, 709, 710, 1e4, 1e30]),
    "squareplus' on the far left": ("squareplus", [-1e30, -1e20, -1e4, -3, 1e4, 1e20]),
    "tanh_shrink' near 0": ("tanh_shrink", [1e-3, 1e-4, -1e-4, 1e-5, 1e-8, 0.1]),
    "softsign' is not 1 - softsign²": ("softsign", [-1e10, -3, -0.5, 0.5, 3, 1e10]),
}  # fmt: skip


def activation(name, **params):
    return Activation(name, **params) if "z" in name else nonlin.get(name)


def ulps(got, true):
    """The error of a number in units of the last place of the true value."""
    kind = type(got)
    if not np.isfinite(got) or abs(true) > float(np.finfo(kind).max):
        return 0.0 if np.isinf(got) and abs(true) > float(np.finfo(kind).max) and got * true > 0 else np.inf
    return abs(float((mpmath.mpf(float(got)) - true) / mpmath.mpf(float(np.spacing(kind(abs(float(true))))))))


def worst(got, truth, x):
    """The largest error, and where it is."""
    with mpmath.workdps(400):
        return max((ulps(g, truth(mpmath.mpf(float(at)))), float(at)) for g, at in zip(got, x, strict=True))


def points(at, dtype):
    with np.errstate(over="ignore", under="ignore"):
        x = np.asarray(at, dtype=np.float64).astype(dtype)
    return x[np.isfinite(x)]


def truth(name, params):
    """The textbook formula with the parameters' values."""
    return (lambda x: TEXTBOOK[name](x, *map(mpmath.mpf, params.values()))) if params else TEXTBOOK[name]


@DTYPES
@pytest.mark.parametrize("defect", VALUES)
def test_value(defect, dtype):
    name, at, params = (*VALUES[defect], {})[:3]
    x = points(at, dtype)
    error, where = worst(activation(name, **params)(x), truth(name, params), x)
    assert error <= ULPS[dtype], where


@DTYPES
@pytest.mark.parametrize("defect", SLOPES)
def test_slope(defect, dtype):
    name, at, params = (*SLOPES[defect], {})[:3]
    x, formula = points(at, dtype), truth(name, params)
    error, where = worst(activation(name, **params).derivative(x), lambda t: mpmath.diff(formula, t), x)
    assert error <= ULPS[dtype], where


AT_INFINITY = {  # the values at -∞ and +∞, and the slopes there
    "silu(-inf) is NaN (pytorch#160876)": ("silu", 0, np.inf, 0, 1),
    "gelu(-inf) is NaN": ("gelu", 0, np.inf, 0, 1),
    "gelu_tanh(-inf) is NaN": ("gelu_tanh", 0, np.inf, 0, 1),
    "mish(-inf) is NaN": ("mish", 0, np.inf, 0, 1),
    "softsign(inf) is NaN": ("softsign", -1, 1, 0, 0),
    "elu'(inf) is NaN (jax#9873)": ("elu", -1, np.inf, 0, 1),
    "squareplus(-inf) is NaN": ("squareplus", 0, np.inf, 0, 1),
    "log_sigmoid'(-inf) is NaN": ("log_sigmoid", -np.inf, 0, 1, 0),
}


@DTYPES
@pytest.mark.parametrize("defect", AT_INFINITY)
def test_infinity(defect, dtype):
    name, *expected = AT_INFINITY[defect]
    value, slope = nonlin.get(name).value_and_derivative(np.array([-np.inf, np.inf], dtype))
    assert [*value, *slope] == expected


AT_A_KINK = {  # the slope that counts there
    "softplus'(0) is 0 (jax#2107)": ("softplus", 0, 0.5),
    "max(z, 0)'(0) is 0.5 (jax#37821)": ("max(z, 0)", 0, 0),
    "relu'(0)": ("relu", 0, 0),
    "relu6'(0) is 0.5 (jax#14682)": ("relu6", 0, 0),
    "relu6'(6) is 1 or 0.5 (tinygrad#18029)": ("relu6", 6, 0),
    "hard_swish'(3) is 1.5 (tinygrad#18029)": ("hard_swish", 3, 1),
    "hard_swish'(-3)": ("hard_swish", -3, 0),
    "hard_tanh'(1)": ("hard_tanh", 1, 0),
    "hard_tanh'(-1)": ("hard_tanh", -1, 0),
    "hard_sigmoid'(3)": ("hard_sigmoid", 3, 0),
    "leaky_relu'(0)": ("leaky_relu", 0, 0.01),
    "elu'(0)": ("elu", 0, 1),
    "celu'(0)": ("celu", 0, 1),
    "selu'(0) is the slope on the left (tinygrad#17852)": ("selu", 0, float(LAMBDA) * float(ALPHA)),
}


@DTYPES
@pytest.mark.parametrize("defect", AT_A_KINK)
def test_kink(defect, dtype):
    name, at, slope = AT_A_KINK[defect]
    assert activation(name).derivative(dtype(at)) == dtype(slope)


@DTYPES
def test_relu_has_a_second_derivative_at_0(dtype):
    """It is 0 where Theano#3210 has NaN."""
    slope = Activation(nonlin.get("relu").derivative_formula)
    assert slope.derivative(dtype(0)) == 0


@DTYPES
@pytest.mark.parametrize("name", ["gelu", "mish", "silu", "sigmoid", "elu", "selu", "softplus"])
def test_the_vector_body_rounds_as_the_scalar_tail(name, dtype):
    """In torch, 246 of 619 values of mish depend on their place in the array."""
    x = np.random.default_rng(0).normal(scale=4, size=619).astype(dtype)
    a = nonlin.get(name)
    value, slope = a.value_and_derivative(x)
    alone = [a.value_and_derivative(each) for each in x]
    np.testing.assert_array_equal(value, [v for v, _ in alone])
    np.testing.assert_array_equal(slope, [s for _, s in alone])
