"""What a study will take, told from a short trial of its models on some of the rows."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import numpy as np

from nonlin.data import Table
from nonlin.lab.fitting import Array, Fit, Fold, fit_one, known_warnings_off, prepare
from nonlin.lab.plan import Candidate, Plan, Trial
from nonlin.lab.probing import probe

_ROWS, _EPOCHS = 1000, 5


def expected_seconds(table: Table, plan: Plan, work: Iterable[Trial], threads: int) -> float:
    """The time that fits of a study, and a look inside every network, will take on so many threads, roughly.

    Each network is trained for a few epochs on at most 1,000 rows, which also compiles it, and one of them to its
    end at each learning rate, and once more to look inside it: its epochs and its look stand for everyone's. Time is
    taken as proportional to the rows, save that of the look, which takes no more than 500.

    Parameters
    ----------
    work : the fits that are left to do

    Examples
    --------
    >>> from nonlin.data import load
    >>> from nonlin.lab.plan import make_plan, trials
    >>> plan = make_plan("classification", ["tanh"], 10, "quick", 0)
    >>> expected_seconds(load("xor"), plan, trials(plan), threads=1) > 0.01
    True
    """
    pool = ThreadPoolExecutor(1)
    try:
        with known_warnings_off():
            estimate = pool.submit(_estimate, table, plan, list(work), threads)
            while not estimate.done():  # Ctrl-C comes to this thread: inside a fit it would end no more than that fit
                wait([estimate], timeout=0.2)
        return estimate.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _estimate(table: Table, plan: Plan, work: list[Trial], threads: int) -> float:
    rows, last = _some_rows(table), plan.candidates[-1]
    _timed(last, plan.rates[0], prepare(table, 0, rows, rows), table, _short(plan))  # imports and compiles
    began = time.perf_counter()
    fold = prepare(table, 0, rows, rows)
    preparing = time.perf_counter() - began
    whole = [_timed(last, rate, fold, table, plan) for rate in plan.rates]
    epochs = float(np.mean([fit.epochs for _, fit in whole]))
    each = {c.name: _seconds(c, fold, table, plan, epochs) for c in plan.candidates}
    look = max(0.0, _probed(Trial(last, 0, plan.rates[0]), fold, table, plan) - whole[0][0])
    networks = [c.name for c in plan.candidates if c.activation is not None]
    fits = sum(each[name] for name in [*networks, *(trial.candidate.name for trial in work)])
    alone = fits + preparing * len({trial.fold for trial in work})
    folds = plan.budget.folds
    return (alone * len(table.y) * (folds - 1) / folds / len(rows) + look * len(networks)) / threads


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
    _timed(candidate, plan.rates[0], fold, table, _short(plan))  # compiles
    seconds, fit = _timed(candidate, plan.rates[0], fold, table, _short(plan))
    return seconds - fit.seconds + fit.seconds / max(fit.epochs, 1) * epochs


def _timed(candidate: Candidate, rate: float, fold: Fold, table: Table, plan: Plan) -> tuple[float, Fit]:
    began = time.perf_counter()
    fit = fit_one(Trial(candidate, 0, rate), fold, table.task, plan)
    return time.perf_counter() - began, fit


def _probed(trial: Trial, fold: Fold, table: Table, plan: Plan) -> float:
    """The time of a fit with looks inside it."""
    probe(trial, fold, table.task, _short(plan))  # compiles
    began = time.perf_counter()
    probe(trial, fold, table.task, plan)
    return time.perf_counter() - began


def _short(plan: Plan) -> Plan:
    return replace(plan, budget=replace(plan.budget, epochs=_EPOCHS))


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
