"""A formula with a name: what it says, what it refuses."""

import pickle

import numpy as np
import pytest

import nonlin
from nonlin import Activation
from nonlin.errors import FormulaError, InputError


def message(function, *args, **kwargs):
    with pytest.raises(InputError) as caught:
        function(*args, **kwargs)
    return str(caught.value)


def test_a_parameter_that_the_formula_does_not_hold_is_refused():
    with pytest.raises(InputError) as refused:
        nonlin.Activation("z*sigmoid(z)", beta=1.0)
    assert str(refused.value) == "parameter 'beta' does not occur in the formula z*sigmoid(z); leave it out"


def test_a_formula_in_text():
    a = Activation("z*tanh(softplus(z))", name="m")
    x = np.linspace(-5, 5, 11)
    np.testing.assert_allclose(a(x), nonlin.get("mish")(x), rtol=1e-15)
    assert (a.name, a.family, a.aliases, a.used_in, a.reference) == ("m", "custom", (), "", "")


def test_the_name_is_the_text_unless_given():
    assert Activation(" z**2 ").name == "z**2"
    assert Activation(nonlin.get("relu").expression).name == "where(z > 0, z, 0)"


def test_texts():
    a = Activation("max(z, 0) + 0.25*z")
    assert a.formula == "z/4 + where(z > 0, z, 0)"
    assert a.derivative_formula == "where(z > 0, 1, 0) + 1/4"
    assert Activation("sigmoid(z)").latex == r"\frac{1}{1 + e^{- z}}"
    assert Activation("sigmoid(z)").derivative_latex == r"\sigma'\left(z\right)"
    assert Activation("0.044715*z").formula == "0.044715*z"
    assert Activation("z*1e-20").formula == "1.0e-20*z"


@pytest.mark.parametrize(
    "text",
    [
        "z*1e300", "z*1e-300", "z*1e30/3", "z*2**64*2**64*2**64", "z*2**-64*2**-64*2**-64",
        "z*123456789123456789123456789123456789e12/7", "z*pi/e**2",
        "z**(1/3)", "1/sqrt(z*z+1)", "-z**2", "-(-z)**3", "z/(z*z+1)/2", "min(max(z, -1), 1)",
        "max(min(z,1), max(z,2))",
        "where(abs(z) < 1, z, sign(z))", "exp(z)**2", "sqrt(z**2)", "z*tanh(1)",
        "where(z > 0, 1, 0)*where(z < 1, 1, 0)",
        "clip(z**3, -2, 2)", "z*0.1", "(z+1)*(z-1)/(z*z+2)", "arctan(z)/pi", "2**0.5*z", "z - (1 - z)", "z*(-1)**3",
    ],
)  # fmt: skip
def test_the_text_reads_back(text):
    a = Activation(text)
    again = Activation(a.formula)
    assert Activation(again.formula).formula == again.formula
    x = np.array([-2.5, -1.0, -0.1, 0.3, 1.0, 4.0])
    np.testing.assert_allclose(again(x), a(x), rtol=2e-16)


def test_parameters():
    a = Activation("z*sigmoid(beta*z)", beta=2)
    assert a.params == {"beta": 2.0}
    assert a.with_params(beta=1.0)(2.0) == nonlin.get("silu")(2.0)
    assert a.with_params(beta=1.0).name == a.name
    assert a.params == {"beta": 2.0}
    a.params["beta"] = 7.0
    assert a.params == {"beta": 2.0}


def test_a_parameter_that_is_none():
    assert message(nonlin.get("elu").with_params, beta=1.0) == "elu has no parameter 'beta'; its parameters are: alpha"
    assert message(nonlin.get("relu").with_params, a=1.0) == "relu has no parameter 'a'; its parameters are: none"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("x", "parameter beta must be a number, got 'x'"), (None, "parameter beta must be a number, got None"),
        (np.inf, "parameter beta must be a finite number, got inf"),
        (np.nan, "parameter beta must be a finite number, got nan"),
    ],
)  # fmt: skip
def test_values_of_parameters(value, said):
    assert message(Activation, "beta*z", beta=value) == said


def test_words_of_the_language_are_no_parameters():
    said = "'e' is a word of the formula language; give the parameter another name"
    assert message(Activation, "z*e", e=2.0) == said


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (np.array(["a"]), "x must be an array of real numbers, got 'str32'"),
        (np.array([1j]), "x must be an array of real numbers, got 'complex128'"),
        (None, "x must be an array of real numbers, got 'object'"),
    ],
)
def test_what_is_no_real_number(x, said):
    assert message(nonlin.get("relu"), x) == said


def test_out_must_fit():
    assert message(nonlin.get("relu"), np.zeros(3), out=np.zeros(2)) == "out must be an array of shape (3,), got (2,)"


def test_equality_and_hash():
    a, b = Activation("z*sigmoid(beta*z)", beta=1.0), Activation("z*sigmoid(beta*z)", beta=2.0)
    assert a == Activation("z*sigmoid(z*beta)", name="z*sigmoid(beta*z)", beta=1.0)
    assert a != b
    assert a != "z*sigmoid(beta*z)"
    assert len({a, b, a.with_params(beta=2.0)}) == 2


def test_repr():
    assert repr(Activation("z*sin(z)")) == "Activation('z*sin(z)')"
    assert repr(Activation("a*z", name="mine", a=0.5)) == "Activation('a*z', name='mine', a=0.5)"
    assert repr(nonlin.get("relu")) == "Activation('where(z > 0, z, 0)', name='relu')"


def test_a_pickle_goes_through_the_parser():
    a = Activation("z*sigmoid(beta*z)", name="mine", beta=0.1)
    again = pickle.loads(pickle.dumps(a))
    assert again == a
    assert repr(again) == repr(a)
    forged = Activation.__new__(Activation)
    state = a.__getstate__() | {"formula": "__import__('os')"}
    with pytest.raises(FormulaError):
        forged.__setstate__(state)


def test_value_and_derivative_is_both():
    a, x = nonlin.get("gelu"), np.linspace(-3, 3, 7)
    value, slope = a.value_and_derivative(x)
    np.testing.assert_array_equal(value, a(x))
    np.testing.assert_array_equal(slope, a.derivative(x))


def test_a_pole_is_infinite_and_a_gap_is_nan():
    np.testing.assert_array_equal(Activation("1/z")(np.array([0.0, 2.0])), [np.inf, 0.5])
    np.testing.assert_array_equal(Activation("log(z)")(np.array([-1.0, 0.0, 1.0])), [np.nan, -np.inf, 0.0])
    np.testing.assert_array_equal(Activation("sqrt(z)")(np.array([-1.0, 4.0])), [np.nan, 2.0])


def test_an_overflow_of_the_tail_gives_the_limit():
    a = Activation("z*exp(-z*z)")
    np.testing.assert_array_equal(a(np.array([-np.inf, -1e300, 1e300, np.inf])), [0.0, 0.0, 0.0, 0.0])


def test_gain_is_that_of_the_properties():
    assert nonlin.get("tanh").gain == nonlin.get("tanh").properties.gain
