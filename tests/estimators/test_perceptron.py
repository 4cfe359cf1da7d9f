"""The perceptron: its corrections by hand, its convergence, and where it never settles."""

import numpy as np
import pytest
from sklearn.datasets import load_iris, make_blobs

import nonlin as nl

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
