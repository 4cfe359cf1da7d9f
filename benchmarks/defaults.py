"""Held-out score of the multilayer perceptrons' defaults beside scikit-learn's, on all built-in sets.

Run ``python benchmarks/defaults.py [--seeds N]``; README.md says what is measured.
"""

from __future__ import annotations

import argparse
import warnings
from statistics import mean
from typing import Any

import numpy as np
import sklearn.neural_network
from scipy.stats import t
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import nonlin
from _timing import machine
from nonlin.data import Table, built_in_names, load

Array = np.ndarray[Any, Any]
HELD_OUT = 0.25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="of the split and of the model (default 5)")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # that 200 epochs did not suffice is part of the defaults
    print(f"{machine()}\n{options.seeds} seeds, mean ± standard deviation\n")
    print("| set | score | nonlin | scikit-learn | difference | seeds better, worse | beyond noise |")
    print("|---|---|---|---|---|---|---|", flush=True)
    gains: dict[str, list[float]] = {}
    for table in map(load, built_in_names()):
        gains.setdefault(table.task, []).append(compare(table, options.seeds).mean())
    for task, differences in gains.items():
        print(f"\nmean difference, {task} ({len(differences)}): {mean(differences):+.4f}")


def compare(table: Table, seeds: int) -> Array:
    """Print a set's row; return the differences, one a seed."""
    own, peer = np.array([scores(table, seed) for seed in range(seeds)]).T
    gain = own - peer
    score = "accuracy" if table.task == "classification" else "R²"
    counts = f"{(gain > 0).sum()}, {(gain < 0).sum()}"
    figures = f"{told(own)} | {told(peer)} | {gain.mean():+.4f} ± {gain.std(ddof=1):.4f} | {counts} | {verdict(gain)}"
    print(f"| {table.name} | {score} | {figures} |", flush=True)
    return gain


def scores(table: Table, seed: int) -> list[float]:
    """What nonlin and scikit-learn reach on the part that this seed holds out."""
    classifies = table.task == "classification"
    parts = train_test_split(
        table.X, table.y, test_size=HELD_OUT, random_state=seed, stratify=table.y if classifies else None
    )
    name = "MLPClassifier" if classifies else "MLPRegressor"
    return [score(getattr(library, name)(random_state=seed), *parts) for library in (nonlin, sklearn.neural_network)]


def score(model: Any, X: Any, X_held: Any, y: Array, y_held: Array) -> float:
    return float(make_pipeline(StandardScaler(), model).fit(X, y).score(X_held, y_held))


def told(values: Array) -> str:
    return f"{values.mean():.4f} ± {values.std(ddof=1):.4f}"


def verdict(gain: Array) -> str:
    """Whether the mean difference leaves its 95 % interval around 0.

    The training parts of the seeds overlap, which their spread does not show; the share of the rows that is held
    out corrects for that (Nadeau and Bengio 2003).
    """
    error = gain.std(ddof=1) * np.sqrt(1 / gain.size + HELD_OUT / (1 - HELD_OUT))
    if abs(gain.mean()) <= t.ppf(0.975, gain.size - 1) * error:
        return "no"
    return "better" if gain.mean() > 0 else "**worse**"


if __name__ == "__main__":
    main()
