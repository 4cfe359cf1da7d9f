"""LaTeX with brackets where they are needed, and such as mathtext can draw."""

import pytest
from matplotlib.mathtext import MathTextParser

from nonlin.backends.latex import to_latex
from nonlin.formula.parser import parse
from nonlin.formula.primitives import BINARY, UNARY

ARGUMENTS = ("z-1", "1-2*z", "k*z", "-z")
CALLS = [f"{name}({a})" for name in UNARY for a in ARGUMENTS] + [
    f"{name}({a}, {b})" for name in BINARY for a in ARGUMENTS for b in ("4", "k-z")
]
WRITTEN = {
    "sigmoid(z)": r"\frac{1}{1 + e^{- z}}",
    "sigmoid(z - 1)": r"\frac{1}{1 + e^{1 - z}}",
    "sigmoid(-z)": r"\frac{1}{1 + e^{z}}",
    "sigmoid(k*z)": r"\frac{1}{1 + e^{- k z}}",
    "tanh(z - 1)": r"\frac{e^{z - 1} - e^{1 - z}}{e^{z - 1} + e^{1 - z}}",
    "tanh(1 - 2*z)": r"\frac{e^{1 - 2 z} - e^{2 z - 1}}{e^{1 - 2 z} + e^{2 z - 1}}",
    "tanh(0.044715*z)": r"\frac{e^{0.044715 z} - e^{- 0.044715 z}}{e^{0.044715 z} + e^{- 0.044715 z}}",
    "softplus(1 - 2*z)": r"\log\left(1 + e^{1 - 2 z}\right)",
    "tanhshrink(z - 1)": r"z - 1 - \tanh\left(z - 1\right)",
    "z - tanhshrink(z - 1)": r"z - \mathrm{tanhshrink}\left(z - 1\right)",
    "sigmoid(max(z, 0))": r"\sigma\left(z\right)\;\;(z > 0),\;\; \sigma\left(0\right)\;\;(\mathrm{otherwise})",
    "expm1(-z)": r"e^{- z} - 1",
    "z - expm1(-z)**2": r"z - \left(e^{- z} - 1\right)^{2}",
    "log1p(-z)": r"\log\left(1 - z\right)",
    "log1p(k - 2*z)**2": r"\log^{2}\left(1 + k - 2 z\right)",
    "log_sigmoid(z)**2": r"\left(\log\sigma\left(z\right)\right)^{2}",
    "logcosh(z)**2": r"\left(\log\cosh\left(z\right)\right)^{2}",
    "sech2(z)**2": r"\left(\mathrm{sech}^2\left(z\right)\right)^{2}",
    "1/sech2(z)": r"\frac{1}{\mathrm{sech}^2\left(z\right)}",
    "gaussian(z - 1)": r"e^{- \left(z - 1\right)^{2}}",
    "gaussian(-z)": r"e^{- z^{2}}",
    "gaussian(z - 1)**2": r"e^{- 2 \left(z - 1\right)^{2}}",
    "gaussian(z)**(k + 1)": r"e^{z^{2} \left(- k - 1\right)}",
    "abs(z - 1)**3": r"\left|z - 1\right|^{3}",
    "rhypot(1 - 2*z)": r"\frac{1}{\sqrt{1 + \left(1 - 2 z\right)^{2}}}",
    "isru(k*z)**2": r"\left(\frac{k z}{\sqrt{1 + k^{2} z^{2}}}\right)^{2}",
    "squareplus(k*z, 1)": r"\frac{k z + \sqrt{k^{2} z^{2} + 1}}{2}",
    "squareplus(z - 1, -k)": r"\frac{z - 1 + \sqrt{\left(z - 1\right)^{2} - k}}{2}",
    "squareplus_slope(k*z, 1)": r"\frac{1}{2}\left(1 + \frac{k z}{\sqrt{k^{2} z^{2} + 1}}\right)",
    "squareplus_slope(-z, k - z)": r"\frac{1}{2}\left(1 + \frac{- z}{\sqrt{z^{2} + k - z}}\right)",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_every_sum_and_sign_stands_as_its_place_needs_it(text):
    assert to_latex(parse(text, ["k"])) == WRITTEN[text]


@pytest.mark.parametrize("form", ["{}", "z - k*({})**2"])
def test_mathtext_draws_every_primitive_in_every_place(form):
    for call in CALLS:
        latex = to_latex(parse(form.format(call), ["k"]))
        assert MathTextParser("path").parse(f"${latex}$").width > 0, call
