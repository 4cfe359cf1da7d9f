"""``nonlin study`` on several tables, and what it says of memory."""

import sys

import pytest

SMALL = ("--activations", "tanh", "--hidden", "5", "--budget", "quick")


def test_several_tables_give_an_overview_and_a_page_each(nonlin, here):
    code, out, err = nonlin("study", "xor", "iris", *SMALL, "--out", "all.html")
    assert (code, err) == (0, "")
    assert sorted(file.name for file in here.iterdir()) == ["all-iris.html", "all-xor.html", "all.html"]
    assert out.endswith("\nThe overview of the 2 tables, which links to their pages, is in all.html\n")
    for name in ("xor", "iris"):
        assert f"The story of this table, with its pictures, is in all-{name}.html\n" in out
    page = (here / "all.html").read_text("utf-8")
    assert '<a href="all-xor.html">xor</a>' in page
    assert "nonlin study xor iris --activations tanh" in page


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say")
def test_peak_memory_is_said_where_this_process_did_the_fits(nonlin, here):
    said = "The process that did the fits held "
    nonlin("study", "xor", *SMALL, "--store", "s.db")
    assert said in (here / "study.html").read_text("utf-8")
    nonlin("study", "xor", *SMALL, "--store", "s.db")
    assert said not in (here / "study.html").read_text("utf-8")
