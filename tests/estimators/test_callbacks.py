"""scikit-learn's own callbacks hear of a fit and of its epochs, and may stop it."""

import importlib.util
import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.datasets import make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import nonlin as nl
from nonlin.errors import InputError
from nonlin.estimators import _audience

framework = pytest.importorskip("sklearn.callback", reason="scikit-learn has callbacks since 1.9")
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
X, Y = make_moons(120, noise=0.2, random_state=0)


class Heard:
    """A callback that writes down what it hears, and stops after some epoch."""

    def __init__(self, stop_after: int = 1000, fail_at: str = "") -> None:
        self.events: list[tuple[str, str, Any]] = []
        self.stop_after, self.fail_at = stop_after, fail_at

    def _hear(self, event: str, estimator: Any, context: Any, given: Any = None) -> None:
        assert context.estimator_name == type(estimator).__name__
        self.events.append((event, context.task_name, given))
        if event == self.fail_at:
            raise OSError("as asked")

    def setup(self, estimator: Any, context: Any) -> None:
        self._hear("setup", estimator, context)

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        self._hear("begin", estimator, context)

    def on_fit_task_end(
        self, estimator: Any, context: Any, *, X: Any, y: Any, metadata: Any, fitted_estimator: Any
    ) -> bool:
        self._hear("end", estimator, context, (X, y, metadata, fitted_estimator))
        return context.task_name == "epoch" and context.task_id + 1 >= self.stop_after

    def teardown(self, estimator: Any, context: Any) -> None:
        self._hear("teardown", estimator, context)

    @property
    def order(self) -> list[tuple[str, str]]:
        return [(event, task) for event, task, _ in self.events]


EPOCH = [("begin", "epoch"), ("end", "epoch")]


def whole(epochs: int) -> list[tuple[str, str]]:
    return [("setup", "fit"), ("begin", "fit"), *EPOCH * epochs, ("end", "fit"), ("teardown", "fit")]


@pytest.mark.parametrize("kind", [nl.MLPClassifier, nl.MLPRegressor])
def test_a_fit_is_a_task_and_each_epoch_a_subtask(kind: Any) -> None:
    heard = Heard()
    model = kind(max_iter=3, random_state=0)
    assert model.set_callbacks(heard) is model
    model.fit(X, Y)
    assert heard.order == whole(3)
    assert_array_equal(model.coefs_[0], kind(max_iter=3, random_state=0).fit(X, Y).coefs_[0])


def test_they_are_given_the_data_as_they_came_and_the_model_so_far() -> None:
    heard, frame, words = Heard(), pd.DataFrame(X, columns=["a", "b"]), np.array(["no", "yes"])[Y]
    weights = np.linspace(1, 2, 120)
    model = nl.MLPClassifier((5,), max_iter=2, random_state=0).set_callbacks(heard).fit(frame, words, weights)
    first, second, last = (given for event, _, given in heard.events if event == "end")
    assert all(given[0] is frame and given[1] is words for given in (first, second, last))
    assert first[2] == {"sample_weight": weights}
    after_one = nl.MLPClassifier((5,), max_iter=1, random_state=0).fit(frame, words, weights)
    assert_array_equal(first[3].predict_proba(frame), after_one.predict_proba(frame))
    assert_array_equal(second[3].predict_proba(frame), model.predict_proba(frame))
    assert_array_equal(last[3].predict(frame), model.predict(frame))


def test_one_may_stop() -> None:
    heard, records = Heard(stop_after=2), []
    model = nl.MLPClassifier((5,), random_state=0, callbacks=[records.append]).set_callbacks(heard).fit(X, Y)
    assert (model.n_iter_, len(records), heard.order) == (2, 2, whole(2))


def test_epochs_at_a_rate_that_diverges_count_too() -> None:
    heard = Heard()
    model = nl.MLPRegressor(solver="sgd", max_iter=4, random_state=0).set_callbacks(heard).fit(X * 1e3, Y * 1e3)
    begun = heard.order.count(("begin", "epoch"))
    assert begun > 4 == model.n_iter_
    assert heard.order == whole(begun)


def test_lbfgs_is_one_task() -> None:
    heard = Heard()
    nl.MLPClassifier(solver="lbfgs", max_iter=3, random_state=0).set_callbacks(heard).fit(X, Y)
    assert heard.order == whole(0)


def test_partial_fit_is_no_task() -> None:
    heard = Heard()
    nl.MLPClassifier(random_state=0).set_callbacks(heard).partial_fit(X, Y, classes=[0, 1])
    assert heard.order == []


def test_ctrl_c_keeps_the_best_weights_and_ends_the_task() -> None:
    def interrupt(record: dict[str, Any]) -> None:
        if record["epoch"] == 2:
            raise KeyboardInterrupt

    heard = Heard()
    model = nl.MLPClassifier((5,), random_state=0, callbacks=[interrupt]).set_callbacks(heard)
    with pytest.warns(UserWarning, match="Training interrupted by user"):
        model.fit(X, Y)
    assert heard.order == whole(2)


@pytest.mark.parametrize("fail_at", ["setup", "begin", "end"])
def test_what_was_set_up_is_torn_down(fail_at: str) -> None:
    heard = Heard(fail_at=fail_at)
    model = nl.MLPClassifier((5,), random_state=0).set_callbacks(heard)
    with pytest.raises(OSError, match="as asked"):
        model.fit(X, Y)
    assert heard.order[-1] == ("teardown", "fit")


def test_only_callbacks() -> None:
    with pytest.raises(TypeError, match=r"callbacks must be instances following the FitCallback protocol\."):
        nl.MLPClassifier().set_callbacks(print)


def test_the_scoring_monitor_scores_each_epoch() -> None:
    monitor = framework.ScoringMonitor(scoring=["accuracy", "neg_log_loss"])
    frame, words = pd.DataFrame(X, columns=["a", "b"]), np.array(["no", "yes"])[Y]
    model = nl.MLPClassifier((5,), max_iter=4, random_state=0).set_callbacks(monitor).fit(frame, words)
    log = monitor.get_logs().data_as_pandas
    assert list(log["task_name"]) == ["fit", *["epoch"] * 4]
    assert list(log["task_id"]) == [0, 0, 1, 2, 3]
    assert log["accuracy"].iloc[0] == log["accuracy"].iloc[-1] == model.score(frame, words)


def test_a_clone_has_the_same_callbacks() -> None:
    monitor = framework.ScoringMonitor(scoring="r2")
    model = nl.MLPRegressor(max_iter=2, random_state=0).set_callbacks(monitor)
    clone(model).fit(X, Y)
    model.fit(X, Y)
    first, second = monitor.get_logs(select="all")
    assert [row["r2"] for row in first.data] == [row["r2"] for row in second.data]


def test_in_a_search_over_a_pipeline() -> None:
    monitor, bar = framework.ScoringMonitor(scoring="accuracy"), framework.ProgressBar(max_propagation_depth=None)
    network = nl.MLPClassifier((5,), max_iter=3, random_state=0).set_callbacks(monitor)
    pipeline = make_pipeline(StandardScaler(), network)
    search = GridSearchCV(pipeline, {"mlpclassifier__alpha": [0.1, 1.0]}, cv=2).set_callbacks(bar).fit(X, Y)
    log = monitor.get_logs()
    assert log.estimator_name == "GridSearchCV"
    assert sum(row["task_name"] == "epoch" for row in log.data) == 3 * (2 * 2 + 1)
    assert search.best_estimator_[-1].n_iter_ == 3


def test_the_progress_bar(capsys: pytest.CaptureFixture[str]) -> None:
    model = nl.MLPClassifier((5,), max_iter=3, random_state=0).set_callbacks(framework.ProgressBar())
    model.fit(X, Y)
    assert "MLPClassifier - fit" in capsys.readouterr().out


def test_they_are_pickled_with_the_model_and_not_saved(tmp_path: Path) -> None:
    model = nl.MLPClassifier((5,), max_iter=3, random_state=0).set_callbacks(framework.ProgressBar()).fit(X, Y)
    assert_array_equal(pickle.loads(pickle.dumps(model)).predict(X), model.predict(X))
    with pytest.raises(InputError) as caught:
        model.save(tmp_path / "model.skops")
    assert str(caught.value) == (
        "model cannot be saved: it holds sklearn.callback._progressbar.ProgressBar, which nonlin.load does not trust; "
        "leave it out"
    )
    model.set_callbacks().save(tmp_path / "model.skops")
    assert_array_equal(nl.load(tmp_path / "model.skops").predict(X), model.predict(X))


def test_other_estimators_are_told_likewise() -> None:
    """What our fits tell matches scikit-learn's own."""
    heard = Heard()
    LogisticRegression(max_iter=1).set_callbacks(heard).fit(X, Y)
    assert heard.order[:3] == [*whole(0)[:2], ("begin", "lbfgs-iter")]
    assert heard.order[-2:] == whole(0)[-2:]


def test_before_scikit_learn_1_9_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.callback", None)
    spec = importlib.util.spec_from_file_location("_audience_alone", _audience.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.CallbackSupportMixin is object
    with module.audience(nl.MLPClassifier(), X, Y, None) as told:
        assert told.is_empty
