from __future__ import annotations

import dataclasses

import pytest

import nonlin as nl
from nonlin import catalogue
from nonlin.lab import Study
from nonlin.report import _charts, render

from .conftest import ran_away


def test_learning_curves_are_one_for_each_network(moons: Study) -> None:
    curves = _charts.learning_curves(moons)
    assert [name for name, _ in curves] == ["identity", "sigmoid", "tanh"]
    assert all(
        shown.alt.startswith(f"Losses of the network with {name}: training stops after") for name, shown in curves
    )


def test_a_network_that_ran_away_has_no_curve(moons: Study) -> None:
    study = dataclasses.replace(moons, fits=tuple(ran_away(f) if f.candidate == "tanh" else f for f in moons.fits))
    assert [name for name, _ in _charts.learning_curves(study)] == ["identity", "sigmoid"]
    lost = dataclasses.replace(moons, fits=tuple(map(ran_away, moons.fits)))
    assert _charts.learning_curves(lost) == []


def test_a_formula_that_runs_away_in_every_fold_leaves_a_page() -> None:
    page = render(nl.study("xor", activations=["log(z)"], hidden=5, budget="quick"))
    assert "Without curves, since training ran away in at least one fold: log(z)." in page
    assert '<th scope="row">log(z) <span class="kind">network, bent</span></th><td class="n score">–</td>' in page


def test_one_loss_of_next_to_nothing_does_not_flatten_the_curves(moons: Study) -> None:
    last = moons.fits[-1]
    lucky = dataclasses.replace(last, validation_curve=(*last.validation_curve, 1e-15))
    longest, low, high = _charts._limits((*moons.fits[:-1], lucky))
    assert low > 0.01
    assert (longest, low) == pytest.approx(_charts._limits(moons.fits)[:2], rel=0.1)
    assert high > 0.5


def test_the_smallest_losses_have_room_beside_the_axis() -> None:
    words = [_charts._briefly(loss) for loss in (30.0, 0.3, 0.003, 0.001, 3e-4, 1e-4, 1e-5, 1e-12)]
    assert words == ["30", "0.3", "0.003", "0.001", "3e-4", "1e-4", "1e-5", "1e-12"]


def test_activation_cards_describe_themselves() -> None:
    relu = catalogue.get("relu")
    assert _charts.activation_graph(relu).alt == "Graph of relu for z from -4 to 4: values from 0 to 4 and kinks at 0."
    assert _charts.equation_picture(relu).alt == f"φ(z) = {relu.formula}"
