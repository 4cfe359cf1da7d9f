"""What every activation of the catalogue keeps, at several values of its parameters."""

import pickle

import numpy as np
import pytest

import nonlin
from nonlin.accuracy.exhaustive import Walk, confirm, screen
from nonlin.accuracy.measure import PRECISIONS, Truth, kernel_results
from nonlin.accuracy.points import points, variations
from nonlin.backends import numba as kernels


def label(activation):
    """The name and the parameters' values, for the list of tests."""
    return "-".join([activation.name, *(f"{value:g}" for value in activation.params.values())])


def is_default(activation):
    return activation == nonlin.get(activation.name)


ALL = [a for name in nonlin.names() for a in variations(nonlin.get(name))]
MEMBERS = pytest.mark.parametrize("activation", ALL, ids=label)
NAMES = pytest.mark.parametrize("name", nonlin.names())

DIGITS = 40
DOUBLE, SINGLE, FAST = PRECISIONS


def complaints(truth, precision):
    """For each of φ and φ' that is above the bound anywhere: how many points, and the worst of them."""
    results = kernel_results(truth.activation, precision.name, truth.x)
    errors = [truth.errors(got, order, precision) for order, got in enumerate(results)]
    return "; ".join(
        f"{name}: {(e > precision.bound).sum()} points, {e.max():.3g} ulp at {truth.x[e.argmax()]}"
        for name, e in zip(("φ", "φ'"), errors, strict=True)
        if e.max() > precision.bound
    )


@pytest.fixture(scope="module", params=ALL, ids=label)
def single_truth(request):
    """φ and φ' at float32 numbers, for both kernels of single precision."""
    count = 1200 if is_default(request.param) else 300
    return Truth(request.param, points(request.param, np.float32, count, seed=1), DIGITS)


@MEMBERS
def test_double_precision_keeps_four_units_of_the_terms(activation):
    x = points(activation, np.float64, 800 if is_default(activation) else 300, seed=0)
    found = complaints(Truth(activation, x, DIGITS), DOUBLE)
    assert not found, found


def test_single_precision_is_within_one_unit(single_truth):
    found = complaints(single_truth, SINGLE)
    assert not found, found


def test_training_kernel_keeps_four_units_of_the_terms(single_truth):
    found = complaints(single_truth, FAST)
    assert not found, found


@MEMBERS
def test_single_precision_is_within_one_unit_whatever_the_bits(activation):
    count = 100_000 if is_default(activation) else 20_000
    bits = np.random.default_rng(2).integers(0, 2**32, count, dtype=np.uint32)
    walk = Walk()
    confirm(activation, [screen(activation, bits, seed=2)], walk)
    assert walk.passes, walk


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


@MEMBERS
def test_the_derivative_reads_back(activation):
    symbols = {str(s) for s in activation.derivative_expression.free_symbols}
    if "z" in symbols:  # the formula of a constant is no function of z
        params = {name: value for name, value in activation.params.items() if name in symbols}
        again = nonlin.Activation(activation.derivative_formula, **params)
        x = np.linspace(-9, 9, 61)
        np.testing.assert_allclose(again(x), activation.derivative(x), rtol=1e-13, atol=1e-14)


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
