"""``nonlin verify``: the table, the page, the walk, the exit code and what is refused."""

import functools

import numpy as np
import pytest

from nonlin.accuracy import exhaustive, measure, peers


def lines(out):
    return [line.split() for line in out.splitlines() if line.strip()]


def test_the_table(nonlin):
    code, out, err = nonlin("verify", "swish", "z*sin(z)", "--points", "60")
    assert (code, err) == (0, "")
    head, _, *rows = lines(out)
    assert head == ["activation", "precision", "φ,", "ulp", "at", "z", "φ',", "ulp", "at", "z", "bound"]
    assert [row[0] for row in rows] == ["silu", "float32", "fast", "z*sin(z)", "float32", "fast"]
    assert [row[-2:] for row in rows] == [["4", "pass"], ["1", "pass"], ["4", "pass"]] * 2


def test_peers_stand_in_the_same_table(nonlin):
    code, out, _ = nonlin("verify", "tanh", "--points", "60", "--against", "numpy, scipy")
    assert code == 0
    assert [row[:2] for row in lines(out)[-2:]] == [["numpy", "float64"], ["numpy", "float32"]]


def test_an_error_above_its_bound_is_exit_code_1(nonlin, monkeypatch):
    def wrong(activation, variant, x):
        value, slope = right(activation, variant, x)
        return value * x.dtype.type(1 - 1e-5), slope

    right = measure.kernel_results
    monkeypatch.setattr(measure, "kernel_results", wrong)
    code, out, err = nonlin("verify", "silu", "--points", "60")
    assert (code, err) == (1, "")
    assert [row[-1] for row in lines(out)[2:]] == ["FAIL"] * 3


def test_the_page(nonlin, here):
    code, out, _ = nonlin("verify", "relu", "elu", "z**2", "--points", "40", "--page", "a.md")
    assert (code, out) == (0, "3 activations measured, 0 above a bound; the page is a.md\n")
    text = (here / "a.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## How to read it", "## Rectified", "## Exponential", "## Custom",
    ]  # fmt: skip
    assert text.count("| pass |") == 9


def test_the_walk(nonlin, here, monkeypatch):
    monkeypatch.setattr(exhaustive, "walk", functools.partial(exhaustive.walk, stop=2**16, chunk=2**14, block=2**13))
    monkeypatch.setattr(exhaustive, "folder", lambda: here)
    code, out, _ = nonlin("verify", "--exhaustive", "relu", "sigmoid")
    assert code == 0
    rows = lines(out)
    assert rows[0] == ["activation", "φ,", "ulp", "at", "z", "φ',", "ulp", "at", "z", "NaN", "∞"]
    assert rows[2][0::7] == ["relu", "pass"]
    assert rows[3][0] == "sigmoid"
    assert out.endswith("disagree about them\n")


def test_ctrl_c_says_that_the_walk_is_kept(nonlin, here, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(exhaustive, "walk", interrupted)
    monkeypatch.setattr("os._exit", lambda _: None)
    code, _, err = nonlin("verify", "--exhaustive", "relu")
    assert code == 130
    assert err.startswith("nonlin: the walk through relu is kept; the same command goes on there\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["gelo"], "unknown activation 'gelo'; did you mean 'gelu'"),
        (["--points", "0"], "--points must be an integer of at least 1, got 0"),
        (["--seed", "-1"], "--seed must be an integer of at least 0, got -1"),
        (["relu", "--restart"], "--restart goes with --exhaustive; every other measurement begins anew by itself"),
        (
            ["--exhaustive"],
            "--exhaustive takes some minutes for each activation; name those that it is to walk through",
        ),
        (
            ["relu", "--exhaustive", "--against", "numpy"],
            "--exhaustive goes without --against and --page; leave them out",
        ),
        (
            ["relu", "--against", "tensorflow"],
            "--against must be packages out of torch, jax, scipy, numpy, separated by commas, got 'tensorflow'",
        ),
        (["--page", "nowhere/a.md"], "cannot write 'nowhere/a.md': no such file or directory"),
    ],
)
def test_what_is_refused(nonlin, here, words, message):
    code, out, err = nonlin("verify", *words)
    assert (code, out) == (2, "")
    assert err.startswith(f"nonlin: {message}")
    assert err.count("\n") == 1
    assert list(here.iterdir()) == []


def test_a_peer_that_is_not_installed(nonlin, monkeypatch):
    monkeypatch.setattr(peers, "find_spec", lambda _: None)
    code, _, err = nonlin("verify", "relu", "--against", "torch")
    assert code == 2
    assert err == "nonlin: --against names 'torch', which is not installed: pip install torch, or leave it out\n"


def test_a_wrong_number_of_the_walk_is_exit_code_1(nonlin, here, monkeypatch):
    right = exhaustive.kernel_results

    def wrong(activation, variant, x):
        value, slope = right(activation, variant, x)
        return (
            (np.where(x == np.float32(1e-40), np.float32(1), value), slope) if variant == "float32" else (value, slope)
        )

    monkeypatch.setattr(exhaustive, "walk", functools.partial(exhaustive.walk, stop=2**17, chunk=2**15, block=2**15))
    monkeypatch.setattr(exhaustive, "folder", lambda: here)
    monkeypatch.setattr(exhaustive, "kernel_results", wrong)
    code, out, _ = nonlin("verify", "--exhaustive", "tanh")
    assert code == 1
    assert lines(out)[2][2] == "1e-40"
    assert lines(out)[2][-1] == "FAIL"
