"""The page of several studies: its words and figures are theirs, and it leads to their pages."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

from nonlin.lab import Study
from nonlin.lab.comparison import Comparison, compare
from nonlin.report import _overview, pages_beside, render_comparison

from .conftest import HOSTILE, scored
from .test_render import Page

PAGES = ["study-moons.html", "study-of b.html", "study-diabetes.html"]


def made(scores: list[float], tables: int) -> Comparison:
    """A comparison in which every table has the same scores."""
    models = ("relu", "tanh", "silu", "mish")[: len(scores)]
    return Comparison(tuple(f"t{k}" for k in range(tables)), models, np.array([scores] * tables))


@pytest.fixture(scope="module")
def compared(moons: Study, hostile: Study, diabetes: Study) -> Comparison:
    return compare([moons, hostile, diabetes])


@pytest.fixture(scope="module")
def page(compared: Comparison) -> str:
    return render_comparison(compared, f"nonlin study moons {HOSTILE}.csv", PAGES)


def test_sections_verdict_and_command(page: str, compared: Comparison) -> None:
    found = Page(page)
    assert found.open == []
    assert found.said("h2") == ["Table by table", "Is one model ahead over all tables?", "Ranks", "Method"]
    assert found.said("p")[1:3] == [_overview.answer(compared), compared.verdict]
    assert found.said("code")[0] == f"nonlin study moons {HOSTILE}.csv"


def test_nothing_is_loaded_or_run_and_pictures_are_described(page: str) -> None:
    found = Page(page)
    assert not found.of("script")
    assert not found.of("link")
    (image,) = found.of("img")
    assert (image["src"] or "").startswith("data:image/svg+xml,<svg ")
    assert (image["alt"] or "").startswith("The mean ranks of 4 models over 3 tables, from ")
    assert len(found.of("caption")) == len(found.of("table")) == 4
    assert found.said("summary") == ["Numbers", "All pairs"]


def test_a_row_for_each_table_with_the_figures_of_its_study(page: str, compared: Comparison) -> None:
    rows = re.findall(r'<tr><th scope="row"><a href="([^"]*)">.*?</tr>', page[: page.index('"verdicts"')], re.DOTALL)
    assert rows == ["study-moons.html", "study-of%20b.html", "study-diabetes.html"]
    for study in compared.studies:
        gap = study.linear_gap
        for figure in (f"{study.score('identity').mean:.3f}", f"{study.score(gap.best).mean:.3f}", gap.best):
            assert f"{figure} " in page or f">{figure}<" in page
        assert f"{gap.lead.low:+.3f} to {gap.lead.high:+.3f}" in page
        assert Page(page).said("p").count(study.verdict) == 1


def test_ranks_are_those_of_the_comparison(page: str, compared: Comparison) -> None:
    ranks = page[page.index('id="ranks"') :]
    rows = re.findall(r'<tr><th scope="row">([^<]*)</th><td class="n score">([^<]*)</td>', ranks)
    assert rows == [(r.model, f"{r.mean_rank:.2f}") for r in compared.table.itertuples()]


def test_links_only_where_there_are_pages(compared: Comparison) -> None:
    assert all((link["href"] or "").startswith("#") for link in Page(render_comparison(compared)).of("a"))


def test_answer_names_the_tables_of_each_kind(moons: Study) -> None:
    bent, straight = scored(moons, tanh=0.95), scored(moons)
    named = [
        dataclasses.replace(study, table=dataclasses.replace(study.table, name=name))
        for study, name in ((bent, "a"), (straight, "b"), (bent, "c"))
    ]
    assert _overview.answer(compare(named)) == (
        "Non-linearity pays on 2 of 3 tables (a and c); a linear model is enough, or probably so, on b."
    )
    assert _overview.answer(compare([named[0], named[2]])) == "Non-linearity pays on both tables."


def test_two_tables_are_too_few_for_any_difference() -> None:
    found = made([0.9, 0.8, 0.7, 0.6], 2)
    assert _overview.meaning(found)[1:] == [
        "With 2 tables no two of 4 models can be told apart, whatever their ranks: the critical difference is 3.32, and "
        "ranks differ by 3 at most. That takes 3 tables at least, or fewer models.",
        "2 tables are few: the test of ranks is rough up to 10 tables, and finds only large differences. For a table of "
        "your own, its own study says more.",
    ]


def test_many_tables_speak_for_themselves() -> None:
    assert _overview.meaning(made([0.9, 0.8, 0.7, 0.6], 12)) == [
        "relu has the best mean rank; tanh cannot be told from it, and silu and mish are surely behind. Of these 2 "
        "take the simplest."
    ]
    assert _overview.meaning(made([0.9, 0.8, 0.7], 40)) == [
        "relu stands alone: every other model is surely behind it on tables like these."
    ]
    assert _overview.meaning(made([0.8, 0.8, 0.8], 12)) == [
        "One bar joins all models: if they were all alike, ranks as uneven as these would come up by chance with "
        "probability 1.000. This order is no reason to choose relu over silu."
    ]


def test_what_a_picture_without_bars_says() -> None:
    assert _overview.differences(made([0.9, 0.8, 0.7], 40)).alt == (
        "The mean ranks of 3 models over 40 tables, from relu (1.00) to silu (3.00). No bar joins any two of them."
    )


def test_a_model_that_some_tables_lack_is_named(page: str) -> None:
    assert "Not ranked, since some tables lack them: logistic regression." in page


def test_python_lines_repeat_every_study(page: str) -> None:
    lines = Page(page).said("code")[-1]
    assert "from nonlin.lab.comparison import compare # table: the data frame, or the path of its file" in lines
    assert lines.count(" nl.study(") == 3


def test_to_html_writes_the_overview_and_a_page_for_each_table(moons: Study, diabetes: Study, tmp_path: Path) -> None:
    compare([moons, diabetes]).to_html(tmp_path / "all.html")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["all-diabetes.html", "all-moons.html", "all.html"]
    links = [link["href"] for link in Page((tmp_path / "all.html").read_text("utf-8")).of("a")]
    assert links.count("all-moons.html") == links.count("all-diabetes.html") == 2


def test_pages_of_one_name_are_numbered() -> None:
    pages = pages_beside(Path("there") / "s.html", ["a", "b", "a"])
    assert pages == [Path("there") / name for name in ("s-a-1.html", "s-b.html", "s-a-2.html")]
