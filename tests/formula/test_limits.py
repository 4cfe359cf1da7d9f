"""Limits at ±∞: the rules give what the values far out point to."""

import math

import pytest

import nonlin
from nonlin.formula.limits import limit, limit_by_rule
from nonlin.formula.parser import parse

INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("formula", "limits", "slopes"),
    [
        ("sigmoid", (0, 1), (0, 0)), ("relu", (0, INF), (0, 1)), ("sin", (NAN, NAN), (NAN, NAN)),
        ("identity", (-INF, INF), (1, 1)), ("gelu", (0, INF), (0, 1)), ("arctan", (-math.pi / 2, math.pi / 2), (0, 0)),
        ("z*sin(z)", (NAN, NAN), (NAN, NAN)), ("z**2", (INF, INF), (-INF, INF)), ("-z**3", (INF, -INF), (-INF, -INF)),
        ("exp(-z)", (INF, 0), (-INF, 0)), ("sqrt(z*z+1)", (INF, INF), (-1, 1)), ("log(z*z+1)", (INF, INF), (0, 0)),
        ("z/(1+z*z)", (0, 0), (0, 0)), ("2*z+sigmoid(z)", (-INF, INF), (2, 2)), ("z*exp(z)", (0, INF), (0, INF)),
        ("where(z > 7, 3, -2)", (-2, 3), (0, 0)), ("log(1+exp(z))", (0, INF), (0, 1)), ("sin(z)/z", (0, 0), (0, 0)),
        ("log(1+exp(z)) - z", (INF, 0), (-1, 0)), ("exp(-exp(z))*exp(z)", (0, 0), (0, 0)), ("z + sin(z)", (-INF, INF), (NAN, NAN)),
    ],
)  # fmt: skip
def test_limits(formula, limits, slopes):
    p = nonlin.get(formula).properties
    assert p.limits == pytest.approx(limits, rel=1e-15, nan_ok=True)
    assert p.derivative_limits == pytest.approx(slopes, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", [n for n in nonlin.names() if n not in nonlin.families()["wave"]])
def test_rules_settle_the_catalogue(name):
    a = nonlin.get(name)
    for expression in (a.expression, a.derivative_expression):
        for side in (-1, +1):
            if (name, side) != ("sinlu", +1):  # its slope waves
                assert limit_by_rule(expression, a.params, side) is not None


@pytest.mark.parametrize(
    ("formula", "side"),
    [  # the leading terms cancel, or are known too roughly
        ("arctan(z) - pi/2", +1), ("abs(z) - z", +1), ("logcosh(z) - abs(z)", +1), ("exp(z) - exp(z+1)", +1),
        ("exp(z + sqrt(abs(z))) - z*exp(z)", +1), ("sin(z)**2 + cos(z)**2", +1), ("log(log(z*z+2))", +1), ("sqrt(z)", -1),
    ],
)  # fmt: skip
def test_no_rule_guesses(formula, side):
    assert limit_by_rule(parse(formula), {}, side) is None


def test_the_limit_is_that_of_the_parameters():
    expression = parse("z*sigmoid(beta*z)", ["beta"])
    assert limit(expression, {"beta": 1.0}, -1) == 0.0
    assert limit(expression, {"beta": -1.0}, -1) == -INF
    assert limit(expression, {"beta": 0.0}, +1) == INF
