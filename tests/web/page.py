"""What the tests of the playground share: stages without threads, and a page that talks with a session."""

import contextlib
import io
import itertools
import math
import queue
import time

import numpy as np
import pandas as pd

from nonlin.web.session import Session
from nonlin.web.settings import defaults, merged
from nonlin.web.sources import Sources
from nonlin.web.stage import first_stage

PATIENCE = 240.0  # seconds that a test waits for an answer: kernels are compiled on a busy machine


def stage_of(sources=None, **settings):
    """The stage of settings that differ from the defaults."""
    return first_stage(merged(defaults(), settings), sources or Sources())


def table_of(frame, target="y", name="mine.csv", **settings):
    """The stage of a user's table."""
    return stage_of(Sources().with_table(frame, name, target), data="table", **settings)


def trained(stage, epochs):
    """The same stage after so many epochs of each network."""
    for lane in stage.lanes:
        lane.fit.run(epochs)
        lane.publish()
    return stage


def thetas(stage):
    return [lane.fit.theta.copy() for lane in stage.lanes]


def csv(frame):
    return frame.to_csv(index=False).encode()


def messy(rows=60):
    """Text, missing and infinite numbers, dates, a class of two rows, and a constant column."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({
        "size": rng.normal(size=rows), "price": rng.normal(size=rows), "colour": rng.choice(["red", "blue"], rows),
        "day": pd.date_range("2024-01-01", periods=rows).astype(str), "same": 1,
    })  # fmt: skip
    frame["y"] = np.where(frame["size"] > 0, "big", "small")
    frame.loc[:1, "y"] = "odd"
    frame.loc[3, "size"], frame.loc[4, "price"], frame.loc[5, "colour"] = np.nan, np.inf, None
    return frame


class Page:
    """One page: what it asks for, and what it is told, in order."""

    def __init__(self, *words, **settings):
        self.session, self.told, self.ids = Session(*words), queue.Queue(), itertools.count(1)
        self.come()
        self.opened = self.open(settings)

    def come(self):
        """Take the session as a page that has just connected."""
        self.told = queue.Queue()
        self.session.attach(self._hear)

    def _hear(self, content, buffer, told=None):
        (told or self.told).put((content, buffer))

    def open(self, settings=None):
        self.ask("open", settings=settings or {}, session=None)
        return [self.wait("hello"), self.wait("state"), self.wait("scene")]

    def ask(self, do, buffer=None, **content):
        self.session.receive({"do": do, **content}, buffer)

    def next(self):
        content, buffer = self.told.get(timeout=PATIENCE)
        arrays = {} if buffer is None else unpack(content["parts"], buffer)
        return {**content, "arrays": arrays}

    def wait(self, *kinds):
        """The next message of one of these kinds; others before it are dropped."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            message = self.next()
            if message["say"] in kinds:
                return message
            assert message["say"] != "refused", message["message"]
        raise AssertionError(f"no {kinds} in time")

    def answer(self, do, *kinds, buffer=None, **content):
        self.ask(do, buffer, **content)
        return self.wait(*kinds)

    def refusal(self, do, buffer=None, **content):
        return self.answer(do, "refused", buffer=buffer, **content)["message"]

    def settle(self):
        """Wait until all that was asked for is done."""
        self.ask("catalogue")
        while self.next()["say"] != "catalogue":
            pass

    def set(self, **values):
        return self.answer("set", "state", values=values)

    def frame(self, **view):
        return self.answer("frame", "frame", view=view)

    def still(self):
        """The frame of weights that change no more."""
        while (frame := self.frame())["running"]:
            pass
        return frame

    def train_to(self, epoch):
        """Train until a frame says so, and pause; the last frame."""
        self.ask("play")
        while self.frame()["epoch"] < epoch:
            pass
        self.ask("pause")
        return self.still()

    def file(self, what, net=0):
        return bytes(self.answer("export", "file", what=what, net=net, id=next(self.ids))["arrays"]["bytes"])

    def close(self):
        self.session.close()


@contextlib.contextmanager
def page(*words, **settings):
    opened = Page(*words, **settings)
    try:
        yield opened
    finally:
        opened.close()


def unpack(parts, buffer):
    """The arrays of a buffer by their names; it holds nothing else."""
    arrays, start = {}, 0
    for part in parts:
        dtype = np.dtype({"u1": "<u1", "f4": "<f4"}[part["dtype"]])
        start = -(-start // 8) * 8
        end = start + math.prod(part["shape"]) * dtype.itemsize
        arrays[part["name"]] = np.frombuffer(buffer[start:end], dtype).reshape(part["shape"])
        start = end
    assert start == len(buffer)
    return arrays


def read_csv(data):
    return pd.read_csv(io.BytesIO(data), dtype=str).astype(float)
