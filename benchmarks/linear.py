"""Fit linear regressions with nonlin and with scikit-learn, and logistic ones to the same gradient, in one run.

Run ``python benchmarks/linear.py [--threads N] [--turns N]``; README.md says what is measured.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from _timing import in_turns, keep_to, machine, verdict

TARGETS = (
    1e-4,
    1e-6,
)  # of the largest entry of the gradient of the mean penalised loss; 1e-4 is scikit-learn's default
TOLERANCES = [10.0**-k for k in range(1, 13)]
PAUSE = 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2, help="processors for everyone (default 2)")
    parser.add_argument("--turns", type=int, default=9, help="timed turns each (default 9)")
    options = parser.parse_args()
    keep_to(options.threads)
    warnings.simplefilter("ignore")  # that a loose tolerance was reached, or the tightest was not
    print(f"{machine()}\n{options.threads} thread(s) for everyone; median of {options.turns} turns")
    least_squares(options.turns)
    for name, X, y in tables():
        for target in TARGETS:
            compare(name, X, y, target, options.turns)


def least_squares(turns: int) -> None:
    """Time both LinearRegressions on made rows, and print how far their weights are apart."""
    import numpy as np
    from sklearn.linear_model import LinearRegression as Peer

    from nonlin import LinearRegression

    rng = np.random.default_rng(0)
    X = rng.normal(size=(200_000, 50))
    y = X @ rng.normal(size=50) + rng.normal(size=len(X))
    fits = {"nonlin": lambda: LinearRegression().fit(X, y), "scikit-learn": lambda: Peer().fit(X, y)}
    own, peer = (call().coef_ for call in fits.values())
    times = in_turns(fits, turns, PAUSE)
    print(f"\nleast squares, 200,000 x 50 float64: weights apart by at most {np.abs(own - peer).max():.1e}")
    for contender, taken in times.items():
        print(f"  {contender:16s}{median(taken) * 1e3:8.2f} ms, fastest {taken[0] * 1e3:8.2f}")
    print(f"  {verdict(times['scikit-learn'], times['nonlin'], 1)}")


def tables() -> Iterator[tuple[str, Any, Any]]:
    import numpy as np
    from sklearn.datasets import load_breast_cancer, load_digits
    from sklearn.preprocessing import scale

    cancer, digits = load_breast_cancer(), load_digits()
    yield "breast_cancer, standardised", scale(cancer.data), cancer.target
    yield "digits", digits.data, digits.target
    yield "digits, standardised", scale(digits.data), digits.target
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100_000, 20))
    yield "made, 100,000 x 20", X, (X @ rng.normal(size=20) + rng.logistic(size=len(X)) > 0).astype(int)


def compare(name: str, X: Any, y: Any, target: float, turns: int) -> None:
    print(f"\n{name}: gradient at most {target:g}")
    fits, reached = {}, {}
    for contender, model in contenders().items():
        tol = loosest(model, X, y, target)
        if tol is None:
            print(f"  {contender} does not get there")
            continue
        fits[contender] = fit(model, X, y, tol)
        reached[contender] = gradient(fits[contender](), X, y)
    times = in_turns(fits, turns, PAUSE)
    for contender, taken in times.items():
        figures = f"{median(taken) * 1e3:8.2f} ms, fastest {taken[0] * 1e3:8.2f}, gradient {reached[contender]:.1e}"
        print(f"  {contender:16s}{figures}")
    peers = [taken for contender, taken in times.items() if contender != "nonlin"]
    if "nonlin" in times and peers:
        ratio = min(median(taken) for taken in peers) / median(times["nonlin"])
        fastest = min(taken[0] for taken in peers) / times["nonlin"][0]
        word = "pass" if ratio >= 1 else "FAIL"
        print(f"  against the faster: {ratio:.2f} times as fast ({fastest:.2f} by the fastest turns), bar 1: {word}")


def contenders() -> dict[str, Callable[[float], Any]]:
    from sklearn.linear_model import LogisticRegression as Peer

    import nonlin

    return {
        "nonlin": lambda tol: nonlin.LogisticRegression(tol=tol),
        "lbfgs": lambda tol: Peer(tol=tol, max_iter=100_000),
        "newton-cholesky": lambda tol: Peer(solver="newton-cholesky", tol=tol, max_iter=100),
    }


def loosest(model: Callable[[float], Any], X: Any, y: Any, target: float) -> float | None:
    """The loosest tolerance with which the contender reaches the target; its own definition does not matter then."""
    return next((tol for tol in TOLERANCES if gradient(model(tol).fit(X, y), X, y) <= target), None)


def fit(model: Callable[[float], Any], X: Any, y: Any, tol: float) -> Callable[[], Any]:
    return lambda: model(tol).fit(X, y)


def gradient(model: Any, X: Any, y: Any) -> float:
    """The largest entry of the gradient of the mean loss with C = 1."""
    import numpy as np

    P = model.predict_proba(X)
    error = P - (y[:, None] == model.classes_)
    if P.shape[1] == 2:
        error = error[:, 1:]
    return float(max(np.abs((error.T @ X + model.coef_) / len(X)).max(), np.abs(error.mean(axis=0)).max()))


if __name__ == "__main__":
    main()
