"""The server's two things: files from memory, and a WebSocket that joins a page to its session."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial

from anyio import CancelScope, create_task_group, fail_after
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect

from nonlin.errors import InputError
from nonlin.web.assets import Asset
from nonlin.web.guard import Guard
from nonlin.web.outbox import Outbox
from nonlin.web.sessions import Player, Sessions
from nonlin.web.wire import Content, decode, encode

OPEN_WITHIN, SWEEP_EVERY = 10.0, 60.0  # seconds
REFUSED = 1008  # the code with which a WebSocket is closed that breaks a rule
NO_GZIP = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


def make_app(
    files: Mapping[str, Asset],
    sessions: Sessions,
    port: int,
    token: str,
    *,
    entered: Callable[[], None] = lambda: None,
    open_within: float = OPEN_WITHIN,
) -> ASGIApp:
    """Make the application that serves the playground, with the guard before it.

    Parameters
    ----------
    files : what is served, by path; nothing else is
    sessions : where pages get their sessions
    port, token, entered : as of :class:`nonlin.web.guard.Guard`
    open_within : seconds that a WebSocket has for its first message
    """
    routes = [Route(path, partial(_file, asset, path)) for path, asset in files.items()]
    app = Starlette(
        routes=[*routes, WebSocketRoute("/ws", partial(_talk, sessions, open_within))],
        lifespan=partial(_sweeping, sessions),
    )
    app.router.redirect_slashes = False
    return Guard(app, port, token, entered)


async def _file(asset: Asset, path: str, request: Request) -> Response:
    headers = {"ETag": asset.tag, "Vary": "Accept-Encoding"}
    if path != "/":
        headers["Cache-Control"] = "no-cache"  # may be kept, and is asked for again
    if request.headers.get("if-none-match") == asset.tag:
        return Response(status_code=304, headers=headers)
    accepted = request.headers.get("accept-encoding", "")
    if "gzip" not in accepted or NO_GZIP.search(accepted):
        return Response(asset.plain, media_type=asset.media_type, headers=headers)
    return Response(asset.zipped, media_type=asset.media_type, headers={**headers, "Content-Encoding": "gzip"})


@contextlib.asynccontextmanager
async def _sweeping(sessions: Sessions, _: Starlette) -> AsyncIterator[None]:
    async def sweep() -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            await run_sync(sessions.sweep, abandon_on_cancel=True)

    task = asyncio.create_task(sweep())
    yield
    task.cancel()


async def _talk(sessions: Sessions, open_within: float, websocket: WebSocket) -> None:
    """Join one page to a session, until it leaves or can no longer be followed."""
    await websocket.accept()
    outbox = Outbox()
    with contextlib.suppress(WebSocketDisconnect):
        entered = await _enter(sessions, open_within, websocket, outbox)
        if entered is None:
            return
        session, opening = entered
        try:
            session.receive(opening)
            await _until_one_ends(
                partial(_read, websocket, session, outbox), partial(outbox.deliver, partial(_send, websocket))
            )
        finally:
            outbox.close()
            with CancelScope(shield=True):
                await run_sync(sessions.leave, session)


async def _enter(
    sessions: Sessions, within: float, websocket: WebSocket, outbox: Outbox
) -> tuple[Player, Content] | None:
    """Wait for ``open``, and attach the page to a session; say why not, if not."""
    try:
        with fail_after(within):
            content = decode(await _received(websocket))[0]
        if content["do"] != "open":
            raise InputError(f"the first message must be 'open', got {content['do']!r:.80}")
        return await run_sync(sessions.enter, content.get("session"), outbox.tell), content
    except TimeoutError:
        await _dismiss(websocket, f"the first message must be 'open', within {within:g} seconds")
    except InputError as error:
        await _dismiss(websocket, str(error))
    return None


async def _dismiss(websocket: WebSocket, message: str) -> None:
    await websocket.send_text(str(encode(_refused(message))))
    await websocket.close(REFUSED)


async def _read(websocket: WebSocket, session: Player, outbox: Outbox) -> None:
    while True:
        message = await _received(websocket)
        try:
            content, buffer = decode(message)
            if content["do"] == "open":
                raise InputError("this page is open already; 'open' may only be the first message")
        except InputError as error:
            outbox.tell(_refused(str(error)))
        else:
            session.receive(content, buffer)


async def _received(websocket: WebSocket) -> str | bytes:
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text: str | None = message.get("text")
    return message["bytes"] if text is None else text


async def _send(websocket: WebSocket, message: str | bytes) -> None:
    await (websocket.send_text(message) if isinstance(message, str) else websocket.send_bytes(message))


async def _until_one_ends(*jobs: Callable[[], Awaitable[None]]) -> None:
    """Run jobs side by side until one of them ends, or finds that the page has gone."""
    async with create_task_group() as group:

        async def run(job: Callable[[], Awaitable[None]]) -> None:
            with contextlib.suppress(WebSocketDisconnect):
                await job()
            group.cancel_scope.cancel()

        for job in jobs:
            group.start_soon(run, job)


def _refused(message: str) -> Content:
    return {"say": "refused", "message": message}
