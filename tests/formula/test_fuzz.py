"""Whatever is typed: a formula or a FormulaError, within a second and in little memory.

``pytest -m long tests/formula`` parses a million texts, on one core in some twenty minutes.
"""

import random
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy.core.cache import clear_cache

import nonlin
from formula.hostile import HOSTILE
from nonlin.backends.text import to_text
from nonlin.errors import FormulaError
from nonlin.formula.evaluate import evaluate
from nonlin.formula.parser import CONSTANTS, FUNCTIONS, parse
from nonlin.formula.primitives import z

TOKENS = [
    *FUNCTIONS, *CONSTANTS, "z", "z", "z", "(", ")", "(", ")", ",", "+", "-", "*", "/", "**", "^", "<", "<=", ">", ">=",
    "0", "1", "2", "0.5", "3", "64", "1e300", "1e-300", "-1", "beta", "import", "__class__", ".", "'", "[", "!", " ",
]  # fmt: skip
ONE_ARGUMENT = [name for name, (arity, _) in FUNCTIONS.items() if arity == 1]
NUMBERS = ["0", "1", "2", "3", "64", "0.5", "-2.5", "1/3", "0.044715", "1e300", "1e-300", "pi", "e", "9" * 40]
CATALOGUE = [f for n in nonlin.names() for f in (nonlin.get(n).formula, nonlin.get(n).derivative_formula)]
PARAMETERS = ["beta", *sorted({p for n in nonlin.names() for p in nonlin.get(n).params} - {"beta"})]
TOKEN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|[0-9.]+|\*\*|[<>]=?|\S")
KINDS = [
    ONE_ARGUMENT,
    ["z", *PARAMETERS, *CONSTANTS],
    ["+", "-", "*", "/", "**"],
    ["<", "<=", ">", ">="],
    ["(", ")", ","],
]
SECONDS, MEGABYTES = 1.0, 200
EACH = 250_000  # texts of each of the four kinds: a million together
quiet = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), max_examples=150
)


def timed(text):
    """The expression or the refusal, and the seconds of processor time that it took."""
    begin, refusal, expression = time.process_time(), None, None
    try:
        expression = parse(text, PARAMETERS)
    except FormulaError as error:
        refusal = error
    return expression, refusal, time.process_time() - begin


def parsed(text):
    """The expression, or None for a FormulaError that points into the text; anything else fails."""
    expression, refusal, seconds = timed(text)
    for _ in range(2) if seconds >= SECONDS else ():  # the other half of the core may have been busy
        clear_cache()
        seconds = min(seconds, timed(text)[2])
    assert seconds < SECONDS
    if refusal is None:
        assert expression.has(z)
    else:
        assert 0 <= refusal.position <= len(text)
        assert str(refusal).startswith("formula: ")
    return expression


def survives(text):
    """Parse, and evaluate what parses."""
    expression = parsed(text)
    for at in (-1.5, 0.0, 2.0) if expression is not None else ():
        evaluate(expression, at, dict.fromkeys(PARAMETERS, 0.5))


def peak():
    """The most memory that this process has ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def token_soup(rng):
    return "".join(rng.choices(TOKENS, k=rng.randint(1, 25)))


def any_characters(rng):
    """Letters of every script, digits and spaces that are not ASCII, controls, lone surrogates, some tokens."""
    last = rng.choice([0x7F, 0x250, 0x3000, 0x10FFFF])
    parts = (rng.choice(TOKENS) if rng.random() < 0.5 else chr(rng.randint(0, last)) for _ in range(rng.randint(1, 9)))
    return "".join(parts)


def grammatical(rng, deep=5):
    """A text that follows the grammar; whether it makes sense is another matter."""
    kind = rng.randrange(9) if deep else rng.randrange(2)
    inner = [grammatical(rng, deep - 1) for _ in range(4 if kind == 8 else 2)] if kind > 1 else []
    match kind:
        case 0:
            return "z"
        case 1:
            return rng.choice([*NUMBERS, *PARAMETERS, "z", "z", "z"])
        case 2 | 3 | 4:
            return f"({inner[0]}{rng.choice('+-*/')}{inner[1]})"
        case 5:
            return f"{rng.choice(ONE_ARGUMENT)}({inner[0]})"
        case 6:
            return f"({inner[0]})**{rng.choice([*NUMBERS, inner[1]])}"
        case 7:
            return f"{rng.choice(['max', 'min', 'squareplus'])}({inner[0]}, {inner[1]})"
        case _:
            return f"where({inner[0]} {rng.choice(['<', '<=', '>', '>='])} {inner[1]}, {inner[2]}, {inner[3]})"


def mutated(rng):
    """A formula of the catalogue with some of its tokens replaced, mostly by their like, and some cut out or doubled."""
    tokens = TOKEN.findall(rng.choice(CATALOGUE))
    for _ in range(rng.randint(1, 4)):
        i = rng.randrange(len(tokens))
        like = next((kind for kind in KINDS if tokens[i] in kind), NUMBERS)
        put = [[rng.choice(like)], [rng.choice(like)], [rng.choice(like)], [rng.choice(TOKENS)], [], tokens[i : i + 9]]
        tokens[i : i + 1] = rng.choice(put) or [""]
    return "".join(tokens)


sound = st.recursive(
    st.sampled_from(["z", "z", "1", "2.5", "-0.5", "beta", "pi"]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(ONE_ARGUMENT), inner).map("{0[0]}({0[1]})".format),
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
@given(st.text(st.characters(), max_size=60))
def test_any_characters(text):
    survives(text)


@quiet
@given(sound)
def test_sound_formulas(text):
    survives(text)


@quiet
@given(st.randoms(use_true_random=False))
def test_mutated_formulas(rng):
    survives(mutated(rng))


@quiet
@given(sound)
def test_a_formula_is_printed_so_that_it_reads_back(text):
    expression = parsed(text)
    if expression is None:
        return
    again = parse(to_text(expression), ["beta"])
    for at in (-1.7, -0.3, 0.6, 2.2):
        ours, theirs = (evaluate(e, at, {"beta": 0.5}) for e in (expression, again))
        np.testing.assert_allclose(float(theirs), float(ours), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_that_was_made_to_hurt(name):
    parsed(HOSTILE[name])


def test_the_memory_of_texts_that_were_made_to_hurt():
    """In a fresh process, since the peak of this one is already high."""
    program = (
        "from formula.test_fuzz import HOSTILE, parsed, peak\n"
        "before = peak()\n"
        "for text in HOSTILE.values(): parsed(text)\n"
        "print(peak() - before)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True
    )
    assert float(run.stdout) < MEGABYTES


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "formulas"), [(token_soup, 400), (any_characters, 400), (grammatical, 100_000), (mutated, 35_000)]
)
def test_a_quarter_of_a_million_texts(kind, formulas):
    rng, before, slowest, found = random.Random(0), peak(), 0.0, 0
    for _ in range(EACH):
        text = kind(rng)
        begin = time.process_time()
        found += parsed(text) is not None
        slowest = max(slowest, time.process_time() - begin)
    print(f"{EACH} texts, {found} formulas, slowest {slowest:.3f} s, {peak() - before:.0f} MB more")
    assert found >= formulas
    assert peak() - before < MEGABYTES


@pytest.mark.long
@settings(quiet, max_examples=20_000)
@given(sound)
def test_many_sound_formulas(text):
    survives(text)
    expression = parsed(text)
    if expression is not None:
        assert isinstance(sp.diff(expression, z), sp.Expr)
