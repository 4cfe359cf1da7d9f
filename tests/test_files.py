"""Files are written whole or not at all."""

import os
import stat

import pytest

from nonlin.errors import OutputError
from nonlin.files import check_writable, write_text, write_whole


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path):
    target = tmp_path / "page.html"
    write_text(target, "old")
    write_text(target, "neu – φ")
    assert target.read_text(encoding="utf-8") == "neu – φ"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_half_way_leaves_the_old_file_and_no_other(tmp_path):
    target = tmp_path / "page.html"
    target.write_text("old")

    def write(file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError) as refused:
        write_whole(target, write)
    assert str(refused.value) == f"cannot write {str(target)!r}: no space left on device; choose another file or folder"
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_interruption_half_way_leaves_the_old_file_and_no_other(tmp_path):
    target = tmp_path / "page.html"
    target.write_text("old")

    def write(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(target, write)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_mode_follows_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "a", "")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_outputs_are_refused_before_the_work(tmp_path):
    with pytest.raises(OutputError) as folder:
        check_writable(tmp_path)
    assert str(folder.value) == f"cannot write {str(tmp_path)!r}: it is a folder; name a file in it"
    with pytest.raises(OutputError, match="no such file or directory; choose another file or folder$"):
        check_writable(tmp_path / "nowhere" / "x.html")
    check_writable(tmp_path / "new.html")
    assert list(tmp_path.iterdir()) == []
