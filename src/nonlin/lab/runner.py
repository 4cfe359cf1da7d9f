"""The fits of a study that its store lacks, in threads (the kernels release the GIL)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

from nonlin.backends.threads import threads
from nonlin.data import Table
from nonlin.lab.fitting import Fit, Fold, fit_one, known_warnings_off, prepare, splits
from nonlin.lab.plan import Plan, Trial
from nonlin.lab.store import Store

Progress = Callable[[int, int, str], None]
"""Called with the fits done, all fits, and what was just finished."""

_FOLDS_KEPT = 3


def run(
    table: Table, plan: Plan, work: dict[str, Trial], study: str, store: Store, jobs: int | None, progress: Progress
) -> None:
    """Do the fits of a study that nobody has done, and put each into the store as it is finished.

    Only this thread speaks with the store. A fit that fails does not keep the others from being done; its error is
    raised at the end.

    Parameters
    ----------
    work : the study's fits by their keys
    study : the study's name in the store
    jobs : threads, default one per core
    """
    workers = jobs or threads()
    taken: set[str] = set()
    running: dict[Future[Fit], str] = {}
    errors: list[BaseException] = []
    with _pool(workers) as pool:
        folds = _Folds(table, plan, pool)
        while True:
            for key in _next(store, study, workers + 1 - len(running), taken):
                taken.add(key)
                running[pool.submit(_fit, work[key], folds.of(work[key]), table.task, plan)] = key
            if not running:
                break
            for key, future in _finished(running):
                if error := future.exception():
                    errors.append(error)
                    continue
                store.put(key, future.result())
                progress(store.done(study), len(work), f"{work[key].candidate.name}, fold {work[key].fold + 1}")
    if errors:
        raise errors[0]


@contextmanager
def _pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(workers)
    try:
        with threadpool_limits(1, "blas"), known_warnings_off():
            yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # Ctrl-C does not wait for the fits under way


def _next(store: Store, study: str, count: int, taken: set[str]) -> list[str]:
    """Fits that nobody has claimed; when there are none, those that others claimed and have not finished."""
    if count < 1:
        return []
    return store.claim(study, count) or [key for key in store.unfinished(study) if key not in taken][:count]


def _fit(trial: Trial, fold: Future[Fold], task: str, plan: Plan) -> Fit:
    return fit_one(trial, fold.result(), task, plan)


def _finished(running: dict[Future[Fit], str]) -> Iterator[tuple[str, Future[Fit]]]:
    """What is finished, taken out of ``running``; short waits let Ctrl-C through."""
    for future in wait(running, timeout=0.2, return_when=FIRST_COMPLETED).done:
        yield running.pop(future), future


class _Folds:
    """The folds, each prepared by the pool before the first fit that needs it; the last few are kept."""

    def __init__(self, table: Table, plan: Plan, pool: ThreadPoolExecutor) -> None:
        self._table, self._pool = table, pool
        self._rows = list(splits(table, plan))
        self._prepared: dict[int, Future[Fold]] = {}

    def of(self, trial: Trial) -> Future[Fold]:
        """The fold of a trial; the one after it is begun too, so that no fit waits for it."""
        for index in (trial.fold, trial.fold + 1):
            if index < len(self._rows) and index not in self._prepared:
                self._prepared[index] = self._pool.submit(prepare, self._table, index, *self._rows[index])
        fold = self._prepared[trial.fold]
        while len(self._prepared) > _FOLDS_KEPT:
            del self._prepared[next(iter(self._prepared))]
        return fold
