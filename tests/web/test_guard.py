"""The door: every way in that other local servers have left open, tried on HTTP and on the WebSocket."""

import contextlib
import re

import httpx2
import pytest
from starlette.websockets import WebSocketDisconnect

from web.stand_in import COOKIE, HOST, ORIGIN, PORT, TOKEN, Server

OURS = [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}"]
STRANGE_HOSTS = [
    "evil.example", f"evil.example:{PORT}", "127.0.0.1", "localhost", f"127.0.0.1:{PORT + 1}", f"127.0.0.1:{PORT}.evil.example",
    f"127.0.0.1.evil.example:{PORT}", f"0.0.0.0:{PORT}", f"[::]:{PORT}", f"127.1:{PORT}", f"2130706433:{PORT}",
    f"user@127.0.0.1:{PORT}", f"127.0.0.1:0{PORT}", "", f"localhost:{PORT},evil.example",
]  # fmt: skip
STRANGE_ORIGINS = [
    "null", "http://evil.example", f"https://{HOST}", f"http://{HOST}/", f"http://127.0.0.1:{PORT + 1}", "http://127.0.0.1",
    f"http://localhost:{PORT}", f"http://evil.example:{PORT}", f"file://{HOST}", "", f"http://{HOST}.evil.example",
    f"http://{HOST} http://{HOST}",
]  # fmt: skip
NO_COOKIES = [
    {}, {"cookie": ""}, {"cookie": f"nonlin-{PORT}="}, {"cookie": f"nonlin-{PORT + 1}={TOKEN}"}, {"cookie": f"nonlin-{PORT}={TOKEN}x"},
    {"cookie": f"nonlin-{PORT}={TOKEN[:-1]}"}, {"cookie": f"NONLIN-{PORT}={TOKEN}"}, {"cookie": TOKEN},
    {"authorization": f"Bearer {TOKEN}"}, {"cookie": f"x=nonlin-{PORT}={TOKEN}"}, {"cookie": "nonlin-8417=\xff"},
]  # fmt: skip
NO_TOKENS = [
    "", "?token=", f"?token={TOKEN}x", f"?token={TOKEN[:-1]}", f"?token={TOKEN}&token={TOKEN}", f"?Token={TOKEN}", "?token=\u00fc",
    f"?token={TOKEN.upper()}", f"?x={TOKEN}", f"?token[]={TOKEN}",
]  # fmt: skip
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    f"connect-src 'self' ws://{HOST}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@pytest.fixture
def server():
    return Server()


def words(answer):
    return " ".join(re.sub("<[^>]*>", " ", answer.text).split())


def refusal(reason):
    return (
        f"nonlin play This page needs its link {reason} Please open the link that nonlin play printed in its terminal: it "
        f"begins with http://127.0.0.1:{PORT}/?token="
    )


def joins(server, headers):
    """Whether a WebSocket with these headers is let in; its host is ours if they name none."""
    headers = httpx2.Headers(headers)
    headers.setdefault("host", HOST)
    socket = server.client({}).websocket_connect("/ws", headers=headers)
    with contextlib.suppress(WebSocketDisconnect), socket:
        socket.send_json({"do": "open", "settings": {}, "session": None})
        return socket.receive_json()["say"] == "hello"
    assert server.made == []
    return False


def test_the_link_gives_the_cookie_and_leads_to_the_page(server):
    client = server.client({})
    answer = client.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"], answer.content) == (303, "/", b"")
    assert answer.headers["set-cookie"] == f"nonlin-{PORT}={TOKEN}; HttpOnly; Path=/; SameSite=strict"
    page = client.get("/")
    assert (page.status_code, page.text) == (200, "<!doctype html><title>page</title>")


def test_the_token_leaks_into_no_address_header_or_page(server):
    client = server.client({})
    for answer in (client.get(f"/?token={TOKEN}"), client.get("/"), client.get("/app.js"), client.get("/nothing")):
        shown = {k: v for k, v in answer.headers.items() if k != "set-cookie"}
        assert TOKEN not in str(shown)
        assert TOKEN not in answer.text
        assert answer.headers["referrer-policy"] == "same-origin"


def test_the_link_tells_once_somebody_has_entered():
    entered = []
    client = Server(entered=lambda: entered.append(1)).client({})
    client.get("/?token=wrong")
    assert entered == []
    client.get(f"/?token={TOKEN}")
    assert entered == [1]


@pytest.mark.parametrize("query", NO_TOKENS)
def test_a_wrong_token_opens_nothing(server, query):
    answer = server.client({}).get(f"/{query}")
    assert (answer.status_code, words(answer)) == (403, refusal("It came without its token."))
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/app.js", "/ws", "/nothing", "//x", "/index.html"])
def test_the_token_counts_on_the_page_only(server, path):
    answer = server.client({}).get(f"http://{HOST}{path}?token={TOKEN}")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_token_counts_for_get_only(server):
    assert server.client({}).head(f"/?token={TOKEN}").status_code == 403
    assert server.client({}).post(f"/?token={TOKEN}").status_code == 405


def test_an_old_link_leads_a_browser_that_is_in_to_the_page(server):
    answer = server.client().get("/?token=old")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("headers", NO_COOKIES, ids=repr)
def test_without_the_cookie_nothing_is_served(server, headers):
    headers = {name: value.encode("latin-1") for name, value in headers.items()}
    for path in ("/", "/app.js", "/style.css", "/icon.svg", "/ws", "/nothing"):
        assert server.client(headers).get(path).status_code == 403
    assert not joins(server, {**headers, **ORIGIN})


@pytest.mark.parametrize("cookie", [f"a=b; nonlin-{PORT}={TOKEN}", f"nonlin-{PORT}=x;nonlin-{PORT}={TOKEN}; z"])
def test_other_cookies_of_this_computer_do_not_matter(server, cookie):
    assert server.client({"cookie": cookie}).get("/").status_code == 200
    assert joins(server, {"cookie": cookie, **ORIGIN})


def test_a_strict_cookie_that_stayed_at_home_is_asked_for_once_more(server):
    first = server.client({"sec-fetch-site": "cross-site"}).get("/")
    assert (first.status_code, words(first)) == (403, "nonlin play One moment…")
    assert '<meta http-equiv="refresh" content="0;url=/">' in first.text
    for site in ("same-origin", "same-site", "none"):
        again = server.client({"sec-fetch-site": site}).get("/")
        assert (again.status_code, words(again)) == (403, refusal("It came without its token."))
    assert "One moment" not in server.client({"sec-fetch-site": "cross-site"}).get("/app.js").text


@pytest.mark.parametrize("host", OURS)
def test_this_computer_has_three_names(server, host):
    client = server.client({**COOKIE, "host": host})
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-security-policy"] == POLICY.replace(HOST, host)
    assert client.get("/app.js", headers={"origin": f"http://{host}"}).status_code == 200
    assert joins(server, {**COOKIE, "host": host, "origin": f"http://{host}"})


@pytest.mark.parametrize("host", STRANGE_HOSTS)
def test_dns_rebinding_is_refused_on_http(server, host):
    for path in ("/", f"/?token={TOKEN}", "/app.js"):
        answer = server.client({**COOKIE, "host": host}).get(path)
        assert (answer.status_code, words(answer)) == (403, refusal("The host of this address is not this computer."))
        assert answer.headers["content-security-policy"] == POLICY
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("host", STRANGE_HOSTS)
def test_dns_rebinding_is_refused_on_the_websocket(server, host):
    assert not joins(server, {**COOKIE, "host": host, "origin": f"http://{host}"})
    assert not joins(server, {**COOKIE, "host": host, **ORIGIN})


def test_two_hosts_are_refused(server):
    for second in (HOST, "evil.example"):
        headers = [("host", HOST), ("host", second), *COOKIE.items()]
        assert server.client({}).get("/", headers=headers).status_code == 403
        assert not joins(server, [*headers, *ORIGIN.items()])


@pytest.mark.parametrize("origin", STRANGE_ORIGINS)
def test_a_cross_site_websocket_is_refused(server, origin):
    assert not joins(server, {**COOKIE, "origin": origin})


def test_a_websocket_without_an_origin_or_with_two_is_refused(server):
    assert not joins(server, COOKIE)
    assert not joins(server, [*COOKIE.items(), *ORIGIN.items(), *ORIGIN.items()])
    assert joins(server, {**COOKIE, **ORIGIN})


@pytest.mark.parametrize("origin", STRANGE_ORIGINS)
def test_a_request_of_another_page_is_refused(server, origin):
    answer = server.client({**COOKIE, "origin": origin}).get("/app.js")
    assert (answer.status_code, words(answer)) == (403, refusal("Another page has asked for it."))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_only_get_and_head_are_answered(server, method):
    for path in ("/", "/app.js", "/ws", "/nothing"):
        answer = server.client().request(method, path)
        assert (answer.status_code, answer.headers["allow"], answer.content) == (405, "GET, HEAD", b"")
    assert server.client().head("/app.js").status_code == 200


def test_a_preflight_gets_no_permission(server):
    asked = {"access-control-request-method": "GET", "access-control-request-private-network": "true"}
    for origin in (f"http://{HOST}", "http://evil.example"):
        answer = server.client({**COOKIE, **asked, "origin": origin}).options("/app.js")
        assert answer.status_code in (403, 405)
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/", "/app.js", "/nothing", f"/?token={TOKEN}"])
@pytest.mark.parametrize("headers", [COOKIE, {}, {"host": "evil.example"}, {"origin": "null"}], ids=repr)
def test_every_answer_has_the_headers(server, path, headers):
    answer = server.client(headers).get(path)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["permissions-policy"].startswith("camera=()")
    assert answer.headers["cache-control"] == ("no-cache" if answer.status_code == 200 and path != "/" else "no-store")
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_what_is_neither_http_nor_a_websocket_is_not_answered(server):
    import anyio

    sent = []

    async def send(message):
        sent.append(message)

    anyio.run(server.app, {"type": "telnet", "headers": []}, None, send)
    assert sent == []
