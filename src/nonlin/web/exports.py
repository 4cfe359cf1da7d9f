"""What a page can take away: the model, the code that trains it, the figure, the points, the whole session."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nonlin import __version__
from nonlin.errors import InputError, bad_value
from nonlin.web.code import code
from nonlin.web.lane import Lane
from nonlin.web.stage import Stage, check_trainable

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1


class File(NamedTuple):
    """A file to be saved by the browser."""

    name: str
    type: str
    data: bytes


def export(stage: Stage, what: object, net: int) -> File:
    """Make the file that a page asks for.

    Raises
    ------
    InputError
        There is no such thing to export, no such network, or none at all.
    """
    if not isinstance(what, str) or what not in EXPORTS:
        raise bad_value("what", f"one of {', '.join(EXPORTS)}", what)
    if what not in _WITHOUT_NETWORK:
        check_trainable(stage)
        if not 0 <= net < len(stage.lanes):
            raise InputError(f"net must be one of the {len(stage.lanes)} networks of the page, got {net!r}")
    return EXPORTS[what](stage, net)


def pipeline_of(stage: Stage, lane: Lane) -> Any:
    """The fitted model with all that turns a row of the table into its inputs."""
    from sklearn.pipeline import Pipeline

    network: Any = lane.fit.fitted()
    if stage.scene.scaler is not None:
        network = _with_target(network, stage.scene.scaler)
    return Pipeline([*stage.scene.pipeline.steps, ("network", network)])


def _with_target(network: Any, scaler: Any) -> Any:
    """The regressor that answers on the scale of the table."""
    from sklearn.base import clone
    from sklearn.compose import TransformedTargetRegressor

    whole = TransformedTargetRegressor(clone(network), transformer=clone(scaler))
    whole.regressor_, whole.transformer_, whole._training_dim = network, scaler, 1
    return whole


def _model(stage: Stage, net: int) -> File:
    from nonlin.estimators._persistence import to_bytes

    return File(f"{stage.rows.name}.skops", "application/zip", to_bytes(pipeline_of(stage, stage.lanes[net])))


def _code(stage: Stage, net: int) -> File:
    """The script; called after the table alone it could hide a module of that name from itself."""
    return File(f"train_{stage.rows.name}.py", "text/x-python", code(stage, net).encode())


def _figure(kind: str, mime: str) -> Callable[[Stage, int], File]:
    def draw(stage: Stage, net: int) -> File:
        from matplotlib.figure import Figure

        from nonlin.plots import decision_surface
        from nonlin.plots._style import to_svg

        rows, held, lane = stage.rows, stage.rows.held, stage.lanes[net]
        places, model = _on_plane(stage, lane)
        figure = Figure(figsize=(6.4, 4.6), layout="constrained")
        axes = decision_surface(
            model, places[~held], rows.y[~held], figure.add_subplot(), X_test=places[held], y_test=rows.y[held],
            title=f"{rows.title}, {lane.fit.epochs:,} epochs",
        )  # fmt: skip
        if note := stage.scene.plane.note:
            axes.set_xlabel(f"{axes.get_xlabel()}\n({note})")
        if kind == "svg":
            return File(f"{rows.name}.svg", mime, to_svg(figure).encode())
        page = io.BytesIO()
        figure.savefig(page, format=kind, dpi=200)
        return File(f"{rows.name}.{kind}", mime, page.getvalue())

    return draw


def _on_plane(stage: Stage, lane: Lane) -> tuple[pd.DataFrame, Any]:
    """Where the rows lie on the plane that the page shows, and the model of such places."""
    import pandas as pd
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    scene, model = stage.scene, pipeline_of(stage, lane)
    lift = FunctionTransformer(lambda places: scene.plane.lift(np.asarray(places)))
    places = pd.DataFrame(scene.places, columns=list(scene.plane.labels))
    return places, make_pipeline(lift, model[-1] if scene.looks_at_inputs else model)


def _points(stage: Stage, net: int) -> File:  # noqa: ARG001 - all exports are called alike
    rows, table, added = stage.rows, stage.rows.X.copy(), "held_out"
    table[rows.target] = rows.y
    while added in table:
        added += "_"
    table[added] = rows.held.astype(int)
    return File(f"{rows.name}.csv", "text/csv", table.to_csv(index=False).encode())


def _session(stage: Stage, net: int) -> File:  # noqa: ARG001
    drawn = stage.sources.drawn
    saved = {
        "nonlin": __version__, "format": FORMAT, "settings": stage.settings,
        "drawn": {
            "task": drawn.task, "places": drawn.places.tolist(), "labels": drawn.labels.tolist(),
            "fates": drawn.fates.tolist(),
        },
        "weights": [_finite(lane.snapshot.theta) for lane in stage.lanes],
        "epochs": [lane.snapshot.epoch for lane in stage.lanes],
    }  # fmt: skip
    return File("playground.json", "application/json", json.dumps(saved).encode())


def _finite(theta: Any) -> list[float]:
    """The weights, or none of them where training has diverged: JSON has no NaN."""
    return theta.tolist() if np.isfinite(theta).all() else []


EXPORTS: dict[str, Callable[[Stage, int], File]] = {
    "model": _model, "code": _code, "figure.svg": _figure("svg", "image/svg+xml"),
    "figure.png": _figure("png", "image/png"), "points": _points, "session": _session,
}  # fmt: skip
_WITHOUT_NETWORK = ("points", "session")
