"""The epoch loop, its stopping rules, and L-BFGS."""

import numpy as np
import pytest
import scipy.optimize
import scipy.sparse
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import ConvergenceWarning

import nonlin as nl
from nn.problem import problem
from nonlin.nn.lbfgs import _loss_and_gradient, run_lbfgs
from nonlin.nn.network import Network, forward, hidden, mean_loss_of
from nonlin.nn.recipe import Data, Recipe, start
from nonlin.nn.trainer import DivergenceError, run_epochs

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def train(recipe, data, network, theta, seed=0, **how):
    training = start(network, theta.copy(), recipe)
    run_epochs(training, data, recipe, np.random.RandomState(seed), **how)
    return training


def minimise(recipe, data, network, theta):
    training = start(network, theta.copy(), recipe)
    run_lbfgs(training, data, recipe)
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
        return {"validation_score": next(scores)}

    recipe = Recipe(max_iter=50, n_iter_no_change=3, early_stopping=True)
    training = train(recipe, data, network, theta, evaluate=score)
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
    assert [record["learning_rate"] for record in training.records] == pytest.approx(rates)


def test_what_is_noted_of_an_epoch():
    network, theta, data = problem(rows=9, hidden=(4,))
    for after_epoch in (None, lambda _: False):  # epochs run together, and one by one
        records = train(Recipe(max_iter=3, batch_size=4), data, network, theta, after_epoch=after_epoch).records
        assert [list(r) for r in records] == [["epoch", "loss", "learning_rate", "gradient_norm", "time"]] * 3
        assert [r["epoch"] for r in records] == [1, 2, 3]
        assert [len(r["gradient_norm"]) for r in records] == [2, 2, 2]
        times = [r["time"] for r in records]
        assert times == sorted(times)
        assert times[0] > 0


def test_the_noted_norms_are_those_of_the_gradient():
    network, theta, data = problem(rows=9)
    grad = np.empty_like(theta)
    recipe = Recipe(max_iter=1, batch_size=9, shuffle=False, alpha=0.2)
    _loss_and_gradient(*data, 0.2, theta, grad, network.compiled(9), network.block)
    weights, biases = network.layout.weights(grad), network.layout.biases(grad)
    lengths = [np.sqrt((W**2).sum() + (b**2).sum()) for W, b in zip(weights, biases, strict=True)]
    assert train(recipe, data, network, theta).records[0]["gradient_norm"] == pytest.approx(lengths, rel=1e-9)


def test_it_stops_when_it_is_asked_to():
    network, theta, data = problem(rows=9)
    training = train(Recipe(max_iter=30), data, network, theta, after_epoch=lambda record: record["epoch"] == 4)
    assert len(training.loss_curve) == 4


def test_a_long_gradient_is_clipped():
    """One step of plain descent at rate 1 moves by the gradient: by no more than clip_norm, and in its direction."""
    network, theta, data = problem(rows=9)
    plain = {"solver": "sgd", "momentum": 0.0, "nesterovs_momentum": False, "batch_size": 9, "max_iter": 1}
    free, clipped, unclipped = (
        train(Recipe(**plain, learning_rate_init=1.0, clip_norm=n), data, network, theta).theta - theta
        for n in (None, 1e-3, 1e3)
    )
    assert np.linalg.norm(clipped) == pytest.approx(1e-3)
    assert_allclose(clipped / 1e-3, free / np.linalg.norm(free), atol=1e-9)
    assert_array_equal(unclipped, free)


def test_adamw_shrinks_the_weights_apart_from_the_gradient():
    network, theta, data = problem(rows=9)
    recipe = {"batch_size": 9, "max_iter": 1, "learning_rate_init": 0.1}
    plain = train(Recipe("adam", 0.0, **recipe), data, network, theta).theta
    decayed = train(Recipe("adamw", 0.5, **recipe), data, network, theta).theta
    expected = plain.copy()
    for W, W0 in zip(network.layout.weights(expected), network.layout.weights(theta), strict=True):
        W -= 0.1 * 0.5 * W0
    assert_allclose(decayed, expected, rtol=1e-12)


def test_dropout_changes_the_training_and_not_the_prediction():
    network, theta, data = problem(rows=50, hidden=(30,))
    fits = [
        train(Recipe(max_iter=3, dropout=p), data, network, theta, seed).theta
        for p, seed in ((0.5, 0), (0.5, 0), (0.5, 1), (0, 0))
    ]
    assert_array_equal(fits[0], fits[1])
    assert (fits[0] != fits[2]).any()
    assert (fits[0] != fits[3]).any()
    assert_array_equal(forward(network, fits[0], data.X), forward(network, fits[0], data.X))


def test_learned_parameters_move_and_reach_the_activations():
    base, theta, data = problem(rows=50)
    swish = nl.Activation("z*sigmoid(beta*z)", beta=1.0)
    network = Network(base.layout, (swish,), base.loss, np.float64, trainable=True)
    training = train(Recipe(max_iter=20, learning_rate_init=0.05), data, network, np.append(theta, 1.0))
    (fitted,) = network.fitted_activations(training.theta)
    assert fitted.params["beta"] == training.theta[-1] != 1.0
    fixed = Network(base.layout, (fitted,), base.loss, np.float64)
    assert_allclose(forward(network, training.theta, data.X), forward(fixed, training.theta[:-1], data.X), rtol=1e-12)


@pytest.mark.parametrize("rows", [5, 50])
@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_a_sparse_matrix_trains_as_the_same_numbers_in_full(solver, rows, monkeypatch):
    monkeypatch.setattr("nonlin.nn.steps.DENSE_NUMBERS", rows * 3)
    network, theta, data = problem(rows=50)
    data.X[np.abs(data.X) < 0.8] = 0
    sparse = Data(scipy.sparse.csr_array(data.X), data.Y, data.w)
    recipe = Recipe(solver, max_iter=6, batch_size=5, learning_rate="one_cycle", warmup_epochs=2)
    run = {"adam": train, "lbfgs": minimise}[solver]
    dense, written_out = (run(recipe, samples, network, theta) for samples in (data, sparse))
    assert_allclose(written_out.theta, dense.theta, rtol=1e-9)
    assert written_out.loss_curve == pytest.approx(dense.loss_curve, rel=1e-9)


def test_a_divergence_leaves_the_best_weights_of_early_stopping():
    network, theta, data = problem(rows=30)
    recipe = Recipe("sgd", learning_rate_init=1e200, max_iter=20, early_stopping=True)
    training = start(network, theta.copy(), recipe)
    with pytest.raises(DivergenceError) as caught:
        run_epochs(training, data, recipe, np.random.RandomState(0), lambda _: {"validation_score": np.nan})
    assert str(caught.value) == (
        "training diverged in epoch 2. Solver produced non-finite parameter weights. The input data may contain large "
        "values and need to be preprocessed; lower learning_rate_init or scale the inputs"
    )
    assert_array_equal(training.theta, theta)
    assert len(training.validation_scores) == 2


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
        Z = forward(network, np.ascontiguousarray(parameters), data.X)
        return mean_loss_of(network, Z, data.Y, data.w) + penalty

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
