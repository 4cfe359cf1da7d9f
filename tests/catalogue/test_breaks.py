"""The derivative that counts at every kink and jump."""

import numpy as np
import pytest

import nonlin

SELU = 1.0507009873554804934193349852946 * 1.6732632423543772848170429916717

AT_A_BREAK = {  # the derivative that counts there
    "unit_step": {0: 0}, "sign": {0: 0},
    "piecewise_linear": {-0.5: 0, 0.5: 0}, "saturating_linear": {0: 0, 1: 0}, "hard_tanh": {-1: 0, 1: 0},
    "hard_sigmoid": {-3: 0, 3: 0}, "sparse_sigmoid": {-1: 0, 1: 0}, "plu": {-1: 1, 1: 1},
    "penalized_tanh": {0: 0.25},
    "relu": {0: 0}, "leaky_relu": {0: 0.01}, "prelu": {0: 0.25}, "relu6": {0: 0, 6: 0}, "thresholded_relu": {1: 0},
    "tlu": {0: 0}, "flexible_relu": {0: 0}, "shilu": {0: 0}, "erf_relu": {0: 2 / np.sqrt(np.pi)}, "absolute": {0: 0},
    "pau": {0: 0.6183735264987601},
    "hard_shrink": {-0.5: 0, 0.5: 0}, "soft_shrink": {-0.5: 0, 0.5: 0},
    "selu": {0: SELU}, "hard_elish": {-1: 0, 1: 1},
    "hard_swish": {-3: 0, 3: 1}, "hard_mish": {-2: 0}, "gelu_10": {10: 0}, "ftswish": {0: 0.5},
    "hyper_sinh": {0: 0},
}  # fmt: skip
STEPWISE = ("sigmoid_stepwise", "tanh_stepwise")


@pytest.mark.parametrize("name", [n for n in nonlin.names() if n not in STEPWISE])
def test_derivative_at_every_break(name):
    a = nonlin.get(name)
    breaks = sorted([*a.properties.kinks, *a.properties.jumps])
    assert breaks == sorted(AT_A_BREAK.get(name, {}))
    for at, slope in AT_A_BREAK.get(name, {}).items():
        for dtype in (np.float64, np.float32):
            assert a.derivative(dtype(at)) == pytest.approx(slope, rel=float(np.finfo(dtype).eps))


@pytest.mark.parametrize("name", STEPWISE)
def test_a_stepwise_function_takes_the_line_to_the_right(name):
    a = nonlin.get(name)
    assert len(a.properties.kinks) == 4
    assert len(a.properties.jumps) == 2
    for at in (*a.properties.kinks, *a.properties.jumps):
        assert a.derivative(at) == a.derivative(np.nextafter(at, np.inf))


def test_derivative_at_a_break_follows_the_parameter():
    assert nonlin.get("leaky_relu").with_params(alpha=0.3).derivative(0.0) == 0.3
    assert nonlin.get("elu").with_params(alpha=0.5).derivative(0.0) == 0.5
    assert nonlin.get("celu").with_params(alpha=0.5).derivative(0.0) == 1.0
    assert nonlin.get("relu").derivative(-0.0) == 0.0
    assert nonlin.get("soft_shrink").with_params(theta=2.0).properties.kinks == (-2.0, 2.0)
    assert nonlin.get("thresholded_relu").with_params(value=1.0).properties.jumps == ()
