"""The rows that a page learns from, and the plane on which it looks at them."""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nonlin.data import PLANE_SETS, plane_preprocessor, plane_set, preprocessor, split_rows
from nonlin.data._plane import Plane, inputs_plane, plane_for
from nonlin.data._plane_inputs import PLANE_INPUTS
from nonlin.data._plane_sets import REACH
from nonlin.errors import LONGEST_NAME, TableError, bad_value
from nonlin.nn.losses import LOSSES

if TYPE_CHECKING:
    import pandas as pd

    from nonlin.data import Table
    from nonlin.web.settings import Values

Array = np.ndarray[Any, Any]
MOST_ROWS, MOST_COLUMNS, MOST_CLASSES = 200_000, 500, 12
SHOWN_ROWS, SHOWN_INPUTS = 2000, 12
KEPT_GRIDS, LINES, ALONG = 6, 13, 49
PLANE_DEFAULT = ["x1", "x2"]
LOSSES_OF_COUNTS = tuple(loss.public for loss in LOSSES.values() if loss.targets == "counts")
DRAWN, TABLE = "drawn", "table"  # sources: points drawn by hand, and the user's own table


@dataclass(frozen=True, eq=False)
class Rows:
    """A table with its target, what is held out, and what it is called.

    ``source`` is what the setting ``data`` says; a table of one's own may be called anything.
    """

    source: str
    name: str
    title: str
    task: str
    X: pd.DataFrame
    y: Array
    held: Array
    target: str
    notes: tuple[str, ...] = ()

    @property
    def is_plane(self) -> bool:
        """Whether the rows are points (x1, x2), so that points can be drawn."""
        return self.source in PLANE_SETS or self.source == DRAWN

    @functools.cached_property
    def classes(self) -> tuple[Any, ...]:
        """The labels, sorted; of drawn points both, whichever are there."""
        if self.task == "regression":
            return ()
        known = {0, 1} if self.source == DRAWN else set()
        return tuple(sorted(known | set(self.y.tolist())))


@dataclass(frozen=True, eq=False)
class Scene:
    """Rows, the fitted pipeline that makes a network's inputs of them, and the plane that is drawn."""

    rows: Rows
    columns: tuple[str, ...]
    pipeline: Any
    scaler: Any
    X: Array
    plane: Plane
    window: tuple[float, float, float, float]
    _grids: dict[int, Array] = field(default_factory=dict)

    @property
    def numeric(self) -> list[str]:
        """The columns of a table that can be axes."""
        return [] if self.rows.is_plane else _numeric(self.rows.X[list(self.columns)])

    @property
    def looks_at_inputs(self) -> bool:
        """Whether the plane is one of the network's inputs, since the table has no two columns of numbers."""
        return not self.rows.is_plane and len(self.numeric) < 2

    @property
    def is_trainable(self) -> bool:
        """Whether there are rows to train on, of two classes at least."""
        y, held = self.rows.y, self.rows.held
        enough = len(y) - held.sum() >= 2 and held.any()
        return bool(enough and (self.rows.task == "regression" or len(set(y[~held].tolist())) > 1))

    @property
    def target(self) -> Array:
        """What a network learns: the labels, or the numbers standardised by those trained on."""
        if self.scaler is None:
            return self.rows.y
        return np.asarray(self.scaler.transform(self.rows.y.reshape(-1, 1))[:, 0])

    @property
    def parts(self) -> tuple[Array, Array, Array, Array]:
        """Inputs and targets to train on, and those held out."""
        held, y = self.rows.held, self.target
        return self.X[~held], y[~held], self.X[held], y[held]

    @functools.cached_property
    def places(self) -> Array:
        """Where each row lies on the plane: (n, 2)."""
        return self.plane.project(self.X if self.looks_at_inputs else self.rows.X)

    @functools.cached_property
    def labels(self) -> Array:
        """The index of each row's class, or its number."""
        if self.rows.task == "regression":
            return np.asarray(self.rows.y, dtype=float)
        index = {label: i for i, label in enumerate(self.rows.classes)}
        return np.array([index[label] for label in self.rows.y.tolist()], dtype=float)

    @functools.cached_property
    def values(self) -> tuple[float, float]:
        """The lowest and the highest number of a regression: the ends of its colours."""
        if self.rows.task != "regression" or not len(self.rows.y):
            return 0.0, 1.0
        return float(self.rows.y.min()), float(self.rows.y.max())

    @functools.cached_property
    def shown(self) -> Array:
        """The rows that are drawn: all, or evenly spaced ones of many."""
        n = len(self.rows.y)
        return np.arange(n) if n <= SHOWN_ROWS else np.linspace(0, n - 1, SHOWN_ROWS).astype(int)

    def inputs_at(self, places: Array) -> Array:
        """What the network is given at places of the plane: (m, n_inputs) of float32."""
        found = self.plane.lift(np.asarray(places, dtype=float))
        inputs = found if self.looks_at_inputs else self.pipeline.transform(found)
        return np.ascontiguousarray(inputs, dtype=np.float32)

    def grid(self, n: int) -> Array:
        """The inputs at the n × n points of the window, row by row from the bottom; kept for the next picture."""
        found = self._grids.get(n)
        if found is None:
            x0, x1, y0, y1 = self.window
            x, y = np.meshgrid(np.linspace(x0, x1, n), np.linspace(y0, y1, n))
            found = self.inputs_at(np.column_stack([x.ravel(), y.ravel()]))
            if len(self._grids) >= KEPT_GRIDS:  # those of a wide table are large
                self._grids.pop(next(iter(self._grids)), None)
            self._grids[n] = found
        return found

    @functools.cached_property
    def lattice(self) -> Array:
        """The inputs along ``LINES`` upright lines of the window and then as many level ones, ``ALONG`` points each."""
        x0, x1, y0, y1 = self.window
        across, along = np.linspace(0, 1, LINES), np.linspace(0, 1, ALONG)
        upright = np.stack(np.broadcast_arrays(across[:, None], along), axis=2)
        places = np.concatenate([upright, upright[:, :, ::-1]]) * [x1 - x0, y1 - y0] + [x0, y0]
        return self.inputs_at(places.reshape(-1, 2))


class Prepared(NamedTuple):
    """A fitted pipeline, as of a model that was loaded, and the fitted scaler of its numbers, or none."""

    pipeline: Any
    scaler: Any


def scene_of(rows: Rows, settings: Values, prepared: Prepared | None = None) -> Scene:
    """Prepare rows for a network; what is ``prepared`` already is taken as it is.

    Raises
    ------
    InputError
        An input or an axis is no column, or the table cannot be drawn or trained on.
    """
    columns = _columns(rows, settings["inputs"])
    X = rows.X if rows.is_plane else rows.X[list(columns)]
    pipeline, scaler = prepared or Prepared(_pipeline(rows, columns, X), _scaler(rows, settings))
    inputs = np.ascontiguousarray(pipeline.transform(X), dtype=np.float32) if len(X) else np.empty((0, len(columns)))
    return Scene(rows, columns, pipeline, scaler, inputs, *_plane(rows, pipeline, X, inputs, settings))


def turned(scene: Scene, settings: Values) -> Scene:
    """The same rows and inputs on the plane of other axes."""
    X = scene.rows.X if scene.rows.is_plane else scene.rows.X[list(scene.columns)]
    plane, window = _plane(scene.rows, scene.pipeline, X, scene.X, settings)
    return dataclasses.replace(scene, plane=plane, window=window, _grids={})


def set_rows(settings: Values) -> Rows:
    """The points of one of the playground's own sets."""
    found = PLANE_SETS[settings["data"]]
    X, y = plane_set(found.name, settings["rows"], settings["noise"] / 100, settings["data_seed"])
    is_classes = found.task == "classification"
    _, out = split_rows(y, settings["share"] / 100, classes=is_classes)
    return Rows(found.name, found.name, found.title, found.task, X, y, _mask(len(y), out), "y")


def table_rows(table: Table, settings: Values) -> Rows:
    """The rows of a table, in so far as the playground takes them.

    Raises
    ------
    TableError
        It has too many rows, columns or classes.
    """
    n, width = table.X.shape
    for what, found, most in (("rows", n, MOST_ROWS), ("columns", width, MOST_COLUMNS),
                              ("classes", len(table.classes), MOST_CLASSES)):  # fmt: skip
        if found > most:
            raise TableError(
                f"the playground takes at most {most:,} {what}, got {found:,}; use nonlin study for this table"
            )
    _, out = split_rows(table.y, settings["share"] / 100, classes=table.task == "classification")
    title = table.name.replace("_", " ")
    return Rows(
        settings["data"], table.name, title, table.task, table.X, table.y, _mask(n, out), table.target, table.notes
    )


def _mask(n: int, chosen: Array) -> Array:
    mask = np.zeros(n, dtype=bool)
    mask[chosen] = True
    return mask


def _columns(rows: Rows, wanted: list[str]) -> tuple[str, ...]:
    known = list(PLANE_INPUTS) if rows.is_plane else [str(name) for name in rows.X.columns]
    if not wanted:
        return tuple(PLANE_DEFAULT if rows.is_plane else known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        shown = [name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for name in (*known[:20], unknown[0])]
        raise bad_value("inputs", f"some of {', '.join(shown[:-1])}", shown[-1])
    return tuple(name for name in known if name in wanted)


def _pipeline(rows: Rows, columns: tuple[str, ...], X: pd.DataFrame) -> Any:
    pipeline = plane_preprocessor(list(columns)) if rows.is_plane else preprocessor()
    return pipeline.fit(X[~rows.held] if (~rows.held).any() else _corners())


def _scaler(rows: Rows, settings: Values) -> Any:
    """What brings a table's numbers to one scale; counts stay at 0 or more."""
    from sklearn.preprocessing import StandardScaler

    if rows.task != "regression" or rows.is_plane:
        return None
    scaler = StandardScaler(with_mean=settings["loss_of_numbers"] not in LOSSES_OF_COUNTS)
    return scaler.fit(rows.y[~rows.held].reshape(-1, 1))


def _numeric(X: pd.DataFrame) -> list[str]:
    return [str(name) for name, kind in X.dtypes.items() if kind.kind in "iuf"]


def _plane(
    rows: Rows, pipeline: Any, X: pd.DataFrame, inputs: Array, settings: Values
) -> tuple[Plane, tuple[float, float, float, float]]:  # fmt: skip
    """The plane that is drawn, and how much of it."""
    if rows.is_plane:
        return _whole_plane(), (-REACH, REACH, -REACH, REACH)
    if settings["axes"] or len(_numeric(X)) >= 2:
        plane = plane_for(pipeline, X, settings["axes"] or None)
        return plane, _window(plane.project(X))
    if inputs.shape[1] < 2:
        raise TableError(f"the playground draws a plane, and {X.columns[0]!r} alone is a line; use nonlin study for it")
    plane = inputs_plane(inputs)
    return plane, _window(plane.project(inputs))


def _corners() -> pd.DataFrame:
    """Points that stand for the window while there are none."""
    import pandas as pd

    return pd.DataFrame([[-REACH, -REACH], [REACH, REACH]], columns=PLANE_DEFAULT) / 2


def _whole_plane() -> Plane:
    import pandas as pd

    def project(X: Any) -> Array:
        return np.asarray(X, dtype=float).reshape(-1, 2)

    def lift(places: Array) -> Any:
        return pd.DataFrame(places, columns=PLANE_DEFAULT)

    return Plane(("x1", "x2"), "", project, lift)


def _window(places: Array) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of what is drawn."""
    places = places[np.isfinite(places).all(axis=1)]
    if not len(places):
        raise TableError("axes must be columns with a finite value in at least one row; choose others")
    low, high = places.min(axis=0), places.max(axis=0)
    margin = np.where(high > low, 0.07 * (high - low), 0.5)
    (x0, y0), (x1, y1) = (low - margin).tolist(), (high + margin).tolist()
    return x0, x1, y0, y1
