"""The architecture of a model: inputs, weights, net input, activation, unit step, predicted label."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nonlin import catalogue
from nonlin.errors import bad_value
from nonlin.facts import title
from nonlin.plots import _style
from nonlin.plots._network import SOFTMAX, Network, read
from nonlin.plots._pen import DASHES, NEGATIVE, POSITIVE, Pen

BIAS = -1  # the place of the bias unit in a column
GAP, STEP = 2.7, 1.9  # rows between two layers, and between the stages behind the last one
ROW_INCHES = 0.42  # height of a row in a figure of our own
LETTER = 0.155  # width of a letter, in rows
LEGEND = 11.5  # least width of a picture, in rows: that of its legend
NAME = 16  # letters of a name
ABOVE, BELOW = 2.0, 2.5  # rows for the headings, and for the notes and the legend


@dataclass(frozen=True)
class Column:
    """The units of one layer that are shown: their heights, and that of the ellipsis for the others."""

    x: float
    heights: dict[int, float]  # of each shown unit; BIAS is the bias unit
    ellipsis: float | None


def architecture(
    model: Any, ax: Axes | None = None, *, feature_names: Sequence[str] | None = None, max_units: int = 8
) -> Axes:
    r"""Draw a fitted model as a network of units.

    From left to right: the inputs with the bias unit 1, the weights, the net input
    :math:`z = b + \sum_j x_j w_j`, the activation :math:`\varphi(z)`, the unit step, the predicted label;
    hidden layers before, where there are any, with their activation inside each unit. A line's width is
    :math:`|w|` as a share of the largest in its layer; positive weights are orange, negative ones blue and
    dashed.

    Parameters
    ----------
    model : fitted estimator
        Linear or logistic regression, perceptron, Adaline, support vector machine, multilayer perceptron of
        any depth; nonlin's or scikit-learn's; the last step of a pipeline.
    ax : Axes, optional
        Where to draw; without it a new pyplot figure of fitting size.
    feature_names : sequence of n_features names, optional
    max_units : int, default 8
        Units shown of each layer; of a larger one the first and the last, with an ellipsis and the count.

    Returns
    -------
    Axes

    Raises
    ------
    nonlin.errors.InputError
        If the model is of another kind, or ``feature_names`` or ``max_units`` do not fit.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from sklearn.linear_model import LogisticRegression
    >>> model = LogisticRegression().fit([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1])
    >>> ax = architecture(model, Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts if text.get_text().startswith("net")]
    ['net input']

    References
    ----------
    Rosenblatt (1958). The perceptron. *Psychological Review* 65(6).
    """
    if not isinstance(max_units, (int, np.integer)) or max_units < 2:
        raise bad_value("max_units", "an integer of at least 2", max_units)
    net = read(model, feature_names)
    columns = _columns(net, int(max_units))
    pen = _pen(net, columns, ax)
    for (left, right), link in zip(pairwise(columns), net.links, strict=True):
        _weights(pen, left, right, link)
    _inputs(pen, net, columns[0])
    for k, fn in enumerate(net.hidden):
        _hidden(pen, net, columns[k + 1], k, fn)
    _head(pen, net, columns[-1])
    _legend(pen, net)
    return pen.ax


def _columns(net: Network, most: int) -> list[Column]:
    shown = [_shown(n, most) for n in net.sizes]
    biased = [*(link is not None for link in net.links), False]
    rows = [len(s) + (n > most) + b for s, n, b in zip(shown, net.sizes, biased, strict=True)]
    columns = []
    for k, (units, count) in enumerate(zip(shown, rows, strict=True)):
        pitch = float(np.clip((max(rows) - 1) / max(count - 1, 1), 1.0, 1.5))
        slots = list(pitch * (0.5 * (count - 1) - np.arange(count)))
        heights = {BIAS: slots.pop(0)} if biased[k] else {}
        ellipsis = slots.pop((most + 1) // 2) if net.sizes[k] > most else None
        columns.append(Column(k * GAP, heights | dict(zip(units, slots, strict=True)), ellipsis))
    return columns


def _shown(n: int, most: int) -> list[int]:
    first = (most + 1) // 2
    return list(range(n)) if n <= most else [*range(first), *range(n - (most - first), n)]


def _pen(net: Network, columns: Sequence[Column], ax: Axes | None) -> Pen:
    """Choose the window, so that names and headings fit, and the type size that goes with it."""
    top = max(max(c.heights.values()) for c in columns) + ABOVE
    bottom = min(min(c.heights.values()) for c in columns) - BELOW
    left = -0.8 - LETTER * max(len("99 more"), *(len(_style.plain(n, NAME)) for n in net.inputs))
    stages = (net.decision != "") + (not _steps_at_once(net)) + 1
    answer = LETTER * max(9, 3 + max(len(_style.plain(a, NAME)) for a in net.answers))
    right = max(left + LEGEND, columns[-1].x + STEP * stages + answer)
    wide, high = right - left, top - bottom
    ax = _style.axes(ax, (ROW_INCHES * wide, ROW_INCHES * high))
    ax.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
    ax.set_axis_off()
    _style.arrange(ax)
    across, up = _style.inches(ax)
    letters = _style.SMALL * min(across / wide, up / high) / ROW_INCHES
    return Pen(ax, float(np.clip(letters, 2.0, 10.0)), top - 0.8, bottom + BELOW - 0.8)


def _steps_at_once(net: Network) -> bool:
    return bool(net.output != SOFTMAX and net.output.name == "unit_step")


def _weights(pen: Pen, left: Column, right: Column, link: Any) -> None:
    ends = [(i, j) for i in left.heights for j in right.heights if j != BIAS]
    lines = [((left.x, left.heights[i]), (right.x, right.heights[j])) for i, j in ends]
    if link is None:
        pen.links(lines)
    else:
        pen.weights(lines, np.array([link[i + 1, j] for i, j in ends]) / (np.abs(link).max() or 1.0))
        pen.heading(0.5 * (left.x + right.x), "weights", faint=True)


def _inputs(pen: Pen, net: Network, column: Column) -> None:
    for j, y in column.heights.items():
        pen.circle(column.x, y, "1" if j == BIAS else "")
        pen.text(column.x - 0.6, y, "bias" if j == BIAS else _style.plain(net.inputs[j], NAME), ha="right")
    _ellipsis(pen, column)
    if column.ellipsis is not None:
        more = net.sizes[0] - len(set(column.heights) - {BIAS})
        pen.text(column.x - 0.6, column.ellipsis, f"{more} more", ha="right", faint=True)
    pen.heading(column.x, "inputs")
    pen.note(column.x, f"{net.sizes[0]} feature{'s' * (net.sizes[0] > 1)}")


def _hidden(pen: Pen, net: Network, column: Column, k: int, fn: Any) -> None:
    for j, y in column.heights.items():
        pen.circle(column.x, y, "1" if j == BIAS else "")
    pen.curves(fn, [(column.x, y) for j, y in column.heights.items() if j != BIAS])
    _ellipsis(pen, column)
    pen.heading(column.x, f"hidden\nlayer{f' {k + 1}' if len(net.hidden) > 1 else ''}")
    pen.note(column.x, f"{net.sizes[k + 1]} {net.units}\n{_wrapped(fn)}")


def _ellipsis(pen: Pen, column: Column) -> None:
    if column.ellipsis is not None:
        pen.text(column.x, column.ellipsis, "⋮", scale=1.6)


def _wrapped(fn: Any) -> str:
    return textwrap.fill(_style.plain(title(fn), 2 * NAME), NAME - 4)


def _head(pen: Pen, net: Network, column: Column) -> None:
    """Draw what follows the last weights: net input, activation, unit step, predicted label."""
    heights = {j: y for j, y in column.heights.items() if j != BIAS}
    x = column.x
    for y in heights.values():
        pen.circle(x, y, "Σ")
    _ellipsis(pen, column)
    pen.heading(x, "net input")
    pen.note(x, r"$z = b + \Sigma_j\, w_j %s_j$" % ("a" if net.hidden else "x"))
    if not _steps_at_once(net):
        x = _stage(pen, x, heights, net.output, "activation")
    if net.decision == "unit step":
        x = _stage(pen, x, heights, catalogue.get("unit_step"), "unit step", "1 if z ≥ 0")
    elif net.decision:
        x = _stage(pen, x, heights, net.decision, "decision")
    _answer(pen, net, x, heights)


def _stage(pen: Pen, x: float, heights: dict[int, float], what: Any, heading: str, note: str = "") -> float:
    """Draw one stage behind x, a box for each unit or one for all of them, and return its place."""
    for y in heights.values():
        pen.arrow(x, x + STEP, y)
    if isinstance(what, str):
        pen.box(x + STEP, min(heights.values()), max(heights.values()), what)
    else:
        for y in heights.values():
            pen.box(x + STEP, y, y)
        pen.curves(what, [(x + STEP, y) for y in heights.values()])
    pen.heading(x + STEP, heading)
    pen.note(x + STEP, note or ("" if isinstance(what, str) else _wrapped(what)))
    return x + STEP


def _answer(pen: Pen, net: Network, x: float, heights: dict[int, float]) -> None:
    for y in heights.values():
        pen.arrow(x, x + STEP - 0.1, y)
    names = [_style.plain(a, NAME) for a in net.answers]
    if len(heights) == 1 and len(names) == 2:
        places = [(names[1], 0.35), (names[0], -0.35)]
    else:
        places = [(names[j], y) for j, y in heights.items() if j < len(names)]
    for name, y in places:
        pen.text(x + STEP - 0.3, y, name, ha="left")
    pen.heading(x + STEP - 0.3, "predicted\nlabel" if net.decision else "predicted\nvalue", ha="left")


def _legend(pen: Pen, net: Network) -> None:
    lines = [
        Line2D([], [], color=POSITIVE, lw=1.6, label="positive weight"),
        Line2D([], [], color=NEGATIVE, lw=1.6, ls=DASHES, label="negative weight"),
        Line2D([], [], color=_style.INK, lw=2.6, label="wider: larger in its layer"),
    ]
    if any(link is not None for link in net.links):
        pen.legend(lines)
