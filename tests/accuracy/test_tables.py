"""Measured rows as text, and the page of the catalogue that is in docs/."""

from pathlib import Path

import numpy as np
import pytest

import nonlin
from nonlin.accuracy.measure import Row, Worst
from nonlin.accuracy.tables import HEADINGS, cells, named_once, number, page

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"

GOOD = Row("elu", "nonlin", "float32", Worst(0.25, 0.1), Worst(0.0, 7.0), 1.0, 500)
BAD = Row("elu", "nonlin", "float64", Worst(4.0001, 0.1, (("alpha", 2.0),)), Worst(np.inf, np.nan), 4.0, 1500)
PEER = Row("elu", "torch", "float32", Worst(16764215.98, np.float32(0.1)), None, None, 500)


@pytest.mark.parametrize(
    ("row", "texts"),
    [
        (GOOD, ["elu", "float32", "0.250", "0.1", "0.000", "", "1", "pass"]),
        (BAD, ["elu", "float64", "4.001", "0.1, alpha=2", "∞", "nan", "4", "FAIL"]),
        (PEER, ["elu", "torch float32", "1.7e+07", "0.1", "", "", "", ""]),
    ],
)
def test_cells(row, texts):
    assert cells(row) == texts
    assert len(texts) == len(HEADINGS)


def test_the_name_stands_once():
    assert [texts[0] for texts in named_once([GOOD, BAD, PEER])] == ["elu", "", ""]


def test_an_error_above_its_bound_never_reads_like_the_bound():
    assert number(np.nextafter(4.0, 5)) == "4.001"
    assert number(4.0) == "4.000"


def test_a_page():
    relu = [Row("relu", "nonlin", "float64", Worst(0.0, 0.0), Worst(0.0, 0.0), 4.0, 70)]
    text = page([[BAD, GOOD], relu], {"rectified": ("relu", "prelu"), "wave": ("sin",), "exponential": ("elu",)}, 20, 3)
    assert "2 activations were measured, value and derivative, at 2,070 points in all (20 random ones" in text
    assert "seed 3): above a bound: elu." in text
    assert text.index("## Rectified") < text.index("| relu | float64 |") < text.index("## Exponential")
    assert "## Wave" not in text
    assert "| elu | float64 | 4.001 | 0.1, alpha=2 | ∞ | nan | 4 | FAIL |\n|  | float32 | 0.250 |" in text
    assert "none is above its bound" in page([relu], {"rectified": ("relu",)}, 20, 3)


def test_the_page_of_the_catalogue_names_activations_and_none_above_its_bound():
    text = PAGE.read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.endswith((" pass |", " FAIL |"))]
    names = [name for row in rows if (name := row[0].removeprefix("| ")).strip("| ")]
    assert len(names) > 90
    assert set(names) <= set(nonlin.names())  # what is added later enters when the page is made again
    assert [row[1] for row in rows] == ["float64", "float32", "fast"] * len(names)
    assert "FAIL" not in text
    assert "none is above its bound" in text
