"""The cheat sheet: name, equation, example of use and graph of many activation functions, on one page or several."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D

from nonlin import catalogue
from nonlin.errors import bad_value
from nonlin.facts import title
from nonlin.plots import _style
from nonlin.plots._activation import DASHES, DERIVATIVE, VALUE, graph
from nonlin.plots._equation import SIZE, equation_path, extents

A4 = (8.27, 11.69)  # inches
EDGE, HEAD = 0.45, 1.25  # inches: the margin of the page; title and headings
ROW = (A4[1] - HEAD - EDGE) / 8  # inches: the least height of a row, of which eight fill a page of A4
BLOCK = A4[0] - 2 * EDGE  # inches: the width of a block of four cells
CELLS = {"activation": 0.0, "equation": 0.17, "example of use": 0.57, "graph": 0.77}  # where each starts in a block
END_OF = {"activation": 0.17, "equation": 0.57, "example of use": 0.77, "graph": 1.0}
SMALLEST = 7.0 / SIZE  # an equation that would be smaller spreads over the next cell
REACH = 4.0  # the graphs show net inputs from -REACH to REACH
TALL = 12  # activations: with more, one sheet has two columns


@dataclass(frozen=True)
class Row:
    """One activation of a sheet, with the size of its equation settled.

    Attributes
    ----------
    scale : of the equation, 1 for its own type size
    wide : whether it spreads over the example of use, which then stands under the name
    height : of the row in inches
    """

    fn: Any
    scale: float
    wide: bool
    height: float


def cheat_sheet(names: Iterable[Any] | None = None, *, columns: int | None = None) -> Figure:
    r"""Draw a table of activation functions: name, equation, example of use, graph of φ and φ'.

    Eight fill a page of A4. With more the sheet becomes longer, and from thirteen on it has two columns. A row is as
    high as its equation needs.

    Parameters
    ----------
    names : iterable of names, formulas or activations, optional
        Without it the classic eight.
    columns : int, optional
        Activations side by side; without it one, or two from thirteen activations on.

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
    if columns is not None and (not isinstance(columns, (int, np.integer)) or columns < 1):
        raise bad_value("columns", "an integer of at least 1", columns)
    rows = _rows(names)
    return _page(_columns(rows, int(columns or 1 + (len(rows) > TALL))))


def sheet_pages(names: Iterable[Any] | None = None) -> list[Figure]:
    """Draw the same table for print: as many pages of A4 as it takes."""
    pages: list[list[Row]] = [[]]
    for row in _rows(names):
        if sum(r.height for r in [*pages[-1], row]) > A4[1] - HEAD - EDGE + 1e-9:
            pages.append([])
        pages[-1].append(row)
    many = len(pages) > 1
    return [_page([rows], f"{k} / {len(pages)}" if many else "", many) for k, rows in enumerate(pages, 1)]


def _rows(names: Iterable[Any] | None) -> list[Row]:
    chosen = [catalogue.get(name) for name in (catalogue.CLASSIC if names is None else names)]
    if not chosen:
        raise bad_value("names", "at least one activation", [])
    return [_row(fn) for fn in chosen]


def _row(fn: Any) -> Row:
    """Choose the size of the equation: its own, smaller to fit its cell, or spread over two cells."""
    box = extents(equation_path(fn.latex))
    narrow, broad = (min(1.0, _room(cell) / box.x1) for cell in ("equation", "example of use"))
    wide = narrow < SMALLEST
    scale = broad if wide else narrow
    return Row(fn, scale, wide, max(ROW, scale * box.height / 72 + 0.2))


def _room(last: str) -> float:
    """The points from the start of the equation to the end of a cell."""
    return 72 * (BLOCK * (END_OF[last] - CELLS["equation"]) - 0.15)


def _columns(rows: Sequence[Row], n: int) -> list[list[Row]]:
    """Deal the rows out to at most ``n`` columns whose longest is as short as may be."""
    for high in np.linspace(sum(r.height for r in rows) / n, sum(r.height for r in rows), 400):
        columns: list[list[Row]] = [[]]
        for row in rows:
            if columns[-1] and sum(r.height for r in columns[-1]) + row.height > high + 1e-9:
                columns.append([])
            columns[-1].append(row)
        if len(columns) <= n:
            break
    return columns


def _page(columns: list[list[Row]], number: str = "", full: bool = False) -> Figure:
    import matplotlib.pyplot as plt

    longest = max(sum(r.height for r in rows) for rows in columns)
    width = len(columns) * (BLOCK + EDGE) + EDGE
    height = A4[1] if full else HEAD + longest + EDGE
    fig = plt.figure(figsize=(width, height), facecolor=_style.PAPER)
    _head(fig, len(columns))
    for k, rows in enumerate(columns):
        top = height - HEAD
        for row in rows:
            _draw(fig, EDGE + k * (BLOCK + EDGE), top - row.height / 2, row)
            top -= row.height
    if number:
        _write(fig, width - EDGE, 0.22, number, _style.SMALL, ha="right", alpha=0.75)
    return fig


def _head(fig: Figure, columns: int) -> None:
    width, height = fig.get_size_inches()
    _write(fig, EDGE, height - 0.45, "Activation functions", 18, weight="bold")
    lines = [
        Line2D([], [], color=VALUE, lw=_style.LINE, label=r"$\varphi(z)$"),
        Line2D([], [], color=DERIVATIVE, lw=_style.LINE, ls=DASHES, label=r"$\varphi'(z)$"),
    ]
    fig.legend(
        handles=lines, loc="center right", bbox_to_anchor=(1 - EDGE / width, 1 - 0.45 / height), ncols=2,
        frameon=False, labelcolor=_style.INK, fontsize=11, borderaxespad=0.0, borderpad=0.0,
    )  # fmt: skip
    for k in range(columns):
        for name, start in CELLS.items():
            x = EDGE + k * (BLOCK + EDGE) + start * BLOCK
            _write(fig, x, height - HEAD + 0.2, name, _style.TEXT, alpha=0.75)


def _draw(fig: Figure, x: float, y: float, row: Row) -> None:
    """Draw a row whose left end and middle are at (x, y) inches."""
    width, height = fig.get_size_inches()
    ends, rule = [x / width, (x + BLOCK) / width], (y + row.height / 2) / height
    fig.add_artist(Line2D(ends, [rule, rule], color=_style.INK, lw=_style.HAIR, alpha=0.5))
    name = textwrap.fill(_style.plain(title(row.fn), 60), 13, break_long_words=False)
    use = textwrap.fill(_style.plain(row.fn.used_in, 60), 15 if row.wide else 19)
    if row.wide:
        _fitted(fig, x, y + 0.22, name, 10.5, "activation", weight="bold", va="bottom")
        _fitted(fig, x, y + 0.16, use, 7.5, "activation", va="top")
    else:
        _fitted(fig, x, y, name, 10.5, "activation", weight="bold")
        _fitted(fig, x + CELLS["example of use"] * BLOCK, y, use, 9.5, "example of use")
    shape = Affine2D().scale(row.scale / 72).translate(x + CELLS["equation"] * BLOCK, y)
    path = shape.transform_path(equation_path(row.fn.latex))
    fig.add_artist(PathPatch(path, transform=fig.dpi_scale_trans, facecolor=_style.INK, edgecolor="none"))
    _graph(fig, x + CELLS["graph"] * BLOCK, y, row.fn)


def _write(fig: Figure, x: float, y: float, words: str, size: float, **how: Any) -> Any:
    """Write words that begin at, and are centred on the height of, (x, y) inches."""
    look: dict[str, Any] = {"color": _style.INK, "va": "center", "linespacing": 1.35} | how
    return fig.text(x, y, words, fontsize=size, transform=fig.dpi_scale_trans, **look)


def _fitted(fig: Figure, x: float, y: float, words: str, size: float, cell: str, **how: Any) -> None:
    """Write into a cell, smaller where the words would not fit."""
    text = _write(fig, x, y, words, size, **how)
    room = BLOCK * (END_OF[cell] - CELLS[cell]) - 0.12
    box = text.get_window_extent()
    text.set_fontsize(size * min(1.0, room * fig.dpi / max(box.width, 1.0), 0.9 * ROW * fig.dpi / max(box.height, 1.0)))


def _graph(fig: Figure, x: float, y: float, fn: Any) -> None:
    width, height = fig.get_size_inches()
    wide = 0.23 * BLOCK
    box = (x + 0.16 * wide, y - 0.32 * ROW, 0.84 * wide, 0.72 * ROW)
    ax = _style.dress(fig.add_axes((box[0] / width, box[1] / height, box[2] / width, box[3] / height)))
    graph(ax, fn, -REACH, REACH, width=1.5)
    ax.set_xticks([-REACH, 0, REACH])
    ax.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    ax.tick_params(labelsize=6.5, length=2, pad=1.5)
