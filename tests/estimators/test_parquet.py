"""Fits to a Parquet file: the same as in memory, in a seeded order, at constant memory; and what they refuse."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.testing import assert_array_equal

import nonlin as nl
from nonlin.errors import InputError, NonlinError
from nonlin.estimators._parquet_rows import described, opened, window_sizes, windows
from nonlin.nn.trainer import DivergenceError

ROWS, GROUP, WINDOW = 1000, 90, 300  # 12 row groups, the last one shorter, in 4 windows of 250 rows
X = np.random.default_rng(0).normal(size=(ROWS, 3))
WORDS = np.where(X[:, 0] * X[:, 1] > 0, "yes", "no")
FRAME = pd.DataFrame(X, columns=["a", "b", "c"]).assign(word=WORDS, number=X[:, 0] * X[:, 1])
INPUTS = ["a", "b", "c"]
SMALL: dict[str, Any] = {"hidden_layer_sizes": (8,), "random_state": 0}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path, FRAME)


def written(folder: Path, frame: pd.DataFrame) -> Path:
    file = folder / "table.parquet"
    frame.to_parquet(file, row_group_size=GROUP)
    return file


def in_memory(model: Any, target: str, epochs: int, **options: Any) -> list[float]:
    """The same windows by hand; return the loss of each epoch."""
    rng = np.random.RandomState(0)
    for _ in range(epochs):
        groups = rng.permutation(12)
        order = np.concatenate([np.arange(ROWS)[GROUP * g : GROUP * (g + 1)] for g in groups])
        for rows in np.split(order, 4):
            model.partial_fit(X[rows], FRAME[target].to_numpy()[rows], **options)
    return np.reshape(model.loss_curve_, (epochs, 4)).mean(axis=1).tolist()


def same(one: Any, other: Any) -> None:
    for W, V in zip(one.coefs_ + one.intercepts_, other.coefs_ + other.intercepts_, strict=True):
        assert_array_equal(W, V)


def test_a_classifier_is_the_one_in_memory(path: Path) -> None:
    streamed = nl.MLPClassifier(**SMALL).fit_parquet(path, "word", columns=INPUTS, epochs=3, window_rows=WINDOW)
    memory = nl.MLPClassifier(**SMALL)
    losses = in_memory(memory, "word", 3, classes=["no", "yes"])
    same(streamed, memory)
    assert streamed.loss_curve_ == pytest.approx(losses, rel=1e-15)
    assert streamed.classes_.tolist() == ["no", "yes"]
    assert (streamed.n_iter_, streamed.t_, streamed.history_["epoch"]) == (3, 3000, [1, 2, 3])
    assert (streamed.loss_, streamed.best_loss_) == (streamed.loss_curve_[-1], min(streamed.loss_curve_))
    assert streamed.feature_names_in_.tolist() == INPUTS


def test_a_regressor_is_the_one_in_memory(path: Path) -> None:
    streamed = nl.MLPRegressor(**SMALL).fit_parquet(path, "number", columns=INPUTS, epochs=2, window_rows=WINDOW)
    memory = nl.MLPRegressor(**SMALL)
    in_memory(memory, "number", 2)
    same(streamed, memory)
    assert_array_equal(streamed.predict(FRAME[INPUTS]), memory.predict(X))


def test_a_streamed_fit_learns_and_goes_on(path: Path, tmp_path: Path) -> None:
    model = nl.MLPClassifier(**SMALL, warm_start=True)
    first = model.fit_parquet(path, "word", columns=INPUTS, window_rows=WINDOW, epochs=5).loss_curve_
    model.fit_parquet(path, "word", columns=INPUTS, window_rows=WINDOW, epochs=25)
    assert model.score(FRAME[INPUTS], WORDS) > 0.95
    assert model.loss_curve_[:5] == first
    assert (len(model.loss_curve_), model.n_iter_, model.t_) == (30, 25, 30 * ROWS)
    model.save(tmp_path / "model.skops")
    assert_array_equal(nl.load(tmp_path / "model.skops").predict(FRAME[INPUTS]), model.predict(FRAME[INPUTS]))
    with pytest.raises(InputError) as caught:
        model.fit_parquet(path, "word", columns=["c", "b", "a"])
    assert str(caught.value) == (
        "columns must be those of the fit before with warm_start=True, ['a', 'b', 'c'], got ['c', 'b', 'a']"
    )


def test_the_order_hangs_on_the_seed(path: Path) -> None:
    def weights(seed: int, **options: Any) -> Any:
        model = nl.MLPRegressor(hidden_layer_sizes=(4,), random_state=seed, **options)
        return model.fit_parquet(path, "number", columns=INPUTS, window_rows=WINDOW).coefs_[0]

    assert_array_equal(weights(1), weights(1))
    assert (weights(1) != weights(2)).all()
    assert (weights(1) != weights(1, shuffle=False)).all()


def test_windows_hold_every_row_once(path: Path) -> None:
    with opened(path) as file:
        table = described(file, path, "number", INPUTS, classes=False)
        sizes = window_sizes(table, 299)
        parts = [(inputs.copy(), y.copy()) for inputs, y in windows(table, range(12), sizes)]
    assert [len(y) for _, y in parts] == sizes.tolist() == [250, 250, 250, 250]
    assert_array_equal(np.concatenate([inputs for inputs, _ in parts]), X)
    assert_array_equal(np.concatenate([y for _, y in parts]), FRAME["number"])


@pytest.mark.parametrize(("rows", "sizes"), [(1000, [1000]), (None, [1000]), (400, [333, 333, 334]), (1, [1] * 1000)])
def test_windows_are_of_nearly_one_size(path: Path, rows: int | None, sizes: list[int]) -> None:
    with opened(path) as file:
        table = described(file, path, "number", INPUTS, classes=False)
        assert window_sizes(table, rows).tolist() == sizes


def test_a_schedule_spans_all_epochs(path: Path) -> None:
    options = {"columns": INPUTS, "window_rows": WINDOW, "epochs": 4}
    model = nl.MLPRegressor(hidden_layer_sizes=(4,), learning_rate="cosine", learning_rate_init=0.01, random_state=0)
    rates = model.fit_parquet(path, "number", **options).history_["learning_rate"]
    assert rates == pytest.approx(0.005 * (1 + np.cos(np.pi * np.arange(1, 5) / 4)), abs=1e-15)
    warm = nl.MLPRegressor(hidden_layer_sizes=(4,), warmup_epochs=2, learning_rate_init=0.01, random_state=0)
    assert warm.fit_parquet(path, "number", **options).history_["learning_rate"] == [0.005, 0.01, 0.01, 0.01]


def test_callbacks_hear_of_epochs(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[int] = []

    def stop_at_two(record: dict[str, Any]) -> bool:
        heard.append(record["epoch"])
        return record["epoch"] == 2

    model = nl.MLPRegressor(**SMALL, callbacks=[stop_at_two], verbose=True)
    model.fit_parquet(path, "number", columns=INPUTS, window_rows=WINDOW, epochs=9)
    assert heard == [1, 2]
    assert len(model.loss_curve_) == 2
    assert capsys.readouterr().out.splitlines() == [
        f"Iteration {i}, loss = {loss:.8f}" for i, loss in enumerate(model.loss_curve_, start=1)
    ]


@pytest.mark.parametrize(
    ("target", "classes"),
    [
        (WORDS.astype(object), ["no", "yes"]),
        (pd.Categorical(WORDS), ["no", "yes"]),
        (X[:, 0] > 0, [False, True]),
        (np.arange(ROWS) % 3, [0, 1, 2]),
        (np.where(np.arange(ROWS) == ROWS - 1, 7.0, np.arange(ROWS) % 2), [0.0, 1.0, 7.0]),
    ],
)
def test_classes_of_many_types(tmp_path: Path, target: Any, classes: list[Any]) -> None:
    """The last class is in the last row group alone."""
    file = written(tmp_path, FRAME[INPUTS].assign(target=target))
    assert nl.MLPClassifier(**SMALL).fit_parquet(file, "target").classes_.tolist() == classes


def test_numbers_of_many_types(tmp_path: Path) -> None:
    """And the index of a data frame is no input."""
    frame = pd.DataFrame(
        {
            "integer": np.arange(4, dtype=np.uint8),
            "boolean": [True, False, True, True],
            "decimal": [Decimal("0.25")] * 4,
            "target": [1.0, 2.0, 3.0, 4.0],
        },
        index=pd.Index([3, 1, 0, 2], name="number"),
    )
    file = written(tmp_path, frame)
    with opened(file) as source:
        table = described(source, file, "target", None, classes=False)
        [(inputs, _)] = windows(table, [0], window_sizes(table, None))
    assert inputs.tolist() == [[0.0, 1.0, 0.25], [1.0, 0.0, 0.25], [2.0, 1.0, 0.25], [3.0, 1.0, 0.25]]


def test_float32_stays(tmp_path: Path) -> None:
    file = written(tmp_path, FRAME[[*INPUTS, "number"]].astype(np.float32))
    assert nl.MLPRegressor(**SMALL).fit_parquet(file, "number").coefs_[0].dtype == np.float32


def refusal(file: Path, target: str = "word", model: Any = None, **options: Any) -> str:
    with pytest.raises(NonlinError) as caught:
        (model or nl.MLPClassifier(**SMALL)).fit_parquet(file, target, **options)
    return str(caught.value).replace(str(file), "FILE")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "wrd"}, "unknown column 'wrd'; did you mean 'word'? 'FILE' has a, b, c, word, number"),
        ({"columns": ["a", "zeta"]}, "unknown column 'zeta'; 'FILE' has a, b, c, word, number"),
        ({"columns": []}, "columns must be different columns other than the target 'word', at least one, got []"),
        ({"columns": ["word"]}, "columns must be different columns other than the target 'word', at least one, got ['word']"),
        ({"columns": ["a", "a"]}, "columns must be different columns other than the target 'word', at least one, got ['a', 'a']"),
        ({"target": "number"}, "column 'word' must hold numbers, got large_string; turn it into numbers or leave it out of columns"),
        ({"target": "c", "columns": ["a"]}, f"target must hold classes, got the number {X[:GROUP, 2].min()} in 'c'; take a regressor"),
        ({"model": nl.MLPRegressor(), "columns": ["a"]}, "column 'word' must hold numbers, got large_string; choose another target"),
        ({"epochs": 0}, "epochs must be an integer of at least 1, got 0"),
        ({"window_rows": 1.5}, "window_rows must be an integer of at least 1, got 1.5"),
        ({"model": nl.MLPClassifier(solver="lbfgs")}, "fit_parquet needs a solver with epochs, got solver='lbfgs'; take solver='adam'"),
        ({"model": nl.MLPClassifier(early_stopping=True)}, "fit_parquet holds no rows out, got early_stopping=True; set it to False and choose epochs"),
        ({"model": nl.MLPClassifier(learning_rate="adaptive")}, "fit_parquet knows no learning_rate='adaptive', which compares epochs; take 'cosine'"),
        ({"model": nl.MLPClassifier(alpha=-1)}, "alpha must be a number in [0, inf), got -1"),
    ],
)  # fmt: skip
def test_what_is_refused(path: Path, options: dict[str, Any], message: str) -> None:
    assert refusal(path, **options) == message


@pytest.mark.parametrize(("value", "got"), [(np.nan, "a missing one"), (None, "a missing one"), (-np.inf, "-inf")])
@pytest.mark.parametrize("column", ["b", "number"])
def test_values_that_are_not_finite(tmp_path: Path, column: str, value: Any, got: str) -> None:
    frame = FRAME.drop(columns="word")
    frame.loc[ROWS - 1, column] = value
    message = (
        f"column '{column}' must hold finite values, got {got} in row group 11; fill them in or leave such rows out"
    )
    assert refusal(written(tmp_path, frame), "number", nl.MLPRegressor(**SMALL)) == message


def test_a_nan_that_is_no_missing_value(tmp_path: Path) -> None:
    file = tmp_path / "table.parquet"
    pq.write_table(pa.table({"a": [1.0, float("nan")], "y": [1.0, 2.0]}), file)
    assert refusal(file, "y", nl.MLPRegressor()) == (
        "column 'a' must hold finite values, got nan in row group 0; fill them in or leave such rows out"
    )


def test_a_label_that_is_missing(tmp_path: Path) -> None:
    file = written(tmp_path, FRAME.assign(word=[*WORDS[:-1], None]))
    assert refusal(file, "word", columns=INPUTS) == (
        "column 'word' must hold finite values, got a missing one in row group 11; fill them in or leave such rows out"
    )


def test_a_target_of_dates(tmp_path: Path) -> None:
    file = written(tmp_path, FRAME.assign(day=pd.Timestamp("2020-01-01")))
    assert refusal(file, "day", columns=INPUTS) == (
        "target must hold text, whole numbers or booleans, got timestamp[us]; choose another column"
    )


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "table.parquet"
    assert refusal(file) == "path must be a Parquet file that exists, got 'FILE'; look for it in its folder"
    assert refusal(tmp_path) == "path must be a Parquet file that exists, got 'FILE'; look for it in its folder"
    file.write_bytes(b"")
    assert refusal(file) == "path must be an intact Parquet file, got 'FILE'; export it again"
    file.write_text("a,b\n1,2\n")
    assert refusal(file) == "path must be an intact Parquet file, got 'FILE'; export it again"
    FRAME[:0].to_parquet(file)
    assert refusal(file) == "path must hold rows, got an empty table in 'FILE'; add the rows"
    pq.write_table(pa.Table.from_arrays([pa.array([1.0])] * 2, names=["a", "a"]), file)
    assert refusal(file, "a") == "columns must have different names, got two alike in 'FILE'; rename one"


def test_damage_inside_a_file(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4] + b"\xff" * 2000 + content[2004:])
    assert refusal(path, "number", nl.MLPRegressor(shuffle=False), columns=["a"]) == (
        "path must be an intact Parquet file, got damaged bytes in row group 0; export it again"
    )


def test_a_divergence_leaves_the_model_as_it_was(path: Path) -> None:
    model = nl.MLPRegressor(hidden_layer_sizes=(4,), activation="identity", solver="sgd", random_state=0)
    model.fit_parquet(path, "number", columns=INPUTS)
    before = model.coefs_[0].copy()
    model.learning_rate_init = 1e6
    with pytest.raises(DivergenceError) as caught:
        model.fit_parquet(path, "number", columns=INPUTS)
    assert str(caught.value) == (
        "training diverged in epoch 1; lower learning_rate_init or scale the columns of the file"
    )
    assert_array_equal(model.coefs_[0], before)


def normal_table(file: Path, rows: int, columns: int = 50) -> Path:
    """Write rows of random numbers in row groups of a million."""
    rng, names = np.random.default_rng(0), [f"x{k}" for k in range(columns)]
    schema = pa.schema([*((name, pa.float32()) for name in names), ("y", pa.int8())])
    with pq.ParquetWriter(file, schema, compression="none", use_dictionary=False) as writer:
        for start in range(0, rows, 2**20):
            part = rng.standard_normal((min(2**20, rows - start), columns), dtype=np.float32)
            y = (part[:, 0] * part[:, 1] > 0).astype(np.int8)
            writer.write_table(pa.table([*part.T, y], schema=schema), row_group_size=2**20)
    return file


def peak_of_fit(folder: Path, rows: int) -> tuple[int, int, int]:
    """The size of the file, the peak memory of a process that fits to it, and the growth during the fit."""
    file, small = normal_table(folder / "large.parquet", rows), normal_table(folder / "small.parquet", 5000)
    script = Path(__file__).with_name("streamed.py")
    run = subprocess.run([sys.executable, script, file, small], capture_output=True, text=True, check=True)
    size = file.stat().st_size
    file.unlink()
    peak, growth = map(int, run.stdout.split())
    return size, peak, growth


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="reads the peak memory from Linux's /proc"
)


@needs_proc
def test_memory_is_bounded(tmp_path: Path) -> None:
    """The whole file is one row group, and not even that is held."""
    size, _, growth = peak_of_fit(tmp_path, 2**20)
    assert size > 200e6
    assert growth < 120e6


@pytest.mark.long  # writes 4 GB to the temporary folder; a minute or two
@needs_proc
def test_four_gigabytes_in_less_than_one(tmp_path: Path) -> None:
    size, peak, _ = peak_of_fit(tmp_path, 20_000_000)
    assert size > 4e9
    assert peak < 1e9
