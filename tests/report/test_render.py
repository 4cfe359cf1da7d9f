"""The page as a whole: structure, safety, and numbers equal to the study's."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

import nonlin as nl
from nonlin.lab import Study
from nonlin.report import render

from .conftest import HOSTILE, QUICK

VOID = {"meta", "img", "br", "hr", "link"}


class Page(HTMLParser):
    """Tags with their attributes, headings with their words, and tags left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.words.append((self.open[-1], " ".join(data.split())))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def said(self, tag: str) -> list[str]:
        return [words for name, words in self.words if name == tag]


@pytest.fixture(scope="session")
def page(moons: Study) -> str:
    return render(moons, "nonlin study moons --seed 0")


@pytest.fixture(scope="session")
def hostile_page(hostile: Study) -> str:
    return render(hostile, f"nonlin study {HOSTILE}.csv")


@pytest.fixture(scope="session")
def diabetes_page(diabetes: Study) -> str:
    return render(diabetes)


@pytest.fixture(params=["page", "hostile_page", "diabetes_page"])
def any_page(request: pytest.FixtureRequest) -> str:
    text: str = request.getfixturevalue(request.param)
    return text


def test_sections_in_order(page: str) -> None:
    assert Page(page).said("h2") == [
        "The story", "What each model says", "Leaderboard", "Who is ahead of whom", "Learning curves", "Diagnostics",
        "Cost", "Cheat sheet", "Method",
    ]  # fmt: skip


def test_steps_of_classes_in_order(page: str) -> None:
    story = page[: page.index('<section id="surfaces"')]
    assert [words for words in Page(story).said("h3") if words[0].isupper()] == [
        "Net input: a weighted sum",
        "Activation: the net input becomes a probability",
        "Unit step: a straight boundary",
        "Where lines fail",
        "A bend in every unit",
        "The role of the activation function",
    ]


def test_steps_of_numbers_in_order(diabetes_page: str) -> None:
    assert [words for words in Page(diabetes_page).said("h3") if words[0].isupper()][:3] == [
        "Net input: a weighted sum", "Activation: no squashing is needed", "No unit step: a flat surface",
    ]  # fmt: skip


def test_headings_skip_no_level(any_page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Page(any_page).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert max(np.diff(levels)) == 1


def test_every_tag_is_closed(any_page: str) -> None:
    assert Page(any_page).open == []


def test_every_image_is_inside_and_described(any_page: str) -> None:
    images = Page(any_page).of("img")
    assert len(images) > 20
    assert all(len(image["alt"] or "") >= len("φ(z) = z") for image in images)
    assert all((image["src"] or "").startswith("data:image/svg+xml,<svg ") for image in images)


def test_nothing_is_loaded_or_run(any_page: str) -> None:
    found = Page(any_page)
    assert not found.of("script")
    assert not found.of("link")
    addresses = [a[key] or "" for _, a in found.tags for key in ("src", "href") if key in a]
    assert all(address.startswith(("#", "data:")) for address in addresses)
    assert set(re.findall(r"url\([^)]{4}", any_page)) <= {"url(%23i"}  # inside a picture
    assert "@import" not in any_page
    assert not [key for _, attributes in found.tags for key in attributes if key.startswith("on")]


def test_language_landmarks_and_tables(any_page: str) -> None:
    found = Page(any_page)
    assert found.of("html") == [{"lang": "en"}]
    assert [len(found.of(tag)) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert len(found.of("caption")) == len(found.of("table")) > 30
    assert {cell.get("scope") for cell in found.of("th")} == {"col", "row"}


def test_links_lead_to_places_on_the_page(any_page: str) -> None:
    found = Page(any_page)
    places = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(places) == len(set(places))
    assert {(link["href"] or "")[1:] for link in found.of("a")} <= set(places)
    labelled = {a["aria-labelledby"] for _, a in found.tags if "aria-labelledby" in a}
    assert labelled <= set(places)


def test_numbers_stand_below_every_picture_that_has_data(page: str) -> None:
    found = Page(page)
    drawn = [image for image in found.of("img") if not (image["alt"] or "").startswith(("φ(z) = ", "Solid blue"))]
    assert len(found.of("details")) == len(drawn) + 1  # all scores have their own table
    assert set(found.said("summary")) == {"Numbers", "All scores"}


def test_hostile_names_are_only_text(hostile_page: str) -> None:
    assert "<script" not in hostile_page
    assert "<i>high</i>" not in hostile_page
    assert "<img src=x" not in hostile_page
    assert len(Page(hostile_page).of("style")) == 1
    assert "nonlin study &lt;script&gt;alert(1)&lt;/script&gt;.csv" in hostile_page
    assert "target &lt;/style&gt;&lt;b&gt;" in hostile_page


def test_verdict_gap_and_notes_open_the_page(page: str, moons: Study) -> None:
    found = Page(page)
    assert moons.verdict in " ".join(words for _, words in found.words)
    assert found.said("code")[0] == "nonlin study moons --seed 0"
    assert f"{moons.linear_gap.lead.mean:+.3f}" in found.said("span")


def test_leaderboard_shows_the_numbers_of_the_study(page: str, moons: Study) -> None:
    board = page[page.index('id="leaderboard"') : page.index('id="differences"')]
    rows = re.findall(r'<tr class="(\w+)"><th scope="row">([^<]+?) <span.*?</tr>', board, flags=re.DOTALL)
    assert [name for _, name in rows] == list(moons.leaderboard["model"])
    assert [role for role, _ in rows] == list(moons.leaderboard["role"])
    for row in moons.leaderboard.itertuples():
        assert f'<td class="n score">{row.score:.3f}</td>' in board
        assert f'<td class="n">{row.low:.3f} to {row.high:.3f}</td>' in board


def test_names_in_letters_of_any_kind_draw_without_a_warning() -> None:
    a = np.linspace(-1.0, 1.0, 60)
    frame = pd.DataFrame({"日本語": a, "b\x01c": a**2, "y": np.where(a > 0, "東京", "大阪")})
    assert "東京" in render(nl.study(frame, target="y", **QUICK))


def test_same_study_same_bytes(page: str, moons: Study) -> None:
    assert render(moons, "nonlin study moons --seed 0") == page


def test_page_is_small(any_page: str) -> None:
    assert len(any_page.encode()) < 1_000_000


def test_without_a_command_only_python_repeats_it(diabetes_page: str) -> None:
    line = "result = nl.study(&#39;diabetes&#39;, activations=[&#39;sigmoid&#39;, &#39;tanh&#39;]"
    assert "Made with" not in diabetes_page
    assert line in diabetes_page


@pytest.mark.parametrize("bent", [True, False], ids=["regression", "classes"])
def test_a_single_column(bent: bool) -> None:
    x = np.linspace(-3, 3, 90)
    y = np.sin(2 * x) if bent else np.where(np.abs(x) < 1, "inside", "outside")
    page = render(nl.study(pd.DataFrame({"x": x, "y": y}), target="y", **QUICK))
    title = "No unit step: a straight line" if bent else "Unit step: a threshold"
    assert title in Page(page).said("h3")
    assert "The line of x with 90 rows of table as points" in page


def test_columns_of_text_alone_are_drawn_on_their_inputs() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.choice(["a", "b", "c"], 90) for name in ("p", "q")})
    frame["y"] = np.where((frame["p"] == "a") ^ (frame["q"] == "b"), "yes", "no")
    page = render(nl.study(frame, target="y", **QUICK))
    assert "The plane of the two main components of the 6 inputs with 90 rows" in page


def test_the_leaderboard_says_where_its_drawing_is_cut_off(page: str, diabetes_page: str) -> None:
    for text, ends in ((page, "0 or above 1"), (diabetes_page, "-1 or above 1")):
        assert [words for words in Page(text).said("caption") if f"nothing is drawn below {ends}." in words]
