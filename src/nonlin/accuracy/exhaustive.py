"""All float32 numbers: the float32 kernel beside the float64 kernel at every bit pattern, and mpmath where it matters.

The float64 kernel is right to a few units of double precision, which are 1e-8 of a float32 unit, so it finds the bit
patterns where the float32 kernel is worst. The worst of each block and those near the bound are then measured against
mpmath, and only what mpmath says is reported. An error that both kernels share would not be found in this way, so some
random patterns of every block go to mpmath too: half a million of a whole walk.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from nonlin.accuracy.measure import PRECISIONS, Truth, kernel_results
from nonlin.accuracy.units import in_float32, nearby_ulps
from nonlin.activation import Activation
from nonlin.backends.cache import folder
from nonlin.backends.source import source
from nonlin.files import write_text

Array = np.ndarray[Any, Any]

PATTERNS, CHUNK, BLOCK = 2**32, 2**22, 2**16
"""All bit patterns; those after which the state is written down; those that a thread takes at once, in its cache."""

SINGLE = next(p for p in PRECISIONS if p.name == "float32")
NEAR_THE_BOUND, AT_MOST = 0.9, 64
"""Errors from here on go to mpmath, the largest ones of a block where there are more than so many."""
WORST, RANDOM = 2, 8
"""The patterns of each block that go to mpmath in any case: the worst of φ and of φ', and any."""


@dataclass
class Walk:
    """What is known after the first ``done`` bit patterns.

    The largest errors of φ and φ' in ulp, confirmed by mpmath, and the bits of their arguments; how often one kernel
    gave NaN or an infinity and the other did not; how many arguments were confirmed.
    """

    done: int = 0
    value: float = -1.0
    value_bits: int = 0
    derivative: float = -1.0
    derivative_bits: int = 0
    nan_mismatches: int = 0
    infinity_mismatches: int = 0
    confirmed: int = 0

    @property
    def passes(self) -> bool:
        """Whether no error is above the bound, and NaN and infinity stand where they should."""
        mismatches = self.nan_mismatches + self.infinity_mismatches
        return max(self.value, self.derivative) <= SINGLE.bound and not mismatches


@dataclass(frozen=True)
class Screened:
    """The bit patterns of a block that mpmath has to judge, and the counts that need no judge."""

    suspects: Array
    nan_mismatches: int
    infinity_mismatches: int


def walk(
    activation: Activation,
    stop: int = PATTERNS,
    *,
    chunk: int = CHUNK,
    block: int = BLOCK,
    restart: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Walk:
    """The largest float32 errors of φ and φ' over the bit patterns below ``stop``.

    What is known is written down after every chunk: interrupted, the walk goes on from there when it is called again,
    unless the formula, a parameter or the kernels' source has changed, or ``restart`` is set.
    """
    path = state_file(activation, chunk)
    found = Walk() if restart else _read(path)
    pool = ThreadPoolExecutor(os.cpu_count())
    screened = pool.map(lambda start: _screen_range(activation, start, block), range(found.done, stop, block))
    try:
        while found.done < stop:
            confirm(activation, list(islice(screened, chunk // block)), found)
            found.done += chunk
            write_text(path, json.dumps(asdict(found)))
            if progress is not None:
                progress(found.done)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return found


def state_file(activation: Activation, chunk: int = CHUNK) -> Path:
    """Where the state of a walk is kept: named by the kernels' source and the parameters' values."""
    kernels = [source(activation.expression, tuple(activation.params), kind) for kind in ("bridge", "double")]
    key = "\n".join([*kernels, repr(activation.params), str(chunk)])
    return folder() / f"walk_{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"


def _read(path: Path) -> Walk:
    try:
        return Walk(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):  # none, or from another version
        return Walk()


def _screen_range(activation: Activation, start: int, count: int) -> Screened:
    return screen(activation, np.arange(start, start + count, dtype=np.int64).astype(np.uint32), start)


def screen(activation: Activation, bits: Array, seed: int) -> Screened:
    """Compare the float32 kernel with the float64 kernel at float32 numbers that are given by their bits."""
    x = bits.view(np.float32)
    with np.errstate(invalid="ignore"):  # signalling NaNs
        double = kernel_results(activation, "float64", x.astype(np.float64))
    single = kernel_results(activation, "float32", x)
    chosen, finite = [np.random.default_rng(seed).integers(0, bits.size, RANDOM)], np.isfinite(x)
    nans = infinities = 0
    for got, reference in zip(single, double, strict=True):
        errors = nearby_ulps(got, reference)
        nan = np.isnan(got) != np.isnan(reference)
        nans += int(nan.sum())
        infinities += int(((np.isinf(got) != np.isinf(in_float32(reference))) & ~nan).sum())
        chosen.append(_largest(np.where(finite, errors, 0.0)))
    indices = np.unique(np.concatenate(chosen))
    return Screened(bits[indices[finite[indices]]], nans, infinities)


def _largest(errors: Array) -> Array:
    count = min(max(WORST, int((errors >= NEAR_THE_BOUND).sum())), AT_MOST, errors.size)
    return np.argpartition(errors, -count)[-count:]


def confirm(activation: Activation, screened: Sequence[Screened], found: Walk) -> None:
    """Measure the suspects of some blocks against mpmath, and enter the result into ``found``."""
    bits = np.concatenate([s.suspects for s in screened])
    found.nan_mismatches += sum(s.nan_mismatches for s in screened)
    found.infinity_mismatches += sum(s.infinity_mismatches for s in screened)
    found.confirmed += bits.size
    if not bits.size:  # nothing but NaN
        return
    x = bits.view(np.float32)
    truth = Truth(activation, x)
    value, slope = (truth.errors(g, k, SINGLE) for k, g in enumerate(kernel_results(activation, "float32", x)))
    if value.max() > found.value:
        found.value, found.value_bits = float(value.max()), int(bits[value.argmax()])
    if slope.max() > found.derivative:
        found.derivative, found.derivative_bits = float(slope.max()), int(bits[slope.argmax()])
