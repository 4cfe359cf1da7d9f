"""Many activations at once: in processes, for mpmath holds the GIL."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nonlin.accuracy.measure import Row, measure
from nonlin.catalogue import get


class Job(NamedTuple):
    """What one process measures: an activation by its name or formula, and the arguments of ``measure``."""

    activation: str
    points: int
    seed: int
    against: tuple[str, ...]


def measure_job(job: Job) -> list[Row]:
    """Measure one activation."""
    return measure(get(job.activation), job.points, job.seed, job.against)


def measure_all(jobs: Sequence[Job], processes: int | None = None) -> Iterator[list[Row]]:
    """The rows of each job, in their order; in one process if there is one job or one processor."""
    processes = min(processes or os.cpu_count() or 1, len(jobs))
    if processes < 2:
        yield from map(measure_job, jobs)
        return
    # a pool, unlike an executor, ends its processes at once
    pool, interrupted = multiprocessing.get_context("spawn").Pool(processes, _leave_ctrl_c_to_the_parent), False
    try:
        yield from pool.imap(measure_job, jobs)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        pool.terminate()
        pool.join()
    if interrupted:  # the command line then leaves without a clean-up, so the pool's semaphores must be gone
        del pool
        gc.collect()
        raise KeyboardInterrupt


def _leave_ctrl_c_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
