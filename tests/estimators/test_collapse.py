"""Networks that do not bend are one linear map, and the ones that bend say so."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import load_diabetes, load_iris
from sklearn.exceptions import NotFittedError
from sklearn.metrics import log_loss
from sklearn.preprocessing import scale

import nonlin as nl
from nonlin.errors import InputError
from nonlin.estimators._collapse import collapse

IRIS, SPECIES = load_iris(return_X_y=True)
DIABETES, PROGRESS = load_diabetes(return_X_y=True)
RNG = np.random.default_rng(0)
WIDTHS = [(4, 7), (7, 5), (5, 3)]
COEFS, INTERCEPTS = [RNG.normal(size=w) for w in WIDTHS], [RNG.normal(size=w[1]) for w in WIDTHS]


def forward(X: np.ndarray, activations: list[nl.Activation]) -> np.ndarray:
    A = X
    for W, b, activation in zip(COEFS, INTERCEPTS, [*activations, nl.get("identity")], strict=True):
        A = activation(A @ W + b)
    return A


@pytest.mark.parametrize("formulas", [("z", "z"), ("2*z + 1", "0.5 - z"), ("a*z", "z")])
def test_straight_layers_are_one_map(formulas: tuple[str, str]) -> None:
    activations = [nl.Activation(f, a=3.0) if "a" in f else nl.Activation(f) for f in formulas]
    W, b = collapse(COEFS, INTERCEPTS, activations)
    assert_allclose(IRIS @ W + b, forward(IRIS, activations), rtol=1e-12)


def test_one_layer_is_itself() -> None:
    W, b = collapse(COEFS[:1], INTERCEPTS[:1], [])
    assert W.tolist() == COEFS[0].tolist()
    assert b.tolist() == INTERCEPTS[0].tolist()


def test_float32_stays() -> None:
    layers = [[a.astype(np.float32) for a in arrays] for arrays in (COEFS, INTERCEPTS)]
    assert {a.dtype for a in collapse(*layers, [nl.get("identity")] * 2)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", ["relu", "tanh", "unit_step", "sign", "piecewise_linear", "z**2", "abs(z)"])
def test_a_network_that_bends(name: str) -> None:
    with pytest.raises(InputError) as caught:
        collapse(COEFS, INTERCEPTS, [nl.get("identity"), nl.get(name)])
    assert str(caught.value) == (
        f"the network bends: hidden layer 2 has the activation {nl.get(name).name!r}, and only straight lines such as "
        "'identity' collapse; fit it with activation='identity'"
    )


@pytest.mark.parametrize(
    "model", [nl.LogisticRegression(), nl.LinearSVC(), nl.Adaline(), nl.Perceptron(random_state=0)], ids=str
)
@pytest.mark.parametrize("classes", [2, 3])
def test_a_linear_classifier_is_its_own_map(model: Any, classes: int) -> None:
    rows = np.isin(SPECIES, range(classes))
    model.fit(IRIS[rows], SPECIES[rows])
    W, b = model.collapse()
    assert W.shape == (4, 1 if classes == 2 else 3)
    assert_allclose(IRIS @ W + b, model.net_input(IRIS), rtol=1e-12)


@pytest.mark.parametrize("outputs", [1, 2])
def test_a_linear_regression_is_its_own_map(outputs: int) -> None:
    model = nl.LinearRegression().fit(DIABETES, np.column_stack([PROGRESS, PROGRESS**2])[:, :outputs])
    W, b = model.collapse()
    assert W.shape == (10, outputs)
    assert_allclose(DIABETES @ W + b, model.predict(DIABETES).reshape(-1, outputs), rtol=1e-12)


def test_only_fitted_models() -> None:
    with pytest.raises(NotFittedError):
        nl.LinearRegression().collapse()


def test_an_identity_network_collapses_to_the_map_that_it_computes() -> None:
    model = nl.MLPRegressor(
        "squared_error", (6, 5), "identity", solver="lbfgs", max_iter=2000, tol=1e-9, random_state=0
    )
    X, y = scale(DIABETES), scale(PROGRESS)
    model.fit(X, y)
    W, b = collapse(model.coefs_, model.intercepts_, model.activations_)
    assert_allclose(X @ W[:, 0] + b[0], model.predict(X), atol=1e-12)


SOLVED = 1e-7  # L-BFGS stops where a step lowers the loss by less than 2e-9 of it: some dozen steps remain


def test_a_network_without_hidden_layers_is_logistic_regression() -> None:
    """The network's penalty is ½ alpha Σ w²/n beside the mean loss: alpha is 1/C."""
    X = scale(IRIS)
    network = nl.MLPClassifier((), solver="lbfgs", alpha=1.0, tol=1e-9, max_iter=5000, random_state=0).fit(X, SPECIES)
    linear = nl.LogisticRegression(C=1.0).fit(X, SPECIES)
    losses = [
        log_loss(SPECIES, model.predict_proba(X)) + (W**2).sum() / 2 / len(X)
        for model, W in ((network, network.coefs_[0]), (linear, linear.coef_))
    ]
    assert losses[0] == pytest.approx(losses[1], rel=SOLVED)
    assert_allclose(network.predict_proba(X), linear.predict_proba(X), atol=np.sqrt(SOLVED))


def test_a_network_without_hidden_layers_is_linear_regression() -> None:
    X, y = scale(DIABETES), scale(PROGRESS)
    network = nl.MLPRegressor(
        "squared_error", (), solver="lbfgs", alpha=0.0, tol=1e-9, max_iter=5000, random_state=0
    ).fit(X, y)
    linear = nl.LinearRegression().fit(X, y)
    assert network.score(X, y) == pytest.approx(linear.score(X, y), rel=SOLVED)
    assert_allclose(network.predict(X), linear.predict(X), atol=np.sqrt(SOLVED))


@pytest.mark.parametrize("hidden", [(), (6, 5)])
def test_a_network_that_does_not_bend_gives_its_map(hidden: tuple[int, ...]) -> None:
    X, y = scale(DIABETES), scale(PROGRESS)
    regressor = nl.MLPRegressor("squared_error", hidden, "identity", solver="lbfgs", random_state=0).fit(X, y)
    W, b = regressor.collapse()
    assert W.shape == (10, 1)
    assert_allclose(X @ W[:, 0] + b[0], regressor.predict(X), atol=1e-12)
    classifier = nl.MLPClassifier(hidden, "identity", solver="lbfgs", max_iter=5000, random_state=0).fit(IRIS, SPECIES)
    W, b = classifier.collapse()
    assert W.shape == (4, 3)
    assert_allclose(IRIS @ W + b, classifier.decision_function(IRIS), rtol=1e-9)


def test_a_fitted_network_that_bends() -> None:
    model = nl.MLPRegressor("squared_error", (3,), "tanh", random_state=0, max_iter=500).fit(
        scale(DIABETES), scale(PROGRESS)
    )
    with pytest.raises(InputError) as caught:
        model.collapse()
    assert str(caught.value) == (
        "the network bends: hidden layer 1 has the activation 'tanh', and only straight lines such as 'identity' "
        "collapse; fit it with activation='identity'"
    )
    with pytest.raises(NotFittedError):
        nl.MLPClassifier().collapse()
