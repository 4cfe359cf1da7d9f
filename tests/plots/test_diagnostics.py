from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from matplotlib.figure import Figure

import nonlin as nl
from nonlin.errors import InputError
from nonlin.plots import MEASURES, diagnostics
from nonlin.plots._diagnostics import _value_axis


@pytest.fixture(scope="module")
def study() -> Any:
    return nl.study("xor", activations=["tanh", "relu"], budget="quick", hidden=(10, 6))


def draw(study: Any, what: str, **options: Any) -> Any:
    return diagnostics(study, what, Figure(figsize=(6, 4)).add_subplot(), **options)


def labels(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.mark.parametrize("what", MEASURES)
def test_every_measure_can_be_drawn_with_its_label(study: Any, what: str) -> None:
    ax, measure = draw(study, what), MEASURES[what]
    ax.figure.draw_without_rendering()
    assert measure.label in (ax.get_xlabel(), ax.get_ylabel())


def test_every_measure_is_a_column_of_the_study(study: Any) -> None:
    columns = set(study.diagnostics.columns)
    assert set(MEASURES) <= columns
    assert {m.beside[0] for m in MEASURES.values() if m.beside} <= columns
    assert {key for key, m in MEASURES.items() if m.over_training} <= set(study.training_diagnostics.columns)


def test_a_line_over_the_epochs_ends_its_legend_with_the_weights_kept(study: Any) -> None:
    ax = draw(study, "effective_rank", layer=2)
    frame = study.training_diagnostics
    path = frame[(frame["model"] == "identity") & (frame["layer"] == 2)]
    assert ax.lines[0].get_xdata().tolist() == path["epoch"].tolist()
    assert ax.lines[0].get_ydata().tolist() == path["effective_rank"].tolist()
    kept = path[path["kept"]]
    assert (ax.lines[1].get_xdata().tolist(), ax.lines[1].get_ydata().tolist()) == (
        kept["epoch"].tolist(), kept["effective_rank"].tolist()
    )  # fmt: skip
    ends = frame[frame["kept"] & (frame["layer"] == 2)].sort_values("effective_rank", ascending=False)
    assert labels(ax) == [*ends["model"], "weights kept"]
    assert ax.get_xlabel() == "epoch (0: initial weights)"


def test_a_prediction_is_dashed_beside_the_measure(study: Any) -> None:
    ax = draw(study, "chi1")
    assert labels(ax)[-2:] == ["weights kept", "mean-field theory"]
    assert ax.lines[2].get_linestyle() == "--"
    assert ax.lines[2].get_color() == ax.lines[0].get_color()
    assert ax.get_yscale() == "log"


@pytest.mark.parametrize(("low", "high"), [(0.55, 1.35), (0.96, 1.04), (1.1, 5.6), (0.01, 30.0), (1e-9, 1e9)])
def test_a_logarithmic_axis_has_at_least_two_numbers(low: float, high: float) -> None:
    ax = Figure().add_subplot()
    ax.plot([0, 1], [low, high])
    _value_axis(ax.yaxis, MEASURES["z_variance"])
    assert 2 <= sum(low <= tick <= high for tick in ax.get_yticks()) <= 10


def test_colour_is_not_the_only_cue_and_the_same_in_every_picture(study: Any) -> None:
    looks = [
        {line.get_label(): (line.get_color(), line.get_marker()) for line in draw(study, what).get_legend().get_lines()}
        for what in ("dead", "z_mean")
    ]
    assert looks[0] == looks[1]
    assert len({marker for _, marker in looks[0].values()}) >= 4
    assert looks[0]["sigmoid"] == ("#d55e00", "o")


def test_networks_in_order_and_none_where_there_is_nothing_to_count(study: Any) -> None:
    ax = draw(study, "regions")
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert (set(names[:2]), names[2:]) == ({"sigmoid", "tanh"}, ["identity", "relu"])
    assert [text.get_text() for text in ax.texts] == ["none", "none"]
    assert ax.lines[0].get_xdata() == [1.0]


def test_refusals(study: Any) -> None:
    with pytest.raises(InputError) as caught:
        draw(study, "mood")
    assert str(caught.value) == f"what must be one of {', '.join(MEASURES)}, got 'mood'"
    with pytest.raises(InputError) as caught:
        draw(study, "dead", layer=3)
    assert str(caught.value) == "layer must be the number of a hidden layer, from 1 to 2, got 3"
    with pytest.raises(InputError) as caught:
        draw(SimpleNamespace(diagnoses=()), "dead")
    assert str(caught.value) == "the study has no diagnoses to draw; run it again with nonlin.study"
