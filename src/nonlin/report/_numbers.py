"""The numbers behind a picture, as a table: for readers who cannot see it, and for those who do not believe it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from nonlin.data._plane import plane_for
from nonlin.plots._scores import class_labels, class_scores, predictions

Array = np.ndarray[Any, Any]
SIDE = 7  # places along each side of a plane
ROWS = 40  # of a table: the picture has them all


@dataclass(frozen=True)
class Numbers:
    """A small table: what it holds, its headings, its cells; the first of each row names it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def cell(value: Any) -> str:
    """A number with up to four figures, a dash where there is none, and words as they are."""
    if isinstance(value, str):
        return value
    return f"{float(value) + 0.0:.4g}" if math.isfinite(value) else "–"


def numbers(caption: str, columns: dict[str, Any]) -> Numbers:
    """A table of columns of equal length, by their headings."""
    return Numbers(caption, tuple(columns), tuple(tuple(map(cell, row)) for row in zip(*columns.values(), strict=True)))


def some(n: int, most: int = ROWS) -> Array:
    """At most ``most`` evenly spaced positions of ``n``, with both ends."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(int))


def surface_numbers(model: Any, X: Any, ax: Axes) -> Numbers:
    """What a model says at a few places of the line or plane that the Axes show."""
    plane = plane_for(model, X, None)
    sides = [np.linspace(*ends, SIDE) for ends in (ax.get_xlim(), ax.get_ylim())][: len(plane.labels)]
    grid = np.column_stack([side.ravel() for side in np.meshgrid(*sides)])
    said, what = _said(model, plane.lift(grid))
    if len(sides) == 1:
        return numbers(f"{what}.", {plane.labels[0]: sides[0], "prediction": said})
    across, up = plane.labels
    rows = tuple((cell(y), *line) for y, line in reversed(list(zip(sides[1], _lines(said), strict=True))))
    return Numbers(f"{what}. Columns: {across}; rows: {up}.", (up, *map(cell, sides[0])), rows)


def _said(model: Any, rows: Any) -> tuple[list[str], str]:
    """The prediction for each row in words, and what these words mean."""
    classes = class_labels(model)
    if classes is None:
        return [cell(v) for v in predictions(model, rows)], "Predictions"
    shares = class_scores(model, rows, classes).shares
    winners = shares.argmax(axis=1)
    words = [f"{classes[k]}: {share[k]:.2f}" for k, share in zip(winners, shares, strict=True)]
    return words, "The predicted class and its share"


def _lines(cells: list[str]) -> list[list[str]]:
    return [cells[i : i + SIDE] for i in range(0, len(cells), SIDE)]
