"""Whatever is typed: an expression, or a FormulaError, and soon."""

import time

import numpy as np
import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nonlin.backends.text import to_text
from nonlin.errors import FormulaError
from nonlin.formula.evaluate import evaluate
from nonlin.formula.parser import CONSTANTS, FUNCTIONS, parse
from nonlin.formula.primitives import z

TOKENS = [
    *FUNCTIONS, *CONSTANTS, "z", "z", "z", "(", ")", "(", ")", ",", "+", "-", "*", "/", "**", "^", "<", "<=", ">", ">=",
    "0", "1", "2", "0.5", "3", "64", "1e300", "1e-300", "-1", "beta", "import", "__class__", ".", "'", "[", "!", " ",
]  # fmt: skip
SECONDS = 1.0
quiet = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), max_examples=150
)


def survives(text):
    """Parse, and evaluate what parses; anything but a formula or a FormulaError fails."""
    begin = time.process_time()
    try:
        expression = parse(text, ["beta"])
    except FormulaError as error:
        if not (str(error).startswith("formula: ") and 0 <= error.position <= len(text)):
            raise
        return
    finally:
        assert time.process_time() - begin < SECONDS
    assert expression.has(z)
    for at in (-1.5, 0.0, 2.0):
        evaluate(expression, at, {"beta": 0.5})


sound = st.recursive(
    st.sampled_from(["z", "z", "1", "2.5", "-0.5", "beta", "pi"]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from([n for n, (k, _) in FUNCTIONS.items() if k == 1]), inner).map(
            "{0[0]}({0[1]})".format
        ),
        st.tuples(inner, st.sampled_from("+-*/"), inner).map("({0[0]}{0[1]}{0[2]})".format),
        st.tuples(inner, st.sampled_from(["2", "3", "-1", "0.5", "1/3"])).map("({0[0]})**({0[1]})".format),
        st.tuples(st.sampled_from(["max", "min"]), inner, inner).map("{0[0]}({0[1]}, {0[2]})".format),
        st.tuples(inner, st.sampled_from(["<", ">=", ">"]), inner, inner).map(
            "where({0[0]} {0[1]} {0[2]}, {0[3]}, z)".format
        ),
    ),
    max_leaves=6,
)


@quiet
@given(st.lists(st.sampled_from(TOKENS), max_size=25).map("".join))
def test_token_soup(text):
    survives(text)


@quiet
@given(st.text(max_size=60))
def test_any_characters(text):
    survives(text)


@quiet
@given(sound)
def test_sound_formulas(text):
    survives(text)


@quiet
@given(sound)
def test_a_formula_is_printed_so_that_it_reads_back(text):
    try:
        expression = parse(text, ["beta"])
    except FormulaError:
        return
    again = parse(to_text(expression), ["beta"])
    for at in (-1.7, -0.3, 0.6, 2.2):
        ours, theirs = (evaluate(e, at, {"beta": 0.5}) for e in (expression, again))
        np.testing.assert_allclose(float(theirs), float(ours), rtol=1e-9, atol=1e-9)


@pytest.mark.long
def test_a_million_token_soups():
    rng = np.random.default_rng(0)
    for _ in range(10**6):
        survives("".join(TOKENS[i] for i in rng.integers(len(TOKENS), size=rng.integers(1, 25))))


@pytest.mark.long
@settings(quiet, max_examples=20_000)
@given(sound)
def test_many_sound_formulas(text):
    survives(text)
    try:
        expression = parse(text, ["beta"])
    except FormulaError:
        return
    assert isinstance(sp.diff(expression, z), sp.Expr)
