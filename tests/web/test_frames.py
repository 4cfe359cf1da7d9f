"""One frame: the measures, the panels that were asked for, and the curve."""

import numpy as np
import pytest

from nonlin.errors import InputError
from nonlin.web import pictures
from nonlin.web.exports import pipeline_of
from nonlin.web.frames import Painter, View, view_from
from nonlin.web.stage import changed, restarted
from web.page import stage_of, trained


def frame(painter, stage, view=None, *, running=False):
    return painter.frame(stage, view or View(), running=running, rate=12.5)


@pytest.mark.parametrize(
    ("given", "view"),
    [
        ({}, View()), ({"focus": None, "layer": 2, "pair": None, "panels": []}, View(None, 2)),
        ({"focus": [1, 0, 3], "panels": ["spread"]}, View((1, 0, 3), 0, (0, 1), ("spread",))),
        ({"focus": ["input", 4], "pair": [3, 0]}, View(("input", 4), 0, (3, 0))),
    ],
)  # fmt: skip
def test_views(given, view):
    assert view_from(given) == view
    hash(view)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (3, "view must be an object, got 3"),
        ({"focus": 1}, 'view must be a focus of [net, layer, unit], ["input", i] or null, got 1'),
        ({"focus": ["input"]}, "view must be a focus of [net, layer, unit], [\"input\", i] or null, got ['input']"),
        ({"focus": [0, 0, 0.5]}, "view must be made of whole numbers from 0 on, got [0, 0, 1, 0, 0, 0.5]"),
        ({"focus": ["input", "x"]}, "view must be made of whole numbers from 0 on, got [0, 0, 1, 'x']"),
        ({"layer": True}, "view must be made of whole numbers from 0 on, got [True, 0, 1]"),
        ({"layer": 10_000}, "view must be made of whole numbers from 0 on, got [10000, 0, 1]"),
        ({"pair": "ab"}, "view must be made of whole numbers from 0 on, got [None]"),
        ({"pair": [0] * 9}, "view must be made of whole numbers from 0 on, got [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]"),
        ({"panels": "hidden"}, "view must be with panels of hidden, spread, got 'hidden'"),
        ({"panels": [["hidden"]]}, "view must be with panels of hidden, spread, got [['hidden']]"),
    ],
)
def test_views_that_are_none(given, words):
    with pytest.raises(InputError) as caught:
        view_from(given)
    assert str(caught.value) == words


def test_measures_are_those_of_the_exported_model():
    stage = trained(stage_of(data="iris"), 20)
    header, _ = frame(Painter(), stage)
    (net,) = header["nets"]
    model, rows = pipeline_of(stage, stage.lanes[0]), stage.rows
    held = model.predict(rows.X[rows.held])
    assert net["held_score"] == pytest.approx((held == rows.y[rows.held]).mean())
    assert net["train_score"] == pytest.approx(model.score(rows.X[~rows.held], rows.y[~rows.held]))
    assert net["confusion"] == [
        [int(((rows.y[rows.held] == a) & (held == b)).sum()) for b in rows.classes] for a in rows.classes
    ]
    shares = model.predict_proba(rows.X[rows.held])
    truth = np.searchsorted(rows.classes, rows.y[rows.held])
    assert net["held_loss"] == pytest.approx(-np.log(shares[np.arange(len(truth)), truth]).mean(), rel=1e-4)
    assert (header["epoch"], header["rate"], header["running"], net["score_name"]) == (20, 12.5, False, "accuracy")
    numbers, _ = frame(Painter(), stage_of(data="plane"))
    assert (numbers["nets"][0]["score_name"], numbers["nets"][0]["confusion"]) == ("R²", None)


def test_the_curve_goes_on_with_the_weights_and_begins_anew_without():
    stage, painter = stage_of(), Painter()
    assert frame(painter, stage)[0]["curve_from"] == 0
    header, arrays = frame(painter, trained(stage, 2))
    assert (header["curve_from"], arrays["curve"][:, 0].tolist()) == (None, [2])
    goes_on = trained(changed(stage, {"learning_rate": 0.1}), 1)
    header, arrays = frame(painter, goes_on)
    assert (header["curve_from"], arrays["curve"][:, 0].tolist()) == (None, [3])
    anew = trained(restarted(goes_on), 9)  # further than before
    header, arrays = frame(painter, anew)
    assert (header["curve_from"], arrays["curve"][:, 0].tolist()) == (0, [9])
    two = changed(anew, {"rival": "relu"})
    header, arrays = frame(painter, two)
    assert (header["curve_from"], arrays["curve"].shape) == (0, (1, 5))
    header, arrays = frame(painter, changed(two, {"data": "drawn"}))
    assert arrays["curve"].shape == (0, 3)


def test_histograms_are_new_whenever_training_rests(monkeypatch):
    stage, painter, taken = stage_of(), Painter(), []
    spread = pictures.spread
    monkeypatch.setattr(pictures, "spread", lambda shot: taken.append(shot.epoch) or spread(shot))
    view = View(panels=("spread",))
    frame(painter, stage, view)
    first = frame(painter, trained(stage, 1), view)[1]["spread0"]
    assert taken == [0, 1]
    for _ in range(5):
        again = frame(painter, trained(stage, 1), view, running=True)[1]["spread0"]
    assert len(taken) < 7
    assert first.shape == again.shape == (2, 2, 40)


def test_losses_are_measured_at_rest_whatever_it_takes():
    stage, painter = stage_of(), Painter()
    painter._measure_at = 1e18
    header, arrays = frame(painter, trained(stage, 4))
    assert arrays["curve"][-1, 0] == 4
    fit = stage.lanes[0].fit
    assert header["nets"][0]["train_loss"] == fit.measure(fit.theta)[0].loss


def test_a_focus_and_panels_of_what_is_not_there_are_left_out():
    stage = stage_of(hidden=[3])
    for view in (
        View((1, 0, 0)),
        View((0, 1, 0)),
        View((0, 0, 3)),
        View(("input", 2)),
        View(None, 1, (0, 1), ("hidden",)),
    ):
        assert set(frame(Painter(), stage, view)[1]) == {"surface0", "units0", "weights0", "curve"}
    nothing = stage_of(hidden=[], activations=[])
    header, arrays = frame(Painter(), nothing, View((0, 0, 0), 0, (0, 1), ("hidden", "spread")))
    assert (arrays["units0"].shape, arrays["spread0"].shape, header["nets"][0]["layers"]) == (
        (0, 32, 32),
        (0, 2, 40),
        [],
    )


def test_frames_are_numbered():
    painter, stage = Painter(), stage_of()
    assert [frame(painter, stage)[0]["frame"] for _ in range(3)] == [1, 2, 3]
