"""Saved models come back the same, and nothing but a model of nonlin is read."""

import contextlib
import copy
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.datasets import make_moons
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from skops.io import dump

import nonlin as nl
from nonlin.backends.cache import module_from
from nonlin.data import preprocessor
from nonlin.errors import InputError, ModelFileError, OutputError
from nonlin.estimators import load, save

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
X, Y = make_moons(60, noise=0.2, random_state=0)
WORDS = np.array(["no", "yes"])[Y]
OWN = nl.Activation("z*sigmoid(beta*z)", name="mine", family="gated", used_in="tests", beta=1.5)
GRID = np.linspace(-8, 8, 101)
MODELS = [
    nl.LinearRegression(),
    nl.LogisticRegression(),
    nl.Perceptron(random_state=0),
    nl.Adaline(),
    nl.LinearSVC(),
    nl.MLPClassifier((4, 3, 2), [OWN, "z*sin(z)", OWN], max_iter=3, random_state=0),
    nl.MLPRegressor(hidden_layer_sizes=(4,), activation=OWN, max_iter=3, random_state=0),
]
COPIES = {
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
    "deepcopy": copy.deepcopy,
}


def table() -> pd.DataFrame:
    rng, n = np.random.default_rng(0), 120
    return pd.DataFrame(
        {
            "number": np.where(rng.random(n) > 0.2, rng.normal(size=n), np.nan),
            "whole": rng.integers(0, 9, n),
            "category": rng.choice(["red", "green", None], n),
            "text": [f"word{i} foo{i % 7} bar{i % 13}" for i in range(n)],
            "date": pd.date_range("2020-01-01", periods=n, freq="D"),
            "typed": pd.Categorical(rng.choice(["x", "y"], n)),
            "flag": rng.random(n) > 0.5,
        }
    )


def same(model: Any, other: Any, rows: Any = X) -> None:
    assert type(other) is type(model)
    assert_array_equal(other.predict(rows), model.predict(rows))


@pytest.fixture(params=MODELS, ids=lambda model: type(model).__name__)
def fitted(request: pytest.FixtureRequest) -> Any:
    return clone(request.param).fit(X, Y)


def test_comes_back_the_same(fitted: Any, tmp_path: Path) -> None:
    fitted.save(tmp_path / "model.skops")
    back = nl.load(str(tmp_path / "model.skops"))
    same(fitted, back)
    assert repr(back) == repr(fitted)
    assert [p.name for p in tmp_path.iterdir()] == ["model.skops"]


@pytest.mark.parametrize("way", COPIES)
def test_copies_fitted(fitted: Any, way: str) -> None:
    same(fitted, COPIES[way](fitted))


def test_joblib(fitted: Any, tmp_path: Path) -> None:
    joblib.dump(fitted, tmp_path / "model.joblib")
    same(fitted, joblib.load(tmp_path / "model.joblib"))
    same(fitted, joblib.load(tmp_path / "model.joblib", mmap_mode="r"))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_unfitted(model: Any, tmp_path: Path) -> None:
    model.save(tmp_path / "model.skops")
    copies = [clone(model), nl.load(tmp_path / "model.skops"), *(copied(model) for copied in COPIES.values())]
    assert [repr(other) for other in copies] == [repr(model)] * 4


def test_an_activation_survives_whole(tmp_path: Path) -> None:
    model = nl.MLPClassifier((4, 4), [OWN, "gelu"], max_iter=2, random_state=0).fit(X, WORDS)
    model.save(tmp_path / "model.skops")
    back = nl.load(tmp_path / "model.skops")
    own, gelu = back.activations_
    assert (own, gelu) == (OWN, nl.get("gelu"))
    assert (own.params, own.family, own.used_in) == ({"beta": 1.5}, "gated", "tests")
    assert back.get_params()["activation"] == [OWN, "gelu"]
    same(model, back)


@pytest.mark.parametrize("name", nl.names())
def test_every_activation_is_read_back(name: str) -> None:
    activation = nl.get(name)
    back = pickle.loads(pickle.dumps(activation))
    assert back == activation
    assert_array_equal(back(GRID), activation(GRID))
    facts = ("family", "aliases", "used_in", "reference")
    assert [getattr(back, fact) for fact in facts] == [getattr(activation, fact) for fact in facts]


@pytest.mark.parametrize("model", [nl.LogisticRegression(), nl.MLPClassifier((5,), OWN, max_iter=2, random_state=0)])
def test_a_pipeline_for_dirty_tables(model: Any, tmp_path: Path) -> None:
    frame, labels = table(), np.where(np.arange(120) % 3, "a", "b")
    pipeline = make_pipeline(preprocessor(), model).fit(frame, pd.Series(labels, dtype=object))
    save(pipeline, tmp_path / "pipeline.skops")
    back = load(tmp_path / "pipeline.skops")
    assert_array_equal(back.predict_proba(frame[::-1]), pipeline.predict_proba(frame[::-1]))
    assert_array_equal(back.predict(frame), pipeline.predict(frame))


def refused(path: Path) -> str:
    with pytest.raises(ModelFileError) as caught:
        nl.load(path)
    message = str(caught.value)
    assert message.startswith((repr(str(path)), f"cannot read {str(path)!r}"))
    assert "\n" not in message
    return message.split(repr(str(path)))[1]


def test_a_file_that_does_not_exist(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.skops") == ": no such file or directory; give the path of a saved model"


def test_a_folder(tmp_path: Path) -> None:
    assert refused(tmp_path) == ": is a directory; give the path of a saved model"


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", pickle.dumps({"a": 1})])
def test_another_kind_of_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.skops"
    path.write_bytes(content)
    assert refused(path) == " is no model of nonlin; give a file that model.save or nonlin fit wrote"


def test_another_zip(tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refused(path) == " is no model of nonlin; give a file that model.save or nonlin fit wrote"


def commented(model: Any, path: Path, comment: str = "nonlin model, format 1") -> Path:
    dump(model, path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = comment.encode()
    return path


def test_a_newer_format(tmp_path: Path) -> None:
    path = commented(nl.Adaline(), tmp_path / "m.skops", "nonlin model, format 2")
    assert refused(path) == " has format 2, and this nonlin reads up to 1; upgrade nonlin"


def test_a_hostile_function(tmp_path: Path) -> None:
    """This function of nonlin's own writes and imports its argument: trusting the package would run it."""
    path = commented(FunctionTransformer(module_from, kw_args={"source": "boom"}), tmp_path / "m.skops")
    expected = " holds nonlin.backends.cache.module_from, which is not trusted; load only models of nonlin"
    assert refused(path) == expected


def boom(path: Path) -> None:
    path.write_text("this code ran")


class Hostile:
    """Runs code when pickle reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return boom, (self.path,)


def test_a_pickle_in_disguise_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "m.skops"
    path.write_bytes(pickle.dumps(Hostile(tmp_path / "ran")))
    assert refused(path) == " is no model of nonlin; give a file that model.save or nonlin fit wrote"
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = b"nonlin model, format 1"
        archive.writestr("schema.json", pickle.dumps(Hostile(tmp_path / "ran")))
    assert "is damaged (" in refused(path)
    assert not (tmp_path / "ran").exists()


def forged(path: Path, module: str, name: str) -> Path:
    """A model file whose root claims to be another type."""
    nl.Adaline(alpha=7.0).save(path)
    with zipfile.ZipFile(path) as archive:
        content = {member: archive.read(member) for member in archive.namelist()}
    own = b'"nonlin.estimators._adaline"'
    assert own in content["schema.json"]
    schema = content["schema.json"].replace(own, f'"{module}"'.encode()).replace(b'"Adaline"', f'"{name}"'.encode())
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = b"nonlin model, format 1"
        for member, data in (content | {"schema.json": schema}).items():
            archive.writestr(member, data)
    return path


@pytest.mark.parametrize(
    ("module", "name"),
    [("os", "system"), ("builtins", "eval"), ("subprocess", "Popen"), ("nonlin.files", "write_whole"),
     ("nonlin.estimators._base", "LinearClassifier"), ("a_module_that_does_not_exist", "Model")],
)  # fmt: skip
def test_a_type_that_is_not_trusted_is_named_and_never_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    path = forged(tmp_path / "m.skops", module, name)
    built = []
    monkeypatch.setattr("skops.io.loads", built.append)
    assert refused(path) == f" holds {module}.{name}, which is not trusted; load only models of nonlin"
    assert built == []


def test_what_parts_and_summaries_need_comes_back(tmp_path: Path) -> None:
    adaline = nl.Adaline(class_weight={"no": 2.0, "yes": 1.0}).partial_fit(X[:30], WORDS[:30], ["no", "yes"])
    perceptron = nl.Perceptron().partial_fit(X[:30], WORDS[:30], ["no", "yes"])
    for model in (adaline, perceptron):
        model.save(tmp_path / "m.skops")
        back = nl.load(tmp_path / "m.skops").partial_fit(X[30:], WORDS[30:])
        assert_array_equal(back.coef_, model.partial_fit(X[30:], WORDS[30:]).coef_)
    line = nl.LinearRegression().fit(X, Y)
    line.save(tmp_path / "m.skops")
    assert str(nl.load(tmp_path / "m.skops").summary()) == str(line.summary())


def test_something_else_that_is_safe(tmp_path: Path) -> None:
    path = commented([1, 2], tmp_path / "m.skops")
    assert refused(path) == " holds no model but list; save the model again"


def test_an_archive_without_a_schema(tmp_path: Path) -> None:
    path = tmp_path / "m.skops"
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = b"nonlin model, format 1"
    assert "is damaged (" in refused(path)


def test_a_formula_in_a_file_goes_through_the_parser(tmp_path: Path) -> None:
    model = nl.MLPClassifier(activation=nl.Activation("z*tanh(z)"))
    path, hostile = tmp_path / "m.skops", tmp_path / "hostile.skops"
    model.save(path)
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(hostile, "w") as forged:
        forged.comment = archive.comment
        for name in archive.namelist():
            forged.writestr(name, archive.read(name).replace(b"z*tanh(z)", b"__import__('os').system('true')*z"))
    assert refused(hostile).startswith(""" is damaged (formula: unexpected "'" at character 12: """)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_file_cut_short(tmp_path: Path, share: float) -> None:
    path = tmp_path / "m.skops"
    nl.MLPClassifier((4,), max_iter=2, random_state=0).fit(X, Y).save(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    assert refused(path) == " is damaged (File is not a zip file); save the model again"


@pytest.mark.parametrize("seed", range(30))
def test_flipped_bytes_never_crash(tmp_path: Path, seed: int) -> None:
    path, rng = tmp_path / "m.skops", np.random.default_rng(seed)
    nl.LogisticRegression().fit(X, Y).save(path)
    data = bytearray(path.read_bytes())
    for at in rng.integers(0, len(data), 3):
        data[at] ^= int(rng.integers(1, 256))
    path.write_bytes(data)
    with contextlib.suppress(ModelFileError):
        assert isinstance(nl.load(path), nl.LogisticRegression)


def test_a_function_of_ones_own_is_refused_at_once(tmp_path: Path) -> None:
    pipeline = make_pipeline(FunctionTransformer(struct.calcsize), nl.Adaline())
    with pytest.raises(InputError) as caught:
        save(pipeline, tmp_path / "m.skops")
    assert str(caught.value).startswith("model cannot be saved: ")
    assert list(tmp_path.iterdir()) == []


def test_only_estimators(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        save({"a": 1}, tmp_path / "m.skops")
    expected = "model must be an estimator of nonlin or a scikit-learn pipeline around one, got 'dict'"
    assert str(caught.value) == expected


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"^cannot write .*no such file or directory"):
        nl.Adaline().save(tmp_path / "none" / "m.skops")


def test_a_failed_save_leaves_the_file_before(tmp_path: Path) -> None:
    path = tmp_path / "m.skops"
    nl.Adaline(alpha=3.0).save(path)
    with pytest.raises(InputError):
        save(make_pipeline(FunctionTransformer(len), nl.Adaline()), path)
    assert nl.load(path).alpha == 3.0
    assert [p.name for p in tmp_path.iterdir()] == ["m.skops"]
