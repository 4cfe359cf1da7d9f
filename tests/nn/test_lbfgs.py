"""The minimiser against closed forms, NumPy and SciPy's L-BFGS-B; then networks."""

from itertools import pairwise

import numpy as np
import pytest
import scipy.optimize
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import rosen, rosen_der
from sklearn.exceptions import ConvergenceWarning

from nn.problem import problem
from nonlin.nn import minimiser
from nonlin.nn.lbfgs import _advance_once, _loss_and_gradient, run_lbfgs
from nonlin.nn.losses import LOSSES
from nonlin.nn.minimiser import CONVERGED, LIMIT, NOT_FINITE, SEARCHING
from nonlin.nn.network import Network
from nonlin.nn.recipe import Data, Recipe, start
from nonlin.nn.trainer import DivergenceError

KINKED = ("absolute_error", "quantile", "hinge")


def minimise(f, gradient, x0, dtype=np.float64, **limits):
    """The last point, the state, the points that the iterations reached, and all trial points."""
    kept = minimiser.memory(len(x0), **{"tol": 1e-8, "max_iter": 1000, "max_fun": 15000, **limits})
    losses = np.empty(1)
    theta, reached, tried, state = np.array(x0, dtype), [np.array(x0, dtype)], [], kept[0][0]
    while state.status == SEARCHING:
        here = theta.copy()
        tried.append(here)
        if _advance_once(float(f(here)), theta, np.asarray(gradient(here), dtype), kept, losses):
            reached.append(here)
    return theta, state, reached, tried


@pytest.mark.parametrize("size", [2, 5, 40])
def test_rosenbrock_is_minimised_in_about_as_many_evaluations_as_scipy_takes(size):
    x0 = np.where(np.arange(size) % 2, 1.0, -1.2)
    x, state, _, tried = minimise(rosen, rosen_der, x0, tol=1e-6)
    theirs = scipy.optimize.minimize(rosen, x0, jac=rosen_der, method="L-BFGS-B", options={"gtol": 1e-6})
    assert state.status == CONVERGED
    assert rosen(x) <= theirs.fun + 1e-8 or theirs.fun > 1  # with many numbers it has a second minimum
    assert state.evaluations == len(tried) <= 1.3 * theirs.nfev


def test_every_step_meets_the_strong_wolfe_conditions_and_ends_where_the_state_says():
    x, state, reached, _ = minimise(rosen, rosen_der, [-1.2, 1.0, 0.3])
    for a, b in pairwise(reached):
        slope, last_slope = rosen_der(a) @ (b - a), rosen_der(b) @ (b - a)
        assert rosen(b) <= rosen(a) + 1e-4 * slope
        assert abs(last_slope) <= 0.9 * abs(slope)
    assert state.iterations == len(reached) - 1
    assert_array_equal(x, reached[-1])
    assert state.loss == rosen(x)


def test_the_first_trial_is_at_the_distance_1_against_the_gradient():
    *_, tried = minimise(rosen, rosen_der, [-1.2, 1.0])
    slope = rosen_der(tried[0])
    assert_allclose(tried[1] - tried[0], -slope / np.linalg.norm(slope), rtol=1e-12)


def test_the_directions_are_those_of_bfgs_with_the_inverse_curvature_written_out():
    """H ← (I - s yᵀ/yᵀs) H (I - y sᵀ/yᵀs) + s sᵀ/yᵀs over the last ten pairs, from the scale of the newest."""
    size = 30
    rng = np.random.default_rng(0)
    A = rng.normal(size=(size, size))
    A = A @ A.T + np.eye(size)
    _, _, reached, tried = minimise(lambda x: 0.5 * x @ A @ x, lambda x: A @ x, rng.normal(size=size), max_iter=16)
    places = {point.tobytes(): i for i, point in enumerate(tried)}
    for n in (1, 5, 10, 15):
        steps = np.diff(reached[max(0, n - 10) : n + 1], axis=0)
        s, y = steps[-1], A @ steps[-1]
        H = s @ y / (y @ y) * np.eye(size)
        for s in steps:
            y = A @ s
            left = np.eye(size) - np.outer(s, y) / (y @ s)
            H = left @ H @ left.T + np.outer(s, s) / (y @ s)
        first_trial = tried[places[reached[n].tobytes()] + 1]
        assert_allclose(first_trial - reached[n], -H @ A @ reached[n], rtol=1e-7, atol=1e-9)


def test_the_cubic_has_its_minimum_where_the_polynomial_has():
    """t³ - 3 t from 0 to 3, and the same from the other side: the minimum is at 1."""
    assert minimiser._cubic(0.0, 0.0, -3.0, 3.0, 18.0, 24.0) == pytest.approx(1, rel=1e-14)
    assert minimiser._cubic(3.0, 18.0, 24.0, 0.0, 0.0, -3.0) == pytest.approx(1, rel=1e-14)


def test_a_step_out_of_the_domain_is_taken_back():
    def f(x):
        return np.sum(20 * x - np.log(x)) if (x > 0).all() else np.nan

    x, state, *_ = minimise(f, lambda x: 20 - 1 / x, [0.5, 0.9])
    assert state.status == CONVERGED
    assert_allclose(x, 1 / 20, rtol=1e-4)


def test_steps_of_negative_curvature_teach_nothing_and_do_no_harm():
    """From near the top of a double well, and of a cosine."""
    x, state, *_ = minimise(lambda x: np.sum(x**4 - x**2), lambda x: 4 * x**3 - 2 * x, [1e-3, -1e-3, 2.0])
    assert state.status == CONVERGED
    assert_allclose(np.abs(x), np.sqrt(0.5), rtol=1e-4)
    x, *_ = minimise(lambda x: np.cos(x).sum(), lambda x: -np.sin(x), [0.01])
    assert np.cos(x[0]) == pytest.approx(-1, abs=1e-8)


def test_kinks_end_it_low_and_soon():
    """Σ k |x_k|, whose gradient is nowhere small, from many starts; the least is 0."""
    rates = np.arange(1, 6)
    ends = []
    for x0 in np.random.default_rng(0).normal(size=(40, 5)):
        x, state, *_ = minimise(lambda x: rates @ np.abs(x), lambda x: rates * np.sign(x), x0)
        assert state.status == CONVERGED
        assert state.evaluations < 1000
        ends.append(rates @ np.abs(x))
    assert np.median(ends) < 0.05 * rates.sum()


def test_a_gradient_that_lies_leaves_it_where_it_was():
    x, state, _, tried = minimise(lambda x: x @ x, lambda x: -2 * x, [1.0, 2.0])
    assert_array_equal(x, [1, 2])
    assert state.status == CONVERGED
    assert len(tried) < 50


def test_without_a_bottom_it_ends_far_below():
    x, state, *_ = minimise(lambda x: -x.sum(), lambda _: -np.ones(2), [0.0, 0.0])
    assert state.status == CONVERGED
    assert state.evaluations < 30
    assert x[0] > 1e9


def test_the_limits_on_iterations_and_evaluations():
    _, state, *_ = minimise(rosen, rosen_der, [-1.2, 1.0], max_iter=3)
    assert (state.status, state.iterations) == (LIMIT, 3)
    _, state, *_ = minimise(rosen, rosen_der, [-1.2, 1.0], max_fun=10)
    assert state.status == LIMIT
    assert 10 < state.evaluations <= 10 + 20  # it ends with an iteration


def test_the_start_may_be_the_minimum_or_not_finite():
    x, state, *_ = minimise(rosen, rosen_der, [1.0, 1.0])
    assert (state.status, state.iterations, state.evaluations) == (CONVERGED, 0, 1)
    assert_array_equal(x, [1, 1])
    for loss, slope in ((np.nan, 1.0), (np.inf, 1.0), (1.0, np.nan), (1.0, np.inf)):
        _, state, *_ = minimise(lambda _, loss=loss: loss, lambda _, slope=slope: [slope], [1.0])
        assert state.status == NOT_FINITE


def test_single_precision_ends_at_its_noise():
    x, state, *_ = minimise(rosen, rosen_der, [-1.2, 1.0], dtype=np.float32, tol=0.0)
    assert state.status == CONVERGED
    assert_allclose(x, 1, atol=1e-2)
    assert state.evaluations < 200


def fit(network, theta, data, **how):
    training = start(network, theta.copy(), Recipe("lbfgs", **how))
    run_lbfgs(training, data, Recipe("lbfgs", **how))
    return training


def scipys(network, theta, data, alpha, **options):
    """The loss that SciPy's L-BFGS-B reaches from there."""
    net, grad = network.compiled(len(data.w)), np.empty_like(theta)

    def objective(x):
        loss = _loss_and_gradient(*data, alpha, np.ascontiguousarray(x), grad, net, network.block)
        return loss, grad.copy()

    return scipy.optimize.minimize(objective, theta, jac=True, method="L-BFGS-B", options=options).fun


@pytest.mark.parametrize("loss", LOSSES)
def test_a_linear_model_reaches_the_loss_that_scipy_reaches(loss):
    outputs = 3 if loss == "softmax_cross_entropy" else 1
    network, theta, data = problem(loss, hidden=(), rows=60, outputs=outputs)
    training = fit(network, theta, data, alpha=0.01, max_iter=5000, tol=1e-6)
    theirs = scipys(network, theta, data, 0.01, gtol=1e-6, maxiter=5000)
    assert training.loss_curve[-1] <= theirs + (1e-4 if loss in KINKED else 1e-7)


@pytest.mark.parametrize("activation", ["elu", "tanh", "gelu", "sin", "identity", "softsign"])
def test_scipy_gains_nothing_from_where_a_network_ends(activation):
    network, theta, data = problem("squared_error", activation, (8,), rows=80)
    training = fit(network, theta, data, alpha=0.1, max_iter=5000, tol=1e-5)
    assert (np.diff(training.loss_curve) < 0).all()
    end = training.loss_curve[-1]
    assert scipys(network, training.theta, data, 0.1, gtol=1e-5, maxiter=5) > end * (1 - 1e-4)


def test_a_network_with_kinks_ends_as_low_as_with_scipy_on_average():
    network, theta, data = problem("squared_error", "relu", (8,), rows=80)
    starts = [share * theta for share in np.linspace(0.5, 1.5, 20)]
    ours = [fit(network, start, data, alpha=0.1, max_iter=5000, tol=1e-5).loss_curve[-1] for start in starts]
    theirs = [scipys(network, start, data, 0.1, gtol=1e-5, maxiter=5000) for start in starts]
    differences = np.subtract(ours, theirs)
    assert differences.mean() <= 2 * differences.std(ddof=1) / np.sqrt(len(starts))


def test_separable_classes_without_penalty_end_at_a_small_loss():
    network, theta, data = problem("binary_cross_entropy", hidden=(), rows=40)
    labels = (data.X[:, :1] > 0).astype(float)
    training = fit(network, theta, Data(data.X, labels, data.w), alpha=0.0, max_iter=5000, tol=1e-9)
    assert training.loss_curve[-1] < 1e-6


def test_single_precision_trains_to_the_loss_of_double_precision():
    network, theta, data = problem("softmax_cross_entropy", "tanh", (9,), rows=300, features=12, outputs=3)
    single = Network(network.layout, network.activations, network.loss, np.float32)
    floats = Data(*(a.astype(np.float32) for a in data))
    ends = [
        fit(*these, alpha=0.3, max_iter=2000, tol=1e-5).loss_curve[-1]
        for these in ((network, theta, data), (single, theta.astype(np.float32), floats))
    ]
    assert ends[1] == pytest.approx(ends[0], rel=0.02)


def test_many_rows_at_once_make_one_iteration_a_call_with_the_same_result(monkeypatch):
    network, theta, data = problem(rows=50)
    together = fit(network, theta, data, max_iter=3000)
    monkeypatch.setattr("nonlin.nn.trainer.ROWS_AT_ONCE", 1)
    alone = fit(network, theta, data, max_iter=3000)
    assert alone.loss_curve == together.loss_curve
    assert_array_equal(alone.theta, together.theta)
    assert [record["epoch"] for record in together.records] == list(range(1, len(together.records) + 1))


def test_it_says_when_it_has_not_converged():
    with pytest.warns(ConvergenceWarning) as caught:
        training = fit(*problem(), max_iter=2, tol=0.0)
    assert str(caught[0].message) == (
        "the maximum of 2 iterations was reached and training has not converged; raise max_iter"
    )
    assert len(training.records) == 2


def test_a_start_at_the_minimum_leaves_one_record():
    network, theta, data = problem("squared_error", hidden=())
    training = fit(network, theta, data, tol=1e9)
    assert len(training.records) == 1
    assert_array_equal(training.theta, theta)


def test_numbers_that_are_too_large_are_said_to_diverge():
    network, theta, data = problem("squared_error", hidden=())
    with pytest.raises(DivergenceError) as caught:
        fit(network, theta, Data(data.X * 1e200, data.Y, data.w))
    assert str(caught.value) == (
        "training diverged at the first steps of L-BFGS. Solver produced non-finite parameter weights. The input data "
        "may contain large values and need to be preprocessed; lower learning_rate_init or scale the inputs"
    )
