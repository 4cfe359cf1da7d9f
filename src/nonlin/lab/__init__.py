"""The study: what does non-linearity buy on a table, and which activation should one use?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nonlin.activation import Activation
from nonlin.data import Table, load
from nonlin.lab.plan import Plan, make_plan
from nonlin.lab.probing import diagnose_all
from nonlin.lab.result import Study
from nonlin.lab.runner import Progress, chosen, run

__all__ = ["Study", "conduct", "make_plan", "study"]


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
    jobs: int | None = None,
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
    progress : called with (fits done, all fits, what was just finished)
    jobs : threads, default one per core

    Returns
    -------
    Study

    Raises
    ------
    TableError, UnknownNameError, FormulaError, InputError
        The table, an activation or a parameter cannot be used.

    Examples
    --------
    >>> import nonlin as nl
    >>> result = nl.study("moons", activations=["tanh"], budget="quick")
    >>> result.linear_gap.needed
    True
    """
    table = X if isinstance(X, Table) else load(_frame(X, y), _target(y, target), task)  # type: ignore[arg-type]
    return conduct(table, make_plan(table.task, activations, hidden, budget, seed), progress, jobs)


def conduct(table: Table, plan: Plan, progress: Progress | None = None, jobs: int | None = None) -> Study:
    """Run a plan on a table."""
    trials = run(table, plan, progress, jobs)
    fits = tuple(chosen(trials))
    return Study(table, plan, fits, tuple(trials), diagnose_all(table, plan, fits, jobs))


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
