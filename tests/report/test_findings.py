"""Surfaces side by side, pairs of models, diagnostics and cost: all from the study's own figures."""

from __future__ import annotations

import dataclasses
from urllib.parse import unquote

import pytest

from nonlin.lab import Study
from nonlin.lab.meaning import meaning
from nonlin.plots import MEASURES
from nonlin.report import _multiples, _tables
from nonlin.report._compact import LETTER_SCALE
from nonlin.report._diagnostics import findings
from nonlin.report._differences import differences, reading
from nonlin.report._show import Show


def test_a_surface_for_every_model_best_first(moons: Study, moons_show: Show) -> None:
    found = _multiples.surfaces(moons, moons_show)
    assert [f.model for f in found] == list(moons.leaderboard["model"])
    assert [f.score for f in found] == [f"{score:.3f} accuracy" for score in moons.leaderboard["score"]]


def test_a_surface_has_no_words(moons: Study, moons_show: Show) -> None:
    code = unquote(_multiples.surfaces(moons, moons_show)[0].picture.src)
    assert "<image" in code
    assert LETTER_SCALE not in code


def test_each_pair_is_listed_once(moons: Study) -> None:
    table, n = differences(moons).numbers, len(moons.leaderboard)
    assert table is not None
    assert len({frozenset(row[:2]) for row in table.rows}) == len(table.rows) == n * (n - 1) // 2
    first = moons.pairwise.iloc[0]
    assert table.rows[0] == (first["model"], first["other"], *(f"{first[key]:.4g}" for key in table.columns[2:]))
    assert first["model"] in reading(moons)


def test_every_measure_has_its_sentence_and_its_numbers(moons: Study) -> None:
    found = findings(moons)
    assert [f.sentence for f in found] == [meaning(moons, key) for key in MEASURES]
    gap = found[-1].picture.numbers
    assert gap is not None
    frame = moons.diagnostics.set_index("model")["score_gap"]
    assert {row[0]: float(row[1]) for row in gap.rows} == pytest.approx(frame.to_dict(), rel=1e-3)


def test_without_diagnoses_there_are_no_findings(moons: Study) -> None:
    assert findings(dataclasses.replace(moons, diagnoses=())) == []


def test_all_scores_are_means_over_the_folds(moons: Study) -> None:
    table = _tables.all_scores(moons)
    assert table.columns[:4] == ("model", "accuracy ↑", "balanced accuracy ↑", "log-loss ↓")
    assert table.rows[0][1] == f"{moons.leaderboard['accuracy'][0]:.3f}"


def test_cost_is_that_of_all_fits(moons: Study) -> None:
    rows = _tables.cost(moons)
    assert rows[0]["width"] == 100.0
    assert {row["model"]: row["all"] for row in rows} == {
        r.model: f"{r.all_seconds:.1f}" for r in moons.cost.itertuples()
    }
