from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import PathPatch
from matplotlib.transforms import Bbox

from nonlin import catalogue
from nonlin.errors import InputError
from nonlin.plots import cheat_sheet
from nonlin.plots._sheet import sheet_pages

LONG = "where(z > 0, z*sin(z)*sigmoid(z)*exp(-abs(z))/(1+abs(z)), where(z > -1, tanh(z)*softplus(z)*erf(z)*exp(z), z))"


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    plt.close("all")


def words(fig: Any) -> list[str]:
    return [text.get_text() for text in fig.texts]


def equations(fig: Any) -> list[Bbox]:
    return [patch.get_window_extent() for patch in fig.findobj(PathPatch) if patch.axes is None]


def check_nothing_overlaps_or_is_cut(fig: Any) -> None:
    fig.draw_without_rendering()
    page = fig.bbox
    boxes = [t.get_window_extent() for t in fig.texts] + [ax.get_tightbbox() for ax in fig.axes] + equations(fig)
    for k, box in enumerate(boxes):
        assert page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1  # noqa: PT018
        for other in boxes[:k]:
            shared = Bbox.intersection(box, other)
            assert shared is None or shared.width * shared.height < 4, words(fig)


def test_the_classic_eight_on_a_sheet_of_a4() -> None:
    fig = cheat_sheet()
    assert fig.get_size_inches() == pytest.approx([8.27, 11.69])
    assert words(fig)[0] == "Activation functions"
    assert words(fig)[1:5] == ["activation", "equation", "example of use", "graph"]
    assert words(fig)[5::2] == [
        "unit step", "sign", "identity", "piecewise\nlinear", "sigmoid", "tanh", "relu", "softplus",
    ]  # fmt: skip
    assert words(fig)[6] == "perceptron"
    assert len(fig.axes) == len(equations(fig)) == 8
    assert [t.get_text() for t in fig.legends[0].get_texts()] == [r"$\varphi(z)$", r"$\varphi'(z)$"]


@pytest.mark.parametrize("names", [None, catalogue.names(), [LONG, "relu"], ["z*sin(z)"] * 13])
def test_nothing_overlaps_and_nothing_is_cut(names: Any) -> None:
    check_nothing_overlaps_or_is_cut(cheat_sheet(names))


def test_no_equation_is_smaller_than_can_be_read() -> None:
    """The height of a z in the equations is that of their type: 12 points where there is room, never below 6.5."""
    from nonlin.plots._sheet import _rows

    assert min(row.scale for row in _rows(catalogue.names())) * 12 > 6.5


def test_a_row_is_as_high_as_its_equation() -> None:
    fig = cheat_sheet(["relu", "eis_2"])
    low, high = (box.height for box in equations(fig))
    assert high > 3 * low
    assert fig.get_size_inches()[1] == pytest.approx(1.25 + 0.45 + 1.24875 + high / fig.dpi + 0.2, abs=0.02)


@pytest.mark.parametrize(("n", "columns", "size"), [(1, None, 1), (12, None, 1), (13, None, 2), (24, 3, 3), (2, 5, 2)])
def test_activations_stand_side_by_side_where_there_are_many(n: int, columns: int | None, size: int) -> None:
    fig = cheat_sheet(catalogue.names()[:n], columns=columns)
    assert len({round(ax.get_position().x0, 6) for ax in fig.axes}) == size
    assert fig.get_size_inches()[0] == pytest.approx(0.45 + size * 7.82)


def test_pages_of_a4() -> None:
    pages = sheet_pages(catalogue.names()[:20])
    assert [tuple(page.get_size_inches()) for page in pages] == [(8.27, 11.69)] * 3
    assert [words(page)[-1] for page in pages] == ["1 / 3", "2 / 3", "3 / 3"]
    assert sum(len(page.axes) for page in pages) == 20
    for page in pages:
        check_nothing_overlaps_or_is_cut(page)
    (only,) = sheet_pages(["relu"])
    assert words(only)[-1] == "MLP, convolutional\nnetworks"


def test_bad_input() -> None:
    with pytest.raises(InputError) as caught:
        cheat_sheet([])
    assert str(caught.value) == "names must be at least one activation, got []"
    with pytest.raises(InputError) as caught:
        cheat_sheet(columns=0)
    assert str(caught.value) == "columns must be an integer of at least 1, got 0"
