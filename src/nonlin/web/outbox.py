"""What a session says, on its way to a page that may be slow to read."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from nonlin.web.wire import encode

MOST_MESSAGES, MOST_BYTES = 256, 32_000_000
NEWEST_WINS = frozenset({"frame"})


class Outbox:
    """A bounded queue from a session's threads to the event loop.

    A frame that still waits when a newer one comes is dropped. Whoever does not read until more waits than may is cut
    off: ``deliver`` then returns.

    Parameters
    ----------
    most_messages, most_bytes : what may wait; a single message may be of any size
    """

    def __init__(self, most_messages: int = MOST_MESSAGES, most_bytes: int = MOST_BYTES) -> None:
        self._most_messages, self._most_bytes = most_messages, most_bytes
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._lock = threading.Lock()
        self._waiting: deque[tuple[str, str | bytes]] = deque()
        self._open = True

    def __len__(self) -> int:
        return len(self._waiting)

    def tell(self, content: dict[str, Any], buffer: bytes | None = None) -> None:
        """Put a message in; from any thread."""
        kind, message = str(content.get("say")), encode(content, buffer)
        with self._lock:
            if not self._open:
                return
            if kind in NEWEST_WINS:
                self._waiting = deque(entry for entry in self._waiting if entry[0] != kind)
            self._waiting.append((kind, message))
            if self._is_overfull():
                self._open = False
                self._waiting.clear()
        self._wake()

    async def deliver(self, send: Callable[[str | bytes], Awaitable[None]]) -> None:
        """Send what comes in, one message after the other, until the outbox is closed or overfull."""
        while self._open:
            await self._news.wait()
            self._news.clear()
            while (message := self._take()) is not None:
                await send(message)

    def close(self) -> None:
        """Drop what waits and what is still to come."""
        with self._lock:
            self._open = False
            self._waiting.clear()
        self._wake()

    def _is_overfull(self) -> bool:
        if len(self._waiting) == 1:
            return False
        return len(self._waiting) > self._most_messages or sum(len(m) for _, m in self._waiting) > self._most_bytes

    def _take(self) -> str | bytes | None:
        with self._lock:
            return self._waiting.popleft()[1] if self._waiting else None

    def _wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits
            self._loop.call_soon_threadsafe(self._news.set)
