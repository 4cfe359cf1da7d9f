"""Each formula is the function that its paper names: written out again, in mpmath and with NumPy and SciPy."""

import math

import mpmath
import numpy as np
import pytest
import scipy.special as special
from mpmath import exp, mpf, tanh

import nonlin
from nonlin.formula.evaluate import evaluate

with mpmath.workdps(40):
    SCALE, ALPHA = mpf("1.0507009873554804934193349852946"), mpf("1.6732632423543772848170429916717")


def sigmoid(x):
    return 1 / (1 + exp(-x))


def softplus(x):
    return mpmath.log(1 + exp(x))


def erf_gelu(x):
    return x * (1 + mpmath.erf(x / mpmath.sqrt(2))) / 2


def pade(x):
    p = [0.029792778657264946, 0.6183735264987601, 2.323309062531321, 3.051936237265109, 1.4854203263828845,
         0.2510244961111299]  # fmt: skip
    q = [1, 1.1419548357285474, 4.393159974992486, 0.8714712309957245, 0.34719662339598834]
    exact = [[mpf(repr(c)) for c in row] for row in (p, q)]
    return sum(c * x**i for i, c in enumerate(exact[0])) / sum(abs(c * x**i) for i, c in enumerate(exact[1]))


CLOSED = {
    "unit_step": lambda x: mpf(x >= 0),
    "sign": lambda x: mpf((x > 0) - (x < 0)),
    "identity": lambda x: x,
    "piecewise_linear": lambda x: min(max(x + mpf("0.5"), mpf(0)), mpf(1)),
    "saturating_linear": lambda x: min(max(x, mpf(0)), mpf(1)),
    "hard_tanh": lambda x: min(max(x, mpf(-1)), mpf(1)),
    "hard_sigmoid": lambda x: min(max((x + 3) / 6, mpf(0)), mpf(1)),
    "sparse_sigmoid": lambda x: min(max((x + 1) / 2, mpf(0)), mpf(1)),
    "plu": lambda x: max(mpf(0.1) * (x + 1) - 1, min(mpf(0.1) * (x - 1) + 1, x)),
    "sigmoid": sigmoid,
    "tanh": tanh,
    "scaled_tanh": lambda x: mpf(1.7159) * tanh(mpf(0.67) * x),
    "penalized_tanh": lambda x: tanh(x) if x > 0 else tanh(x) / 4,
    "bipolar_sigmoid": lambda x: (1 - exp(-x)) / (1 + exp(-x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "elliott": lambda x: x / 2 / (1 + abs(x)) + mpf("0.5"),
    "isru": lambda x: x / mpmath.sqrt(1 + x * x),
    "sqnl": lambda x: x - x * abs(x) / 4 if abs(x) < 2 else mpmath.sign(x),
    "arctan": mpmath.atan,
    "erf": mpmath.erf,
    "hexpo": lambda x: 1 - exp(-x) if x >= 0 else exp(x) - 1,
    "laplace": lambda x: (1 + mpmath.erf((x - mpf(0.707107)) / (mpf(0.282095) * mpmath.sqrt(2)))) / 2,
    "probit": lambda x: (1 + mpmath.erf(x / mpmath.sqrt(2))) / 2,
    "cloglog": lambda x: 1 - exp(-exp(x)),
    "loglog": lambda x: exp(-exp(-x)),
    "aranda_ordaz": lambda x: 1 - 1 / mpmath.sqrt(1 + 2 * exp(x)),
    "relu": lambda x: max(x, mpf(0)),
    "leaky_relu": lambda x: x if x > 0 else mpf(0.01) * x,
    "prelu": lambda x: max(x, mpf(0)) + min(x, mpf(0)) / 4,
    "relu6": lambda x: min(max(x, mpf(0)), mpf(6)),
    "thresholded_relu": lambda x: x if x > 1 else mpf(0),
    "tlu": lambda x: max(x, mpf(0)),
    "flexible_relu": lambda x: max(x, mpf(0)),
    "shilu": lambda x: max(x, mpf(0)),
    "relu_squared": lambda x: max(x, mpf(0)) ** 2,
    "star_relu": lambda x: mpf(0.8944) * max(x, mpf(0)) ** 2 + mpf(-0.4472),
    "erf_relu": lambda x: x if x >= 0 else mpmath.erf(x),
    "absolute": abs,
    "pau": pade,
    "softplus": softplus,
    "shifted_softplus": lambda x: mpmath.log((exp(x) + 1) / 2),
    "log_sigmoid": lambda x: mpmath.log(sigmoid(x)),
    "sqrt_softplus": lambda x: mpmath.sqrt(softplus(x)),
    "squareplus": lambda x: (x + mpmath.sqrt(x * x + 4)) / 2,
    "logcosh": lambda x: mpmath.log(mpmath.cosh(x)),
    "sparse_plus": lambda x: mpf(0) if x <= -1 else (x if x >= 1 else (x + 1) ** 2 / 4),
    "bent_identity": lambda x: (mpmath.sqrt(x * x + 1) - 1) / 2 + x,
    "smu": lambda x: ((1 + mpf(0.01)) * x + (1 - mpf(0.01)) * x * mpmath.erf(mpf(2.5) * (1 - mpf(0.01)) * x)) / 2,
    "eis_1": lambda x: x * softplus(x) / (x + mpf("1.16") * exp(-x)),
    "eis_2": lambda x: x * softplus(x) / mpmath.sqrt(1 + x * x),
    "acon_c": lambda x: x * sigmoid(x),
    "hard_shrink": lambda x: x if abs(x) > mpf("0.5") else mpf(0),
    "soft_shrink": lambda x: mpmath.sign(x) * max(abs(x) - mpf("0.5"), mpf(0)),
    "tanh_shrink": lambda x: x - tanh(x),
    "elu": lambda x: x if x > 0 else exp(x) - 1,
    "selu": lambda x: SCALE * (x if x > 0 else ALPHA * (exp(x) - 1)),
    "celu": lambda x: max(x, mpf(0)) + min(exp(x) - 1, mpf(0)),
    "pelu": lambda x: x if x >= 0 else exp(x) - 1,
    "pdelu": lambda x: x if x > 0 else max(1 + x / 10, mpf(0)) ** 10 - 1,
    "isrlu": lambda x: x if x >= 0 else x / mpmath.sqrt(1 + x * x),
    "elish": lambda x: (x if x >= 0 else exp(x) - 1) / (1 + exp(-x)),
    "hard_elish": lambda x: (x if x >= 0 else exp(x) - 1) * max(mpf(0), min(mpf(1), (x + 1) / 2)),
    "xielu": lambda x: mpf(0.8) * (x * x if x > 0 else exp(x) - 1 - x) + x / 2,
    "exponential": exp,
    "poisson1": lambda x: (x - 1) * exp(-x),
    "gelu": erf_gelu,
    "gelu_tanh": lambda x: x / 2 * (1 + tanh(mpmath.sqrt(2 / mpmath.pi) * (x + mpf("0.044715") * x**3))),
    "quick_gelu": lambda x: x * sigmoid(mpf("1.702") * x),
    "silu": lambda x: x / (1 + exp(-x)),
    "dsilu": lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x))),
    "mish": lambda x: x * tanh(softplus(x)),
    "hard_swish": lambda x: x * min(max(x + 3, mpf(0)), mpf(6)) / 6,
    "hard_mish": lambda x: x * min(max(x + 2, mpf(0)), mpf(2)) / 2,
    "lisht": lambda x: x * tanh(x),
    "tanh_exp": lambda x: x * tanh(exp(x)),
    "ftswish": lambda x: max(x, mpf(0)) * sigmoid(x) + mpf(-0.2),
    "serf": lambda x: x * mpmath.erf(softplus(x)),
    "logish": lambda x: x * mpmath.log(1 + sigmoid(x)),
    "smish": lambda x: x * tanh(mpmath.log(1 + sigmoid(x))),
    "phish": lambda x: x * tanh(erf_gelu(x)),
    "sinlu": lambda x: (x + mpmath.sin(x)) * sigmoid(x),
    "colu": lambda x: x / (1 - x * exp(-(x + exp(x)))),
    "srs": lambda x: x / (x / 2 + exp(-x / 3)),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "raised_sine": lambda x: mpmath.sin(x) / 2 + mpf("0.5"),
    "raised_cosine": lambda x: mpmath.cos(x) / 2 + mpf("0.5"),
    "sinc": lambda x: mpmath.sin(x) / x if x else mpf(1),
    "snake": lambda x: x + (1 - mpmath.cos(2 * x)) / 2,
    "gcu": lambda x: x * mpmath.cos(x),
    "gaussian": lambda x: exp(-x * x),
    "bipolar_gaussian": lambda x: 2 * exp(-x * x) - 1,
    "inverse_quadratic": lambda x: 1 / (1 + x * x),
    "multiquadratic": lambda x: mpmath.sqrt(1 + x * x),
    "quadratic": lambda x: x * x,
    "hyper_sinh": lambda x: mpmath.sinh(x) / 3 if x > 0 else x**3 / 4,
}
DIGITS = {"sqrt_softplus": 18}
"""Where a branch of the formula is the function only to so many digits, far below a unit of double precision."""

ELSEWHERE = {"sigmoid_stepwise", "tanh_stepwise", "gelu_10"}
POINTS = (
    "-45.5",
    "-20.5",
    "-6",
    "-3",
    "-1.25",
    "-0.375",
    "-1e-9",
    "0",
    "1e-9",
    "0.125",
    "0.5",
    "1",
    "2.75",
    "3",
    "6",
    "20.5",
)


def test_what_is_written_out_again_is_in_the_catalogue():
    assert set(CLOSED) | ELSEWHERE <= set(nonlin.names())


@pytest.mark.parametrize("name", CLOSED)
def test_formula_is_the_function_of_that_name(name):
    a = nonlin.get(name)
    close = mpf(10) ** -DIGITS.get(name, 30)
    with mpmath.workdps(80):
        for x in map(mpf, POINTS):
            assert mpmath.almosteq(evaluate(a.expression, x, a.params), CLOSED[name](x), close, mpf(10) ** -70)


@pytest.mark.parametrize("name", CLOSED)
def test_derivative_is_that_of_the_closed_form(name):
    a = nonlin.get(name)
    breaks = [*a.properties.kinks, *a.properties.jumps]
    with mpmath.workdps(60):
        for x in (mpf("-7.25"), mpf("-1.75"), mpf("-0.3125"), mpf("0.21875"), mpf("1.375"), mpf("5.125")):
            assert all(abs(x - b) > mpf("0.01") for b in breaks)
            slope = mpmath.diff(CLOSED[name], x)
            assert mpmath.almosteq(
                evaluate(a.derivative_expression, x, a.params), slope, mpf(10) ** -18, mpf(10) ** -25
            )


@pytest.mark.parametrize(
    ("name", "low", "theirs"), [("sigmoid_stepwise", 0, special.expit), ("tanh_stepwise", -1, np.tanh)]
)
def test_the_stepwise_functions_follow_their_curves(name, low, theirs):
    a = nonlin.get(name)
    corners = np.array([*a.properties.jumps, *a.properties.kinks])
    above = np.nextafter(corners, np.inf)
    np.testing.assert_allclose(a(above[:1]), theirs(2 * above[:1] if low == 0 else above[:1]), atol=2e-8)
    kinks = np.array(a.properties.kinks)
    np.testing.assert_allclose(a(kinks), theirs(2 * kinks if low == 0 else kinks), atol=2e-8)
    assert (a(-2.7), a(2.7)) == (low, 1)


def test_gelu_10_is_gelu_up_to_10():
    a = nonlin.get("gelu_10")
    x = np.array([-30.0, -3.0, 0.0, 2.5, 9.9])
    np.testing.assert_array_equal(a(x), nonlin.get("gelu")(x))
    assert (a(10.0), a(10.5), a(1e300)) == (10, 10, 10)
    assert (a.derivative(9.5), a.derivative(10.0)) == (pytest.approx(1), 0)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("sigmoid", special.expit), ("log_sigmoid", special.log_expit), ("gelu", lambda x: x * special.ndtr(x)),
        ("probit", special.ndtr), ("erf", special.erf), ("tanh", np.tanh), ("sin", np.sin), ("cos", np.cos),
        ("softplus", lambda x: np.logaddexp(x, 0)), ("arctan", np.arctan), ("sinc", lambda x: np.sinc(x / np.pi)),
        ("elu", lambda x: np.where(x > 0, x, np.expm1(x))), ("cloglog", lambda x: -np.expm1(-np.exp(x))),
        ("loglog", lambda x: np.exp(-np.exp(-x))), ("silu", lambda x: x * special.expit(x)),
        ("quick_gelu", lambda x: x * special.expit(1.702 * x)), ("tanh_shrink", lambda x: x - np.tanh(x)),
        ("mish", lambda x: x * np.tanh(np.logaddexp(x, 0))), ("serf", lambda x: x * special.erf(np.logaddexp(x, 0))),
        ("logcosh", lambda x: np.logaddexp(x, -x) - math.log(2)), ("squareplus", lambda x: (x + np.hypot(x, 2)) / 2),
        ("multiquadratic", lambda x: np.hypot(x, 1)), ("isru", lambda x: x / np.hypot(x, 1)),
        ("logish", lambda x: x * np.log1p(special.expit(x))), ("lisht", lambda x: x * np.tanh(x)),
        ("tanh_exp", lambda x: x * np.tanh(np.exp(x))), ("hexpo", lambda x: np.sign(x) * -np.expm1(-np.abs(x))),
        ("relu6", lambda x: np.clip(x, 0, 6)), ("hard_swish", lambda x: x * np.clip(x + 3, 0, 6) / 6),
        ("relu_squared", lambda x: np.maximum(x, 0) ** 2), ("absolute", np.abs), ("snake", lambda x: x + np.sin(x) ** 2),
        ("soft_shrink", lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0)),
        ("hyper_sinh", lambda x: np.where(x > 0, np.sinh(x) / 3, x**3 / 4)),
    ],
)  # fmt: skip
def test_agrees_with_numpy_and_scipy(name, theirs):
    x = np.linspace(-30, 30, 1001)
    np.testing.assert_allclose(nonlin.get(name)(x), theirs(x), rtol=1e-12, atol=4e-14)


@pytest.mark.parametrize(
    ("name", "x", "value", "slope"),
    [  # where other libraries lose their digits
        ("gelu", -5.5, -1.0444454739e-07, -5.9163803e-07), ("gelu", -9.0, -1.0157e-18, -9.2527e-18),
        ("gelu_tanh", -5.0, -2.2917961972e-07, -1.5463619875e-06), ("softplus", 0.0, math.log(2), 0.5),
        ("elu", -1e-8, -9.99999995e-09, 0.99999999), ("elu", -40.0, -1.0, 4.248354255291589e-18),
        ("silu", -709.0, -709 * math.exp(-709), -708 * math.exp(-709)),
        ("mish", -20.0, -4.12230724e-08, -3.9161919e-08),
        ("tanh", 20.0, 1.0, 4 * math.exp(-40)), ("softsign", 1e10, 1.0, 1e-20),
        ("tanh_shrink", 1e-4, 3.3333333e-13, 1e-8), ("squareplus", -1e4, 1e-4, 1e-8), ("squareplus", -1e20, 1e-20, 1e-40),
        ("logcosh", 1e-6, 5e-13, 1e-6), ("shifted_softplus", 1e-9, 5e-10, 0.5), ("elliott", -1e30, 5e-31, 5e-61),
        ("isru", 1e200, 1.0, 0.0), ("bent_identity", 1e-12, 1e-12, 1.0), ("multiquadratic", -1e200, 1e200, -1.0),
        ("sqrt_softplus", -740.0, math.exp(-370), math.exp(-370) / 2), ("log_sigmoid", -300.0, -300.0, 1.0),
        ("sinc", 1e-5, 1.0, -3.3333333e-6), ("probit", -30.0, 4.9067e-198, 1.4736e-196),
        ("cloglog", -40.0, 4.248354e-18, 4.248354e-18), ("serf", -30.0, -3.1677e-12, -3.06212e-12),
    ],
)  # fmt: skip
def test_tails(name, x, value, slope):
    got = nonlin.get(name).value_and_derivative(x)
    closed = CLOSED[name]
    with mpmath.workdps(500):
        true = float(closed(mpf(x))), float(mpmath.diff(closed, mpf(x), h=mpf(10) ** -100))
    assert got == pytest.approx(true, rel=1e-14, abs=0)
    assert got == pytest.approx((value, slope), rel=0.05)
