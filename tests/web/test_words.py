"""What a page is told about itself."""

import json

import numpy as np

from nonlin import __version__, catalogue
from nonlin.formula.evaluate import evaluate
from nonlin.web.settings import SETTINGS, defaults
from nonlin.web.words import GLYPH_POINTS, catalogue_shown, hello, sets_of, state
from web.page import messy, stage_of, table_of, trained


def test_hello():
    words = hello("abc", stage_of(), "iris")
    assert json.loads(json.dumps(words)) == words
    assert (words["say"], words["version"], words["session"]) == ("hello", __version__, "abc")
    shown = {entry["key"]: entry["default"] for entry in words["schema"]}
    assert shown == {**defaults(), "data": "iris"}
    assert SETTINGS["data"].default == "moons"
    assert words["limits"] == {
        "layers": 8, "units": 1024, "rows": 200_000, "columns": 500, "classes": 12, "bytes": 25_000_000
    }  # fmt: skip


def test_the_sets():
    names = [entry["name"] for entry in sets_of(stage_of())]
    assert names == [
        "moons",
        "circle",
        "xor",
        "gauss",
        "spiral",
        "plane",
        "hills",
        "iris",
        "wine",
        "breast_cancer",
        "digits",
        "diabetes",
    ]
    tasks = {entry["name"]: entry.get("task") for entry in sets_of(stage_of())}
    assert {name for name, task in tasks.items() if task == "regression"} == {"plane", "hills"}
    assert sets_of(table_of(messy()))[0] == {"name": "table", "title": "mine"}


def test_every_set_that_is_named_can_be_chosen():
    for entry in sets_of(stage_of()):
        if entry["name"] != "digits":
            rows = stage_of(data=entry["name"]).rows
            assert rows.task == entry.get("task", rows.task)


def test_the_state_of_the_plane():
    words = state(trained(stage_of(rival="elu;alpha=2", inputs=["x2", "x1·x2"]), 3), running=True)
    assert json.loads(json.dumps(words)) == words
    assert (words["running"], words["epoch"], words["trainable"]) == (True, 3, True)
    own, rival = words["nets"]
    assert (own["widths"], own["parameters"], own["outputs"]) == ([2, 8, 4, 1], 65, 1)
    assert own["shown"] == [list(range(8)), list(range(4))]
    assert own["activations"][0] == {"spec": "tanh", "name": "tanh", "formula": "tanh(z)", "params": {}}
    assert [a["spec"] for a in rival["activations"]] == ["elu;alpha=2.0"] * 2
    scene = words["scene"]
    assert [entry["name"] for entry in scene["inputs"] if entry["used"]] == ["x2", "x1·x2"]
    assert len(scene["inputs"]) == 7
    assert (scene["train"], scene["held"], scene["rows"], scene["classes"]) == (250, 250, 500, ["0", "1"])
    assert (scene["window"], scene["axis_labels"], scene["columns"], scene["drawable"]) == (
        [-6, 6, -6, 6],
        ["x1", "x2"],
        [],
        True,
    )


def test_the_state_of_a_table():
    stage = table_of(messy())
    scene = state(stage, running=False)["scene"]
    used = [(entry["name"], entry["label"]) for entry in scene["inputs"] if entry["used"]]
    assert used[:2] == [("size", "size"), ("price", "price")]
    assert ("colour", "colour_blue") in used
    assert len(used) == min(12, stage.scene.X.shape[1])
    assert scene["columns"] == ["size", "price"]
    assert scene["file"] == "mine"
    assert scene["notes"][0].startswith("Kept class 'odd' of fewer than 5 rows")
    some = state(table_of(messy(), inputs=["size", "price"]), running=False)["scene"]
    assert [entry["name"] for entry in some["inputs"] if not entry["used"]] == ["colour", "day"]


def test_a_column_is_told_from_one_whose_name_begins_alike():
    frame = messy().rename(columns={"size": "a", "price": "b"}).assign(a_b=lambda f: f["colour"])
    scene = state(table_of(frame), running=False)["scene"]
    assert {entry["label"]: entry["name"] for entry in scene["inputs"]}["a_b_red"] == "a_b"


def test_the_catalogue_has_the_curves_of_its_activations():
    words, glyphs = catalogue_shown()
    entries = [entry for family in words["families"] for entry in family["activations"]]
    assert sorted(entry["name"] for entry in entries) == sorted(catalogue.names())
    assert sum(entry["classic"] for entry in entries) == 8
    assert glyphs.shape == (len(entries), GLYPH_POINTS)
    assert np.isfinite(glyphs).all()
    gelu = [entry["name"] for entry in entries].index("gelu")
    a = catalogue.get("gelu")
    places = np.linspace(-3, 3, GLYPH_POINTS)
    np.testing.assert_allclose(glyphs[gelu], [float(evaluate(a.expression, z, {})) for z in places], rtol=1e-6)
