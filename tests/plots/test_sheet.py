from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import matplotlib.pyplot as plt
import pytest
from matplotlib.transforms import Bbox

from nonlin import catalogue
from nonlin.errors import InputError
from nonlin.plots import cheat_sheet


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    plt.close("all")


def words(fig: Any) -> list[str]:
    return [text.get_text() for text in fig.texts]


def test_the_classic_eight_on_a_sheet_of_a4() -> None:
    fig = cheat_sheet()
    assert tuple(fig.get_size_inches()) == (8.27, 11.69)
    assert words(fig)[0] == "Activation functions"
    assert words(fig)[1:5] == ["activation", "equation", "example of use", "graph"]
    assert words(fig)[5::3] == [
        "unit step", "sign", "identity", "piecewise\nlinear", "sigmoid", "tanh", "relu", "softplus",
    ]  # fmt: skip
    assert words(fig)[7] == "perceptron"
    assert len(fig.axes) == 8
    assert [t.get_text() for t in fig.legends[0].get_texts()] == [r"$\varphi(z)$", r"$\varphi'(z)$"]


@pytest.mark.parametrize("names", [None, catalogue.names(), ["z*sin(z)*sigmoid(z)*exp(-abs(z))/(1+abs(z))", "relu"]])
def test_nothing_overlaps_and_nothing_is_cut(names: Any) -> None:
    fig = cheat_sheet(names)
    fig.draw_without_rendering()
    page = fig.bbox
    boxes = [text.get_window_extent() for text in fig.texts] + [ax.get_tightbbox() for ax in fig.axes]
    for k, box in enumerate(boxes):
        assert page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1  # noqa: PT018
        for other in boxes[:k]:
            shared = Bbox.intersection(box, other)
            assert shared is None or shared.width * shared.height < 4, words(fig)


@pytest.mark.parametrize(("n", "columns", "size"), [(1, None, 1), (8, None, 1), (24, None, 2), (24, 3, 3), (2, 5, 2)])
def test_activations_stand_side_by_side_where_there_are_many(n: int, columns: int | None, size: int) -> None:
    fig = cheat_sheet(catalogue.names()[:n], columns=columns)
    assert len({round(ax.get_position().x0, 6) for ax in fig.axes}) == size
    wide, high = fig.get_size_inches()
    assert high <= wide * 11.69 / 8.27 + 1e-9


def test_bad_input() -> None:
    with pytest.raises(InputError) as caught:
        cheat_sheet([])
    assert str(caught.value) == "names must be at least one activation, got []"
    with pytest.raises(InputError) as caught:
        cheat_sheet(columns=0)
    assert str(caught.value) == "columns must be an integer of at least 1, got 0"
