"""What a page gives away: the model, figures, points and the session."""

import io
import json
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import nonlin
from nonlin.errors import InputError
from nonlin.web.exports import export
from nonlin.web.imports import with_model, with_session
from nonlin.web.sources import Sources, nothing_drawn
from nonlin.web.stage import changed
from web.page import messy, read_csv, stage_of, table_of, thetas, trained

MODELS = {
    "two classes": {"inputs": ["x1", "x2²"]},
    "one layer": {"data": "gauss", "hidden": []},
    "three classes": {"data": "iris", "hidden": [5], "activations": ["z*sin(a*z);a=0.5"]},
    "numbers": {"data": "diabetes"},
    "counts": {"data": "diabetes", "loss_of_numbers": "poisson", "share": 30},
    "numbers of the plane": {"data": "hills"},
    "a text table": {},
    "words alone": {},
}
TABLES = {"a text table": messy(), "words alone": messy()[["colour", "day", "y"]]}


def made(name, epochs=15):
    stage = table_of(TABLES[name]) if name in TABLES else stage_of(**MODELS[name])
    return trained(stage, epochs)


def loaded(data, folder):
    (folder / "m.skops").write_bytes(data)
    return nonlin.load(folder / "m.skops")


@pytest.mark.parametrize("name", MODELS)
def test_a_model_comes_back_bit_for_bit_and_says_what_its_file_says(name, tmp_path):
    stage = made(name)
    file = export(stage, "model", 0)
    rows = stage.rows.X[list(stage.scene.columns)] if not stage.rows.is_plane else stage.rows.X
    said = loaded(file.data, tmp_path).predict(rows)
    fit = stage.lanes[0].fit
    truth = stage.rows.y[stage.rows.held]
    held = loaded(file.data, tmp_path).score(rows[stage.rows.held], truth)
    assert held == pytest.approx(fit.measure(fit.theta)[1].score, abs=1e-5)

    other = changed(stage, {"noise": 31, "share": 70, "seed": 4})  # other rows, other scales, other weights
    back = with_model(other, file.data, file.name)
    np.testing.assert_array_equal(back.lanes[0].fit.theta, fit.theta)
    assert back.lanes[0].fit.epochs == 15
    assert not back.lanes[0].is_pure
    again = loaded(export(back, "model", 0).data, tmp_path)
    np.testing.assert_array_equal(again.predict(rows), said)
    turned = changed(back, {"pace": 5, "axes": []})
    assert turned.scene.pipeline is back.scene.pipeline


def test_other_axes_keep_the_preparation_of_a_model_that_was_loaded(tmp_path):
    stage = made("numbers")
    file = export(stage, "model", 0)
    back = with_model(changed(stage, {"share": 80}), file.data, "m.skops")
    turned = changed(back, {"axes": ["bmi", "bp"]})
    assert turned.scene.plane.labels == ("bmi", "bp")
    rows = stage.rows.X
    np.testing.assert_array_equal(
        loaded(export(turned, "model", 0).data, tmp_path).predict(rows), loaded(file.data, tmp_path).predict(rows)
    )


@pytest.mark.parametrize("name", ["two classes", "three classes", "numbers", "a text table", "words alone"])
def test_figures(name):
    stage = made(name, 2)
    svg = export(stage, "figure.svg", 0)
    assert ET.fromstring(svg.data).tag == "{http://www.w3.org/2000/svg}svg"
    png = export(stage, "figure.png", 0)
    image = Image.open(io.BytesIO(png.data))
    image.load()
    assert (png.type, image.format, image.size) == ("image/png", "PNG", (1280, 920))
    assert png.name == f"{stage.rows.name}.png"


def test_a_figure_of_a_pair_of_columns_and_of_a_subset():
    stage = trained(stage_of(data="iris", inputs=["petal length (cm)", "petal width (cm)", "sepal width (cm)"]), 1)
    turned = changed(stage, {"axes": ["petal width (cm)", "sepal width (cm)"]})
    assert export(turned, "figure.svg", 0).data != export(stage, "figure.svg", 0).data


COLOURS = pd.DataFrame({"colour": ["red", "green"] * 20, "y": [0, 0, 0, 1] * 10})
SHOWN = {
    "two inputs of words": (
        lambda: table_of(COLOURS, hidden=[2]),
        ("component 1 (100 %)\n(main components of 2 inputs, % of variance)", "component 2 (0 %)"),
    ),
    "numbers": (
        lambda: stage_of(data="diabetes", hidden=[2]),
        ("component 1 (40 %)\n(main components of 10 features, % of variance)", "component 2 (15 %)"),
    ),
    "axes": (
        lambda: stage_of(data="diabetes", hidden=[2], axes=["bmi", "age"]),
        ("bmi\n(8 other features at the usual value)", "age"),
    ),
    "axes that the plane has not": (lambda: stage_of(hidden=[2], axes=["age", "bmi"]), ("x1", "x2")),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_figure_shows_the_plane_of_the_page(name, monkeypatch):
    drawn = []
    monkeypatch.setattr("nonlin.plots._style.to_svg", lambda figure: drawn.append(figure) or "")
    make, labels = SHOWN[name]
    stage = trained(make(), 1)
    export(stage, "figure.svg", 0)
    axes = drawn[0].axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == labels
    assert (labels[0].split("\n")[0], labels[1]) == stage.scene.plane.labels
    dots = np.vstack([cloud.get_offsets() for cloud in axes.collections if len(cloud.get_offsets()) > 1])
    np.testing.assert_array_equal(np.unique(dots, axis=0), np.unique(stage.scene.places, axis=0))


def test_points_are_the_rows_with_what_is_held_out():
    stage = stage_of(rows=40)
    table = read_csv(export(stage, "points", 0).data)
    assert list(table) == ["x1", "x2", "y", "held_out"]
    np.testing.assert_array_equal(table[["x1", "x2"]], stage.rows.X)
    np.testing.assert_array_equal(table["held_out"] == 1, stage.rows.held)


def test_points_keep_columns_of_any_name():
    frame = pd.DataFrame({"held_out": np.arange(20.0), "cls": np.arange(20.0) % 3, "self": [0, 1] * 10})
    stage = table_of(frame, "self")
    before = list(stage.rows.X)
    table = read_csv(export(stage, "points", 0).data)
    assert list(table) == ["held_out", "cls", "self", "held_out_"]
    pd.testing.assert_frame_equal(table[list(frame)], frame.astype(float))
    np.testing.assert_array_equal(table["held_out_"] == 1, stage.rows.held)
    assert list(stage.rows.X) == before
    table = read_csv(export(table_of(frame, "held_out"), "points", 0).data)
    assert list(table) == ["cls", "self", "held_out", "held_out_"]


def test_a_session_comes_back():
    drawn = nothing_drawn("classification").with_points(np.eye(2) * np.pi, 1.0).with_points(-np.eye(2), 0.0)
    stage = trained(stage_of(Sources(drawn=drawn), data="drawn", rival="relu", learning_rate=0.03), 9)
    file = export(stage, "session", 0)
    back = with_session(stage_of(), file.data, file.name)
    assert back.settings == stage.settings
    for ours, theirs in zip(thetas(back), thetas(stage), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert [lane.fit.epochs for lane in back.lanes] == [9, 9]
    np.testing.assert_array_equal(back.rows.X, stage.rows.X)
    np.testing.assert_array_equal(back.rows.held, stage.rows.held)
    assert json.loads(export(back, "session", 0).data) == json.loads(file.data)


def test_a_network_that_has_diverged_is_saved_without_its_weights():
    stage = stage_of()
    stage.lanes[0].fit.theta[0] = np.nan
    stage.lanes[0].publish()
    data = export(stage, "session", 0).data
    assert json.loads(data, parse_constant=pytest.fail)["weights"] == [[]]
    assert np.isfinite(with_session(stage, data, "s.json").lanes[0].fit.theta).all()


def test_refusals():
    stage = stage_of()
    with pytest.raises(InputError) as caught:
        export(stage, "secrets", 0)
    assert str(caught.value) == (
        "what must be one of model, code, figure.svg, figure.png, points, session, got 'secrets'"
    )
    with pytest.raises(InputError, match="^net must be one of the 1 networks of the page, got 1$"):
        export(stage, "model", 1)
    with pytest.raises(InputError, match="what must be one of"):
        export(stage, ["model"], 0)
    nothing = stage_of(data="drawn")
    for what in ("model", "code", "figure.svg", "figure.png"):
        with pytest.raises(InputError) as caught:
            export(nothing, what, 0)
        assert str(caught.value) == (
            "there must be rows to train on, of two classes, and some held out; draw or choose some"
        )
    assert export(nothing, "points", 0).data == b"x1,x2,y,held_out\n"
