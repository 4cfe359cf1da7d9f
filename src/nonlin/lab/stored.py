"""A study as a store describes it: enough to show its leaderboard, and to go on with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nonlin.activation import Activation
from nonlin.catalogue import get
from nonlin.data import BUILT_IN, Table
from nonlin.errors import InputError
from nonlin.lab.choice import chosen
from nonlin.lab.fitting import Fit
from nonlin.lab.plan import Budget, Candidate, Plan
from nonlin.lab.result import Study


@dataclass(frozen=True)
class StoredStudy:
    """A study in a store.

    Attributes
    ----------
    key : what :func:`nonlin.lab.keys.study_key` calls it
    name, target, task : the table's
    source : the file or the built-in name that the table came from; empty if it was in memory
    plan : the plan, as :func:`plan_record` gives it
    fits : how many it has in all
    done : how many of them are finished
    """

    key: str
    name: str
    target: str
    task: str
    source: str
    plan: dict[str, Any]
    fits: int
    done: int = 0


def describe(key: str, table: Table, plan: Plan, fits: int, source: str = "") -> StoredStudy:
    """The description of a study that is about to begin."""
    place = source if source in BUILT_IN or not source else str(Path(source).resolve())
    return StoredStudy(key, table.name, table.target, table.task, place, plan_record(plan), fits)


def plan_record(plan: Plan) -> dict[str, Any]:
    """A plan in plain lists, numbers and texts; :func:`plan_from` gives it back."""
    candidates = [[c.name, c.role, _activation_record(c.activation)] for c in plan.candidates]
    return {"candidates": candidates, "hidden": [*plan.hidden], "budget": asdict(plan.budget), "seed": plan.seed}


def _activation_record(activation: Activation | None) -> list[Any] | None:
    return None if activation is None else [activation.formula, activation.params]


def plan_from(record: dict[str, Any]) -> Plan:
    """The plan of :func:`plan_record`."""
    candidates = [Candidate(name, role, _activation(name, formula)) for name, role, formula in record["candidates"]]
    budget = Budget(**record["budget"])
    budget = replace(budget, multiples=tuple(budget.multiples))
    return Plan(tuple(candidates), tuple(record["hidden"]), budget, record["seed"])


def _activation(name: str, record: list[Any] | None) -> Activation | None:
    """The catalogue's activation if it is that one, with all that a human knows of it; otherwise a new one."""
    if record is None:
        return None
    formula, params = record
    try:
        known = get(name)
    except InputError:
        known = None
    if known is not None and (known.formula, known.params) == (formula, params):
        return known
    return Activation(formula, name=name, **params)


def restore(stored: StoredStudy, fits: list[Fit]) -> Study:
    """The finished study, without the rows of its table, which no store holds."""
    import pandas as pd

    table = Table(pd.DataFrame(), np.zeros(0), stored.task, stored.name, stored.target, (), ())  # type: ignore[arg-type]
    return Study(table, plan_from(stored.plan), tuple(chosen(fits)), tuple(fits))
