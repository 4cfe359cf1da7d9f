"""What every activation is measured against: mpmath, at points that are chosen to be hard."""

import mpmath
import numpy as np
import sympy as sp

import nonlin
from nonlin.formula.evaluate import evaluate

PARAMETER_VALUES = (0.25, 2.0)
HARD = (
    0.0, 5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-17, 1e-8, 1e-3, 0.5, 1.0, 3.0, 6.0, 19.0, 20.0, 33.3, 36.8,
    38.0, 88.0, 104.0, 700.0, 709.7, 710.5, 744.0, 746.0, 1e8, 1e16, 1e154, 1e300, 1.7976931348623157e308,
)  # fmt: skip


def members():
    """Every activation of the catalogue, and those with parameters at several values of them."""
    found = []
    for name in nonlin.names():
        entry = nonlin.get(name)
        found.append(entry)
        values = PARAMETER_VALUES if entry.params else ()
        found.extend(entry.with_params(**dict.fromkeys(entry.params, value)) for value in values)
    return found


def label(activation):
    """The name and the parameters' values, for the list of tests."""
    return "-".join([activation.name, *(f"{value:g}" for value in activation.params.values())])


def both(activation):
    """The expressions of φ and of φ'."""
    return activation.expression, activation.derivative_expression


def exact(expression, points, params):
    """The mpmath values of an expression at the points, to 40 digits."""
    with mpmath.workdps(40):
        return [evaluate(expression, float(x), params) for x in points]


def hard_points(activation, rng, count):
    """Hard points of both signs, the kinks and jumps with both neighbours, and random points of every size."""
    p = activation.properties
    breaks = np.array([*p.kinks, *p.jumps])
    near = np.concatenate([breaks, np.nextafter(breaks, -np.inf), np.nextafter(breaks, np.inf)])
    sign = rng.choice([-1.0, 1.0], count)
    every_size = sign * np.exp2(rng.uniform(-1074, 1024, count))
    usual_size = sign * np.exp2(rng.uniform(-30, 11, count))
    return np.concatenate([HARD, np.negative(HARD), near, every_size, usual_size, rng.uniform(-12, 12, 2 * count)])


def ulps(got, true, sizes=None):
    """The errors in units of the last place of the true values, or of ``sizes`` where these are given."""
    kind = got.dtype.type
    largest = mpmath.mpf(float(np.finfo(kind).max))
    half_way = largest * (1 + mpmath.mpf(float(np.finfo(kind).eps)) / 4)  # from here on, rounding gives infinity
    errors = np.zeros(len(true))
    for i, (g, t, size) in enumerate(zip(got, true, sizes or true, strict=True)):
        if mpmath.isnan(t) or np.isnan(g):
            errors[i] = 0.0 if mpmath.isnan(t) and np.isnan(g) else np.inf
        elif np.isinf(g):
            errors[i] = 0.0 if t * int(np.sign(g)) >= half_way else np.inf
        else:
            unit = np.spacing(kind(min(abs(size), largest / 2)))
            errors[i] = abs(float((mpmath.mpf(float(g)) - t) / mpmath.mpf(float(unit))))
    return errors


def terms(expression, at, params):
    """The size of what is added up: where terms cancel, it is larger than the value."""
    e = expression
    if e.is_Add:
        return mpmath.fsum(terms(a, at, params) for a in e.args)
    if e.is_Mul:
        return mpmath.fprod(terms(a, at, params) for a in e.args)
    if e.is_Pow and e.exp.is_Integer and e.exp > 0:
        return terms(e.base, at, params) ** int(e.exp)
    if isinstance(e, sp.Piecewise):
        return terms(_branch(e, at, params), at, params)
    return abs(evaluate(e, at, params))


def _branch(e, at, params):
    value = evaluate(e, at, params)
    return next(branch for branch, _ in e.args if evaluate(branch, at, params) == value)


def all_terms(expression, points, params):
    """The sizes of the terms of an expression at the points."""
    with mpmath.workdps(40):
        return [terms(expression, float(x), params) for x in points]
