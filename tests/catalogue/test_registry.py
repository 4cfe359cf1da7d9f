"""Names, aliases, suggestions, and that each formula is the function that its paper names."""

import math

import mpmath
import numpy as np
import pytest
import scipy.special as special
from mpmath import mpf

import nonlin
from nonlin.catalogue import CLASSIC
from nonlin.catalogue._registry import activation
from nonlin.errors import FormulaError, InputError, UnknownNameError
from nonlin.formula.evaluate import evaluate
from nonlin.formula.primitives import z

with mpmath.workdps(40):
    SCALE, ALPHA = mpf("1.0507009873554804934193349852946"), mpf("1.6732632423543772848170429916717")

CLOSED = {
    "unit_step": lambda x: mpf(x >= 0),
    "sign": lambda x: mpf((x > 0) - (x < 0)),
    "identity": lambda x: x,
    "piecewise_linear": lambda x: min(max(x + mpf("0.5"), mpf(0)), mpf(1)),
    "hard_tanh": lambda x: min(max(x, mpf(-1)), mpf(1)),
    "hard_sigmoid": lambda x: min(max((x + 3) / 6, mpf(0)), mpf(1)),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "tanh": mpmath.tanh,
    "softsign": lambda x: x / (1 + abs(x)),
    "arctan": mpmath.atan,
    "relu": lambda x: max(x, mpf(0)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "leaky_relu": lambda x: x if x > 0 else mpf(0.01) * x,
    "relu6": lambda x: min(max(x, mpf(0)), mpf(6)),
    "elu": lambda x: x if x > 0 else mpmath.exp(x) - 1,
    "selu": lambda x: SCALE * (x if x > 0 else ALPHA * (mpmath.exp(x) - 1)),
    "celu": lambda x: x if x > 0 else mpmath.exp(x) - 1,
    "gelu": lambda x: x * (1 + mpmath.erf(x / mpmath.sqrt(2))) / 2,
    "gelu_tanh": lambda x: x / 2 * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (x + mpf("0.044715") * x**3))),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "mish": lambda x: x * mpmath.tanh(mpmath.log(1 + mpmath.exp(x))),
    "hard_swish": lambda x: x * min(max(x + 3, mpf(0)), mpf(6)) / 6,
    "sin": mpmath.sin,
    "gaussian": lambda x: mpmath.exp(-x * x),
}

AT_A_BREAK = {  # the derivative that counts there
    "unit_step": {0: 0}, "sign": {0: 0}, "piecewise_linear": {-0.5: 0, 0.5: 0}, "hard_tanh": {-1: 0, 1: 0},
    "hard_sigmoid": {-3: 0, 3: 0}, "relu": {0: 0}, "leaky_relu": {0: 0.01}, "relu6": {0: 0, 6: 0},
    "selu": {0: float(SCALE * ALPHA)}, "hard_swish": {-3: 0, 3: 1},
}  # fmt: skip


@pytest.mark.parametrize("name", CLOSED)
def test_formula_is_the_function_of_that_name(name):
    points = [
        mpf(x) for x in ("-20.5", "-6", "-3", "-1.25", "-1e-9", "0", "1e-9", "0.5", "1", "2.75", "3", "6", "20.5")
    ]
    a = nonlin.get(name)
    with mpmath.workdps(60):
        assert all(
            mpmath.almosteq(evaluate(a.expression, x, a.params), CLOSED[name](x), mpf(10) ** -30, mpf(10) ** -55)
            for x in points
        )


@pytest.mark.parametrize("name", nonlin.names())
def test_derivative_at_every_break(name):
    a = nonlin.get(name)
    breaks = sorted([*a.properties.kinks, *a.properties.jumps])
    assert breaks == sorted(AT_A_BREAK.get(name, {}))
    for at, slope in AT_A_BREAK.get(name, {}).items():
        for dtype in (np.float64, np.float32):
            assert a.derivative(dtype(at)) == pytest.approx(slope, rel=float(np.finfo(dtype).eps))


def test_derivative_at_a_break_follows_the_parameter():
    assert nonlin.get("leaky_relu").with_params(alpha=0.3).derivative(0.0) == 0.3
    assert nonlin.get("elu").with_params(alpha=0.5).derivative(0.0) == 0.5
    assert nonlin.get("celu").with_params(alpha=0.5).derivative(0.0) == 1.0
    assert nonlin.get("relu").derivative(-0.0) == 0.0


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("sigmoid", special.expit), ("gelu", lambda x: x * special.ndtr(x)), ("tanh", np.tanh), ("sin", np.sin),
        ("softplus", lambda x: np.logaddexp(x, 0)), ("arctan", np.arctan),
        ("elu", lambda x: np.where(x > 0, x, np.expm1(x))),
    ],
)  # fmt: skip
def test_agrees_with_scipy(name, theirs):
    x = np.linspace(-30, 30, 1001)
    np.testing.assert_allclose(nonlin.get(name)(x), theirs(x), rtol=1e-12)  # SciPy's Φ has no more in the tail


@pytest.mark.parametrize(
    ("name", "x", "value", "slope"),
    [  # where other libraries lose their digits
        ("gelu", -5.5, -1.0444454739e-07, -5.9163803e-07), ("gelu", -9.0, -1.0157e-18, -9.2527e-18),
        ("gelu_tanh", -5.0, -2.2917961972e-07, -1.5463619875e-06), ("softplus", 0.0, math.log(2), 0.5),
        ("elu", -1e-8, -9.99999995e-09, 0.99999999), ("elu", -40.0, -1.0, 4.248354255291589e-18),
        ("silu", -709.0, -709 * math.exp(-709), -708 * math.exp(-709)),
        ("mish", -20.0, -4.12230724e-08, -3.9161919e-08),
        ("tanh", 20.0, 1.0, 4 * math.exp(-40)), ("softsign", 1e10, 1.0, 1e-20),
    ],
)  # fmt: skip
def test_tails(name, x, value, slope):
    got = nonlin.get(name).value_and_derivative(x)
    closed = CLOSED[name]
    with mpmath.workdps(60):
        true = float(closed(mpf(x))), float(mpmath.diff(closed, mpf(x)))
    assert got == pytest.approx(true, rel=1e-14, abs=0)
    assert got == pytest.approx((value, slope), rel=0.05)


def test_the_classic_eight_come_first_in_their_families():
    assert CLASSIC == (
        "unit_step",
        "sign",
        "identity",
        "piecewise_linear",
        "sigmoid",
        "tanh",
        "relu",
        "softplus",
    )
    assert set(CLASSIC) <= set(nonlin.names())


def test_families_hold_every_name_once():
    families = nonlin.families()
    assert sorted(n for members in families.values() for n in members) == sorted(nonlin.names())
    assert list(families) == [
        "threshold",
        "linear",
        "sigmoidal",
        "rectified",
        "exponential",
        "self-gated",
        "wave",
    ]


@pytest.mark.parametrize("name", nonlin.names())
def test_get_by_name_and_by_every_alias(name):
    a = nonlin.get(name)
    assert a.name == name
    for alias in (name, *a.aliases, name.upper(), f"  {name} ", name.replace("_", "-")):
        assert nonlin.get(alias) is a
    assert nonlin.get(a) is a


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("logistic", "sigmoid"),
        ("swish", "silu"),
        ("linear", "identity"),
        ("heaviside", "unit_step"),
        ("Hard-Swish", "hard_swish"),
    ],
)
def test_aliases(alias, name):
    assert nonlin.get(alias).name == name


def test_get_reads_a_formula():
    a = nonlin.get("z*sin(z)")
    assert (a.name, a.formula, a.family) == ("z*sin(z)", "z*sin(z)", "custom")
    assert nonlin.get("z")(3.0) == 3.0


def tail():
    return f"nonlin.names() lists all {len(nonlin.names())}, and a formula in z will do"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gelo", "unknown activation 'gelo'; did you mean 'gelu'? "),
        ("Sigmod", "unknown activation 'Sigmod'; did you mean 'sigmoid' or 'hardsigmoid' or 'signum'? "),
        ("wibble", "unknown activation 'wibble'; "),
    ],
)
def test_an_unknown_name(name, message):
    with pytest.raises(UnknownNameError) as caught:
        nonlin.get(name)
    assert str(caught.value) == message + tail()


def test_what_is_no_name_is_a_formula_with_an_error():
    with pytest.raises(FormulaError) as caught:
        nonlin.get("z*")
    assert str(caught.value) == "formula: ends too early at character 3: 'z*'"
    with pytest.raises(FormulaError) as caught:
        nonlin.get("")
    assert str(caught.value) == "formula: empty; write a function of z, such as 'z*sigmoid(z)', at character 1: ''"


@pytest.mark.parametrize("thing", [None, 3, math.tanh, ["relu"]])
def test_what_is_no_text(thing):
    with pytest.raises(InputError) as caught:
        nonlin.get(thing)
    assert str(caught.value) == f"activation must be a name, a formula in z or an Activation, got {thing!r}"


def test_a_name_is_registered_once():
    with pytest.raises(ValueError, match=r"^activation 'mine': \['swish'\] registered twice$"):
        activation("mine", z, aliases=("swish",))
    assert "mine" not in nonlin.names()
