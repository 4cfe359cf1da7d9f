"""Every bad parameter is refused in one line."""

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InputError

X, Y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
MLP = nl.MLPClassifier
LAYERS = "hidden_layer_sizes must be positive integers, one a hidden layer, got"
WHAT = "activation must be a name, a formula in z, an Activation, or a list of these, got"
POSITIVE, AT_LEAST_0, SHARE = "a number in (0, inf)", "a number in [0, inf)", "a number in [0, 1)"
BAD: list[tuple[Any, str]] = [
    (nl.LinearRegression(fit_intercept="no"), "fit_intercept must be True or False, got 'no'"),
    (nl.Adaline(alpha=-1), f"alpha must be {AT_LEAST_0}, got -1"),
    (nl.LogisticRegression(C=0), f"C must be {POSITIVE}, got 0"),
    (nl.LogisticRegression(C="1"), f"C must be {POSITIVE}, got '1'"),
    (nl.LogisticRegression(C=float("nan")), f"C must be {POSITIVE}, got nan"),
    (nl.LogisticRegression(tol=-1), f"tol must be {AT_LEAST_0}, got -1"),
    (nl.LogisticRegression(max_iter=0), "max_iter must be an integer of at least 1, got 0"),
    (nl.LogisticRegression(fit_intercept=1), "fit_intercept must be True or False, got 1"),
    (nl.LinearSVC(C=-2), f"C must be {POSITIVE}, got -2"),
    (nl.LinearSVC(loss="log"), "loss must be one of 'squared_hinge', 'hinge', got 'log'"),
    (nl.LinearSVC(tol=None), f"tol must be {AT_LEAST_0}, got None"),
    (nl.LinearSVC(max_iter=1.5), "max_iter must be an integer of at least 1, got 1.5"),
    (nl.Perceptron(eta0=0), f"eta0 must be {POSITIVE}, got 0"),
    (nl.Perceptron(max_iter=True), "max_iter must be an integer of at least 1, got True"),
    (nl.Perceptron(tol="a"), f"tol must be {AT_LEAST_0}, got 'a'"),
    (nl.Perceptron(n_iter_no_change=0), "n_iter_no_change must be an integer of at least 1, got 0"),
    (nl.Perceptron(shuffle=None), "shuffle must be True or False, got None"),
    (MLP(0), f"{LAYERS} 0"),
    (MLP((5, 2.5)), f"{LAYERS} (5, 2.5)"),
    (MLP("ten"), f"{LAYERS} 'ten'"),
    (MLP((5, True)), f"{LAYERS} (5, True)"),
    (MLP(activation=np.tanh), f"{WHAT} <ufunc 'tanh'>"),
    (MLP((5, 5), ["tanh"]), "activation must be one entry for each of the 2 hidden layers, got ['tanh']"),
    (MLP(activation="tanhh"), "unknown activation 'tanhh'; did you mean 'tanh' or 'stanh' or 'tanhshrink'? "
     f"nonlin.names() lists all {len(nl.names())}, and a formula in z will do"),
    (MLP(activation="z*foo(z)"), "formula: unknown function 'foo' at character 3: 'z*foo(z)'"),
    (MLP(solver="rmsprop"), "solver must be one of 'adam', 'sgd', 'lbfgs', got 'rmsprop'"),
    (MLP(solver=["adam"]), "solver must be one of 'adam', 'sgd', 'lbfgs', got ['adam']"),
    (MLP(alpha=-1e-4), f"alpha must be {AT_LEAST_0}, got -0.0001"),
    (MLP(batch_size=0), "batch_size must be 'auto' or an integer of at least 1, got 0"),
    (MLP(batch_size="all"), "batch_size must be 'auto' or an integer of at least 1, got 'all'"),
    (MLP(learning_rate="cosine"), "learning_rate must be one of 'constant', 'invscaling', 'adaptive', got 'cosine'"),
    (MLP(learning_rate_init=0), f"learning_rate_init must be 'auto' or {POSITIVE}, got 0"),
    (MLP(power_t=-1), f"power_t must be {AT_LEAST_0}, got -1"),
    (MLP(max_iter=-1), "max_iter must be an integer of at least 1, got -1"),
    (MLP(shuffle="yes"), "shuffle must be True or False, got 'yes'"),
    (MLP(tol=-1), f"tol must be {AT_LEAST_0}, got -1"),
    (MLP(momentum=1.0), f"momentum must be {SHARE}, got 1.0"),
    (MLP(nesterovs_momentum=0), "nesterovs_momentum must be True or False, got 0"),
    (MLP(early_stopping="on"), "early_stopping must be True or False, got 'on'"),
    (MLP(scoring="accuracy"), "scoring must be one of None, 'loss', got 'accuracy'"),
    (MLP(validation_fraction=1), "validation_fraction must be a number in (0, 1), got 1"),
    (MLP(beta_1=1.5), f"beta_1 must be {SHARE}, got 1.5"),
    (MLP(beta_2=-0.1), f"beta_2 must be {SHARE}, got -0.1"),
    (MLP(epsilon=0), f"epsilon must be {POSITIVE}, got 0"),
    (MLP(n_iter_no_change=0), "n_iter_no_change must be an integer of at least 1, got 0"),
    (MLP(max_fun=0), "max_fun must be an integer of at least 1, got 0"),
    (MLP(warm_start=None), "warm_start must be True or False, got None"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "message"), BAD)
def test_bad_parameters(model: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        model.fit(X, Y)
    assert str(caught.value) == message


def test_weights_of_zero_alone() -> None:
    with pytest.raises(InputError) as caught:
        nl.LogisticRegression().fit(X, Y, np.zeros(4))
    expected = "sample_weight must contain at least one non-zero number; leave out rows of weight 0 instead"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([1, 1, 1, 1], "y must hold at least 2 classes, got 1 class: 1; nothing can be told apart"),
        (["a", "a", "a", "a"], "y must hold at least 2 classes, got 1 class: 'a'; nothing can be told apart"),
    ],
)
def test_one_class(labels: list[Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        nl.LogisticRegression().fit(X, labels)
    assert str(caught.value) == message
