from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from matplotlib.figure import Figure
from sklearn.datasets import make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nonlin.errors import InputError
from nonlin.plots import learning_curve

FALLING = SimpleNamespace(loss_curve_=[1.0, 0.5, 0.1], validation_scores_=None)
SCORED = SimpleNamespace(loss_curve_=[0.7, 0.5, 0.4], validation_scores_=[0.5, 0.8, 0.9])


def draw(model: Any) -> Any:
    return learning_curve(model, Figure(figsize=(5, 3)).add_subplot())


def test_the_loss_against_the_epoch() -> None:
    ax = draw(FALLING)
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert ax.lines[0].get_ydata().tolist() == [1.0, 0.5, 0.1]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "training loss")
    assert ax.get_legend() is None
    assert ax.get_yscale() == "log"


def test_a_loss_that_falls_little_or_is_not_positive_keeps_a_linear_axis() -> None:
    assert draw(SCORED).get_yscale() == "linear"
    assert draw(SimpleNamespace(loss_curve_=[1.0, 0.0])).get_yscale() == "linear"


def test_scores_have_their_own_axis() -> None:
    ax = draw(SCORED)
    right = ax.figure.axes[1]
    assert right.get_ylabel() == "held-out score"
    assert right.lines[0].get_ydata().tolist() == [0.5, 0.8, 0.9]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["training loss", "held-out score"]


def test_several_models_and_their_names() -> None:
    ax = draw({"relu": FALLING, "tanh": SCORED})
    labels = [t.get_text() for t in ax.get_legend().get_texts()]
    assert labels == ["relu", "tanh", "training loss", "held-out score"]
    assert ax.figure.axes[1].lines[0].get_color() == ax.lines[1].get_color() == "#0072b2"
    ax.figure.draw_without_rendering()
    legend = ax.get_legend().get_window_extent()
    assert legend.x0 > ax.figure.axes[1].get_tightbbox(bbox_extra_artists=[]).x1 - 1


def test_one_epoch_is_a_dot() -> None:
    assert draw(SimpleNamespace(loss_curve_=[0.3])).lines[0].get_marker() == "o"


def test_a_network_of_scikit_learn_in_a_pipeline() -> None:
    X, y = make_moons(100, random_state=0)
    network = MLPClassifier((5,), early_stopping=True, max_iter=300, tol=0.1, random_state=0)
    ax = draw(make_pipeline(StandardScaler(), network).fit(X, y))
    assert len(ax.lines[0].get_xdata()) == len(network.loss_curve_)


def test_a_model_without_epochs() -> None:
    with pytest.raises(InputError) as caught:
        draw(LogisticRegression())
    assert str(caught.value) == (
        "model must be a fitted estimator with loss_curve_, got 'LogisticRegression'; "
        "only networks that learn in epochs have one"
    )
    with pytest.raises(InputError) as caught:
        draw({})
    assert str(caught.value) == "model must be a fitted estimator or a mapping with at least one, got {}"
