"""A page's conversation: what each message does, what is refused, and that nothing ends the page but its end."""

import json
import queue
import threading

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nonlin.data import load
from nonlin.web import session as room
from nonlin.web.card import curve
from nonlin.web.session import _ACTIONS, Session
from nonlin.web.settings import SETTINGS, defaults
from web.page import PATIENCE, csv, messy, page


def test_a_page_opens():
    with page(noise=20, hidden=[3], nonsense=1, activations=["gelo"]) as opened:
        hello, state, scene = opened.opened
        assert [setting["key"] for setting in hello["schema"]] == list(SETTINGS)
        assert (hello["session"], len(hello["tour"])) == (opened.session.id, 6)
        assert state["settings"] == {**defaults(), "noise": 20, "hidden": [3], "activations": ["tanh"]}
        assert (state["running"], state["epoch"], state["nets"][0]["widths"]) == (False, 0, [2, 3, 1])
        assert {name: part.shape for name, part in scene["arrays"].items()} == {
            "places": (500, 2), "labels": (500,), "held": (500,), "inputs": (2, 32, 32)
        }  # fmt: skip
        assert opened.wait("note")["message"].startswith(
            "unknown setting 'nonsense'; did you mean 'noise'? the settings are data"
        )
        assert opened.wait("note")["message"].endswith("; the default is taken")


def test_open_comes_first():
    session, told = Session(), queue.Queue()
    session.attach(lambda *message: told.put(message))
    session.receive({"do": "play"})
    assert told.get(timeout=PATIENCE)[0] == {
        "say": "refused", "message": "open must be the first message of a page; load the page again"
    }  # fmt: skip
    session.close()


def test_settings_that_cannot_be_shown_give_the_usual_page():
    with page(data="nowhere", hidden=[3], axes=["a", "b"]) as opened:
        found = opened.opened[1]["settings"]
        assert (found["data"], found["hidden"], found["axes"]) == ("moons", [3], [])
        assert opened.wait("note")["message"].startswith("unknown data set 'nowhere'")


def test_a_table_that_cannot_be_drawn_gives_the_usual_page():
    table = load(pd.DataFrame({"a": np.arange(20.0), "y": [0, 1] * 10}), "y")
    with page(table) as opened:
        assert opened.opened[1]["settings"]["data"] == "moons"
        words = "the playground draws a plane, and 'a' alone is a line; use nonlin study for it; what is usual is shown"
        assert opened.wait("note")["message"] == words


def test_ones_own_table_is_shown_first():
    with page(load("iris")) as opened:
        hello, state, _ = opened.opened
        assert hello["sets"][0] == {"name": "table", "title": "iris"}
        assert (state["scene"]["classes"], state["scene"]["drawable"]) == (["setosa", "versicolor", "virginica"], False)
        assert opened.refusal("draw", label=0, places=[[0, 0]]) == (
            "points can be drawn only in the plane of x1 and x2; choose one of its data sets"
        )
        assert opened.refusal("target", column="a").startswith("target: there is no table of yours")


def test_the_data_set_that_is_shown_first_is_the_default_of_the_page():
    with page(None, "iris") as opened:
        hello, state, _ = opened.opened
        assert (hello["schema"][0]["key"], hello["schema"][0]["default"]) == ("data", "iris")
        assert state["settings"] == {**defaults(), "data": "iris"}
        opened.set(data="moons")
        again, state, _ = opened.open()
        assert (again["schema"][0]["default"], state["settings"]["data"]) == ("iris", "moons")
    with page(None, "iris", data=3) as opened:
        assert opened.opened[1]["settings"]["data"] == "iris"
        assert opened.wait("note")["message"] == "data must be text, got 3; the default is taken"
    with page(load("wine")) as opened:
        assert opened.opened[0]["schema"][0]["default"] == "table"


def test_a_known_session_goes_on_and_its_curve_begins_anew():
    with page() as opened:
        opened.frame()
        before = opened.train_to(5)
        opened.session.detach()
        opened.come()
        _, state, _ = opened.open()
        assert state["epoch"] >= before["epoch"]
        frame = opened.frame()
        assert frame["curve_from"] == 0
        assert frame["arrays"]["curve"][0, 0] == 0.0


def test_set_answers_with_the_state_and_a_scene_if_there_is_another():
    with page() as opened:
        assert opened.set(learning_rate=0.3)["settings"]["learning_rate"] == 0.3
        assert opened.told.empty()
        opened.set(data="xor")
        assert opened.next()["say"] == "scene"
        assert opened.refusal("set", values={"noise": 51, "rows": 30}) == "noise must be between 0 and 50, got 51"
        assert opened.set(pace=0)["settings"]["rows"] == 500


def test_an_address_is_taken_as_at_the_first_opening():
    with page(None, "iris", hidden=[5], noise=30, seed=3) as opened:
        opened.ask("address", settings={"data": "xor", "hidden": 6, "activations": "relu", "noise": 99})
        state = opened.next()
        assert (state["say"], state["nets"][0]["widths"]) == ("state", [2, 6, 1])
        assert state["settings"] == {**defaults(), "data": "xor", "hidden": [6], "activations": ["relu"]}
        assert opened.next()["say"] == "scene"
        note = opened.next()
        assert (note["say"], note["message"]) == (
            "note",
            "noise must be between 0 and 50, got 99; the default is taken",
        )
        assert opened.answer("address", "state", settings={})["settings"] == {**defaults(), "data": "iris"}


def test_weights_go_on_under_an_address_where_they_mean_the_same():
    with page() as opened:
        epoch = opened.train_to(3)["epoch"]
        assert opened.answer("address", "state", settings={"learning_rate": 0.3})["epoch"] == epoch
        opened.ask("play")
        opened.wait("state")
        assert opened.answer("address", "state", settings={"pace": 300})["running"]
        opened.answer("pause", "state")
        assert opened.answer("address", "state", settings={"seed": 1})["epoch"] == 0


def test_an_address_that_the_rows_refuse_changes_nothing():
    with page(noise=20) as opened:
        for given, words in (
            ({"data": "mooons"}, "unknown data set 'mooons'; did you mean 'moons'? the sets are moons, circle, "),
            ({"data": "plane", "loss_of_numbers": "poisson"}, "y must be at least 0 for loss='poisson', got -0.9"),
            ({"data": "iris", "inputs": "x1"}, "inputs must be some of sepal length (cm), "),
            ([1], "settings must be an object of settings, got [1]"),
            (None, "settings must be an object of settings, got None"),
        ):
            assert opened.refusal("address", settings=given).startswith(words)
        assert opened.told.empty()
        assert opened.set()["settings"] == {**defaults(), "noise": 20}


def test_a_refused_setting_is_named():
    with page() as opened:
        opened.ask("set", values={"activations": ["tanh", "z*frob(z)"]})
        refused = opened.wait("refused")
        assert (refused["key"], refused["position"]) == ("activations", 2)


def test_a_loss_that_gives_way_is_said_once():
    with page(data="diabetes", loss_of_numbers="poisson") as opened:
        assert opened.set(data="plane", noise=0, rows=20)["settings"]["loss_of_numbers"] == "squared_error"
        words = opened.wait("note")["message"]
        assert words.startswith("Loss: Poisson takes numbers of at least 0, and 'y' of slope goes down to -")
        assert opened.refusal("set", values={"loss_of_numbers": "poisson"}).startswith(
            "y must be at least 0 for loss='poisson', got -"
        )
        opened.open()
        opened.settle()
        opened.set(pace=5)
        assert opened.told.empty()


def test_play_step_pause_and_reset():
    with page() as opened:
        first = opened.frame()["arrays"]["weights0"]
        opened.ask("step")
        assert opened.still()["epoch"] == 1
        opened.train_to(10)
        state = opened.answer("pause", "state")
        assert (state["running"], state["epoch"] >= 10) == (False, True)
        assert opened.answer("reset", "state")["epoch"] == 0
        frame = opened.frame()
        np.testing.assert_array_equal(frame["arrays"]["weights0"], first)
        assert (frame["curve_from"], frame["arrays"]["curve"][:, 0].tolist()) == (0, [0.0])


def test_a_change_while_it_trains_keeps_training():
    with page(pace=0) as opened:
        opened.ask("play")
        while opened.frame()["epoch"] < 5:
            pass
        for values in ({"learning_rate": 0.01}, {"activations": ["relu", "relu"]}, {"hidden": [4]}, {"data": "circle"}):
            assert opened.set(**values)["running"]
            epoch = opened.frame()["epoch"]
            while opened.frame()["epoch"] <= epoch:
                pass


def test_a_curve_begins_anew_even_if_training_is_soon_further_than_before():
    with page(pace=0, rows=20) as opened:
        opened.train_to(3)
        opened.ask("reset")
        opened.ask("play")
        while not opened.session._trainer.lanes[0].fit.epochs > 500:
            opened.settle()
        assert opened.frame()["curve_from"] == 0


def test_one_frame_for_each_request():
    with page() as opened:
        numbers = [opened.frame()["frame"]]
        opened.ask("frame", view={})  # nothing is newer: it waits
        opened.settle()
        assert opened.told.empty()
        opened.ask("step")
        frame = opened.wait("frame")
        if frame["running"]:
            frame = opened.still()
        numbers.append(frame["frame"])
        numbers += [opened.frame(layer=layer, panels=["hidden"])["frame"] for layer in (0, 1)]
        assert numbers == sorted(set(numbers))
        opened.settle()
        assert opened.told.empty()


def test_what_a_frame_holds():
    with page(rival="relu", hidden=[9, 3]) as opened:
        frame = opened.frame(focus=[1, 0, 8], layer=0, pair=[8, 0], panels=["hidden", "spread"])
        shapes = {name: part.shape for name, part in frame["arrays"].items()}
        nets = {
            "surface": (128, 128),
            "units": (11, 32, 32),
            "lines": (26, 49, 2),
            "hidden": (500, 2),
            "spread": (2, 2, 40),
        }
        sizes = 2 * 8 + 8 + 8 * 3 + 3 + 3 + 1
        expected = {f"{name}{k}": shape for k in (0, 1) for name, shape in {**nets, "weights": (sizes,)}.items()}
        assert shapes == {**expected, "focus": (96, 96), "curve": (1, 5)}
        assert [len(net["layers"]) for net in frame["nets"]] == [2, 2]
        plain = opened.frame()
        assert set(plain["arrays"]) == {"surface0", "units0", "weights0", "surface1", "units1", "weights1", "curve"}


def test_weights_are_set():
    with page() as opened:
        opened.frame()
        opened.ask("weight", net=0, layer=0, **{"from": 1, "to": 2}, value=0.5)
        opened.ask("weight", net=0, layer=2, **{"from": -1, "to": 0}, value=-2)
        opened.settle()
        weights = opened.frame(layer=1)["arrays"]["weights0"]
        assert (weights[8 + 2], weights[-1]) == (0.5, -2.0)
        for wrong in (
            {"layer": 3},
            {"from": 2},
            {"to": 8},
            {"net": 1},
            {"net": -1},
            {"from": -2},
            {"layer": True},
            {"to": None},
        ):
            message = {"net": 0, "layer": 0, "from": 0, "to": 0, "value": 1.0, **wrong}
            numbers = [message[key] for key in ("net", "layer", "from", "to")]
            assert opened.refusal("weight", **message) == f"weight must be one of the network's, got {numbers}"
        message = {"net": 0, "layer": 0, "from": 0, "to": 0, "value": 10**400}
        assert opened.refusal("weight", **message).startswith("value must be a number within ±1,000,000, got 1000")


def test_points_are_drawn_and_erased():
    with page() as opened:
        state = opened.answer("draw", "state", label=1, places=[[0, 0], [1.5, -2]])
        assert (state["settings"]["data"], state["scene"]["rows"], state["scene"]["drawable"]) == ("drawn", 502, True)
        scene = opened.wait("scene")["arrays"]
        assert scene["places"][-2:].tolist() == [[0, 0], [1.5, -2]]
        assert opened.answer("erase", "state", place=[1.5, -2], radius=0)["scene"]["rows"] == 501
        empty = opened.answer("clear", "state")
        assert (empty["scene"]["rows"], empty["trainable"], empty["nets"]) == (0, False, [])
        opened.wait("scene")
        assert set(opened.frame()["arrays"]) == {"curve"}
        words = "there must be rows to train on, of two classes, and some held out; draw or choose some"
        assert opened.answer("reset", "state")["epoch"] == 0
        assert opened.refusal("play") == opened.refusal("step") == opened.refusal("export", what="code", id=1) == words
        for label, places in ((0, [[-2, 0], [-2, 1]]), (3, [[2, 0], [2, 1]])):
            state = opened.answer("draw", "state", label=label, places=places)
        assert (state["scene"]["classes"], state["trainable"]) == (["0", "1", "3"], True)
        opened.train_to(3)


def test_numbers_are_drawn_on_a_set_of_numbers():
    with page(data="plane", rows=20) as opened:
        state = opened.answer("draw", "state", value=0.25, places=[[0, 0]])
        assert (state["scene"]["task"], state["scene"]["rows"]) == ("regression", 21)
        assert opened.answer("clear", "state")["scene"]["task"] == "regression"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"do": "draw", "label": 6, "places": [[0, 0]]}, "label must be a class from 0 to 5, got 6"),
        ({"do": "draw", "label": 0.5, "places": [[0, 0]]}, "label must be a class from 0 to 5, got 0.5"),
        ({"do": "draw", "label": True, "places": [[0, 0]]}, "label must be a class, or a number within ±1000, got True"),
        ({"do": "draw", "places": [[0, 0]]}, "label must be a class, or a number within ±1000, got None"),
        ({"do": "draw", "label": 1, "places": []}, "places must be 1 to 1,000 points, got 0"),
        ({"do": "draw", "label": 1, "places": [[0, 0, 0]]}, "places must be pairs of numbers within ±1000, got [0, 0, 0]"),
        ({"do": "draw", "label": 1, "places": [[0, 1e4]]}, "places must be pairs of numbers within ±1000, got [0, 10000.0]"),
        ({"do": "draw", "label": 1, "places": [[0, True]]}, "places must be pairs of numbers within ±1000, got [0, True]"),
        ({"do": "draw", "label": 1, "places": {}}, "places must be 1 to 1,000 points, got {}"),
        ({"do": "erase", "place": [0, 0], "radius": -1}, "radius must be a distance from 0 to 100, got -1"),
        ({"do": "erase", "radius": 1}, "places must be pairs of numbers within ±1000, got None"),
        ({"do": "frame", "view": {"focus": [0, 0]}}, 'view must be a focus of [net, layer, unit], ["input", i] or null, got [0, 0]'),
        ({"do": "frame", "view": {"panels": ["x"]}}, "view must be with panels of hidden, spread, got ['x']"),
        ({"do": "frame", "view": {"layer": -1}}, "view must be made of whole numbers from 0 on, got [-1, 0, 1]"),
        ({"do": "frame", "view": [1]}, "view must be an object, got [1]"),
        ({"do": "set", "values": [1]}, "values must be an object of settings, got [1]"),
        ({"do": "set"}, "values must be an object of settings, got None"),
        ({"do": "curve", "activation": None, "id": 1}, "activation must be a name or a formula in z, got None"),
        ({"do": "export", "what": "x", "id": 1}, "what must be one of model, code, figure.svg, figure.png, points, session, got 'x'"),
        ({"do": "export", "what": "model", "net": 1}, "net must be one of the 1 networks of the page, got 1"),
        ({"do": "export", "what": "model", "net": "0"}, "net must be one of the 1 networks of the page, got -1"),
        ({"do": "import", "name": "m.skops"}, "'m.skops' is no model of nonlin; give a file that model.save or nonlin fit wrote"),
        ({"do": "import", "name": "s.json"}, "'s.json' is no saved session of the playground; give a file that its Save made"),
        ({"do": "upload", "name": "t.csv"}, "source must hold a table, got the empty file 't.csv'; give it a header line and rows"),
        ({"do": "dance"}, f"do must be one of {', '.join(_ACTIONS)}, got 'dance'"),
        ({"do": ["play"]}, f"do must be one of {', '.join(_ACTIONS)}, got ['play']"),
        ({}, f"do must be one of {', '.join(_ACTIONS)}, got None"),
    ],
    ids=str,
)  # fmt: skip
def test_refusals(message, words):
    with page() as opened:
        opened.session.receive(message)
        refused = opened.wait("refused")
        assert refused["message"] == words
        assert refused.get("id") == message.get("id")


def test_a_refused_file_leaves_training_running():
    with page() as opened:
        opened.answer("play", "state")
        opened.refusal("import", name="m.skops", buffer=b"no")
        assert opened.session._trainer.is_running
        assert opened.set(pace=300)["running"]


def test_a_table_is_dropped_and_its_target_changed():
    with page() as opened:
        opened.ask("upload", csv(messy()), name="../my table.csv", target=None)
        hello, state = opened.wait("hello"), opened.wait("state")
        assert hello["sets"][0] == {"name": "table", "title": "my table"}
        scene = state["scene"]
        assert (scene["target"], scene["classes"], scene["file"]) == ("y", ["big", "odd", "small"], "my table")
        assert scene["targets"] == ["size", "price", "colour", "day", "same", "y"]
        assert scene["columns"] == ["size", "price"]
        assert opened.wait("note")["message"].startswith("Kept class 'odd' of fewer than 5 rows")
        state = opened.answer("target", "state", column="colour")
        assert (state["scene"]["target"], state["scene"]["classes"]) == ("colour", ["blue", "red"])
        assert opened.refusal("target", column="nothing").startswith(
            "target must be a column of the table, got 'nothing'"
        )
        opened.set(data="moons")
        assert opened.set(data="table")["scene"]["target"] == "colour"
        opened.train_to(3)


def test_a_table_that_cannot_be_drawn_is_refused_and_the_page_stays():
    with page() as opened:
        frame = pd.DataFrame({"t": np.arange(20.0), "y": [0, 1] * 10})
        words = opened.refusal("upload", csv(frame), name="t.csv")
        assert words == "the playground draws a plane, and 't' alone is a line; use nonlin study for it"
        assert opened.set(noise=1)["scene"]["name"] == "moons"


def test_a_target_that_cannot_be_learned_is_refused_in_one_line_and_guessed_never():
    with page() as opened:
        frame = pd.DataFrame(
            {
                "a": np.arange(20.0),
                "b": np.arange(20.0) % 3,
                "c": np.arange(20.0) % 7,
                "name": [f"n{i}" for i in range(20)],
            }
        )
        words = opened.refusal("upload", csv(frame), name="t.csv", target="name", id=3)
        assert words.startswith("target must repeat its classes")
        for target, taken in ((None, "c"), ("a", "a")):
            opened.ask("upload", csv(frame), name="t.csv", target=target)
            opened.wait("hello")
            assert opened.wait("state")["scene"]["target"] == taken


def test_curves_and_the_catalogue():
    with page() as opened:
        curve = opened.answer("curve", "curve", activation="z*sigmoid(beta*z);beta=1.5", id=7)
        assert (curve["id"], curve["params"], curve["range"]) == (7, {"beta": 1.5}, [-5.0, 5.0])
        z = curve["arrays"]["z"].astype(float)
        np.testing.assert_allclose(curve["arrays"]["value"], z / (1 + np.exp(-1.5 * z)), atol=1e-6)
        opened.ask("curve", activation="frob(z)", id=8)
        refused = opened.wait("refused")
        assert (refused["id"], refused["position"]) == (8, 0)
        catalogue = opened.answer("catalogue", "catalogue", id=9)
        entries = [a for family in catalogue["families"] for a in family["activations"]]
        assert catalogue["arrays"]["glyphs"].shape[0] == len(entries) >= 100


def test_a_curve_that_is_too_steep_is_infinite_where_it_is_and_warns_of_nothing():
    _, arrays = curve("exp(exp(z))")
    assert arrays["value"][-1] == arrays["slope"][-1] == np.inf
    assert np.isfinite(arrays["value"][arrays["z"] < 4.48]).all()


def test_a_model_goes_out_and_comes_back():
    with page() as first, page(data="xor") as second:
        weights = first.train_to(4)["arrays"]["weights0"]
        model = first.file("model")
        second.ask("import", model, name="a/b.skops", id=5)
        state = second.wait("state")
        assert (state["running"], state["epoch"] >= 4) == (False, True)
        note = second.wait("note")
        assert (note["id"], note["message"]) == (5, "b.skops is on the page now")
        np.testing.assert_array_equal(second.frame()["arrays"]["weights0"], weights)


def test_a_session_goes_out_and_comes_back():
    with page() as first, page() as second:
        first.answer("draw", "state", label=2, places=[[0, 5], [0, 5.5], [1, 5]])
        first.set(hidden=[5], rival="relu")
        first.train_to(4)
        second.ask("import", first.file("session"), name="playground.json", id=5)
        assert second.wait("state")["settings"] == first.set()["settings"]
        one, other = first.frame()["arrays"], second.frame()["arrays"]
        for name in ("surface0", "surface1", "weights0", "weights1"):
            np.testing.assert_array_equal(one[name], other[name])


def test_two_sessions_share_nothing():
    with page() as first, page() as second:
        assert first.session.id != second.session.id
        first.set(hidden=[2], noise=0)
        first.train_to(3)
        first.answer("clear", "state")
        state = second.set()
        assert (state["settings"], state["epoch"], state["scene"]["rows"]) == (defaults(), 0, 500)


def test_a_page_that_leaves_stops_training():
    with page(pace=0) as opened:
        opened.answer("play", "state")
        opened.session.detach()
        with opened.session._trainer.held():
            assert not opened.session._trainer.is_running


def test_play_of_a_page_that_has_left_meanwhile_trains_nothing():
    with page() as opened:
        opened.settle()
        with opened.session._trainer.held():
            opened.ask("set", values={"noise": 3})  # waits until training is let go
            opened.ask("play")
            opened.session.detach()
        opened.come()
        opened.open()
        assert not opened.session._trainer.is_running


def test_answers_go_to_the_page_that_asked():
    with page() as opened:
        with opened.session._trainer.held():
            opened.ask("set", values={"noise": 3})
            opened.ask("curve", activation="tanh", id=1)
            opened.ask("frame", view={})
            opened.session.detach()
            opened.come()
            opened.ask("open", settings={}, session=None)
        assert [opened.next()["say"] for _ in range(3)] == ["hello", "state", "scene"]
        assert opened.set()["settings"]["noise"] == 3
        assert opened.told.empty()


def test_a_page_that_cannot_be_told_ends_nothing():
    with page() as opened:
        opened.session.attach(lambda *_: 1 / 0)
        for do in ("catalogue", "step", "frame", "dance"):
            opened.ask(do)
        opened.come()
        opened.open()
        assert opened.still()["epoch"] == 1


def test_early_stopping_and_divergence_are_said():
    with page(patience=3, rows=60, learning_rate=0.1, pace=0) as opened:
        opened.ask("play")
        stopped = opened.wait("stopped")
        assert (stopped["reason"], opened.wait("state")["running"]) == ("patience", False)
        assert (
            stopped["message"] == "the held-out loss has not fallen for 3 epochs; the weights with the least are back"
        )
        opened.ask("play")
        opened.wait("stopped")
        opened.set(patience=0, activations=["z*z*z"] * 2, solver="sgd", learning_rate=10.0)
        opened.ask("play")
        assert opened.wait("stopped")["reason"] == "diverged"
        opened.wait("state")
        frame = opened.frame(panels=["hidden", "spread"], focus=[0, 0, 0])
        assert not frame["running"]
        opened.set(learning_rate=0.001)
        opened.train_to(2)


def test_many_messages_are_bounded(monkeypatch):
    monkeypatch.setattr(room, "MOST_WAITING", 5)
    monkeypatch.setattr(room, "MOST_BYTES_WAITING", 100)
    with page() as opened:
        words = "the page asks faster than it can be answered; wait a moment, then ask again"
        with opened.session._trainer.held():
            opened.ask("set", values={"noise": 3})
            assert opened.refusal("upload", bytes(101), name="x") == words
            for _ in range(9):
                opened.ask("set", values={})
            assert opened.wait("refused")["message"] == words
        while (message := opened.next())["say"] != "state":
            assert message["message"] == words
        assert message["settings"]["noise"] == 3


def test_the_end_ends_all_threads():
    before = set(threading.enumerate())
    with page(pace=0) as opened:
        opened.answer("play", "state")
        opened.frame()
        ours = set(threading.enumerate()) - before
        assert len(ours) == 3
    for thread in ours:
        thread.join(PATIENCE)
    assert not ours & set(threading.enumerate())
    opened.session.receive({"do": "play"})
    opened.session.receive({"do": "set", "values": {"noise": 1}})
    opened.session.close()
    assert opened.session._messages.qsize() <= 2


def test_long_words_are_cut():
    with page() as opened:
        assert len(opened.refusal("set", values={"data": "x" * 100_000})) < 700
        assert len(opened.refusal("set", values={"inputs": ["y" * 150] * 400, "activations": ["x" * 300]})) < 700


def test_a_fault_of_ours_is_said_and_the_page_lives(monkeypatch):
    with page() as opened:
        monkeypatch.setattr(room, "curve", lambda _: {}["x"])
        assert (
            opened.refusal("curve", activation="tanh", id=2)
            == "nonlin could not do this (KeyError); reset, or load the page again"
        )
        monkeypatch.setattr(opened.session._painter, "frame", lambda *_, **__: 1 / 0)
        opened.ask("frame", view={})
        assert opened.wait("note")["message"] == "this network cannot be drawn (ZeroDivisionError); reset it"
        assert opened.set(noise=2)["settings"]["noise"] == 2


PLAIN = st.none() | st.booleans() | st.integers(-3, 12) | st.floats(allow_nan=False, width=16) | st.sampled_from(
    ["", "tanh", "z*z", "drawn", "iris", "x1", "model", "input", "hidden", 10**30, -1e300, "\ud800"[:0], "é" * 50]
)  # fmt: skip
JSON = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)
FIELDS = ["values", "view", "net", "layer", "from", "to", "value", "label", "places", "place", "radius", "name", "target",
          "column", "activation", "id", "what", "session", "settings"]  # fmt: skip
VALUES = st.dictionaries(st.sampled_from([*SETTINGS, "x"]), JSON, max_size=3)
VIEWS = st.fixed_dictionaries({}, optional=dict.fromkeys(("focus", "layer", "pair", "panels"), JSON))
FIELD = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6)
MESSAGE = st.builds(
    lambda do, fields, extra: {"do": do, **fields, **extra},
    st.sampled_from(list(_ACTIONS)) | JSON,
    FIELD,
    st.builds(lambda v: {"values": v}, VALUES) | st.builds(lambda v: {"view": v}, VIEWS) | st.just({}),
)


@pytest.fixture(scope="module")
def lasting():
    with page(rows=20, hidden=[2]) as opened:
        yield opened


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(message=MESSAGE, buffer=st.none() | st.binary(max_size=40))
def test_no_message_ends_the_page(lasting, message, buffer):
    lasting.session.receive(json.loads(json.dumps(message)), buffer)
    lasting.session.receive({"do": "pause"})
    lasting.session.receive({"do": "curve", "activation": "tanh", "id": "still here"})
    while True:
        told = lasting.next()
        assert not told.get("message", "").startswith(("nonlin could not", "this network cannot")), told
        assert "\n" not in told.get("message", "")
        if told["say"] == "curve" and told["id"] == "still here":
            break
    assert all(thread.is_alive() for thread in lasting.session._threads)
