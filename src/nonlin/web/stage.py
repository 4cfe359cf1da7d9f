"""All that a page shows at one moment: settings, rows, scene and networks. A change makes a new stage."""

from __future__ import annotations

from dataclasses import dataclass

from nonlin.data import PLANE_SETS
from nonlin.errors import InputError
from nonlin.web.lane import Lane, lanes_of
from nonlin.web.scene import DRAWN, LOSSES_OF_COUNTS, TABLE, Prepared, Rows, Scene, scene_of, turned
from nonlin.web.settings import SETTINGS, Values, merged
from nonlin.web.sources import Sources

_OF_COLUMNS = {"inputs", "axes"}  # they change how rows are looked at, not which
_NOT_LEARNED = ("pace", "look")


@dataclass(frozen=True, eq=False)
class Stage:
    """Settings and what they make of the sources; nothing of it changes but the lanes' weights."""

    settings: Values
    sources: Sources
    rows: Rows
    scene: Scene
    lanes: tuple[Lane, ...]
    notes: tuple[str, ...] = ()  # what the change to it has set besides


def first_stage(settings: Values, sources: Sources) -> Stage:
    """The stage of a page that has just been opened."""
    rows = sources.rows(settings)
    scene = scene_of(rows, settings)
    return Stage(settings, sources, rows, scene, lanes_of(settings, scene))


def changed(
    stage: Stage, values: Values, sources: Sources | None = None, prepared: Prepared | None = None
) -> Stage:  # fmt: skip
    """The stage after a change of settings or sources; weights go on wherever they still mean the same.

    Raises
    ------
    InputError
        The change breaks a rule; nothing has changed.
    """
    settings = merged(_with_fitting_columns(stage, values), values)
    keys = {key for key in settings if settings[key] != stage.settings[key]}
    other_rows = sources is not None or any(SETTINGS[k].affects == "data" for k in keys - _OF_COLUMNS)
    sources = sources or stage.sources
    rows = sources.rows(settings) if other_rows else stage.rows
    notes: tuple[str, ...] = ()
    if other_rows and "loss_of_numbers" not in values and _has_too_low_numbers(rows, settings):
        notes = (_loss_note(rows, settings["loss_of_numbers"]),)
        settings["loss_of_numbers"] = SETTINGS["loss_of_numbers"].default
    if other_rows or prepared is not None or keys & {"inputs", "loss_of_numbers"}:
        scene = scene_of(rows, settings, prepared)
    else:
        scene = turned(stage.scene, settings) if "axes" in keys else stage.scene
    only_looks = all(key == "axes" or SETTINGS[key].affects in _NOT_LEARNED for key in keys)
    is_same = only_looks and not other_rows and prepared is None
    before = () if _starts_anew(stage, settings, sources, scene) else stage.lanes
    return Stage(settings, sources, rows, scene, stage.lanes if is_same else lanes_of(settings, scene, before), notes)


def check_trainable(stage: Stage) -> None:
    """Refuse what needs a network where there is none.

    Raises
    ------
    InputError
        There are no rows to train on.
    """
    if not stage.lanes:
        raise InputError("there must be rows to train on, of two classes, and some held out; draw or choose some")


def restarted(stage: Stage) -> Stage:
    """The same with first weights."""
    return Stage(stage.settings, stage.sources, stage.rows, stage.scene, lanes_of(stage.settings, stage.scene))


def _with_fitting_columns(stage: Stage, values: Values) -> Values:
    """The settings before a change; another table has other columns."""
    data = values.get("data", stage.settings["data"])
    of_plane = data in PLANE_SETS or data == DRAWN
    if data == stage.settings["data"] or (of_plane and stage.rows.is_plane):
        return stage.settings
    return {**stage.settings, "inputs": [], "axes": []}


def _has_too_low_numbers(rows: Rows, settings: Values) -> bool:
    """Whether the loss is one of counts, and the rows' numbers are none."""
    return rows.task == "regression" and settings["loss_of_numbers"] in LOSSES_OF_COUNTS and bool((rows.y < 0).any())


def _loss_note(rows: Rows, loss: str) -> str:
    setting = SETTINGS["loss_of_numbers"]
    names = dict(setting.choices)
    return (
        f"{setting.label}: {names[loss]} takes numbers of at least 0, and {rows.target!r} of {rows.title} goes down to "
        f"{rows.y.min():.3g}; it is {names[setting.default]} now"
    )


def _starts_anew(stage: Stage, settings: Values, sources: Sources, scene: Scene) -> bool:
    """Whether the weights would mean something else: other layers, classes, inputs, or another table."""
    keys = {key for key in settings if settings[key] != stage.settings[key]}
    other_layers = any(SETTINGS[key].affects == "layers" for key in keys)
    second_network = bool(settings["rival"]) != bool(stage.settings["rival"])
    before, rows = stage.rows, scene.rows
    goes_on_drawn = rows.source == DRAWN and before.is_plane and rows.task == before.task
    same_table = rows.source == before.source and (rows.source != TABLE or sources.table is stage.sources.table)
    same_columns = scene.columns == stage.scene.columns and rows.classes == before.classes
    return other_layers or second_network or not same_columns or not (same_table or goes_on_drawn)
