"""The script that a page gives away trains the network of the page, to the same bits."""

import runpy
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

from nonlin.web.code import code
from nonlin.web.exports import export
from nonlin.web.sources import Sources, drawn_from, nothing_drawn
from nonlin.web.stage import changed
from web.page import messy, stage_of, table_of, trained

PURE = '"""It trains the network of the page from its first weights, to the same bits."""'


def script(stage, folder, monkeypatch, net=0):
    """Run the script of a network from a file, in a folder of its own; its names."""
    (folder / "page.py").write_bytes(export(stage, "code", net).data)
    monkeypatch.chdir(folder)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="the maximum of|Got `batch_size`")
        return runpy.run_path("page.py")


def assert_same_bits(stage, names, net=0):
    found, fit = names["model"], stage.lanes[net].fit
    got = np.concatenate([np.ravel(p) for pair in zip(found.coefs_, found.intercepts_, strict=True) for p in pair])
    np.testing.assert_array_equal(got, fit.theta)
    assert found.n_iter_ == fit.epochs


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"solver": "sgd", "momentum": 0.5, "learning_rate": 0.03, "penalty": "l1", "alpha": 0.01,
         "activations": ["z*sigmoid(beta*z);beta=1.5", "elu;alpha=2"], "inputs": ["x1", "x2", "x1·x2"]},
        {"data": "diabetes", "penalty": "both", "dropout": 0.2},
        {"data": "diabetes", "loss_of_numbers": "poisson", "hidden": [3]},
        {"data": "iris", "loss": "hinge", "inputs": ["petal length (cm)", "petal width (cm)"], "batch": 1000},
        {"data": "plane", "hidden": [], "loss_of_numbers": "huber"},
        {"noise": 40, "rows": 123, "share": 70, "data_seed": 5, "seed": 9, "init": "he", "hidden": [200]},
        {"learning_rate": "auto", "solver": "sgd", "hidden": [64, 64], "activations": ["z*z", "z*z"], "batch": 500},
    ],
)  # fmt: skip
def test_the_weights_are_those_of_the_page_bit_for_bit(settings, tmp_path, monkeypatch, capsys):
    stage = trained(stage_of(**settings), 12)
    assert code(stage, 0).startswith(PURE)
    assert_same_bits(stage, script(stage, tmp_path, monkeypatch), 0)
    measured = [m.score for m in stage.lanes[0].fit.measure(stage.lanes[0].fit.theta)]
    what = "accuracy" if stage.rows.task == "classification" else "R²"
    assert capsys.readouterr().out == f"{what}: {measured[0]:.4f} trained on, {measured[1]:.4f} held out\n"


def test_of_two_networks_each(tmp_path, monkeypatch):
    stage = trained(stage_of(rival="z*tanh(z)"), 7)
    assert_same_bits(stage, script(stage, tmp_path, monkeypatch, 1), 1)


def test_early_stopping_is_in_the_script_once_it_has_stopped(tmp_path, monkeypatch):
    stage = trained(stage_of(patience=5, rows=100, batch=20, learning_rate=0.1), 4)
    lane = stage.lanes[0]
    assert not lane.fit.has_stopped_early
    assert "early_stopping" not in code(stage, 0)
    assert_same_bits(stage, script(stage, tmp_path, monkeypatch))
    while not lane.fit.has_stopped_early:
        lane.fit.run(10)
    lane.fit.restore_best()
    assert "early_stopping=True" in code(stage, 0)
    assert_same_bits(stage, script(stage, tmp_path, monkeypatch))


def test_drawn_points_lie_beside_the_script(tmp_path, monkeypatch):
    rows = stage_of(rows=60).rows
    places = np.random.default_rng(1).normal(size=(9, 2))
    sources = Sources(drawn=drawn_from(rows, 0.5).with_points(places, 2.0))
    stage = trained(stage_of(sources, data="drawn", share=60), 10)
    (tmp_path / "drawn.csv").write_bytes(export(stage, "points", 0).data)
    names = script(stage, tmp_path, monkeypatch)
    assert_same_bits(stage, names)
    assert names["model"].classes_.tolist() == [0, 1, 2]


def test_drawn_numbers_too(tmp_path, monkeypatch):
    drawn = nothing_drawn("regression")
    for value, place in zip((0.25, -1 / 3, 0.1, 0.7), np.eye(4)[:, :2] * np.pi, strict=True):
        drawn = drawn.with_points(place[None], value)
    stage = trained(stage_of(Sources(drawn=drawn), data="drawn"), 5)
    (tmp_path / "drawn.csv").write_bytes(export(stage, "points", 0).data)
    assert_same_bits(stage, script(stage, tmp_path, monkeypatch))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_table_of_ones_own_lies_beside_the_script(kind, tmp_path, monkeypatch):
    frame = messy()
    getattr(frame, f"to_{kind}")(tmp_path / f"moons.{kind}", index=False)
    stage = trained(table_of(frame, name=f"moons.{kind}"), 6)
    assert f"load('moons.{kind}', target='y', task='classification')" in code(stage, 0)
    assert_same_bits(stage, script(stage, tmp_path, monkeypatch))


@pytest.mark.parametrize("table", ["numbers", "nonlin"])
def test_a_script_hides_no_module_that_is_called_like_its_table(table, tmp_path):
    frame = pd.DataFrame({"a": np.arange(40.0), "b": np.sin(np.arange(40.0)), "y": [0, 1] * 20})
    frame.to_csv(tmp_path / f"{table}.csv", index=False)
    file = export(table_of(frame, name=f"{table}.csv", hidden=[2]), "code", 0)
    assert file.name == f"train_{table}.py"
    (tmp_path / file.name).write_bytes(file.data)
    ran = subprocess.run([sys.executable, file.name], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stdout.startswith("accuracy: "), ran.stderr


def test_a_table_that_came_with_nonlin_is_told_from_one_of_its_name():
    from nonlin.data import load

    assert "load('iris')" in code(stage_of(Sources(load("iris")), data="table"), 0)
    mine = pd.DataFrame({"a": range(20), "b": [0.5, 1.0] * 10, "y": [0, 1] * 10})
    assert "load('iris.csv', target='y', task='classification')" in code(table_of(mine, name="iris.csv"), 0)


def test_a_table_of_x1_and_x2_is_a_table():
    frame = pd.DataFrame({"x1": np.linspace(900, 1000, 40), "x2": np.sin(np.arange(40.0)), "y": [0, 1] * 20})
    stage = table_of(frame, name="drawn.csv")
    assert not stage.rows.is_plane
    assert "load('drawn.csv'" in code(stage, 0)
    assert stage.scene.window[0] == pytest.approx(893)


def test_a_change_while_it_trained_is_said():
    stage = changed(trained(stage_of(), 3), {"learning_rate": 0.1})
    assert code(trained(stage, 2), 0).startswith('"""On the page something was changed while it trained')


def test_a_change_before_it_trained_is_no_matter(tmp_path, monkeypatch):
    stage = trained(changed(stage_of(), {"activations": ["relu", "sin"], "batch": 32}), 5)
    assert code(stage, 0).startswith(PURE)
    assert_same_bits(stage, script(stage, tmp_path, monkeypatch))


def test_before_the_first_epoch_it_says_so():
    assert "has not trained this network yet" in code(stage_of(), 0)


def test_names_that_would_be_code_stay_text(tmp_path, monkeypatch):
    evil = "y'); raise SystemExit(1) #"
    frame = pd.DataFrame({'a"""\n': range(20), "b": [0.5, 1.0] * 10, evil: [0, 1] * 10})
    stage = trained(table_of(frame, evil, "x'+exit()+'.csv"), 2)
    frame.to_csv(tmp_path / "x'+exit()+'.csv", index=False)
    assert_same_bits(stage, script(stage, tmp_path, monkeypatch))


def test_within_an_epoch_it_says_what_it_trains():
    stage = stage_of(rows=200, batch=10)
    fit = stage.lanes[0].fit
    fit.run_batches(3)
    assert code(stage, 0).startswith('"""The page stands within epoch 1; this trains all of it."""')
    fit.run(2)
    fit.run_batches(3)
    assert code(stage, 0).startswith('"""The page stands within epoch 3; this trains those before it."""')
    assert "max_iter=2," in code(stage, 0)
