"""Numbers pass the encoder as they are, other columns are encoded, and nothing changes its place."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from skrub import TableVectorizer

from nonlin.data import preprocessor
from nonlin.data._columns import LARGEST, settle
from nonlin.data._encoder import Encoder
from nonlin.estimators import load, save


def mixed(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "colour": rng.choice(["red", "green", "blue"], n),
            "size": rng.normal(size=n),
            "day": pd.date_range("2020-01-01", periods=n),
            "count": rng.integers(-(2**62), 2**62, n),
            "kind": pd.Categorical(rng.choice(["a", "b"], n)),
            "flag": rng.uniform(size=n) < 0.5,
            "single": rng.normal(size=n).astype(np.float32),
        }
    )


@pytest.mark.parametrize("columns", [[0, 1, 2, 3, 4, 5, 6], [1, 3, 5, 6], [0, 2, 4], [6, 4, 1]])
def test_the_figures_are_those_of_a_table_vectorizer(columns):
    X = mixed().iloc[:, columns]
    train, test = X.iloc[:40], X.iloc[40:]
    encoder, expected = Encoder(TableVectorizer()), TableVectorizer()
    np.testing.assert_array_equal(encoder.fit_transform(train), expected.fit_transform(train).to_numpy(np.float32))
    np.testing.assert_array_equal(encoder.transform(test), expected.transform(test).to_numpy(np.float32))
    assert encoder.get_feature_names_out().tolist() == expected.get_feature_names_out().tolist()


def test_rows_that_are_alike_are_encoded_once_and_to_the_same_figures(monkeypatch):
    rng = np.random.default_rng(1)
    words = np.array(["red", "green", None, "long text of many words", "grün", "nan"], dtype=object)
    train, test = (
        pd.DataFrame({
            "colour": rng.choice(words[:4], n), "text": [f"{rng.choice(words)} {k % 50}" for k in range(n)],
            "day": pd.Series(pd.date_range("2020-01-01", periods=5)).where(lambda day: day.dt.day != 3).iloc[np.arange(n) % 5],
            "flag": rng.choice([True, None, False], n),
        })
        for n in (200, 300)
    )  # fmt: skip
    test["colour"] = rng.choice(words, len(test))  # some that training has not seen
    encoder = preprocessor().named_steps["encode"].fit(train)
    expected, seen = encoder.others_.transform(test).to_numpy(np.float32), []
    transform = encoder.others_.transform
    monkeypatch.setattr(encoder.others_, "transform", lambda X: [seen.append(len(X)), transform(X)][1])
    np.testing.assert_array_equal(encoder.transform(test), expected)
    np.testing.assert_array_equal(
        encoder.transform(test.iloc[np.zeros(1000, dtype=int)]), expected[:1].repeat(1000, axis=0)
    )
    assert seen == [len(test.drop_duplicates()), 1]


def test_a_column_may_be_called_as_an_output_is():
    X = pd.DataFrame({"colour": ["red", "blue", "green"] * 4, "colour_red": np.arange(12)})
    encoder = Encoder(TableVectorizer()).fit(X)
    assert encoder.names_ == ["colour_blue", "colour_green", "colour_red", "colour_red"]
    np.testing.assert_array_equal(encoder.transform(X)[:, 2:], np.column_stack([[1, 0, 0] * 4, np.arange(12)]))


def test_columns_may_be_numbered():
    X = mixed().set_axis(range(7), axis=1)
    assert Encoder(TableVectorizer()).fit(X).names_[3] == "1"


def test_what_is_no_number_in_a_column_of_numbers_is_missing():
    fitted = Encoder(TableVectorizer()).fit(pd.DataFrame({"x": [1.0, 2.0]}))
    batch = pd.DataFrame({"x": ["3", "three", None]})
    np.testing.assert_array_equal(fitted.transform(batch), np.array([[3], [np.nan], [np.nan]], dtype=np.float32))


@pytest.mark.parametrize("cells", [["True", "FALSE", "maybe", "2.5", None], [True, False, "maybe", 2.5, None]])
def test_booleans_beside_another_cell_are_the_numbers_that_they_are_alone(cells):
    pipeline = preprocessor().fit(pd.DataFrame({"x": [True, False, True, True]}))
    whole = pipeline.transform(pd.DataFrame({"x": cells}))
    parts = [pipeline.transform(pd.DataFrame({"x": cells[i : i + 1]})) for i in range(5)]
    np.testing.assert_array_equal(whole, np.vstack(parts))
    expected = np.array([1, 0, 0.75, 2.5, 0.75])  # a cell that is missing takes the mean
    np.testing.assert_allclose(whole[:, 0], (expected - 0.75) / 0.1875**0.5, rtol=1e-6)


def test_dates_in_a_column_of_numbers_are_missing():
    fitted = Encoder(TableVectorizer()).fit(pd.DataFrame({"x": [1.0, 2.0]}))
    assert np.isnan(fitted.transform(settle(pd.DataFrame({"x": pd.date_range("2020-01-01", periods=2)})))).all()


@pytest.mark.parametrize("columns", [["size"], ["count", "size"], ["size", "count", "kind"]])
def test_other_columns_than_in_training_are_refused(columns):
    fitted = preprocessor().fit(mixed()[["size", "count"]])
    with pytest.raises(ValueError, match=r"^The feature names should match those that were passed during fit\.\n"):
        fitted.transform(mixed()[columns])


def test_an_encoder_that_is_not_fitted_says_so():
    with pytest.raises(NotFittedError, match=r"^This Encoder instance is not fitted yet\."):
        Encoder(TableVectorizer()).transform(mixed())


def test_the_preprocessor_can_be_copied_pickled_and_saved(tmp_path):
    fitted = preprocessor().fit(mixed())
    expected = fitted.transform(mixed())
    save(fitted, tmp_path / "model.skops")
    for copy in (clone(fitted).fit(mixed()), pickle.loads(pickle.dumps(fitted)), load(tmp_path / "model.skops")):
        np.testing.assert_array_equal(copy.transform(mixed()), expected)


def test_numbers_in_range_are_settled_already():
    X = pd.DataFrame({"a": [1.5, np.nan], "b": [2**62, -1], "c": [True, False]})
    pd.testing.assert_frame_equal(settle(X), X)


@pytest.mark.parametrize("value", [np.inf, -np.inf, 2 * LARGEST])
def test_numbers_out_of_range_are_missing(value):
    X = pd.DataFrame({"a": [1.5, value], "b": [2, 3]})
    pd.testing.assert_frame_equal(settle(X), pd.DataFrame({"a": [1.5, np.nan], "b": [2, 3]}))
