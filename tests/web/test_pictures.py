"""The pictures show what the exported model says, at the places where they show it."""

import itertools

import numpy as np
import pandas as pd
import pytest

from nonlin.web import pictures
from nonlin.web.exports import pipeline_of
from nonlin.web.frames import Painter, View
from nonlin.web.scene import SHOWN_INPUTS
from nonlin.web.settings import SETTINGS
from nonlin.web.sources import Sources, nothing_drawn
from web.page import messy, stage_of, table_of, trained

N = 24


def seen(stage):
    """The rows of the table that the points of the grid stand for, from the bottom up."""
    x0, x1, y0, y1 = stage.scene.window
    places = [(x, y) for y in np.linspace(y0, y1, N) for x in np.linspace(x0, x1, N)]
    return stage.scene.plane.lift(np.array(places))


def model_and_picture(stage):
    model = pipeline_of(stage, stage.lanes[0])
    return model, pictures.surface(stage.scene, stage.lanes[0].snapshot, N).astype(int)


def close(bytes_, shares):
    return np.abs(bytes_.reshape(-1) - 255 * np.clip(shares, 0, 1)).max() <= 0.51


@pytest.mark.parametrize("loss", ["log_loss", "focal"])
def test_two_classes(loss):
    stage = trained(stage_of(loss=loss, inputs=["x1", "x2", "sin x1"]), 20)
    model, picture = model_and_picture(stage)
    assert picture.shape == (N, N)
    assert close(picture, model.predict_proba(seen(stage))[:, 1])


def test_two_classes_of_a_messy_table():
    stage = trained(table_of(messy().iloc[2:]), 20)
    model, picture = model_and_picture(stage)
    assert close(picture, model.predict_proba(seen(stage))[:, 1])


def test_hinge_is_drawn_by_its_decisions():
    stage = trained(stage_of(loss="hinge"), 20)
    model, picture = model_and_picture(stage)
    net = model.decision_function(seen(stage))
    clear = np.abs(net) > 0.01
    np.testing.assert_array_equal((picture.ravel() > 127)[clear], (net > 0)[clear])


def assert_winners(stage, classes):
    model, (winner, share) = model_and_picture(stage)
    shares = model.predict_proba(seen(stage))
    assert [stage.rows.classes[k] for k in np.unique(winner)] == [
        c for c in classes if c in set(model.predict(seen(stage)))
    ]
    top = np.sort(shares, axis=1)
    clear = top[:, -1] - top[:, -2] > 1e-5
    told = np.array(stage.rows.classes)[winner.ravel()]
    np.testing.assert_array_equal(told[clear], model.predict(seen(stage))[clear])
    assert close(share, shares.max(axis=1))


def test_several_classes():
    assert_winners(trained(stage_of(data="iris"), 40), ["setosa", "versicolor", "virginica"])
    assert_winners(trained(table_of(messy()), 40), ["big", "odd", "small"])


def drawn(*labels):
    points = nothing_drawn("classification")
    for label in labels:
        points = points.with_points(np.random.default_rng(label).normal(label - 1, 0.5, (20, 2)), float(label))
    return stage_of(Sources(drawn=points), data="drawn")


def test_drawn_points_of_classes_0_and_2():
    stage = trained(drawn(0, 2), 30)
    assert stage.rows.classes == (0, 1, 2)
    assert_winners(stage, [0, 2])
    header, _ = Painter().frame(stage, View(), running=False, rate=0.0)
    confusion = np.array(header["nets"][0]["confusion"])
    assert (confusion[1].sum(), confusion[:, 1].sum(), confusion.sum()) == (0, 0, stage.rows.held.sum())


@pytest.mark.parametrize(
    "settings",
    [{"data": "diabetes"}, {"data": "diabetes", "loss_of_numbers": "poisson"}, {"data": "hills"}, {"data": "plane", "hidden": []}],
    ids=str,
)  # fmt: skip
def test_numbers_on_the_scale_of_the_table(settings):
    stage = trained(stage_of(**settings), 20)
    model, picture = model_and_picture(stage)
    low, high = stage.rows.y.min(), stage.rows.y.max()
    assert stage.scene.values == (low, high)
    assert close(picture, (model.predict(seen(stage)) - low) / (high - low))


def test_row_0_is_the_bottom_and_column_0_the_left():
    """Class 1 above the line x2 = 2, which the network is told and has not learned."""
    stage = stage_of(hidden=[], activations=[])
    scaler = stage.scene.pipeline.named_steps["scale"]
    stage.lanes[0].fit.theta[:] = [0.0, 1e4 * scaler.scale_[1], 1e4 * (scaler.mean_[1] - 2.0)]
    stage.lanes[0].publish()
    picture = pictures.surface(stage.scene, stage.lanes[0].snapshot, 121)
    heights = np.linspace(-6, 6, 121)
    np.testing.assert_array_equal(picture[heights < 1.95], 0)
    np.testing.assert_array_equal(picture[heights > 2.05], 255)
    stage.lanes[0].fit.theta[:] = [1e4, 0.0, 0.0]
    stage.lanes[0].publish()
    left = pictures.surface(stage.scene, stage.lanes[0].snapshot, 121)
    assert (left[:, 0].max(), left[:, -1].min()) == (0, 255)


def test_maps_of_units_are_their_signals():
    stage = trained(stage_of(hidden=[10, 3], activations=["tanh", "z*z"]), 10)
    shot = stage.lanes[0].snapshot
    maps, scales = pictures.unit_maps(stage.scene, shot, [list(range(2, 10)), [0, 1, 2]], N)
    model = pipeline_of(stage, stage.lanes[0])
    assert (maps.shape, [len(row) for row in scales]) == ((8 + 3, N, N), [8, 3])
    inputs = model[:-1].transform(seen(stage))
    signals = np.hstack([model[-1].transform_hidden(inputs, 0)[:, 2:], model[-1].transform_hidden(inputs, 1)])
    for k, scale in enumerate(itertools.chain(*scales)):
        assert scale == pytest.approx(np.abs(signals[:, k]).max(), rel=1e-5)
        np.testing.assert_allclose(
            (maps[k].astype(float).ravel() - 128) / 127 * scale, signals[:, k], atol=0.51 / 127 * scale
        )


def test_the_focus_is_any_unit_or_input():
    stage = trained(stage_of(hidden=[30, 3]), 5)
    shot = stage.lanes[0].snapshot
    model = pipeline_of(stage, stage.lanes[0])
    signal = model[-1].transform_hidden(model[:-1].transform(seen(stage)), 0)[:, 29]
    picture = pictures.focus_map(stage.scene, shot, ["unit", 0, 29], N)
    expected = np.rint(128 + 127 * signal.astype(float) / np.abs(signal).max()).reshape(N, N)
    assert np.abs(picture - expected).max() <= 1
    right = pictures.focus_map(stage.scene, shot, ["input", 0], N).astype(int)
    assert (right[:, 0] < 128).all()
    assert (right[:, -1] > 128).all()
    for nothing in (["unit", 2, 0], ["unit", 0, 30], ["input", 2]):
        assert pictures.focus_map(stage.scene, shot, nothing, N) is None


def test_weights_lie_as_documented():
    stage = stage_of(hidden=[10, 3], inputs=["x1", "x2", "x1²"])
    lane = stage.lanes[0]
    lane.fit.theta[:] = np.arange(lane.fit.theta.size)
    lane.publish()
    model = lane.fit.fitted()
    parts = [
        model.coefs_[0][:, 2:], model.intercepts_[0][2:], model.coefs_[1][2:], model.intercepts_[1], model.coefs_[2],
        model.intercepts_[2],
    ]  # fmt: skip
    np.testing.assert_array_equal(
        pictures.shown_weights(lane.snapshot, [list(range(2, 10)), [0, 1, 2]], SHOWN_INPUTS),
        np.concatenate([part.ravel() for part in parts]),
    )


def test_of_many_inputs_the_first_weights_are_shown():
    stage = stage_of(data="breast_cancer", hidden=[2], activations=["tanh"])
    assert len(pictures.shown_weights(stage.lanes[0].snapshot, [[0, 1]], SHOWN_INPUTS)) == 12 * 2 + 2 + 2 + 1
    assert pictures.input_maps(stage.scene).shape == (12, 32, 32)


def test_an_input_that_stands_still_on_the_plane_is_neither_low_nor_high():
    stage = stage_of(data="breast_cancer", axes=["mean radius", "mean texture"])
    maps = pictures.input_maps(stage.scene)
    assert [int(m.min()) for m in maps[:3]] == [0, 0, 128]
    assert [int(m.max()) for m in maps[:3]] == [255, 255, 128]


def test_the_warped_grid_is_the_grid_in_the_plane_of_two_units():
    stage = trained(stage_of(hidden=[5, 4]), 5)
    lines, rows = pictures.hidden_plane(stage.scene, stage.lanes[0].snapshot, 1, [3, 1])
    model = pipeline_of(stage, stage.lanes[0])

    def at(X):
        return model[-1].transform_hidden(model[:-1].transform(X), 1)[:, [3, 1]]

    np.testing.assert_allclose(rows, at(stage.rows.X), atol=1e-6)
    steps, ticks = np.linspace(-6, 6, 49), np.linspace(-6, 6, 13)
    assert lines.shape == (26, 49, 2)
    for k in (0, 5, 12):
        upright = pd.DataFrame({"x1": np.full(49, ticks[k]), "x2": steps})
        level = pd.DataFrame({"x1": steps, "x2": np.full(49, ticks[k])})
        np.testing.assert_allclose(lines[k], at(upright), atol=1e-5)
        np.testing.assert_allclose(lines[13 + k], at(level), atol=1e-5)
    for nothing in ((2, [0, 1]), (1, [0, 4]), (1, [0]), (1, [0, 1, 2])):
        assert pictures.hidden_plane(stage.scene, stage.lanes[0].snapshot, *nothing) is None


def test_histograms_are_those_of_numpy():
    stage = trained(stage_of(hidden=[6, 5], activations=["tanh", "relu"]), 5)
    shares, words = pictures.spread(stage.lanes[0].snapshot)
    model = pipeline_of(stage, stage.lanes[0])[-1]
    below = stage.scene.X[~stage.rows.held].astype(float)
    slopes = [lambda z: 1 - np.tanh(z) ** 2, lambda z: (z > 0).astype(float)]
    for layer in range(2):
        z = below @ model.coefs_[layer] + model.intercepts_[layer]
        for k, values in enumerate((z, slopes[layer](z))):
            low, high = words[layer][("z", "slope")[k]]
            assert (low, high) == pytest.approx((values.min(), values.max()), abs=1e-4)
            counts, _ = np.histogram(values, bins=40, range=(low, high))
            assert np.abs(shares[layer, k] - counts / values.size).sum() < 0.02
        below = np.tanh(z) if layer == 0 else z
    assert shares.sum(axis=2) == pytest.approx(1.0)
    assert words[1]["units"] == 5


def test_dead_and_saturated_units():
    stage = stage_of(hidden=[4], activations=["relu"])
    lane = stage.lanes[0]
    lane.fit.theta[8:12] = [-1e3, -1e3, 1e3, 1e3]  # the biases of the layer
    lane.publish()
    _, words = pictures.spread(lane.snapshot)
    assert (words[0]["dead"], words[0]["saturated"]) == (0.5, 0.5)
    lane.fit.theta[8:12] = -1e3
    lane.publish()
    _, words = pictures.spread(lane.snapshot)
    assert (words[0]["dead"], words[0]["slope"]) == (1.0, [-0.5, 0.5])


EVERYTHING = View(("input", 0), 0, (0, 1), ("hidden", "spread"))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38, 1e30])
@pytest.mark.parametrize(
    "settings", [{}, {"data": "iris"}, {"data": "hills"}, {"data": "diabetes", "loss_of_numbers": "poisson"}, {"loss": "focal"}],
    ids=str,
)  # fmt: skip
def test_weights_that_are_no_numbers_are_drawn(value, settings):
    stage = stage_of(**settings, activations=["z*z", "exp(z)"])
    stage.lanes[0].fit.theta[::3] = value
    stage.lanes[0].publish()
    _, arrays = Painter().frame(stage, EVERYTHING, running=False, rate=0.0)
    assert {"surface0", "units0", "weights0", "curve", "focus", "lines0", "hidden0", "spread0"} == set(arrays)
    assert np.isfinite(arrays["spread0"]).all()


def test_few_rows():
    points = nothing_drawn("regression").with_points(np.eye(2), 1.0).with_points(np.eye(2)[:1] * 3, 2.0)
    header, _ = Painter().frame(stage_of(Sources(drawn=points), data="drawn"), EVERYTHING, running=True, rate=1.0)
    assert np.isnan(header["nets"][0]["held_score"])
    points = nothing_drawn("classification").with_points(np.eye(2), 1.0).with_points(-np.eye(2), 0.0)
    Painter().frame(stage_of(Sources(drawn=points), data="drawn"), EVERYTHING, running=True, rate=1.0)


def test_large_networks_are_drawn_coarsely_while_they_train():
    small, large = stage_of(), stage_of(hidden=[256] * 6)
    sizes = [
        pictures.resolution(stage.lanes[0].snapshot, hurried=hurried)
        for stage in (small, large)
        for hurried in (True, False)
    ]
    assert sizes == [128, 128, 32, 128]
    assert pictures.unit_resolution(large.lanes[0].snapshot, hurried=True) == 32


@pytest.mark.parametrize(("key", "value"), [
    (s.key, value) for s in SETTINGS.values() for value, _ in s.choices if s.key not in ("pace", "alpha", "learning_rate")
])  # fmt: skip
def test_every_choice_trains_and_is_drawn(key, value):
    data = "diabetes" if SETTINGS[key].task == "regression" else "moons"
    stage = trained(
        stage_of(**{"data": data, "rows": 60, key: value, **({"penalty": "l2"} if key == "solver" else {})}), 1
    )
    header, _ = Painter().frame(stage, EVERYTHING, running=False, rate=0.0)
    assert np.isfinite(header["nets"][0]["train_loss"])
