"""Where rows come from, and points that were drawn."""

import numpy as np
import pandas as pd
import pytest

from nonlin.data import BUILT_IN, PLANE_SETS
from nonlin.errors import InputError, TableError
from nonlin.web.settings import defaults, merged
from nonlin.web.sources import MOST_DRAWN, Sources, drawn_from, nothing_drawn
from web.page import stage_of


def settings(**values):
    return merged(defaults(), values)


@pytest.mark.parametrize("name", [*PLANE_SETS, *BUILT_IN])
def test_every_set_is_there(name):
    rows = Sources().rows(settings(data=name))
    assert (rows.source, rows.name) == (name, name)
    assert 0 < rows.held.sum() < len(rows.y)
    assert rows.is_plane == (name in PLANE_SETS)


def test_a_table_that_is_not_there():
    with pytest.raises(InputError, match="^data: the table is not here any more; drop its file on the page again$"):
        Sources().rows(settings(data="table"))


@pytest.mark.parametrize(
    ("columns", "target"),
    [(["a", "Target", "y"], "Target"), (["Y", "a", "b"], "Y"), (["a", "b", "c"], "c"), (["species", "b", "label"], "label")],
)  # fmt: skip
def test_the_target_is_guessed(columns, target):
    frame = pd.DataFrame({name: [1, 2, 3, 4] * 5 for name in columns}).assign(noise=np.arange(20.0))[
        [*columns[:-1], "noise", columns[-1]]
    ]
    sources = Sources().with_table(frame, "my.data.csv", None)
    assert (sources.table.target, sources.table.name, sources.file) == (target, "my", "my.data.csv")
    assert sources.targets == list(frame)


def test_a_guess_that_cannot_be_learned_gives_way_to_another_column():
    frame = pd.DataFrame({"a": range(40), "kind": ["x", "y"] * 20, "name": [f"n{i}" for i in range(40)]})
    sources = Sources().with_table(frame, "t.csv", None)
    assert (sources.table.target, sources.targets) == ("kind", ["a", "kind", "name"])
    with pytest.raises(TableError, match="target must repeat its classes, got a different value in each of 40 rows"):
        Sources().with_table(frame, "t.csv", "name")
    with pytest.raises(TableError, match="table must have at least 10 rows with a target, got 3"):
        Sources().with_table(frame[:3], "t.csv", None)


def test_points_of_a_set_stay_held_out_as_they_were():
    rows = stage_of(share=30).rows
    drawn = drawn_from(rows, 0.3)
    np.testing.assert_array_equal(drawn.rows(settings(share=30)).held, rows.held)
    more, fewer = (drawn.rows(settings(share=share)).held for share in (20, 60))
    assert rows.held[~more].sum() == 0
    assert (~rows.held)[fewer].sum() == 0
    assert 390 < more.sum() < 410
    assert 190 < fewer.sum() < 215


def test_new_points_are_held_out_evenly():
    drawn = nothing_drawn("classification")
    for k in range(100):
        drawn = drawn.with_points(np.array([[k / 50, 0.0]]), float(k % 2))
    held = drawn.rows(settings(share=70)).held
    assert 26 <= held.sum() <= 34
    assert 10 <= held[:40].sum() <= 14


def test_of_each_class_some_are_trained_on_and_some_row_is_held_out():
    for share in (10, 50, 90):
        for counts in ([1, 1], [2, 2], [3, 1], [1, 1, 1], [1, 2], [5, 1, 1]):
            drawn = nothing_drawn("classification")
            for label, count in enumerate(counts):
                drawn = drawn.with_points(np.zeros((count, 2)), float(label))
            rows = drawn.rows(settings(share=share))
            assert set(rows.y[~rows.held]) == set(range(len(counts)))
            assert rows.held.any() == (max(counts) > 1)


def test_numbers_too():
    drawn = nothing_drawn("regression").with_points(np.zeros((2, 2)), 0.5)
    for share in (10, 90):
        assert drawn.rows(settings(share=share)).held.sum() == 1


def test_points_are_erased_by_their_distance():
    drawn = nothing_drawn("classification").with_points(np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]), 1.0)
    assert drawn.without(np.zeros(2), 4.9).places.tolist() == [[3, 4], [6, 8]]
    assert drawn.without(np.zeros(2), 5.0).places.tolist() == [[6, 8]]
    assert drawn.without(np.zeros(2), 50.0).places.shape == (0, 2)
    assert len(drawn.labels) == 3


def test_there_may_be_so_many():
    drawn = nothing_drawn("classification").with_points(np.zeros((MOST_DRAWN, 2)), 0.0)
    with pytest.raises(InputError) as caught:
        drawn.with_points(np.zeros((1, 2)), 0.0)
    assert str(caught.value) == "points must be at most 5,000, got 5001; erase some"
