from __future__ import annotations

import math

import numpy as np
import pytest

import nonlin as nl
from nonlin.lab import Study
from nonlin.lab.statistics import Estimate
from nonlin.report import _tables, render
from nonlin.report._tables import Scale

from .conftest import QUICK, scored


def test_scale_keeps_what_lies_outside_at_its_ends() -> None:
    scale = Scale(0.5, 1.0)
    assert [scale.at(v) for v in (0.2, 0.5, 0.75, 1.2, math.nan)] == [0.0, 0.0, 50.0, 100.0, 0.0]


@pytest.mark.parametrize(
    ("values", "ends"),
    [((0.82, 0.93), (0.8, 0.95)), ((0.2, 1.3), (0.2, 1.0)), ((1.0, 1.0), (1.0, 1.05)), ((-0.5, 0.1), (0.0, 0.1))],
)
def test_scale_of_an_accuracy(moons: Study, values: tuple[float, ...], ends: tuple[float, float]) -> None:
    scale = _tables.score_scale(moons, values)
    assert (scale.low, scale.high) == ends


def test_scale_of_r2_stops_at_minus_one(diabetes: Study) -> None:
    scale = _tables.score_scale(diabetes, (-40.0, 0.4))
    assert (scale.low, scale.high) == (-1.0, 0.4)


def test_gap_drawing_holds_zero_and_the_interval() -> None:
    drawn = _tables.gap_drawing(Estimate(0.1, 0.08, 0.12))
    assert drawn == {"zero": 16.67, "at": 72.22, "from": 61.11, "to": 83.33}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.1234, "0.123"), (53.476, "53.5"), (12345.6, "12,346"), (math.nan, "–"), (-0.5, "-0.500"), (-0.0, "0.000"),
        (0.0234, "0.0234"), (0.00234, "0.00234"), (-0.000234, "-2.34e-4"), (1.869e-7, "1.87e-7"), (999_999, "999,999"),
        (1e6, "1.00e6"), (-2.396e30, "-2.40e30"),
    ],
)  # fmt: skip
def test_short(value: float, words: str) -> None:
    assert _tables.short(value) == words


@pytest.mark.parametrize(
    ("value", "words", "with_sign"),
    [
        (0.8124, "0.812", "+0.812"), (-0.0004, "0.000", "+0.000"), (-999.9, "-999.900", "-999.900"),
        (-1.4294e36, "-1.43e36", "-1.43e36"), (2500.0, "2.50e3", "+2.50e3"), (math.nan, "–", "–"),
    ],
)  # fmt: skip
def test_scores_have_three_decimals_until_these_say_nothing(value: float, words: str, with_sign: str) -> None:
    assert (_tables.number(value), _tables.signed(value)) == (words, with_sign)


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((-0.3, 0.4), "from -0.300 to 0.400"), ((-2e-5, 3e-5), "from -2.00e-5 to 3.00e-5"),
        ((1e9 - 0.4, 1e9 + 0.4), "over 0.800 around 1.00e9"), ((7.0, 7.0), "from 7.000 to 7.000"),
    ],
)  # fmt: skip
def test_an_extent_shows_how_far_its_ends_are_apart(ends: tuple[float, float], words: str) -> None:
    assert _tables.extent(np.array(ends)) == words


def test_a_score_far_below_any_is_written_with_a_power_of_ten(diabetes: Study) -> None:
    study = scored(diabetes, identity=-1.4294e36, least_squares=-1.4294e36)
    rows = {row["model"]: row for row in _tables.leaderboard(study)[0]}
    assert rows["identity"]["score"] == "-1.43e36"
    assert rows["identity"]["interval"] == "-1.43e36 to -1.43e36"
    page = render(study)
    assert '<span class="value" style="left:83.33%">+1.43e36</span>' in page
    assert "The network with identity: -1.43e36 R² held out." in page


def test_overfitting_is_training_minus_held_out(moons: Study) -> None:
    rows, _ = _tables.overfitting(moons, ["identity", "tanh"])
    seen, held = _tables.train_score(moons, "tanh"), moons.score("tanh").mean
    assert [row["model"] for row in rows] == ["identity", "tanh"]
    assert (rows[1]["train"], rows[1]["held_out"]) == (f"{seen:.3f}", f"{held:.3f}")
    assert rows[1]["difference"] == f"{seen - held:+.3f}"


def test_diagnostics_are_those_of_the_study(moons: Study) -> None:
    rows = _tables.diagnostics(moons)
    assert [row["model"] for row in rows] == list(moons.diagnostics["model"])
    assert rows[1]["saturated_share"] == f"{100 * moons.diagnostics['saturated'][1]:.1f}\u00a0%"


def test_python_lines_repeat_a_built_in_study(moons: Study) -> None:
    assert _tables.python_lines(moons) == (
        "import nonlin as nl\n\n"
        "result = nl.study('moons', activations=['sigmoid', 'tanh'], task='classification', hidden=8, budget='quick', "
        "seed=0)\n"
        "print(result.verdict)\n"
        'result.to_html("study.html")'
    )


def test_python_lines_name_what_they_cannot_know(hostile: Study) -> None:
    lines = _tables.python_lines(hostile).splitlines()
    assert lines[2] == "# table: the data frame, or the path of its file"
    assert lines[3].startswith("result = nl.study(table, target='</style><b>', ")


def test_python_lines_write_a_formula_out() -> None:
    study = nl.study("iris", **(QUICK | {"activations": [nl.Activation("z*sin(z)", name="mine")]}))
    assert "activations=['sigmoid', 'z*sin(z)']" in _tables.python_lines(study)
