"""What the page says of memory."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from nonlin.lab import Study
from nonlin.report import _words, peak_memory
from nonlin.report._memory import spoken_size
from nonlin.report._show import Show


@pytest.mark.parametrize(
    ("size", "words"), [(999, "999 bytes"), (1000, "1 kB"), (999_499, "999 kB"), (999_600, "1 MB"), (2.35e9, "2.4 GB")]
)
def test_sizes_in_words(size: float, words: str) -> None:
    assert spoken_size(size) == words


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say")
def test_the_peak_rises_with_what_is_held() -> None:
    before = peak_memory()
    held = np.ones(int(before or 0) // 8 + 2**23)
    after = peak_memory()
    assert before is not None
    assert after is not None
    assert after - before > 0.5 * 2**26
    assert held.all()


def test_weights_table_and_process(moons: Study, moons_show: Show) -> None:
    sizes = (
        "The 33 weights of a network take 132 bytes, whatever its activation, and four times as much while Adam trains "
        "it, with the gradient and two moments; the table as numbers takes 8 kB."
    )
    assert _words.memory(moons, moons_show, None) == [sizes]
    assert _words.memory(moons, moons_show, (300_000_000, 412_000_000)) == [
        f"{sizes} The process that did the fits held 412 MB of memory at most (peak resident memory, with Python, its "
        "libraries, the compiled kernels and all threads); before this study that peak was 300 MB."
    ]
