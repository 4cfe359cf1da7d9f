"""The memory of this process, as the operating system counts it."""

from __future__ import annotations

import sys


def peak_memory() -> int | None:
    """The most resident memory, in bytes, that this process has held at once since it began; None on Windows.

    Python with its libraries counts, compiled kernels do, and all threads; workers elsewhere do not.

    Examples
    --------
    >>> peak = peak_memory()
    >>> peak is None or peak > 2**20
    True
    """
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def spoken_size(size: float) -> str:
    """A number of bytes in words, in powers of 1,000.

    Examples
    --------
    >>> [spoken_size(size) for size in (801, 3204, 412_300_000, 9_440_000_000)]
    ['801 bytes', '3 kB', '412 MB', '9.4 GB']
    """
    if size < 1000:
        return f"{size:.0f} bytes"
    for unit in ("kB", "MB"):
        size /= 1000
        if size < 999.5:
            return f"{size:.0f} {unit}"
    return f"{size / 1000:,.1f} GB"
