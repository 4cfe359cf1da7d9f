"""Predict 1,000,000 rows with nonlin and with scikit-learn, the same network with the same weights, in one run.

Run ``python benchmarks/prediction.py [--threads N] [--turns N]``; README.md says what is measured.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable
from statistics import median
from typing import Any

from _timing import in_turns, keep_to, machine, verdict

ROWS, COLUMNS, BAR = 10**6, 20, 3
NETWORKS = {"100 relu": (100, "relu"), "200 logistic": (200, "logistic"), "100 tanh": (100, "tanh")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1, help="processors for everyone (default 1)")
    parser.add_argument("--turns", type=int, default=7, help="timed turns each (default 7)")
    options = parser.parse_args()
    keep_to(options.threads)
    warnings.simplefilter("ignore")  # two epochs are not meant to converge
    print(f"{machine()}\n{options.threads} thread(s) for everyone; median of {options.turns} turns")
    for name, (units, activation) in NETWORKS.items():
        compare(name, units, activation, options.turns)


def compare(name: str, units: int, activation: str, turns: int) -> None:
    import numpy as np

    X = np.random.default_rng(0).standard_normal((ROWS, COLUMNS), dtype=np.float32)
    predict = predictors(X, units, activation)
    apart = np.abs(predict["nonlin"]() - predict["scikit-learn"]()).max()
    products = {"the matrix products alone": matrix_products(X, units)}
    times = in_turns(predict | products, turns)
    print(f"\n{ROWS:,} x {COLUMNS} float32, {name} units, 2 classes; probabilities at most {apart:.1e} apart")
    for contender, taken in times.items():
        print(f"  {contender:26s}{median(taken) * 1e3:8.1f} ms, fastest {taken[0] * 1e3:8.1f}")
    print(f"  {verdict(times['scikit-learn'], times['nonlin'], BAR)}")


def predictors(X: Any, units: int, activation: str) -> dict[str, Callable[[], Any]]:
    """The two models, trained a little; scikit-learn's has nonlin's weights."""
    from sklearn.neural_network import MLPClassifier as Peer

    import nonlin

    few, y = X[:1000], X[:1000, 0] * X[:1000, 1] > 0
    own, peer = (
        library((units,), activation=activation, max_iter=2, random_state=0).fit(few, y)
        for library in (nonlin.MLPClassifier, Peer)
    )
    peer.coefs_, peer.intercepts_ = own.coefs_, own.intercepts_
    return {"nonlin": lambda: own.predict_proba(X), "scikit-learn": lambda: peer.predict_proba(X)}


def matrix_products(X: Any, units: int) -> Callable[[], None]:
    """X times weights of the hidden layer by BLAS in blocks that stay in the cache: what no contender can save."""
    import numpy as np

    block = 1024
    W, Z = np.ones((COLUMNS, units), X.dtype), np.empty((block, units), X.dtype)

    def multiply() -> None:
        for i in range(0, ROWS - ROWS % block, block):
            np.dot(X[i : i + block], W, Z)

    return multiply


if __name__ == "__main__":
    main()
