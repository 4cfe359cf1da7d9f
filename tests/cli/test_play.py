"""``nonlin play`` and ``nl.play``: what is asked of them, and what is refused before anything is served."""

import re
import signal
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import nonlin as nl
from nonlin.backends.cache import folder
from nonlin.data import load
from nonlin.errors import InputError, TableError
from nonlin.web.warm import COMPILING, warm


@pytest.fixture
def served(monkeypatch):
    """What would have been served."""
    calls = []
    monkeypatch.setattr("nonlin.cli._play._leave", lambda: None)

    def serve(make, port, *, open_browser, prepare):
        assert prepare is warm
        calls.append((make, port, open_browser))

    monkeypatch.setattr("nonlin.web.serve.serve", serve)
    return calls


def table_of(served):
    (make, _, _), = served  # fmt: skip
    served.clear()
    return make.args[0]


def set_of(served):
    """The named set with which the page opens."""
    (make, _, _), = served  # fmt: skip
    served.clear()
    return make.args


def refused(run, *words):
    code, out, err = run("play", *words)
    assert (code, out) == (2, "")
    assert re.fullmatch("nonlin: .*\n", err)
    return err.removeprefix("nonlin: ").removesuffix("\n")


def test_without_data_the_playground_has_its_own(nonlin, served):
    assert nonlin("play") == (0, "", "")
    assert served[0][1:] == (None, True)
    assert table_of(served) is None


def test_a_table_a_port_and_no_browser(nonlin, served, here):
    frame = pd.DataFrame({"a": np.arange(30.0) % 7, "b": np.arange(30) % 4, "id": range(30), "y": ["yes", "no"] * 15})
    frame.to_csv("t.csv", index=False)
    code, out, err = nonlin("play", "t.csv", "--target", "y", "--port", "8500", "--no-browser")
    assert (code, err) == (0, "")
    assert served[0][1:] == (8500, False)
    table = table_of(served)
    assert (table.target, table.task, list(table.X), table.classes) == (
        "y",
        "classification",
        ["a", "b"],
        ("no", "yes"),
    )
    assert out == "".join(f"note: {note}\n" for note in table.notes)
    assert len(table.notes) == 1


@pytest.mark.parametrize("name", ["iris", "spiral"])
def test_a_set_that_the_page_offers_is_no_table_of_ones_own(nonlin, served, name):
    assert nonlin("play", name)[0] == 0
    assert set_of(served) == (None, name)


def test_what_is_refused_before_anything_is_served(nonlin, served, here):
    pd.DataFrame({"a": range(30), "y": [0, 1] * 15}).to_csv("t.csv", index=False)
    assert (
        refused(nonlin, "--target", "y")
        == "--target needs data to go with, got 'y' and no DATA; name a file or a built-in set"
    )
    assert refused(nonlin, "--task", "regression") == (
        "--task needs data to go with, got 'regression' and no DATA; name a file or a built-in set"
    )
    assert refused(nonlin, "iris", "--task", "guess") == "--task must be 'classification' or 'regression', got 'guess'"
    assert "'tabel.csv'" in refused(nonlin, "tabel.csv", "--target", "y")
    assert "--target" in refused(nonlin, "t.csv")
    assert "'Y2'" in refused(nonlin, "t.csv", "--target", "Y2")
    assert "--port" in refused(nonlin, "--port", "high")
    assert served == []


def test_a_port_that_is_taken_is_refused_in_one_line(nonlin, monkeypatch):
    from nonlin.web import serve

    with serve.listen(0) as taken:
        port = taken.getsockname()[1]
        assert refused(nonlin, "--port", port, "--no-browser") == (
            f"--port must be free, got {port}, which is taken; name another, or none for the next free one"
        )
    assert (
        refused(nonlin, "--port", "80")
        == "--port must be an integer from 1024 to 65535, or 0 for any free port, got 80"
    )


def test_the_command_ends_well_at_ctrl_c():
    command = [sys.executable, "-W", "error", "-m", "nonlin", "play", "iris", "--port", "0", "--no-browser"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    link = re.fullmatch(r"nonlin play: http://127\.0\.0\.1:(\d+)/\?token=[\w-]{43}\n", running.stdout.readline())
    assert link
    assert running.stdout.readline() == "Ctrl-C stops it\n"
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert (out, err.replace(f"{COMPILING}\n", "")) == ("", "")  # it may be the first to run the engine here
    assert running.returncode == 0
    (folder() / f"play-{link[1]}.token").unlink()


# -- nl.play


def test_play_takes_what_study_takes(served):
    X, y = np.column_stack([np.arange(30.0) % 7, np.arange(30) % 4]), np.arange(30) % 2
    assert nl.play(X, y) is None
    table = table_of(served)
    assert (list(table.X), table.target, table.task) == (["x1", "x2"], "y", "classification")
    frame = pd.DataFrame(X, columns=["a", "b"])
    nl.play(frame, pd.Series(y, name="outcome"), port=0, open_browser=False)
    assert served[0][1:] == (0, False)
    assert table_of(served).target == "outcome"
    assert list(frame) == ["a", "b"]
    nl.play(frame, y, target="c")
    assert table_of(served).target == "c"
    nl.play(frame.assign(y=y), target="y", task="classification")
    assert list(table_of(served).X) == ["a", "b"]
    iris = load("iris")
    nl.play(iris)
    assert table_of(served) is iris
    nl.play()
    assert table_of(served) is None


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((None, [1, 2]), {}, "y needs data to go with, got no X; give X, or leave y out"),
        ((), {"target": "y"}, "target needs data to go with, got no X; give X, or leave target out"),
        ((), {"task": "regression"}, "task needs data to go with, got no X; give X, or leave task out"),
        (("iris", [1, 2]), {}, "y must be left out where X names a table, got X='iris'; name its target column instead"),
        ((np.zeros((3, 2)), [1, 2]), {}, "y must have one value for each of the 3 rows of X, got shape (2,)"),
        ((np.zeros((3, 2)), np.zeros((3, 1))), {}, "y must have one value for each of the 3 rows of X, got shape (3, 1)"),
        ((pd.DataFrame({"y": [1, 2]}), [1, 2]), {}, "the target's name must be none of X's columns, got 'y'; name it with target="),
    ],
)  # fmt: skip
def test_what_play_refuses(served, arguments, options, words):
    with pytest.raises(InputError) as caught:
        nl.play(*arguments, **options)
    assert str(caught.value) == words
    assert served == []


def test_an_array_needs_its_target(served):
    with pytest.raises(TableError) as caught:
        nl.play(np.zeros((3, 2)))
    assert str(caught.value) == (
        "source must be a file, a built-in name or a data frame, got ndarray; put an array into pandas.DataFrame"
    )
