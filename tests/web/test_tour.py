"""What the tour says is true of what it shows."""

import numpy as np
import pytest

from nonlin import catalogue
from nonlin.errors import InputError
from nonlin.web.settings import checked, defaults
from nonlin.web.stage import changed
from nonlin.web.tour import STEPS
from web.page import stage_of, trained


def stage(number):
    return stage_of(**checked(STEPS[number - 1].settings))


def measures(lane):
    return lane.fit.measure(lane.fit.theta)


def test_the_steps():
    assert [step.title for step in STEPS] == [
        "Net input", "Activation: the sigmoid", "The unit step", "Where lines fail", "A hidden layer bends", "The cheat sheet"
    ]  # fmt: skip
    for step in STEPS:
        assert checked(step.settings) == step.settings
        assert set(step.shown()) == {"title", "words", "look", "settings", "view"}
        assert step.look
        assert 2 <= len(step.words) <= 3


def test_a_step_sets_the_page_up_whatever_was_there():
    elsewhere = {"data": "iris", "hidden": [3], "rival": "relu", "loss": "hinge", "loss_of_numbers": "huber", "noise": 44,
                 "solver": "sgd", "dropout": 0.5, "axes": ["petal width (cm)", "petal length (cm)"], "seed": 4}  # fmt: skip
    for number, step in enumerate(STEPS, 1):
        after = changed(stage_of(**elsewhere), checked(step.settings))
        fresh = stage(number)
        kept = {"loss", "loss_of_numbers", "momentum", "alpha"} - set(step.settings)
        assert {k: v for k, v in after.settings.items() if k not in kept} == {
            k: v for k, v in fresh.settings.items() if k not in kept
        }
        assert after.lanes[0].fit.epochs == 0
        assert fresh.settings == {**defaults(), **step.settings}


@pytest.mark.parametrize("number", range(1, 7))
def test_each_trains(number):
    for lane in trained(stage(number), 3).lanes:
        assert np.isfinite(measures(lane)[0].loss)


def test_1_the_net_input_is_a_tilted_plane_that_turns_into_place():
    found = stage(1)
    assert measures(found.lanes[0])[1].score < 0.5
    trained(found, 60)
    assert measures(found.lanes[0])[1].score > 0.95
    W, b = found.lanes[0].fit.fitted().coefs_[0], found.lanes[0].fit.fitted().intercepts_[0]
    assert W[0, 0] == pytest.approx(W[1, 0], rel=0.2)
    assert abs(b[0]) < 0.1


def test_2_and_3_one_line_parts_the_clouds():
    for number in (2, 3):
        found = trained(stage(number), 200)
        assert measures(found.lanes[0])[1].score > 0.95
        early = trained(stage(number), 10)
        norms = [np.abs(s.lanes[0].fit.fitted().coefs_[0]).sum() for s in (early, found)]
        assert norms[1] > 1.5 * norms[0]  # the band narrows


def test_4_lines_leave_one_point_in_nine_on_the_wrong_side():
    found = stage(4)
    lane, losses = found.lanes[0], []
    for _ in range(60):
        trained(found, 10)
        both = measures(lane)
        assert max(part.score for part in both) < 0.9
        losses.append(both[0].loss)
    wrong = 1 - np.mean([part.score for part in measures(lane)])
    assert round(1 / wrong) == 9
    assert losses[9] - losses[-1] < 0.001


def test_5_the_bend_comes_from_the_activation_and_from_nothing_else():
    found = trained(stage(5), 150)
    sigmoid, identity = found.lanes
    assert measures(sigmoid)[1].score > 0.95
    assert measures(identity)[1].score < 0.91
    assert measures(sigmoid)[0].loss < 0.1 < 0.2 < measures(identity)[0].loss
    assert sigmoid.fit.network.size == identity.fit.network.size == 801
    line = identity.fit.fitted().collapse()
    np.testing.assert_allclose(
        (found.scene.X @ line.W + line.b).ravel(),
        identity.fit.fitted().net_input(found.scene.X).ravel(), atol=1e-4,
    )  # fmt: skip
    with pytest.raises(InputError):
        sigmoid.fit.fitted().collapse()


def test_6_it_overfits():
    found = stage(6)
    assert (~found.rows.held).sum() == 60
    early, late = [measures(trained(found, epochs).lanes[0]) for epochs in (60, 740)]
    assert late[0].loss < early[0].loss / 10
    assert late[1].loss > early[1].loss * 1.5


@pytest.mark.parametrize("name", ["unit_step", "sign"])
def test_6_steps_cannot_learn(name):
    assert name in catalogue.CLASSIC
    found = stage_of(**checked({**STEPS[5].settings, "activations": [name, name]}))
    before = found.lanes[0].fit.fitted()
    after = trained(found, 20).lanes[0].fit.fitted()
    np.testing.assert_array_equal(before.coefs_[0], after.coefs_[0])
    np.testing.assert_array_equal(before.coefs_[1], after.coefs_[1])
    assert not np.array_equal(before.coefs_[2], after.coefs_[2])
