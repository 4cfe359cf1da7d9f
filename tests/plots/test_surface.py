from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_digits, load_iris, make_moons
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from nonlin import estimators
from nonlin.errors import InputError, TableError, UnknownNameError
from nonlin.plots import decision_surface

X, Y = make_moons(80, noise=0.2, random_state=0)
IRIS = load_iris(as_frame=True)


def draw(model: Any, X: Any, y: Any, **options: Any) -> Any:
    return decision_surface(model, X, y, Figure(figsize=(5, 4)).add_subplot(), **options)


def legend(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def boundaries(ax: Any) -> list[Any]:
    return [c for c in ax.collections if isinstance(c, ContourSet)]


class Hard(ClassifierMixin, BaseEstimator):
    """A classifier that only predicts, by the sign of the first feature; counts its calls."""

    def fit(self, _: Any, y: Any) -> Hard:
        self.classes_, self.calls_ = np.unique(y), 0
        return self

    def predict(self, X: Any) -> Any:
        self.calls_ += 1
        return self.classes_[(np.asarray(X)[:, 0] > 0).astype(int)]


def test_boundary_of_a_linear_model_lies_where_the_net_input_is_zero() -> None:
    model = LogisticRegression().fit(X, Y)
    ax = draw(model, X, Y, resolution=200)
    (line,) = boundaries(ax)
    vertices = np.vstack([path.vertices for path in line.get_paths()])
    step = max(np.ptp(ax.get_xlim()), np.ptp(ax.get_ylim())) / 199
    distance = np.abs(model.decision_function(vertices)) / np.linalg.norm(model.coef_)
    assert len(vertices) > 100
    assert distance.max() < step


def test_classes_differ_in_colour_and_marker_and_are_all_in_the_legend() -> None:
    digits = load_digits()
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(digits.data, digits.target)
    ax = draw(model, digits.data, digits.target, resolution=20)
    assert legend(ax) == [*map(str, range(10)), "boundary"]
    handles = ax.get_legend().legend_handles[:10]
    assert len({h.get_marker() for h in handles}) == 10
    assert len({to_hex(h.get_color()) for h in handles}) == 10
    assert [to_hex(h.get_color()) for h in handles[:2]] == ["#d55e00", "#0072b2"]
    assert ax.get_xlabel() == "component 1 (12 %)\n(main components of 64 features, % of variance)"


@pytest.mark.parametrize(("many", "rest"), [(13, ["12"]), (20, ["and 8 more"]), (60, ["and 48 more"])])
def test_a_legend_of_many_classes_leaves_the_map_its_size(many: int, rest: list[str]) -> None:
    y = np.repeat(np.arange(many), 5)
    places = np.column_stack([y % 8, y // 8]) + np.random.default_rng(0).normal(0, 0.2, (len(y), 2))
    fig = Figure(figsize=(3.9, 3.1), layout="constrained")
    ax = decision_surface(DecisionTreeClassifier().fit(places, y), places, y, fig.add_subplot(), resolution=20)
    assert legend(ax) == [*map(str, range(12)), *rest, "boundary"]
    fig.draw_without_rendering()
    words = ax.get_legend().get_window_extent()
    assert words.y0 >= 0
    assert words.y1 <= fig.bbox.height
    assert ax.get_position().height > 0.8


@pytest.mark.parametrize("labels", [("no", "yes"), (-1, 1), (-2, -1), ("_a", "$b$"), (False, True)])
def test_labels_of_any_type(labels: tuple[Any, Any]) -> None:
    y = np.array(labels)[Y]
    ax = draw(LogisticRegression().fit(X, y), X, y, resolution=20)
    assert legend(ax) == [*(str(v).replace("$", r"\$") for v in sorted(labels)), "boundary"]


def test_a_label_that_the_model_never_saw_is_drawn_too() -> None:
    y = np.where(X[:, 0] > 1.5, 7, Y)
    assert legend(draw(LogisticRegression().fit(X, Y), X, y, resolution=20)) == ["0", "1", "7", "boundary"]


def test_the_shade_is_the_winner_and_fades_towards_the_boundary() -> None:
    ax = draw(LogisticRegression().fit(X, Y), X, Y, resolution=50)
    shade = ax.images[0].get_array()
    assert shade.shape == (50, 50, 4)
    assert {to_hex(c) for c in shade[..., :3].reshape(-1, 3)} == {"#d55e00", "#0072b2"}
    assert shade[..., 3].min() < 0.05
    assert 0.4 < shade[..., 3].max() <= 0.5


def test_the_model_is_called_once_whatever_the_size_of_the_picture() -> None:
    model = Hard().fit(X, Y)
    draw(model, X, Y, resolution=31)
    assert model.calls_ == 1


@pytest.mark.parametrize("model", [Hard(), Perceptron(), SVC(), DecisionTreeClassifier(random_state=0)])
def test_models_without_probabilities(model: Any) -> None:
    assert len(boundaries(draw(model.fit(X, Y), X, Y, resolution=30))) == 1


def test_one_class_everywhere_has_no_boundary() -> None:
    model = DecisionTreeClassifier().fit(X, np.zeros(len(X)))
    ax = draw(model, X, np.zeros(len(X)), resolution=10)
    assert boundaries(ax) == []
    assert legend(ax) == ["0.0"]


def test_several_classes_have_a_line_around_each() -> None:
    model = LogisticRegression(max_iter=500).fit(IRIS.data, IRIS.target)
    assert len(boundaries(draw(model, IRIS.data, IRIS.target, resolution=60))) == 3


@pytest.mark.parametrize("features", [(2, 3), ("petal length (cm)", "petal width (cm)"), (2, "petal width (cm)")])
def test_chosen_columns_of_a_data_frame_keep_their_names(features: Any) -> None:
    model = LogisticRegression(max_iter=500).fit(IRIS.data, IRIS.target)
    ax = draw(model, IRIS.data, IRIS.target, features=features, resolution=20)
    assert ax.get_xlabel() == "petal length (cm)\n(2 other features at the usual value)"
    assert ax.get_ylabel() == "petal width (cm)"


def test_text_columns_are_held_at_their_most_frequent_value() -> None:
    table = pd.DataFrame({"a": X[:, 0], "town": ["Ulm", "Bonn", "Ulm", None] * 20, "b": X[:, 1]})
    columns = make_column_transformer((OneHotEncoder(), ["town"]), remainder="passthrough")
    model = make_pipeline(columns, LogisticRegression()).fit(table, Y)
    ax = draw(model, table, Y, resolution=20)
    assert ax.get_xlabel() == "a\n(1 other feature at the usual value)"
    assert ax.get_ylabel() == "b"


def test_an_array_for_a_model_that_was_fitted_on_names_and_the_other_way_round() -> None:
    table = pd.DataFrame(X, columns=["left", "right"])
    assert draw(LogisticRegression().fit(table, Y), X, Y, resolution=10).get_xlabel() == "left"
    assert draw(LogisticRegression().fit(X, Y), table, Y, resolution=10).get_xlabel() == "left"


def test_held_out_rows_are_outlined_in_ink() -> None:
    ax = draw(LogisticRegression().fit(X, Y), X, Y, X_test=X[:9], y_test=Y[:9], resolution=20)
    assert legend(ax) == ["0", "1", "held out", "boundary"]
    edges = [to_hex(c.get_edgecolor()[0]) for c in ax.collections if not isinstance(c, ContourSet)]
    assert edges == ["#ffffff", "#ffffff", "#1f2328", "#1f2328"]


def test_regression_shades_the_prediction_on_the_scale_of_the_truth() -> None:
    y = pd.Series(X[:, 0] * 10, name="price")
    ax = draw(LinearRegression().fit(X, y), X, y, resolution=20)
    assert ax.images[0].norm.vmin == y.min()
    assert ax.images[0].norm.vmax == y.max()
    assert ax.images[0].get_cmap().name == "viridis"
    assert ax.images[0].colorbar.extend == "both"
    assert ax.images[0].colorbar.ax.get_ylabel() == "price: shade predicted, points true"


def test_one_feature_gives_a_curve_that_crosses_a_half_on_the_boundary() -> None:
    model = LogisticRegression().fit(X[:, :1], Y)
    ax = draw(model, X[:, :1], Y)
    assert ax.get_ylabel() == "P(y = 1)"
    assert legend(ax) == ["0", "1", "boundary"]
    at = float(ax.lines[1].get_xdata()[0])
    assert at == pytest.approx(-model.intercept_[0] / model.coef_[0, 0], abs=1e-3)


def test_one_feature_and_several_classes_give_a_curve_each() -> None:
    model = LogisticRegression(max_iter=500).fit(IRIS.data[["petal length (cm)"]], IRIS.target)
    ax = draw(model, IRIS.data[["petal length (cm)"]], IRIS.target)
    assert ax.get_ylabel() == "P(y = class)"
    assert len(ax.lines) == 3 + 2  # a curve for each class, and the places where the winner changes


def test_one_feature_of_a_regression() -> None:
    ax = draw(LinearRegression().fit(X[:, :1], X[:, 1]), X[:, :1], X[:, 1])
    slope = np.diff(ax.lines[0].get_ydata())
    assert np.allclose(slope, slope[0])
    assert legend(ax) == ["prediction"]


def test_a_network_of_scikit_learn() -> None:
    model = MLPClassifier((5,), solver="lbfgs", max_iter=500, random_state=0).fit(X, Y)
    assert len(boundaries(draw(model, X, Y, resolution=40))) == 1


@pytest.mark.parametrize("name", ["LogisticRegression", "Perceptron", "Adaline", "LinearSVC"])
def test_the_linear_classifiers_draw_a_straight_line(name: str) -> None:
    model = getattr(estimators, name)().fit(X, Y)
    (line,) = boundaries(draw(model, X, Y, resolution=50))
    vertices = np.vstack([path.vertices for path in line.get_paths()])
    assert np.linalg.svd(vertices - vertices.mean(axis=0))[1][1] < 0.05


def test_held_out_rows_of_a_regression_are_named_on_the_bar() -> None:
    ax = draw(estimators.LinearRegression().fit(X, Y), X, Y, X_test=X[:5], y_test=Y[:5], resolution=10)
    assert ax.images[0].colorbar.ax.get_ylabel().replace("\n", " ") == (
        "y: shade predicted, points true, held out larger"
    )


def test_missing_values_and_constant_columns() -> None:
    holes = np.where(np.arange(len(X)) % 7 == 0, np.nan, X[:, 0])
    table = np.column_stack([holes, X[:, 1], np.ones(len(X))])
    from sklearn.impute import SimpleImputer

    model = make_pipeline(SimpleImputer(), LogisticRegression()).fit(table, Y)
    assert draw(model, table, Y, resolution=10).get_xlabel().startswith("component 1")
    assert draw(model, table, Y, features=(0, 2), resolution=10).get_ylabel() == "x3"


def test_a_legend_stays_within_the_place_of_its_axes() -> None:
    fig = Figure(figsize=(8, 3))
    left, right = fig.subplots(1, 2)
    place = left.get_position()
    model = LogisticRegression().fit(X, Y)
    decision_surface(model, X, Y, left, resolution=10)
    decision_surface(model, X, Y, right, resolution=10)
    for arrange in (lambda: None, fig.tight_layout):
        arrange()
        fig.draw_without_rendering()
        shown = left.get_legend().get_window_extent().transformed(fig.transFigure.inverted())
        assert shown.x1 < right.get_tightbbox().transformed(fig.transFigure.inverted()).x0
    assert place.width > left.get_position().width


def test_without_axes_a_pyplot_figure_is_made() -> None:
    import matplotlib.pyplot as plt

    ax = decision_surface(LogisticRegression().fit(X, Y), X, Y, resolution=10, title="moons")
    assert plt.gcf() is ax.figure
    assert ax.get_title(loc="left") == "moons"
    plt.close(ax.figure)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        (
            {"features": ("x1", "x21")},
            UnknownNameError,
            "unknown feature 'x21'; did you mean 'x2' or 'x1'? X has the columns 'x1', 'x2'",
        ),
        ({"features": (0, 0)}, InputError, "features must be one or two different columns, got (0, 0)"),
        ({"resolution": 1}, InputError, "resolution must be an integer of at least 2, got 1"),
        ({"X_test": X}, InputError, "X_test and y_test must be given together, got only one of them"),
        (
            {"X_test": X, "y_test": [0, 1]},
            TableError,
            "y_test must hold one value for each of the 80 rows of X_test, got shape (2,)",
        ),
    ],
)
def test_bad_options(options: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        draw(LogisticRegression().fit(X, Y), X, Y, **options)
    assert str(caught.value) == message


def test_bad_tables() -> None:
    model = LogisticRegression().fit(X, Y)
    with pytest.raises(InputError) as caught:
        draw(model, X[:, 0], Y)
    assert str(caught.value) == (
        "X must be a table of rows and columns, got 'shape (80,)'; X.reshape(-1, 1) is one column"
    )
    with pytest.raises(TableError) as caught:
        draw(model, pd.DataFrame({"a": ["x"] * 80}), Y)
    assert str(caught.value) == "X must have a numeric column and two rows for a decision surface"
    with pytest.raises(InputError) as caught:
        draw(model, pd.DataFrame({"a": ["x"] * 80, "b": X[:, 0]}), Y, features=("a",))
    assert str(caught.value) == "features must be numeric columns, got 'a'; the others are held still"
