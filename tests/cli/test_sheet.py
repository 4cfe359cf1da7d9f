"""``nonlin sheet``: the cheat sheet as a file and in the terminal."""

import re

import pytest


@pytest.mark.parametrize(("suffix", "magic"), [("pdf", b"%PDF"), ("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_each_format(nonlin, here, suffix, magic):
    code, out, _ = nonlin("sheet", "--out", f"s.{suffix}")
    assert (code, out) == (0, f"cheat sheet in s.{suffix}\n")
    assert (here / f"s.{suffix}").read_bytes().startswith(magic)


def test_without_a_file_it_is_a_pdf(nonlin, here):
    code, out, _ = nonlin("sheet", "relu,tanh")
    assert (code, out) == (0, "cheat sheet in sheet.pdf\n")
    assert [f.name for f in here.iterdir()] == ["sheet.pdf"]


def test_a_pdf_has_pages(nonlin, here):
    assert nonlin("sheet", ",".join(["relu"] * 17))[0] == 0
    text = (here / "sheet.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b", text)) == 3


def test_in_the_terminal(nonlin, here):
    code, out, err = nonlin("sheet", "--terminal")
    assert (code, err) == (0, "")
    text = " ".join(out.split())
    for part in ("activation φ(z) example of use ━━ φ(z) ╍╍ φ'(z)", "unit step", "perceptron", "log", "softplus(z)"):
        assert part in text
    assert max(map(len, out.splitlines())) <= 80
    assert list(here.iterdir()) == []


def test_a_family_in_the_terminal(nonlin):
    _, out, _ = nonlin("sheet", "--terminal", "--family", "shrinkage")
    assert [name in out for name in ("hard shrink", "soft shrink", "tanh shrink", "relu")] == [True, True, True, False]


def test_a_file_or_the_terminal(nonlin, here):
    code, out, err = nonlin("sheet", "--terminal", "--out", "s.pdf")
    assert (code, out, err) == (2, "", "nonlin: give --out or --terminal, not both\n")
