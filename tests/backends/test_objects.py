"""Machine code on disk: loaded without compiling, and compiled anew when anything else is there."""

import ctypes

import pytest
from numba import cfunc

from nonlin.backends import cache, objects


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(objects, "folder", lambda: tmp_path)
    return tmp_path


def thrice():
    return cfunc("float64(float64)")(lambda x: 3 * x)


def never():
    raise AssertionError("compiled again")


def call(function, x):
    return ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(function.address)(x)


def test_it_is_compiled_once(folder):
    assert call(objects.c_object("thrice", thrice), 2.0) == 6.0
    assert call(objects.c_object("thrice", never), 2.0) == 6.0
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("kept", [0, 30, 65, 200, -1])
def test_a_cut_file_is_compiled_anew(folder, kept):
    objects.c_object("thrice", thrice)
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:kept])
    assert call(objects.c_object("thrice", thrice), 2.0) == 6.0
    assert call(objects.c_object("thrice", never), 2.0) == 6.0


def test_other_sources_or_another_key_are_compiled_anew(folder, monkeypatch):
    objects.c_object("thrice", thrice)
    with pytest.raises(AssertionError, match="compiled again"):
        objects.c_object("four times", never)
    monkeypatch.setattr(objects, "_surroundings", lambda: "another processor")
    with pytest.raises(AssertionError, match="compiled again"):
        objects.c_object("thrice", never)


def test_the_surroundings_name_what_the_code_depends_on():
    assert cache.sources_hash() in objects._surroundings()
    assert objects.nb.__version__ in objects._surroundings()


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path, monkeypatch):
    monkeypatch.setattr(objects, "folder", lambda: tmp_path / "nowhere")
    assert call(objects.c_object("thrice", thrice), 2.0) == 6.0
