"""What every activation of the catalogue keeps, at several values of its parameters."""

import pickle

import mpmath
import numpy as np
import pytest

import nonlin
from contract.reference import all_terms, both, exact, hard_points, label, members, ulps
from nonlin.backends import numba as kernels

MEMBERS = pytest.mark.parametrize("activation", members(), ids=label)
NAMES = pytest.mark.parametrize("name", nonlin.names())

DOUBLE_ULPS = 4
SINGLE_ULPS = 1
FAST_ULPS = 4

AMPLIFIED = {"gelu_tanh": 1000}
"""Units in double precision where the argument of an exponential is itself rounded: up to 745 times its error."""

FAST_AMPLIFIED = {"gelu_tanh": 150}
"""The same in single precision, where the argument goes to 88."""

FAST_FLOOR = 2e-33
"""The absolute error in single precision where an exponential has reached its end, e^-87, times a cube of z."""

WHOLE_PERIODS = {"sin": 2.0**50}
"""Up to here a wave is accurate: beyond, the rounded number of its quarter periods is not."""

OVERFLOWS = {"arctan": 2.0**-1022}
"""The absolute error of 1/(1 + z²) where z² is infinite and the true value is below the smallest normal number."""


def points_within(activation, x):
    return x[np.abs(x) <= WHOLE_PERIODS.get(activation.name, np.inf)]


def underflow(activation, x, smallest):
    """A factor below ``smallest`` has lost digits before it is multiplied by z."""
    return 2 * smallest * (1 + np.abs(x)) + OVERFLOWS.get(activation.name, 0.0)


def excess(got, true, sizes, allowed):
    """The errors in units of the terms, where they are larger than the absolute errors that are allowed."""
    small = np.array([abs(float(mpmath.mpf(float(g)) - t)) for g, t in zip(got, true, strict=True)]) <= allowed
    return np.where(small, 0.0, ulps(got, true, sizes))


@MEMBERS
def test_double_precision_keeps_four_units_of_the_terms(activation):
    x = points_within(activation, hard_points(activation, np.random.default_rng(0), 200))
    for expression, got in zip(both(activation), activation.value_and_derivative(x), strict=True):
        true = exact(expression, x, activation.params)
        sizes = all_terms(expression, x, activation.params)
        errors = excess(got, true, sizes, underflow(activation, x, 5e-324))
        assert errors.max() <= AMPLIFIED.get(activation.name, DOUBLE_ULPS)


@MEMBERS
def test_single_precision_is_within_one_unit_whatever_the_bits(activation):
    default = activation == nonlin.get(activation.name)
    bits = np.random.default_rng(1).integers(0, 2**32, 10_000 if default else 1_000, dtype=np.uint32)
    subnormal = np.array([1, 2, 0x7FFFFF, 0x80000001, 0x807FFFFF], dtype=np.uint32)
    x = np.concatenate([bits, subnormal]).view(np.float32)
    x = points_within(activation, x[np.isfinite(x)])
    for expression, got in zip(both(activation), activation.value_and_derivative(x), strict=True):
        assert got.dtype == np.float32
        assert ulps(got, exact(expression, x, activation.params)).max() <= SINGLE_ULPS


@MEMBERS
def test_training_kernel_keeps_four_units_of_the_terms(activation):
    rng = np.random.default_rng(2)
    x = np.concatenate([[0, 1e-30, -1e-30], rng.uniform(-80, 80, 250), rng.normal(size=250)]).astype(np.float32)
    value, slope = x.copy(), np.empty_like(x)
    kernels.run(activation.kernel_address("fast"), value, slope, activation.kernel_params)
    for expression, got in zip(both(activation), (value, slope), strict=True):
        true = exact(expression, x, activation.params)
        sizes = all_terms(expression, x, activation.params)
        errors = excess(got, true, sizes, FAST_FLOOR)
        assert errors.max() <= FAST_AMPLIFIED.get(activation.name, FAST_ULPS)


@MEMBERS
def test_derivative_is_that_of_central_differences(activation):
    x = np.random.default_rng(3).uniform(-6, 6, 400)
    breaks = np.array([*activation.properties.kinks, *activation.properties.jumps, np.inf])
    x = x[np.abs(x[:, None] - breaks).min(axis=1) > 1e-3]
    step = 1e-5
    numeric = (activation(x + step) - activation(x - step)) / (2 * step)
    np.testing.assert_allclose(activation.derivative(x), numeric, rtol=1e-7, atol=1e-9)


@MEMBERS
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_infinity_gives_the_limit_and_nan_stays(activation, dtype):
    value, slope = activation.value_and_derivative(np.array([-np.inf, np.inf, np.nan], dtype))
    p = activation.properties
    unit = np.finfo(dtype).eps
    np.testing.assert_allclose(value, np.array([*p.limits, np.nan], dtype), rtol=unit)
    np.testing.assert_allclose(slope, np.array([*p.derivative_limits, np.nan], dtype), rtol=unit)


@MEMBERS
def test_training_kernel_keeps_nan(activation):
    value, slope = np.full(40, np.nan, np.float32), np.zeros(40, np.float32)
    kernels.run(activation.kernel_address("fast"), value, slope, activation.kernel_params)
    assert np.isnan(value).all()
    assert np.isnan(slope).all()


@MEMBERS
def test_a_value_does_not_depend_on_its_place(activation):
    x = np.random.default_rng(4).normal(size=67) * 3  # vector body and scalar tail
    for variant in ("float64", "float32", "fast"):
        dtype = np.float64 if variant == "float64" else np.float32
        whole, alone = x.astype(dtype), x.astype(dtype)
        slope = np.empty_like(whole)
        kernels.run(activation.kernel_address(variant), whole, slope, activation.kernel_params)
        for i in range(alone.size):
            part = alone[i : i + 1]
            kernels.run(activation.kernel_address(variant), part, slope[:1].copy(), activation.kernel_params)
        np.testing.assert_array_equal(whole, alone)


@NAMES
def test_any_layout_gives_the_same_numbers(name):
    a = nonlin.get(name)
    x = np.random.default_rng(5).normal(size=(4, 6))
    expected = a(x)
    read_only = x.copy()
    read_only.setflags(write=False)
    for other in (
        np.asfortranarray(x),
        read_only,
        np.repeat(x, 2, axis=1)[:, ::2],
        x[::-1][::-1],
        x.tolist(),
    ):
        np.testing.assert_array_equal(a(other), expected)
    np.testing.assert_array_equal(a(x.T), expected.T)
    assert a(x[:0]).shape == (0, 6)


@NAMES
def test_the_argument_is_left_alone(name):
    x = np.linspace(-2, 2, 9)
    before = x.copy()
    nonlin.get(name).value_and_derivative(x)
    np.testing.assert_array_equal(x, before)


@NAMES
def test_a_number_gives_a_number(name):
    a = nonlin.get(name)
    assert isinstance(a(0.5), np.float64)
    assert isinstance(a(np.float32(0.5)), np.float32)
    assert a(0.5) == a(np.array([0.5]))[0]


@NAMES
def test_types_of_numbers(name):
    a = nonlin.get(name)
    x = np.array([-2, 0, 3])
    for other in (x, x.astype(np.int8), x.astype(np.float16), x.astype(np.longdouble)):
        assert a(other).dtype == np.float64
        np.testing.assert_array_equal(a(other), a(x.astype(float)))
    assert a(x.astype(np.float32)).dtype == np.float32
    np.testing.assert_array_equal(a(np.array([True, False])), a(np.array([1.0, 0.0])))


@NAMES
def test_out_is_filled_and_returned(name):
    a = nonlin.get(name)
    x = np.linspace(-3, 3, 8).reshape(2, 4)
    value, slope = np.empty((2, 4)), np.empty((2, 4), order="F")
    assert a(x, out=value) is value
    assert a.derivative(x, out=slope) is slope
    np.testing.assert_array_equal(value, a(x))
    np.testing.assert_array_equal(slope, a.derivative(x))
    same = x.copy()
    a(same, out=same)
    np.testing.assert_array_equal(same, value)


@MEMBERS
def test_the_formula_reads_back(activation):
    again = nonlin.Activation(activation.formula, **activation.params)
    assert again.formula == activation.formula
    x = np.concatenate([np.linspace(-9, 9, 61), [-1e300, 0.0, 1e300]])
    for ours, theirs in zip(activation.value_and_derivative(x), again.value_and_derivative(x), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-14)
    symbols = {str(symbol) for symbol in activation.derivative_expression.free_symbols}
    if "z" in symbols:
        used = {name: value for name, value in activation.params.items() if name in symbols}
        slope = nonlin.Activation(activation.derivative_formula, **used)
        np.testing.assert_allclose(slope(x), activation.derivative(x), rtol=1e-13)


@MEMBERS
def test_pickled_it_is_the_same(activation):
    again = pickle.loads(pickle.dumps(activation))
    assert again == activation
    assert hash(again) == hash(activation)
    assert (again.family, again.aliases, again.used_in, again.reference) == (
        activation.family, activation.aliases, activation.used_in, activation.reference,
    )  # fmt: skip
    x = np.linspace(-3, 3, 7)
    np.testing.assert_allclose(again(x), activation(x), rtol=1e-15)


@MEMBERS
def test_the_repr_builds_it_again(activation):
    again = eval(repr(activation), {"Activation": nonlin.Activation})
    assert again == activation


@NAMES
def test_the_facts_are_there(name):
    a = nonlin.get(name)
    assert a.used_in
    assert a.reference
    assert a.family != "custom"
