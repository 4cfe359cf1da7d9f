"""The schedules at times where their values are known."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nonlin.nn.recipe import Recipe
from nonlin.nn.schedules import SCHEDULES, learning_rates


def rates(name, epochs=10, **options):
    return learning_rates(Recipe(solver="sgd", learning_rate=name, max_iter=epochs, **options), 2.0, 0, epochs, 0, 100)


@pytest.mark.parametrize("name", SCHEDULES)
def test_one_row_an_epoch_and_the_same_rates_in_parts(name):
    recipe = Recipe(solver="sgd", learning_rate=name, max_iter=10)
    whole = rates(name)
    assert whole.shape == (10, 2)
    assert_allclose(learning_rates(recipe, 2.0, 4, 3, 400, 100), whole[4:7], rtol=1e-12)


def test_constant_and_adaptive_stay():
    assert (rates("constant") == 2.0).all()
    assert (rates("adaptive") == 2.0).all()


def test_inverse_scaling_falls_between_epochs():
    assert_allclose(rates("invscaling", power_t=0.25), 2.0 * (np.arange(10)[:, None] * 100 + [1, 1]) ** -0.25)


def test_cosine_goes_from_the_top_to_zero_through_half():
    table = rates("cosine")
    assert table[0, 0] == 2.0
    assert table[5, 0] == pytest.approx(1.0)
    assert table[-1, 1] == pytest.approx(0.0, abs=1e-15)


def test_one_cycle_rises_and_falls():
    table = rates("one_cycle")
    assert table[0, 0] == pytest.approx(2 / 25)
    assert table[3, 0] == pytest.approx(2.0)
    assert table[-1, 1] == pytest.approx(2e-4)


@pytest.mark.parametrize("name", ["constant", "cosine", "one_cycle"])
def test_smooth_schedules_have_no_jumps(name):
    table = rates(name)
    assert_allclose(table[1:, 0], table[:-1, 1], rtol=1e-12)


def test_warm_up_rises_straight_from_zero():
    assert_allclose(rates("constant", warmup_epochs=4)[:5], [[0, 0.5], [0.5, 1], [1, 1.5], [1.5, 2], [2, 2]])


def test_adam_takes_no_schedule_of_plain_descent():
    recipe = Recipe(solver="adam", learning_rate="invscaling")
    assert (learning_rates(recipe, 2.0, 0, 5, 0, 100) == 2.0).all()
