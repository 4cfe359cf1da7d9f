"""Which changes keep the weights, and which begin anew."""

import numpy as np
import pandas as pd
import pytest

from nonlin.errors import InputError
from nonlin.web.sources import Sources, drawn_from, nothing_drawn
from nonlin.web.stage import changed, restarted
from web.page import stage_of, table_of, thetas, trained


def goes_on(stage, after):
    """Whether all weights and epochs of a stage are those of the one before."""
    pairs = list(zip(stage.lanes, after.lanes, strict=False))
    same = [np.array_equal(a.fit.theta, b.fit.theta) and a.fit.epochs == b.fit.epochs > 0 for a, b in pairs]
    assert len(set(same)) == 1
    assert same == [a.origin is b.origin for a, b in pairs]
    return same[0]


KEEPS = [
    {"activations": ["relu", "z*sin(z)"]}, {"learning_rate": 0.3}, {"solver": "sgd"}, {"momentum": 0.5}, {"loss": "hinge"},
    {"penalty": "l1"}, {"alpha": 3.0, "penalty": "l2"}, {"dropout": 0.5}, {"patience": 3}, {"batch": 64}, {"noise": 40},
    {"rows": 100}, {"share": 80}, {"data_seed": 7}, {"data": "drawn"}, {"pace": 0},
]  # fmt: skip
ANEW = [
    {"hidden": [8, 5]}, {"hidden": [8]}, {"hidden": []}, {"seed": 1}, {"init": "glorot"}, {"data": "xor"}, {"data": "iris"},
    {"data": "plane"}, {"inputs": ["x1", "x2", "sin x1"]}, {"inputs": ["x1", "x2²"]}, {"rival": "relu"},
]  # fmt: skip


@pytest.mark.parametrize("values", KEEPS, ids=str)
def test_weights_go_on(values):
    stage = stage_of()
    stage = trained(stage_of(Sources(drawn=drawn_from(stage.rows, 0.5))), 3)
    after = changed(stage, values)
    assert goes_on(stage, after)
    assert after.lanes[0].is_pure == ("pace" in values)
    trained(after, 1)
    assert (stage.lanes[0].fit.epochs, after.lanes[0].fit.epochs) == ((4, 4) if "pace" in values else (3, 4))


@pytest.mark.parametrize("values", ANEW, ids=str)
def test_weights_begin_anew(values):
    stage = trained(stage_of(), 3)
    after = changed(stage, values)
    assert not goes_on(stage, after)
    assert [lane.fit.epochs for lane in after.lanes] == [0] * (2 if "rival" in values else 1)
    assert all(lane.is_pure for lane in after.lanes)


def test_both_networks_begin_anew_when_one_comes_or_goes():
    stage = trained(stage_of(rival="relu"), 3)
    assert not goes_on(stage, changed(stage, {"rival": ""}))
    assert goes_on(stage, changed(stage, {"rival": "sin"}))


def test_the_rival_is_the_same_but_for_its_activations():
    stage = stage_of(rival="identity", hidden=[200], activations=["sigmoid"])
    own, rival = (lane.fit for lane in stage.lanes)
    assert own.network.layout == rival.network.layout
    assert [a.name for a in rival.activations] == ["identity"]
    assert stage_of(rival="tanh").lanes[1].fit.theta.tolist() == stage_of(rival="").lanes[0].fit.theta.tolist()


def test_without_a_hidden_layer_the_rival_is_the_same_line():
    stage = trained(stage_of(rival="relu", hidden=[], activations=[]), 5)
    first, second = thetas(stage)
    np.testing.assert_array_equal(first, second)


def test_before_the_first_epoch_another_activation_has_its_own_first_weights():
    stage = changed(stage_of(), {"activations": ["relu", "relu"]})
    np.testing.assert_array_equal(thetas(stage), thetas(stage_of(activations=["relu", "relu"])))


def test_a_weight_that_was_set_before_the_first_epoch_stays():
    stage = stage_of()
    stage.lanes[0].fit.theta[3], stage.lanes[0].is_pure = 7.0, False
    after = changed(stage, {"learning_rate": 0.1})
    assert after.lanes[0].fit.theta[3] == 7.0
    assert not after.lanes[0].is_pure


def test_weights_that_are_not_finite_are_not_kept():
    stage = trained(stage_of(), 2)
    stage.lanes[0].fit.theta[3] = np.nan
    assert changed(stage, {"learning_rate": 0.1}).lanes[0].fit.epochs == 0


def test_other_axes_keep_the_very_networks_and_inputs():
    stage = trained(stage_of(data="iris"), 2)
    after = changed(stage, {"axes": ["sepal width (cm)", "petal width (cm)"]})
    assert after.lanes is stage.lanes
    assert after.scene.X is stage.scene.X
    assert after.scene.plane.labels == ("sepal width (cm)", "petal width (cm)")
    assert not np.array_equal(after.scene.grid(9), stage.scene.grid(9))
    assert stage.scene.plane.labels[0].startswith("component 1")


def test_nothing_new_is_nothing_anew():
    stage = trained(stage_of(), 2)
    after = changed(stage, {"noise": 15, "data": "moons"})
    assert after.lanes[0].fit is stage.lanes[0].fit or goes_on(stage, after)


def test_a_restart_has_the_first_weights():
    first = thetas(stage_of())
    stage = restarted(trained(stage_of(), 3))
    np.testing.assert_array_equal(thetas(stage), first)
    assert stage.lanes[0].is_pure


def test_another_target_of_the_same_table_begins_anew():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(40, 4)), columns=list("abcd"))
    stage = trained(table_of(frame, "d"), 3)
    after = changed(stage, {}, stage.sources.with_table(frame, "mine.csv", "a"))
    assert stage.lanes[0].fit.theta.shape == after.lanes[0].fit.theta.shape
    assert not goes_on(stage, after)


def test_another_table_forgets_columns_and_the_plane_keeps_its_inputs():
    stage = stage_of(inputs=["x1", "x1·x2"])
    assert changed(stage, {"data": "spiral"}).settings["inputs"] == ["x1", "x1·x2"]
    table = changed(stage, {"data": "iris"})
    assert table.settings["inputs"] == []
    turned = changed(table, {"axes": ["sepal width (cm)", "petal width (cm)"]})
    assert changed(turned, {"data": "diabetes"}).settings["axes"] == []
    assert changed(turned, {"data": "moons", "inputs": ["x2"]}).scene.columns == ("x2",)


def test_points_that_are_drawn_keep_weights_until_a_class_comes_or_goes():
    stage = trained(stage_of(), 3)
    drawn = drawn_from(stage.rows, 0.5)

    def draw(stage, drawn):
        return changed(stage, {"data": "drawn"}, Sources(drawn=drawn))

    more = drawn.with_points(np.array([[0.5, 0.5]]), 1.0)
    after = draw(stage, more)
    assert goes_on(stage, after)
    assert (after.settings["data"], len(after.rows.y), after.rows.held.sum()) == ("drawn", 501, 250)
    third = draw(after, more.with_points(np.array([[0.0, 5.5], [0.1, 5.5]]), 2.0))
    assert third.lanes[0].fit.epochs == 0
    assert third.lanes[0].fit.network.layout.widths[-1] == 3
    gone = draw(trained(third, 2), third.sources.drawn.without(np.array([0.0, 5.5]), 0.5))
    assert gone.rows.classes == (0, 1)
    assert gone.lanes[0].fit.epochs == 0


def test_drawn_points_of_one_class_are_not_trained():
    stage = stage_of()
    drawn = Sources().drawn.with_points(np.eye(2), 1.0)
    after = changed(stage, {"data": "drawn"}, Sources(drawn=drawn))
    assert after.lanes == ()
    assert changed(after, {"learning_rate": 0.1}).lanes == ()
    back = changed(after, {"data": "moons"})
    assert len(back.lanes) == 1


REFUSED = {
    "inputs must be some of x1, x2, x1², x2², x1·x2, sin x1, sin x2, got 'x9'": {"inputs": ["x9"]},
    "unknown data set 'mooons'; did you mean 'moons'? the sets are moons, circle, xor, gauss, spiral, plane, hills, "
    "circles, iris, wine, breast_cancer, digits, diabetes, drawn": {"data": "mooons"},
    "y must be at least 0 for loss='poisson', got -0.9": {"data": "plane", "loss_of_numbers": "poisson"},
    "Penalty must be none or L2 with the Optimiser AdamW, got 'L1 and L2'; choose another Penalty, or Adam or SGD as "
    "the Optimiser": {"solver": "adamw", "penalty": "both"},
}  # fmt: skip


@pytest.mark.parametrize("words", REFUSED)
def test_what_is_refused_leaves_the_stage_as_it_was(words):
    stage = trained(stage_of(), 2)
    settings, before = dict(stage.settings), thetas(stage)
    with pytest.raises(InputError) as caught:
        changed(stage, REFUSED[words])
    assert str(caught.value).startswith(words)
    assert stage.settings == settings
    np.testing.assert_array_equal(thetas(stage), before)


def test_poisson_keeps_the_weights_and_takes_counts():
    stage = trained(stage_of(data="diabetes"), 2)
    after = changed(stage, {"loss_of_numbers": "poisson"})
    assert goes_on(stage, after)
    assert after.scene.target.min() > 0
    np.testing.assert_allclose(after.scene.target * after.scene.scaler.scale_, after.rows.y)


@pytest.mark.parametrize(
    ("data", "title", "least"),
    [("plane", "slope", -0.942), ("hills", "hills", -0.953), ("drawn", "drawn points", -0.5), ("table", "mine", -2)],
)
def test_a_loss_of_counts_gives_way_to_other_rows_with_negative_numbers(data, title, least):
    frame = pd.DataFrame({"a": np.arange(20.0), "b": np.arange(20.0) % 3, "y": np.linspace(-2, 2, 20)})
    sources = Sources(drawn=nothing_drawn("regression").with_points(np.eye(2), 1.0).with_points(-np.eye(2), -0.5))
    stage = stage_of(sources.with_table(frame, "mine.csv", "y"), data="diabetes", loss_of_numbers="poisson")
    after = changed(stage, {"data": data})
    assert after.settings["loss_of_numbers"] == "squared_error"
    assert after.lanes[0].fit.model.loss == "squared_error"
    assert after.notes == (
        f"Loss: Poisson takes numbers of at least 0, and 'y' of {title} goes down to {least}; it is squared error now",
    )
    assert restarted(after).notes == changed(after, {"pace": 5}).notes == ()


@pytest.mark.parametrize("values", [{"data": "moons"}, {"data": "iris"}, {"share": 70}])
def test_a_loss_of_counts_stays_where_it_does_no_harm(values):
    after = changed(stage_of(data="diabetes", loss_of_numbers="poisson"), values)
    assert (after.settings["loss_of_numbers"], after.notes) == ("poisson", ())


def test_another_target_with_negative_numbers_takes_the_usual_loss():
    frame = pd.DataFrame({"a": np.arange(20.0) % 3, "b": np.linspace(-2, 2, 20), "c": np.arange(20.0) + 0.5})
    stage = table_of(frame, "c", loss_of_numbers="poisson")
    after = changed(stage, {"data": "table"}, stage.sources.with_table(frame, "mine.csv", "b"))
    assert after.settings["loss_of_numbers"] == "squared_error"
    assert after.notes == (
        "Loss: Poisson takes numbers of at least 0, and 'b' of mine goes down to -2; it is squared error now",
    )


def test_a_table_keeps_weights_when_its_split_changes():
    stage = trained(stage_of(data="iris"), 3)
    assert goes_on(stage, changed(stage, {"share": 70}))
