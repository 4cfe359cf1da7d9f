"""Peak memory of training on 1,000,000 x 50 float32, beyond the input, with nonlin and with scikit-learn.

Run ``python benchmarks/memory.py [--rows N]`` on Linux; README.md says what is measured.
"""

from __future__ import annotations

import argparse
import multiprocessing
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

COLUMNS, BATCH, EPOCHS, BAR = 50, 1000, 2, 100
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "nonlin": ("nonlin", {}),
    "nonlin, early stopping": ("nonlin", {"early_stopping": True}),
    "scikit-learn": ("sklearn.neural_network", {}),
    "scikit-learn, early stopping": ("sklearn.neural_network", {"early_stopping": True}),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10**6, help="of the input (default 1,000,000)")
    rows = parser.parse_args().rows
    print(f"{rows:,} x {COLUMNS} float32, batches of {BATCH}, {EPOCHS} epochs; MB (10^6 bytes)")
    print(f"{'':30s}{'imports':>9s}{'input':>9s}{'peak':>9s}{'beyond the input':>18s}", flush=True)
    fresh = multiprocessing.get_context("spawn")  # a child that holds nothing of the one before
    with ProcessPoolExecutor(1, mp_context=fresh, max_tasks_per_child=1) as children:
        for name, (module, options) in MODELS.items():
            imports, given, peak = children.submit(measure, module, options, rows).result()
            beyond = peak - imports - given
            word = f", bar {BAR}: {'pass' if beyond <= BAR else 'FAIL'}" if module == "nonlin" else ""
            print(f"{name:30s}{imports:9.1f}{given:9.1f}{peak:9.1f}{beyond:18.1f}{word}", flush=True)


def measure(module: str, options: dict[str, Any], rows: int) -> tuple[float, float, float]:
    """Return in MB what the imports take, what the input takes, and the peak of building it and training."""
    from importlib import import_module

    import numpy as np

    model = import_module(module).MLPClassifier(batch_size=BATCH, max_iter=EPOCHS, random_state=0, **options)
    warnings.simplefilter("ignore")  # not meant to converge
    imports = status("VmRSS")
    X = np.random.default_rng(0).standard_normal((rows, COLUMNS), dtype=np.float32)
    y = (X[:, 0] > 0).astype(np.int64)
    model.fit(X, y)
    if model.n_iter_ != EPOCHS:
        raise RuntimeError(f"{module} ran {model.n_iter_} epochs of {EPOCHS}")
    return imports, (X.nbytes + y.nbytes) / 1e6, status("VmHWM")


def status(entry: str) -> float:
    """An entry of Linux's account of this process, in MB; its peak, unlike getrusage's, begins with the program."""
    lines = Path("/proc/self/status").read_text().splitlines()
    line = next(line for line in lines if line.startswith(f"{entry}:"))
    return float(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main()
