"""The tree of errors, and the form of their messages."""

import pickle

import pytest

from nonlin import errors
from nonlin.errors import bad_value, suggest


@pytest.mark.parametrize(
    ("error", "parents"),
    [
        ("InputError", (errors.NonlinError, ValueError)), ("UnknownNameError", (errors.InputError, ValueError)),
        ("FormulaError", (errors.InputError, ValueError)), ("TableError", (errors.InputError, ValueError)),
        ("ModelFileError", (errors.NonlinError, ValueError)), ("OutputError", (errors.NonlinError, OSError)),
    ],
)  # fmt: skip
def test_tree(error, parents):
    assert all(issubclass(getattr(errors, error), parent) for parent in parents)


def test_every_error_stands_in_the_drawing():
    drawn = {line.strip("│├└─ ").split(" ")[0] for line in errors.__doc__.splitlines() if "─" in line}
    made = {n for n, e in vars(errors).items() if isinstance(e, type) and issubclass(e, errors.NonlinError)}
    assert made - {"NonlinError"} == drawn


def test_bad_value():
    assert str(bad_value("alpha", "a number ≥ 0", -1)) == "alpha must be a number ≥ 0, got -1"
    assert str(bad_value("alpha", "≥ 0", "x", "leave it out")) == "alpha must be ≥ 0, got 'x'; leave it out"
    assert isinstance(bad_value("a", "b", 1), errors.InputError)


def test_unknown_name():
    assert str(errors.UnknownNameError("data set", "moon", ["moons", "xor"], "known are moons and xor")) == (
        "unknown data set 'moon'; did you mean 'moons'? known are moons and xor"
    )
    assert str(errors.UnknownNameError("loss", 7, ["hinge"], "see LOSSES")) == "unknown loss 7; see LOSSES"
    long = errors.UnknownNameError("loss", "l" * 1000, ["hinge"], "see LOSSES")
    assert str(long) == f"unknown loss '{'l' * 80}'…; see LOSSES"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gelo", "; did you mean 'gelu'?"), ("TANH", "; did you mean 'tanh'?"), ("", ""), ("xyz", ""), (None, ""),
    ],
)  # fmt: skip
def test_suggest(name, said):
    assert suggest(name, ["gelu", "celu", "tanh"]) == said


def test_formula_error_points_at_the_character():
    error = errors.FormulaError("unexpected '?'", "z + ?" + "1" * 100, 4)
    assert str(error) == f"formula: unexpected '?' at character 5: {'z + ?' + '1' * 39!r}"
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.problem, again.position) == (str(error), "unexpected '?'", 4)
