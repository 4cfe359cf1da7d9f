"""Train multilayer perceptrons by L-BFGS with nonlin and with scikit-learn to the same loss, in one run.

Run ``python benchmarks/lbfgs.py [--threads N] [--turns N] [--seeds N]``; README.md says what is measured.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from _timing import in_turns, keep_to, machine, verdict

TARGETS = (1e-2, 1e-3)  # mean cross-entropy with penalty
MOST, BAR, PAUSE = 1024, 3, 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1, help="processors for everyone (default 1)")
    parser.add_argument("--turns", type=int, default=5, help="timed turns each (default 5)")
    parser.add_argument("--seeds", type=int, default=5, help="starts, trained one after the other (default 5)")
    options = parser.parse_args()
    keep_to(options.threads)
    warnings.simplefilter("ignore")  # that the iterations which suffice for the target are too few to converge
    print(f"{machine()}\n{options.threads} thread(s) for everyone; median of {options.turns} turns")
    for name, X, y in tables():
        for target in TARGETS:
            compare(name, X, y, target, options.turns, range(options.seeds))


def tables() -> Iterator[tuple[str, Any, Any]]:
    from sklearn.datasets import load_breast_cancer, load_digits
    from sklearn.preprocessing import scale

    for name, bunch in (("breast_cancer", load_breast_cancer()), ("digits", load_digits())):
        for dtype in ("float64", "float32"):
            yield f"{name}, standardised, {dtype}", scale(bunch.data).astype(dtype), bunch.target


def compare(name: str, X: Any, y: Any, target: float, turns: int, seeds: range) -> None:
    from sklearn.neural_network import MLPClassifier as Peer

    import nonlin

    libraries = {"nonlin": nonlin.MLPClassifier, "scikit-learn": Peer}
    counts = {c: [iterations(library, X, y, target, seed) for seed in seeds] for c, library in libraries.items()}
    times = in_turns({c: fits(libraries[c], X, y, counts[c]) for c in libraries}, turns, PAUSE)
    print(f"\n{name}: loss at most {target:g} from {len(seeds)} starts")
    each = {c: [taken / sum(counts[c]) for taken in times[c]] for c in libraries}
    for c, taken in times.items():
        figures = f"{median(taken) / len(seeds) * 1e3:8.1f} ms, fastest {taken[0] / len(seeds) * 1e3:8.1f}"
        steps = f"{sum(counts[c]) / len(seeds):6.1f} iterations of {median(each[c]) * 1e3:.3f} ms"
        print(f"  {c:14s}{figures}, {steps}")
    print(f"  {verdict(times['scikit-learn'], times['nonlin'], BAR)}")
    print(f"  an iteration: {verdict(each['scikit-learn'], each['nonlin'], BAR)}", flush=True)


def iterations(library: Any, X: Any, y: Any, target: float, seed: int) -> int:
    """The fewest iterations with which this start reaches the target; the loss falls in each of them."""
    few, enough = 0, MOST
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if fit(library, X, y, middle, seed).loss_ <= target else (middle, enough)
    if enough == MOST:
        raise RuntimeError(f"{library.__module__} does not get to {target} from seed {seed}")
    return enough


def fits(library: Any, X: Any, y: Any, counts: list[int]) -> Callable[[], None]:
    """Train from each start, one after the other."""

    def train() -> None:
        for seed, count in enumerate(counts):
            fit(library, X, y, count, seed)

    return train


def fit(library: Any, X: Any, y: Any, count: int, seed: int) -> Any:
    return library(solver="lbfgs", max_iter=count, tol=0.0, random_state=seed).fit(X, y)


if __name__ == "__main__":
    main()
