"""What a study will take, told from a short trial of its models on some of the rows."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from nonlin.data import Table
from nonlin.lab.fitting import Array, Fit, Fold, fit_one, known_warnings_off, prepare
from nonlin.lab.plan import Candidate, Plan, Trial

_ROWS, _EPOCHS = 1000, 5


def expected_seconds(table: Table, plan: Plan, work: Iterable[Trial], threads: int) -> float:
    """The time that fits of a study will take on so many threads, roughly.

    Each network is trained for a few epochs on at most 1,000 rows, which also compiles it, and one of them to its
    end at each learning rate: its epochs stand for everyone's. Time is taken as proportional to the rows.

    Parameters
    ----------
    work : the fits that are left to do

    Examples
    --------
    >>> from nonlin.data import load
    >>> from nonlin.lab.plan import make_plan, trials
    >>> plan = make_plan("classification", ["tanh"], 10, "quick", 0)
    >>> 0.01 < expected_seconds(load("xor"), plan, trials(plan), threads=1) < 10
    True
    """
    rows = _some_rows(table)
    with known_warnings_off():
        began = time.perf_counter()
        fold = prepare(table, 0, rows, rows)
        preparing = time.perf_counter() - began
        epochs = float(np.mean([_timed(plan.candidates[-1], rate, fold, table, plan)[1].epochs for rate in plan.rates]))
        each = {c.name: _seconds(c, fold, table, plan, epochs) for c in plan.candidates}
    work = list(work)
    alone = sum(each[trial.candidate.name] for trial in work) + preparing * len({trial.fold for trial in work})
    folds = plan.budget.folds
    return alone * len(table.y) * (folds - 1) / folds / len(rows) / threads


def _some_rows(table: Table) -> Array:
    """Rows drawn at random, with two of every class at least."""
    drawn = np.random.default_rng(0).permutation(len(table.y))
    if table.task == "regression":
        return drawn[:_ROWS]
    _, codes = np.unique(table.y[drawn], return_inverse=True)
    ranks = np.empty(len(codes), int)  # a row's place among those of its class
    for code in range(codes.max() + 1):
        ranks[codes == code] = np.arange((codes == code).sum())
    return drawn[np.argsort(ranks >= 2, kind="stable")][:_ROWS]


def _seconds(candidate: Candidate, fold: Fold, table: Table, plan: Plan, epochs: float) -> float:
    """The time of a whole fit: that of its epochs, and of the scores and all else."""
    if candidate.activation is None:
        return _timed(candidate, 0.0, fold, table, plan)[0]
    short = replace(plan, budget=replace(plan.budget, epochs=_EPOCHS))
    _timed(candidate, plan.rates[0], fold, table, short)  # compiles
    seconds, fit = _timed(candidate, plan.rates[0], fold, table, short)
    return seconds - fit.seconds + fit.seconds / max(fit.epochs, 1) * epochs


def _timed(candidate: Candidate, rate: float, fold: Fold, table: Table, plan: Plan) -> tuple[float, Fit]:
    began = time.perf_counter()
    fit = fit_one(Trial(candidate, 0, rate), fold, table.task, plan)
    return time.perf_counter() - began, fit


def spoken(seconds: float) -> str:
    """A rough time in words.

    Examples
    --------
    >>> [spoken(s) for s in (0.2, 38.4, 250, 9000)]
    ['1 s', '38 s', '4 min', '2.5 h']
    """
    if seconds < 100:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
