"""Bad input: one line that names the rule, the value and the remedy, exit code 2, nothing written."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

ROWS = "a,b,y\n" + "".join(f"{i},{(i * 7) % 5},{'yes' if i % 2 else 'no'}\n" for i in range(20))


def refused(run, *words, containing):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1, err
    assert err.startswith("nonlin: ")
    for part in containing:
        assert part in err
    return err


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b"", ["the empty file 't.csv'"]),
        (b"a,b,y\n", ["row"]),
        (b"a,b,y\n1,2,3\n", ["row"]),
        (b"a,a,y\n" + b"1,2,3\n" * 20, ["'a'"]),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ["CSV"]),
    ],
    ids=["empty", "only a header", "one row", "duplicate columns", "a picture"],
)
def test_files_that_are_no_tables(nonlin, here, content, parts):
    (here / "t.csv").write_bytes(content)
    refused(nonlin, "study", "t.csv", "--target", "y", containing=parts)
    assert sorted(p.name for p in here.iterdir()) == ["t.csv"]


@pytest.mark.parametrize(
    ("column", "parts"),
    [
        (["same"] * 30, ["constant", "'y'"]),
        ([None] * 30, ["missing", "'y'"]),
        ([f"name {i}" for i in range(30)], ["identifier", "'y'"]),
    ],
    ids=["constant", "all missing", "unique text"],
)
def test_targets_that_cannot_be_learned(nonlin, here, column, parts):
    pd.DataFrame({"a": np.arange(30) % 7, "y": column}).to_csv(here / "t.csv", index=False)
    message = refused(nonlin, "study", "t.csv", "--target", "y", containing=[])
    assert any(part in message for part in parts), message


def test_a_file_that_does_not_exist_and_a_target_that_is_missing(nonlin, here):
    (here / "table.csv").write_text(ROWS)
    refused(nonlin, "study", "tabel.csv", "--target", "y", containing=["tabel.csv", "table.csv"])
    refused(nonlin, "study", "table.csv", containing=["--target"])
    refused(nonlin, "study", "table.csv", "--target", "Y2", containing=["'Y2'", "'y'"])


@pytest.mark.parametrize(
    ("formula", "parts"),
    [
        ("gelo", ["unknown activation 'gelo'; did you mean 'gelu' or 'elliot'?"]),
        ("z*(", ["ends too early at character 4"]),
        ("foo(z)", ["unknown function 'foo'"]),
        ("2+2", ["must contain z"]),
        ("__import__('os')", ["formula: "]),
    ],
)
def test_activations_that_are_none(nonlin, here, formula, parts):
    refused(nonlin, "show", formula, containing=parts)
    refused_study(nonlin, formula, parts)
    assert list(here.iterdir()) == []


def refused_study(run, formula, parts):
    code, _, err = run("study", "moons", "--activations", formula)
    assert code == 2
    assert err.count("\n") == 1
    for part in parts:
        assert part in err


def test_outputs_that_cannot_be_written_are_refused_before_the_work(nonlin, here):
    (here / "folder").mkdir()
    began = time.perf_counter()
    refused(nonlin, "study", "--out", "nowhere/x.html", containing=["nowhere/x.html", "no such file or directory"])
    refused(nonlin, "study", "--out", "folder", containing=["it is a folder"])
    refused(nonlin, "sheet", "--out", "sheet.docx", containing=["must end in .pdf, .png or .svg, got 'sheet.docx'"])
    refused(nonlin, "fit", "iris", "--out", "nowhere/m.skops", containing=["nowhere/m.skops"])
    assert time.perf_counter() - began < 30


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["study", "--hidden", "0"],
            "--hidden must be positive integers separated by commas, such as 200 or 64,64, got '0'",
        ),
        (
            ["study", "--activations", ""],
            "--activations must be names or formulas separated by commas, such as relu,mish, got ''\n",
        ),
        (
            ["study", "--activations", ",,"],
            "--activations must be names or formulas separated by commas, such as relu,mish, got ',,'\n",
        ),
        (
            ["fit", "iris", "--out", "m.skops", "--activation", " "],
            "--activation must be names or formulas separated by commas, such as relu,mish, got ' '\n",
        ),
        (
            ["study", "--store", ""],
            "--store must be an SQLite file or an SQLAlchemy URL, got ''; leave it out to keep nothing\n",
        ),
        (
            ["study", "--hidden", "99999999999"],
            "hidden must be at most 10000 units in all layers together, got 99999999999; take fewer\n",
        ),
        (
            ["fit", "iris", "--out", "m.skops", "--hidden", "1000000,1000000"],
            "hidden must be at most 10000 units in all layers together, got 2000000; take fewer\n",
        ),
        (["study", "--budget", "huge"], "budget must be one of quick, standard, thorough, got 'huge'"),
        (["study", "--task", "guess"], "--task must be 'classification' or 'regression', got 'guess'"),
        (["study", "--seed", "-1"], "seed must be an integer of at least 0, got -1"),
        (["study", "--seed", "4294967295"], "seed must be an integer of at most 4000000000, got 4294967295\n"),
        (["fit", "iris", "--out", "m.skops", "--seed", "-1"], "seed must be an integer of at least 0, got -1\n"),
        (
            ["fit", "iris", "--out", "m.skops", "--seed", "4000000001"],
            "seed must be an integer of at most 4000000000, got 4000000001\n",
        ),
        (["list", "--family", "gatd"], "unknown family 'gatd'"),
        (["frobnicate"], "No such command 'frobnicate'; see 'nonlin --help'"),
        (["show", "relu", "--param", "beta"], "--param must read name=number, such as beta=1.5, got 'beta'"),
        (["show", "relu", "--param", "beta=1"], "relu has no parameter 'beta'; its parameters are: none"),
    ],
)
def test_options_that_break_their_rule(nonlin, here, words, message):
    code, _, err = nonlin(*words)
    assert code == 2
    assert err.startswith(f"nonlin: {message}")
    assert err.count("\n") == 1
    assert list(here.iterdir()) == []


def test_infinities_are_missing_and_a_lone_class_member_is_dropped_with_a_note(nonlin, here):
    frame = pd.DataFrame({"a": np.arange(40) % 9, "b": np.inf, "y": ["p", "q"] * 19 + ["p", "lonely"]})
    frame.to_csv(here / "t.csv", index=False)
    words = ("--target", "y", "--budget", "quick", "--activations", "tanh", "--hidden", "5")
    code, out, _ = nonlin("study", "t.csv", *words)
    assert code == 0
    assert "note: " in out
    assert "lonely" in out
    assert "'b'" in out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a child process")
def test_ctrl_c_stops_at_once_and_leaves_nothing(here):
    child = subprocess.Popen(
        [sys.executable, "-m", "nonlin", "study", "digits", "--budget", "thorough"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=here,
    )  # fmt: skip
    assert child.stdout is not None
    assert "digits" in child.stdout.readline()  # the table is loaded, the fits begin
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=30)  # the fits under way are not waited for
    assert child.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err
    assert list(here.iterdir()) == []
