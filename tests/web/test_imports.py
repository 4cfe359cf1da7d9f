"""Models and sessions that a page takes in are bounded, and refused in one line where it is not what it should be."""

import io
import json
import zipfile

import numpy as np
import pytest

from nonlin.errors import InputError, ModelFileError, NonlinError
from nonlin.estimators import LinearRegression, MLPClassifier
from nonlin.estimators._persistence import to_bytes
from nonlin.web.exports import export
from nonlin.web.imports import with_model, with_session
from nonlin.web.stage import changed
from web.page import stage_of, thetas, trained


def zip_bomb():
    buffer = io.BytesIO(to_bytes(MLPClassifier((2,), max_iter=1).fit([[0.0], [1.0]], [0, 1])))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.npy", bytes(250_000_000))
    return buffer.getvalue()


def line(*_):
    return to_bytes(LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0]))


MODELS = {
    "a zip bomb": (lambda: zip_bomb(), "'x.skops' takes 250,"),
    "no zip": (lambda: b"no", "'x.skops' is no model of nonlin; give a file that model.save or nonlin fit wrote"),
    "a zip of something else": (lambda: b"PK\3\4" + bytes(99), "'x.skops' is damaged"),
    "another estimator": (line, "'x.skops' holds no fitted MLPClassifier or MLPRegressor; give a model that the page exported"),
    "an estimator that is not fitted": (
        lambda: to_bytes(MLPClassifier()), "'x.skops' holds no fitted MLPClassifier or MLPRegressor; give a model that the page exported",
    ),
    "a network alone": (
        lambda: to_bytes(MLPClassifier((2,), max_iter=1).fit(np.eye(2), [0, 1])),
        "'x.skops' holds a network alone; give a pipeline that takes the columns of the table",
    ),
    "numbers": (lambda: model_of(data="plane"), "'x.skops' is a model for numbers, not for classes; choose its data set first"),
    "another table": (
        lambda: model_of(data="iris"),
        "'x.skops' is a model for the columns ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', "
        "'petal width (cm)'], got ['x1', 'x2']; choose its data set first",
    ),
}  # fmt: skip


def model_of(**settings):
    return export(trained(stage_of(**settings), 1), "model", 0).data


@pytest.mark.filterwarnings("ignore:the maximum of")
@pytest.mark.parametrize("name", MODELS)
def test_models_that_do_not_fit(name):
    make, words = MODELS[name]
    stage = stage_of()
    before = thetas(stage)
    with pytest.raises(ModelFileError) as caught:
        with_model(stage, make(), "x.skops")
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
    np.testing.assert_array_equal(thetas(stage), before)


@pytest.mark.filterwarnings("ignore:the maximum of")
def test_a_model_of_numbers_is_refused_on_classes_and_one_of_other_classes_too():
    with pytest.raises(ModelFileError, match="is a model for classes, not for numbers; choose its data set first"):
        with_model(stage_of(data="plane"), model_of(), "x.skops")
    from sklearn.pipeline import make_pipeline

    import nonlin
    from nonlin.data import plane_preprocessor

    stage = stage_of()
    texts = np.where(stage.rows.y > 0, "a", "b")
    other = make_pipeline(plane_preprocessor(["x1", "x2"]), nonlin.MLPClassifier((8, 4), max_iter=1))
    with pytest.raises(ModelFileError, match="for other columns or classes"):
        with_model(stage, to_bytes(other.fit(stage.rows.X, texts)), "x.skops")


def test_a_model_of_other_layers_and_inputs_is_taken():
    stage = stage_of()
    back = with_model(stage, model_of(hidden=[3], activations=["z*sin(z)"], inputs=["x1", "x2²"]), "x.skops")
    assert [back.settings[key] for key in ("hidden", "activations", "inputs")] == [[3], ["z*sin(z)"], ["x1", "x2²"]]
    assert back.lanes[0].fit.network.layout.widths == (2, 3, 1)


AGE_TO_BP = ["age", "sex", "bmi", "bp"]


@pytest.mark.parametrize(
    ("inputs", "axes", "after"),
    [([], [], []), (["s5", "s6"], [], []), ([], ["bmi", "s1"], []), ([], ["bp", "age"], ["bp", "age"])],
)
def test_a_model_of_some_of_the_columns_brings_its_inputs(inputs, axes, after):
    stage = trained(stage_of(data="diabetes", inputs=AGE_TO_BP, hidden=[3]), 2)
    back = with_model(
        stage_of(data="diabetes", inputs=inputs, axes=axes), export(stage, "model", 0).data, "m.skops"
    )  # fmt: skip
    assert (back.settings["inputs"], back.settings["axes"]) == (AGE_TO_BP, after)
    assert back.scene.columns == tuple(AGE_TO_BP)
    np.testing.assert_array_equal(thetas(back), thetas(stage))
    np.testing.assert_array_equal(back.scene.X, stage.scene.X)


def test_a_model_of_all_columns_comes_back_where_some_are_left_out():
    data = model_of(data="iris")
    back = with_model(stage_of(data="iris", inputs=["petal length (cm)", "petal width (cm)"]), data, "m.skops")
    assert len(back.settings["inputs"]) == len(back.scene.columns) == 4


@pytest.mark.filterwarnings("ignore:the maximum of")
@pytest.mark.parametrize("columns", [["sex", "age"], ["age", "height"]])
def test_a_model_of_other_columns_or_another_order_is_refused(columns):
    from sklearn.pipeline import make_pipeline

    import nonlin
    from nonlin.data import preprocessor

    stage = stage_of(data="diabetes")
    X = stage.rows.X[["age", "sex"]].set_axis(columns, axis=1)
    model = make_pipeline(preprocessor(), nonlin.MLPRegressor(hidden_layer_sizes=(2,), max_iter=1)).fit(X, stage.rows.y)
    with pytest.raises(ModelFileError) as caught:
        with_model(stage, to_bytes(model), "m.skops")
    assert str(caught.value) == (
        f"'m.skops' is a model for the columns {columns}, got ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4']; "
        "choose its data set first"
    )


def session(**changes):
    stage = stage_of()
    saved = json.loads(export(stage, "session", 0).data)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = saved
        for parent in parents:
            place = place[parent]
        place[last] = value
    return json.dumps(saved).encode()


NO_SESSION = "'s.json' is no saved session of the playground; give a file that its Save made"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", NO_SESSION), (b"\xff\xfe", NO_SESSION), (b"[" * 10**6, NO_SESSION), (b"[]", NO_SESSION), (b"{}", NO_SESSION),
        (b'{"settings": 1, "format": 1}', NO_SESSION), (b'{"settings": {}, "format": 1}', NO_SESSION),
        (session(format=2), "'s.json' has format 2, and this nonlin reads 1; upgrade nonlin"),
        (session(settings__noise=99), "noise must be between 0 and 50, got 99"),
        (session(settings__data="table"), "data: the table is not here any more; drop its file on the page again"),
        (session(drawn=None), NO_SESSION), (session(drawn__places=[[1, 2, 3]]), NO_SESSION),
        (session(drawn__places=[["a", "b"]]), NO_SESSION), (session(weights=[{}]), NO_SESSION),
        (session(epochs=["x"]), NO_SESSION),
        (session(drawn__places=[[1, 2]]), "drawn must be at most 5,000 places with a label each, got 1"),
        (
            session(drawn__places=[[0, 0]] * 6000, drawn__labels=[0] * 6000, drawn__fates=[0] * 6000),
            "drawn must be at most 5,000 places with a label each, got 6000",
        ),
        (
            session(drawn__places=[[float("nan"), 0]], drawn__labels=[0], drawn__fates=[0]),
            "drawn must be finite numbers, got 'NaN or infinity'",
        ),
        (session(drawn__places=[[1e9, 0]], drawn__labels=[0], drawn__fates=[0]), "drawn must be places and numbers within ±1000, got 1000000000.0"),
        (session(drawn__places=[[0, 0]], drawn__labels=[7], drawn__fates=[0]), "drawn must be classes from 0 to 5, got 7.0"),
        (session(drawn__places=[[0, 0]], drawn__labels=[0.5], drawn__fates=[0]), "drawn must be classes from 0 to 5, got 0.5"),
        (session(drawn__task="x"), "task must be 'classification' or 'regression', got 'x'"),
        (session(drawn__task=["x"]), "task must be 'classification' or 'regression', got ['x']"),
        (session(settings__activations=["z.__class__"] * 2), "formula: "),
    ],
)  # fmt: skip
def test_sessions_that_are_none(data, words):
    stage = stage_of()
    with pytest.raises(NonlinError) as caught:
        with_session(stage, data, "s.json")
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "weights", [[], [[1.0]], [[1e300] * 65], [[float("nan")] * 65], [[0.5] * 66] * 9, [[None] * 65]]
)
def test_weights_that_do_not_fit_are_left_out(weights):
    stage = stage_of()
    back = with_session(stage, session(weights=weights, epochs=[5] * len(weights)), "s.json")
    np.testing.assert_array_equal(thetas(back), thetas(stage))


def test_a_session_of_any_epoch():
    stage = trained(stage_of(), 2)
    saved = json.loads(export(stage, "session", 0).data) | {"epochs": [10**40]}
    back = with_session(stage_of(), json.dumps(saved).encode(), "s.json")
    trained(back, 1)
    assert back.lanes[0].fit.epochs == 10**9 + 1


def test_a_change_that_is_refused_changes_nothing():
    stage = stage_of()
    settings = dict(stage.settings)
    for values in ({"inputs": ["x9"]}, {"data": "nowhere"}, {"data": "table"}):
        with pytest.raises(InputError):
            changed(stage, values)
    assert stage.settings == settings


def test_a_model_brings_its_recipe():
    recipe = {
        "penalty": "l1", "alpha": 0.3, "batch": 25, "learning_rate": 0.03, "solver": "sgd", "momentum": 0.5,
        "dropout": 0.2, "seed": 7, "init": "he", "patience": 40, "hidden": [5], "activations": ["mish"],
    }  # fmt: skip
    stage = trained(stage_of(**recipe), 3)
    taken = with_model(stage_of(), export(stage, "model", 0).data, "m.skops")
    assert {key: taken.settings[key] for key in recipe} == recipe
    assert taken.lanes[0].snapshot.epoch == 3


def test_what_of_a_recipe_the_page_cannot_do_stays_as_the_page_has_it():
    stage = trained(stage_of(), 2)
    stage.lanes[0].fit.model.set_params(batch_size="auto", alpha=0.123, random_state=None, init="he")
    taken = with_model(stage_of(alpha=3.0, batch=7, seed=5), export(stage, "model", 0).data, "m.skops")
    assert [taken.settings[key] for key in ("alpha", "batch", "seed", "init")] == [3.0, 7, 5, "he"]
