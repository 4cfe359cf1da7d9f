"""The losses over the epochs, as far as they have been drawn."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
MOST_POINTS = 3000


class Curve:
    """Rows (epoch, training loss, held-out loss, and the same of a second network); every other goes when many."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self._rows: list[list[float]] = []
        self._spacing, self._sent = 0.0, 0

    @property
    def last_epoch(self) -> float:
        """The epoch of the last row, -1 without one."""
        return self._rows[-1][0] if self._rows else -1.0

    def add(self, row: list[float]) -> None:
        """Note the losses at an epoch, if it is far enough from the last one noted."""
        further = row[0] - self.last_epoch
        if further <= 0 or further < self._spacing:
            return
        self._rows.append(row)
        if len(self._rows) > MOST_POINTS:
            self._rows = self._rows[::2]
            self._spacing = (self.last_epoch - self._rows[0][0]) / (len(self._rows) - 1)
            self._sent = 0

    def forget_what_was_sent(self) -> None:
        """Send all rows again: somebody new looks."""
        self._sent = 0

    def fresh(self) -> tuple[Array, bool]:
        """The rows not yet sent, and whether they begin the curve anew."""
        anew = self._sent == 0
        rows = np.array(self._rows[self._sent :], dtype=np.float32).reshape(-1, self.columns)
        self._sent = len(self._rows)
        return rows, anew
