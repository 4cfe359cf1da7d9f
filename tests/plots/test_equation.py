from __future__ import annotations

import numpy as np
import pytest
from matplotlib.path import Path

from nonlin import catalogue
from nonlin.activation import Activation
from nonlin.plots._equation import equation_path, extents


def size(latex: str) -> tuple[float, float]:
    box = extents(equation_path(latex))
    return float(box.width), float(box.height)


@pytest.mark.parametrize("name", catalogue.names())
def test_every_equation_and_derivative_is_centred_and_begins_at_the_left(name: str) -> None:
    a = catalogue.get(name)
    for latex in (a.latex, a.derivative_latex):
        box = extents(equation_path(latex))
        assert 0 <= box.x0 < 2
        assert abs(box.y0 + box.y1) < 0.2 * box.height


def test_the_box_holds_the_outline_and_is_hardly_larger() -> None:
    for name in ("sigmoid", "hard_swish", "gelu_tanh", "srs"):
        path = equation_path(catalogue.get(name).latex)
        ours, exact = extents(path).extents, path.get_extents().extents
        assert (ours[:2] <= exact[:2] + 1e-9).all()
        assert (ours[2:] >= exact[2:] - 1e-9).all()
        np.testing.assert_allclose(ours, exact, atol=1.0)


def test_each_case_makes_it_higher_and_a_fraction_more_so() -> None:
    one, two = (r"z\;\;(z > 1)", r"0\;\;(\mathrm{otherwise})")
    row = size(rf"{one},\;\; {one},\;\; {two}")[1] - size(rf"{one},\;\; {two}")[1]
    tall = size(rf"\frac{{z}}{{2}}\;\;(z > 1),\;\; {one},\;\; {two}")[1] - size(rf"{one},\;\; {two}")[1]
    assert row == pytest.approx(17.3, abs=0.5)
    assert tall > row + 8


def test_long_fractions_are_decimals() -> None:
    assert "2303957" not in catalogue.get("sigmoid_stepwise").latex
    assert "0.45512 z" in catalogue.get("sigmoid_stepwise").latex
    assert Activation("z/1999").latex == "0.00050025 z"
    assert Activation("z/7").latex == r"\frac{z}{7}"


def test_a_brace_stands_before_cases_only() -> None:
    plain, cases = equation_path("z"), equation_path(r"z\;\;(z > 0),\;\; 0\;\;(\mathrm{otherwise})")
    curves = [int((path.codes == Path.CURVE3).sum()) for path in (plain, cases)]
    assert curves[1] > curves[0] + 20


@pytest.mark.parametrize(
    "name", ["lam", "p_1", "alpha_neg", "Theta", "hbar", "xdot", "ahat", "amag", "abold", "aprime"]
)
def test_any_name_of_a_parameter_can_be_set(name: str) -> None:
    assert size(Activation(f"z*{name}", **{name: 2.0}).latex)[0] > 0
