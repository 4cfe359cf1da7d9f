"""The true values against SymPy's own code for mpmath, and the sizes of terms against sums done by hand."""

import mpmath
import numpy as np
import pytest
import sympy as sp

import nonlin
from nonlin.accuracy.reference import terms, true_values, underflow
from nonlin.accuracy.units import DOUBLE
from nonlin.formula.parser import parse
from nonlin.formula.primitives import Primitive, exp_value, z

POINTS = (-1e300, -800.0, -40.0, -3.5, -1.0, -1e-8, -5e-324, 0.0, 1e-300, 0.25, 1.0, 2.5, 7.0, 30.0, 1e9)


def same(a, b):
    return (mpmath.isnan(a) and mpmath.isnan(b)) or a == b or abs(a - b) <= abs(b) * mpmath.mpf(10) ** -45


def printed(e, params):
    """The expression as SymPy prints it for mpmath, with the values of the primitives."""
    functions = {f.func.__name__: f.func.value for f in e.atoms(Primitive)} | {"exp": exp_value}
    symbols = [z, *(sp.Symbol(name, real=True) for name in params)]
    return sp.lambdify(symbols, e, [functions, "mpmath"])


def value(function, x, params):
    try:
        found = function(mpmath.mpf(x), *map(mpmath.mpf, params.values()))
    except (ZeroDivisionError, OverflowError):
        return mpmath.nan
    return mpmath.nan if isinstance(found, mpmath.mpc) else mpmath.mpf(found)


@pytest.mark.parametrize("name", nonlin.names())
def test_it_is_the_value_of_the_expression(name):
    a = nonlin.get(name)
    expressions = [a.expression, a.derivative_expression]
    columns = true_values(expressions, POINTS, a.params, digits=50)
    with mpmath.workdps(50):
        for e, column in zip(expressions, columns, strict=True):
            function = printed(e, a.params)
            assert all(same(got, value(function, x, a.params)) for x, got in zip(POINTS, column, strict=True))


def test_an_expression_without_a_value_is_nan_and_the_others_are_not():
    first, second = true_values([parse("1/z"), parse("z + 1")], [0.0, 2.0], {}, digits=30)
    assert mpmath.isnan(first[0])
    assert (first[1], second) == (0.5, [1, 3])


def test_no_points_give_no_values():
    assert true_values([parse("z")], [], {}, digits=30) == [[]]


@pytest.mark.parametrize(
    ("text", "at", "size"),
    [
        ("z - 3", 3.0, 6), ("z*(z - 3)", -3.0, 18), ("(z - 1)**2", 1.0, 4), ("sin(z) - cos(z)", 0.0, 1),
        ("where(z > 0, z - 1, z - 5)", 1.0, 2), ("where(z > 0, z - 1, z - 5)", -1.0, 6), ("exp(z - 3)", 3.0, 1),
        ("z*sigmoid(z)", 0.0, 0), ("1/(z - 3)", 2.0, 1),
    ],
)  # fmt: skip
def test_the_size_of_the_terms(text, at, size):
    ((got,),) = true_values([terms(parse(text))], [at], {}, digits=30)
    assert got == size


@pytest.mark.parametrize(
    ("text", "at", "count"),
    [
        ("z*exp(-z)", 740.0, 740),  # e^-740 is subnormal: its last place times 740
        ("z*exp(-z)", 700.0, 0),
        ("z*exp(z)", 5e-324, 0),  # the argument is exact, however small
        ("exp(-z)", 740.0, 0),  # no factor, but the result: its unit is the smallest number already
        ("z*(3 + exp(-z))", 740.0, 740),
        ("z*exp(-z)**2", 360.0, 360),
        ("z*(z - 1)*exp(-z)", 740.0, 740 * 741),
        ("where(z > 0, z*exp(-z), z*exp(z))", -740.0, 740),
    ],
)  # fmt: skip
def test_what_subnormal_factors_cost(text, at, count):
    smallest_normal = sp.Integer(2) ** DOUBLE.smallest_normal
    assert float(smallest_normal) == np.finfo(float).tiny
    ((got,),) = true_values([underflow(parse(text), smallest_normal)], [at], {}, digits=30)
    assert got == count
