"""The tests that scikit-learn, as it is installed, has for its own networks, run against ours.

The module is imported as it is, its two class names are replaced by ours, and every test function runs under its own
parametrisation. ``LEFT_OUT`` names those that cannot hold, each with the reason.
"""

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sklearn.neural_network.tests import test_mlp as theirs

import nonlin as nl

LEFT_OUT = {
    "test_gradient": "calls scikit-learn's private _loss_grad_lbfgs; tests/nn/test_gradients.py checks ours",
    "test_learning_rate_warmstart": "reads the private _optimizer; tests/nn/test_schedules.py checks the rates",
    "test_adaptive_learning_rate": "reads the private _optimizer; tests/nn/test_trainer.py checks the rates",
    "test_n_iter_no_change": "reads the private _no_improvement_count; tests/nn/test_trainer.py checks the rule",
    "test_n_iter_no_change_inf": "reads the private _no_improvement_count; test_mlp_partial.py checks the rule",
    "test_predict_proba_multilabel": "wants the largest log-probability at the first of the probabilities that round "
    "to 1; ours still differ there; test_mlp_labels.py checks the rest",
    "test_mlp_loading_from_joblib_partial_fit": "wants 200 steps from scikit-learn's random weights to end within "
    "1e-4; test_mlp_partial.py checks that a loaded model goes on",
}
OURS = {"MLPClassifier": nl.MLPClassifier, "MLPRegressor": nl.MLPRegressor}


def cases() -> Iterator[Any]:
    """Every test of scikit-learn's with each set of its arguments."""
    for name, function in vars(theirs).items():
        if name.startswith("test_") and name not in LEFT_OUT:
            for arguments in combinations(function):
                label = "-".join(getattr(value, "__name__", str(value))[:20] for value in arguments.values())
                yield pytest.param(function, arguments, id=f"{name}[{label}]" if arguments else name)


def combinations(function: Callable[..., None]) -> list[dict[str, Any]]:
    """The arguments that its ``parametrize`` marks give a test."""
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    sets: list[dict[str, Any]] = [{}]
    for mark in marks:
        names = [name.strip() for name in mark.args[0].split(",")]
        values = [value if len(names) > 1 else (value,) for value in mark.args[1]]
        sets = [{**known, **dict(zip(names, value, strict=True))} for known in sets for value in values]
    return sets


def ours(value: Any) -> Any:
    """Our class for scikit-learn's of the same name."""
    return OURS.get(getattr(value, "__name__", ""), value)


def test_the_tests_left_out_are_still_there() -> None:
    assert set(LEFT_OUT) <= set(vars(theirs))


@pytest.mark.filterwarnings("default")  # as in scikit-learn, whose tests ask for the warnings that they want
@pytest.mark.parametrize(("function", "arguments"), list(cases()))
def test_scikit_learns(
    function: Callable[..., None], arguments: dict[str, Any], monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    for name, estimator in OURS.items():
        monkeypatch.setattr(theirs, name, estimator)
    given = {name: ours(value) for name, value in arguments.items()}
    fixtures = {name: 42 if name == "global_random_seed" else request.getfixturevalue(name)
                for name in inspect.signature(function).parameters if name not in given}  # fmt: skip
    functools.partial(function, **given, **fixtures)()
