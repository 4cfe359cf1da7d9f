"""From settings to an estimator, and the snapshot of its weights."""

import math

import numpy as np
import pytest

from nonlin import MLPClassifier, MLPRegressor
from nonlin.web.lane import activations_of, lanes_of, parameters, shown_units
from nonlin.web.settings import defaults, merged
from web.page import stage_of, trained


def params(**values):
    stage = stage_of(**values)
    return parameters(stage.settings, stage.scene, activations_of(stage.settings)[0])


def test_the_defaults():
    found = params()
    assert [a.name for a in found.pop("activation")] == ["tanh", "tanh"]
    assert found == {
        "hidden_layer_sizes": (8, 4), "loss": "log_loss", "solver": "adam", "alpha": 0.0, "l1_ratio": 0.0, "batch_size": 10,
        "learning_rate_init": "auto", "momentum": 0.0, "dropout": 0.0, "init": "auto", "random_state": 0, "tol": 0.0,
        "n_iter_no_change": math.inf,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("penalty", "found"), [("none", (0.0, 0.0)), ("l1", (0.3, 1.0)), ("l2", (0.3, 0.0)), ("both", (0.3, 0.5))]
)
def test_penalties(penalty, found):
    given = params(penalty=penalty, alpha=0.3)
    assert (given["alpha"], given["l1_ratio"]) == found


def test_early_stopping_watches_the_held_out_loss():
    given = params(patience=7)
    assert [given[key] for key in ("early_stopping", "scoring", "n_iter_no_change")] == [True, "loss", 7]


def test_the_task_chooses_estimator_and_loss():
    classes, numbers = (
        stage_of(data=data, loss="focal", loss_of_numbers="huber").lanes[0].fit.model for data in ("moons", "hills")
    )
    assert (type(classes), classes.loss) == (MLPClassifier, "focal")
    assert (type(numbers), numbers.loss) == (MLPRegressor, "huber")


def test_a_snapshot_stays_as_it_was():
    lane = stage_of().lanes[0]
    shot, before = lane.snapshot, lane.snapshot.theta.copy()
    lane.fit.run(3)
    np.testing.assert_array_equal(lane.snapshot.theta, before)
    lane.publish()
    assert (shot.epoch, lane.snapshot.epoch) == (0, 3)
    np.testing.assert_array_equal(shot.theta, before)
    np.testing.assert_array_equal(lane.snapshot.theta, lane.fit.theta)


def test_both_networks_start_from_the_same_seed_on_the_same_rows():
    stage = trained(stage_of(rival="tanh"), 5)
    first, second = stage.lanes
    np.testing.assert_array_equal(first.fit.theta, second.fit.theta)


def test_without_rows_there_are_none():
    stage = stage_of(data="drawn")
    assert lanes_of(stage.settings, stage.scene) == ()


def test_of_a_wide_layer_eight_units_are_drawn():
    assert shown_units((2, 300, 3, 1), []) == [list(range(8)), [0, 1, 2]]
    assert shown_units((2, 300, 3, 1), [16, 2, 5]) == [list(range(16, 24)), [0, 1, 2]]
    assert shown_units((2, 300, 12, 1), [1023, 3]) == [list(range(292, 300)), list(range(3, 11))]
    assert shown_units((2, 1), [7]) == []


def test_a_spec_with_parameters_is_one_for_each_layer():
    own, rival = activations_of(merged(defaults(), {"activations": ["elu;alpha=2", "z*z"], "rival": "silu"}))
    assert [a.params for a in own] == [{"alpha": 2.0}, {}]
    assert [a.name for a in rival] == ["silu", "silu"]
