"""An activation in one line of text: a name or a formula, with parameters, and nothing that is run."""

import pytest

from formula.hostile import HOSTILE
from nonlin import catalogue
from nonlin.errors import FormulaError, InputError
from nonlin.formula import parser
from nonlin.web import spec
from nonlin.web.spec import activation_from, spec_of


@pytest.mark.parametrize("name", catalogue.names())
def test_every_name_comes_back(name):
    a = activation_from(name)
    assert (a.name, spec_of(a)) == (name, name)
    assert activation_from(a.formula + "".join(f";{k}={v!r}" for k, v in a.params.items())).formula == a.formula
    for alias in a.aliases:
        assert spec_of(activation_from(alias)) == name


@pytest.mark.parametrize(
    ("text", "params", "again"),
    [
        ("elu;alpha=2", {"alpha": 2.0}, "elu;alpha=2.0"),
        (" elu ; alpha = 2 ; ", {"alpha": 2.0}, "elu;alpha=2.0"),
        ("elu;alpha=1", {"alpha": 1.0}, "elu"),
        ("z*sigmoid(beta*z);beta=1.5", {"beta": 1.5}, "z*sigmoid(beta*z);beta=1.5"),
        ("z*sigmoid(beta*z)", {"beta": 1.0}, "z*sigmoid(beta*z);beta=1.0"),
        ("a*z + b*tanh(c*z);b=-0.25", {"a": 1.0, "b": -0.25, "c": 1.0}, "a*z + b*tanh(c*z);a=1.0;b=-0.25;c=1.0"),
        ("z*exp(-z**2)", {}, "z*exp(-z**2)"),
        ("max(0, z)", {}, "where(z < 0, 0, z)"),
    ],
)
def test_parameters(text, params, again):
    a = activation_from(text)
    assert (a.params, spec_of(a)) == (params, again)
    assert activation_from(again).params == params


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "activation must be a name or a formula in z, got ''"),
        (None, "activation must be a name or a formula in z, got None"),
        (["tanh"], "activation must be a name or a formula in z, got ['tanh']"),
        ("z+" * 1000 + "z", "activation must be at most 2,000 characters, got 2001; shorten the formula"),
        ("gelo", "unknown activation 'gelo'; did you mean 'gelu'"),
        ("elu;beta=1", "elu "),
        ("elu;alpha", "activation: a parameter must read name=number, such as beta=1.5, got 'alpha'"),
        ("elu;alpha=x", "activation: a parameter must read name=number, such as beta=1.5, got 'alpha=x'"),
        ("elu;alpha=nan", "alpha"),
        ("elu;alpha=inf", "alpha"),
        ("z*beta;beta=1e999", "beta"),
        ("tanh;a=1", "tanh "),
        ("a+b+c+d+f+g+h+k+z", "formula: "),
        (";beta=1", "formula: empty; write a function of z, such as 'z*sigmoid(z)', at character 1: ''"),
        ("1;", "formula: "),
    ],
)  # fmt: skip
def test_refusals(text, words):
    with pytest.raises(InputError) as caught:
        activation_from(text)
    assert words.strip() in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_read_or_refused_and_never_run(name, monkeypatch):
    for room in (spec, parser):
        for run in ("eval", "exec", "compile"):
            monkeypatch.setattr(room, run, lambda *_, **__: pytest.fail("run"), raising=False)
    try:
        activation_from(HOSTILE[name])
    except (FormulaError, InputError) as error:
        assert len(str(error)) < 1000  # noqa: PT017
