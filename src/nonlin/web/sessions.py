"""The sessions of a server by their id: how many there may be, who holds them, and when they end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from nonlin.errors import InputError

MOST, IDLE, PATIENCE = (
    8,
    30 * 60.0,
    1.0,
)  # sessions; seconds without a page; seconds that a page waits for another's end

Tell = Callable[[dict[str, Any], bytes | None], None]


class Player(Protocol):
    """What this room needs of a :class:`nonlin.web.session.Session`."""

    id: str

    def attach(self, tell: Tell) -> None:
        """Send what it has to say to ``tell``."""

    def detach(self) -> None:
        """Pause, and say nothing more."""

    def receive(self, content: dict[str, Any], buffer: bytes | None = None) -> None:
        """Take a message; return at once."""

    def close(self) -> None:
        """End its threads."""


@dataclass
class _Kept:
    session: Player
    held: bool
    since: float


class Sessions:
    """The sessions of one server; every method may be called from any thread, and may take a while.

    Parameters
    ----------
    make : makes a new session
    most : how many there may be at once
    idle : seconds after which a session that no page holds is closed
    patience : seconds that a page which asks for a held session waits, for a page that is being loaded again can come
        back before its old connection has ended
    clock : seconds, which only grow
    """

    def __init__(
        self,
        make: Callable[[], Player],
        most: int = MOST,
        idle: float = IDLE,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make, self._most, self._idle, self._patience, self._clock = make, most, idle, patience, clock
        self._kept: dict[str, _Kept] = {}
        self._changed = threading.Condition()
        self._closed = False

    def __len__(self) -> int:
        return len(self._kept)

    def enter(self, wanted: object, tell: Tell) -> Player:
        """Attach a page to the session that it asks for if no other page holds that, else to a new one.

        Raises
        ------
        InputError
            All sessions that there may be are held by pages.
        """
        self.sweep()
        with self._changed:
            self._changed.wait_for(lambda: not self._is_held(wanted), self._patience)
            kept = self._kept.get(wanted) if isinstance(wanted, str) else None
            if kept is None or kept.held:
                kept = self._new()
            kept.held, kept.since = True, self._clock()
            kept.session.attach(tell)
        return kept.session

    def leave(self, session: Player) -> None:
        """Let a session go: its page has gone, and may come back."""
        session.detach()
        with self._changed:
            if session.id in self._kept:
                self._kept[session.id].held = False
                self._kept[session.id].since = self._clock()
            self._changed.notify_all()

    def sweep(self) -> None:
        """Close the sessions that no page has held for long."""
        with self._changed:
            old = [k.session for k in self._kept.values() if not k.held and self._clock() - k.since >= self._idle]
            for session in old:
                del self._kept[session.id]
        for session in old:
            session.close()

    def close(self) -> None:
        """Close them all, and open no more."""
        with self._changed:
            self._closed = True
            sessions = [kept.session for kept in self._kept.values()]
            self._kept.clear()
        for session in sessions:
            session.close()

    def _is_held(self, wanted: object) -> bool:
        return isinstance(wanted, str) and wanted in self._kept and self._kept[wanted].held

    def _new(self) -> _Kept:
        if self._closed:
            raise InputError("the server is stopping; start nonlin play again")
        self._make_room()
        session = self._make()
        self._kept[session.id] = kept = _Kept(session, held=False, since=self._clock())
        return kept

    def _make_room(self) -> None:
        """Close the session that no page has held for longest, if there are as many as there may be."""
        if len(self._kept) < self._most:
            return
        free = [kept for kept in self._kept.values() if not kept.held]
        if not free:
            raise InputError(f"at most {self._most} pages may be open at once; close one, and load this page again")
        oldest = min(free, key=lambda kept: kept.since).session
        del self._kept[oldest.id]
        oldest.close()
