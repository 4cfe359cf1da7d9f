"""What a page is told about itself: the menus when it opens, and its state after each change."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin import __version__, catalogue
from nonlin.activation import Activation
from nonlin.data import BUILT_IN, PLANE_SETS
from nonlin.formula.evaluate import evaluate
from nonlin.web.lane import shown_units
from nonlin.web.scene import MOST_CLASSES, MOST_COLUMNS, MOST_ROWS, SHOWN_INPUTS, Scene
from nonlin.web.settings import MOST_LAYERS, MOST_UNITS, SETTINGS
from nonlin.web.spec import spec_of
from nonlin.web.stage import Stage
from nonlin.web.tour import STEPS
from nonlin.web.wire import BUFFER_LIMIT

if TYPE_CHECKING:
    from nonlin.estimators._live import LiveFit

GLYPH_REACH, GLYPH_POINTS = 3.0, 33


def hello(session: str, stage: Stage, first: str) -> dict[str, Any]:
    """What a page needs to build itself; the data set that a session shows first is the default there."""
    settings = {**SETTINGS, "data": dataclasses.replace(SETTINGS["data"], default=first)}
    return {
        "say": "hello", "version": __version__, "session": session,
        "schema": [setting.schema() for setting in settings.values()], "tour": [step.shown() for step in STEPS],
        "sets": sets_of(stage), "limits": {
            "layers": MOST_LAYERS, "units": MOST_UNITS, "rows": MOST_ROWS, "columns": MOST_COLUMNS,
            "classes": MOST_CLASSES, "bytes": BUFFER_LIMIT,
        },
    }  # fmt: skip


def sets_of(stage: Stage) -> list[dict[str, Any]]:
    """The data sets that may be chosen: those of the plane, those that come with nonlin, and the user's table."""
    plane = [{"name": s.name, "title": s.title, "task": s.task, "plane": True} for s in PLANE_SETS.values()]
    named = [name for name in BUILT_IN if name not in (*PLANE_SETS, "circles")]  # which the plane has with any noise
    tables = [{"name": name, "title": name.replace("_", " ")} for name in named]
    table = stage.sources.table
    own = [] if table is None else [{"name": "table", "title": table.name}]
    return [*own, *plane, *tables]


def state(stage: Stage, *, running: bool) -> dict[str, Any]:
    """All settings, the networks and the rows, in words."""
    return {
        "say": "state", "settings": stage.settings, "running": running,
        "epoch": max((lane.snapshot.epoch for lane in stage.lanes), default=0),
        "nets": [_net(lane.fit, stage.settings["first"]) for lane in stage.lanes], "scene": _scene(stage),
        "trainable": bool(stage.lanes),
    }  # fmt: skip


def _net(fit: LiveFit, first: list[int]) -> dict[str, Any]:
    widths = fit.network.layout.widths
    return {
        "widths": list(widths), "parameters": fit.network.size, "shown": shown_units(widths, first),
        "outputs": widths[-1],
        "activations": [
            {"spec": spec_of(a), "name": a.name, "formula": a.formula, "params": a.params} for a in fit.activations
        ],
    }  # fmt: skip


def _scene(stage: Stage) -> dict[str, Any]:
    rows, scene = stage.rows, stage.scene
    held = int(rows.held.sum())
    return {
        "name": rows.name, "title": rows.title, "task": rows.task, "classes": [str(label) for label in rows.classes],
        "target": rows.target, "train": len(rows.y) - held, "held": held, "rows": len(rows.y),
        "columns": [] if scene.looks_at_inputs else scene.numeric, "axes": stage.settings["axes"],
        "axis_labels": list(scene.plane.labels), "inputs": _inputs(scene), "window": list(scene.window),
        "values": list(scene.values), "note": scene.plane.note, "notes": list(rows.notes), "drawable": rows.is_plane,
        "file": None if stage.sources.table is None else stage.sources.table.name, "targets": stage.sources.targets,
    }  # fmt: skip


def _inputs(scene: Scene) -> list[dict[str, Any]]:
    """The network's drawn inputs in their order, and the columns that it is not given."""
    from nonlin.data._plane_inputs import PLANE_INPUTS

    if scene.rows.is_plane:
        used = [{"name": name, "label": name, "used": True} for name in scene.columns]
        return used + [{"name": n, "label": n, "used": False} for n in PLANE_INPUTS if n not in scene.columns]
    encoder = scene.pipeline.named_steps["encode"]
    names = list(encoder.names_)
    names += [f"missing {k + 1}" for k in range(scene.X.shape[1] - len(names))]
    home = {name: _home(name, scene.columns) for name in names}
    used = [{"name": home[name], "label": name, "used": True} for name in names[:SHOWN_INPUTS]]
    left = [str(name) for name in scene.rows.X.columns if str(name) not in scene.columns]
    return used + [{"name": name, "label": name, "used": False} for name in left]


def _home(name: str, columns: tuple[str, ...]) -> str:
    """The column that an encoded one was made of: of those whose name it begins with, the longest."""
    return max((c for c in columns if name == c or name.startswith(f"{c}_")), key=len, default=name)


@cache
def catalogue_shown() -> tuple[dict[str, Any], np.ndarray[Any, Any]]:
    """Every activation by family, and the heights of its curve on [-3, 3], in the same order."""
    families, heights = [], []
    for family, names in catalogue.families().items():
        entries = [catalogue.get(name) for name in names]
        families.append({"name": family, "activations": [_entry(a) for a in entries]})
        heights += [_glyph(a) for a in entries]
    return {"say": "catalogue", "families": families, "reach": GLYPH_REACH}, np.array(heights, dtype=np.float32)


def _entry(a: Activation) -> dict[str, Any]:
    return {
        "name": a.name, "formula": a.formula, "aliases": list(a.aliases), "params": a.params, "used_in": a.used_in,
        "classic": a.name in catalogue.CLASSIC,
    }  # fmt: skip


def _glyph(a: Activation) -> list[float]:
    """By the reference, so that no kernel need be compiled for a menu."""
    places = np.linspace(-GLYPH_REACH, GLYPH_REACH, GLYPH_POINTS)
    return [float(evaluate(a.expression, float(place), a.params)) for place in places]
