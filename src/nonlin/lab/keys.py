"""What identifies a fit and a study: hashes of everything that their figures follow from."""

from __future__ import annotations

import hashlib
import json
from importlib import metadata
from typing import Any

import numpy as np
import pandas as pd

from nonlin import __version__
from nonlin.activation import Activation
from nonlin.data import Table
from nonlin.lab.choice import chosen
from nonlin.lab.fitting import Fit
from nonlin.lab.plan import Plan, Trial, build, trials

_LIBRARIES = ("numpy", "numba", "scipy", "scikit-learn", "skrub")


def versions() -> dict[str, str]:
    """The versions of nonlin and of the libraries that a figure's last bits depend on."""
    return {"nonlin": __version__} | {name: metadata.version(name) for name in _LIBRARIES}


def table_digest(table: Table) -> str:
    """The hash of a table's columns, target and task; its name and its notes do not count."""
    digest = hashlib.sha256(repr((table.task, table.target, table.X.shape)).encode())
    for name, column in table.X.items():
        digest.update(repr((name, column.dtype)).encode() + _cells(column))
    digest.update(_cells(pd.Series(table.y)))
    return digest.hexdigest()


def _cells(column: pd.Series[Any]) -> bytes:
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf":
        return np.ascontiguousarray(column.to_numpy()).tobytes()
    return repr(column.tolist()).encode(errors="surrogatepass")


def fit_keys(table: Table, plan: Plan) -> dict[str, Trial]:
    """The key of every fit of a study, in the plan's order.

    It is the SHA-256 of the table's values, the estimator with all its parameters (of an activation its formula and
    parameters), the folds, their seed and the fold's number, and the versions of nonlin, which fix the preprocessing,
    and of its libraries. Fits of one key agree to the bit on processors of one kind.

    Examples
    --------
    >>> from nonlin.data import load
    >>> from nonlin.lab.plan import make_plan
    >>> keys = fit_keys(load("xor"), make_plan("classification", ["tanh"], 10, "quick", 0))
    >>> len(keys), {len(key) for key in keys}
    (25, {64})
    """
    common = {"table": table_digest(table), "folds": plan.budget.folds, "seed": plan.seed, "versions": versions()}
    return {_key(trial, table.task, plan, common): trial for trial in trials(plan)}


def probe_keys(plan: Plan, fits: dict[str, Fit]) -> dict[str, Trial]:
    """The key of every diagnosis of a study: each network is looked into on its first fold, unless it ran away there.

    A diagnosis follows from the fit with the learning rate that the fold chose, so its key is a hash of that fit's.

    Parameters
    ----------
    fits : all fits of the study by their keys
    """
    networks = {c.name: c for c in plan.candidates if c.activation is not None}
    keys = {(fit.candidate, fit.fold, fit.rate): key for key, fit in fits.items()}
    return {
        hashed({"diagnosis": keys[fit.candidate, 0, fit.rate]}): Trial(networks[fit.candidate], 0, fit.rate)
        for fit in chosen([*fits.values()])
        if fit.fold == 0 and fit.candidate in networks and np.isfinite(fit.score)
    }


def _key(trial: Trial, task: str, plan: Plan, common: dict[str, Any]) -> str:
    model = build(trial, task, plan)
    network = {"kind": type(model).__name__} | model.get_params()
    return hashed({"name": trial.candidate.name, "fold": trial.fold, "network": network} | common)


def study_key(fits: dict[str, Trial]) -> str:
    """The name of a study: the hash of its fits' keys, and so of its table and its plan."""
    return hashed(list(fits))


def hashed(content: Any) -> str:
    """SHA-256 of content that JSON can write; an activation counts as its formula and its parameters."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Activation):
        return [value.formula, value.params]
    raise TypeError(f"no key can hold {value!r}")
