"""Training while somebody looks: a thread that runs slices of epochs, and gives way to changes between them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nonlin.nn.trainer import DivergenceError
from nonlin.web.lane import Lane

SLICE = 0.012  # seconds that training may keep changes waiting, one epoch aside
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
        self.lanes: tuple[Lane, ...] = ()
        self.rate = 0.0
        self._pace = 0.0
        self._clock = _Clock(0.0)
        self._most = 1
        self._gate, self._waiting = threading.Lock(), 0
        self._running, self._closed = threading.Event(), False
        self._thread = threading.Thread(target=self._loop, name="nonlin-training", daemon=True)

    @property
    def is_running(self) -> bool:
        """Whether it trains."""
        return self._running.is_set()

    def play(self, pace: float) -> None:
        """Train at so many epochs a second, or flat out if that is 0."""
        if not self.lanes:
            return
        for lane in self.lanes:
            lane.fit.training.watch[1] = 0  # patience begins anew
        self.set_pace(pace)
        self._running.set()
        if not self._thread.is_alive() and not self._closed:
            self._thread.start()

    def set_pace(self, pace: float) -> None:
        """Another pace, from now on."""
        self._pace, self._clock = pace, _Clock(pace)

    def pause(self) -> None:
        """Stop after the slice under way, without waiting for it."""
        self._running.clear()
        self.rate = 0.0

    def step(self) -> None:
        """Train one epoch now."""
        self.pause()
        with self.held():
            self._slice(1)

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._running.set()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within it nothing is trained: weights may be written to, and lanes changed."""
        self._waiting += 1
        with self._gate:
            self._waiting -= 1
            yield

    def _loop(self) -> None:
        measured, done = time.perf_counter(), 0
        while self._running.wait() and not self._closed:
            epochs = min(self._clock.due(self._most), self._most)
            if not epochs:
                time.sleep(self._clock.rest())
                continue
            with self._gate:
                done += self._slice(epochs) if self.is_running else 0
            while self._waiting:  # a lock alone would be taken again before anybody else had it
                time.sleep(0.0005)
            since = time.perf_counter() - measured
            if since > _RATED:
                self.rate, measured, done = (done / since if self.is_running else 0.0), measured + since, 0

    def _slice(self, epochs: int) -> int:
        """Run epochs of every lane; returns how many."""
        began, ran = time.perf_counter(), 0
        try:
            for lane in self.lanes:
                if not lane.fit.has_stopped_early:
                    ran = max(ran, len(lane.fit.run(epochs)))
        except DivergenceError as error:
            self._stop("diverged", f"{error}. Reset starts again")
        for lane in self.lanes:
            lane.publish()
        seconds = time.perf_counter() - began
        self._most = int(min(max(1.0, self._most * min(2.0, SLICE / max(seconds, 1e-6))), MOST_EPOCHS))
        if self.lanes and all(lane.fit.has_stopped_early for lane in self.lanes):
            self._restore()
        self._progressed()
        return ran

    def _restore(self) -> None:
        for lane in self.lanes:
            lane.fit.restore_best()
            lane.publish()
        patience = self.lanes[0].fit.model.n_iter_no_change
        self._stop(
            "patience", f"the held-out loss has not fallen for {patience} epochs; the weights with the least are back"
        )

    def _stop(self, reason: str, message: str) -> None:
        self.pause()
        self._stopped(reason, message)


class _Clock:
    """How many epochs a pace has made due."""

    def __init__(self, pace: float) -> None:
        self.pace, self.began, self.done = pace, time.perf_counter(), 0

    def due(self, most: int) -> int:
        """Epochs to run now, counted as run."""
        if not self.pace:
            return most
        passed = time.perf_counter() - self.began
        owed = int(passed * self.pace) + 1 - self.done
        if owed > max(1.0, _BEHIND * self.pace):
            self.began, self.done, owed = self.began + passed, 0, 1
        owed = max(0, min(owed, most))
        self.done += owed
        return owed

    def rest(self) -> float:
        """Seconds until the next epoch is due, at most 20 ms so that a pause is heard."""
        return max(0.001, min(0.02, self.began + self.done / self.pace - time.perf_counter()))
