"""What ``verbose`` shows: one line in place at a terminal, scikit-learn's lines elsewhere."""

import io
import re
import threading
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import make_moons

import nonlin as nl

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
X, Y = make_moons(60, noise=0.2, random_state=0)
LINES = "Iteration 1, loss = {:.8f}\nIteration 2, loss = {:.8f}\n"


class Terminal(io.StringIO):
    """Text that stands for a terminal."""

    def isatty(self) -> bool:
        return True

    @property
    def lines(self) -> list[str]:
        """The lines that remain, as what was drawn last stands on them."""
        drawn = re.sub(r"\x1b\[2K", "\r", self.getvalue())
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn)
        return [line.rstrip("\r").rsplit("\r", 1)[-1].rstrip() for line in plain.split("\n")]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name, value in {"TERM": "xterm", "COLUMNS": "90", "LINES": "30"}.items():
        monkeypatch.setenv(name, value)
    return Terminal()


def test_a_bar_at_a_terminal(terminal: Terminal) -> None:
    with redirect_stdout(terminal):
        model = nl.MLPClassifier((5,), verbose=True, max_iter=7, random_state=0).fit(X, Y)
    line, rest = terminal.lines
    assert re.fullmatch(rf"epoch 7 of 7 ━{{12}} loss {model.loss_:.4g} 0:00:0\d in all", line)
    assert rest == ""


def test_a_bar_that_ends_early_says_so(terminal: Terminal) -> None:
    stop = [lambda record: record["epoch"] == 4]
    model = nl.MLPClassifier((5,), verbose=True, early_stopping=True, callbacks=stop, random_state=0)
    with redirect_stdout(terminal):
        model.fit(X, Y)
    figures = rf"loss {model.loss_:.4g}  held out {model.validation_scores_[-1]:.4f}"
    assert re.fullmatch(rf"epoch 4 of 200 ━{{12}} {figures} 0:00:0\d in all", terminal.lines[0])


def test_nothing_that_is_printed_meanwhile_is_lost(terminal: Terminal) -> None:
    def say(record: dict[str, Any]) -> None:
        print(f"callback {record['epoch']}")

    with redirect_stdout(terminal):
        nl.MLPClassifier((5,), verbose=True, max_iter=3, callbacks=[say], random_state=0).fit(X, Y)
    assert terminal.lines[:3] == ["callback 1", "callback 2", "callback 3"]
    assert terminal.lines[3].startswith("epoch 3 of 3 ")


def test_a_file_has_a_bar_too(terminal: Terminal, tmp_path: Path) -> None:
    pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": Y}).to_parquet(tmp_path / "moons.parquet")
    model = nl.MLPClassifier((5,), verbose=True, warm_start=True, random_state=0)
    with redirect_stdout(terminal):
        model.fit_parquet(tmp_path / "moons.parquet", "y", epochs=3)
        model.fit_parquet(tmp_path / "moons.parquet", "y", epochs=2)
    assert [line[:12] for line in terminal.lines] == ["epoch 3 of 3", "epoch 5 of 5", ""]


def test_a_bar_within_a_bar_is_lines(terminal: Terminal) -> None:
    inner = nl.MLPClassifier((5,), verbose=True, max_iter=2, random_state=0)
    outer = clone(inner).set_params(callbacks=[lambda _: inner.fit(X, Y) and None], max_iter=1)
    with redirect_stdout(terminal):
        outer.fit(X, Y)
    assert "\n".join(terminal.lines[:2]) + "\n" == LINES.format(*inner.loss_curve_)
    assert terminal.lines[2].startswith("epoch 1 of 1 ")


def test_a_fit_in_a_thread_prints_lines(terminal: Terminal) -> None:
    model = nl.MLPClassifier((5,), verbose=True, max_iter=2, random_state=0)
    thread = threading.Thread(target=model.fit, args=(X, Y))
    with redirect_stdout(terminal):
        thread.start()
        thread.join()
    assert terminal.getvalue() == LINES.format(*model.loss_curve_)


def test_a_terminal_that_cannot_move_its_cursor_gets_lines(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    model = nl.MLPClassifier((5,), verbose=True, max_iter=2, random_state=0)
    with redirect_stdout(terminal):
        model.fit(X, Y)
    assert terminal.getvalue() == LINES.format(*model.loss_curve_)


def test_lines_elsewhere(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    model = nl.MLPClassifier((5,), verbose=True, max_iter=2, random_state=0).fit(X, Y)
    assert capsys.readouterr().out == LINES.format(*model.loss_curve_)


def test_without_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", None)
        model = nl.MLPClassifier((5,), verbose=True, max_iter=2, random_state=0).fit(X, Y)
    assert model.n_iter_ == 2


@pytest.mark.parametrize("options", [{"verbose": False}, {"verbose": 0}, {"verbose": True, "solver": "lbfgs"}])
def test_nothing(terminal: Terminal, options: dict[str, Any]) -> None:
    with redirect_stdout(terminal):
        nl.MLPClassifier((5,), max_iter=2, random_state=0, **options).fit(X, Y)
    assert terminal.getvalue() == ""


def test_partial_fit_prints_its_epoch(terminal: Terminal) -> None:
    model = nl.MLPClassifier((5,), verbose=True, random_state=0)
    with redirect_stdout(terminal):
        model.partial_fit(X, Y, classes=[0, 1]).partial_fit(X, Y)
    assert terminal.getvalue() == LINES.format(*model.loss_curve_)
