"""The grammar, and every message of the parser."""

import pickle
import time

import mpmath
import pytest
import sympy as sp

from nonlin.errors import FormulaError
from nonlin.formula.evaluate import evaluate
from nonlin.formula.parser import FUNCTIONS, MAX_DEPTH, MAX_LENGTH, RESERVED, parse

ROOT = "the exponent must be a parameter, or a fraction with a denominator up to 1000,"
IMAGINARY = "(step(z) - 2)**0.5"  # SymPy finds that out where the comparison splits it
A_LOT = "+".join(f"max(z, {i})" for i in range(9))


@pytest.mark.parametrize(
    ("text", "at_three"),
    [
        ("z", 3), ("-z**2", -9), ("(-z)**2", 9), ("2**3**0*z", 6), ("z^2", 9), ("z**-1", 1 / 3), ("--z", 3),
        ("+-+z", -3),
        ("z-1-1", 1), ("12/z/2", 2), ("2*z**2", 18), ("1-z*2", -5), ("z/2*4", 6), ("-z-z", -6), ("2*-z", -6),
        ("z**2**3", 3**8),
        (".5*z", 1.5), ("5.*z", 15), ("1e1*z", 30), ("1E-1*z+0", 0.3), (" z\t+\n1\r", 4), ("pi*z", 9.42477796076938),
        ("e*z", 8.154845485377136), ("max(z, 4)", 4), ("min(z, 2)", 2), ("clip(z, -1, 1)", 1), ("step(z)", 1),
        ("where(z < 3, 1, 2) + 0*z", 2), ("where(z <= 3, 1, 2)", 1), ("where(z > 3, 1, 2)", 2),
        ("where(z >= 3, 1, 2)", 1),
        ("abs(-z)", 3), ("sqrt(z+1)", 2), ("where(2*z-1 > z, z**2, z)", 9),
    ],
)  # fmt: skip
def test_value(text, at_three):
    assert float(evaluate(parse(text), 3)) == pytest.approx(at_three, rel=1e-15)


def test_parameters():
    assert parse("z*sigmoid(beta*z)", ["beta"]).free_symbols == {
        sp.Symbol("z", real=True), sp.Symbol("beta", real=True),
    }  # fmt: skip


def test_an_exponent_may_hold_a_parameter():
    assert float(evaluate(parse("abs(z)**n", ["n"]), -2, {"n": 3.0})) == 8


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty; write a function of z, such as 'z*sigmoid(z)', at character 1: ''"),
        ("  ", "empty; write a function of z, such as 'z*sigmoid(z)', at character 1: '  '"),
        ("1+2", "must contain z, the net input, at character 1: '1+2'"),
        ("z-z", "must contain z, the net input, at character 1: 'z-z'"),
        ("__import__('os')", "unexpected \"'\" at character 12: \"__import__('os')\""),
        ("__import__(z)", "unknown function '__import__' at character 1: '__import__(z)'"),
        ("z.__class__", "unexpected '.' at character 2: 'z.__class__'"),
        ("lambda: z", "unexpected ':' at character 7: 'lambda: z'"),
        ("[z]", "unexpected '[' at character 1: '[z]'"),
        ("z = 1", "unexpected '=' at character 3: 'z = 1'"),
        ("z;z", "unexpected ';' at character 2: 'z;z'"),
        ("z\u00b2", "unexpected '²' at character 2: 'z²'"),
        ("\uff5a", "unexpected '\uff5a' at character 1: '\uff5a'"),
        ("z*sigmod(z)",
        "unknown function 'sigmod'; did you mean 'sigmoid' or 'log_sigmoid' or 'sign'? at character 3: 'z*sigmod(z)'"),
        ("eval(z)", "unknown function 'eval' at character 1: 'eval(z)'"),
        ("z*qqq(z)", "unknown function 'qqq' at character 3: 'z*qqq(z)'"),
        ("beta*z", "unknown name 'beta' (give a parameter its value, as in beta=1.0) at character 1: 'beta*z'"),
        ("Z", "unknown name 'Z'; did you mean 'z'? (give a parameter its value, as in Z=1.0) at character 1: 'Z'"),
        ("z z", "unexpected 'z' at character 3: 'z z'"),
        ("2z", "unexpected 'z' at character 2: '2z'"),
        ("z(2)", "unknown function 'z' at character 1: 'z(2)'"),
        ("z*", "ends too early at character 3: 'z*'"),
        ("(z", "expected ')' at character 3: '(z'"),
        ("(z 2", "expected ')', found '2' at character 4: '(z 2'"),
        ("z)", "unexpected ')' at character 2: 'z)'"),
        ("*z", "expected a number, z or a function, found '*' at character 1: '*z'"),
        ("sigmoid z", "expected '(', found 'z' at character 9: 'sigmoid z'"),
        ("sigmoid", "expected '(' at character 8: 'sigmoid'"),
        ("sigmoid()", "expected a number, z or a function, found ')' at character 9: 'sigmoid()'"),
        ("sigmoid(z, 1)", "sigmoid takes 1 argument, got 2, at character 1: 'sigmoid(z, 1)'"),
        ("max(z)", "max takes 2 arguments, got 1, at character 1: 'max(z)'"),
        ("clip(z, 1)", "clip takes 3 arguments, got 2, at character 1: 'clip(z, 1)'"),
        ("where(z, 1, 2)",
        "the first argument of where must compare, as in where(z > 0, z, 0), at character 8: 'where(z, 1, 2)'"),
        ("z > 0", "unexpected '>' at character 3: 'z > 0'"),
        ("1/0*z", "division by zero at character 2: '1/0*z'"),
        ("z/(z-z)", "division by zero at character 2: 'z/(z-z)'"),
        ("z*0**-1", "division by zero at character 4: 'z*0**-1'"),
        ("z**z", "the exponent must not contain z: write exp(... * log(...)) instead, at character 2: 'z**z'"),
        ("z**65", "the exponent must lie between -64 and 64, at character 2: 'z**65'"),
        ("(z**8)**9", "the exponent must lie between -64 and 64, at character 7: '(z**8)**9'"),
        ("z*9**9**9**9", "the exponent must lie between -64 and 64, at character 7: 'z*9**9**9**9'"),
        ("z*(1e10)**40", "a number is not real or outside 1e-300 … 1e300, at character 9: 'z*(1e10)**40'"),
        ("z*1e999", "a number is not real or outside 1e-300 … 1e300, at character 3: 'z*1e999'"),
        ("z*1e-301", "a number is not real or outside 1e-300 … 1e300, at character 3: 'z*1e-301'"),
        ("z*1e99999", "the number '1e99999' is too long at character 3: 'z*1e99999'"),
        ("1e200*1e200*z", "a number is not real or outside 1e-300 … 1e300, at character 6: '1e200*1e200*z'"),
        ("z*1e200*1e200", "a number is not real or outside 1e-300 … 1e300, at character 1: 'z*1e200*1e200'"),
        ("z*exp(exp(exp(100)))",
        "a number is not real or outside 1e-300 … 1e300, at character 7: 'z*exp(exp(exp(100)))'"),
        ("z*(-8)**(1/3)", "a number is not real or outside 1e-300 … 1e300, at character 7: 'z*(-8)**(1/3)'"),
        ("z*log1p(-2)", "a number is not real or outside 1e-300 … 1e300, at character 3: 'z*log1p(-2)'"),
        (f"max({A_LOT}, {A_LOT})", f"has more than 64 cases, at character 1: 'max({A_LOT[:36]}'"),
        ("z*where(log(min(z, -1)) < 0, 1, 2)",
        "is not a real function of z, at character 3: 'z*where(log(min(z, -1)) < 0, 1, 2)'"),
        ("((z/1e200)**64)**64",
        "a number is not real or outside 1e-300 … 1e300, at character 11: '((z/1e200)**64)**64'"),
        ("1 + sqrt(-z*z)", "is not a real function of z, at character 5: '1 + sqrt(-z*z)'"),
        ("cos(sqrt(-z*z))", "is not a real function of z, at character 5: 'cos(sqrt(-z*z))'"),
        (f"where({IMAGINARY} > 1, z, 1)",
        "is not a real function of z, at character 1: 'where((step(z) - 2)**0.5 > 1, z, 1)'"),
        (f"where(cos({IMAGINARY}) > 1, z, 1)",
        "is not a real function of z, at character 1: 'where(cos((step(z) - 2)**0.5) > 1, z, 1)'"),
        (f"where(cos({IMAGINARY}) > z, z, 1)",
        "a number is not real or outside 1e-300 … 1e300, at character 1: 'where(cos((step(z) - 2)**0.5) > z, z, 1)'"),
        ("sqrt(-1)*z", "is not a real function of z, at character 1: 'sqrt(-1)*z'"),
        ("log(0)*z", "is not a real function of z, at character 1: 'log(0)*z'"),
        ("z*log(-1)", "is not a real function of z, at character 3: 'z*log(-1)'"),
        ("z**32*z**33", "the exponent must lie between -64 and 64, at character 6: 'z**32*z**33'"),
        ("exp(65*log(z))", "the exponent must lie between -64 and 64, at character 1: 'exp(65*log(z))'"),
        ("z**0.1234", f"{ROOT} at character 2: 'z**0.1234'"),
        ("(24*z)**1e-300", f"{ROOT} at character 7: '(24*z)**1e-300'"),
        ("exp(0.1234*log(z))", f"{ROOT} at character 1: 'exp(0.1234*log(z))'"),
        ("sqrt(z**(1/999))", f"{ROOT} at character 1: 'sqrt(z**(1/999))'"),
        ("(z**(1/99))**(1/98)", f"{ROOT} at character 12: '(z**(1/99))**(1/98)'"),
    ],
)  # fmt: skip
def test_message(text, message):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert str(caught.value) == f"formula: {message}"


def test_the_position_is_that_of_the_character():
    with pytest.raises(FormulaError) as caught:
        parse("z + " * 30 + "bad(z)")
    assert caught.value.position == 120
    assert str(caught.value) == (
        "formula: unknown function 'bad' at character 121: 'z + z + z + z + z + z + z + z + z + z + bad(z)'"
    )


def test_an_error_survives_pickling():
    with pytest.raises(FormulaError) as caught:
        parse("z +")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.position) == (str(caught.value), 3)


@pytest.mark.parametrize(
    "text", ["(" * 41 + "z" + ")" * 41, "abs(" * 41 + "z" + ")" * 41, "z" + "**(1" * 41 + ")" * 41]
)
def test_depth_is_bounded(text):
    with pytest.raises(FormulaError, match=f"nested more than {MAX_DEPTH} deep at character"):
        parse(text)


def test_the_deepest_brackets():
    assert parse("(" * MAX_DEPTH + "z" + ")" * MAX_DEPTH) == sp.Symbol("z", real=True)


@pytest.mark.parametrize(
    "text", ["z" * 10**6, "(" * 10**6, "-" * 10**6 + "z", "9" * 10**6, "z+" * 500_000, "\x00" * 10**6]
)
def test_a_million_characters_are_refused_at_once(text):
    begin = time.process_time()
    with pytest.raises(
        FormulaError, match=f"^formula: longer than {MAX_LENGTH} characters at character {MAX_LENGTH + 1}: "
    ):
        parse(text)
    assert time.process_time() - begin < 1


@pytest.mark.parametrize(
    "text", ["-" * 1999 + "z", "z+" * 999 + "z", "z*" * 63 + "z", "z" + "/2" * 900, "9" * 300 + "*z"]
)
def test_long_formulas_of_the_allowed_length(text):
    assert parse(text).has(sp.Symbol("z", real=True))


@pytest.mark.parametrize(
    "text",
    [
        "z*min(exp(0), sign(3))", "max(1, erfc(step(z)))", "z + clip(1, tanh(min(1e300, z)), pi)",
        "z*max(sin(1)**2 + cos(1)**2, 1)",
        "where(where(exp(z) > z, z, 1) > sigmoid(0), sigmoid(where(z > 0, 0, z)), 0.5)",
    ],
)  # fmt: skip
def test_equal_numbers_are_compared_at_once(text):
    begin = time.process_time()
    assert parse(text).has(sp.Symbol("z", real=True))
    assert time.process_time() - begin < 1


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("min(max(z, -1), 1)", "Piecewise((Piecewise((z, z < 1), (1, True)), z > -1), (-1, True))"),
        ("where(where(z > 0, 1, 0) > 0.5, z, 2)", "Piecewise((z, z > 0), (2, True))"),
        (
            "where(max(z, 1) > 2, z**2, 3)",
            "Piecewise((Piecewise((z**2, z > 2), (3, True)), z > 1), (3, True))",
        ),
    ],
)
def test_a_condition_never_holds_a_condition(text, plain):
    assert str(parse(text)) == plain


def test_every_function_is_reserved():
    assert {*FUNCTIONS, "z", "pi", "e"} == RESERVED


def test_an_exponent_that_compares_parameters():
    with pytest.raises(FormulaError) as caught:
        parse("z**max(2, p)", ["p"])
    assert str(caught.value) == "formula: the exponent must not compare, at character 2: 'z**max(2, p)'"


@pytest.mark.parametrize(
    ("text", "base", "power"),
    [("z*24**0.71234567", "24", "0.71234567"), ("z*sqrt(2)**0.25", "2", "0.125"), ("z*24**0.125", "24", "0.125")],
)
def test_a_high_root_of_a_number_is_its_decimals(text, base, power):
    factor = parse(text).coeff(sp.Symbol("z", real=True))
    assert factor.is_Rational
    with mpmath.workdps(60):
        assert abs(mpmath.mpf(int(factor.p)) / int(factor.q) - mpmath.mpf(base) ** mpmath.mpf(power)) < 1e-37


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_parses(name):
    arguments = {1: "z", 2: "z, 1", 3: "z, -1, 1"}[FUNCTIONS[name][0]] if name != "where" else "z > 0, z, 1"
    assert parse(f"{name}({arguments})").has(sp.Symbol("z", real=True))
