"""What each command prints and writes."""

import numpy as np
import pandas as pd

import nonlin as nl


def test_study_prints_the_leaderboard_the_gap_and_the_verdict_and_writes_the_page(nonlin, here):
    code, out, err = nonlin("study", "--activations", "tanh", "--budget", "quick", "--seed", "1")
    assert (code, err) == (0, "")
    text = " ".join(out.split())
    assert text.startswith("moons: 1,000 rows, 2 columns, target 'y' (2 classes)")
    for part in ("logistic regression", "network, sigmoid", "The linear gap: +0.", "Non-linearity pays on this table"):
        assert part in text
    assert "study.html" in text
    page = (here / "study.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "nonlin study --activations tanh --budget quick --seed 1" in page


def test_fit_and_predict_round_trip(nonlin, here):
    code, out, _ = nonlin("fit", "iris", "--out", "iris.skops", "--activation", "tanh,relu", "--hidden", "20,10")
    assert code == 0
    assert "saved in iris.skops" in out
    code, out, _ = nonlin("predict", "iris.skops", "iris", "--out", "p.csv")
    assert (code, out) == (0, "150 predictions in p.csv\n")
    predictions = pd.read_csv(here / "p.csv")
    truth = nl.study.__globals__["load"]("iris").y
    assert (predictions["prediction"].astype(str) == truth.astype(str)).mean() > 0.9
    np.testing.assert_allclose(predictions.filter(like="P(").sum(axis=1), 1, atol=1e-5)


def test_regression_predictions_are_on_the_scale_of_the_target(nonlin, here):
    assert nonlin("fit", "diabetes", "--out", "d.skops")[0] == 0
    assert nonlin("predict", "d.skops", "diabetes", "--out", "p.csv")[0] == 0
    truth = nl.study.__globals__["load"]("diabetes").y
    predictions = pd.read_csv(here / "p.csv")["prediction"]
    assert abs(predictions.mean() - truth.mean()) < 0.3 * truth.std()
    assert np.corrcoef(predictions, truth)[0, 1] > 0.6


def test_a_cell_that_is_neither_true_nor_false_changes_the_prediction_of_its_own_row_alone(nonlin, here):
    table = pd.DataFrame({"flag": [i % 3 > 0 for i in range(30)], "height": np.arange(30) % 4, "y": [0, 1] * 15})
    table.to_csv("t.csv", index=False)
    table.assign(flag=table["flag"].astype(str).where(table.index != 6, "maybe")).to_csv("odd.csv", index=False)
    assert nonlin("fit", "t.csv", "--target", "y", "--out", "m.skops", "--hidden", "5")[0] == 0
    for name in ("t", "odd"):
        assert nonlin("predict", "m.skops", f"{name}.csv", "--out", f"{name}.out.csv")[0] == 0
    changed = (pd.read_csv("t.out.csv") != pd.read_csv("odd.out.csv")).any(axis=1)
    assert changed[changed].index.tolist() == [6]


def test_predict_names_the_column_that_is_missing(nonlin, here):
    pd.DataFrame({"width": range(30), "height": np.arange(30) % 4, "y": [0, 1] * 15}).to_csv("t.csv", index=False)
    assert nonlin("fit", "t.csv", "--target", "y", "--out", "m.skops")[0] == 0
    pd.DataFrame({"width": [1.0], "heigth": [2.0]}).to_csv("new.csv", index=False)
    code, _, err = nonlin("predict", "m.skops", "new.csv")
    assert code == 2
    assert err == (
        "nonlin: the table has no column 'height', on which the model was fitted; did you mean 'heigth'? It needs 2: "
        "width, height\n"
    )
    assert not (here / "predictions.csv").exists()


def test_predict_refuses_what_is_no_model(nonlin, here):
    (here / "m.skops").write_bytes(b"not a model")
    code, _, err = nonlin("predict", "m.skops", "iris")
    assert code == 2
    assert err.count("\n") == 1
    assert not (here / "predictions.csv").exists()


def test_list_names_the_whole_catalogue(nonlin):
    code, out, _ = nonlin("list")
    assert code == 0
    assert all(name in out for name in nl.names())


def test_help_and_version(nonlin):
    assert nonlin("--version")[1] == f"nonlin {nl.__version__}\n"
    for words in ([], ["--help"], ["study", "--help"]):
        code, out, _ = nonlin(*words)
        assert code == 0
        assert "Usage:" in out
