"""One page: its stage, the threads that train and draw it, and what each of its messages does."""

from __future__ import annotations

import contextlib
import dataclasses
import queue
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin.errors import InputError, NonlinError, bad_value
from nonlin.web import imports, words
from nonlin.web.card import curve
from nonlin.web.exports import export
from nonlin.web.frames import Painter, View, view_from
from nonlin.web.pictures import input_maps
from nonlin.web.scene import DRAWN
from nonlin.web.settings import SETTINGS, Values, checked, defaults, forgiving
from nonlin.web.sources import LARGEST, MOST_LABEL, Sources, drawn_from, nothing_drawn, places_from
from nonlin.web.stage import Stage, changed, check_trainable, first_stage, restarted
from nonlin.web.training import Trainer
from nonlin.web.uploads import file_name, read_upload
from nonlin.web.wire import pack

if TYPE_CHECKING:
    from nonlin.data import Table

Content = dict[str, Any]
Tell = Callable[[Content, bytes | None], None]
MOST_WAITING, MOST_BYTES_WAITING = 500, 60_000_000  # messages, and bytes of their buffers, that may wait for their turn
_LARGEST_WEIGHT, _LONGEST_LINE = 1e6, 600


class Session:
    """The state of one page. Messages are done in order by one thread, frames are made by another.

    Parameters
    ----------
    table : Table, optional
        The user's own, which is shown first.
    data : str, optional
        Another data set that is shown first.
    """

    def __init__(self, table: Table | None = None, data: str | None = None) -> None:
        self.id = secrets.token_urlsafe(16)
        self._first = data or ("table" if table is not None else SETTINGS["data"].default)
        self._sources = Sources(table)
        self._stage: Stage | None = None
        self._tell: Tell | None = None
        self._asked = threading.local()  # .tell: the page that asked for what a thread is doing
        self._messages: queue.SimpleQueue[tuple[Content, bytes | None, Tell | None] | None] = queue.SimpleQueue()
        self._bytes_waiting = 0
        self._painter = Painter()
        self._trainer = Trainer(self._touch, self._stopped_itself)
        self._changed = threading.Condition()
        self._version, self._view, self._is_wanted, self._is_closed = 0, View(), False, False
        self._page_is_new = True
        self._threads = [
            threading.Thread(target=target, name=f"nonlin-{name}", daemon=True)
            for target, name in ((self._work, "messages"), (self._paint, "frames"))
        ]
        for thread in self._threads:
            thread.start()

    def attach(self, tell: Tell) -> None:
        """Answer to ``tell`` from now on, from the session's threads."""
        self._tell = tell

    def detach(self) -> None:
        """Answer to nobody, and train no further."""
        self._tell = None
        self._is_wanted = False
        self._trainer.pause()

    def receive(self, content: Content, buffer: bytes | None = None) -> None:
        """Take a message, and return at once; a pause works even before its turn."""
        if self._is_closed:
            return
        if content.get("do") in ("pause", "reset"):
            self._trainer.pause()
        size = len(buffer or b"")
        with self._changed:
            is_full = self._messages.qsize() >= MOST_WAITING or self._bytes_waiting + size > MOST_BYTES_WAITING
            self._bytes_waiting += 0 if is_full else size
        if is_full:
            self._refuse(content, "the page asks faster than it can be answered; wait a moment, then ask again")
        else:
            self._messages.put((content, buffer, self._tell))

    def close(self) -> None:
        """End the threads; what still waits is not done."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self.detach()
        self._trainer.close()
        self._messages.put(None)

    def _work(self) -> None:
        while (message := self._messages.get()) is not None and not self._is_closed:
            content, buffer, self._asked.tell = message
            with self._changed:
                self._bytes_waiting -= len(buffer or b"")
            try:
                self._do(content, buffer)
            except (NonlinError, ValueError) as error:
                self._refuse(content, _line(error), getattr(error, "position", None))
            except Exception as error:  # a fault of ours must not end the page
                self._refuse(
                    content, f"nonlin could not do this ({type(error).__name__}); reset, or load the page again"
                )

    def _do(self, content: Content, buffer: bytes | None) -> None:
        name = content.get("do")
        action = _ACTIONS.get(name) if isinstance(name, str) else None
        if action is None:
            raise bad_value("do", f"one of {', '.join(_ACTIONS)}", name)
        if name != "open" and self._stage is None:
            raise InputError("open must be the first message of a page; load the page again")
        action(self, content, buffer)

    def _refuse(self, content: Content, message: str, position: int | None = None) -> None:
        values = content.get("values")
        key = next(iter(values), None) if isinstance(values, dict) and len(values) == 1 else None
        answer = {"say": "refused", "message": message, "key": key, "id": content.get("id"), "position": position}
        self._say({name: value for name, value in answer.items() if value is not None})

    def _say(self, content: Content, arrays: dict[str, Any] | None = None) -> None:
        """Tell the page, unless it is another than the one that asked."""
        tell: Tell | None = getattr(self._asked, "tell", self._tell)
        if tell is None or tell is not self._tell:
            return
        buffer = None
        if arrays is not None:
            parts, buffer = pack(arrays)
            content = {**content, "parts": parts}
        with contextlib.suppress(Exception):  # the page has gone, which must not end a thread
            tell(content, buffer)

    @property
    def _now(self) -> Stage:
        if self._stage is None:
            raise InputError("open must be the first message of a page; load the page again")
        return self._stage

    def _turn(self, stage: Stage, *, tells_scene: bool = False) -> None:
        """Show another stage."""
        before, self._stage = self._stage, stage
        self._trainer.lanes = stage.lanes
        if not stage.lanes:
            self._trainer.pause()
        self._say_state()
        if tells_scene or before is None or before.scene is not stage.scene:
            self._say_scene()
        if stage is not before:
            self._say_notes(stage.notes)
        self._touch()

    def _say_notes(self, notes: Iterable[str]) -> None:
        for note in notes:
            self._say({"say": "note", "message": _line(note)})

    def _say_state(self) -> None:
        self._say(words.state(self._now, running=self._trainer.is_running))

    def _say_scene(self) -> None:
        scene = self._now.scene
        shown = scene.shown
        self._say({"say": "scene"}, {
            "places": scene.places[shown].astype(np.float32), "labels": scene.labels[shown].astype(np.float32),
            "held": scene.rows.held[shown].astype(np.uint8), "inputs": input_maps(scene),
        })  # fmt: skip

    def _touch(self) -> None:
        """There is something new to draw."""
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def _stopped_itself(self, reason: str, message: str) -> None:
        self._say({"say": "stopped", "reason": reason, "message": message})
        self._say_state()

    def _paint(self) -> None:
        painted: tuple[int, View] | None = None
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._is_closed or (self._is_wanted and (self._version, self._view) != painted)  # noqa: B023
                )
                if self._is_closed:
                    return
                painted, self._is_wanted = (self._version, self._view), False
                stage, is_new, self._page_is_new = self._stage, self._page_is_new, False
                self._asked.tell = self._tell
            if is_new:
                self._painter.curve.forget_what_was_sent()
            if stage is not None:
                self._say_frame(stage, painted[1])

    def _say_frame(self, stage: Stage, view: View) -> None:
        trainer = self._trainer
        try:
            header, arrays = self._painter.frame(stage, view, running=not trainer.is_still, rate=trainer.rate)
        except Exception as error:  # the page must go on, whatever a network has become
            self._say({"say": "note", "message": f"this network cannot be drawn ({type(error).__name__}); reset it"})
            return
        self._say(header, arrays)

    # What the messages do. Each gets the message and its buffer.

    def _open(self, content: Content, _: bytes | None) -> None:
        if self._stage is None:
            given = content.get("settings")
            settings, problems = forgiving(given if isinstance(given, dict) else {}, self._first)
            stage = self._first_that_works(settings, problems)
        else:
            stage, problems = self._stage, []
            with self._changed:
                self._page_is_new = True
        self._say(words.hello(self.id, stage, self._first))
        self._turn(stage, tells_scene=True)
        self._say_notes(problems)

    def _first_that_works(self, settings: Values, problems: list[str]) -> Stage:
        """The page that the settings describe, or else one on the usual rows, or else the usual page."""
        usual: Values = {"data": self._first, "inputs": [], "axes": []}
        for tried in (settings, {**settings, **usual}, {**defaults(), **usual}):
            try:
                return first_stage(tried, self._sources)
            except (NonlinError, ValueError) as error:
                said = f"{error}; what is usual is shown"
                problems += [] if said in problems else [said]
        return first_stage(defaults(), self._sources)

    def _set(self, content: Content, _: bytes | None) -> None:
        values = content.get("values")
        if not isinstance(values, dict):
            raise bad_value("values", "an object of settings", values)
        self._change(checked(values))

    def _address(self, content: Content, _: bytes | None) -> None:
        given = content.get("settings")
        if not isinstance(given, dict):
            raise bad_value("settings", "an object of settings", given)
        settings, problems = forgiving(given, self._first)
        self._change(settings)
        self._say_notes(problems)

    def _change(self, values: Values) -> None:
        with self._trainer.held():
            self._turn(changed(self._now, values))
        if "pace" in values:
            self._trainer.set_pace(values["pace"])

    def _play(self, _: Content, __: bytes | None) -> None:
        check_trainable(self._now)
        self._trainer.play(self._now.settings["pace"])
        if self._asked.tell is not self._tell:  # the page that asked has gone meanwhile
            self._trainer.pause()
        self._say_state()

    def _pause(self, _: Content, __: bytes | None) -> None:
        self._trainer.pause()
        self._say_state()
        self._touch()

    def _step(self, _: Content, __: bytes | None) -> None:
        check_trainable(self._now)
        self._trainer.step()
        self._say_state()

    def _reset(self, _: Content, __: bytes | None) -> None:
        with self._trainer.held():
            self._trainer.pause()
            self._turn(restarted(self._now))

    def _frame(self, content: Content, _: bytes | None) -> None:
        view = view_from(content.get("view") or {})
        if self._asked.tell is not self._tell:  # the page that asked has gone meanwhile
            return
        with self._changed:
            self._view, self._is_wanted = view, True
            self._changed.notify_all()

    def _weight(self, content: Content, _: bytes | None) -> None:
        net, layer, below, unit = (content.get(key) for key in ("net", "layer", "from", "to"))
        value = content.get("value")
        if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= _LARGEST_WEIGHT:
            raise bad_value("value", f"a number within ±{_LARGEST_WEIGHT:,.0f}", value)
        if not all(type(n) is int for n in (net, layer, below, unit)) or not 0 <= net < len(self._now.lanes):  # type: ignore[operator]
            raise bad_value("weight", "one of the network's", [net, layer, below, unit])
        lane = self._now.lanes[net]  # type: ignore[index]
        with self._trainer.held():
            layout = lane.fit.network.layout
            weights, biases = layout.weights(lane.fit.theta), layout.biases(lane.fit.theta)
            if not (0 <= layer < len(weights) and 0 <= unit < len(biases[layer]) and -1 <= below < len(weights[layer])):  # type: ignore[operator,index]
                raise bad_value("weight", "one of the network's", [net, layer, below, unit])
            if below == -1:
                biases[layer][unit] = value  # type: ignore[index]
            else:
                weights[layer][below, unit] = value  # type: ignore[index]
            lane.is_pure = False
            lane.publish()
        self._touch()

    def _draw(self, content: Content, _: bytes | None) -> None:
        label, places = content.get("label", content.get("value")), content.get("places")
        if not isinstance(label, int | float) or isinstance(label, bool) or not abs(label) <= LARGEST:
            raise bad_value("label", f"a class, or a number within ±{LARGEST}", label)
        if self._now.rows.task == "classification" and label not in range(MOST_LABEL + 1):
            raise bad_value("label", f"a class from 0 to {MOST_LABEL}", label)
        found = places_from(places)
        self._redraw(self._as_drawn().with_points(found, float(label)))

    def _erase(self, content: Content, _: bytes | None) -> None:
        radius = content.get("radius")
        if not isinstance(radius, int | float) or isinstance(radius, bool) or not 0 <= radius <= 100:
            raise bad_value("radius", "a distance from 0 to 100", radius)
        self._redraw(self._as_drawn().without(places_from([content.get("place")])[0], float(radius)))

    def _clear(self, _: Content, __: bytes | None) -> None:
        task = self._now.rows.task if self._now.rows.is_plane else "classification"
        self._redraw(nothing_drawn(task))

    def _as_drawn(self) -> Any:
        rows = self._now.rows
        if not rows.is_plane:
            raise InputError("points can be drawn only in the plane of x1 and x2; choose one of its data sets")
        return self._now.sources.drawn if rows.source == DRAWN else drawn_from(rows, self._now.settings["share"] / 100)

    def _redraw(self, drawn: Any) -> None:
        with self._trainer.held():
            sources = dataclasses.replace(self._now.sources, drawn=drawn)
            self._turn(changed(self._now, {"data": DRAWN}, sources))

    def _upload(self, content: Content, buffer: bytes | None) -> None:
        name, target = file_name(content.get("name")), content.get("target")
        frame = read_upload(buffer or b"", name)
        self._take_table(frame, name, target if isinstance(target, str) else None)

    def _target(self, content: Content, _: bytes | None) -> None:
        sources = self._now.sources
        if sources.frame is None or sources.table is None:
            raise InputError("target: there is no table of yours to choose a column of; drop a file on the page")
        self._take_table(sources.frame, sources.file, str(content.get("column")))

    def _take_table(self, frame: Any, file: str, target: str | None) -> None:
        sources = self._now.sources.with_table(frame, file, target)
        with self._trainer.held():
            stage = changed(self._now, {"data": "table", "inputs": [], "axes": []}, sources)
            self._say(words.hello(self.id, stage, self._first))
            self._turn(stage)
        self._say_notes(stage.rows.notes)

    def _curve(self, content: Content, _: bytes | None) -> None:
        header, arrays = curve(content.get("activation"))
        self._say({"say": "curve", "id": content.get("id"), **header}, arrays)

    def _catalogue(self, content: Content, _: bytes | None) -> None:
        header, glyphs = words.catalogue_shown()
        self._say({**header, "id": content.get("id")}, {"glyphs": glyphs})

    def _export(self, content: Content, _: bytes | None) -> None:
        net = content.get("net") or 0
        with self._trainer.held():
            file = export(self._now, content.get("what"), net if type(net) is int else -1)
        header = {"say": "file", "id": content.get("id"), "name": file.name, "type": file.type, "net": net}
        self._say(header, {"bytes": np.frombuffer(file.data, dtype=np.uint8)})

    def _import(self, content: Content, buffer: bytes | None) -> None:
        name = file_name(content.get("name"))
        read = imports.with_session if name.lower().endswith(".json") else imports.with_model
        with self._trainer.held():
            stage = read(self._now, buffer or b"", name)
            self._trainer.pause()
            self._turn(stage)
        self._say({"say": "note", "id": content.get("id"), "message": f"{name} is on the page now"})


def _line(error: object) -> str:
    """What an error says, in one line of bearable length."""
    text = " ".join(str(error).split())
    return text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]}…"


_ACTIONS: dict[str, Callable[[Session, Content, bytes | None], None]] = {
    "open": Session._open, "set": Session._set, "address": Session._address, "play": Session._play,
    "pause": Session._pause, "step": Session._step, "reset": Session._reset, "frame": Session._frame,
    "weight": Session._weight, "draw": Session._draw, "erase": Session._erase, "clear": Session._clear,
    "upload": Session._upload, "target": Session._target, "curve": Session._curve, "catalogue": Session._catalogue,
    "export": Session._export, "import": Session._import,
}  # fmt: skip
