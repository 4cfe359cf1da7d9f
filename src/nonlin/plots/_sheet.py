"""The cheat sheet: name, equation, example of use and graph of many activation functions on one page."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from nonlin import catalogue
from nonlin.errors import bad_value
from nonlin.plots import _style
from nonlin.plots._activation import DASHES, DERIVATIVE, VALUE, equation, graph, title

A4 = (8.27, 11.69)  # inches
EDGE, HEAD = 0.45, 1.25  # inches: the margin of the page; title and headings
ROW, BLOCK = 1.28, 5.6  # inches: the usual height of a row, the least width of a block of four cells
CELLS = {
    "activation": 0.0,
    "equation": 0.19,
    "example of use": 0.53,
    "graph": 0.75,
}  # where each starts in a block
REACH = 4.0  # the graphs show net inputs from -REACH to REACH


@dataclass(frozen=True)
class Page:
    """Sizes in inches of a sheet of ``columns`` blocks side by side, each of ``rows`` activations."""

    width: float
    height: float
    columns: int
    rows: int

    @property
    def block(self) -> float:
        """Width of a block."""
        return (self.width - EDGE * (self.columns + 1)) / self.columns

    @property
    def row(self) -> float:
        """Height of a row."""
        return (self.height - HEAD - EDGE) / self.rows

    def cell(self, k: int, name: str) -> tuple[float, float]:
        """Left end and middle height of a cell of the k-th activation, as shares of the page."""
        column, row = divmod(k, self.rows)
        x = EDGE + column * (self.block + EDGE) + CELLS[name] * self.block
        return x / self.width, 1 - (HEAD + (row + 0.5) * self.row) / self.height


def cheat_sheet(names: Iterable[Any] | None = None, *, columns: int | None = None) -> Figure:
    r"""Draw a table of activation functions: name, equation, example of use, graph of φ and φ'.

    The page has the proportions of A4, or is shorter for a few; with many activations it grows, and is to be
    printed smaller or on a larger sheet.

    Parameters
    ----------
    names : iterable of names, formulas or activations, optional
        Without it the classic eight.
    columns : int, optional
        Activations side by side; without it as many as keep the page nearest to A4.

    Returns
    -------
    Figure

    Raises
    ------
    nonlin.errors.InputError
        If a name is unknown, there is none, or ``columns`` is less than 1.

    Examples
    --------
    >>> fig = cheat_sheet(["relu", "gelu"])
    >>> len(fig.axes)
    2
    """
    import matplotlib.pyplot as plt

    chosen = [catalogue.get(name) for name in (catalogue.CLASSIC if names is None else names)]
    if not chosen:
        raise bad_value("names", "at least one activation", [])
    if columns is not None and (not isinstance(columns, (int, np.integer)) or columns < 1):
        raise bad_value("columns", "an integer of at least 1", columns)
    page = _page(len(chosen), columns)
    fig = plt.figure(figsize=(page.width, page.height), facecolor=_style.PAPER)
    _head(fig, page)
    for k, fn in enumerate(chosen):
        _row(fig, page, k, fn)
    return fig


def _page(n: int, columns: int | None) -> Page:
    """Choose the smallest page in A4's proportions on which the rows and blocks keep their size."""

    def scale(c: int) -> float:
        return max(1.0, (c * (BLOCK + EDGE) + EDGE) / A4[0], (HEAD + EDGE + math.ceil(n / c) * 0.9 * ROW) / A4[1])

    c = min(int(columns or min(range(1, 9), key=scale)), n)
    rows = math.ceil(n / c)
    width, most = A4[0] * scale(c), A4[1] * scale(c)
    return Page(width, min(most, HEAD + EDGE + rows * 1.1 * ROW), c, rows)


def _head(fig: Figure, page: Page) -> None:
    top = 1 - 0.45 / page.height
    fig.text(
        EDGE / page.width,
        top,
        "Activation functions",
        fontsize=18,
        weight="bold",
        color=_style.INK,
        va="center",
    )
    lines = [
        Line2D([], [], color=VALUE, lw=_style.LINE, label=r"$\varphi(z)$"),
        Line2D([], [], color=DERIVATIVE, lw=_style.LINE, ls=DASHES, label=r"$\varphi'(z)$"),
    ]
    fig.legend(
        handles=lines, loc="center right", bbox_to_anchor=(1 - EDGE / page.width, top), ncols=2,
        frameon=False, labelcolor=_style.INK, fontsize=11, borderaxespad=0.0, borderpad=0.0,
    )  # fmt: skip
    for column in range(page.columns):
        for name in CELLS:
            x, _ = page.cell(column * page.rows, name)
            y = 1 - (HEAD - 0.12) / page.height
            fig.text(x, y, name, fontsize=_style.TEXT, color=_style.INK, alpha=0.75, va="bottom")


def _row(fig: Figure, page: Page, k: int, fn: Any) -> None:
    x, y = page.cell(k, "activation")
    rule, end = y + 0.5 * page.row / page.height, x + page.block / page.width
    fig.add_artist(Line2D([x, end], [rule, rule], color=_style.INK, lw=_style.HAIR, alpha=0.5))
    _words(fig, page, k, "activation", textwrap.fill(_style.plain(title(fn), 60), 12), 10.5, weight="bold")
    _words(fig, page, k, "equation", _large(equation(fn)), 12)
    _words(fig, page, k, "example of use", textwrap.fill(_style.plain(fn.used_in, 60), 20), 9.5)
    _graph(fig, page, k, fn)


def _large(words: str) -> str:
    """Write the fractions of an equation of one line large; in several lines they would touch."""
    return words if "\n" in words else words.replace(r"\frac", r"\dfrac")


def _words(fig: Figure, page: Page, k: int, cell: str, words: str, size: float, **how: Any) -> Text:
    """Write into a cell, smaller where the words would not fit."""
    x, y = page.cell(k, cell)
    text = fig.text(x, y, words, fontsize=size, color=_style.INK, va="center", linespacing=1.35, **how)
    starts = [*CELLS.values(), 1.0]
    room = page.block * (starts[starts.index(CELLS[cell]) + 1] - CELLS[cell]) - 0.12
    box = text.get_window_extent()
    fit = min(1.0, room * fig.dpi / max(box.width, 1.0), 0.92 * page.row * fig.dpi / max(box.height, 1.0))
    text.set_fontsize(max(4.0, size * fit))
    return text


def _graph(fig: Figure, page: Page, k: int, fn: Any) -> None:
    x, y = page.cell(k, "graph")
    wide, high = 0.25 * page.block / page.width, page.row / page.height
    ax = _style.dress(fig.add_axes((x + 0.14 * wide, y - 0.32 * high, 0.86 * wide, 0.72 * high)))
    graph(ax, fn, -REACH, REACH, width=1.5)
    ax.set_xticks([-REACH, 0, REACH])
    ax.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    ax.tick_params(labelsize=6.5, length=2, pad=1.5)
