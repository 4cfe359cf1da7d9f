"""The diagnoses of a study: which networks are looked into, and those that its store lacks, in threads."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, wait

import numpy as np

from nonlin.backends.threads import threads
from nonlin.data import Table
from nonlin.lab.choice import chosen
from nonlin.lab.fitting import Fit, Fold, prepare, splits
from nonlin.lab.keys import hashed
from nonlin.lab.plan import Plan, Trial
from nonlin.lab.probing import Diagnosis, probe
from nonlin.lab.runner import Progress, _next, _pool
from nonlin.lab.store import Store


def probes(plan: Plan, fits: dict[str, Fit]) -> dict[str, Trial]:
    """What is looked into, by the keys of the diagnoses: every network on its first fold, unless it ran away there.

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


def run_probes(
    table: Table, plan: Plan, work: dict[str, Trial], name: str, store: Store, jobs: int | None, progress: Progress
) -> None:
    """Do the diagnoses that nobody has done, and put each into the store as it is finished.

    Parameters
    ----------
    work : the diagnoses by their keys
    name : what the store calls them
    jobs : threads, default one per core
    """
    workers = jobs or threads()
    taken: set[str] = set()
    running: dict[Future[Diagnosis], str] = {}
    with _pool(workers) as pool:
        fold = pool.submit(prepare, table, 0, *next(splits(table, plan)))
        while True:
            for key in _next(store, name, workers + 1 - len(running), taken):
                taken.add(key)
                running[pool.submit(_probe, work[key], fold, table.task, plan)] = key
            if not running:
                return
            for future in wait(running, timeout=0.2, return_when=FIRST_COMPLETED).done:  # short, to let Ctrl-C through
                found = future.result()
                store.put(running.pop(future), found)
                progress(store.done(name), len(work), f"{found.candidate}, fold {found.fold + 1}")


def _probe(trial: Trial, fold: Future[Fold], task: str, plan: Plan) -> Diagnosis:
    return probe(trial, fold.result(), task, plan)
