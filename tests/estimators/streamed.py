"""Fit a model to a Parquet file in a process of its own; print how much memory that took at most.

Run as ``python streamed.py FILE SMALL_FILE``: the small file is fitted first, so that what is compiled and loaded does
not count in the second number. The numbers are the peak of the process and its growth, in bytes.
"""

import sys
from pathlib import Path

import nonlin as nl


def peak() -> int:
    """The largest resident memory of this process; getrusage would count that of the parent, too."""
    status = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


if __name__ == "__main__":
    path, small = sys.argv[1:]
    model = nl.MLPClassifier((8,), batch_size=256, random_state=0)
    model.fit_parquet(small, "y")
    before = peak()
    model.fit_parquet(path, "y")
    print(peak(), peak() - before)
