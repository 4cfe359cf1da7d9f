"""The fits of a study against scikit-learn's: the article's network, 2-200-1 logistic on moons, on all processors.

Run ``python benchmarks/study.py [--turns N] [--jobs N]``; README.md says what is measured.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from _timing import machine
from joblib import Parallel, delayed

from nonlin import get
from nonlin.data import Table, load
from nonlin.lab.fitting import Fold, prepare, splits
from nonlin.lab.keys import fit_keys, study_key
from nonlin.lab.plan import Budget, Candidate, Plan
from nonlin.lab.runner import run
from nonlin.lab.store import Store
from nonlin.lab.stored import describe

OURS, THEIRS, BAR = 100, 8, 12.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=10, help="turns of 100 fits against 8 (default 10)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="threads, and processes of scikit-learn")
    options = parser.parse_args()
    print(f"{machine()}\n{options.turns} turns of {OURS} and {THEIRS} fits on {options.jobs} processors")
    table = load("moons")
    folds = [prepare(table, i, *rows) for i, rows in enumerate(splits(table, plan(0)))]
    study(table, -1, options.jobs)  # compiles
    peers(folds, options.jobs)  # starts the processes
    turns = [
        (measured(lambda turn=turn: study(table, turn, options.jobs)), measured(lambda: peers(folds, options.jobs)))
        for turn in range(options.turns)
    ]
    for name, fits, times in zip(("nonlin", "scikit-learn"), (OURS, THEIRS), zip(*turns, strict=True), strict=True):
        wall, busy, wanted = np.median(times, axis=0) * [1, 1, 1]
        print(
            f"{name:>12}: {wall / fits * 1e3:7.1f} ms a fit; processors busy {busy:.0%}, busy or waited for {wanted:.0%}"
        )
    ratios = sorted(theirs[0] / THEIRS / (ours[0] / OURS) for ours, theirs in turns)
    word = "pass" if np.median(ratios) >= BAR else "FAIL"
    print(f"times as fast, a fit: {np.median(ratios):.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f}), bar {BAR}: {word}")


def plan(seed: int) -> Plan:
    """The article's network alone, with the recipe of a standard study, at its middle rate."""
    return Plan((Candidate("sigmoid", "bent", get("sigmoid")),), (200,), Budget(5, OURS // 5, 500, (1.0,)), seed)


def study(table: Table, seed: int, jobs: int) -> None:
    """Do the fits as a study does them, with the preparation of the folds, all scores and the store."""
    own = plan(seed + 1)
    work = fit_keys(table, own)
    with Store() as store:
        store.begin(describe(study_key(work), table, own, len(work)), work)
        run(table, own, work, study_key(work), store, jobs, lambda *_: None)


def peers(folds: list[Fold], jobs: int) -> None:
    Parallel(n_jobs=jobs)(delayed(peer)(folds[i % len(folds)], i) for i in range(THEIRS))


def peer(fold: Fold, seed: int) -> float:
    """Fit scikit-learn's network of that shape with its defaults, and score it."""
    from sklearn.neural_network import MLPClassifier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its default 200 epochs do not suffice
        model = MLPClassifier(200, activation="logistic", random_state=seed).fit(fold.X_train, fold.y_train)
    return float(model.score(fold.X_test, fold.y_test))


def measured(call: Callable[[], Any]) -> tuple[float, float, float]:
    """Seconds, the share of the processors that this process used, and the share that it used or waited for."""
    wall, used, waited = time.perf_counter(), processor_seconds(), waiting_seconds()
    call()
    wall = time.perf_counter() - wall
    used = processor_seconds() - used
    return wall, used / wall / (os.cpu_count() or 1), (used + waiting_seconds() - waited) / wall / (os.cpu_count() or 1)


def processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def waiting_seconds() -> float:
    """How long the living threads of this process have waited for a processor (Linux)."""
    return sum(int(path.read_text().split()[1]) for path in Path("/proc/self/task").glob("*/schedstat")) / 1e9


if __name__ == "__main__":
    main()
