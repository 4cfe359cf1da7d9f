"""The reference itself, against closed forms that are written here with mpmath's own functions."""

import mpmath
import pytest
import sympy as sp
from mpmath import mpf

from nonlin.formula.evaluate import Graph, evaluate, holds
from nonlin.formula.parser import FUNCTIONS, parse
from nonlin.formula.primitives import UNARY, Primitive, z

POINTS = [mpf(x) for x in ("-31.7", "-6.25", "-1", "-0.3", "-1e-12", "1e-12", "0.3", "0.9", "1", "2.5", "40")]

CLOSED = {
    "expm1(z)": lambda x: mpmath.exp(x) - 1,
    "log1p(z*z)": lambda x: mpmath.log(1 + x * x),
    "sigmoid(z)": lambda x: mpmath.exp(x) / (1 + mpmath.exp(x)),
    "logistic_pdf(z)": lambda x: mpmath.exp(x) / (1 + mpmath.exp(x)) ** 2,
    "log_sigmoid(z)": lambda x: -mpmath.log(1 + mpmath.exp(-x)),
    "softplus(z)": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "tanh(z)": lambda x: (mpmath.exp(x) - mpmath.exp(-x)) / (mpmath.exp(x) + mpmath.exp(-x)),
    "sech2(z)": lambda x: 1 / mpmath.cosh(x) ** 2,
    "sinh(z)": lambda x: (mpmath.exp(x) - mpmath.exp(-x)) / 2,
    "cosh(z)": lambda x: (mpmath.exp(x) + mpmath.exp(-x)) / 2,
    "gaussian(z)": lambda x: mpmath.exp(-x * x),
    "normal_pdf(z)": mpmath.npdf,
    "normal_cdf(z)": mpmath.ncdf,
    "erf(z)": lambda x: 2 * mpmath.ncdf(x * mpmath.sqrt(2)) - 1,
    "erfc(z)": lambda x: 2 * mpmath.ncdf(-x * mpmath.sqrt(2)),
    "softsign(z)": lambda x: x / (1 + mpmath.fabs(x)),
    "sign(z)": lambda x: x / mpmath.fabs(x),
    "exp(z)": lambda x: mpmath.e**x,
    "log(z*z)": lambda x: 2 * mpmath.log(mpmath.fabs(x)),
    "sqrt(z*z+1)": lambda x: mpmath.hypot(1, x),
    "abs(z)": mpmath.fabs,
    "sin(z)": lambda x: mpmath.expj(x).imag,
    "cos(z)": lambda x: mpmath.expj(x).real,
    "arctan(z)": lambda x: mpmath.atan2(x, 1),
    "step(z)": lambda x: mpf(x >= 0),
    "tanhshrink(z)": lambda x: x - (mpmath.exp(x) - mpmath.exp(-x)) / (mpmath.exp(x) + mpmath.exp(-x)),
    "logcosh(z)": lambda x: mpmath.log((mpmath.exp(x) + mpmath.exp(-x)) / 2),
    "rsqrt(z*z+1)": lambda x: 1 / mpmath.hypot(1, x),
    "rhypot(z)": lambda x: 1 / mpmath.hypot(1, x),
    "isru(z)": lambda x: x / mpmath.hypot(1, x),
    "lorentzian(z)": lambda x: 1 / mpmath.hypot(1, x) ** 2,
    "asinh(z)": lambda x: mpmath.log(x + mpmath.hypot(1, x)),
    "sinc(z)": mpmath.sinc,
    "sinc_slope(z)": lambda x: mpmath.cos(x) / x - mpmath.sin(x) / x**2,
    "squareplus(z, 4)": lambda x: (x + mpmath.hypot(2, x)) / 2,
    "squareplus_slope(z, 4)": lambda x: (1 + x / mpmath.hypot(2, x)) / 2,
    "max(z, 1)": lambda x: max(x, mpf(1)),
    "min(z, 1)": lambda x: min(x, mpf(1)),
    "clip(z, -1, 1)": lambda x: sorted([mpf(-1), x, mpf(1)])[1],
    "where(z*z < 1, z, pi)": lambda x: x if x * x < 1 else +mpmath.pi,
    "1/(1+z**2)**(3/2)": lambda x: mpmath.hypot(1, x) ** -3,
    "e*z**3 - 2*z/7": lambda x: mpmath.e * x**3 - 2 * x / 7,
}


def near(a, b):
    return mpmath.almosteq(a, b, rel_eps=mpf(10) ** -25, abs_eps=mpf(10) ** -60)


@pytest.mark.parametrize("text", CLOSED)
def test_value(text):
    with mpmath.workdps(60):
        assert all(near(evaluate(parse(text), x), CLOSED[text](x)) for x in POINTS)


def test_every_function_has_a_closed_form():
    assert {name for name in FUNCTIONS if not any(text.startswith(f"{name}(") for text in CLOSED)} == set()


@pytest.mark.parametrize("text", [t for t in CLOSED if not t.startswith(("sign", "step"))])
def test_derivative(text):
    slope = sp.diff(parse(text), z)
    with mpmath.workdps(60):
        points = [x for x in POINTS if abs(x) != 1]
        assert all(mpmath.almosteq(evaluate(slope, x), mpmath.diff(CLOSED[text], x), 1e-15, 1e-25) for x in points)


@pytest.mark.parametrize(
    ("text", "at", "value"),
    [
        ("z*sigmoid(z)", "-1e9", 0), ("sigmoid(z)", "1e300", 1), ("softplus(z)", "1e300", "1e300"),
        ("tanh(z)", "-1e300", -1),
        ("normal_cdf(z)", "-1e300", 0), ("erf(z)", "-1e300", -1), ("erfc(z)", "-1e300", 2), ("sinh(z)", "-1e9", "-inf"),
        ("cosh(z)", "1e9", "inf"), ("log(z)", "0", "-inf"), ("log(z)", "-1", "nan"), ("log1p(z)", "-2", "nan"),
        ("log1p(z)", "-1", "-inf"), ("1/z", "0", "nan"), ("sqrt(z)", "-1", "nan"), ("z**0.3", "-1", "nan"),
        ("gaussian(z)", "1e200", 0), ("sech2(z)", "1e300", 0), ("where(z > 0, z, 0)", "nan", "nan"), ("1/z", "inf", 0),
        ("sigmoid(z)", "-1000", mpmath.exp(-1000)), ("cos((step(z) - 2)**0.5)", "1", "nan"),
    ],
)  # fmt: skip
def test_far_out_and_outside_the_domain(text, at, value):
    got, wanted = evaluate(parse(text), at), mpf(value)
    assert mpmath.isnan(got) if mpmath.isnan(wanted) else got == wanted or near(got, wanted)


@pytest.mark.parametrize("name", [n for n, f in UNARY.items() if isinstance(f, type) and issubclass(f, Primitive)])
def test_a_primitive_knows_what_it_is(name):
    primitive = UNARY[name]
    assert primitive(z).is_extended_real
    assert primitive(z).evalf() == primitive(z)
    exact = evaluate(primitive(sp.Rational(1, 3)), 0)
    assert float(primitive(sp.Rational(1, 3)).evalf(20)) == pytest.approx(float(exact), rel=1e-15)


@pytest.mark.parametrize("digits", [15, 40, 90])
def test_constants_have_the_precision_of_the_call(digits):
    expression = parse("pi*z/3 + where(z > 0, e, 1)")
    with mpmath.workdps(digits):
        assert mpmath.almosteq(evaluate(expression, 1), mpmath.pi / 3 + mpmath.e, mpf(10) ** (1 - digits))


@pytest.mark.parametrize(
    ("condition", "at", "wanted"),
    [
        (z < 1, 0, True), (z < 1, 1, False), (z <= 1, 1, True), (z > 1, 1, False), (z >= 1, 1, True),
        (sp.Eq(z, 1), 1, True), (sp.Eq(z, 1), 2, False), (sp.Ne(z, 1), 1, False), (sp.Ne(z, 1), 2, True),
        (sp.And(z > 0, z < 2), 1, True), (sp.And(z > 0, z < 2), 3, False), (sp.Or(z < 0, z > 2), 3, True),
        (sp.Or(z < 0, z > 2), 1, False), (sp.Not(sp.Or(z < 0, z > 2)), 1, True), (sp.true, 0, True),
        (sp.false, 0, False), (sp.Not(z > 1, evaluate=False), 1, True), (z < 1, "nan", False),
        (z > sp.Symbol("a", real=True), 1, True),
    ],
)  # fmt: skip
def test_a_condition_holds(condition, at, wanted):
    assert holds(condition, at, {"a": 0.5}) is wanted


def test_of_a_piecewise_function_only_the_branch_that_holds_is_computed():
    assert evaluate(parse("where(z > 0, z, 1/z)"), 2) == 2
    assert mpmath.isnan(evaluate(parse("where(z > 0, z, 1/z)"), 0))


def test_a_part_of_several_expressions_is_computed_once():
    calls = []

    class Counted(Primitive):
        value = staticmethod(lambda x: calls.append(x) or x + 1)

    graph = Graph([Counted(z) ** 2, sp.exp(Counted(z)) - Counted(z)])
    assert graph.values(1, {}) == [4, mpmath.exp(2) - 2]
    assert calls == [1]


@pytest.mark.parametrize("constant", [sp.I, sp.zoo, sp.nan, sp.cos(2 * sp.I), sp.sin(2 * sp.I)])
def test_a_constant_that_is_not_real_has_no_value(constant):
    assert mpmath.isnan(evaluate(z + constant, 1))
