"""Names, aliases, families, suggestions: what the registry promises."""

import math

import pytest

import nonlin
from nonlin.catalogue import CLASSIC
from nonlin.catalogue._registry import activation
from nonlin.errors import FormulaError, InputError, UnknownNameError
from nonlin.formula.primitives import z

FAMILIES = [
    "threshold", "linear", "sigmoidal", "inverse link", "rectified", "smooth-rectified", "shrinkage", "exponential",
    "self-gated", "wave", "radial",
]  # fmt: skip


def test_the_classic_eight_are_in_the_catalogue():
    assert CLASSIC == (
        "unit_step", "sign", "identity", "piecewise_linear", "sigmoid", "tanh", "relu", "softplus",
    )  # fmt: skip
    assert set(CLASSIC) <= set(nonlin.names())


def test_families_hold_every_name_once():
    families = nonlin.families()
    assert sorted(n for members in families.values() for n in members) == sorted(nonlin.names())
    assert list(families) == FAMILIES


def test_names_and_aliases_are_unique():
    words = [w for n in nonlin.names() for w in (n, *nonlin.get(n).aliases)]
    assert len(words) == len(set(words))


def test_names_and_aliases_are_lower_case_identifiers():
    words = [w for n in nonlin.names() for w in (n, *nonlin.get(n).aliases)]
    assert [w for w in words if not w.isidentifier() or w != w.lower()] == []


@pytest.mark.parametrize("name", nonlin.names())
def test_get_by_name_and_by_every_alias(name):
    a = nonlin.get(name)
    assert a.name == name
    for alias in (name, *a.aliases, name.upper(), f"  {name} ", name.replace("_", "-")):
        assert nonlin.get(alias) is a
    assert nonlin.get(a) is a


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("logistic", "sigmoid"), ("swish", "silu"), ("linear", "identity"), ("heaviside", "unit_step"),
        ("Hard-Swish", "hard_swish"),
    ],
)  # fmt: skip
def test_aliases(alias, name):
    assert nonlin.get(alias).name == name


@pytest.mark.parametrize("name", nonlin.names())
def test_the_reference_names_a_year_or_says_that_there_is_none(name):
    reference = nonlin.get(name).reference
    assert any(f" {year}" in reference for year in range(1840, 2027)) or reference.startswith("origin not established")


def test_get_reads_a_formula():
    a = nonlin.get("z*sin(z)")
    assert (a.name, a.formula, a.family) == ("z*sin(z)", "z*sin(z)", "custom")
    assert nonlin.get("z")(3.0) == 3.0


def tail():
    return f"nonlin.names() lists all {len(nonlin.names())}, and a formula in z will do"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gelo", "unknown activation 'gelo'; did you mean 'gelu' or 'elliot'? "),
        ("Sigmod", "unknown activation 'Sigmod'; did you mean 'sigmoid' or 'logsigmoid' or 'log_sigmoid'? "),
        ("wibble", "unknown activation 'wibble'; "),
    ],
)
def test_an_unknown_name(name, message):
    with pytest.raises(UnknownNameError) as caught:
        nonlin.get(name)
    assert str(caught.value) == message + tail()


def test_what_is_no_name_is_a_formula_with_an_error():
    with pytest.raises(FormulaError) as caught:
        nonlin.get("z*")
    assert str(caught.value) == "formula: ends too early at character 3: 'z*'"
    with pytest.raises(FormulaError) as caught:
        nonlin.get("")
    assert str(caught.value) == "formula: empty; write a function of z, such as 'z*sigmoid(z)', at character 1: ''"


@pytest.mark.parametrize("thing", [None, 3, math.tanh, ["relu"]])
def test_what_is_no_text(thing):
    with pytest.raises(InputError) as caught:
        nonlin.get(thing)
    assert str(caught.value) == f"activation must be a name, a formula in z or an Activation, got {thing!r}"


def test_a_name_is_registered_once():
    with pytest.raises(ValueError, match=r"^activation 'mine': \['swish'\] registered twice$"):
        activation("mine", z, aliases=("swish",))
    assert "mine" not in nonlin.names()
