"""``nonlin show``: what it prints and writes."""

import pytest


def test_the_computed_properties(nonlin):
    code, out, err = nonlin("show", "swish")
    assert (code, err) == (0, "")
    text = " ".join(out.split())
    for part in (
        "name silu", "φ(z) z*sigmoid(z)", "φ'(z) z*logistic_pdf(z) + sigmoid(z)", "-0.278465", "1.6765",
        "also called swish, swish_1", "family self-gated", "used in EfficientNet, LLaMA", "Elfwing, Uchibe & Doya 2018",
    ):  # fmt: skip
        assert part in text
    assert "defaults" not in text


def test_a_formula_with_parameters(nonlin):
    code, out, _ = nonlin("show", "z*sigmoid(beta*z)", "--param", "beta=2")
    assert code == 0
    assert "beta = 2" in out


def test_the_defaults_of_the_libraries_and_which_one_is_taken(nonlin):
    _, out, _ = nonlin("show", "leaky_relu")
    table = [line.rstrip() for line in out[out.index("defaults of the libraries") :].splitlines()]
    assert table == [
        "defaults of the libraries",
        f"{'PyTorch, JAX, NNlib, ONNX, FANN':<36}  alpha 0.01 (taken here)",
        f"{'Keras function':<36}  alpha 0.2",
        f"{'Keras layer':<36}  alpha 0.3",
        f"{'MXNet operator':<36}  alpha 0.25",
    ]
    _, out, _ = nonlin("show", "leaky_relu", "--param", "alpha=0.3")
    assert f"{'Keras layer':<36}  alpha 0.3 (taken here)" in out
    assert out.count("(taken here)") == 1


def test_the_curve_of_a_jump(nonlin):
    _, out, _ = nonlin("show", "unit_step")
    lines = out.splitlines()
    assert lines[1] == "     1 " + " " * 30 + "⠉" * 30
    assert lines[2] == " " * 37 + "│" + " " * 29
    assert lines[13].startswith("     0 " + "⣀" * 30)
    assert lines[14] == "       -4" + f"{'z':^57}" + "4"
    assert lines[16] == "━━ φ(z)   ╍╍ φ'(z)"


@pytest.mark.parametrize("formula", ["exp(z)**9", "1/z", "z-z*1.0000001", "log(z)", "1e300*z", "sqrt(z)"])
def test_a_curve_with_holes_and_heights_without_end(nonlin, formula):
    code, out, err = nonlin("show", formula)
    assert (code, err) == (0, "")
    assert len(out.splitlines()[1]) <= 67


def test_the_card_as_a_file(nonlin, here):
    code, out, _ = nonlin("show", "relu", "--out", "relu.html")
    assert code == 0
    assert out.endswith("card in relu.html\n")
    page = (here / "relu.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "<title>relu – nonlin</title>" in page


def test_only_html(nonlin, here):
    code, out, err = nonlin("show", "relu", "--out", "relu.doc")
    assert (code, out) == (2, "")
    assert err == "nonlin: --out must end in .html, got 'relu.doc'\n"
    assert list(here.iterdir()) == []
