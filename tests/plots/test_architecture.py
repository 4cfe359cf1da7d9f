from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from nonlin import estimators
from nonlin.errors import InputError
from nonlin.plots import architecture

X = np.random.default_rng(0).normal(size=(60, 2))
Y = (X @ [2.0, -1.0] > 0).astype(int)
IRIS = load_iris(as_frame=True)


def network(sizes: tuple[int, ...], X: Any, y: Any, **options: Any) -> Any:
    model = MLPClassifier(sizes, solver="sgd", max_iter=1, random_state=0, **options)
    return model.partial_fit(X, y, classes=np.unique(y))


def draw(model: Any, **options: Any) -> Any:
    return architecture(model, Figure(figsize=(6, 4)).add_subplot(), **options)


def words(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


def circles(ax: Any) -> int:
    return sum(isinstance(p, Circle) for p in ax.patches)


def boxes(ax: Any) -> int:
    return sum(isinstance(p, FancyBboxPatch) for p in ax.patches)


def test_a_linear_classifier_tells_the_story_in_order() -> None:
    ax = draw(LogisticRegression().fit(X, Y))
    found = {t.get_text(): t.get_position()[0] for t in ax.texts if t.get_text()}
    story = ["inputs", "weights", "net input", "activation", "unit step", "predicted\nlabel"]
    places = [found[word] for word in story]
    assert places == sorted(places)
    assert {"bias", "1", "x1", "x2", "Σ", "sigmoid", "1 if z ≥ 0", "2 features"} <= set(found)
    assert (circles(ax), boxes(ax)) == (4, 2)


def test_weights_show_their_sign_and_size() -> None:
    model = LogisticRegression().fit(X, Y)
    ax = draw(model)
    positive, negative = (c for c in ax.collections if isinstance(c, LineCollection) and c.get_zorder() == 1)
    assert to_hex(positive.get_colors()[0]) == "#d55e00"
    assert to_hex(negative.get_colors()[0]) == "#0072b2"
    assert positive.get_linestyles()[0][1] is None
    assert negative.get_linestyles()[0][1] is not None
    weights = np.array([*model.intercept_, *model.coef_[0]])
    assert len(positive.get_segments()) == (weights >= 0).sum()
    ratio = max(positive.get_linewidths()) / max(negative.get_linewidths())
    assert (ratio > 1) == (weights.max() > -weights.min())
    labels = [t.get_text() for t in ax.get_legend().get_texts()]
    assert labels == ["positive weight", "negative weight", "wider: larger in its layer"]


def test_least_squares_has_no_unit_step() -> None:
    ax = draw(LinearRegression().fit(X, Y))
    assert {"net input", "activation", "identity", "predicted\nvalue", "ŷ"} <= set(words(ax))
    assert "unit step" not in words(ax)


def test_in_the_perceptron_the_unit_step_is_the_activation() -> None:
    ax = draw(Perceptron().fit(X, Y))
    assert "unit step" in words(ax)
    assert "activation" not in words(ax)
    assert boxes(ax) == 1


def test_many_features_and_units_are_shortened_with_their_count() -> None:
    cancer = load_breast_cancer(as_frame=True)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(cancer.data, cancer.target)
    found = words(draw(model))
    assert found.count("⋮") == 1
    assert {"22 more", "30 features", "mean radius", "worst frac…nsion"} <= set(found)
    assert circles(draw(model, max_units=3)) == 1 + 3 + 1


def test_a_wide_layer_of_a_network() -> None:
    ax = draw(network((200,), X, Y, activation="logistic"))
    assert {"hidden\nlayer", "200 units\nsigmoid", "⋮", "net input", "activation", "unit step"} <= set(words(ax))
    assert circles(ax) == (1 + 2) + (1 + 8) + 1


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_networks_of_any_depth(depth: int) -> None:
    found = words(draw(network((4,) * depth, X, Y)))
    assert found.count("4 units\nrelu") == depth
    assert ("hidden\nlayer 2" in found) == (depth > 1)


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("LinearRegression", ["identity"]),
        ("LogisticRegression", ["sigmoid", "1 if z ≥ 0"]),
        ("Perceptron", ["1 if z ≥ 0"]),
        ("Adaline", ["identity", "1 if z ≥ 0"]),
        ("LinearSVC", ["piecewise\nlinear", "1 if z ≥ 0"]),
    ],
)
def test_the_activation_of_each_linear_model(name: str, stages: list[str]) -> None:
    ax = draw(getattr(estimators, name)().fit(X, Y))
    assert [word for word in words(ax) if word in {"identity", "sigmoid", "1 if z ≥ 0", "piecewise\nlinear"}] == stages


def test_a_network_with_one_activation_for_each_layer() -> None:
    model = estimators.MLPClassifier((4, 3), activation=("tanh", "z*sin(z)"), tol=1.0, random_state=0).fit(X, Y)
    assert {"4 units\ntanh", "3 units\nz*sin(z)", "hidden\nlayer 1", "hidden\nlayer 2"} <= set(words(draw(model)))


def test_several_classes_end_in_softmax_and_the_largest() -> None:
    digits = load_digits()
    found = words(draw(network((16,), digits.data, digits.target)))
    assert {"softmax", "largest", "decision", "0", "3", "6", "9"} <= set(found)
    assert found.count("⋮") == 3
    linear = draw(LogisticRegression(max_iter=500).fit(IRIS.data, IRIS.target_names[IRIS.target]))
    assert {"setosa", "versicolor", "virginica", "sepal leng…(cm)"} <= set(words(linear))


def test_several_labels_at_once_and_several_numbers() -> None:
    labels = (X > 0).astype(int)
    model = MLPClassifier((3,), solver="lbfgs", max_iter=500, random_state=0).fit(X, labels)
    assert boxes(draw(model)) == 2 * 2
    found = words(draw(LinearRegression().fit(X, X)))
    assert {"ŷ1", "ŷ2"} <= set(found)


@pytest.mark.parametrize("model", [SVC(), SVC(kernel="poly"), SVR(), LinearSVC(), SVC(kernel="linear")])
def test_support_vector_machines(model: Any) -> None:
    found = words(draw(model.fit(X, Y)))
    assert any("support vectors" in word for word in found) == (getattr(model, "kernel", "linear") != "linear")
    assert ("unit step" in found) == hasattr(model, "classes_")


def test_a_machine_of_pairs_of_classes_votes() -> None:
    assert "most votes" in words(draw(SVC().fit(IRIS.data, IRIS.target)))


def test_feature_names() -> None:
    model = LogisticRegression().fit(X, Y)
    assert {"left", "a very lon…ndeed"} <= set(words(draw(model, feature_names=["left", "a very long name indeed"])))
    with pytest.raises(InputError) as caught:
        draw(model, feature_names=["a"])
    assert str(caught.value) == "feature_names must be 2 names, one for each input, got '1 names'"


@pytest.mark.parametrize("size", [(3.2, 2.4), (10, 6)])
def test_words_of_one_row_do_not_touch(size: tuple[float, float]) -> None:
    diabetes = load_diabetes(as_frame=True)
    for model in (
        network((200, 50), IRIS.data, IRIS.target),
        LogisticRegression().fit(X, np.array(["malignant growth", "benign growth"])[Y]),
        LinearRegression().fit(diabetes.data, diabetes.target),
    ):
        fig = Figure(figsize=size, layout="constrained")
        ax = architecture(model, fig.add_subplot())
        fig.draw_without_rendering()
        shown = [t for t in ax.texts if t.get_text()]
        extents = [t.get_window_extent() for t in shown]
        clashes = [
            (a.get_text(), b.get_text())
            for i, (a, s) in enumerate(zip(shown, extents, strict=True))
            for b, t in zip(shown[:i], extents[:i], strict=True)
            if s.overlaps(t)
        ]
        assert clashes == []
        assert all(fig.bbox.x0 - 1 <= s.x0 and s.x1 <= fig.bbox.x1 + 1 and s.y1 <= fig.bbox.y1 + 1 for s in extents)


def test_bad_input() -> None:
    with pytest.raises(InputError) as caught:
        draw(DecisionTreeClassifier().fit(X, Y))
    assert str(caught.value) == (
        "model must be a linear model, a support vector machine or a multilayer perceptron, "
        "got 'DecisionTreeClassifier'"
    )
    with pytest.raises(InputError) as caught:
        draw(LogisticRegression().fit(X, Y), max_units=1)
    assert str(caught.value) == "max_units must be an integer of at least 2, got 1"
    with pytest.raises(NotFittedError):
        draw(LogisticRegression())
