"""The computed properties, against what is known of the functions."""

import itertools
import math

import pytest
import scipy.integrate
import scipy.stats

import nonlin
from nonlin.formula import analysis

INF = math.inf
NAN = math.nan


def properties(formula, **params):
    return nonlin.get(formula).properties if not params else nonlin.Activation(formula, **params).properties


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("relu", math.sqrt(2)), ("identity", 1), ("sign", 1), ("unit_step", math.sqrt(2)), ("selu", 1),
        ("sin", math.sqrt(2 / (1 - math.exp(-2)))), ("gaussian", 5**0.25), ("leaky_relu", math.sqrt(2 / (1 + 0.01**2))),
        ("z**2", 1 / math.sqrt(3)), ("z**3", 1 / math.sqrt(15)), ("abs(z)", 1), ("exp(z)", math.exp(-1)),
        ("cos(z)", math.sqrt(2 / (1 + math.exp(-2)))), ("normal_cdf(z)", math.sqrt(3)), ("z+1", math.sqrt(0.5)),
    ],
)  # fmt: skip
def test_gain_in_closed_form(name, figure):
    assert properties(name).gain == pytest.approx(figure, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "figure"),
    [("relu", 1.4142), ("tanh", 1.5925), ("sigmoid", 1.8462), ("gelu", 1.5335), ("silu", 1.6765), ("elu", 1.2452),
     ("selu", 1.0000), ("mish", 1.4868), ("softplus", 1.0419)],
)  # fmt: skip
def test_gain_as_measured_elsewhere(name, figure):
    assert round(properties(name).gain, 4) == figure


def gaussian_mean(f, breaks):
    """E[f(z)] for z ~ N(0, 1), by adaptive quadrature between the breaks."""
    edges = itertools.pairwise(sorted({-12.0, 0.0, 12.0, *(b for b in breaks if abs(b) < 12)}))
    return sum(scipy.integrate.quad(lambda x: f(x) * scipy.stats.norm.pdf(x), *e, epsabs=1e-11)[0] for e in edges)


@pytest.mark.parametrize("name", nonlin.names())
def test_moments_by_quadrature(name):
    a = nonlin.get(name)
    breaks = (*a.properties.kinks, *a.properties.jumps)
    second = gaussian_mean(lambda x: a(x) ** 2, breaks)
    slope = gaussian_mean(lambda x: a.derivative(x) ** 2, breaks)
    assert a.properties.gain == pytest.approx(1 / math.sqrt(second), rel=1e-7)
    assert a.properties.mean == pytest.approx(gaussian_mean(a, breaks), abs=1e-8)
    assert a.properties.chi1 == pytest.approx(slope / second, rel=1e-6, abs=1e-9)
    assert a.gain == a.properties.gain


def test_gain_is_one_where_there_is_none():
    assert analysis.gain(nonlin.Activation("z/1e9").expression, {}) == 1.0


@pytest.mark.parametrize(
    ("formula", "limits", "slopes"),
    [
        ("sigmoid", (0, 1), (0, 0)), ("relu", (0, INF), (0, 1)), ("sin", (NAN, NAN), (NAN, NAN)),
        ("identity", (-INF, INF), (1, 1)),
        ("gelu", (0, INF), (0, 1)), ("arctan", (-math.pi / 2, math.pi / 2), (0, 0)), ("z*sin(z)", (NAN, NAN),
        (NAN, NAN)),
        ("z**2", (INF, INF), (-INF, INF)), ("-z**3", (INF, -INF), (-INF, -INF)), ("exp(-z)", (INF, 0), (-INF, 0)),
        ("sqrt(z*z+1)", (INF, INF), (-1, 1)), ("log(z*z+1)", (INF, INF), (0, 0)), ("z/(1+z*z)", (0, 0), (0, 0)),
        ("2*z+sigmoid(z)", (-INF, INF), (2, 2)), ("z*exp(z)", (0, INF), (0, INF)), ("where(z > 7, 3, -2)", (-2, 3),
        (0, 0)),
    ],
)  # fmt: skip
def test_limits(formula, limits, slopes):
    p = properties(formula)
    assert p.limits == pytest.approx(limits, rel=1e-12, nan_ok=True)
    assert p.derivative_limits == pytest.approx(slopes, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("formula", "kinks", "jumps", "smoothness"),
    [
        ("tanh", (), (), "smooth"), ("relu", (0,), (), "continuous"), ("relu6", (0, 6), (), "continuous"),
        ("elu", (), (), "smooth"), ("selu", (0,), (), "continuous"), ("sign", (), (0,), "discontinuous"),
        ("unit_step", (), (0,), "discontinuous"), ("hard_swish", (-3, 3), (), "continuous"), ("softsign", (),
        (), "smooth"),
        ("z*abs(z)", (), (), "smooth"), ("abs(z-2)", (2,), (), "continuous"), ("abs(2*z+3)", (-1.5,), (), "continuous"),
        ("max(z, z**2)", (0, 1), (), "continuous"), ("where(z > 1, z+1, z)", (), (1,), "discontinuous"),
        ("where(z > 1, 2*z, z+1)", (1,), (), "continuous"), ("abs(z**2-2)", (-math.sqrt(2), math.sqrt(2)),
        (), "continuous"),
        ("min(max(z, -1), 1)", (-1, 1), (), "continuous"), ("z*sign(z)", (0,), (), "continuous"),
        ("step(z-0.5)*z", (), (0.5,), "discontinuous"),
    ],
)  # fmt: skip
def test_kinks_and_jumps(formula, kinks, jumps, smoothness):
    p = properties(formula)
    assert p.kinks == pytest.approx(kinks, abs=1e-12)
    assert p.jumps == pytest.approx(jumps, abs=1e-12)
    assert p.smoothness == smoothness


def test_kinks_follow_the_parameters():
    assert nonlin.get("elu").with_params(alpha=2.0).properties.kinks == (0.0,)
    assert nonlin.get("leaky_relu").with_params(alpha=1.0).properties.kinks == ()
    assert properties("where(z > t, z, t)", t=0.1).kinks == pytest.approx((0.1,), abs=1e-15)


@pytest.mark.parametrize(
    ("formula", "symmetry"),
    [
        ("tanh", "odd"), ("identity", "odd"), ("sin", "odd"), ("sign", "odd"), ("softsign", "odd"),
        ("hard_tanh", "odd"),
        ("arctan", "odd"), ("gaussian", "even"), ("abs(z)", "even"), ("z*tanh(z)", "even"), ("cos(z)", "even"),
        ("z**3", "odd"),
        ("relu", ""), ("sigmoid", ""), ("gelu", ""), ("z+1e-9", ""), ("unit_step", ""), ("exp(z)", ""),
    ],
)  # fmt: skip
def test_symmetry(formula, symmetry):
    p = properties(formula)
    assert (p.odd, p.even) == (symmetry == "odd", symmetry == "even")


@pytest.mark.parametrize(
    ("formula", "monotonic"),
    [
        ("sigmoid", True), ("relu", True), ("unit_step", True), ("softplus", True), ("elu", True),
        ("exp(-z)", True), ("z**3", True),
        ("gelu", False), ("silu", False), ("mish", False), ("hard_swish", False), ("sin", False), ("gaussian", False),
        ("abs(z)", False), ("z + sin(z)", True), ("z + 1.1*sin(z)", False),
    ],
)  # fmt: skip
def test_monotonic(formula, monotonic):
    assert properties(formula).monotonic is monotonic


@pytest.mark.parametrize(
    ("formula", "bound"),
    [
        ("sigmoid", 0.25), ("tanh", 1), ("relu", 1), ("unit_step", INF), ("hard_swish", 1.5), ("arctan", 1),
        ("softplus", 1),
        ("selu", 1.0507009873554805 * 1.6732632423543772), ("gaussian", math.sqrt(2 / math.e)), ("gelu", 1.1289041578),
        ("silu", 1.0998393194), ("mish", 1.0884981607), ("hard_sigmoid", 1 / 6), ("5*z", 5), ("z**2", INF),
        ("exp(z)", INF),
    ],
)  # fmt: skip
def test_lipschitz(formula, bound):
    assert properties(formula).lipschitz == pytest.approx(bound, rel=1e-5)


@pytest.mark.parametrize(
    ("formula", "bounds"),
    [
        ("sigmoid", (0, 1)), ("tanh", (-1, 1)), ("relu", (0, INF)), ("relu6", (0, 6)), ("gelu", (-0.1699712, INF)),
        ("sin", (-1, 1)),
        ("silu", (-0.2784645, INF)), ("mish", (-0.3088434, INF)), ("hard_swish", (-0.375, INF)), ("z**2+1", (1, INF)),
        ("elu", (-1, INF)), ("identity", (-INF, INF)), ("arctan", (-math.pi / 2, math.pi / 2)), ("gaussian", (0, 1)),
    ],
)  # fmt: skip
def test_range(formula, bounds):
    assert properties(formula).range == pytest.approx(bounds, abs=1e-5)


def test_saturation_and_centre():
    saturates = {
        n: (nonlin.get(n).properties.saturates_left, nonlin.get(n).properties.saturates_right) for n in nonlin.names()
    }
    assert saturates["sigmoid"] == (True, True)
    assert saturates["relu"] == (True, False)
    assert saturates["identity"] == (False, False)
    assert saturates["sin"] == (False, False)
    centred = [n for n in nonlin.names() if nonlin.get(n).properties.zero_centred]
    assert centred == ["sign", "identity", "hard_tanh", "tanh", "softsign", "arctan", "selu", "sin"]


def test_properties_are_frozen():
    with pytest.raises(AttributeError):
        nonlin.get("relu").properties.gain = 2.0
