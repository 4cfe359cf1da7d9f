"""The computed properties, against what is known of the functions."""

import math

import mpmath
import pytest

import nonlin
from nonlin.errors import InputError
from nonlin.formula.analysis import Interval, Points

INF = math.inf
NAN = math.nan
SELU = 1.0507009873554804934193349852946 * 1.6732632423543772848170429916717
SILU_LOW = float(mpmath.lambertw(mpmath.exp(-1)))
DOTTIE = 0.7390851332151607  # cos x = x


def properties(formula, **params):
    return nonlin.get(formula).properties if not params else nonlin.Activation(formula, **params).properties


TRUTHS = {  # range, monotonic, convexity, smoothness, sup |φ'|, sup |φ''|
    "unit_step": ("[0, 1]", "non-decreasing", None, "C⁻¹", INF, INF),
    "sign": ("[-1, 1]", "non-decreasing", None, "C⁻¹", INF, INF),
    "identity": ("(-∞, ∞)", "increasing", "affine", "C^∞", 1, 0),
    "hard_tanh": ("[-1, 1]", "non-decreasing", None, "C⁰", 1, INF),
    "hard_sigmoid": ("[0, 1]", "non-decreasing", None, "C⁰", 1 / 6, INF),
    "sigmoid": ("(0, 1)", "increasing", None, "C^∞", 1 / 4, 1 / (6 * math.sqrt(3))),
    "tanh": ("(-1, 1)", "increasing", None, "C^∞", 1, 4 / (3 * math.sqrt(3))),
    "softsign": ("(-1, 1)", "increasing", None, "C¹", 1, 2),
    "elliott": ("(0, 1)", "increasing", None, "C¹", 1 / 2, 1),
    "isru": ("(-1, 1)", "increasing", None, "C^∞", 1, 1.5 * 0.5 / 1.25**2.5 * 2),
    "sqnl": ("[-1, 1]", "non-decreasing", None, "C¹", 1, 1 / 2),
    "arctan": ("(-1.5708, 1.5708)", "increasing", None, "C^∞", 1, 3 * math.sqrt(3) / 8),
    "erf": ("(-1, 1)", "increasing", None, "C^∞", 2 / math.sqrt(math.pi), math.sqrt(8 / (math.pi * math.e))),
    "probit": ("(0, 1)", "increasing", None, "C^∞", 1 / math.sqrt(2 * math.pi), 1 / math.sqrt(2 * math.pi * math.e)),
    "relu": ("[0, ∞)", "non-decreasing", "convex", "C⁰", 1, INF),
    "leaky_relu": ("(-∞, ∞)", "increasing", "convex", "C⁰", 1, INF),
    "relu6": ("[0, 6]", "non-decreasing", None, "C⁰", 1, INF),
    "relu_squared": ("[0, ∞)", "non-decreasing", "convex", "C¹", INF, 2),
    "thresholded_relu": ("[0, ∞)", "non-decreasing", None, "C⁻¹", INF, INF),
    "absolute": ("[0, ∞)", None, "convex", "C⁰", 1, INF),
    "softplus": ("(0, ∞)", "increasing", "convex", "C^∞", 1, 1 / 4),
    "log_sigmoid": ("(-∞, 0)", "increasing", "concave", "C^∞", 1, 1 / 4),
    "squareplus": ("(0, ∞)", "increasing", "convex", "C^∞", 1, 1 / 4),
    "logcosh": ("[0, ∞)", None, "convex", "C^∞", 1, 1),
    "sparse_plus": ("[0, ∞)", "non-decreasing", "convex", "C¹", 1, 1 / 2),
    "bent_identity": ("(-∞, ∞)", "increasing", "convex", "C^∞", 3 / 2, 1 / 2),
    "hard_shrink": ("(-∞, ∞)", "non-decreasing", None, "C⁻¹", INF, INF),
    "soft_shrink": ("(-∞, ∞)", "non-decreasing", None, "C⁰", 1, INF),
    "tanh_shrink": ("(-∞, ∞)", "increasing", None, "C^∞", 1, 4 / (3 * math.sqrt(3))),
    "elu": ("(-1, ∞)", "increasing", "convex", "C¹", 1, 1),
    "selu": ("(-1.7581, ∞)", "increasing", None, "C⁰", SELU, INF),
    "isrlu": ("(-1, ∞)", "increasing", "convex", "C²", 1, 1.5 * 0.5 / 1.25**2.5 * 2),
    "exponential": ("(0, ∞)", "increasing", "convex", "C^∞", INF, INF),
    "gelu": ("[-0.169971, ∞)", None, None, "C^∞", 1.1289041451851547, math.sqrt(2 / math.pi)),
    "silu": ("[-0.278465, ∞)", None, None, "C^∞", 1.0998393201288670, 1 / 2),
    "hard_swish": ("[-0.375, ∞)", None, None, "C⁰", 1.5, INF),
    "hard_mish": ("[-0.5, ∞)", None, None, "C⁰", 1, INF),
    "ftswish": ("[-0.2, ∞)", "non-decreasing", None, "C⁰", 1.0998393201288670, INF),
    "lisht": ("[0, ∞)", None, None, "C^∞", 1.1996786402577339, 2),
    "sin": ("[-1, 1]", None, None, "C^∞", 1, 1),
    "raised_cosine": ("[0, 1]", None, None, "C^∞", 1 / 2, 1 / 2),
    "snake": ("(-∞, ∞)", "increasing", None, "C^∞", 2, 2),
    "gcu": ("(-∞, ∞)", None, None, "C^∞", INF, INF),
    "gaussian": ("(0, 1]", None, None, "C^∞", math.sqrt(2 / math.e), 2),
    "inverse_quadratic": ("(0, 1]", None, None, "C^∞", 3 * math.sqrt(3) / 8, 2),
    "multiquadratic": ("[1, ∞)", None, "convex", "C^∞", 1, 1),
    "quadratic": ("[0, ∞)", None, "convex", "C^∞", INF, 2),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_shape_of_the_known_functions(name):
    spread, monotonic, convexity, smoothness, steepest, bend = TRUTHS[name]
    p = properties(name)
    assert (str(p.range), p.monotonic, p.convexity, p.smoothness) == (spread, monotonic, convexity, smoothness)
    assert (p.lipschitz, p.derivative_lipschitz) == pytest.approx((steepest, bend), rel=1e-13)


@pytest.mark.parametrize(
    ("name", "low"),
    [
        ("silu", -SILU_LOW), ("quick_gelu", -SILU_LOW / 1.702), ("elish", -(3 - 2 * math.sqrt(2))), ("hard_swish", -3 / 8),
        ("gelu", -0.16997120747990366), ("mish", -0.30884341301725043), ("sinc", -0.21723362821122166),
        ("xielu", 0.8 * (0.375 - 1) - 0.3 * math.log(0.375)),
    ],
)  # fmt: skip
def test_lowest_value_inside(name, low):
    p = properties(name)
    assert p.range.low == pytest.approx(low, rel=1e-14)
    assert p.range.low_taken
    assert "range" in p.exact


def test_gelu_is_steepest_at_the_root_of_two():
    with mpmath.workdps(30):
        root = mpmath.sqrt(2)
        steepest = mpmath.ncdf(root) + root * mpmath.npdf(root)
    assert properties("gelu").lipschitz == float(steepest)
    assert properties("mish").lipschitz == pytest.approx(1.0884981612517277, rel=1e-15)


@pytest.mark.parametrize(
    ("formula", "range_", "monotonic", "convexity"),
    [
        ("z**2+1", "[1, ∞)", None, "convex"), ("-z", "(-∞, ∞)", "decreasing", "affine"),
        ("exp(-z)", "(0, ∞)", "decreasing", "convex"), ("z**3", "(-∞, ∞)", "increasing", None),
        ("min(z, 0)", "(-∞, 0]", "non-decreasing", "concave"), ("max(-z, 0)", "[0, ∞)", "non-increasing", "convex"),
        ("sin(z)**2 + cos(z)**2", "[1, 1]", "constant", "affine"), ("1/(1+z*z)", "(0, 1]", None, None),
        ("z + sin(z)", "(-∞, ∞)", "increasing", None), ("z + 1.001*sin(z)", "(-∞, ∞)", None, None),
        ("where(z > 0, 2, z)", "(-∞, 2]", "non-decreasing", None), ("where(z > 0, 1+z, -exp(z))", "[-1, ∞)", None, None),
        ("where(z > 0, exp(-z), 0)", "[0, 1)", None, None), ("where(z >= 0, exp(-z), 0)", "[0, 1]", None, None),
        ("z*sin(z)**2", "(-∞, ∞)", None, None), ("log(z)", "(-∞, ∞)", "increasing", None),
        ("sqrt(abs(z))", "[0, ∞)", None, None), ("abs(z**2-2)", "[0, ∞)", None, None), ("where(z < -50, exp(z), z*z+1)", "(0, ∞)", None, None), ("1/z", "(-∞, ∞)", None, None), ("sqrt(z)", "[0, ∞)", "increasing", None),
        ("sigmoid(1000*z + 500)", "(0, 1)", "increasing", None), ("gaussian(1e6*(z-0.33))", "(0, 1]", None, None),
        ("z*1e-300", "(-∞, ∞)", "increasing", "affine"), ("exp(z)*exp(exp(z))", "(0, ∞)", "increasing", "convex"),
    ],
)  # fmt: skip
def test_shape_of_written_formulas(formula, range_, monotonic, convexity):
    p = properties(formula)
    assert (str(p.range), p.monotonic, p.convexity) == (range_, monotonic, convexity)


@pytest.mark.parametrize(
    ("formula", "kinks", "jumps", "order"),
    [
        ("tanh", (), (), INF), ("relu", (0,), (), 0), ("relu6", (0, 6), (), 0), ("elu", (), (), 1), ("selu", (0,), (), 0),
        ("sign", (), (0,), -1), ("unit_step", (), (0,), -1), ("hard_swish", (-3, 3), (), 0), ("softsign", (), (), 1),
        ("z*abs(z)", (), (), 1), ("abs(z-2)", (2,), (), 0), ("abs(2*z+3)", (-1.5,), (), 0), ("isrlu", (), (), 2),
        ("max(z, z**2)", (0, 1), (), 0), ("where(z > 1, z+1, z)", (), (1,), -1), ("where(z > 1, 2*z, z+1)", (1,), (), 0),
        ("abs(z**2-2)", (-math.sqrt(2), math.sqrt(2)), (), 0), ("min(max(z, -1), 1)", (-1, 1), (), 0),
        ("z*sign(z)", (0,), (), 0), ("step(z-0.5)*z", (), (0.5,), -1), ("abs(z)**3", (), (), 2), ("abs(z)**5", (), (), 4),
        ("where(z > 0, z**8, 0)", (), (), 7), ("sqrt(abs(z))", (0,), (), 0), ("abs(z)**1.5", (), (), 1),
        ("sign(z)*abs(z)**(1/3)", (0,), (), 0), ("1/z", (), (0,), -1), ("1/(z*z-2)", (), (-math.sqrt(2), math.sqrt(2)), -1),
        ("where(z > 0, exp(-1/z), 0)", (), (), INF), ("sqrt(z*z+1)", (), (), INF), ("abs(abs(z)-1)", (-1, 0, 1), (), 0),
        ("pdelu", (), (), 1), ("gelu_10", (10,), (), 0), ("tanh_exp", (), (), INF), ("colu", (), (), INF),
    ],
)  # fmt: skip
def test_order_of_continuity(formula, kinks, jumps, order):
    p = properties(formula)
    assert p.kinks == pytest.approx(kinks, abs=1e-15)
    assert p.jumps == pytest.approx(jumps, abs=1e-15)
    assert p.order == order


def test_kinks_follow_the_parameters():
    assert nonlin.get("elu").with_params(alpha=2.0).properties.kinks == (0.0,)
    assert nonlin.get("leaky_relu").with_params(alpha=1.0).properties.kinks == ()
    assert nonlin.get("leaky_relu").with_params(alpha=1.0).properties.universal is False
    assert nonlin.get("leaky_relu").with_params(alpha=-1.0).properties.even
    assert nonlin.get("leaky_relu").with_params(alpha=-1.0).properties.monotonic is None
    assert properties("where(z > t, z, t)", t=0.1).kinks == (0.1,)
    assert properties("abs(z)**p", p=3.0).order == 2


def test_subgradients_say_which_slope_counts():
    assert properties("relu").subgradients == ((0.0, 0.0),)
    assert properties("selu").subgradients == ((0.0, pytest.approx(SELU, rel=1e-15)),)
    assert properties("hard_swish").subgradients == ((-3.0, 0.0), (3.0, 1.0))
    assert properties("sign").subgradients == ((0.0, 0.0),)
    assert properties("where(z > 0, z, 0.25*z)").subgradients == ((0.0, 0.25),)
    assert properties("tanh").subgradients == ()


@pytest.mark.parametrize(
    ("formula", "symmetry"),
    [
        ("tanh", "odd"), ("identity", "odd"), ("sin", "odd"), ("sign", "odd"), ("softsign", "odd"), ("hard_tanh", "odd"),
        ("arctan", "odd"), ("gaussian", "even"), ("abs(z)", "even"), ("z*tanh(z)", "even"), ("cos(z)", "even"),
        ("z**3", "odd"), ("isru", "odd"), ("sqnl", "odd"), ("soft_shrink", "odd"), ("multiquadratic", "even"),
        ("relu", ""), ("sigmoid", ""), ("gelu", ""), ("z+1e-9", ""), ("unit_step", ""), ("exp(z)", ""),
    ],
)  # fmt: skip
def test_symmetry(formula, symmetry):
    p = properties(formula)
    assert (p.odd, p.even) == (symmetry == "odd", symmetry == "even")
    assert {"odd", "even"} <= p.exact


def test_symmetry_by_values_is_not_called_exact():
    p = properties("sigmoid(z) - 0.5")
    assert p.odd
    assert "odd" not in p.exact


@pytest.mark.parametrize(
    ("formula", "isolated", "intervals"),
    [
        ("softplus", (), ()), ("sigmoid", (), ()), ("tanh", (0,), ()), ("silu", (0,), ()), ("z - z**3", (-1, 0, 1), ()),
        ("poisson1", (1,), ()), ("bipolar_gaussian", (-math.sqrt(math.log(2)), math.sqrt(math.log(2))), ()),
        ("dsilu", (-1 - SILU_LOW,), ()), ("star_relu", (math.sqrt(0.5),), ()), ("z**2", (0,), ()), ("z - 100", (100,), ()),
        ("(z - 1)**2", (1,), ()), ("(z-100)*(z+200)", (-200, 100), ()), ("sign", (0,), ()),
        ("relu", (), (Interval(-INF, 0.0, False, True),)), ("unit_step", (), (Interval(-INF, 0.0, False, False),)),
        ("thresholded_relu", (), (Interval(-INF, 1.0, False, True),)), ("hard_shrink", (), (Interval(-0.5, 0.5, True, True),)),
        ("hard_swish", (0,), (Interval(-INF, -3.0, False, True),)), ("hard_sigmoid", (), (Interval(-INF, -3.0, False, True),)),
    ],
)  # fmt: skip
def test_zeros(formula, isolated, intervals):
    found = properties(formula).zeros
    assert found.isolated == pytest.approx(isolated, rel=1e-15)
    assert found.intervals == intervals
    assert not found.endless
    assert formula == "(z - 1)**2" or "zeros" in properties(formula).exact


@pytest.mark.parametrize(
    ("formula", "isolated", "intervals"),
    [
        ("relu", (), (Interval(0.0, INF, True, False),)), ("identity", (), (Interval(-INF, INF, False, False),)),
        ("hard_tanh", (), (Interval(-1.0, 1.0, True, True),)), ("relu6", (), (Interval(0.0, 6.0, True, True),)),
        ("thresholded_relu", (0,), (Interval(1.0, INF, False, False),)), ("unit_step", (1,), ()), ("sign", (-1, 0, 1), ()),
        ("hard_shrink", (0,), (Interval(-INF, -0.5, False, False), Interval(0.5, INF, False, False))),
        ("tanh", (0,), ()), ("sin", (0,), ()), ("cos", (DOTTIE,), ()), ("softplus", (), ()), ("exp(z)", (), ()),
        ("exp(-z)", (float(mpmath.lambertw(1)),), ()), ("z**2", (0, 1), ()), ("hard_sigmoid", (0.6,), ()),
        ("gaussian", (math.sqrt(float(mpmath.lambertw(2)) / 2),), ()), ("elliott", (math.sqrt(0.5),), ()),
        ("sigmoid", (0.6590460684074066,), ()), ("scaled_tanh", (-1.0151737419315618, 0, 1.0151737419315618), ()),
        ("loglog", (0.5671432904097838,), ()), ("1/z", (-1, 1), ()), ("erf", (-0.617446879080607, 0, 0.617446879080607), ()),
        ("mish", (0,), ()), ("gelu", (0,), ()), ("ftswish", (-0.2,), ()), ("xielu", (0, 0.625), ()), ("hyper_sinh",
        (-2, 0, 2.838446380048027), ()),
    ],
)  # fmt: skip
def test_fixed_points(formula, isolated, intervals):
    found = properties(formula).fixed_points
    assert found.isolated == pytest.approx(isolated, rel=1e-14)
    assert found.intervals == intervals
    assert not found.endless


@pytest.mark.parametrize(
    ("formula", "period", "first"),
    [("sin", math.pi, 0.0), ("cos", math.pi, math.pi / 2), ("raised_sine", 2 * math.pi, -math.pi / 2),
     ("raised_cosine", 2 * math.pi, math.pi)],
)  # fmt: skip
def test_waves_have_zeros_without_end(formula, period, first):
    found = properties(formula).zeros
    steps = range(-math.ceil(40 / period), math.ceil(40 / period))
    assert found.isolated == pytest.approx(
        [first + k * period for k in steps if abs(first + k * period) <= 30], abs=1e-14
    )
    assert found.endless


def test_fixed_points_of_waves():
    assert properties("snake").fixed_points.isolated == pytest.approx([k * math.pi for k in range(-9, 10)], abs=1e-14)
    assert properties("snake").fixed_points.endless
    assert properties("gcu").fixed_points.isolated == pytest.approx([2 * k * math.pi for k in range(-4, 5)], abs=1e-14)
    assert properties("where(sin(z) > 0, 1, 0)").zeros.endless
    assert properties("sinc").zeros.isolated[9] == pytest.approx(math.pi, rel=1e-15)
    assert Points((0.0,), (), False) == properties("sin").fixed_points


def test_breaks_that_the_grid_may_miss_are_not_called_exact():
    p = properties("abs((z-0.31)*(z-0.32))")  # both between two steps
    assert p.exact.isdisjoint({"kinks", "jumps", "range", "order", "subgradients"})
    assert "kinks" in properties("abs(z**2 - 2)").exact


def test_zeros_that_the_grid_may_miss_are_not_called_exact():
    assert "zeros" not in properties("sin(100*z)").exact


def test_identity_at_zero():
    found = {n for n in nonlin.names() if nonlin.get(n).properties.identity_at_zero}
    assert found == {
        "identity", "hard_tanh", "plu", "tanh", "softsign", "isru", "sqnl", "arctan", "hexpo", "bent_identity", "elu",
        "celu", "pelu", "pdelu", "isrlu", "hard_mish", "sinlu", "colu", "srs", "sin", "snake", "gcu",
    }  # fmt: skip


def test_only_polynomials_cannot_approximate_everything():
    assert [n for n in nonlin.names() if not nonlin.get(n).properties.universal] == ["identity", "quadratic"]
    for polynomial in ("z**3 - 2*z", "(z+1)**7", "where(z > 0, z, z) + z**2", "sin(z)**2 + cos(z)**2 + z"):
        assert properties(polynomial).universal is False
    assert properties("1/z").universal is False  # it has a pole
    assert properties("where(z > 0, z**2, z**3)").universal is True


def test_bounded_and_saturating():
    bounded = {n: nonlin.get(n).properties.bounded for n in ("sigmoid", "relu", "log_sigmoid", "identity")}
    assert bounded == {"sigmoid": "both", "relu": "below", "log_sigmoid": "above", "identity": "neither"}
    saturates = {
        n: (nonlin.get(n).properties.saturates_left, nonlin.get(n).properties.saturates_right) for n in nonlin.names()
    }
    assert saturates["sigmoid"] == (True, True)
    assert saturates["relu"] == (True, False)
    assert saturates["identity"] == (False, False)
    assert saturates["sin"] == (False, False)


def test_zero_centred():
    odd = [n for n in nonlin.names() if nonlin.get(n).properties.odd]
    centred = [n for n in nonlin.names() if nonlin.get(n).properties.zero_centred]
    assert set(odd) == set(centred) - {"selu", "star_relu"}
    assert [n for n in centred if "zero_centred" not in nonlin.get(n).properties.exact] == ["star_relu", "selu"]


@pytest.mark.parametrize(
    ("name", "operations", "calls", "cost"),
    [
        ("identity", 0, 0, "no transcendental"), ("relu", 2, 0, "no transcendental"), ("sigmoid", 1, 1, "one transcendental"),
        ("silu", 2, 1, "one transcendental"), ("mish", 3, 2, "several transcendentals"),
        ("softsign", 1, 0, "no transcendental"), ("gaussian", 1, 1, "one transcendental"),
        ("exp(z)/(1 + exp(z))", 4, 1, "one transcendental"), ("z**7", 4, 0, "no transcendental"),
        ("abs(z)**0.3", 2, 1, "one transcendental"), ("sqrt(z*z + 1)", 3, 0, "no transcendental"),
    ],
)  # fmt: skip
def test_cost(name, operations, calls, cost):
    p = properties(name)
    assert (p.operations, p.transcendental_calls, p.cost) == (operations, calls, cost)


def test_a_parameter_at_which_the_formula_has_no_value():
    with pytest.raises(InputError) as caught:
        _ = nonlin.get("celu").with_params(alpha=0).properties
    assert str(caught.value) == "parameter alpha must be a number for which 1/alpha has a finite value, got 0.0"


def test_properties_are_frozen():
    with pytest.raises(AttributeError):
        nonlin.get("relu").properties.gain = 2.0
