"""What every entry of the catalogue and any formula must fulfil: the properties agree with a dense look."""

import itertools
import math
from dataclasses import fields

import mpmath
import numpy as np
import pytest
import sympy as sp

import nonlin
from nonlin.formula.analysis import Properties, analyse
from nonlin.formula.evaluate import evaluate
from nonlin.formula.primitives import z

GRID = np.unique(
    np.concatenate([np.linspace(-40, 40, 20_001), np.geomspace(1e-8, 1e4, 300), -np.geomspace(1e-8, 1e4, 300)])
)
PARAMETERS = {
    "leaky_relu": [{"alpha": 0.0}, {"alpha": -1.0}, {"alpha": 2.0}], "elu": [{"alpha": 0.5}, {"alpha": -1.0}],
    "snake": [{"alpha": 0.5}, {"alpha": 3.0}], "squareplus": [{"b": 0.5}], "acon_c": [{"p1": 1.2, "p2": -0.8, "beta": 2.0}],
    "smu": [{"alpha": 0.25, "mu": 25.0}], "pelu": [{"alpha": 2.0, "beta": 0.5}], "plu": [{"alpha": 0.0}, {"alpha": 1.0}],
    "thresholded_relu": [{"theta": 1.0, "value": 1.0}, {"theta": 2.0, "value": -20.0}], "scaled_tanh": [{"a": 2 / 3, "b": -1.7159}],
    "star_relu": [{"s": -1.0, "b": 1.0}], "xielu": [{"alpha_p": 0.1, "alpha_n": 0.2}], "ftswish": [{"t": 0.0}],
}  # fmt: skip
MEMBERS = [nonlin.get(n) for n in nonlin.names()] + [
    nonlin.get(n).with_params(**params) for n, choices in PARAMETERS.items() for params in choices
]
each = pytest.mark.parametrize("a", MEMBERS, ids=lambda a: "-".join([a.name, *(f"{v:g}" for v in a.params.values())]))


def away(a, points):
    """The points that are no kink and no jump."""
    breaks = np.array([*a.properties.kinks, *a.properties.jumps, np.inf])
    return points[np.abs(points[:, None] - breaks).min(axis=1) > 1e-12]


@each
def test_range_holds_every_value(a):
    values, p = a(GRID), a.properties
    size = 1e-14 * np.maximum(1, np.abs(values))
    assert (values >= p.range.low - size).all()
    assert (values <= p.range.high + size).all()
    with mpmath.workdps(60):  # beyond, a tail may be as good as its limit in sixty digits too
        exact = [evaluate(a.expression, x, a.params) for x in np.linspace(-4, 4, 65)]
    for end, taken in ((p.range.low, p.range.low_taken), (p.range.high, p.range.high_taken)):
        assert math.isfinite(end) or not taken
        assert taken or end not in exact


@each
def test_steepness_bounds_every_slope(a):
    x = away(a, GRID)
    p, slopes = a.properties, np.abs(a.derivative(x))
    assert (slopes <= p.lipschitz * (1 + 1e-13) + 1e-300).all()
    if math.isfinite(p.derivative_lipschitz):
        rises = np.abs(np.diff(a.derivative(GRID)))
        assert (rises <= p.derivative_lipschitz * np.diff(GRID) * (1 + 1e-9) + 1e-13).all()


@each
def test_lipschitz_constant_is_reached(a):
    p = a.properties
    if math.isfinite(p.lipschitz):
        slopes = [abs(v) for v in p.derivative_limits if not math.isnan(v)]
        assert p.lipschitz <= max([*np.abs(a.derivative(away(a, GRID))), *slopes]) * 1.01


@each
def test_monotonic_is_what_the_grid_shows(a):
    values, p = a(GRID), a.properties
    values = values[np.isfinite(values)]
    rises, noise = np.diff(values), 1e-14 * np.maximum(1, np.abs(values[1:]))
    if p.monotonic in ("increasing", "non-decreasing"):
        assert (rises >= -noise).all()
    elif p.monotonic in ("decreasing", "non-increasing"):
        assert (rises <= noise).all()
    else:
        assert p.monotonic is None
        assert rises.min() < 0 < rises.max()
    near = np.diff(a(np.linspace(-1, 1, 401)))
    if p.monotonic in ("increasing", "decreasing"):
        assert (near != 0).all()


@each
def test_convexity_is_what_the_grid_shows(a):
    x = np.linspace(-20, 20, 4001)
    turns, p = np.diff(a(x), 2), a.properties
    noise = 1e-13 * np.maximum(1, np.abs(a(x)[2:]))
    shown = {(True, True): "affine", (True, False): "convex", (False, True): "concave"}
    found = shown.get(((turns >= -noise).all(), (turns <= noise).all()))
    assert p.convexity == found or (p.convexity is None and p.jumps)


@each
def test_zeros_and_fixed_points_are_so(a):
    for points, target in ((a.properties.zeros, sp.Integer(0)), (a.properties.fixed_points, z)):
        with mpmath.workdps(40):
            for x in points.isolated:
                value = evaluate(a.expression - target, x, a.params)
                assert abs(value) <= 2e-16 * max(1, abs(x)) * max(
                    1, a.properties.lipschitz if a.properties.order >= 0 else 1
                )
        for low, high, low_taken, high_taken in points.intervals:
            inside = np.linspace(max(low, -50), min(high, 50), 21)[1:-1]
            np.testing.assert_allclose(a(inside), inside if target == z else 0, atol=1e-13)
            for end, taken in ((low, low_taken), (high, high_taken)):
                if math.isfinite(end):
                    assert bool(abs(a(end) - (end if target == z else 0)) < 1e-14) is taken


@each
def test_no_zero_or_fixed_point_is_missed(a):
    x = np.linspace(-30, 30, 6001)
    for points, values in ((a.properties.zeros, a(x)), (a.properties.fixed_points, a(x) - x)):
        seen = np.abs(values) > 1e-12
        changes = np.flatnonzero((np.sign(values[:-1]) * np.sign(values[1:]) < 0) & seen[:-1] & seen[1:])
        known = [*points.isolated, *itertools.chain(*(i[:2] for i in points.intervals)), *a.properties.jumps]
        for low, high in zip(x[changes], x[changes + 1], strict=True):
            assert any(low - 1e-9 <= k <= high + 1e-9 for k in known)


@each
def test_bounded_is_what_the_range_says(a):
    p = a.properties
    ends = {"both": (True, True), "below": (True, False), "above": (False, True), "neither": (False, False)}
    assert ends[p.bounded] == (math.isfinite(p.range.low), math.isfinite(p.range.high))


@each
def test_subgradients_are_those_of_the_kernel(a):
    p = a.properties
    assert [x for x, _ in p.subgradients] == sorted(p.kinks + p.jumps)
    for x, slope in p.subgradients:
        assert a.derivative(x) == pytest.approx(slope, rel=1e-15)


@each
def test_exact_names_fields(a):
    names = {field.name for field in fields(Properties)}
    assert a.properties.exact <= names - {"exact"}
    assert {"odd", "even", "subgradients", "operations", "cost", "universal", "identity_at_zero"} & names


def test_most_of_the_catalogue_is_settled():
    def numerical(field):
        return {n for n in nonlin.names() if field not in nonlin.get(n).properties.exact}

    assert numerical("range") == {"eis_1", "colu", "srs", "gcu"}
    assert numerical("monotonic") == {"snake", "isru", "isrlu", "pdelu"}
    assert numerical("convexity") == {"shifted_softplus", "squareplus", "isrlu"}
    assert numerical("lipschitz") == {"gelu_tanh", "eis_1", "colu", "srs", "raised_cosine", "snake", "gcu"}
    assert numerical("kinks") == {"eis_1", "colu", "srs"}
    assert numerical("odd") == set()


AWKWARD = [
    "sqrt(z)", "log(z)", "1/z", "exp(exp(z))", "z**64", "sin(z)/cos(z)", "where(sin(z) > 0, 1, 0)", "abs(sin(z))",
    "z*sin(z)**2", "sign(z)*abs(z)**(1/3)", "1e300*z", "z*1e-300", "exp(z**2)", "sin(1/z)", "sigmoid(1000*z)",
    "max(max(max(z, 0), z**2), max(z**3, sin(z)))", "tanh(tanh(tanh(tanh(tanh(tanh(z))))))", "sin(100*z)", "exp(-1/z)",
    "log(1+exp(z))", "abs(abs(abs(z)-1)-1)", "erfc(z)*exp(z*z)", "cosh(z)-sinh(z)", "squareplus(z, -1)", "squareplus(z, z)",
    "sin(z)+sin(1.41421356*z)", "z*log(z*z)", "where(z > 1e200, 1, z)", "1e-200*exp(z)", "gaussian(1e6*(z-0.33))",
    "z**(-0.5)", "min(z, 1/z)", "sin(z**3)", "sin(exp(z))", "exp(sin(z)*z)", "sin(exp(exp(z)))", "cos(exp(z*z))*z", "where(sin(exp(z*1000)) > 0, z, 0)", "1/(sin(z)**2 + 1e-9)", "where(z**3 > z, z, sin(z))",
]  # fmt: skip


@pytest.mark.parametrize("formula", AWKWARD)
def test_any_formula_gets_an_answer(formula):
    a = nonlin.Activation(formula)
    p = analyse(a.expression, a.params)
    assert p.range.low <= p.range.high
    assert p.lipschitz >= 0
