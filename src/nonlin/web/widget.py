"""The playground in a notebook: the same front end, over the widget's own channel."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from nonlin.errors import InputError
from nonlin.web.assets import script, style
from nonlin.web.sessions import Player
from nonlin.web.wire import check, finite


def make_widget(make: Callable[[], Player]) -> Any:
    """Make a session and the widget that shows it; closing the widget closes the session.

    Raises
    ------
    InputError
        anywidget is not installed.
    """
    kind = _widget_class()
    return kind(make())


@cache
def _widget_class() -> type:
    try:
        import anywidget
    except ImportError:
        raise InputError('nl.play in a notebook needs anywidget; pip install "nonlin[jupyter]"') from None

    class Playground(anywidget.AnyWidget):
        """The playground; show it as the last line of a cell."""

        _esm = script()
        _css = style()

        def __init__(self, session: Player) -> None:
            super().__init__()
            self._session, self._soon = session, _soon()
            self.on_msg(self._receive)
            self.comm.on_close(lambda *_: self.close())  # the page has dropped it, or the kernel ends
            session.attach(self._tell)

        def close(self) -> None:
            """Close the widget and its session."""
            self._session.close()
            super().close()

        def _receive(self, _: Any, content: object, buffers: Sequence[Any]) -> None:
            buffer = bytes(buffers[0]) if buffers else None
            try:
                self._session.receive(check(content, buffer), buffer)
            except InputError as error:
                self.send({"say": "refused", "message": str(error)})

        def _tell(self, content: dict[str, Any], buffer: bytes | None = None) -> None:
            """What the session says, from one of its threads, goes out in the thread of the kernel."""
            buffers = None if buffer is None else [buffer]
            with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody listens
                self._soon(lambda: self.comm is not None and self.send(finite(content), buffers))

    return Playground


def _soon() -> Callable[[Callable[[], Any]], Any]:
    """How to run something in the kernel's loop from any thread; at once, where no loop is running."""
    try:
        return asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        return lambda do: do()
