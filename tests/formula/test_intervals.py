"""Interval arithmetic: the true values lie inside, and what is exact stays exact."""

import math

import mpmath
import numpy as np
import pytest
import sympy as sp

import nonlin
from nonlin.formula.evaluate import evaluate
from nonlin.formula.intervals import enclose, sample
from nonlin.formula.parser import parse
from nonlin.formula.primitives import UNARY, z

HARD = [0.0, 1.0, -1.0, 0.5, 7.0, -7.0, 40.0, -40.0, 300.0, -300.0, 1e5, -1e5, 1e-5, -1e-300]


def three(activation):
    """The expressions of φ, φ' and φ''."""
    slope = activation.derivative_expression
    return activation.expression, slope, sp.diff(slope, z)


def outside(expression, points, low, high, params):
    """The points at which the true value lies outside the bounds."""
    with mpmath.workdps(40):
        true = [evaluate(expression, x, params) for x in points]
    return [x for x, v, a, b in zip(points, true, low, high, strict=True) if not (a <= v <= b or mpmath.isnan(v))]


@pytest.mark.parametrize("name", nonlin.names())
def test_every_value_of_a_cell_is_enclosed(name):
    a, rng = nonlin.get(name), np.random.default_rng(5)
    low = np.concatenate([rng.uniform(-9, 9, 8), HARD])
    high = low + np.where(rng.random(low.size) < 0.3, 0, rng.exponential(size=low.size))
    for expression in three(a):
        bounds = enclose(expression, low, high, a.params)
        for share in (0.0, 0.37, 1.0):
            points = np.clip(low + share * (high - low), low, high)
            assert outside(expression, points, *bounds, a.params) == []


@pytest.mark.parametrize("name", sorted(UNARY))
def test_every_primitive_has_bounds(name):
    low, high = enclose(parse(f"{name}(0.5 + 0.1*z)"), [0.0, 1.0], [0.0, 2.0])
    assert np.isfinite([low, high]).all()
    assert high[0] - low[0] <= 2e-12
    assert outside(parse(f"{name}(0.5 + 0.1*z)"), [0.0, 1.5], low, high, {}) == []


@pytest.mark.parametrize(
    ("formula", "cell", "bounds"),
    [
        ("z*(z+3)/2", (-3, -1.5), (-2.25, 0)), ("clip(z, 0, 1)", (3, 4), (1, 1)), ("tanh(z)", (0, 0), (0, 0)),
        ("sigmoid(z)", (0, 0), (0.5, 0.5)), ("z**3", (-2, 3), (-8, 27)), ("z**2", (-2, 1), (0, 4)), ("abs(z)", (-2, 1), (0, 2)),
        ("1/z", (0, 0.5), (2, math.inf)), ("1/z", (-1, 1), (-math.inf, math.inf)), ("sin(z)", (0, 10), (-1, 1)),
        ("cos(z)", (-1e9, 1e9), (-1, 1)), ("gaussian(z)", (-1, 1), (0.36787944117, 1)), ("sqrt(z)", (4, 9), (2, 3)),
        ("where(z > 0, 2, 1)", (-1, 1), (1, 2)), ("where(z > 0, 2, 1)", (1, 2), (2, 2)), ("sign(z)", (-1, 0), (-1, 0)),
    ],
)  # fmt: skip
def test_bounds_are_tight(formula, cell, bounds):
    low, high = enclose(parse(formula), *cell)
    assert (float(low), float(high)) == pytest.approx(bounds, rel=1e-11)


def test_sums_are_exact_only_where_they_are():
    low, high = enclose(parse("z + 1"), [1.0, 1e-20], [1.0, 1e-20])
    assert low[0] == high[0] == 2.0
    assert low[1] <= 1.0 < high[1]


def test_a_sample_says_where_it_is_at_a_loss():
    found = sample(parse("exp(exp(z))*sigmoid(-z)"), [0.0, 800.0])
    assert found[0] == pytest.approx(math.e / 2, rel=1e-11)
    assert math.isnan(found[1])
