"""The multilayer perceptrons: what they reduce to, what they learn, how they stop."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import linear_model
from sklearn.datasets import load_diabetes, load_iris, load_wine, make_moons
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.preprocessing import scale

import nonlin as nl
from nonlin.errors import InputError
from nonlin.nn.trainer import DivergenceError

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
MOONS = make_moons(1000, noise=0.2, random_state=0)
FEW = make_moons(200, noise=0.2, random_state=0)
IRIS = scale(load_iris().data), load_iris().target
DIABETES = load_diabetes(return_X_y=True, scaled=False)
EXACT = {"solver": "lbfgs", "tol": 1e-9, "max_iter": 5000, "random_state": 0}


@pytest.mark.parametrize(("X", "y"), [(scale(FEW[0]), FEW[1]), IRIS])
def test_without_hidden_layers_it_is_logistic_regression(X: np.ndarray, y: np.ndarray) -> None:
    network = nl.MLPClassifier((), alpha=1.0, **EXACT).fit(X, y)
    theirs = linear_model.LogisticRegression(tol=1e-12, max_iter=10_000).fit(X, y)
    assert_allclose(network.predict_proba(X), theirs.predict_proba(X), atol=2e-4)
    assert network.activations_ == ()


def test_without_hidden_layers_it_is_least_squares() -> None:
    X, y = scale(DIABETES[0]), scale(DIABETES[1])
    network = nl.MLPRegressor(hidden_layer_sizes=(), alpha=0.0, **EXACT).fit(X, y)
    model = nl.LinearRegression().fit(X, y)
    assert_allclose(network.predict(X), model.predict(X), atol=1e-3)
    assert_allclose(network.coefs_[0][:, 0], model.coef_, atol=1e-3)


def test_the_identity_collapses_to_one_linear_map() -> None:
    X, y = MOONS
    network = nl.MLPClassifier((20, 20), "identity", max_iter=50, random_state=0).fit(X, y)
    weights, bias = np.eye(2), np.zeros(2)
    for W, b in zip(network.coefs_, network.intercepts_, strict=True):
        weights, bias = weights @ W, bias @ W + b
    assert_allclose(network.decision_function(X), (X @ weights + bias)[:, 0], atol=1e-10)
    assert network.score(X, y) == pytest.approx(nl.LogisticRegression().fit(X, y).score(X, y), abs=0.01)


@pytest.mark.parametrize(("layers", "least"), [((200,), 0.95), ((20, 20), 0.95)])
def test_sigmoid_units_bend_the_boundary_of_the_moons(layers: tuple[int, ...], least: float) -> None:
    """Lines get 0.87; two saturating layers are where naive initial weights never leave the base rate of 0.5."""
    network = nl.MLPClassifier(layers, "logistic", random_state=0)
    held_out = StratifiedKFold(5, shuffle=True, random_state=0)
    assert cross_val_score(network, *MOONS, cv=held_out).mean() >= least


def test_the_auto_rate_of_gradient_descent_falls_until_it_does_not_diverge() -> None:
    X, y = load_wine(return_X_y=True)
    with pytest.raises(DivergenceError, match="lower learning_rate_init or scale the inputs"):
        nl.MLPRegressor(activation="identity", solver="sgd", learning_rate_init=0.1, random_state=0).fit(X, y)
    network = nl.MLPRegressor(activation="identity", solver="sgd", random_state=0).fit(X, y)
    assert network.loss_curve_[-1] < network.loss_curve_[0]


def test_one_activation_a_layer_as_name_formula_or_object() -> None:
    own = nl.Activation("z*sigmoid(beta*z)", name="swish_2", beta=2.0)
    network = nl.MLPClassifier((5, 6, 7), ["tanh", "z*sin(z)", own], max_iter=5, random_state=0).fit(*FEW)
    assert network.activations_ == (nl.get("tanh"), nl.get("z*sin(z)"), own)
    assert [W.shape for W in network.coefs_] == [(2, 5), (5, 6), (6, 7), (7, 1)]
    signal = FEW[0]
    for W, b, phi in zip(network.coefs_, network.intercepts_, network.activations_, strict=False):
        signal = phi(signal @ W + b)
    assert_allclose(network.net_input(FEW[0]), signal @ network.coefs_[-1] + network.intercepts_[-1], rtol=1e-9)


def test_the_values_of_parameters_matter() -> None:
    soft, steep = (
        nl.MLPClassifier((5,), nl.Activation("tanh(k*z)", k=k), max_iter=5, random_state=0).fit(*FEW)
        for k in (0.1, 5.0)
    )
    assert not np.allclose(soft.decision_function(FEW[0]), steep.decision_function(FEW[0]))


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_a_random_state_fixes_the_fit(solver: str) -> None:
    first, again, other = (
        nl.MLPClassifier((10,), solver=solver, max_iter=10, random_state=seed).fit(*FEW) for seed in (0, 0, 1)
    )
    assert_array_equal(first.coefs_[0], again.coefs_[0])
    assert not np.allclose(first.coefs_[0], other.coefs_[0])


def test_float32_stays() -> None:
    X, y = FEW[0].astype(np.float32), FEW[1]
    network = nl.MLPClassifier((10,), random_state=0).fit(X, y)
    assert {a.dtype for a in (*network.coefs_, *network.intercepts_, network.predict_proba(X))} == {
        np.dtype(np.float32)
    }
    assert network.score(X, y) > 0.9


def test_warm_start_goes_on_from_the_fit_before() -> None:
    network = nl.MLPClassifier((10,), warm_start=True, max_iter=20, random_state=0).fit(*FEW)
    first = network.loss_
    assert network.fit(*FEW).loss_curve_[20] == pytest.approx(first, rel=0.1)
    assert network.loss_ < first
    assert (len(network.loss_curve_), network.n_iter_, network.t_) == (40, 20, 40 * 200)


def test_warm_start_with_a_tiny_rate_stays() -> None:
    network = nl.MLPRegressor(hidden_layer_sizes=(10,), warm_start=True, max_iter=20, random_state=0).fit(*DIABETES)
    before = network.predict(DIABETES[0])
    network.set_params(max_iter=1, learning_rate_init=1e-12).fit(DIABETES[0][:300], DIABETES[1][:300])
    assert_allclose(network.predict(DIABETES[0]), before, rtol=1e-6)


def test_warm_start_refuses_another_shape() -> None:
    network = nl.MLPClassifier((10,), warm_start=True, max_iter=2, random_state=0).fit(*FEW)
    with pytest.raises(InputError) as caught:
        network.fit(FEW[0], FEW[1] + 1)
    assert str(caught.value) == (
        "warm_start can only be used where `y` has the same classes as in the previous call to fit. "
        "Previously got [0 1], `y` has [1 2]"
    )
    with pytest.raises(ValueError, match="X has 1 features, but MLPClassifier is expecting 2 features as input"):
        network.fit(FEW[0][:, :1], FEW[1])
    with pytest.raises(InputError) as caught:
        network.set_params(hidden_layer_sizes=(11,)).fit(*FEW)
    assert str(caught.value) == (
        "warm_start and partial_fit need the same layers and outputs as the fit before; fit a new model"
    )


def test_early_stopping_restores_the_best_weights() -> None:
    network = nl.MLPClassifier((50,), early_stopping=True, max_iter=300, random_state=0).fit(*MOONS)
    scores = network.validation_scores_
    assert len(scores) == network.n_iter_ < 300
    assert max(scores) == network.best_validation_score_ > 0.9
    assert max(scores[:-11]) + 1e-4 > max(scores)
    longer = nl.MLPClassifier((50,), early_stopping=True, max_iter=int(np.argmax(scores)) + 1, random_state=0).fit(
        *MOONS
    )
    assert_array_equal(longer.coefs_[0], network.coefs_[0])


def test_early_stopping_on_the_loss() -> None:
    network = nl.MLPClassifier((50,), early_stopping=True, scoring="loss", max_iter=20, random_state=0).fit(*MOONS)
    assert -0.5 < network.best_validation_score_ < 0


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_the_loss_held_out_is_the_same_measured_in_compiled_code_and_from_python(monkeypatch, dropout) -> None:
    settings = {"early_stopping": True, "scoring": "loss", "max_iter": 200, "random_state": 0, "dropout": dropout}
    quick = nl.MLPClassifier((50,), **settings).fit(*MOONS)
    monkeypatch.setattr("nonlin.estimators._mlp.watched", lambda *_: None)
    slow = nl.MLPClassifier((50,), **settings).fit(*MOONS)
    assert quick.n_iter_ == slow.n_iter_ < 200
    for key in ("loss", "score", "validation_score", "validation_loss", "gradient_norm"):
        assert quick.history_[key] == slow.history_[key]
    assert_array_equal(quick.coefs_[0], slow.coefs_[0])


def test_early_stopping_of_a_regressor_records_r2() -> None:
    network = nl.MLPRegressor(hidden_layer_sizes=(10,), early_stopping=True, max_iter=30, random_state=0).fit(*DIABETES)
    assert 0.2 < network.best_validation_score_ < 1


def test_early_stopping_with_a_class_of_one_row() -> None:
    y = FEW[1].copy()
    y[0] = 2
    assert nl.MLPClassifier((5,), early_stopping=True, max_iter=5, random_state=0).fit(FEW[0], y).n_outputs_ == 3


def test_early_stopping_needs_rows() -> None:
    with pytest.raises(InputError) as caught:
        nl.MLPClassifier((5,), early_stopping=True).fit([[0.0], [1.0]], [0, 1])
    assert str(caught.value) == (
        "The validation set is too small: early_stopping holds out 2 of 2 rows and leaves none; "
        "give more rows, or a validation_fraction that leaves some"
    )


def test_without_early_stopping_there_are_no_scores() -> None:
    network = nl.MLPClassifier((5,), max_iter=5, random_state=0).fit(*FEW)
    assert (network.validation_scores_, network.best_validation_score_) == (None, None)
    assert network.best_loss_ == min(network.loss_curve_)


@pytest.mark.parametrize("schedule", ["invscaling", "adaptive"])
def test_schedules_slow_down(schedule: str) -> None:
    options = {"solver": "sgd", "max_iter": 200, "tol": 1e-3, "random_state": 0}
    constant = nl.MLPClassifier((10,), **options).fit(*FEW)
    slowed = nl.MLPClassifier((10,), learning_rate=schedule, **options).fit(*FEW)
    assert slowed.n_iter_ != constant.n_iter_
    assert abs(np.diff(slowed.loss_curve_)[-1]) < 1e-3


def test_rows_of_weight_zero_do_not_count() -> None:
    X, y = FEW
    weights = np.ones(200)
    weights[150:] = 0
    weighted = nl.MLPClassifier((10,), max_iter=5, random_state=0).fit(X, y, weights)
    assert_array_equal(
        weighted.coefs_[0],
        nl.MLPClassifier((10,), max_iter=5, random_state=0).fit(X[:150], y[:150]).coefs_[0],
    )


def test_a_divergence_with_a_rate_of_ones_own_is_an_error() -> None:
    with pytest.raises(ValueError) as caught:
        nl.MLPRegressor(hidden_layer_sizes=(10,), solver="sgd", learning_rate_init=1e3, random_state=0).fit(*DIABETES)
    assert str(caught.value) == (
        "training diverged in epoch 4. Solver produced non-finite parameter weights. The input data may contain large "
        "values and need to be preprocessed; lower learning_rate_init or scale the inputs"
    )


def test_says_when_it_has_not_converged() -> None:
    with pytest.warns(ConvergenceWarning) as caught:
        nl.MLPClassifier((5,), max_iter=1).fit(*FEW)
    expected = "the maximum of 1 iterations was reached and training has not converged; raise max_iter"
    assert str(caught[0].message) == expected
    assert caught[0].filename == __file__


def test_weights_that_no_longer_fit_together_are_refused() -> None:
    """The compiled code trusts the shapes, so a damaged model must not reach it."""
    network = nl.MLPClassifier((5,), max_iter=2, random_state=0).fit(*FEW)
    network.coefs_[1] = network.coefs_[1][:-1]
    with pytest.raises(InputError) as caught:
        network.predict(FEW[0])
    assert str(caught.value) == "coefs_, intercepts_ and activations_ do not fit together; fit the model again"


def test_log_probabilities() -> None:
    for X, y in (FEW, IRIS):
        network = nl.MLPClassifier((5,), max_iter=20, random_state=0).fit(X, y)
        assert_allclose(np.exp(network.predict_log_proba(X)), network.predict_proba(X), rtol=1e-6)
        assert_allclose(network.predict_proba(X).sum(axis=1), 1)
