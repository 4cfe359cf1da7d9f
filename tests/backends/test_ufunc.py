"""The ufuncs of a kernel: what they own, what they leave behind, what they make of types and steps."""

import gc
import weakref

import numpy as np
import pytest

import nonlin
from nonlin.backends.ufunc import PLACES, ufunc

BLOCK = 4096


def made(name, results="both", variants=("float64", "float32")):
    a = nonlin.get(name)
    return ufunc(name, results, {variant: a._compiled.kernel(variant) for variant in variants}, a.kernel_params.copy())


def test_it_owns_its_parameters():
    a = nonlin.get("silu")
    params = a.kernel_params.copy()
    seen = weakref.ref(params)
    function = ufunc("silu", "value", {"float64": a._compiled.kernel("float64")}, params)
    del params
    gc.collect()
    assert seen() is not None
    assert function(0.0) == 0.0
    del function
    gc.collect()
    assert seen() is None


@pytest.mark.parametrize("results", PLACES)
def test_it_is_a_ufunc_like_numpys(results):
    function = made("silu", results)
    assert isinstance(function, np.ufunc)
    assert (function.__name__, function.nin, function.nout) == ("silu", 1, 2 if results == "both" else 1)
    assert function.types == ["d->dd", "f->ff"] if results == "both" else ["d->d", "f->f"]


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_blocks_and_steps_change_no_bit(size, dtype):
    both, value, derivative = (made("gelu", results) for results in ("both", "value", "derivative"))
    x = np.random.default_rng(0).normal(size=size).astype(dtype)
    one_by_one = [both(v) for v in x]
    phi, slope = (np.array([pair[i] for pair in one_by_one], dtype) for i in (0, 1))
    wide, room = np.repeat(x, 3), np.full((size, 2), -1, dtype)
    for got in (both(x), both(wide[::3]), both(x[::-1].copy()[::-1]), both(wide[1::3], out=(room[:, 0], room[:, 1]))):
        np.testing.assert_array_equal(got, (phi, slope))
    np.testing.assert_array_equal(value(wide[::3]), phi)
    np.testing.assert_array_equal(derivative(x), slope)
    np.testing.assert_array_equal(derivative(x, out=x), slope)


def test_no_floating_point_flag_is_left_behind():
    hard = np.array([-1e300, -745.0, 0.0, 5e-324, 710.0, np.inf, np.nan])
    with np.errstate(all="raise"):
        for name in ("exponential", "silu", "gelu", "softplus"):
            made(name)(hard)


def test_the_first_type_takes_what_has_none():
    both = made("tanh", "value")
    kinds = [both(np.ones(1, kind)).dtype for kind in ("bool", "int8", "uint64", "float16", "float32", "float64")]
    assert kinds == [np.float64] * 4 + [np.float32, np.float64]
