"""The Python code that trains the network of a page."""

from __future__ import annotations

import inspect
import math
from typing import TYPE_CHECKING, Any

from nonlin.activation import Activation
from nonlin.catalogue import get, names
from nonlin.data import BUILT_IN, PLANE_SETS, load
from nonlin.web.scene import DRAWN

if TYPE_CHECKING:
    from nonlin.estimators._live import LiveFit
    from nonlin.web.lane import Lane
    from nonlin.web.stage import Stage

_HELD = "X_train, y_train, X_held, y_held = X.iloc[train], y[train], X.iloc[held], y[held]"


def code(stage: Stage, net: int) -> str:
    """A script that makes the rows, splits them, trains the network from the seed and prints its scores.

    Its weights are those of the page, bit for bit, as long as nothing was changed while the page trained.
    """
    lane = stage.lanes[net]
    lines = [f'"""{_note(lane)}"""', "", "import nonlin as nl", *_imports(stage), "", *_rows(stage), ""]
    lines += [*_inputs(stage), "", *_network(stage, lane.fit), ""]
    return "\n".join(lines)


def _note(lane: Lane) -> str:
    if not lane.is_pure:
        return "On the page something was changed while it trained; this trains with the last settings from the start."
    epochs = lane.fit.epochs
    if lane.fit.part:
        return f"The page stands within epoch {epochs + 1:,}; this trains {'those before' if epochs else 'all of'} it."
    if not epochs:
        return "The page has not trained this network yet; this trains it for an epoch."
    return "It trains the network of the page from its first weights, to the same bits."


def _imports(stage: Stage) -> list[str]:
    names = {"plane_preprocessor"} if stage.rows.is_plane else {"load", "preprocessor"}
    names |= {"plane_set"} if stage.rows.source in PLANE_SETS else set()
    names |= set() if stage.rows.source == DRAWN else {"split_rows"}
    found = [f"from nonlin.data import {', '.join(sorted(names))}"]
    if stage.rows.source == DRAWN:
        found = ["import pandas as pd", *found]
    return found + (["from sklearn.preprocessing import StandardScaler"] if stage.scene.scaler is not None else [])


def _rows(stage: Stage) -> list[str]:
    rows, settings = stage.rows, stage.settings
    if rows.source == DRAWN:
        kind = "int" if rows.task == "classification" else "float"
        return [
            'table = pd.read_csv("drawn.csv", dtype=str).astype(float)  # the points, which the page exports',
            f'X, y = table[["x1", "x2"]], table["y"].to_numpy({kind})',
            'train, held = (table["held_out"] == 0).to_numpy().nonzero()[0], table["held_out"].to_numpy().nonzero()[0]',
            _HELD,
        ]
    if rows.source in PLANE_SETS:
        given = f"rows={settings['rows']}, noise={settings['noise'] / 100!r}, seed={settings['data_seed']}"
        lines = [f"X, y = plane_set({rows.name!r}, {given})"]
    else:
        lines = [f"table = load({_source(stage)})", "X, y = table.X, table.y"]
        if list(stage.scene.columns) != list(rows.X.columns):
            lines[-1] = f"X, y = table.X[{list(stage.scene.columns)!r}], table.y"
    share = f"{settings['share'] / 100!r}, classes={rows.task == 'classification'}"
    return [*lines, f"train, held = split_rows(y, {share})", _HELD]


def _source(stage: Stage) -> str:
    """A built-in name, which is also what ``nonlin play iris`` shows, or the user's file."""
    rows, file = stage.rows, stage.sources.file
    is_built_in = rows.source in BUILT_IN or (rows.name in BUILT_IN and not file and load(rows.name).X.equals(rows.X))
    if is_built_in:
        return repr(rows.name)
    return f"{(file or rows.name + '.csv')!r}, target={rows.target!r}, task={rows.task!r}"


def _inputs(stage: Stage) -> list[str]:
    call = f"plane_preprocessor({list(stage.scene.columns)!r})" if stage.rows.is_plane else "preprocessor()"
    lines = [f"inputs = {call}", "Z_train, Z_held = inputs.fit_transform(X_train), inputs.transform(X_held)"]
    if stage.scene.scaler is None:
        return lines
    mean = "" if stage.scene.scaler.with_mean else "with_mean=False"
    return [
        *lines,
        f"target = StandardScaler({mean}).fit(y_train.reshape(-1, 1))",
        "y_train, y_held = (target.transform(part.reshape(-1, 1))[:, 0] for part in (y_train, y_held))",
    ]


def _network(stage: Stage, fit: LiveFit) -> list[str]:
    model = fit.model
    given = {**model.get_params(), "max_iter": max(1, fit.epochs), "learning_rate_init": fit.training.rate}
    if not fit.has_stopped_early:  # so far it has only been watched
        given |= {"early_stopping": False, "scoring": None, "n_iter_no_change": math.inf}
    standard = {k: p.default for k, p in inspect.signature(type(model).__init__).parameters.items()}
    shown = {k: v for k, v in given.items() if k in standard and not _same(v, standard[k])}
    lines = [f"model = nl.{type(model).__name__}("]
    lines += [f"    {key}={_written(key, value)}," for key, value in shown.items()]
    held = ", X_val=Z_held, y_val=y_held" if given["early_stopping"] else ""
    lines += [")", f"model.fit(Z_train, y_train{held})"]
    what = "accuracy" if stage.rows.task == "classification" else "R²"
    score = "{model.score(Z_train, y_train):.4f} trained on, {model.score(Z_held, y_held):.4f} held out"
    return [*lines, f'print(f"{what}: {score}")']


def _same(value: Any, standard: Any) -> bool:
    return type(value) is type(standard) and value == standard


def _written(key: str, value: Any) -> str:
    if key == "activation":
        return f"[{', '.join(_activation(a) for a in value)}]"
    return 'float("inf")' if isinstance(value, float) and math.isinf(value) else repr(value)


def _activation(a: Activation) -> str:
    """A name of the catalogue where that is all, else what makes the same activation."""
    values = ", ".join(f"{name}={value!r}" for name, value in a.params.items())
    known = a.name in names() and get(a.name).formula == a.formula
    if known and get(a.name).params == a.params:
        return repr(a.name)
    return (
        f"nl.get({a.name!r}).with_params({values})"
        if known
        else f"nl.Activation({', '.join(filter(None, [repr(a.formula), values]))})"
    )
