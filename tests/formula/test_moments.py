"""Gaussian means in closed form, and by quadrature for the whole catalogue."""

import itertools
import math

import pytest
import scipy.integrate
import scipy.stats

import nonlin
from nonlin.formula import analysis


def properties(formula):
    return nonlin.get(formula).properties


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("relu", math.sqrt(2)), ("identity", 1), ("sign", 1), ("unit_step", math.sqrt(2)), ("selu", 1),
        ("sin", math.sqrt(2 / (1 - math.exp(-2)))), ("gaussian", 5**0.25), ("leaky_relu", math.sqrt(2 / (1 + 0.01**2))),
        ("z**2", 1 / math.sqrt(3)), ("z**3", 1 / math.sqrt(15)), ("abs(z)", 1), ("exp(z)", math.exp(-1)),
        ("cos(z)", math.sqrt(2 / (1 + math.exp(-2)))), ("normal_cdf(z)", math.sqrt(3)), ("z+1", math.sqrt(0.5)),
        ("erf", math.sqrt(math.pi / (2 * math.asin(2 / 3)))),
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


@pytest.mark.parametrize(
    ("name", "mean", "second", "slope_second"),
    [
        ("relu", 1 / math.sqrt(2 * math.pi), 1 / 2, 1 / 2), ("identity", 0, 1, 1), ("quadratic", 1, 3, 4),
        ("sin", 0, (1 - math.exp(-2)) / 2, (1 + math.exp(-2)) / 2), ("absolute", math.sqrt(2 / math.pi), 1, 1),
        ("exponential", math.exp(0.5), math.exp(2), math.exp(2)), ("gaussian", 1 / math.sqrt(3), 1 / math.sqrt(5), 4 / 5**1.5),
        ("probit", 1 / 2, 1 / 3, 1 / (2 * math.pi * math.sqrt(3))), ("relu_squared", 1 / 2, 3 / 2, 2),
    ],
)  # fmt: skip
def test_moments_in_closed_form(name, mean, second, slope_second):
    p = properties(name)
    assert (p.mean, p.second_moment, p.derivative_second_moment) == pytest.approx(
        (mean, second, slope_second), rel=1e-12
    )
    assert p.chi1 == pytest.approx(slope_second / second, rel=1e-12)


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
    assert analysis.gain(nonlin.Activation("exp(exp(z))").expression, {}) == 1.0
    assert analysis.gain(nonlin.Activation("sqrt(z)").expression, {}) == 1.0
