"""The constructors take what those of the installed scikit-learn take, in the same places and with the same defaults."""

import inspect
from typing import Any

import pytest
from sklearn import neural_network

import nonlin as nl

PAIRS = [
    (nl.MLPClassifier, neural_network.MLPClassifier),
    (nl.MLPRegressor, neural_network.MLPRegressor),
]
OTHER_DEFAULTS = {"learning_rate_init"}


def parameters(cls: type) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(cls).parameters)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_shared_parameters_have_their_places(ours: Any, theirs: Any) -> None:
    own, known = parameters(ours), parameters(theirs)
    assert set(known) <= set(own)
    positional = [name for name, p in own.items() if p.kind is not p.KEYWORD_ONLY and name in known]
    assert positional == [name for name, p in known.items() if p.kind is not p.KEYWORD_ONLY]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_what_is_ours_alone_goes_by_keyword(ours: Any, theirs: Any) -> None:
    own = {name: p for name, p in parameters(ours).items() if name not in parameters(theirs)}
    by_place = {name for name, p in own.items() if p.kind is not p.KEYWORD_ONLY}
    assert by_place <= {"loss"}  # of a regressor, which scikit-learn has since 1.7


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_defaults_that_differ_are_the_ones_of_the_table(ours: Any, theirs: Any) -> None:
    own, known = parameters(ours), parameters(theirs)
    assert {name for name, p in known.items() if own[name].default != p.default} == OTHER_DEFAULTS
    table = inspect.getdoc(nl.MLPClassifier).split("Notes\n")[1].split("Examples\n")[0]
    for name in OTHER_DEFAULTS:
        assert f"``{name}``" in table
        assert str(known[name].default) in table


def test_the_loss_of_a_regressor_comes_first() -> None:
    model = nl.MLPRegressor("huber", (7,), "tanh")
    assert (model.loss, model.hidden_layer_sizes, model.activation) == ("huber", (7,), "tanh")
