"""Where rows come from: the playground's sets, built-in tables, a table of one's own, or points that were drawn."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin.data import BUILT_IN, PLANE_SETS, Table, load
from nonlin.errors import InputError, TableError, UnknownNameError, bad_value
from nonlin.web.scene import DRAWN, PLANE_DEFAULT, TABLE, Rows, set_rows, table_rows

if TYPE_CHECKING:
    import pandas as pd

    from nonlin.web.settings import Values

Array = np.ndarray[Any, Any]
MOST_DRAWN, MOST_LABEL, LARGEST = 5000, 5, 1000  # points, their highest class, and how far out they may be
MOST_GUESSES = 8  # of a table's target
_TARGETS = ("target", "y", "label", "class", "outcome", "species")


@dataclass(frozen=True, eq=False)
class Drawn:
    """Points that somebody drew, in the plane.

    ``places`` are (n, 2), ``labels`` classes or numbers; ``fates`` in [0, 1) say which points are held out: those at or
    above the share that is trained on.
    """

    task: str
    places: Array
    labels: Array
    fates: Array

    def rows(self, settings: Values) -> Rows:
        """As rows of a scene; at least one of each class is trained on, and at least one held out."""
        import pandas as pd

        held = self.fates >= settings["share"] / 100
        groups = self.labels if self.task == "classification" else np.zeros(len(held))
        for label in np.unique(groups):
            mine = np.flatnonzero(groups == label)
            held[mine[0]] &= not held[mine].all()
        if not held.any():  # the last whose class is trained on without it
            spare = [i for i in range(len(held)) if (groups == groups[i]).sum() > 1]
            held[spare[-1:]] = True
        labels = self.labels.astype(int) if self.task == "classification" else self.labels
        return Rows(
            DRAWN, DRAWN, "drawn points", self.task, pd.DataFrame(self.places, columns=PLANE_DEFAULT), labels, held, "y"
        )

    def with_points(self, places: Array, label: float) -> Drawn:
        """The same with more points of one class or number.

        Raises
        ------
        InputError
            There are too many.
        """
        if len(self.labels) + len(places) > MOST_DRAWN:
            raise bad_value("points", f"at most {MOST_DRAWN:,}", len(self.labels) + len(places), "erase some")
        fates = np.modf((len(self.fates) + np.arange(len(places))) * 0.6180339887498949)[
            0
        ]  # evenly, in any run of them
        return Drawn(
            self.task, np.vstack([self.places, places]), np.append(self.labels, np.full(len(places), label)),
            np.append(self.fates, fates),
        )  # fmt: skip

    def without(self, place: Array, radius: float) -> Drawn:
        """The same without the points near a place."""
        stays = np.hypot(*(self.places - place).T) > radius
        return Drawn(self.task, self.places[stays], self.labels[stays], self.fates[stays])


def drawn_from(rows: Rows, share: float) -> Drawn:
    """The points of a set as if they had been drawn, held out as they were."""
    spot = (np.arange(len(rows.y)) + 0.5) / max(1, len(rows.y))
    fates = np.where(rows.held, share + (1 - share) * spot, share * spot)
    return Drawn(rows.task, rows.X.to_numpy(dtype=float), np.asarray(rows.y, dtype=float), fates)


def nothing_drawn(task: str) -> Drawn:
    """No points yet."""
    return Drawn(task, np.empty((0, 2)), np.empty(0), np.empty(0))


@dataclass(frozen=True, eq=False)
class Sources:
    """What a page can learn from besides what comes with nonlin: the user's table, and drawn points."""

    table: Table | None = None
    frame: pd.DataFrame | None = None
    file: str = ""  # that the frame was read from
    drawn: Drawn = dataclasses.field(default_factory=lambda: nothing_drawn("classification"))

    def rows(self, settings: Values) -> Rows:
        """The rows that the settings name.

        Raises
        ------
        InputError
            There are none of that name, or they cannot be used.
        """
        name = settings["data"]
        if name in PLANE_SETS:
            return set_rows(settings)
        if name == DRAWN:
            return self.drawn.rows(settings)
        if name == TABLE and self.table is not None:
            return table_rows(self.table, settings)
        if name in BUILT_IN:
            return table_rows(load(name), settings)
        if name == TABLE:
            raise InputError("data: the table is not here any more; drop its file on the page again")
        known = [*PLANE_SETS, *BUILT_IN, DRAWN]
        raise UnknownNameError("data set", name, known, f"the sets are {', '.join(dict.fromkeys(known))}")

    @property
    def targets(self) -> list[str] | None:
        """The columns that could be the target of the user's table."""
        return None if self.frame is None else [str(name) for name in self.frame.columns]

    def with_table(self, frame: pd.DataFrame, file: str, target: str | None) -> Sources:
        """The same with a table of the user's, and its target, which is guessed where it is not given."""
        table = _first_that_loads(frame, _likely(frame) if target is None else [target])
        named = dataclasses.replace(table, name=file.split(".")[0] or "table")
        return dataclasses.replace(self, table=named, frame=frame, file=file)


def _likely(frame: pd.DataFrame) -> list[str]:
    """The columns that are called like a target, and then all from the last to the first."""
    names = [str(name) for name in frame.columns]
    called_so = [name for likely in _TARGETS for name in names if name.lower() == likely]
    return list(dict.fromkeys([*called_so, *reversed(names)]))[:MOST_GUESSES]


def _first_that_loads(frame: pd.DataFrame, targets: list[str]) -> Table:
    """The table with the first of these columns that can be its target; the page can choose another then.

    Raises
    ------
    TableError
        None can; it says why the first one cannot.
    """
    problem: TableError | None = None
    for target in targets:
        try:
            return load(frame, target)
        except TableError as error:
            problem = problem or error
    raise problem or TableError("table must have columns, got none; add a line of names and rows")


def places_from(given: Any) -> Any:
    """Points of the plane, checked.

    Raises
    ------
    InputError
        There are none or too many, or one is no pair of numbers near enough.
    """
    if not isinstance(given, list) or not 1 <= len(given) <= 1000:
        raise bad_value("places", "1 to 1,000 points", given if not isinstance(given, list) else len(given))
    for place in given:
        is_pair = isinstance(place, list) and len(place) == 2
        if not is_pair or not all(type(c) in (int, float) and abs(c) <= LARGEST for c in place):
            raise bad_value("places", f"pairs of numbers within ±{LARGEST}", place)
    return np.array(given, dtype=float)
