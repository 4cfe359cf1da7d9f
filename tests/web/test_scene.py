"""The rows that a page learns from, and the plane on which it looks at them."""

import numpy as np
import pandas as pd
import pytest

from nonlin.data import load, plane_preprocessor, plane_set, preprocessor, split_rows
from nonlin.errors import InputError, TableError
from nonlin.web.scene import MOST_ROWS, Prepared, scene_of, set_rows, table_rows, turned
from nonlin.web.settings import checked, defaults, merged
from nonlin.web.stage import changed
from web.page import messy, stage_of, table_of


def settings(**values):
    return merged(defaults(), values)


def test_the_rows_of_a_set_are_those_that_anybody_draws():
    rows = set_rows(settings(data="spiral", rows=77, noise=20, share=70, data_seed=3))
    X, y = plane_set("spiral", rows=77, noise=0.2, seed=3)
    assert rows.X.equals(X)
    np.testing.assert_array_equal(rows.y, y)
    np.testing.assert_array_equal(np.flatnonzero(rows.held), split_rows(y, 0.7, classes=True)[1])
    assert (rows.name, rows.source, rows.title, rows.target, rows.classes) == (
        "spiral",
        "spiral",
        "spiral",
        "y",
        (0, 1),
    )


def test_inputs_are_standardised_by_the_rows_that_are_trained_on():
    scene = stage_of(inputs=["sin x1", "x2"]).scene
    assert scene.columns == ("x2", "sin x1")
    train = scene.rows.X[~scene.rows.held]
    pipeline = plane_preprocessor(["x2", "sin x1"]).fit(train)
    np.testing.assert_array_equal(scene.X, pipeline.transform(scene.rows.X))
    np.testing.assert_allclose(scene.parts[0].mean(axis=0), 0, atol=1e-5)
    assert [len(part) for part in scene.parts] == [250, 250, 250, 250]
    assert scene.X.dtype == np.float32


def test_the_grid_goes_row_by_row_from_the_bottom():
    scene = stage_of().scene
    assert scene.window == (-6.0, 6.0, -6.0, 6.0)
    grid = scene.grid(3)
    places = pd.DataFrame([(x, y) for y in (-6.0, 0.0, 6.0) for x in (-6.0, 0.0, 6.0)], columns=["x1", "x2"])
    np.testing.assert_array_equal(grid, scene.pipeline.transform(places))
    assert scene.grid(3) is grid
    for n in range(4, 30):
        assert scene.grid(n).shape == (n * n, 2)
    assert len(scene._grids) == 6


def test_a_table_is_prepared_as_everywhere():
    frame = messy()
    scene = table_of(frame).scene
    table = load(frame, "y")
    pipeline = preprocessor().fit(table.X[~scene.rows.held])
    np.testing.assert_array_equal(scene.X, pipeline.transform(table.X))
    assert np.isfinite(scene.X).all()
    assert scene.rows.classes == ("big", "odd", "small")
    held, y = scene.rows.held, scene.rows.y
    assert ((y == "odd") & held).sum() == ((y == "odd") & ~held).sum() == 1
    assert np.isfinite(scene.grid(5)).all()
    assert scene.plane.labels == ("size", "price")
    assert scene.labels[:2].tolist() == [1.0, 1.0]


def test_the_window_has_a_margin_and_takes_no_notice_of_what_is_missing():
    scene = table_of(messy()).scene
    size = messy()["size"].dropna()
    low, high = size.min(), size.max()
    assert scene.window[:2] == pytest.approx((low - 0.07 * (high - low), high + 0.07 * (high - low)))


def test_of_many_columns_the_main_plane_is_drawn_or_two():
    scene = stage_of(data="wine").scene
    assert scene.plane.labels[0].startswith("component 1 (")
    assert scene.plane.note == "main components of 13 features, % of variance"
    other = turned(scene, settings(data="wine", axes=["alcohol", "hue"]))
    assert other.plane.labels == ("alcohol", "hue")
    assert other.plane.note == "11 other features at the usual value"
    assert other.pipeline is scene.pipeline
    x0, x1, y0, y1 = other.window
    assert x0 < scene.rows.X["alcohol"].min() < scene.rows.X["alcohol"].max() < x1
    assert y0 < scene.rows.X["hue"].min() < scene.rows.X["hue"].max() < y1


@pytest.mark.parametrize("numbers", [{}, {"a": np.arange(40.0)}])
def test_a_table_without_two_numbers_is_drawn_on_the_main_plane_of_the_networks_inputs(numbers):
    words = {"t": ["u", "v", "w", "x"] * 10, "s": ["long", "short", None, "long", "short"] * 8}
    scene = table_of(frame_of(**numbers, **words)).scene
    centred = scene.X - scene.X.mean(axis=0)
    _, strengths, directions = np.linalg.svd(centred, full_matrices=False)
    shares = 100 * strengths**2 / (strengths**2).sum()
    assert (scene.looks_at_inputs, scene.numeric) == (True, list(numbers))
    assert scene.plane.labels == tuple(f"component {k + 1} ({shares[k]:.0f} %)" for k in range(2))
    assert scene.plane.note == f"main components of {scene.X.shape[1]} inputs, % of variance"
    np.testing.assert_allclose(np.abs(scene.places), np.abs(centred @ directions[:2].T), atol=1e-4)
    np.testing.assert_allclose(scene.plane.project(scene.inputs_at(scene.places)), scene.places, atol=1e-4)
    with pytest.raises(InputError):
        turned(scene, settings(axes=["t", "s"]))


def test_numbers_are_standardised_by_those_trained_on():
    scene = stage_of(data="diabetes").scene
    y, held = scene.rows.y, scene.rows.held
    np.testing.assert_allclose(scene.target, (y - y[~held].mean()) / y[~held].std())
    assert scene.values == (25.0, 346.0)
    assert scene.rows.classes == ()
    assert stage_of(data="hills").scene.scaler is None


def test_what_is_prepared_is_taken_as_it_is():
    rows = stage_of(data="diabetes").rows
    first = scene_of(rows, settings(data="diabetes"))
    prepared = Prepared(first.pipeline, first.scaler)
    assert scene_of(rows, settings(data="diabetes", share=10), prepared).scaler is first.scaler


def test_of_many_rows_some_are_drawn():
    frame = pd.DataFrame({"a": np.arange(5001.0), "b": np.arange(5001.0) % 7, "y": np.arange(5001) % 2})
    shown = table_of(frame).scene.shown
    assert (len(shown), shown[0], shown[-1]) == (2000, 0, 5000)
    assert (np.diff(shown) > 1).all()


def frame_of(**columns):
    return pd.DataFrame({**columns, "y": [0, 1] * 20})


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (frame_of(a=np.arange(40.0)), "the playground draws a plane, and 'a' alone is a line; use nonlin study for it"),
        (pd.DataFrame({"a": np.arange(260.0), "b": np.arange(260.0) % 9, "y": [f"c{i}" for i in range(13)] * 20}),
         "the playground takes at most 12 classes, got 13; use nonlin study for this table"),
        (pd.DataFrame(np.random.default_rng(0).normal(size=(40, 501))).assign(y=[0, 1] * 20),
         "the playground takes at most 500 columns, got 501; use nonlin study for this table"),
    ],
    ids=["one number", "classes", "columns"],
)  # fmt: skip
def test_tables_that_are_too_much_or_too_little(frame, words):
    with pytest.raises(TableError) as caught:
        table_of(frame)
    assert str(caught.value) == words


def test_a_table_of_too_many_rows():
    table = load(pd.DataFrame({"a": np.zeros(20) + np.arange(20), "b": np.arange(20) % 3, "y": [0, 1] * 10}), "y")
    long = type(table)(table.X.iloc[np.zeros(MOST_ROWS + 1, int)], table.y, "regression", "t", "y", (), ())
    with pytest.raises(TableError, match="^the playground takes at most 200,000 rows, got 200,001; use nonlin study"):
        table_rows(long, settings())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"inputs": ["ash", "taste"]}, "inputs must be some of alcohol, malic_acid, ash"),
        ({"axes": ["ash", "taste"]}, "unknown feature 'taste'"),
    ],
)
def test_columns_that_are_none(values, words):
    with pytest.raises(InputError) as caught:
        stage_of(data="wine", **values)
    assert str(caught.value).startswith(words)


def test_axes_must_be_among_the_inputs():
    with pytest.raises(InputError, match="^unknown feature 'hue'"):
        stage_of(data="wine", inputs=["alcohol", "ash", "magnesium"], axes=["hue", "ash"])


def test_when_there_is_something_to_train():
    assert stage_of().scene.is_trainable
    empty = stage_of(data="drawn").scene
    assert not empty.is_trainable
    assert empty.X.shape == (0, 2)
    assert empty.grid(4).shape == (16, 2)
    assert empty.rows.classes == (0, 1)
    assert empty.values == (0.0, 1.0)


def test_columns_of_long_names_can_be_left_out_and_a_message_shortens_them():
    names = [letter * 300 for letter in "abc"]
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(20, 3)), columns=names).assign(y=[0, 1] * 10)
    stage = changed(table_of(frame), checked({"inputs": names[:2], "axes": names[1::-1]}))
    assert stage.scene.columns == tuple(names[:2])
    assert stage.scene.plane.labels == (names[1], names[0])
    with pytest.raises(InputError) as caught:
        changed(stage, checked({"inputs": ["d" * 300]}))
    a, b, c, d = (f"{letter * 80}…" for letter in "abcd")
    assert str(caught.value) == f"inputs must be some of {a}, {b}, {c}, got '{d}'"
