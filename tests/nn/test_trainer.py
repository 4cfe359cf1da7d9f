"""The epoch loop, its stopping rules, and L-BFGS."""

import numpy as np
import pytest
import scipy.optimize
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import ConvergenceWarning

from nn.problem import problem
from nonlin.nn.network import forward, hidden, mean_loss
from nonlin.nn.trainer import Data, DivergenceError, Recipe, run_epochs, run_lbfgs, start

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def train(recipe, data, network, theta, seed=0, **how):
    training = start(network, theta.copy(), recipe)
    run_epochs(training, data, recipe, np.random.RandomState(seed), **how)
    return training


def test_an_epoch_of_plain_descent_by_hand():
    """Rows in order, batches of two and a last one of one, θ ← θ - η ∇, for z = w x + b and half the squared error."""
    network, theta, _ = problem("squared_error", hidden=(), features=1)
    X, Y = np.array([[1.0], [2.0], [-1.0]]), np.array([[1.0], [0.0], [3.0]])
    recipe = Recipe(
        "sgd",
        0.0,
        2,
        learning_rate_init=0.1,
        max_iter=1,
        momentum=0.0,
        nesterovs_momentum=False,
        shuffle=False,
    )
    training = train(recipe, Data(X, Y, np.ones(3)), network, theta)
    w, b, losses = theta[0], theta[1], []
    for rows in ([0, 1], [2]):
        error = w * X[rows, 0] + b - Y[rows, 0]
        losses.append((0.5 * error**2).sum())
        w, b = w - 0.1 * (error * X[rows, 0]).mean(), b - 0.1 * error.mean()
    assert_allclose(training.theta, [w, b], rtol=1e-14)
    assert training.loss_curve == [pytest.approx(sum(losses) / 3)]
    assert (training.samples, training.hyper[1]) == (3, 2)


def test_the_same_seed_gives_the_same_weights():
    network, theta, data = problem(rows=50)
    recipe = Recipe(batch_size=7, max_iter=5)
    first, second, other = (train(recipe, data, network, theta, seed).theta for seed in (1, 1, 2))
    assert_array_equal(first, second)
    assert (first != other).any()


def test_it_stops_when_the_loss_no_longer_falls():
    network, theta, data = problem(rows=50)
    training = train(Recipe(max_iter=500, tol=0.05, n_iter_no_change=4), data, network, theta)
    curve = -np.array(training.loss_curve)
    assert len(curve) < 500
    assert (curve[-5:] < np.maximum.accumulate(curve)[-6] + 0.05).all()


def test_the_best_parameters_by_the_held_out_score_are_restored():
    network, theta, data = problem(rows=50)
    scores = iter([0.1, 0.9, *[0.3] * 20])
    seen = []

    def score(parameters):
        seen.append(parameters.copy())
        return next(scores)

    training = train(Recipe(max_iter=50, n_iter_no_change=3), data, network, theta, score=score)
    assert training.validation_scores == [0.1, 0.9, 0.3, 0.3, 0.3, 0.3]
    assert_array_equal(training.theta, seen[1])


def test_reaching_max_iter_warns_with_the_remedy():
    network, theta, data = problem()
    with pytest.warns(ConvergenceWarning) as caught:
        train(Recipe(max_iter=2), data, network, theta)
    assert str(caught[0].message) == (
        "the maximum of 2 iterations was reached and training has not converged; raise max_iter"
    )


@pytest.mark.parametrize(
    ("schedule", "rates"), [("constant", [0.5] * 3), ("invscaling", [0.5, 0.5 / 10**0.5, 0.5 / 19**0.5])]
)
def test_schedules_of_gradient_descent(schedule, rates):
    network, theta, data = problem(rows=9)
    recipe = Recipe("sgd", learning_rate=schedule, learning_rate_init=0.5, max_iter=3)
    training, seen = start(network, theta, recipe), []
    run_epochs(training, data, recipe, np.random.RandomState(0), after_epoch=lambda _: seen.append(training.hyper[0]))
    assert seen == pytest.approx(rates)


def test_the_adaptive_rate_is_divided_by_five_when_the_loss_stalls():
    network, theta, data = problem(rows=9)
    recipe = Recipe("sgd", learning_rate="adaptive", learning_rate_init=0.5, max_iter=40, tol=10.0, n_iter_no_change=2)
    assert train(recipe, data, network, theta).hyper[0] < 0.5 / 5**5


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_divergence_is_found_in_the_epoch_it_happens_in(bad):
    network, theta, data = problem(rows=30)
    data.X[4, 1] = bad
    with pytest.raises(DivergenceError, match="lower learning_rate_init or scale the inputs"):
        train(Recipe(max_iter=1), data, network, theta)


def test_lbfgs_reaches_the_optimum_that_scipy_finds_with_numerical_gradients():
    network, theta, data = problem("squared_error", "tanh", (2,), rows=12, features=2)
    recipe = Recipe("lbfgs", alpha=0.1, max_iter=2000, tol=1e-10)
    training = start(network, theta.copy(), recipe)
    run_lbfgs(training, data, recipe)

    def objective(parameters):
        penalty = 0.05 * sum((W**2).sum() for W in network.layout.weights(parameters)) / data.w.sum()
        return mean_loss(network, np.ascontiguousarray(parameters), *data) + penalty

    start_here = training.theta + 1e-3
    theirs = scipy.optimize.minimize(objective, start_here, method="BFGS", options={"gtol": 1e-7})
    assert objective(training.theta) == pytest.approx(theirs.fun, rel=1e-5)
    assert training.loss_curve[-1] == pytest.approx(objective(training.theta), rel=1e-9)


def test_forward_and_the_hidden_signals_agree_with_numpy():
    network, theta, data = problem("softmax_cross_entropy", "gelu", (5, 4), rows=130, features=9, outputs=3)
    (W1, W2, W3), (b1, b2, b3) = network.layout.weights(theta), network.layout.biases(theta)
    gelu = network.activations[0]
    z1 = data.X @ W1 + b1
    z2 = gelu(z1) @ W2 + b2
    assert_allclose(forward(network, theta, data.X), gelu(z2) @ W3 + b3, atol=1e-12)
    (a1, d1), (a2, d2) = hidden(network, theta, data.X)
    assert_allclose(a1, gelu(z1), atol=1e-13)
    assert_allclose(d1, gelu.derivative(z1), atol=1e-12)
    assert_allclose(a2, gelu(z2), atol=1e-12)
    assert_allclose(d2, gelu.derivative(z2), atol=1e-12)
