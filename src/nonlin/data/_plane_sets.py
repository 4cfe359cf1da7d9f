"""The playground's data sets: points of a plane, drawn anew with any noise. A function here *is* a data set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin.data._target import Task
from nonlin.errors import UnknownNameError, bad_value

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
REACH = 6.0  # the points lie within ±REACH, noise aside
_NOISE = 2.5  # the standard deviation that noise = 1 stands for
Draw = Callable[[np.random.Generator, int], tuple[Array, Array]]


@dataclass(frozen=True)
class PlaneSet:
    """A data set of the plane: what it is called, what it asks for, and how its points are drawn without noise."""

    name: str
    title: str
    task: Task
    draw: Draw


PLANE_SETS: dict[str, PlaneSet] = {}


def _set(title: str, task: Task = "classification") -> Callable[[Draw], Draw]:
    def register(draw: Draw) -> Draw:
        PLANE_SETS[draw.__name__] = PlaneSet(draw.__name__, title, task, draw)
        return draw

    return register


def plane_set(name: str, rows: int = 500, noise: float = 0.1, seed: int = 0) -> tuple[pd.DataFrame, Array]:
    """Draw the points of a data set, with columns x1 and x2, and their classes or numbers.

    Parameters
    ----------
    name : str
        A key of ``PLANE_SETS``: moons, circle, xor, gauss, spiral, plane or hills.
    rows : int, default 500
    noise : float in [0, 1], default 0.1
        Each coordinate gets normal noise of 2.5 times that standard deviation, where ±6 is the width of the plane.
    seed : int, default 0

    Raises
    ------
    InputError
        No such data set, or a number outside its range.

    Examples
    --------
    >>> X, y = plane_set("spiral", rows=100, noise=0.0)
    >>> X.shape, y.mean()
    ((100, 2), np.float64(0.5))
    """
    import pandas as pd

    if name not in PLANE_SETS:
        raise UnknownNameError("data set", name, PLANE_SETS, f"the sets are {', '.join(PLANE_SETS)}")
    if rows < 2:
        raise bad_value("rows", "at least 2", rows)
    if not 0 <= noise <= 1:
        raise bad_value("noise", "between 0 and 1", noise)
    rng = np.random.default_rng(seed)
    points, target = PLANE_SETS[name].draw(rng, rows)
    points = points + rng.normal(scale=_NOISE * noise, size=points.shape)
    return pd.DataFrame(points, columns=["x1", "x2"]), target


def _half(rows: int) -> Array:
    """Two classes in turn."""
    return np.arange(rows) % 2


def _polar(radius: Array, angle: Array) -> Array:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


@_set("two moons")
def moons(rng: np.random.Generator, rows: int) -> tuple[Array, Array]:
    """Two interleaved half circles."""
    labels = _half(rows)
    angle = np.pi * rng.uniform(size=rows)
    points = _polar(np.full(rows, 3.2), angle) * np.where(labels, -1.0, 1.0)[:, None]
    return points + np.where(labels, 1.0, -1.0)[:, None] * np.array([1.6, 0.8]), labels


@_set("ring")
def circle(rng: np.random.Generator, rows: int) -> tuple[Array, Array]:
    """A disc inside a ring."""
    labels = _half(rows)
    radius = np.where(labels, 2.5 * np.sqrt(rng.uniform(size=rows)), rng.uniform(3.5, 5.0, rows))
    return _polar(radius, 2 * np.pi * rng.uniform(size=rows)), labels


@_set("quadrants")
def xor(rng: np.random.Generator, rows: int) -> tuple[Array, Array]:
    """Four quadrants with a gap between them; class 1 where both coordinates have the same sign."""
    points = rng.uniform(-5.0, 5.0, (rows, 2))
    points += np.where(points > 0, 0.3, -0.3)
    return points, (points[:, 0] * points[:, 1] > 0).astype(int)


@_set("two clouds")
def gauss(rng: np.random.Generator, rows: int) -> tuple[Array, Array]:
    """Two normal clouds that a line separates."""
    labels = _half(rows)
    return np.where(labels, 2.0, -2.0)[:, None] + rng.normal(scale=0.75, size=(rows, 2)), labels


@_set("spiral")
def spiral(rng: np.random.Generator, rows: int) -> tuple[Array, Array]:
    """Two arms of one and three quarters turns."""
    labels, along = _half(rows), np.sqrt(rng.uniform(size=rows))
    return _polar(5.0 * along, 3.5 * np.pi * along + np.pi * labels), labels


@_set("slope", "regression")
def plane(rng: np.random.Generator, rows: int) -> tuple[Array, Array]:
    """Numbers that rise along the diagonal, from -1 to 1."""
    points = rng.uniform(-REACH, REACH, (rows, 2))
    return points, points.sum(axis=1) / (2 * REACH)


@_set("hills", "regression")
def hills(rng: np.random.Generator, rows: int) -> tuple[Array, Array]:
    """Three hills and three valleys around the middle, of height 1."""
    points = rng.uniform(-REACH, REACH, (rows, 2))
    tops = _polar(np.full(6, 3.6), np.pi * np.arange(6) / 3)
    near = np.exp(-((points[:, None, :] - tops) ** 2).sum(axis=2) / 3.0)
    return points, near @ np.tile([1.0, -1.0], 3)
