"""All that a page shows at one moment: settings, rows, scene and networks. A change makes a new stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nonlin.web.lane import Lane, lanes_of
from nonlin.web.scene import Rows, Scene, scene_of
from nonlin.web.settings import SETTINGS, Values, merged
from nonlin.web.sources import Sources

_OF_COLUMNS = {"inputs", "axes"}  # they change how rows are looked at, not which


@dataclass(frozen=True, eq=False)
class Stage:
    """Settings and what they make of the sources; nothing of it changes but the lanes' weights."""

    settings: Values
    sources: Sources
    rows: Rows
    scene: Scene
    lanes: tuple[Lane, ...]


def first_stage(settings: Values, sources: Sources) -> Stage:
    """The stage of a page that has just been opened."""
    rows = sources.rows(settings)
    scene = scene_of(rows, settings)
    return Stage(settings, sources, rows, scene, lanes_of(settings, scene))


def changed(stage: Stage, values: Values, sources: Sources | None = None, pipeline: Any = None) -> Stage:
    """The stage after a change of settings or sources; weights go on wherever the layers stay as they are.

    Raises
    ------
    InputError
        The change breaks a rule; nothing has changed.
    """
    settings = merged(_with_fitting_columns(stage, values), values)
    keys = {key for key in settings if settings[key] != stage.settings[key]}
    affected = {SETTINGS[key].affects for key in keys}
    other_rows = sources is not None or any(SETTINGS[k].affects == "data" for k in keys - _OF_COLUMNS)
    sources = sources or stage.sources
    rows = sources.rows(settings) if other_rows else stage.rows
    keeps_pipeline = pipeline if pipeline is not None else None
    look = other_rows or keys & _OF_COLUMNS or pipeline is not None
    scene = scene_of(rows, settings, keeps_pipeline) if look else stage.scene
    before = () if _starts_anew(stage, settings, rows, affected) else stage.lanes
    same_fits = keys <= {"axes", "pace"} and not other_rows and pipeline is None
    lanes = stage.lanes if same_fits else lanes_of(settings, scene, before)
    return Stage(settings, sources, rows, scene, lanes)


def restarted(stage: Stage) -> Stage:
    """The same with first weights."""
    return Stage(stage.settings, stage.sources, stage.rows, stage.scene, lanes_of(stage.settings, stage.scene))


def _with_fitting_columns(stage: Stage, values: Values) -> Values:
    """The settings before a change; another table has other columns."""
    if values.get("data", stage.settings["data"]) == stage.settings["data"]:
        return stage.settings
    return {**stage.settings, "inputs": [], "axes": []} if not _OF_COLUMNS & set(values) else stage.settings


def _starts_anew(stage: Stage, settings: Values, rows: Rows, affected: set[str]) -> bool:
    other_table = rows.name != stage.rows.name and "drawn" not in (rows.name,)
    second_network = bool(settings["rival"]) != bool(stage.settings["rival"])
    return "layers" in affected or other_table or second_network or rows.classes != stage.rows.classes
