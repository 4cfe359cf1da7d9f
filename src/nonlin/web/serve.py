"""The server of the playground: on this computer only, until Ctrl-C."""

from __future__ import annotations

import contextlib
import errno
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp
from uvicorn.server import HANDLED_SIGNALS

from nonlin.errors import InputError, bad_value
from nonlin.web.app import make_app
from nonlin.web.assets import assets
from nonlin.web.browser import Doorway
from nonlin.web.secret import token_for
from nonlin.web.sessions import Player, Sessions

HOST, PORT, TRIES = "127.0.0.1", 8417, 100
LARGEST_MESSAGE = 26_000_000  # bytes
GRACE, CLOSING = 1, 0.5  # seconds that connections and sessions have to end


def serve(
    make: Callable[[], Player],
    port: int | None = None,
    *,
    open_browser: bool = True,
    prepare: Callable[[], None] = lambda: None,
) -> None:
    """Serve the playground until Ctrl-C, or until the process is asked to end.

    Parameters
    ----------
    make : makes the session of a page
    port : a port of 127.0.0.1, or 0 for any free one; by default 8417, or the next that is free
    open_browser : whether to show the page, if there is a browser
    prepare : done once the port is known to be free, and before the link is printed

    Raises
    ------
    InputError
        The port is none, or is taken.
    """
    with contextlib.closing(listen(port)) as listener, contextlib.ExitStack() as cleanup:
        number = listener.getsockname()[1]
        prepare()
        token = token_for(number)
        link = f"http://{HOST}:{number}/?token={token}"
        sessions = Sessions(make)
        cleanup.callback(_end, sessions)
        doorway = _doorway(link) if open_browser else None
        entered = (lambda: None) if doorway is None else doorway.remove
        cleanup.callback(entered)
        app = make_app(assets(), sessions, number, token, entered=entered)

        def ready() -> None:
            print(f"nonlin play: {link}\nCtrl-C stops it", flush=True)
            if doorway is not None:
                doorway.open()

        _Server(_configuration(app), ready).run(sockets=[listener])


def listen(port: int | None = None) -> socket.socket:
    """Listen on a port of 127.0.0.1.

    Raises
    ------
    InputError
        The port is none, or is taken.
    """
    if port is None:
        for number in range(PORT, PORT + TRIES):
            with contextlib.suppress(OSError):
                return _listener(number)
        raise InputError(f"--port must be free, and {PORT} to {PORT + TRIES - 1} are taken; name another")
    if port != 0 and not 1024 <= port <= 65535:
        raise bad_value("--port", "an integer from 1024 to 65535, or 0 for any free port", port)
    try:
        return _listener(port)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise InputError(
                f"--port must be free, got {port}, which is taken; name another, or none for the next free one"
            ) from None
        raise


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # a port whose last connections are only just ending is free
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _doorway(link: str) -> Doorway | None:
    try:
        return Doorway(link)
    except OSError:  # no room for a temporary file: the printed link is enough
        return None


def _configuration(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app, http="h11", loop="asyncio", ws="websockets-sansio", ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False, log_config=None, access_log=False, proxy_headers=False,
        server_header=False, date_header=False, timeout_graceful_shutdown=GRACE,
    )  # fmt: skip


def _end(sessions: Sessions) -> None:
    """Close the sessions; one that is in the middle of something long is not waited for."""
    closing = threading.Thread(target=sessions.close, daemon=True)
    closing.start()
    closing.join(CLOSING)


class _Server(uvicorn.Server):
    """Uvicorn's server, for which a signal to stop is a good end; ``ready`` is called when it serves."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and say so."""
        await super().startup(sockets)
        self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at the signals that uvicorn handles, and do not raise them again afterwards, as it does."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; connections that do not end by themselves are cut, which is no error here."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
