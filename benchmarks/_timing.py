"""How the benchmarks take time: everyone on the same processors, in turns, and the median of the turns."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any

LIBRARIES = ("nonlin", "numpy", "numba", "scikit-learn", "torch", "jax")


def keep_to(threads: int) -> None:
    """Bind this process to so many processors; call it before the libraries that count them are imported."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])  # the first ones serve interrupts
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = str(threads)


def seconds(call: Callable[[], Any]) -> float:
    """Time one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


PAUSE = 0.3


def in_turns(contenders: dict[str, Callable[[], Any]], turns: int, pause: float = PAUSE) -> dict[str, list[float]]:
    """Time each contender's call once a turn, so that a disturbance hits all; return the times, the least first.

    Before each turn there is a pause, in which the threads of the library before it stop spinning.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(turns):
        for name, call in contenders.items():
            time.sleep(pause)
            times[name].append(seconds(call))
    return {name: sorted(taken) for name, taken in times.items()}


def many(call: Callable[[], Any], at_least: float = 2e-3) -> tuple[Callable[[], None], int]:
    """Repeat a short call so often that it can be timed; return the repeated call and the count."""
    call()
    count = max(1, round(at_least / max(seconds(call), 1e-7)))

    def repeated() -> None:
        for _ in range(count):
            call()

    return repeated, count


def verdict(peer: list[float], own: list[float], bar: float) -> str:
    """The ratio of the medians against its bar, and that of the fastest turns."""
    ratio, fastest = median(peer) / median(own), peer[0] / own[0]
    word = "pass" if ratio >= bar else "FAIL"
    return f"{ratio:.2f} times as fast ({fastest:.2f} by the fastest turns), bar {bar:g}: {word}"


def machine() -> str:
    """Name the class of the machine, the load on it, and the versions of the libraries."""
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    vectors = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "unknown vectors"
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    versions = ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
    return f"{os.cpu_count()} cores, {platform.machine()}, {vectors}; load {load}; {versions}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed" if name != "nonlin" else "from source"
