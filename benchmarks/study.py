"""The fits of a study against scikit-learn's: the article's network, 2-200-1 logistic on moons, on all processors.

Run ``python benchmarks/study.py [--turns N] [--jobs N]``; README.md says what is measured.
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from _timing import machine
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
    ours, theirs = (np.median(times, axis=0) for times in zip(*turns, strict=True))
    print(f"nonlin {ours[0] / OURS * 1e3:.1f} ms a fit, processors busy {ours[1] / os.cpu_count():.0%}")
    print(f"scikit-learn {theirs[0] / THEIRS * 1e3:.1f} ms a fit")
    ratios = sorted(peer[0] / THEIRS / (own[0] / OURS) for own, peer in turns)
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


def measured(call: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of a call, and how many processors this process kept busy in them."""
    began, used = time.perf_counter(), time.process_time()
    call()
    seconds = time.perf_counter() - began
    return seconds, (time.process_time() - used) / seconds


if __name__ == "__main__":
    main()
