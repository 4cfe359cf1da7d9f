"""The perceptron: its corrections by hand, its convergence, and where it never settles."""

import numpy as np
import pytest
from sklearn import linear_model
from sklearn.datasets import load_iris, make_blobs

import nonlin as nl
from nonlin.errors import InputError

AND = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 0, 0, 1])
XOR = AND[0], np.array([0, 1, 1, 0])


@pytest.mark.parametrize(
    ("epochs", "weights", "bias"),
    [
        (1, [1, 1], 0),
        (2, [2, 1], -1),
        (3, [2, 1], -2),
        (4, [2, 2], -2),
        (5, [3, 2], -2),
        (6, [3, 2], -3),
        (7, [3, 3], -3),
        (8, [3, 2], -4),
    ],
)
def test_the_corrections_of_the_logical_and(epochs: int, weights: list[float], bias: float) -> None:
    """By hand: a row is wrong where y z ≤ 0, and then w += y x, b += y, y = ±1."""
    model = nl.Perceptron(shuffle=False, max_iter=epochs).fit(*AND)
    assert model.coef_.tolist() == [weights]
    assert model.intercept_.tolist() == [bias]


def test_stops_at_the_first_epoch_without_corrections() -> None:
    model = nl.Perceptron(shuffle=False).fit(*AND)
    assert model.n_iter_ == 9
    assert model.loss_curve_[-1] == 0
    assert model.score(*AND) == 1


@pytest.mark.parametrize("seed", range(5))
def test_no_errors_on_data_that_a_line_separates(seed: int) -> None:
    X, y = make_blobs(300, centers=[[-2, -2], [2, 2]], cluster_std=0.8, random_state=seed)
    assert nl.Perceptron(random_state=seed).fit(X, y).score(X, y) == 1


def test_never_settles_on_exclusive_or() -> None:
    """Its weights come back to where an epoch began, which must not count as an epoch without corrections."""
    model = nl.Perceptron(random_state=0).fit(*XOR)
    assert model.n_iter_ == 1000
    assert model.score(*XOR) < 1


def test_gives_up_early_when_asked() -> None:
    assert nl.Perceptron(tol=1e-3, random_state=0).fit(*XOR).n_iter_ < 20


def test_the_rate_only_scales_the_weights() -> None:
    one, tenth = (nl.Perceptron(eta0=eta, random_state=0).fit(*AND) for eta in (1.0, 0.125))
    assert (one.coef_ == 8 * tenth.coef_).all()


def test_one_net_input_a_class() -> None:
    X, y = load_iris(return_X_y=True)
    model = nl.Perceptron(random_state=0).fit(X, y)
    assert model.coef_.shape == (3, 4)
    assert (model.predict(X) == model.decision_function(X).argmax(axis=1)).all()


def test_weights_are_repetitions_and_the_order_of_rows_does_not_matter() -> None:
    X, y = load_iris(return_X_y=True)
    times = np.arange(len(X)) % 3
    weighted = nl.Perceptron(random_state=0, max_iter=20).fit(X, y, times)
    rows = np.repeat(np.arange(len(X)), times)
    repeated = nl.Perceptron(random_state=0, max_iter=20).fit(X[rows], y[rows])
    mixed = nl.Perceptron(random_state=0, max_iter=20).fit(X[rows][::-1], y[rows][::-1])
    assert weighted.coef_.tolist() == repeated.coef_.tolist() == mixed.coef_.tolist()


def test_a_row_is_corrected_by_its_weight() -> None:
    """By hand: the first row (weight 2, y = -1) at z = 0, then the fourth (weight 3, y = 1) at z = -2."""
    model = nl.Perceptron(shuffle=False, max_iter=1).fit(*AND, [2, 1, 1, 3])
    assert model.coef_.tolist() == [[3, 3]]
    assert model.intercept_.tolist() == [1]
    by_class = nl.Perceptron(shuffle=False, max_iter=1, class_weight={1: 3.0, 0: 2.0}).fit(*AND)
    assert by_class.coef_.tolist() == [[3, 3]]


def test_without_a_bias() -> None:
    model = nl.Perceptron(fit_intercept=False, random_state=0).fit([[-1.0], [2.0]], [0, 1])
    assert model.intercept_.tolist() == [0]
    assert model.score([[-1.0], [2.0]], [0, 1]) == 1


def test_parts_are_passes_in_order() -> None:
    """Eight passes over the parts are the eight epochs that are done by hand above."""
    X, y = AND
    model = nl.Perceptron()
    for _ in range(8):
        model.partial_fit(X[:3], y[:3], classes=[0, 1]).partial_fit(X[3:], y[3:])
    assert model.coef_.tolist() == [[3, 2]]
    assert model.intercept_.tolist() == [-4]
    assert (model.n_iter_, model.t_) == (16, 33)


def test_a_first_part_that_is_refused_leaves_no_trace() -> None:
    X, y = AND
    model = nl.Perceptron()
    with pytest.raises(InputError, match=r"^y holds 1, which is not among the classes \[0, 2\]; name it"):
        model.partial_fit(X, y, classes=[0, 2])
    assert not hasattr(model, "classes_")
    assert model.partial_fit(X, y, classes=[0, 1]).coef_.tolist() == [[1, 1]]


def test_as_scikit_learn_without_shuffling() -> None:
    """scikit-learn corrects where y z ≤ 0 too, and takes y = ±1."""
    X, y = load_iris(return_X_y=True)
    for target in (y, y > 0):
        ours = nl.Perceptron(shuffle=False, max_iter=7).fit(X, target)
        theirs = linear_model.Perceptron(shuffle=False, max_iter=7, tol=None).fit(X, target)
        np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-9)
        np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-9)
        assert ours.t_ == 150 * ours.n_iter_ + 1


def test_numbers_too_large() -> None:
    with pytest.raises(InputError) as caught:
        nl.Perceptron(random_state=0).fit([[1e308, 1.0], [1e308, 2.0]] * 2, [0, 1, 0, 1], [1e9, 1, 1e9, 1])
    assert str(caught.value) == "the weights are no longer finite: X holds too large numbers; scale them"
