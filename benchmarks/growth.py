"""How the time of training grows with rows, width, depth and batch: ours, the peers', and that of the products alone.

Run ``python benchmarks/growth.py [--threads N] [--turns N] [--out growth.svg]``; README.md says what is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _timing import in_turns, keep_to, machine

if TYPE_CHECKING:
    from _peers import Job

FEATURES, ROWS, WIDTH, BATCH = 20, 4096, 128, 128
SWEEPS = {
    "rows": (256, 1024, 4096, 16384, 65536),
    "units of the hidden layer": (8, 32, 128, 512, 2048),
    "hidden layers": (1, 2, 3, 4, 6),
    "rows of a batch": (8, 32, 128, 512, 2048),
}
LIMIT = "its matrix products alone"
NAMES = {"nonlin": "nonlin", "scikit-learn float32": "scikit-learn", "torch": "torch", "JAX, NumPy's order": "JAX"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1, help="processors for everyone (default 1)")
    parser.add_argument("--turns", type=int, default=3, help="timed turns each; the fastest counts (default 3)")
    parser.add_argument("--out", type=Path, default=Path("growth.svg"), help="the picture (default growth.svg)")
    options = parser.parse_args()
    keep_to(options.threads)
    print(f"{machine()}\n{options.threads} thread(s) for everyone; fastest of {options.turns} turns; ms an epoch")
    found = {sweep: {size: measured(job, options.turns) for size, job in jobs(sweep)} for sweep in SWEEPS}
    for sweep, times in found.items():
        print_table(sweep, times)
    draw(found, options.out)


def jobs(sweep: str) -> Iterator[tuple[int, Job]]:
    """Yield a network and table for each size of a sweep; all else stays."""
    import numpy as np

    from _peers import Job

    rng = np.random.default_rng(0)
    for size in SWEEPS[sweep]:
        rows = size if sweep == "rows" else ROWS
        hidden = (size if sweep == "units of the hidden layer" else WIDTH,) * (size if sweep == "hidden layers" else 1)
        batch = size if sweep == "rows of a batch" else BATCH
        X = rng.normal(size=(rows, FEATURES)).astype(np.float32)
        y = (np.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] > 0).astype(int)
        yield size, Job(f"{sweep}: {size}", X, y, hidden, batch, max(2, 2**14 // rows), 0.001, {})


def measured(job: Job, turns: int) -> dict[str, float]:
    """Milliseconds of an epoch, the fastest turn of each contender."""
    from _peers import contenders

    calls: dict[str, Callable[[], Any]] = {NAMES[k]: call for k, call in contenders(job).items() if k in NAMES}
    calls[LIMIT] = products(job)
    for call in calls.values():
        call()
    return {name: times[0] / job.epochs * 1e3 for name, times in in_turns(calls, turns, pause=0.1).items()}


def products(job: Job) -> Callable[[], None]:
    """Multiply what an epoch of backpropagation multiplies, in NumPy's BLAS and into arrays that exist."""
    import numpy as np

    rows = min(job.batch, len(job.X))
    layers = [
        (np.zeros((rows, a), np.float32), np.zeros((a, b), np.float32), np.zeros((rows, b), np.float32))
        for a, b in job.shapes
    ]

    def run() -> None:
        for _ in range(job.steps):
            for k, (A, W, Z) in enumerate(layers):
                np.dot(A, W, out=Z)
                np.dot(A.T, Z, out=W)
                if k > 0:
                    np.dot(Z, W.T, out=A)

    return run


def print_table(sweep: str, times: dict[int, dict[str, float]]) -> None:
    """Print a row a size, a column a contender."""
    names = list(next(iter(times.values())))
    print(f"\n{sweep:>26s}" + "".join(f"{name:>27s}" for name in names))
    for size, row in times.items():
        print(f"{size:26d}" + "".join(f"{row[name]:27.3g}" for name in names))


def draw(found: dict[str, dict[int, dict[str, float]]], out: Path) -> None:
    """Draw a panel a sweep, both axes logarithmic, the lines named once."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter, NullLocator, ScalarFormatter

    from nonlin.plots._style import COLOURS, INK, LINE, MARKERS, SMALL, dress, to_svg

    fig = Figure(figsize=(7.4, 6.2), layout="constrained")
    for ax, (sweep, times) in zip(fig.subplots(2, 2, sharey=True).flat, found.items(), strict=True):
        dress(ax)
        sizes, names = list(times), list(next(iter(times.values())))
        for k, name in enumerate(names):
            looks = {"color": INK, "linestyle": (0, (4, 2))} if name == LIMIT else {"color": COLOURS[k]}
            mark = "" if name == LIMIT else MARKERS[k]
            ax.plot(
                sizes, [times[s][name] for s in sizes], marker=mark, markersize=4, linewidth=LINE, label=name, **looks
            )
        ax.set(xscale="log", yscale="log", xlabel=sweep, xticks=sizes)
        ax.xaxis.set_major_formatter(ScalarFormatter())
        ax.xaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_minor_formatter(NullFormatter())
        if ax.get_subplotspec().is_first_col():
            ax.set_ylabel("milliseconds an epoch")
    handles, labels = ax.get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper center", ncols=5, frameon=False, fontsize=SMALL, labelcolor=INK)
    out.write_text(to_svg(fig)) if out.suffix == ".svg" else fig.savefig(out, dpi=150)


if __name__ == "__main__":
    main()
