"""The fits of a study against scikit-learn's: the article's network, 2-200-1 logistic on moons, on all processors.

scikit-learn fits it twice: by the study's own recipe (batches of 32, the loss on held-out rows watched, 30 epochs of
patience), and with its own defaults (batches of 200, at most 200 epochs).

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
from nonlin.lab.fitting import Fold, fit_one, prepare, splits
from nonlin.lab.keys import fit_keys, study_key
from nonlin.lab.plan import Budget, Candidate, Plan
from nonlin.lab.runner import run
from nonlin.lab.store import Store
from nonlin.lab.stored import describe

OURS, THEIRS, BAR = 100, 8, 12.5
RECIPES: dict[str, dict[str, Any]] = {
    "the study's recipe": {
        "batch_size": 32, "learning_rate_init": 0.01, "early_stopping": True, "n_iter_no_change": 30, "tol": 0.0,
        "max_iter": 500,
    },
    "its defaults": {},
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=10, help="turns of 100 fits against 8 and 8 (default 10)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="threads, and processes of scikit-learn")
    options = parser.parse_args()
    print(f"{machine()}\n{options.turns} turns of {OURS}, {THEIRS} and {THEIRS} fits on {options.jobs} processors")
    table = load("moons")
    folds = [prepare(table, i, *rows) for i, rows in enumerate(splits(table, plan(0)))]
    study(table, -1, options.jobs)  # compiles
    peers(folds, options.jobs, {})  # starts the processes
    turns = [
        (measured(lambda turn=turn: study(table, turn, options.jobs)),
         *(measured(lambda recipe=recipe: peers(folds, options.jobs, recipe)) for recipe in RECIPES.values()))
        for turn in range(options.turns)
    ]  # fmt: skip
    own, *others = np.median(turns, axis=0)
    print(f"nonlin {own[0] / OURS * 1e3:.1f} ms a fit, processors busy {own[1] / os.cpu_count():.0%}")
    for k, (name, other) in enumerate(zip(RECIPES, others, strict=True), start=1):
        ratios = sorted(turn[k][0] / THEIRS / (turn[0][0] / OURS) for turn in turns)
        ratio, word = np.median(ratios), "pass" if np.median(ratios) >= BAR else "FAIL"
        print(f"scikit-learn, {name}: {other[0] / THEIRS * 1e3:.1f} ms a fit")
        print(f"    times as fast, a fit: {ratio:.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f}), bar {BAR}: {word}")


def plan(seed: int) -> Plan:
    """The article's network as ten candidates, with a standard study's recipe and folds, at one rate."""
    candidates = tuple(Candidate(f"sigmoid {i}", "bent", get("sigmoid")) for i in range(OURS // 10))
    return Plan(candidates, (200,), Budget(5, 2, 500, (1.0,)), seed)


def study(table: Table, seed: int, jobs: int) -> None:
    """Do the fits as a study does them, with the preparation of the folds, all scores and the store."""
    own = plan(seed + 1)
    work = fit_keys(table, own)
    with Store() as store:
        store.begin(describe(study_key(work), table, own, len(work)), work)
        run(table, own, work, study_key(work), store, jobs, lambda *_: None, fit_one)


def peers(folds: list[Fold], jobs: int, recipe: dict[str, Any]) -> None:
    Parallel(n_jobs=jobs)(delayed(peer)(folds[i % len(folds)], i, recipe) for i in range(THEIRS))


def peer(fold: Fold, seed: int, recipe: dict[str, Any]) -> float:
    """Fit scikit-learn's network of that shape, and score it."""
    from sklearn.neural_network import MLPClassifier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its default 200 epochs do not suffice
        model = MLPClassifier(200, activation="logistic", random_state=seed, **recipe).fit(fold.X_train, fold.y_train)
    return float(model.score(fold.X_test, fold.y_test))


def measured(call: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of a call, and how many processors this process kept busy in them."""
    began, used = time.perf_counter(), time.process_time()
    call()
    seconds = time.perf_counter() - began
    return seconds, (time.process_time() - used) / seconds


if __name__ == "__main__":
    main()
