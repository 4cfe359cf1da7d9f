"""Every setting is checked at the door, by its own rule, in words that name it."""

import json
import math

import pytest

from nonlin.errors import InputError
from nonlin.nn.initialisers import INITIALISERS
from nonlin.nn.losses import public_names
from nonlin.nn.optimisers import OPTIMISERS
from nonlin.web.settings import PACES, SETTINGS, checked, defaults, forgiving, merged
from nonlin.web.stage import changed
from web.page import stage_of, trained

KEYS = [
    "data", "noise", "rows", "share", "data_seed", "inputs", "axes", "batch", "hidden", "activations", "first", "rival",
    "learning_rate", "solver", "momentum", "loss", "loss_of_numbers", "penalty", "alpha", "dropout", "patience", "init",
    "seed", "pace",
]  # fmt: skip


def test_the_keys():
    assert list(SETTINGS) == list(defaults()) == KEYS


def test_defaults_pass_their_own_checks_and_are_nobodys():
    assert checked(defaults()) == defaults()
    defaults()["hidden"].append(3)
    assert defaults()["hidden"] == [8, 4]
    assert merged(defaults(), {}) == defaults()


def test_the_schema_is_what_a_page_builds_on():
    for setting in SETTINGS.values():
        shown = setting.schema()
        assert json.loads(json.dumps(shown)) == shown
        assert set(shown) >= {"key", "label", "help", "kind", "default", "place", "task"}
        assert set(shown) <= {"key", "label", "help", "kind", "default", "place", "task", "choices", "min", "max"}
        assert shown["kind"] in ("choice", "number", "integer", "numbers", "text", "list", "names")
        assert shown["place"] in ("data", "training", "network")
        assert shown["task"] in ("classification", "regression", None)
        assert ("choices" in shown) == (shown["kind"] == "choice")
        assert ("min" in shown) == ("max" in shown) == (shown["kind"] in ("number", "integer"))
        assert setting.help.endswith(".")
        for choice in shown.get("choices", ()):
            assert set(choice) == {"value", "label"}
            assert setting.check(choice["value"]) == choice["value"]


def test_choices_come_from_the_registries():
    def values(key):
        return tuple(value for value, _ in SETTINGS[key].choices)

    assert values("solver") == tuple(OPTIMISERS)
    assert values("init") == tuple(INITIALISERS)
    assert values("loss") == public_names(classes=True)
    assert values("loss_of_numbers") == public_names(classes=False)
    assert values("pace") == tuple(value for value, _ in PACES)


RULES = [
    ("first", [3, -1], "first must be whole numbers from 0 to 1023, one a hidden layer, got -1"),
    ("noise", 51, "noise must be between 0 and 50, got 51"),
    ("noise", -1, "noise must be between 0 and 50, got -1"),
    ("noise", 1.5, "noise must be a whole number, got 1.5"),
    ("noise", "a", "noise must be a number, got 'a'"),
    ("noise", None, "noise must be a number, got None"),
    ("noise", True, "noise must be a number, got True"),
    ("noise", math.nan, "noise must be between 0 and 50, got nan"),
    ("noise", math.inf, "noise must be between 0 and 50, got inf"),
    ("noise", 10**400, f"noise must be between 0 and 50, got {10**400}"),
    ("rows", 19, "rows must be between 20 and 2,000, got 19"),
    ("share", 91, "share must be between 10 and 90, got 91"),
    ("batch", 0, "batch must be between 1 and 1,000, got 0"),
    ("patience", 10_001, "patience must be between 0 and 10,000, got 10001"),
    ("seed", 2**31, "seed must be between 0 and 2,147,483,647, got 2147483648"),
    ("momentum", 1, "momentum must be between 0 and 0.99, got 1"),
    ("dropout", [0], "dropout must be a number, got [0]"),
    ("data", 3, "data must be text, got 3"),
    ("solver", "lbfgs", "solver must be one of sgd, adam, adamw, got 'lbfgs'"),
    ("solver", ["adam"], "solver must be one of sgd, adam, adamw, got ['adam']"),
    ("pace", 7, "pace must be one of 1, 5, 20, 60, 300, 1000, 0, got 7"),
    ("pace", True, "pace must be one of 1, 5, 20, 60, 300, 1000, 0, got True"),
    ("penalty", "l3", "penalty must be one of none, l1, l2, both, got 'l3'"),
    ("hidden", 8, "hidden must be a list, got 8"),
    ("hidden", "8,4", "hidden must be a list, got '8,4'"),
    ("hidden", [0], "hidden must be whole numbers from 1 to 1024, one a layer, got 0"),
    ("hidden", [1025], "hidden must be whole numbers from 1 to 1024, one a layer, got 1025"),
    ("hidden", [2.0], "hidden must be whole numbers from 1 to 1024, one a layer, got 2.0"),
    ("hidden", [True], "hidden must be whole numbers from 1 to 1024, one a layer, got True"),
    ("hidden", [1] * 9, "hidden must be at most 8 layers, got 9; remove some"),
    ("hidden", [1] * 501, "hidden must be a list of at most 500, got 501"),
    ("hidden", [1024] * 3, "hidden must be layers with at most 2,000,000 weights between them, got 2099200; shrink them"),
    ("activations", ["tanh"] * 9, "activations must be at most 8, one a hidden layer, got 9; remove some"),
    ("activations", [3], "activation must be a name or a formula in z, got 3"),
    ("activations", "tanh", "activations must be a list, got 'tanh'"),
    ("rival", ["relu"], "rival must be text, got ['relu']"),
    ("rival", "reluu", "unknown activation 'reluu'; did you mean 'relu'"),
    ("inputs", ["x1", 2], "inputs must be a list of names, got 2"),
    ("axes", ["x1"], "axes must be two different columns, or none for the main plane, got 1"),
    ("axes", ["x1", "x1"], "axes must be two different columns, or none for the main plane, got 1"),
    ("axes", ["x" * 300] * 2, "axes must be two different columns, or none for the main plane, got 1"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "words"), RULES)
def test_rules(key, value, words):
    with pytest.raises(InputError) as caught:
        checked({key: value})
    assert str(caught.value) == words or (key == "rival" and str(caught.value).startswith(words))


def test_values_take_their_own_types():
    given = {"noise": 20.0, "rows": "300", "momentum": "0.5", "alpha": 1, "learning_rate": "auto", "pace": 60.0, "rival": " relu ",
             "activations": [" tanh ", "z*z"], "inputs": ["x1", "x1"]}  # fmt: skip
    taken = checked(given)
    assert taken == {"noise": 20, "rows": 300, "momentum": 0.5, "alpha": 1.0, "learning_rate": "auto", "pace": 60, "rival": "relu",
                     "activations": ["tanh", "z*z"], "inputs": ["x1"]}  # fmt: skip
    assert [type(taken[key]) for key in ("noise", "rows", "alpha", "pace")] == [int, int, float, int]


def test_an_unknown_key_is_none_of_them():
    with pytest.raises(InputError) as caught:
        checked({"nose": 1})
    assert str(caught.value) == (f"unknown setting 'nose'; did you mean 'noise'? the settings are {', '.join(KEYS)}")


def test_what_an_address_says_wrong_is_left_out_and_said():
    values, problems = forgiving({"noise": 99, "hidden": [3], "solver": "sgd", "oops": 1}, "moons")
    assert values == {**defaults(), "hidden": [3], "solver": "sgd", "activations": ["tanh"]}
    assert problems[0] == "noise must be between 0 and 50, got 99; the default is taken"
    assert len(problems) == 2
    assert forgiving({}, "moons") == (defaults(), [])
    values, problems = forgiving({"hidden": 6, "activations": "relu"}, "iris")
    assert (values["data"], values["hidden"], values["activations"], problems) == ("iris", [6], ["relu"], [])


@pytest.mark.parametrize(
    ("hidden", "given", "after"),
    [
        ([], ["relu"], []), ([3], ["relu", "sin"], ["relu"]), ([3, 3, 3], ["relu", "sin"], ["relu", "sin", "sin"]),
        ([3, 3], [], ["tanh", "tanh"]),
    ],
)  # fmt: skip
def test_activations_follow_the_layers(hidden, given, after):
    assert merged(defaults(), {"hidden": hidden, "activations": given})["activations"] == after


def test_layers_come_back_with_activations():
    without = merged(defaults(), {"hidden": []})
    assert merged(without, {"hidden": [4, 4]})["activations"] == ["tanh", "tanh"]


L1_WITH_ADAMW = (
    "Penalty must be none or L2 with the Optimiser AdamW, got 'L1'; "
    "choose another Penalty, or Adam or SGD as the Optimiser"
)


@pytest.mark.parametrize(
    ("before", "values"),
    [({"penalty": "l1"}, {"solver": "adamw"}), ({"solver": "adamw"}, {"penalty": "l1"})],
    ids=["Optimiser", "Penalty"],
)
def test_a_penalty_that_an_optimiser_lacks_is_refused_even_while_nothing_is_drawn(before, values):
    stage = stage_of(data="drawn", **before)
    assert stage.lanes == ()
    with pytest.raises(InputError) as caught:
        changed(stage, values)
    assert str(caught.value) == L1_WITH_ADAMW


@pytest.mark.parametrize("penalty", ["none", "l2"])
def test_other_penalties_go_with_adamw(penalty):
    assert merged(defaults(), {"solver": "adamw", "penalty": penalty})["penalty"] == penalty


def test_an_address_with_such_a_pair_gets_no_penalty():
    values, problems = forgiving({"solver": "adamw", "penalty": "l1", "hidden": [3]}, "moons")
    assert values == {**defaults(), "solver": "adamw", "hidden": [3], "activations": ["tanh"]}
    assert problems == [f"{L1_WITH_ADAMW}; the Penalty is none now"]


@pytest.mark.parametrize("value", [value for value, _ in SETTINGS["learning_rate"].choices])
def test_every_learning_rate_trains(value):
    stage = trained(stage_of(rows=20, hidden=[2], solver="sgd", learning_rate=value), 1)
    assert stage.lanes[0].fit.training.rate == (0.1 if value == "auto" else value)


@pytest.mark.parametrize("value", [value for value, _ in SETTINGS["alpha"].choices])
def test_every_strength_trains(value):
    for penalty in ("l1", "l2", "both"):
        trained(stage_of(rows=20, hidden=[2], penalty=penalty, alpha=value), 1)
