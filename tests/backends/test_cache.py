"""Compiled code on disk: shared by processes, whole, and never stale."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import nonlin
from nonlin.backends import cache, numba, source

EVALUATE = "import nonlin; print(repr(float(nonlin.get('softsign')(2.0))), nonlin.get('softsign').derivative(2.0))"


def start(folder):
    """Another process with this cache folder."""
    environment = {**os.environ, "NONLIN_CACHE_DIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", EVALUATE],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    out, err = process.communicate(timeout=120)
    return out, err, process.returncode


EXPECTED = ("0.6666666666666666 0.1111111111111111\n", "", 0)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "folder", lambda: tmp_path)
    return tmp_path


def test_two_processes_race_and_a_third_finds_the_work_done(tmp_path):
    both = [start(tmp_path), start(tmp_path)]
    assert [finish(process) for process in both] == [EXPECTED, EXPECTED]
    compiled = sorted(p.name for p in (tmp_path / "kernels").glob("*.object"))
    assert len(compiled) >= 2  # the kernel and the loop around it
    assert finish(start(tmp_path)) == EXPECTED
    assert sorted(p.name for p in (tmp_path / "kernels").glob("*.object")) == compiled
    assert not list((tmp_path / "kernels").glob("*.tmp"))


def test_a_closed_folder_is_no_obstacle(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    assert finish(start(tmp_path / "file" / "cache")) == EXPECTED


def test_the_folder_is_the_chosen_one(tmp_path, monkeypatch):
    monkeypatch.setenv("NONLIN_CACHE_DIR", str(tmp_path))
    assert cache.folder.__wrapped__() == tmp_path / "kernels"


def test_a_closed_folder_is_replaced_by_a_temporary_one(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("NONLIN_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert cache.folder.__wrapped__().parent == tmp_path
    assert cache.folder.__wrapped__().name.startswith("nonlin-kernels-")


def test_a_module_is_written_once_and_whole(folder):
    module = cache.module_from("answer = 42\n")
    assert module.answer == 42
    assert [p.read_text() for p in folder.iterdir() if p.is_file()] == ["answer = 42\n"]
    assert cache.module_from("answer = 42\n") is module
    assert Path(module.__file__).stem == module.__name__


def test_changed_sources_are_compiled_anew(folder, monkeypatch):
    expression = nonlin.get("sigmoid").expression
    monkeypatch.setattr(source, "sources_hash", lambda: "one version")
    before = cache.module_from(source.source(expression, (), "double"))
    monkeypatch.setattr(source, "sources_hash", lambda: "another version")
    after = cache.module_from(source.source(expression, (), "double"))
    assert before.__file__ != after.__file__
    assert len(list(folder.glob("nonlin_kernel_*.py"))) == 2


def test_the_hash_covers_what_compiled_code_can_inline():
    assert len(cache.sources_hash()) == 16
    assert f"Sources: {cache.sources_hash()}." in source.source(nonlin.get("relu").expression, (), "single")


def test_a_way_into_a_compiled_function_is_a_module_of_its_own(folder, monkeypatch):
    monkeypatch.setattr(cache, "sources_hash", lambda: "a version of its own")
    way = cache.entry(numba._run, 4)
    assert way.__name__ == "entry"
    assert way.__code__.co_argcount == 4
    assert Path(way.__code__.co_filename).parent == folder


def test_numbers_are_computed_once_and_mended(folder):
    counted = []

    def compute():
        counted.append(1)
        return [0.1, float("-inf"), float("nan")]

    first = cache.numbers("some", 3, compute)
    assert repr(cache.numbers("some", 3, compute)) == repr(first) == "[0.1, -inf, nan]"
    assert len(counted) == 1
    next(folder.glob("*.numbers")).write_text("0.1 rubbish")
    assert repr(cache.numbers("some", 3, compute)) == repr(first)
    assert len(counted) == 2
