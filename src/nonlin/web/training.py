"""Training while somebody looks: a thread that runs slices of epochs, and gives way to changes between them."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from nonlin.nn.trainer import DivergenceError
from nonlin.web.lane import Lane

if TYPE_CHECKING:
    from nonlin.estimators._live import LiveFit

SLICE = 0.012  # seconds that training may keep changes waiting, one batch aside
MOST_EPOCHS = 4096  # of a slice
_BEHIND = 0.5  # seconds; what could not be trained by then is not made up for
_RATED = 0.25  # seconds over which the speed is measured


class Trainer:
    """Trains lanes in a thread of its own, as fast as the pace asks for or as it can.

    Parameters
    ----------
    progressed : called after each slice
    stopped : called with a reason and a message when training pauses by itself
    """

    def __init__(self, progressed: Callable[[], None], stopped: Callable[[str, str], None]) -> None:
        self._progressed, self._stopped = progressed, stopped
        self._lanes: tuple[Lane, ...] = ()
        self.rate = 0.0
        self._clock, self._left = _Clock(0.0), 0.0
        self._most = 1
        self._measured, self._done = time.perf_counter(), 0.0
        self._gate, self._waiting = threading.Lock(), 0
        self._running, self._is_in_slice, self._closed = threading.Event(), False, False
        self._thread = threading.Thread(target=self._loop, name="nonlin-training", daemon=True)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The networks that are trained; set them while training is held."""
        return self._lanes

    @lanes.setter
    def lanes(self, lanes: tuple[Lane, ...]) -> None:
        if lanes is not self._lanes:
            self._lanes, self._most = lanes, 1  # as many batches of a larger network could take hours

    @property
    def is_running(self) -> bool:
        """Whether it is to train."""
        return self._running.is_set()

    @property
    def is_still(self) -> bool:
        """Whether the weights change no more: a pause has come, and the slice that was under way has ended."""
        return not self.is_running and not self._is_in_slice

    def play(self, pace: float) -> None:
        """Train at so many epochs a second, or flat out if that is 0."""
        self.set_pace(pace)
        with self.held():
            self._begin(math.inf)

    def set_pace(self, pace: float) -> None:
        """Another pace, from now on."""
        self._clock = _Clock(pace)

    def pause(self) -> None:
        """Stop after the slice under way, without waiting for it."""
        self._running.clear()
        self.rate = 0.0

    def step(self) -> None:
        """Train one epoch more, or what is left of the one under way, and pause then."""
        with self.held():
            asked_for = self._left if self.is_running and self._left < math.inf else 0
            self._begin(asked_for + 1)

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._running.set()

    def _begin(self, epochs: float) -> None:
        """Let the thread run so many epochs."""
        if not self.lanes or self._closed:
            return
        self._take_heart()
        self._left = epochs
        if self.is_running:
            return
        self._measured, self._done = time.perf_counter(), 0.0
        self._running.set()
        if not self._thread.is_alive():
            self._thread.start()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within it nothing is trained: weights may be written to, and lanes changed."""
        self._waiting += 1
        with self._gate:
            self._waiting -= 1
            yield

    def _loop(self) -> None:
        while self._running.wait() and not self._closed:
            epochs = self._due()
            if not epochs:
                time.sleep(self._clock.rest())
                continue
            with self._gate:
                self._is_in_slice = True  # before it looks, so that nobody takes what may begin for stillness
                self._done += self._slice(epochs) if self.is_running else 0.0
                self._is_in_slice = False
            self._progressed()
            while self._waiting:  # a lock alone would be taken again before anybody else had it
                time.sleep(0.0005)
            now = time.perf_counter()
            if now - self._measured > _RATED:
                self.rate = self._done / (now - self._measured) if self.is_running else 0.0
                self._measured, self._done = now, 0.0

    def _due(self) -> int:
        """The epochs to run now: the rest of one under way, as many as are left, or what the pace asks for."""
        if any(lane.fit.part for lane in self.lanes):
            return 1
        return int(self._left) if self._left < math.inf else self._clock.due(self._most_epochs)

    @property
    def _most_epochs(self) -> int:
        """The whole epochs for which a slice has time, at least one."""
        return max(1, min(MOST_EPOCHS, self._most // max((lane.fit.batches for lane in self.lanes), default=1)))

    def _take_heart(self) -> None:
        """Let networks that have stopped early go on: their patience begins anew."""
        if self.lanes and all(lane.fit.has_stopped_early for lane in self.lanes):
            for lane in self.lanes:
                lane.fit.training.watch[1] = 0
                lane.is_pure = False  # a fit would have ended there

    def _slice(self, epochs: int) -> float:
        """Run epochs, or a part of one, of every lane; returns how many."""
        began, ran, ended, problem = time.perf_counter(), 0.0, 0, ""
        for lane in self.lanes:
            before, whole = lane.fit.epochs + lane.fit.part, lane.fit.epochs
            try:
                self._run(lane.fit, epochs)
            except DivergenceError as error:
                problem = str(error)
            except Exception as error:  # a fault of ours must not end the thread
                problem = f"training failed ({type(error).__name__})"
            ran = max(ran, lane.fit.epochs + lane.fit.part - before)
            ended = max(ended, lane.fit.epochs - whole)
            lane.publish()
        batches = max((lane.fit.batches for lane in self.lanes), default=1)
        affordable = SLICE * ran * batches / max(time.perf_counter() - began, 1e-6)
        self._most = int(np.clip(affordable, 1, min(2 * self._most, MOST_EPOCHS * batches)))
        self._left -= ended
        if problem:
            self._stop("diverged", f"{problem}. Reset starts again")
        elif self.lanes and all(lane.fit.has_stopped_early for lane in self.lanes):
            self._stop_early()
        elif self._left <= 0:
            self.pause()
        return ran

    def _run(self, fit: LiveFit, epochs: int) -> None:
        """Run so many epochs, or as many batches of one as there is time for."""
        if not fit.has_stopped_early:
            if fit.part or self._most < fit.batches:
                fit.run_batches(self._most)
            else:
                fit.run(epochs)
        if fit.has_stopped_early:
            fit.restore_best()

    def _stop_early(self) -> None:
        patience = self.lanes[0].fit.model.n_iter_no_change
        self._stop(
            "patience", f"the held-out loss has not fallen for {patience} epochs; the weights with the least are back"
        )

    def _stop(self, reason: str, message: str) -> None:
        self.pause()
        self._stopped(reason, message)


class _Clock:
    """How many epochs a pace has made due."""

    def __init__(self, pace: float, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self.pace, self.began, self.done = pace, now(), 0

    def due(self, most: int) -> int:
        """Epochs to run now, counted as run."""
        if not self.pace:
            return most
        passed = self._now() - self.began
        owed = int(passed * self.pace) + 1 - self.done
        if owed > max(1.0, _BEHIND * self.pace):
            self.began, self.done, owed = self.began + passed, 0, 1
        owed = max(0, min(owed, most))
        self.done += owed
        return owed

    def rest(self) -> float:
        """Seconds until the next epoch is due, at most 20 ms so that a pause is heard."""
        return max(0.001, min(0.02, self.began + self.done / self.pace - self._now()))
