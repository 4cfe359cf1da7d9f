"""Work on large arrays, in parts, on all processors that the process may use."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numba as nb
import numpy as np

Array = np.ndarray[Any, Any]
_PARTS = 2  # a thread: one that is held up leaves its parts to the others


@cache
def threads() -> int:
    """The processors that this process may use; NUMBA_NUM_THREADS and OMP_NUM_THREADS can lower it."""
    limit = os.environ.get("OMP_NUM_THREADS", "")
    usable = int(nb.config.NUMBA_NUM_THREADS)
    return min(usable, int(limit)) if limit.isdigit() and int(limit) > 0 else usable


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads() - 1, thread_name_prefix="nonlin")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # threads do not survive a fork


def in_parts(work: Callable[..., object], arrays: Sequence[Array]) -> None:
    """Call ``work``, which sets the GIL free, on matching parts of arrays of one shape.

    They are cut along the axis that is outermost in memory among those that are long enough.
    """
    first, count = arrays[0], _PARTS * threads() if threads() > 1 else 1
    axis = max(range(first.ndim), key=lambda i: (min(first.shape[i], count), abs(first.strides[i])))
    cuts = [i * first.shape[axis] // count for i in range(count + 1)]
    places = [(slice(None),) * axis + (slice(*ends),) for ends in itertools.pairwise(cuts)]
    parts = iter([tuple(a[place] for a in arrays) for place in places])
    helpers = [_pool().submit(_take_turns, work, parts) for _ in range(threads() - 1)]
    _take_turns(work, parts)
    for helper in helpers:
        if not helper.cancel():  # one that has not begun is not needed any more
            helper.result()


def _take_turns(work: Callable[..., object], parts: Iterator[tuple[Array, ...]]) -> None:
    for part in parts:
        work(*part)
