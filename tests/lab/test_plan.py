"""What a plan takes, and what it refuses."""

import pytest

from nonlin import Activation
from nonlin.errors import InputError
from nonlin.lab.plan import BUDGETS, LARGEST_SEED, build, make_plan, trials


def plan(activations=("tanh",), hidden=5, budget="quick", seed=0):
    return make_plan("classification", activations, hidden, budget, seed)


@pytest.mark.parametrize("budget", BUDGETS)
def test_every_seed_that_follows_from_the_largest_is_one_that_scikit_learn_takes(budget):
    largest = plan(budget=budget, seed=LARGEST_SEED)
    networks = [trial for trial in trials(largest) if trial.candidate.activation is not None]
    seeds = [build(trial, "classification", largest).random_state for trial in networks]
    assert min(seeds) == LARGEST_SEED
    assert max(*seeds, LARGEST_SEED + largest.budget.repeats) < 2**32


def test_the_widest_layers():
    assert plan(hidden=(5000, 5000)).hidden == (5000, 5000)


@pytest.mark.parametrize("formula", ["z", "2*z+1", "max(z, 0) + min(z, 0)", Activation("a*z", a=0.5)])
def test_what_is_linear_is_not_tried_as_a_bend(formula):
    with pytest.raises(InputError) as refused:
        plan([formula])
    name = getattr(formula, "name", formula)
    assert str(refused.value) == (
        f"activation {name!r} is linear, so a network of it is a linear model; leave it out, for the identity stands in "
        "every study"
    )


def test_what_is_linear_but_for_a_bend_and_the_identity_itself_are_candidates():
    roles = {c.name: c.role for c in plan(["relu", "abs(z)", "where(z > 0, z, 2*z)", "identity"]).candidates}
    assert roles.pop("identity") == "identity"
    assert [name for name, role in roles.items() if role == "bent"] == [
        "sigmoid", "relu", "abs(z)", "where(z > 0, z, 2*z)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"seed": -1}, "seed must be an integer of at least 0, got -1"),
        ({"seed": 2**32 - 1}, "seed must be an integer of at most 4000000000, got 4294967295"),
        ({"hidden": ()}, "hidden must be at least one layer, got ()"),
        ({"hidden": (5, 0)}, "hidden must be an integer of at least 1, got 0"),
        (
            {"hidden": (5000, 5001)},
            "hidden must be at most 10000 units in all layers together, got 10001; take fewer",
        ),
    ],
)
def test_refusals(words, message):
    with pytest.raises(InputError) as refused:
        plan(**words)
    assert str(refused.value) == message
