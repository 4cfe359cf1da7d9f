"""One frame: what a page draws of the networks as they are now."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nonlin.errors import bad_value
from nonlin.nn.blas import few_threads
from nonlin.web import pictures
from nonlin.web.curve import Curve
from nonlin.web.lane import Snapshot, shown_units
from nonlin.web.scene import SHOWN_INPUTS
from nonlin.web.stage import Stage

Arrays = dict[str, np.ndarray[Any, Any]]
PANELS = ("hidden", "spread")
_MEASURING, _LONGEST_PAUSE = 0.25, 0.25  # of the time, that measuring losses may take; seconds between two of them
_SPREAD_EVERY = 0.2  # seconds between two histograms


@dataclass(frozen=True)
class View:
    """What a page looks at besides the maps: a unit or an input, two units of a layer, and panels."""

    focus: tuple[Any, ...] | None = None
    layer: int = 0
    pair: tuple[int, ...] = (0, 1)
    panels: tuple[str, ...] = ()


def view_from(given: Any) -> View:
    """Check what a page says that it looks at.

    Raises
    ------
    InputError
        It is no view.
    """
    if not isinstance(given, Mapping):
        raise bad_value("view", "an object", given)
    focus, pair = given.get("focus"), given.get("pair") or [0, 1]
    numbers: list[Any] = [given.get("layer", 0), *pair] if isinstance(pair, list) else [None]
    if focus is not None:
        named = isinstance(focus, list) and focus[:1] == ["input"]
        numbers += (focus[1:] if named else focus) if isinstance(focus, list) else [None]
        if not isinstance(focus, list) or len(focus) != (2 if named else 3):
            raise bad_value("view", 'a focus of [net, layer, unit], ["input", i] or null', focus)
    if len(numbers) > 6 or not all(type(n) is int and 0 <= n < 10_000 for n in numbers):
        raise bad_value("view", "made of whole numbers from 0 on", numbers)
    panels = given.get("panels") or []
    if not isinstance(panels, list) or any(name not in PANELS for name in panels):
        raise bad_value("view", f"with panels of {', '.join(PANELS)}", panels)
    return View(None if focus is None else tuple(focus), numbers[0], tuple(pair), tuple(panels))


class Painter:
    """Makes the frames of one page; keeps the losses seen and what is too slow to be measured each time."""

    def __init__(self) -> None:
        self.curve = Curve(3)
        self._number = 0
        self._measured: list[dict[str, Any]] = []
        self._measure_at, self._spread_at = 0.0, 0.0
        self._spreads: list[tuple[Any, list[dict[str, Any]]]] = []
        self._stage: Stage | None = None
        self._origins: list[object] = []

    def frame(self, stage: Stage, view: View, *, running: bool, rate: float) -> tuple[dict[str, Any], Arrays]:
        """The header and the arrays of the next frame."""
        # Training has the other processor, and threads of BLAS would wait for each other. Weights may be huge.
        with few_threads(0), np.errstate(all="ignore"):
            return self._frame(stage, view, running=running, rate=rate)

    def _frame(self, stage: Stage, view: View, *, running: bool, rate: float) -> tuple[dict[str, Any], Arrays]:
        began = time.perf_counter()
        snapshots = [lane.snapshot for lane in stage.lanes]
        self._turn_to(stage, snapshots, running=running)
        if "spread" in view.panels:
            self._spread(snapshots, running=running)
        arrays: Arrays = {}
        nets = [self._net(stage, view, k, shot, arrays, running=running) for k, shot in enumerate(snapshots)]
        self._add_focus(stage, view, snapshots, arrays, running=running)
        arrays["curve"], anew = self.curve.fresh()
        self._number += 1
        header = {
            "say": "frame", "frame": self._number, "epoch": _epoch(snapshots), "running": running,
            "rate": rate, "nets": nets, "curve_from": 0 if anew else None,
            "milliseconds": 1e3 * (time.perf_counter() - began),
        }  # fmt: skip
        return header, arrays

    def _turn_to(self, stage: Stage, snapshots: list[Snapshot], *, running: bool) -> None:
        """Begin the curve anew when training has begun anew, and measure again what is new."""
        epoch = _epoch(snapshots)
        origins = [lane.origin for lane in stage.lanes]
        if origins != self._origins or epoch < int(self.curve.last_epoch):
            self.curve, self._origins = Curve(1 + 2 * max(1, len(snapshots))), origins
        if stage is not self._stage:
            self._stage, self._measure_at, self._spread_at = stage, 0.0, 0.0
        now = time.perf_counter()
        if not running or now >= self._measure_at:
            self._measure(stage, snapshots, epoch)
            done = time.perf_counter()
            self._measure_at = done + min((done - now) * (1 / _MEASURING - 1), _LONGEST_PAUSE)

    def _measure(self, stage: Stage, snapshots: list[Snapshot], epoch: float) -> None:
        self._measured, row = [], [epoch]
        for shot in snapshots:
            trained, held = shot.fit.measure(shot.theta)
            is_classes = stage.rows.task == "classification"
            self._measured.append({
                "train_loss": trained.loss, "held_loss": held.loss, "train_score": trained.score,
                "held_score": held.score, "score_name": "accuracy" if is_classes else "R²",
                "confusion": pictures.confusion(stage.scene, shot, held.Z) if is_classes else None,
            })  # fmt: skip
            row += [trained.loss, held.loss]
        if snapshots:
            self.curve.add(row)

    def _net(
        self, stage: Stage, view: View, k: int, shot: Snapshot, arrays: Arrays, *, running: bool
    ) -> dict[str, Any]:
        """Put one network's arrays in; returns its part of the header."""
        scene, drawn = stage.scene, shown_units(shot.fit.network.layout.widths, stage.settings["first"])
        size = pictures.resolution(shot, hurried=running)
        arrays[f"surface{k}"] = pictures.surface(scene, shot, size)
        unit_size = pictures.unit_resolution(shot, hurried=running)
        arrays[f"units{k}"], scales = pictures.unit_maps(scene, shot, drawn, unit_size)
        arrays[f"weights{k}"] = pictures.shown_weights(shot, drawn, SHOWN_INPUTS)
        layers: list[dict[str, Any]] = []
        if "hidden" in view.panels:
            found = pictures.hidden_plane(scene, shot, view.layer, list(view.pair))
            if found is not None:
                arrays[f"lines{k}"], arrays[f"hidden{k}"] = found
        if "spread" in view.panels:
            arrays[f"spread{k}"], layers = self._spreads[k]
        return {**self._measured[k], "scales": scales, "layers": layers}

    def _spread(self, snapshots: list[Snapshot], *, running: bool) -> None:
        """Take the histograms of each network, while it trains a few times a second."""
        now = time.perf_counter()
        if not running or now >= self._spread_at:
            self._spreads = [pictures.spread(shot) for shot in snapshots]
            self._spread_at = now + _SPREAD_EVERY

    def _add_focus(self, stage: Stage, view: View, snapshots: list[Snapshot], arrays: Arrays, *, running: bool) -> None:
        if view.focus is None or not snapshots:
            return
        net, *where = view.focus if view.focus[0] != "input" else (0, *view.focus)
        if net < len(snapshots):
            shot = snapshots[net]
            size = pictures.resolution(shot, hurried=running, most=96)
            found = pictures.focus_map(stage.scene, shot, where if where[0] == "input" else ["unit", *where], size)
            if found is not None:
                arrays["focus"] = found


def _epoch(snapshots: list[Snapshot]) -> float:
    """The epochs trained so far, with the part that is done of one under way."""
    return max((s.epoch + s.part for s in snapshots), default=0.0)
