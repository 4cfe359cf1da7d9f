"""What a page can take in besides tables: a model, a saved session. Everything is bounded, and nothing is executed."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin.errors import InputError, ModelFileError, bad_value
from nonlin.web.exports import FORMAT
from nonlin.web.scene import Prepared
from nonlin.web.settings import Values, checked
from nonlin.web.sources import LARGEST, MOST_DRAWN, MOST_LABEL, Drawn
from nonlin.web.spec import spec_of
from nonlin.web.stage import Stage, changed
from nonlin.web.uploads import MOST_UNPACKED

if TYPE_CHECKING:
    from nonlin.estimators._live import LiveFit

MOST_EPOCHS = 10**9
_PENALTIES = {0.0: "l2", 1.0: "l1"}
_RECIPE = {
    "alpha": "alpha", "batch": "batch_size", "learning_rate": "learning_rate_init", "momentum": "momentum",
    "dropout": "dropout", "init": "init", "seed": "random_state",
}  # fmt: skip
_TASKS = {"classification": "numbers, not for classes", "regression": "classes, not for numbers"}


def with_model(stage: Stage, data: bytes, name: str) -> Stage:
    """The stage with the network of a model file: its layers, activations, weights and preparation of the rows.

    Raises
    ------
    ModelFileError
        The file holds no network of nonlin, or one for other columns.
    """
    from nonlin.estimators import MLPClassifier, MLPRegressor
    from nonlin.estimators._persistence import from_bytes

    model = from_bytes(data, name, MOST_UNPACKED)
    *steps, (_, last) = getattr(model, "steps", [("network", model)])
    network = getattr(last, "regressor_", last)
    if not isinstance(network, MLPClassifier | MLPRegressor) or not hasattr(network, "coefs_"):
        raise ModelFileError(
            f"{name!r} holds no fitted MLPClassifier or MLPRegressor; give a model that the page exported"
        )
    if isinstance(network, MLPClassifier) != (stage.rows.task == "classification"):
        raise ModelFileError(f"{name!r} is a model for {_TASKS[stage.rows.task]}; choose its data set first")
    prepared = _preparation(model, steps, last, stage, name)
    wanted = changed(stage, _settings_of(network, stage, steps), prepared=prepared)
    if not wanted.lanes or not _is_alike(network, wanted.lanes[0].fit):
        raise ModelFileError(f"{name!r} is a model for other columns or classes; choose its data set first")
    put_weights(
        wanted,
        0,
        np.concatenate([np.ravel(p) for pair in zip(network.coefs_, network.intercepts_, strict=True) for p in pair]),
        int(network.n_iter_),
    )
    return wanted


def _is_alike(network: Any, fit: LiveFit) -> bool:
    """Whether a network has the layers and the classes of a fit."""
    shapes = [W.shape for W in fit.network.layout.weights(fit.theta)]
    classes = [getattr(model, "classes_", np.empty(0)).tolist() for model in (network, fit.model)]
    return [W.shape for W in network.coefs_] == shapes and classes[0] == classes[1]


def _settings_of(network: Any, stage: Stage, steps: list[Any]) -> Values:
    """The settings that describe a fitted network."""
    params = network.get_params()
    is_classes = stage.rows.task == "classification"
    values: Values = {
        "hidden": [W.shape[1] for W in network.coefs_[:-1]], "activations": [spec_of(a) for a in network.activations_],
        "rival": "", "loss" if is_classes else "loss_of_numbers": params["loss"],
        "penalty": _PENALTIES.get(params["l1_ratio"], "both") if params["alpha"] else "none",
    }  # fmt: skip
    if params["solver"] != "lbfgs":
        values["solver"] = params["solver"]
    return {**_recipe_of(params), **checked({**values, **_inputs_of(stage, steps)})}


def _inputs_of(stage: Stage, steps: list[Any]) -> Values:
    """The inputs that the preparation takes, and no axes beyond them."""
    if stage.rows.is_plane:
        return {"inputs": list(steps[0][1].names)} if hasattr(steps[0][1], "names") else {}
    known, axes = _columns_of(steps), stage.settings["axes"]
    if known in ([], list(stage.scene.columns)):
        return {}
    return {"inputs": known, "axes": axes if set(axes) <= set(known) else []}


def _columns_of(steps: list[Any]) -> list[str]:
    """The columns that the preparation was fitted on, if it knows them."""
    return list(getattr(steps[0][1], "feature_names_in_", []))


def _recipe_of(params: dict[str, Any]) -> Values:
    """How the network was trained, in so far as the page can train so: what it cannot stays as the page has it."""
    found: Values = {"patience": 0}
    if params["early_stopping"] and params["scoring"] == "loss":
        found |= _if_it_holds({"patience": params["n_iter_no_change"]})
    for key, name in _RECIPE.items():
        found |= _if_it_holds({key: params[name]})
    return found


def _if_it_holds(value: Values) -> Values:
    """The setting, if its rule holds."""
    try:
        return checked(value)
    except InputError:
        return {}


def _preparation(model: Any, steps: list[Any], last: Any, stage: Stage, name: str) -> Prepared:
    """The fitted steps before the network, and its scaler, if they take columns of the rows that are there."""
    if not steps:
        raise ModelFileError(f"{name!r} holds a network alone; give a pipeline that takes the columns of the table")
    known, here = _columns_of(steps), [str(column) for column in stage.rows.X.columns]
    taken = here if stage.rows.is_plane else [column for column in here if column in known]
    if known and known != taken:
        raise ModelFileError(
            f"{name!r} is a model for the columns {known[:8]}, got {here[:8]}; choose its data set first"
        )
    return Prepared(model[:-1], getattr(last, "transformer_", None))


def put_weights(stage: Stage, net: int, theta: Any, epochs: int) -> None:
    """Set the weights of a network that nobody trains yet."""
    lane = stage.lanes[net]
    lane.fit.theta[:] = theta
    lane.fit.training.earlier, lane.is_pure, lane.origin = epochs, False, object()
    lane.publish()


def with_session(stage: Stage, data: bytes, name: str) -> Stage:
    """The stage of a session that a page saved.

    Raises
    ------
    InputError
        The file is no saved session, or it breaks a rule.
    """
    saved = _parsed(data, name)
    try:
        drawn, values = _drawn(saved["drawn"]), checked(saved["settings"])
        with np.errstate(over="ignore"):  # what is too large is infinite, and left out
            weights = [np.asarray(row, dtype=float).astype(np.float32) for row in saved["weights"]]
        epochs = [min(max(0, int(n)), MOST_EPOCHS) for n in saved["epochs"]]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        raise _no_session(name) from None
    sources = dataclasses.replace(stage.sources, drawn=drawn)
    found = changed(stage, values, sources)
    for net, (theta, epoch) in enumerate(zip(weights, epochs, strict=False)):
        if net < len(found.lanes) and theta.shape == found.lanes[net].fit.theta.shape and np.isfinite(theta).all():
            put_weights(found, net, theta, epoch)
    return found


def _parsed(data: bytes, name: str) -> dict[str, Any]:
    try:
        saved = json.loads(data)
    except (ValueError, RecursionError):
        raise _no_session(name) from None
    if not isinstance(saved, dict) or "settings" not in saved or not isinstance(saved.get("settings"), dict):
        raise _no_session(name)
    if saved.get("format") != FORMAT:
        raise InputError(f"{name!r} has format {saved.get('format')!r}, and this nonlin reads {FORMAT}; upgrade nonlin")
    return saved


def _no_session(name: str) -> InputError:
    return InputError(f"{name!r} is no saved session of the playground; give a file that its Save made")


def _drawn(saved: dict[str, Any]) -> Drawn:
    places = np.asarray(saved["places"], dtype=float).reshape(-1, 2)
    labels, fates = (np.asarray(saved[key], dtype=float).ravel() for key in ("labels", "fates"))
    if not len(places) == len(labels) == len(fates) <= MOST_DRAWN:
        raise bad_value("drawn", f"at most {MOST_DRAWN:,} places with a label each", len(places))
    if not all(np.isfinite(part).all() for part in (places, labels, fates)):
        raise bad_value("drawn", "finite numbers", "NaN or infinity")
    if saved["task"] not in ("classification", "regression"):
        raise bad_value("task", "'classification' or 'regression'", saved["task"])
    if np.abs(places).max(initial=0) > LARGEST or np.abs(labels).max(initial=0) > LARGEST:
        raise bad_value("drawn", f"places and numbers within ±{LARGEST}", float(np.abs([*places.flat, *labels]).max()))
    if saved["task"] == "classification" and not np.isin(labels, range(MOST_LABEL + 1)).all():
        raise bad_value("drawn", f"classes from 0 to {MOST_LABEL}", float(labels.max()))
    return Drawn(saved["task"], places, labels, fates)
