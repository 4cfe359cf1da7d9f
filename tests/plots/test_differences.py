"""All pairs of a study, and mean ranks with the bars that join what cannot be told apart."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nonlin.plots import critical_differences, pairwise

PAIRS = pd.DataFrame({
    "model": ["tanh", "relu"], "other": ["relu", "tanh"], "better": [0.98, 0.004], "ahead": [True, False],
})  # fmt: skip
RANKS = np.array([[1.0, 2.0, 3.0, 4.0]] * 12)


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


def compared(groups: list[tuple[str, ...]], difference: float) -> SimpleNamespace:
    models = ("relu", "tanh", "silu", "mish")
    return SimpleNamespace(
        ranks=RANKS, models=models, groups=groups, equals=list(groups[0]), tables=tuple("abcdefghijkl"),
        critical_difference=difference,
    )  # fmt: skip


def test_every_cell_has_its_figure_and_settled_ones_are_bold() -> None:
    ax = pairwise(SimpleNamespace(pairwise=PAIRS), Figure().add_subplot())
    assert words(ax) == ["98", "0"]
    assert [text.get_fontweight() for text in ax.texts] == ["bold", "normal"]
    assert [text.get_position() for text in ax.texts] == [(1, 0), (0, 1)]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["tanh", "relu"]


def test_models_stand_at_their_mean_ranks_and_bars_join_groups() -> None:
    ax = critical_differences(compared([("relu", "tanh"), ("tanh", "silu", "mish")], 1.35), Figure().add_subplot())
    assert words(ax) == ["relu  1.00", "tanh  2.00", "silu  3.00", "mish  4.00", "critical difference 1.35"]
    bars = [line.get_xdata().tolist() for line in ax.lines if line.get_linewidth() > 4]
    assert bars == [pytest.approx([0.94, 2.06]), pytest.approx([1.94, 4.06])]
    assert ax.get_xlabel() == "mean rank over 12 tables (1 is best)"


def test_the_equals_of_the_best_differ_in_marker_and_weight_too() -> None:
    ax = critical_differences(compared([("relu", "tanh")], 1.35), Figure().add_subplot())
    assert [line.get_marker() for line in ax.lines if line.get_marker() in "os"] == ["o", "o", "s", "s"]
    weights = {text.get_text()[:4]: text.get_fontweight() for text in ax.texts if text.get_text()}
    assert [weights[name] for name in ("relu", "tanh", "silu", "mish")] == ["bold", "bold", "normal", "normal"]


def test_a_critical_difference_beyond_all_ranks_is_said_to_be() -> None:
    ax = critical_differences(compared([("relu", "tanh", "silu", "mish")], 4.7), Figure().add_subplot())
    assert words(ax)[-1] == "critical difference 4.70: more than the ranks can differ"
