from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from nonlin import catalogue
from nonlin.activation import Activation
from nonlin.errors import InputError, UnknownNameError
from nonlin.plots import activation
from nonlin.plots._activation import DERIVATIVE, VALUE


def draw(a: Any, **options: Any) -> Any:
    return activation(a, Figure(figsize=(4, 3)).add_subplot(), **options)


def curves(ax: Any, tone: str) -> list[Any]:
    return [line for line in ax.lines if line.get_color() == tone and line.get_linestyle() != "None"]


def legend(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.mark.parametrize("name", catalogue.names())
def test_every_member_is_drawn_as_it_is(name: str) -> None:
    ax, fn = draw(name), catalogue.get(name)
    for line in curves(ax, VALUE):
        x, y = line.get_data()
        assert np.array_equal(y, fn(x))
    for line in curves(ax, DERIVATIVE):
        x, y = line.get_data()
        assert np.array_equal(y, fn.derivative(x))
        assert line.get_linestyle() == "--"
    ax.figure.draw_without_rendering()  # the equation is mathtext that parses


def test_no_line_goes_through_a_jump() -> None:
    ax = draw("unit_step")
    steps = curves(ax, VALUE)
    assert [line.get_xdata()[[0, -1]].round(6).tolist() for line in steps] == [[-5.0, 0.0], [0.0, 5.0]]
    assert [set(line.get_ydata().tolist()) for line in steps] == [{0.0}, {1.0}]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [(d.get_ydata()[0], d.get_markerfacecolor()) for d in dots] == [(0.0, "#ffffff"), (1.0, VALUE)]
    assert legend(ax) == [r"$\varphi(z)$", r"$\varphi'(z)$", "jump"]


def test_kinks_are_marked_and_break_the_derivative() -> None:
    ax = draw("piecewise_linear")
    (kinks,) = (line for line in ax.lines if line.get_marker() == "s")
    assert kinks.get_xdata().tolist() == [-0.5, 0.5]
    assert len(curves(ax, VALUE)) == 1
    assert [line.get_ydata()[0] for line in curves(ax, DERIVATIVE)] == [0.0, 1.0, 0.0]
    assert legend(ax) == [r"$\varphi(z)$", r"$\varphi'(z)$", "kink"]


def test_names_formulas_and_activations() -> None:
    assert draw("piecewise_linear").get_title(loc="left").splitlines()[0] == "piecewise linear"
    assert draw("z*sin(z)").get_title(loc="left").splitlines()[0] == "z*sin(z)"
    assert draw(Activation("z**3", name="my_cube")).get_title(loc="left") == "my_cube\n$\\varphi(z) = z^{3}$"


def test_a_steep_function_does_not_flatten_the_rest() -> None:
    low, high = draw("exp(z)").get_ylim()
    assert (low, high) == pytest.approx((-0.08 * 15, 15 * 1.08), abs=0.01)


def test_limits() -> None:
    assert draw("tanh", limits=(-2, 3)).get_xlim() == (-2.0, 3.0)
    with pytest.raises(InputError) as caught:
        draw("tanh", limits=(3, -2))
    assert str(caught.value) == "limits must be two finite numbers in rising order, got (3, -2)"


def test_an_unknown_name() -> None:
    with pytest.raises(UnknownNameError):
        draw("gelo")
