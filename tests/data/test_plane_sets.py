"""The playground's data sets, and what a network may be given of their points."""

import io

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline

import nonlin
from nonlin.data import PLANE_SETS, plane_preprocessor, plane_set, read_bytes
from nonlin.data._plane_inputs import PLANE_INPUTS, PlaneInputs
from nonlin.errors import InputError, TableError
from nonlin.estimators import save


@pytest.mark.parametrize("name", PLANE_SETS)
def test_every_set(name):
    X, y = plane_set(name, rows=200, noise=0.0, seed=4)
    assert list(X) == ["x1", "x2"]
    assert X.shape == (200, 2)
    assert X.abs().max().max() < 6.0
    assert X.equals(plane_set(name, rows=200, noise=0.0, seed=4)[0])
    assert not X.equals(plane_set(name, rows=200, noise=0.0, seed=5)[0])
    if PLANE_SETS[name].task == "classification":
        assert set(y) == {0, 1}
        assert 0.4 < y.mean() < 0.6
    else:
        assert 0.5 < np.abs(y).max() <= 1.02


def test_which_sets_a_line_can_do():
    scores = {
        name: (LogisticRegression() if found.task == "classification" else LinearRegression())
        .fit(*plane_set(name, noise=0.0)).score(*plane_set(name, noise=0.0, seed=1))
        for name, found in PLANE_SETS.items()
    }  # fmt: skip
    assert {name for name, score in scores.items() if score > 0.99} == {"gauss", "plane"}
    assert max(scores[name] for name in ("circle", "xor", "spiral", "hills")) < 0.7


def test_noise_moves_the_points_by_its_scale():
    calm, wild = plane_set("gauss", 5000, 0.0, 1)[0], plane_set("gauss", 5000, 0.4, 1)[0]
    assert (wild - calm).std().to_numpy() == pytest.approx([1.0, 1.0], rel=0.03)


def test_refusals():
    with pytest.raises(InputError) as caught:
        plane_set("spirall")
    assert str(caught.value) == (
        "unknown data set 'spirall'; did you mean 'spiral'? "
        "the sets are moons, circle, xor, gauss, spiral, plane, hills"
    )
    with pytest.raises(InputError, match="noise must be between 0 and 1, got 2"):
        plane_set("xor", noise=2)
    with pytest.raises(InputError, match="rows must be at least 2, got 1"):
        plane_set("xor", rows=1)
    with pytest.raises(InputError, match="names must be some of x1, x2"):
        PlaneInputs(["x3"]).fit([[1.0, 2.0]])
    with pytest.raises(InputError, match="X must have the two columns of a plane, got 3"):
        PlaneInputs(["x1"]).fit([[1.0, 2.0, 3.0]])


def test_inputs_are_their_formulas():
    got = PlaneInputs(list(PLANE_INPUTS)).fit_transform(pd.DataFrame({"x1": [2.0], "x2": [-3.0]}))
    np.testing.assert_allclose(got[0], [2, -3, 4, 9, -6, np.sin(2), np.sin(-3)], rtol=1e-6)


def test_a_model_of_the_plane_is_saved_and_loaded(tmp_path):
    X, y = plane_set("circle", 100)
    model = make_pipeline(plane_preprocessor(["x1²", "x2²"]), nonlin.MLPClassifier((4,), random_state=0)).fit(X, y)
    save(model, tmp_path / "m.skops")
    np.testing.assert_array_equal(nonlin.load(tmp_path / "m.skops").predict_proba(X), model.predict_proba(X))


def test_tables_from_memory():
    assert read_bytes(b"a;b\n1,5;x\n2,5;y\n", "prices.csv")["a"].sum() == 4.0
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    assert read_bytes(buffer.getvalue(), "t").equals(frame)
    with pytest.raises(TableError) as caught:
        read_bytes(b"", "nothing.csv")
    assert str(caught.value) == (
        "source must hold a table, got the empty file 'nothing.csv'; give it a header line and rows"
    )
    with pytest.raises(TableError, match=r"got damaged bytes in 'x.parquet'; export it again"):
        read_bytes(b"PAR1 and then nothing", "x.parquet")
