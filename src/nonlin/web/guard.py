"""The door of the playground: who may speak to this server. What is not let in by name is refused.

It stands before HTTP and WebSockets alike, and checks in this order:

1. The *host* must be this computer, by exactly one header: a name that a stranger points at 127.0.0.1 (DNS rebinding)
   is not in the list.
2. The *origin*, where a browser sends one, must be this very page; a WebSocket must have one.
3. The *method* must be GET or HEAD.
4. The *token* must be in the cookie, which the link that ``nonlin play`` prints sets: ``/?token=…`` gives the cookie
   and leads to ``/``, so that the token stands in no address that is kept or sent on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hmac import compare_digest
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self' ws://{host}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
REFUSED = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>nonlin play</title></head>
<body>
<h1>This page needs its link</h1>
<p>{reason}</p>
<p>Please open the link that <code>nonlin play</code> printed in its terminal: it begins with
<code>http://127.0.0.1:{port}/?token=</code></p>
</body>
</html>
"""
AGAIN = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>nonlin play</title><meta http-equiv="refresh" content="0;url=/"></head>
<body><p><a href="/">One moment…</a></p></body>
</html>
"""


class Guard:
    """An ASGI application that lets only the user's own page through to another.

    Parameters
    ----------
    app : the application behind it
    port : the port of 127.0.0.1 on which it is served
    token : the secret of the link
    entered : called when somebody has come in by the link
    """

    def __init__(self, app: ASGIApp, port: int, token: str, entered: Callable[[], None] = lambda: None) -> None:
        self._app, self._port, self._token, self._entered = app, port, token.encode(), entered
        self._hosts = frozenset(f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost", "[::1]"))
        self._cookie = f"nonlin-{port}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse, one request or one WebSocket."""
        if scope["type"] == "http":
            await self._http(scope, receive, _with_headers(send, self._host(scope)))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._is_here(scope) and self._is_own_page(scope, needed=True) and self._has_cookie(scope):
            await self._app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})  # before it was accepted: the answer is 403

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._refusal(scope) or self._entrance(scope)
        await (answer or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if not self._is_here(scope):
            return self._page("The host of this address is not this computer.")
        if not self._is_own_page(scope, needed=False):
            return self._page("Another page has asked for it.")
        if scope["method"] not in ("GET", "HEAD"):
            return Response(status_code=405, headers={"Allow": "GET, HEAD"})
        return None

    def _entrance(self, scope: Scope) -> Response | None:
        """The way in by the link, or the refusal of who has no cookie; nothing for who may pass."""
        offered = _token(scope)
        if offered is not None and compare_digest(offered, self._token):
            self._entered()
            return self._to_the_page(with_cookie=True)
        if not self._has_cookie(scope):
            return HTMLResponse(AGAIN, 403) if _came_from_a_link(scope) else self._page("It came without its token.")
        return None if offered is None else self._to_the_page(with_cookie=False)  # an old link, in a browser that is in

    def _to_the_page(self, *, with_cookie: bool) -> Response:
        answer = RedirectResponse("/", 303)
        if with_cookie:
            answer.set_cookie(self._cookie.decode(), self._token.decode(), httponly=True, samesite="strict", path="/")
        return answer

    def _page(self, reason: str) -> Response:
        return HTMLResponse(REFUSED.format(reason=reason, port=self._port), 403)

    def _host(self, scope: Scope) -> str:
        return _values(scope, b"host")[0].decode() if self._is_here(scope) else f"127.0.0.1:{self._port}"

    def _is_here(self, scope: Scope) -> bool:
        hosts = _values(scope, b"host")
        return len(hosts) == 1 and hosts[0] in self._hosts

    def _is_own_page(self, scope: Scope, *, needed: bool) -> bool:
        origins = _values(scope, b"origin")
        if not origins and not needed:
            return True
        return origins == [b"http://" + host for host in _values(scope, b"host")]

    def _has_cookie(self, scope: Scope) -> bool:
        return any(
            name == self._cookie and compare_digest(value, self._token)
            for name, value in _cookies(_values(scope, b"cookie"))
        )


def _values(scope: Scope, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key == name]


def _cookies(headers: Iterable[bytes]) -> Iterable[tuple[bytes, bytes]]:
    for header in headers:
        for pair in header.split(b";"):
            name, _, value = pair.strip().partition(b"=")
            yield name, value


def _token(scope: Scope) -> bytes | None:
    """What ``GET /?token=…`` offers; of several tokens, none is the right one."""
    if scope["method"] != "GET" or scope["path"] != "/":
        return None
    offered = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True).get("token")
    return None if offered is None else offered[0].encode() if len(offered) == 1 else b""


def _came_from_a_link(scope: Scope) -> bool:
    """A strict cookie stays at home when a foreign page led here, as the file that opens the browser; so ask once more.

    The second request comes from our own page, and brings the cookie if there is one.
    """
    return bool(
        scope["method"] == "GET" and scope["path"] == "/" and _values(scope, b"sec-fetch-site") == [b"cross-site"]
    )


def _with_headers(send: Send, host: str) -> Send:
    """Add the headers of every answer, except those that the answer has set itself."""

    async def send_all(message: Message) -> None:
        if message["type"] == "http.response.start":
            own: list[tuple[bytes, bytes]] = list(message.get("headers", []))
            names = {name.lower() for name, _ in own}
            message["headers"] = own + [pair for pair in _headers(host) if pair[0] not in names]
        await send(message)

    return send_all


def _headers(host: str) -> list[tuple[bytes, bytes]]:
    headers = {"Content-Security-Policy": POLICY.format(host=host), **HEADERS}
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
