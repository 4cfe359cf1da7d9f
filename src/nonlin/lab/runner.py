"""The fits and diagnoses of a study that its store lacks, in threads (the kernels release the GIL)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

from nonlin.backends.threads import threads
from nonlin.data import Table
from nonlin.lab.fitting import Fit, Fold, known_warnings_off, prepare, splits
from nonlin.lab.plan import Plan, Trial
from nonlin.lab.probing import Diagnosis
from nonlin.lab.store import Store

Progress = Callable[[int, int, str], None]
"""Called with the steps done, all steps, and what was just finished."""
Do = Callable[[Trial, Fold, str, Plan], Fit | Diagnosis]
"""What is done with a trial on a prepared fold: a fit, or a look inside the network."""

_FOLDS_KEPT = 3


def run(
    table: Table,
    plan: Plan,
    work: dict[str, Trial],
    name: str,
    store: Store,
    jobs: int | None,
    progress: Progress,
    do: Do,
) -> None:
    """Do the fits of a study, or its diagnoses, that nobody has done, and put each into the store when it is finished.

    Only this thread speaks with the store. One that fails does not keep the others from being done; its error is
    raised at the end.

    Parameters
    ----------
    work : the fits, or the diagnoses, by their keys
    name : what the store calls them
    jobs : threads, default one per core
    do : what a thread does with a trial
    """
    workers = jobs or threads()
    workers += workers > 1  # while one waits for the interpreter's lock another computes
    taken: set[str] = set()
    running: dict[Future[Fit | Diagnosis], str] = {}
    errors: list[BaseException] = []
    with _pool(workers) as pool:
        folds = _Folds(table, plan, pool, {trial.fold for trial in work.values()})
        while True:
            for key in _next(store, name, workers + 1 - len(running), taken):
                taken.add(key)
                running[pool.submit(_done, do, work[key], folds.of(work[key]), table.task, plan)] = key
            if not running:
                break
            for key, future in _finished(running):
                if error := future.exception():
                    errors.append(error)
                    continue
                store.put(key, future.result())
                progress(store.done(name), len(work), f"{work[key].candidate.name}, fold {work[key].fold + 1}")
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


def _next(store: Store, name: str, count: int, taken: set[str]) -> list[str]:
    """Keys that nobody has claimed; when there are none, those that others claimed and have not finished."""
    if count < 1:
        return []
    return store.claim(name, count) or [key for key in store.unfinished(name) if key not in taken][:count]


def _done(do: Do, trial: Trial, fold: Future[Fold], task: str, plan: Plan) -> Fit | Diagnosis:
    return do(trial, fold.result(), task, plan)


def _finished(running: dict[Future[Fit | Diagnosis], str]) -> Iterator[tuple[str, Future[Fit | Diagnosis]]]:
    """What is finished, taken out of ``running``; short waits let Ctrl-C through."""
    for future in wait(running, timeout=0.2, return_when=FIRST_COMPLETED).done:
        yield running.pop(future), future


class _Folds:
    """The folds, each prepared by the pool before the first fit that needs it; the last few are kept."""

    def __init__(self, table: Table, plan: Plan, pool: ThreadPoolExecutor, wanted: set[int]) -> None:
        self._table, self._pool = table, pool
        self._rows = {i: rows for i, rows in enumerate(splits(table, plan)) if i in wanted}
        self._prepared: dict[int, Future[Fold]] = {}

    def of(self, trial: Trial) -> Future[Fold]:
        """The fold of a trial; the one after it is begun too, so that no fit waits for it."""
        for index in (trial.fold, trial.fold + 1):
            if index in self._rows and index not in self._prepared:
                self._prepared[index] = self._pool.submit(prepare, self._table, index, *self._rows[index])
        fold = self._prepared[trial.fold]
        while len(self._prepared) > _FOLDS_KEPT:
            del self._prepared[next(iter(self._prepared))]
        return fold
