"""Training keeps the pace, stops by itself where it should, and gives way to changes at once."""

import queue
import threading
import time

import numpy as np
import pytest

from nonlin.web import training
from nonlin.web.training import Trainer, _Clock
from web.page import PATIENCE, stage_of


class Watcher:
    """A trainer, and what it says."""

    def __init__(self, stage):
        self.slices, self.stops, self.parts = queue.Queue(), queue.Queue(), []
        self.trainer = Trainer(self.note, lambda *words: self.stops.put(words))
        self.trainer.lanes = stage.lanes

    def note(self):
        self.parts.append([lane.snapshot.part for lane in self.trainer.lanes])
        self.slices.put(self.epochs)

    @property
    def epochs(self):
        return [lane.fit.epochs for lane in self.trainer.lanes]

    def step(self):
        """Train one epoch, and wait for its end."""
        self.trainer.step()
        self.until_still()

    def until_still(self):
        while self.slices.get(timeout=PATIENCE) and not self.trainer.is_still:
            pass

    def until(self, epoch):
        while (found := self.slices.get(timeout=PATIENCE))[0] < epoch:
            pass
        return found


@pytest.fixture
def watch():
    watchers = []

    def make(**settings):
        watchers.append(Watcher(stage_of(**settings)))
        return watchers[-1]

    yield make
    for watcher in watchers:
        watcher.trainer.close()
        thread = watcher.trainer._thread
        if thread.is_alive():
            thread.join(PATIENCE)
        assert not thread.is_alive()


def clock_of(pace):
    now = [100.0]
    return _Clock(pace, lambda: now[0]), now


def test_epochs_are_due_by_the_clock():
    clock, now = clock_of(20)
    assert [clock.due(99), clock.due(99)] == [1, 0]
    now[0] += 0.049
    assert (clock.due(99), clock.rest()) == (0, pytest.approx(0.001))
    now[0] += 0.002
    assert (clock.due(99), clock.due(99)) == (1, 0)
    now[0] += 0.25
    assert clock.due(99) == 5
    assert clock.rest() == 0.02


def test_what_could_not_be_trained_in_half_a_second_is_not_made_up_for():
    clock, now = clock_of(60)
    assert clock.due(99) == 1
    now[0] += 3600
    assert [clock.due(99), clock.due(99)] == [1, 0]
    now[0] += 0.11
    assert clock.due(99) == 6


def test_no_more_are_due_than_there_is_time_for():
    clock, now = clock_of(1000)
    now[0] += 0.4
    assert [clock.due(100) for _ in range(5)] == [100, 100, 100, 100, 1]
    flat_out, _ = clock_of(0)
    assert [flat_out.due(7), flat_out.due(7)] == [7, 7]


def test_slices_grow_until_they_take_long_enough(watch):
    watcher = watch(rows=20, hidden=[2])
    watcher.trainer.play(0)
    assert watcher.until(5000)[0] >= 5000
    assert 1 < watcher.trainer._most_epochs <= training.MOST_EPOCHS


def test_another_network_begins_with_one_batch(watch):
    """As many batches of a larger one as of a small one could take hours."""
    watcher = watch(rows=20, hidden=[2])
    watcher.trainer._most = 4096
    watcher.trainer.lanes = stage_of(rows=2000, hidden=[300, 300]).lanes
    watcher.trainer.play(0)
    watcher.slices.get(timeout=PATIENCE)
    assert watcher.parts[0][0] == pytest.approx(0.01)


def test_a_long_epoch_gives_way_within_it_and_ends_as_one_at_once(watch):
    settings = {"rows": 2000, "hidden": [256, 256, 256], "batch": 20, "rival": "relu"}
    watcher, whole = watch(**settings), stage_of(**settings)
    watcher.trainer.play(0)
    watcher.slices.get(timeout=PATIENCE)
    watcher.trainer.pause()
    watcher.until_still()
    assert [0 < part < 1 for part in watcher.parts[-1]] == [True, True]
    assert watcher.epochs == [0, 0]
    watcher.step()  # to its end
    assert (watcher.epochs, watcher.parts[-1]) == ([1, 1], [0, 0])
    for lane, other in zip(watcher.trainer.lanes, whole.lanes, strict=True):
        other.fit.run(1)
        np.testing.assert_array_equal(lane.fit.theta, other.fit.theta)


def test_a_pause_is_not_stillness_before_the_slice_has_ended(watch, monkeypatch):
    watcher, began, may_end = watch(), threading.Event(), threading.Event()
    fit = watcher.trainer.lanes[0].fit
    run = fit.run_batches
    monkeypatch.setattr(fit, "run_batches", lambda count: [began.set(), may_end.wait(PATIENCE), run(count)][-1])
    watcher.trainer.play(0)
    assert began.wait(PATIENCE)
    watcher.trainer.pause()
    assert (watcher.trainer.is_running, watcher.trainer.is_still, watcher.parts) == (False, False, [])
    may_end.set()
    watcher.until_still()
    assert watcher.parts[-1][0] > 0


def test_a_slow_pace_says_nothing_of_how_many_epochs_are_quick(watch):
    watcher = watch(rows=2000, hidden=[64])
    for _ in range(30):
        watcher.step()
    assert watcher.trainer._most_epochs < 100


def test_a_step_is_one_epoch_of_each(watch):
    watcher = watch(rival="relu")
    watcher.step()
    for _ in range(3):  # quick clicks
        watcher.trainer.step()
    watcher.until(4)
    assert watcher.epochs == [4, 4]
    assert [lane.snapshot.epoch for lane in watcher.trainer.lanes] == [4, 4]
    assert not watcher.trainer.is_running


def test_two_networks_train_alike_and_a_pause_ends_it(watch):
    watcher = watch(rival="relu")
    watcher.trainer.play(0)
    watcher.until(50)
    watcher.trainer.pause()
    with watcher.trainer.held():
        first, second = watcher.epochs
    assert first == second >= 50
    assert (watcher.trainer.is_running, watcher.trainer.rate) == (False, 0.0)
    with watcher.trainer.held():
        assert watcher.epochs == [first, second]


def test_the_rate_is_measured(watch):
    watcher = watch(rows=50)
    watcher.trainer.play(0)
    deadline = time.monotonic() + PATIENCE
    while not watcher.trainer.rate and time.monotonic() < deadline:
        watcher.slices.get(timeout=PATIENCE)
    assert 20 < watcher.trainer.rate < 1e6


def test_early_stopping_brings_the_best_weights_back_and_says_so(watch):
    watcher = watch(patience=4, rows=60, batch=10, learning_rate=0.1, hidden=[16], rival="relu")
    watcher.trainer.play(0)
    assert watcher.stops.get(timeout=PATIENCE) == (
        "patience", "the held-out loss has not fallen for 4 epochs; the weights with the least are back"
    )  # fmt: skip
    assert not watcher.trainer.is_running
    for lane in watcher.trainer.lanes:
        fit = lane.fit
        assert fit.measure(fit.theta)[1].loss == pytest.approx(-fit.training.watch[0], rel=1e-5)
        np.testing.assert_array_equal(lane.snapshot.theta, fit.theta)


def test_after_that_it_goes_on_when_asked(watch):
    watcher = watch(patience=4, rows=60, batch=10, learning_rate=0.1, hidden=[16])
    watcher.trainer.play(0)
    watcher.stops.get(timeout=PATIENCE)
    (before,) = watcher.epochs
    assert watcher.trainer.lanes[0].is_pure
    watcher.step()
    assert watcher.epochs == [before + 1]
    assert not watcher.trainer.lanes[0].is_pure
    watcher.trainer.play(0)
    watcher.stops.get(timeout=PATIENCE)
    assert watcher.epochs[0] > before + 1


def test_patience_counts_on_over_a_pause(watch):
    watcher = watch(patience=4, rows=60, batch=10, learning_rate=0.1, hidden=[16])
    once = watch(patience=4, rows=60, batch=10, learning_rate=0.1, hidden=[16])
    once.trainer.play(0)
    once.stops.get(timeout=PATIENCE)
    while watcher.stops.empty():
        watcher.step()
        assert watcher.epochs[0] <= once.epochs[0]
    assert watcher.epochs == once.epochs


def test_a_network_that_is_measured_slowly_stops_early_too(watch):
    watcher = watch(patience=1, rows=2000, hidden=[128, 128, 128], batch=200, learning_rate=0.1)
    assert not watcher.trainer.lanes[0].fit._measures_itself
    watcher.trainer.play(0)
    assert watcher.stops.get(timeout=PATIENCE)[0] == "patience"
    fit = watcher.trainer.lanes[0].fit
    assert fit.measure(fit.theta)[1].loss == pytest.approx(-fit.training.watch[0], rel=1e-5)


def test_divergence_pauses_and_says_so(watch):
    watcher = watch(activations=["z*z*z", "z*z*z"], solver="sgd", learning_rate=10.0, rival="tanh")
    watcher.trainer.play(0)
    reason, message = watcher.stops.get(timeout=PATIENCE)
    assert reason == "diverged"
    assert message.startswith("training diverged in epoch ")
    assert message.endswith(". Reset starts again")
    assert not watcher.trainer.is_running
    assert watcher.epochs[0] == watcher.epochs[1]


def test_a_fault_of_ours_stops_training_and_not_the_thread(watch, monkeypatch):
    watcher = watch()
    monkeypatch.setattr(watcher.trainer.lanes[0].fit, "run", lambda _: 1 / 0)
    watcher.trainer.play(0)
    assert watcher.stops.get(timeout=PATIENCE) == (
        "diverged",
        "training failed (ZeroDivisionError). Reset starts again",
    )
    watcher.trainer.lanes = stage_of().lanes
    watcher.trainer.play(0)
    watcher.until(5)


def test_changes_wait_for_a_slice_at_most(watch):
    watcher = watch(hidden=[32, 32])
    watcher.trainer.play(0)
    watcher.until(20)
    for _ in range(30):
        slices = len(watcher.parts)
        with watcher.trainer.held():
            assert len(watcher.parts) - slices <= 2  # one that had just ended, and the one under way
            before = watcher.epochs
            watcher.trainer.lanes[0].fit.theta[0] += 0.001
            assert watcher.epochs == before
    assert watcher.trainer.is_running


def test_nothing_to_train_and_the_end():
    trainer = Trainer(lambda: None, lambda *_: None)
    trainer.play(0)
    assert not trainer.is_running
    trainer.step()
    trainer.close()
    trainer.lanes = stage_of().lanes
    trainer.play(0)
    assert trainer._thread not in threading.enumerate()
