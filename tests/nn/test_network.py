"""What an epoch sees, and in which order."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.exceptions import ConvergenceWarning

from nonlin.nn.epochs import shuffle
from nonlin.nn.layout import Layout
from nonlin.nn.network import Network
from nonlin.nn.recipe import Data, Recipe, start
from nonlin.nn.trainer import run_epochs

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def shuffled(n, seed):
    order = np.arange(n)
    shuffle(order, np.array([seed], dtype=np.uint64))
    return order


@pytest.mark.parametrize("n", [0, 1, 2, 3, 100])
def test_a_shuffle_keeps_every_row(n):
    assert_array_equal(np.sort(shuffled(n, 5)), np.arange(n))


def test_every_order_is_as_likely_as_another():
    rng = np.random.default_rng(0)
    seen = [tuple(shuffled(4, seed)) for seed in rng.integers(1, 2**31, 12_000)]
    orders, counts = np.unique(seen, axis=0, return_counts=True)
    assert len(orders) == 24
    assert ((counts - 500) ** 2 / 500).sum() < 49.7  # the 0.1 % point of χ² with 23 degrees of freedom


def test_a_shuffle_goes_on_from_the_last_one():
    seed = np.array([7], dtype=np.uint64)
    first, second = np.arange(20), np.arange(20)
    shuffle(first, seed)
    shuffle(second, seed)
    assert (first != second).any()


@pytest.mark.parametrize("batch", [1, 3, 4, 10, 11, 50])
@pytest.mark.parametrize("visit", [True, False])
def test_an_epoch_visits_every_row_once(batch, visit):
    """At rate 0 nothing moves. The losses of the rows are powers of two, so their sum tells which rows were seen."""
    n = 11
    network = Network(Layout((1, 1)), (), "squared_error", np.float64)
    data = Data(np.zeros((n, 1)), np.sqrt(2.0 * 4.0 ** np.arange(n))[:, None], np.ones(n))
    recipe = Recipe("sgd", 0.0, batch, learning_rate_init=0.0, max_iter=3, shuffle=visit)
    training = start(network, np.zeros(2), recipe)
    run_epochs(training, data, recipe, np.random.RandomState(0))
    assert training.loss_curve == pytest.approx([sum(4**i for i in range(n)) / n] * 3, rel=1e-12)
    assert training.hyper[1] == 3 * -(-n // min(batch, n))
    assert training.samples == 3 * n


def test_one_epoch_too_few_is_said():
    network = Network(Layout((1, 1)), (), "squared_error", np.float32)
    data = Data(np.ones((4, 1), np.float32), np.ones((4, 1), np.float32), np.ones(4, np.float32))
    training = start(network, np.zeros(2), Recipe(max_iter=1))
    with pytest.warns(ConvergenceWarning, match="^the maximum of 1 iterations was reached"):
        run_epochs(training, data, Recipe(max_iter=1), np.random.RandomState(0))
    assert training.theta.dtype == np.float32
