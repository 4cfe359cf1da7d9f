"""How scores are printed, on the board and in it."""

import math
import re

import numpy as np
import pandas as pd
import pytest

from nonlin.lab.figures import figure


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.98765, "0.988"),
        (-0.0004, "0.000"),
        (-0.0006, "-0.001"),
        (-999.5, "-999.500"),
        (-1000.0, "-1.00e3"),
        (-59785968484.672, "-5.98e10"),
        (-math.inf, "-inf"),
    ],
)
def test_figures(value, text):
    assert figure(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.25, "+0.250"), (-0.0, "+0.000"), (2e30, "+2.00e30")])
def test_figures_with_a_sign(value, text):
    assert figure(value, "+") == text


def test_scores_that_are_far_off_do_not_break_the_board(nonlin, here):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"a": rng.normal(size=60), "b": rng.normal(size=60)})
    table["y"] = table["a"] + 0.1 * rng.normal(size=60)
    table.loc[7, "b"] = 1e20
    table.to_csv("t.csv", index=False)
    code, out, _ = nonlin(
        "study", "t.csv", "--target", "y", "--activations", "relu", "--hidden", "5", "--budget", "quick"
    )
    assert code == 0
    board = out[out.index("  model") : out.index("R² held out")].split("\n")[2:-2]
    assert [len(line.split("…")) for line in board] == [2] * 4  # a line each
    assert any(re.search(r"\de\d", line) for line in board)
    assert max(map(len, board)) < 80
