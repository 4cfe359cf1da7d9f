"""The study: what does non-linearity buy on a table, and which activation should one use?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from nonlin.activation import Activation
from nonlin.data import Table, load
from nonlin.errors import InputError
from nonlin.lab.choice import chosen
from nonlin.lab.fitting import fit_one
from nonlin.lab.keys import fit_keys, probe_keys, study_key
from nonlin.lab.plan import Plan, Trial, make_plan
from nonlin.lab.probing import probe
from nonlin.lab.result import Study
from nonlin.lab.runner import Do, Progress, run
from nonlin.lab.store import Store
from nonlin.lab.stored import describe

__all__ = ["Study", "check_trained", "conduct", "make_plan", "study"]


def study(
    X: Any = "moons",
    y: Any = None,
    activations: Sequence[str | Activation] | None = None,
    *,
    target: str | None = None,
    task: str | None = None,
    hidden: int | Sequence[int] = 200,
    budget: str = "standard",
    seed: int = 0,
    progress: Progress | None = None,
    store: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
) -> Study:
    """Compare linear models, the identity network and networks with each activation on a table.

    Every model sees the same folds, seeds and recipe; preprocessing is fitted inside each fold.

    Parameters
    ----------
    X : str, path, data frame, array or Table, default "moons"
        A built-in name, a file, a data frame (with the target inside if ``y`` is None), or the features.
    y : (n,) array, optional
        The target, if X does not hold it.
    activations : names, formulas or Activations, default the classic and the common modern ones
    target : the name of the target column
    task : "classification" or "regression", default: told from the target
    hidden : units of the hidden layer, or of several
    budget : "quick", "standard" or "thorough"
    seed : all randomness follows from it
    progress : called with (steps done, all steps, what was just finished)
        A step is a fit, or at the end a look inside a network.
    store : an SQLite file, or an SQLAlchemy URL, that keeps every finished step
        What it holds of this very study is not done again, so a study that was stopped goes on, and several processes
        share the work. By default this process's memory.
    jobs : threads, default one per core
    cluster : the address of a Dask scheduler, whose workers do the fits instead

    Returns
    -------
    Study

    Raises
    ------
    TableError, UnknownNameError, FormulaError, InputError
        The table, an activation or a parameter cannot be used, or training ran away with all that a study needs.
    StoreError, ClusterError
        The store or the cluster cannot be used; the finished fits are kept.

    Examples
    --------
    >>> import nonlin as nl
    >>> result = nl.study("moons", activations=["tanh"], budget="quick")
    >>> result.linear_gap.needed
    True
    """
    table = X if isinstance(X, Table) else load(_frame(X, y), _target(y, target), task)  # type: ignore[arg-type]
    plan = make_plan(table.task, activations, hidden, budget, seed)
    source = str(X) if isinstance(X, str | os.PathLike) else ""
    with Store(store) as opened:
        return conduct(table, plan, progress, jobs, store=opened, cluster=cluster, source=source)


def conduct(
    table: Table,
    plan: Plan,
    progress: Progress | None = None,
    jobs: int | None = None,
    *,
    store: Store | None = None,
    cluster: str | None = None,
    source: str = "",
) -> Study:
    """Do the fits and diagnoses of a plan on a table that the store lacks, and read the study from the store."""
    store = store or Store()
    work = fit_keys(table, plan)
    name = study_key(work)
    store.begin(describe(name, table, plan, len(work), source), work)
    networks = sum(candidate.activation is not None for candidate in plan.candidates)
    finish = partial(_finish, table, plan, store, jobs, cluster)
    finish(fit_one, work, name, _counted(progress, 0, len(work) + networks))
    trials = store.fits(name)
    fits = tuple(chosen([*trials.values()]))
    check_trained(Study(table, plan, fits))
    inside = probe_keys(plan, trials)
    if inside:
        store.enter(study_key(inside), inside)
        finish(probe, inside, study_key(inside), _counted(progress, len(work), len(work) + len(inside), "diagnoses: "))
    diagnoses = tuple(store.diagnoses(study_key(inside)).values())
    return Study(table, plan, fits, tuple(trials.values()), diagnoses)


def check_trained(result: Study) -> None:
    """Refuse a study that has nothing to compare: its identity network or all its bent ones ran away in some fold.

    Raises
    ------
    InputError
        Names the networks, and what to do.
    """
    if "identity" in result.diverged:
        which, remedy = "the identity network, to which the others are compared", "rescale the table's numbers"
    elif not result.bent:
        bent = ", ".join(candidate.name for candidate in result.plan.candidates if candidate.role == "bent")
        which, remedy = f"every activation ({bent})", "take others, or rescale the table's numbers"
    else:
        return
    raise InputError(f"training ran away with {which}, on {result.table.name!r}; {remedy} and leave out rows far off")


def _finish(
    table: Table, plan: Plan, store: Store, jobs: int | None, cluster: str | None, do: Do, work: dict[str, Trial],
    name: str, progress: Progress,
) -> None:  # fmt: skip
    """Do what the store lacks of some work, here or on a cluster."""
    if done := store.done(name):
        progress(done, len(work), "found in the store")
    if done == len(work):
        return
    if cluster is None:
        run(table, plan, work, name, store, jobs, progress, do)
    else:
        from nonlin.lab.cluster import run_on_cluster

        run_on_cluster(table, plan, work, name, store, cluster, progress, do)


def _counted(progress: Progress | None, before: int, total: int, words: str = "") -> Progress:
    """Progress with some work, as progress with the whole study."""

    def advance(done: int, _: int, what: str) -> None:
        if progress is not None:
            progress(before + done, total, words + what)

    return advance


def _target(y: Any, target: str | None) -> str | None:
    return "target" if y is not None and target is None else target


def _frame(X: Any, y: Any) -> Any:
    """X with the target as a column, when the two come apart."""
    if y is None:
        return X
    import pandas as pd

    frame = X.copy() if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X))
    if not isinstance(X, pd.DataFrame):
        frame.columns = [f"x{i + 1}" for i in range(frame.shape[1])]
    frame["target"] = np.asarray(y)
    return frame
