"""The fits of a study: every candidate on every fold at every rate, in threads (the kernels release the GIL)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from threadpoolctl import threadpool_limits

from nonlin.data import Table
from nonlin.lab.fitting import Fit, Fold, fit_one, known_warnings_off, prepare, splits
from nonlin.lab.plan import Plan, Trial, trials

Progress = Callable[[int, int, str], None]
"""Called with the fits done, all fits, and what was just finished."""


def run(table: Table, plan: Plan, progress: Progress | None = None, jobs: int | None = None) -> list[Fit]:
    """All fits of the plan on the table, in the plan's order whatever the order in which they finish."""
    work = trials(plan)
    pool = ThreadPoolExecutor(jobs or os.cpu_count() or 1)
    try:
        with threadpool_limits(1, "blas"), known_warnings_off():
            folds = [pool.submit(prepare, table, i, *rows) for i, rows in enumerate(splits(table, plan))]
            fits = [pool.submit(_fit, trial, folds[trial.fold], table.task, plan) for trial in work]
            for done, fit in enumerate(_as_finished(fits), start=1):
                if progress is not None:
                    progress(done, len(work), f"{fit.candidate}, fold {fit.fold + 1}")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # Ctrl-C does not wait for the fits under way
    return [future.result() for future in fits]


def _fit(trial: Trial, fold: Future[Fold], task: str, plan: Plan) -> Fit:
    return fit_one(trial, fold.result(), task, plan)


def _as_finished(work: list[Future[Fit]]) -> Iterator[Fit]:
    """Results as they come; short waits let Ctrl-C through."""
    pending = set(work)
    while pending:
        finished, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in finished:
            yield future.result()


def chosen(fits: list[Fit]) -> list[Fit]:
    """Of each candidate and fold the fit at the learning rate with the lowest inner loss; of equals the lowest rate."""
    best: dict[tuple[str, int], Fit] = {}
    for fit in sorted(fits, key=lambda fit: (fit.inner_loss, fit.rate)):
        best.setdefault((fit.candidate, fit.fold), fit)
    order = {name: i for i, name in enumerate(dict.fromkeys(fit.candidate for fit in fits))}
    return sorted(best.values(), key=lambda fit: (order[fit.candidate], fit.fold))
