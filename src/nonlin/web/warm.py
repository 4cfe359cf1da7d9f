"""Before the first page: compile, or load, what it trains and draws with."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from nonlin.web import pictures
from nonlin.web.settings import defaults
from nonlin.web.sources import Sources
from nonlin.web.stage import first_stage

SLOW = 5.0  # seconds; what is compiled already loads in less
COMPILING = "nonlin play: compiling the engine for this machine, once; it takes about half a minute"


def warm(say: Callable[[str], None] | None = None, slow: float = SLOW) -> None:
    """Train and draw the default page once, so that the first page answers at once.

    Parameters
    ----------
    say : told what goes on if it takes longer than ``slow`` seconds; by default a line on stderr
    """
    words = threading.Timer(slow, say or _say, [COMPILING])
    words.daemon = True
    words.start()
    try:
        stage = first_stage(defaults(), Sources())
        (lane,) = stage.lanes
        lane.fit.run(1)
        lane.publish()
        lane.fit.measure(lane.fit.theta)
        pictures.surface(stage.scene, lane.snapshot, pictures.COARSEST)
        pictures.unit_maps(stage.scene, lane.snapshot, [[0], [0]], pictures.COARSEST)
    finally:
        words.cancel()
        words.join()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
