"""One thread for small matrix products: more of them spend their time waiting for each other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController

_WORTH_MORE_THREADS = 2**25  # multiplications of one product: about a millisecond of one core
_held = threading.Lock()


@cache
def _controller() -> Any:
    import scipy.linalg.cython_blas  # noqa: F401 - Numba calls its BLAS, which must be loaded to be found

    return ThreadpoolController().select(user_api="blas")


@contextmanager
def few_threads(multiplications: float) -> Iterator[None]:
    """Within it BLAS has one thread, if a product has so few ``multiplications`` that more would be slower.

    The number of threads belongs to the whole process: who comes in while another holds it leaves it as it is.
    """
    if multiplications >= _WORTH_MORE_THREADS or not _held.acquire(blocking=False):
        yield
        return
    try:
        with _controller().limit(limits=1):
            yield
    finally:
        _held.release()
