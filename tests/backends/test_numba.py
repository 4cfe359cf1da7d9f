"""What the kernels are made from, and that any name of a parameter is safe."""

import numpy as np
import pytest

import nonlin
from nonlin.backends import numba as kernels

NAMES_OF_THE_GENERATED_CODE = (
    "n", "i", "d", "v", "F", "t0", "p0", "p1", "np", "zs", "ds", "pz", "pd", "params", "carray", "range", "_p",
    "v_left",
    "value_and_derivative", "widest_vectors", "lambda", "select", "None",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES_OF_THE_GENERATED_CODE)
def test_a_parameter_may_bear_any_name(name):
    a = nonlin.Activation(f"sigmoid(z) + {name}*z*sigmoid(z)", **{name: 2.0})
    x = np.array([-1.5, 0.0, 0.5, 2.0])
    s = 1 / (1 + np.exp(-x))
    np.testing.assert_allclose(a(x), s + 2 * x * s, rtol=1e-15)


def test_parameters_keep_their_order():
    a = nonlin.Activation("p1*z + p0", p0=10.0, p1=3.0)
    assert a(2.0) == 16.0
    assert nonlin.Activation("p1*z + p0", p1=3.0, p0=10.0)(2.0) == 16.0


def test_one_kernel_serves_all_values_of_a_parameter():
    elu = nonlin.get("elu")
    assert elu.kernel_address("float64") == elu.with_params(alpha=0.3).kernel_address("float64")


def test_kernel_parameters_end_with_the_limits():
    np.testing.assert_array_equal(nonlin.get("elu").kernel_params, [1.0, -1.0, np.inf, 0.0, 1.0])


def test_the_three_variants():
    assert list(kernels.VARIANTS) == ["float64", "float32", "fast"]
    assert [v.arithmetic for v in kernels.VARIANTS.values()] == ["double", "bridge", "single"]


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        ("z**5", "v = (((((z) * (z)) * ((z) * (z))) * (z)))"),
        ("1/sqrt(z*z+1)", "v = (F(1.0) / sqrt(rounded(t0_pair)))"),
        ("1/sqrt(z*z+1)", "d = -z / rounded(t0_pair) / sqrt(rounded(t0_pair))"),
        ("z**0.3", "v = ((z) ** F(0.3))"),
        ("where(z > 0, z, 0)", "v = select(t0, z, F(0.0))"),
    ],
)
def test_source(formula, line):
    a = nonlin.Activation(formula)
    text = kernels.source(a.expression, (), "double")
    assert f"        {line}\n" in text
    assert "v = select(z != z, z, v)" in text


@pytest.mark.parametrize("n", [1, 2, 3, 7, 10, 64])
def test_integer_powers_are_products(n):
    a = nonlin.Activation(f"z**{n}")
    np.testing.assert_allclose(a(np.array([-1.1, 0.9])), np.array([-1.1, 0.9]) ** n, rtol=1e-14)
    np.testing.assert_allclose(nonlin.Activation(f"z**-{n}")(1.1), 1.1**-n, rtol=1e-14)


def test_a_reciprocal_power_does_not_overflow_on_the_way():
    assert nonlin.get("softsign").derivative(1e155) == pytest.approx(1e-310, rel=1e-12)


def test_logical_conditions():
    a = nonlin.Activation("max(min(z, 1), max(z, 2))")
    np.testing.assert_array_equal(a(np.array([-3.0, 1.5, 2.0, 7.0])), [2.0, 2.0, 2.0, 7.0])
    b = nonlin.Activation("min(max(z, -1), 1)")
    np.testing.assert_array_equal(b(np.array([-3.0, 0.25, 7.0, np.nan])), [-1.0, 0.25, 1.0, np.nan])
