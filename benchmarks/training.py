"""Train the same networks with nonlin, scikit-learn, torch and JAX in one run; hold the ratios to the bars.

Run ``python benchmarks/training.py [--threads N] [--turns N]``; README.md says what is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

from _timing import in_turns, keep_to, machine, seconds, verdict

if TYPE_CHECKING:
    from _peers import Job


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2, help="processors for everyone (default 2)")
    parser.add_argument("--turns", type=int, default=7, help="timed turns each (default 7)")
    options = parser.parse_args()
    keep_to(options.threads)
    print(f"{machine()}\n{options.threads} thread(s) for everyone; median of {options.turns} turns")
    for job in jobs():
        compare(job, options.turns)


def jobs() -> Iterator[Job]:
    import numpy as np
    from sklearn.datasets import make_moons

    from _peers import Job

    X, y = make_moons(1000, noise=0.2, random_state=0)
    X = X.astype(np.float32)
    bars_32, bars_200 = {"scikit-learn": 20, "JAX": 3, "torch": 40}, {"scikit-learn": 10, "JAX": 2.5}
    yield Job("2-200-1, n 1,000, batch 32", X, y, (200,), 32, 400, 0.01, bars_32)
    yield Job("2-200-1, n 1,000, batch 200", X, y, (200,), 200, 800, 0.01, bars_200)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20000, 64)).astype(np.float32)
    y = (np.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] > 0).astype(int)
    yield Job("64-256-1, n 20,000, batch 256", X, y, (256,), 256, 10, 0.001, {"scikit-learn": 2.5, "JAX": 1.3})


def compare(job: Job, turns: int) -> None:
    from sklearn.metrics import log_loss

    from _peers import contenders

    trainers = contenders(job)
    first = {name: seconds(train) for name, train in trainers.items()}
    times = in_turns(trainers, turns)
    print(f"\n{job.name}: {job.steps} steps")
    print(f"{'µs per step':22s}{'median':>9s}{'fastest':>9s}{'first call, s':>15s}{'final loss':>12s}")
    for name, train in trainers.items():
        middle, least = (t / job.steps * 1e6 for t in (median(times[name]), times[name][0]))
        print(f"{name:22s}{middle:9.1f}{least:9.1f}{first[name]:15.2f}{log_loss(job.y, train()):12.4f}")
    for peer, bar in job.bars.items():
        variants = [name for name in times if name.startswith(peer)]
        for name in variants:
            print(f"  against {name}: {verdict(times[name], times['nonlin'], bar)}")
        if not variants:
            print(f"  against {peer}: not installed, left out")


if __name__ == "__main__":
    main()
