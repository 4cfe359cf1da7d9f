"""What a plan takes, and what it refuses."""

import pytest

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


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"seed": -1}, "seed must be an integer of at least 0, got -1"),
        ({"seed": 2**32 - 1}, "seed must be an integer of at most 4000000000, got 4294967295"),
    ],
)
def test_refusals(words, message):
    with pytest.raises(InputError) as refused:
        plan(**words)
    assert str(refused.value) == message
