from __future__ import annotations

from nonlin.lab import Study
from nonlin.report import _pictures
from nonlin.report._show import Show


def test_surface_says_what_it_shows(moons: Study, moons_show: Show) -> None:
    shown = _pictures.surface(moons, moons_show, "tanh", "any boundary may bend", "A caption.")
    assert shown.alt == (
        f"The plane of x1 and x2 with {len(moons_show.drawn)} rows of moons as points, and what the network with tanh "
        "predicts of the classes behind them; any boundary may bend."
    )
    assert shown.width == round(96 * _pictures.SIZE[0])


def test_architecture_names_inputs_units_and_output(moons: Study, moons_show: Show) -> None:
    shown = _pictures.architecture(moons, moons_show, "sigmoid", "")
    assert shown.alt == (
        "The inputs x1, x2 and a bias, 8 hidden units with sigmoid, and one output with a sigmoid and a unit step, "
        "joined by weighted lines."
    )
