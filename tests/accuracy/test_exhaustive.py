"""The walk through the bit patterns: what it finds, and that an interruption does not change it."""

import json

import numpy as np
import pytest

import nonlin
from nonlin.accuracy import exhaustive
from nonlin.accuracy.exhaustive import Walk, confirm, screen, state_file, walk
from nonlin.accuracy.measure import kernel_results

STOP, CHUNK, BLOCK = 2**18, 2**14, 2**12
ONE = int(np.float32(1).view(np.uint32))


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """States of walks go to an empty folder."""
    monkeypatch.setattr(exhaustive, "folder", lambda: tmp_path)
    return tmp_path


def test_an_interrupted_walk_ends_as_one_that_was_not():
    a = nonlin.get("mish")
    whole = walk(a, STOP, chunk=CHUNK, block=BLOCK)
    state_file(a, CHUNK).unlink()

    def leave(done):
        if done == 5 * CHUNK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        walk(a, STOP, chunk=CHUNK, block=BLOCK, progress=leave)
    assert json.loads(state_file(a, CHUNK).read_text())["done"] == 5 * CHUNK
    seen = []
    assert walk(a, STOP, chunk=CHUNK, block=BLOCK, progress=seen.append) == whole
    assert seen == [done * CHUNK for done in range(6, 17)]


def test_a_walk_that_is_over_is_remembered_until_it_is_restarted():
    a, seen = nonlin.get("relu"), []
    first = walk(a, 4 * CHUNK, chunk=CHUNK, block=BLOCK)
    assert walk(a, 4 * CHUNK, chunk=CHUNK, block=BLOCK, progress=seen.append) == first
    assert seen == []
    assert walk(a, 4 * CHUNK, chunk=CHUNK, block=BLOCK, restart=True, progress=seen.append) == first
    assert len(seen) == 4


def test_the_state_belongs_to_the_formula_and_the_parameters(own_folder):
    names = {
        state_file(a).name for a in (nonlin.get("elu"), nonlin.get("elu").with_params(alpha=2), nonlin.get("celu"))
    }
    assert len(names) == 3
    assert state_file(nonlin.get("elu")) == state_file(nonlin.get("ELU"))
    assert state_file(nonlin.get("elu")).parent == own_folder


def test_a_damaged_state_is_no_state():
    a = nonlin.get("relu")
    expected = walk(a, CHUNK, chunk=CHUNK, block=BLOCK)
    for text in ("", "{", '{"done": 5, "steps": 3}', "[]"):
        state_file(a, CHUNK).write_text(text)
        assert walk(a, CHUNK, chunk=CHUNK, block=BLOCK) == expected


def confirmed(name, bits):
    found = Walk()
    confirm(nonlin.get(name), [screen(nonlin.get(name), bits, seed=0)], found)
    return found


@pytest.mark.parametrize("name", ["relu", "sigmoid", "gelu"])
def test_all_kinds_of_numbers_pass(name):
    bits = np.concatenate([np.arange(s, s + 2000, dtype=np.uint32) for s in (0, ONE, 0x7F7FFF00, 0xFF7FFF00, 2**31)])
    found = confirmed(name, bits)
    assert found.passes
    assert 0 <= found.value <= 0.501
    assert found.confirmed >= 8


def test_nothing_but_nan():
    assert confirmed("tanh", np.arange(0x7F800001, 0x7F800401, dtype=np.uint32)).confirmed == 0


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda v: v + 2 * np.spacing(v), {"value_bits": ONE + 777, "nan_mismatches": 0, "infinity_mismatches": 0}),
        (
            lambda v: v * np.nan,
            {"value": np.inf, "value_bits": ONE + 777, "nan_mismatches": 1, "infinity_mismatches": 0},
        ),
        (lambda v: v * np.inf, {"value_bits": ONE + 777, "nan_mismatches": 0, "infinity_mismatches": 1}),
    ],
)
def test_one_wrong_number_is_found(monkeypatch, wrong, expected):
    def kernel(activation, variant, x):
        value, slope = kernel_results(activation, variant, x)
        if variant == "float32":
            at = x.view(np.uint32) == ONE + 777
            value[at] = wrong(value[at])
        return value, slope

    monkeypatch.setattr(exhaustive, "kernel_results", kernel)
    found = confirmed("sigmoid", np.arange(ONE, ONE + 4000, dtype=np.uint32))
    assert not found.passes
    assert expected.items() <= vars(found).items()
    assert found.value > 1.5


def test_many_wrong_numbers_are_too_many_for_mpmath(monkeypatch):
    def kernel(activation, variant, x):
        value, slope = kernel_results(activation, variant, x)
        return (value * x.dtype.type(1.001), slope) if variant == "float32" else (value, slope)

    monkeypatch.setattr(exhaustive, "kernel_results", kernel)
    found = confirmed("sigmoid", np.arange(ONE, ONE + 4000, dtype=np.uint32))
    assert not found.passes
    assert found.confirmed <= exhaustive.AT_MOST + exhaustive.WORST + exhaustive.RANDOM


def test_an_error_that_both_kernels_share_is_found_by_the_random_numbers(monkeypatch):
    def kernel(activation, variant, x):
        value, slope = kernel_results(activation, variant, x)
        return value * x.dtype.type(1.5), slope

    monkeypatch.setattr(exhaustive, "kernel_results", kernel)
    assert not confirmed("sigmoid", np.arange(ONE, ONE + 4000, dtype=np.uint32)).passes
