"""Labels of every kind: several a row, one class alone, weights by class, smoothed, and three losses."""

import numpy as np
import pytest
import scipy.sparse
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit, softmax
from sklearn.datasets import load_iris, make_moons, make_multilabel_classification
from sklearn.preprocessing import scale
from sklearn.svm import SVC

import nonlin as nl
from nonlin.estimators._mlp_labels import coded

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
MOONS = make_moons(300, noise=0.2, random_state=0)
IRIS = scale(load_iris().data), load_iris().target
LABELS = make_multilabel_classification(60, n_classes=4, random_state=0)
EXACT = {"solver": "lbfgs", "max_iter": 3000, "tol": 1e-8, "random_state": 0}


def test_several_labels_a_row() -> None:
    X, Y = scale(LABELS[0]), LABELS[1]
    model = nl.MLPClassifier((30,), solver="lbfgs", random_state=0).fit(X, Y)
    assert (model.out_activation_, model.n_outputs_) == ("logistic", 4)
    assert_array_equal(model.classes_, [0, 1, 2, 3])
    assert_array_equal(model.predict(X), Y)
    assert_allclose(model.predict_proba(X), expit(model.decision_function(X)), rtol=1e-12)
    assert_allclose(np.exp(model.predict_log_proba(X)), model.predict_proba(X), rtol=1e-12)
    assert model.score(X, Y) == 1.0
    sparse = nl.MLPClassifier((30,), solver="lbfgs", random_state=0).fit(X, scipy.sparse.csr_array(Y))
    assert_array_equal(sparse.coefs_[0], model.coefs_[0])


def test_each_label_alone_is_a_classifier_of_its_own() -> None:
    """Without hidden layers the columns share nothing."""
    X, Y = scale(LABELS[0]), LABELS[1]
    together = nl.MLPClassifier((), alpha=0.5, **EXACT).fit(X, Y)
    alone = [nl.MLPClassifier((), alpha=0.5, **EXACT).fit(X, y).predict_proba(X)[:, 1] for y in Y.T]
    assert_allclose(together.predict_proba(X), np.transpose(alone), atol=1e-4)


def test_one_class_is_predicted_always() -> None:
    model = nl.MLPClassifier((3,), max_iter=5, random_state=0).fit(MOONS[0], np.full(300, "a"))
    assert_array_equal(model.predict(MOONS[0][:2]), ["a", "a"])
    assert_array_equal(model.predict_proba(MOONS[0][:2]), [[1.0], [1.0]])
    assert_array_equal(model.predict_log_proba(MOONS[0][:2]), [[0.0], [0.0]])


def test_weights_by_class_are_weights_of_the_rows() -> None:
    weights = {0: 1.0, 1: 3.0, 2: 0.5}
    by_class = nl.MLPClassifier((4,), class_weight=weights, max_iter=20, random_state=0).fit(*IRIS)
    by_row = nl.MLPClassifier((4,), max_iter=20, random_state=0).fit(*IRIS, np.array([1.0, 3.0, 0.5])[IRIS[1]])
    assert_array_equal(by_class.coefs_[0], by_row.coefs_[0])


def test_balanced_weights_find_the_rare_class() -> None:
    rng = np.random.default_rng(0)
    y = (rng.random(600) < 0.05).astype(int)
    X = rng.normal(size=(600, 2)) + 1.2 * y[:, None]
    plain, balanced = (
        nl.MLPClassifier((), class_weight=w, alpha=0.1, **EXACT).fit(X, y).predict(X)[y == 1].mean()
        for w in (None, "balanced")
    )
    assert plain < 0.4
    assert balanced > 0.8


def test_smoothed_targets() -> None:
    y = np.array(["b", "a", "c"])
    three = coded(y, np.array(["a", "b", "c"]), "zero_one", np.float64, multilabel=False, smoothing=0.3)
    assert_allclose(three, [[0.1, 0.8, 0.1], [0.8, 0.1, 0.1], [0.1, 0.1, 0.8]])
    two = coded(y[:2], np.array(["a", "b"]), "zero_one", np.float64, multilabel=False, smoothing=0.3)
    assert_allclose(two, [[0.85], [0.15]])


@pytest.mark.parametrize(("X", "y", "k"), [(*MOONS, 2), (*IRIS, 3)])
def test_smoothing_bounds_the_probabilities(X: np.ndarray, y: np.ndarray, k: int) -> None:
    """The cross-entropy with smoothed targets is least at the targets themselves."""
    model = nl.MLPClassifier((30,), label_smoothing=0.2, alpha=0.0, solver="lbfgs", max_iter=400, random_state=0).fit(
        X, y
    )
    top = model.predict_proba(X).max(axis=1)
    assert np.median(top) == pytest.approx(1 - 0.2 + 0.2 / k, abs=0.01)


@pytest.mark.parametrize(("X", "y"), [MOONS, IRIS])
@pytest.mark.parametrize("loss", ["focal", "hinge"])
def test_the_other_losses_learn(loss: str, X: np.ndarray, y: np.ndarray) -> None:
    model = nl.MLPClassifier((50,), loss=loss, random_state=0, max_iter=100, early_stopping=True).fit(X, y)
    assert model.score(X, y) > 0.93
    if loss == "hinge":
        assert not hasattr(model, "predict_proba")
        assert model.out_activation_ == "identity"
    else:
        Z = model.decision_function(X)
        assert_allclose(
            model.predict_proba(X)[:, -1], expit(Z) if Z.ndim == 1 else softmax(Z, axis=1)[:, -1], rtol=1e-9
        )


def test_the_focal_loss_without_focus_is_the_log_loss() -> None:
    focal, log = (
        nl.MLPClassifier((5,), loss=loss, focal_gamma=0.0, max_iter=10, random_state=0).fit(*IRIS)
        for loss in ("focal", "log_loss")
    )
    assert_allclose(focal.coefs_[0], log.coefs_[0], rtol=1e-6)


def test_hinge_without_hidden_layers_is_a_support_vector_machine() -> None:
    """scikit-learn's C sums over the rows what alpha shares out."""
    machine = SVC(kernel="linear", C=0.5, tol=1e-8).fit(*MOONS)
    model = nl.MLPClassifier(
        (), loss="hinge", alpha=2.0, batch_size=300, learning_rate="cosine", learning_rate_init=0.1, max_iter=3000,
        tol=0.0, n_iter_no_change=np.inf, random_state=0,
    ).fit(*MOONS)  # fmt: skip
    assert_allclose(model.coefs_[0][:, 0], machine.coef_[0], rtol=1e-4)
    assert_allclose(model.intercepts_[0], machine.intercept_, rtol=1e-3)
