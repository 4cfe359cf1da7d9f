"""The server as a process: its port, its token, its end; and the doors once more, over a real connection."""

import contextlib
import http.client
import json
import os
import signal
import socket
import stat
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from nonlin.errors import InputError
from nonlin.web import browser, secret, serve
from web.stand_in import FILES, SERVE, process

OPEN = json.dumps({"do": "open", "settings": {}, "session": None})
POSIX = pytest.mark.skipif(os.name == "nt", reason="owners and modes are of POSIX")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One server for the tests that only ask it something."""
    with process(SERVE, tmp_path_factory.mktemp("cache")) as (_, port, token):
        yield port, token


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(secret, "folder", lambda: tmp_path)
    return tmp_path


def ask(port, path, method="GET", **headers):
    """One request, with its path as it stands."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.putrequest(method, path, skip_host="host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        line.putheader(name, value)
    line.endheaders()
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer, body


def raw(port, text):
    """What comes back for some bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(text.encode("latin-1"))
        line.shutdown(socket.SHUT_WR)
        got = b""
        while chunk := line.recv(65536):
            got += chunk
    return got.decode("latin-1")


def cookie(port, token):
    return f"nonlin-{port}={token}"


def open_socket(port, token, **options):
    headers = {"Cookie": cookie(port, token)}
    return connect(
        f"ws://127.0.0.1:{port}/ws", origin=f"http://127.0.0.1:{port}", additional_headers=headers, **options
    )


def ask_and_hear(page, message):
    page.send(message)
    return page.recv(timeout=10)


# -- the port


def test_it_listens_on_this_computer_only(cache):
    with contextlib.closing(serve.listen(0)) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_refused(cache):
    with contextlib.closing(serve.listen(0)) as first:
        port = first.getsockname()[1]
        with pytest.raises(InputError) as refused:
            serve.listen(port)
    assert (
        str(refused.value)
        == f"--port must be free, got {port}, which is taken; name another, or none for the next free one"
    )


@pytest.mark.parametrize("port", [-1, 1, 80, 1023, 65536, 10**9])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(InputError) as refused:
        serve.listen(port)
    assert str(refused.value) == f"--port must be an integer from 1024 to 65535, or 0 for any free port, got {port}"


def test_without_a_port_it_takes_the_next_free_one(monkeypatch):
    with contextlib.closing(serve.listen(0)) as first:
        port = first.getsockname()[1]
        monkeypatch.setattr(serve, "PORT", port)
        with contextlib.closing(serve.listen()) as second:
            assert port < second.getsockname()[1] < port + serve.TRIES
        monkeypatch.setattr(serve, "TRIES", 1)
        with pytest.raises(InputError) as refused:
            serve.listen()
    assert str(refused.value) == f"--port must be free, and {port} to {port} are taken; name another"


def test_the_usual_port():
    assert serve.PORT == 8417


# -- the token


def test_the_token_is_kept_for_its_port(cache):
    token = secret.token_for(8417)
    assert len(token) == 43
    assert secret.token_for(8417) == token
    assert secret.token_for(8418) != token
    path = cache / "play-8417.token"
    assert path.read_text() == token
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@POSIX
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o606])
def test_a_token_that_others_can_read_is_replaced(cache, mode):
    token, path = secret.token_for(8417), cache / "play-8417.token"
    path.chmod(mode)
    fresh = secret.token_for(8417)
    assert fresh != token
    assert path.read_text() == fresh
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@POSIX
def test_a_token_of_somebody_else_is_replaced(cache, monkeypatch):
    token = secret.token_for(8417)
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    assert secret.token_for(8417) != token


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 44, b"x" * 42 + b"\n", b"\xff" * 43, b"x" * 10_000])
def test_what_is_no_token_is_replaced(cache, content):
    secret.token_for(8417)
    path = cache / "play-8417.token"
    path.write_bytes(content)
    token = secret.token_for(8417)
    assert (len(token), path.read_text()) == (43, token)


@POSIX
def test_a_token_behind_a_symlink_is_replaced_and_what_it_leads_to_is_left(cache, tmp_path):
    secret.token_for(8417)
    path, other = cache / "play-8417.token", tmp_path / "other"
    other.write_text("x" * 43)
    other.chmod(0o600)
    path.unlink()
    path.symlink_to(other)
    token = secret.token_for(8417)
    assert token != "x" * 43
    assert (path.is_symlink(), path.read_text(), other.read_text()) == (False, token, "x" * 43)


@POSIX
def test_a_token_with_a_second_name_is_replaced(cache, tmp_path):
    token, path = secret.token_for(8417), cache / "play-8417.token"
    other = tmp_path / "other"
    other.hardlink_to(path)
    assert secret.token_for(8417) != token
    assert other.read_text() == token


def test_a_token_that_cannot_be_kept_is_a_token_all_the_same(cache):
    (cache / "play-8417.token").mkdir()
    assert len(secret.token_for(8417)) == 43


# -- the browser


class Recorder:
    def __init__(self):
        self.opened = []

    def open(self, address):
        self.opened.append(address)


def test_the_browser_is_told_a_file_and_not_the_token(monkeypatch):
    recorder = Recorder()
    monkeypatch.setattr(browser.webbrowser, "get", lambda: recorder)
    door = browser.Doorway("http://127.0.0.1:8417/?token=a&b")
    door._show()
    assert recorder.opened == [door.path.as_uri()]
    assert "token=a" not in recorder.opened[0]
    page = door.path.read_text()
    assert '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:8417/?token=a&amp;b">' in page
    if os.name != "nt":
        assert stat.S_IMODE(door.path.stat().st_mode) == 0o600
    door.remove()
    door.remove()
    assert not door.path.exists()


def test_without_a_browser_nothing_happens(monkeypatch):
    def none():
        raise browser.webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(browser.webbrowser, "get", none)
    door = browser.Doorway("x")
    door._show()
    door.remove()


@pytest.mark.parametrize(("chosen", "opened"), [(None, 0), ("w3m %s", 1)])
def test_a_browser_in_the_terminal_is_for_who_has_chosen_it(monkeypatch, chosen, opened):
    terminal, shown = browser.webbrowser.GenericBrowser("w3m"), []
    monkeypatch.setattr(browser.webbrowser.GenericBrowser, "open", lambda _, address: shown.append(address))
    monkeypatch.setattr(browser.webbrowser, "get", lambda: terminal)
    monkeypatch.delenv("BROWSER", raising=False)
    if chosen is not None:
        monkeypatch.setenv("BROWSER", chosen)
    door = browser.Doorway("x")
    door._show()
    door.remove()
    assert len(shown) == opened


# -- a process


def test_it_serves_the_page_to_who_has_the_link(running):
    port, token = running
    answer, _ = ask(port, f"/?token={token}")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert answer.headers["set-cookie"] == f"nonlin-{port}={token}; HttpOnly; Path=/; SameSite=strict"
    answer, body = ask(port, "/", cookie=cookie(port, token))
    assert (answer.status, body) == (200, FILES["/"].plain)
    assert answer.headers["server"] is None
    assert answer.headers["date"] is None
    assert answer.headers["connection"] is None


@pytest.mark.parametrize("path", ["/", "/app.js", "/ws", "/nothing", "/?token=wrong"])
def test_and_to_nobody_else(running, path):
    answer, body = ask(running[0], path)
    assert answer.status == 403
    assert b"Please open the link" in body


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/..%5c..%5cwindows%5cwin.ini",
        "/\\\\evil.example\\share\\x", "/C:/windows/win.ini", "//etc/passwd", "/static/app.js", "/app.js%00", "/%",
    ],
)  # fmt: skip
def test_no_path_leads_to_a_file(running, path):
    port, token = running
    answer, body = ask(port, path, cookie=cookie(port, token))
    assert (answer.status, body) == (404, b"Not Found")


@pytest.mark.parametrize(
    ("request_line", "headers", "status"),
    [
        ("GET / HTTP/1.1", ["Host: evil.example"], "403"),
        ("GET / HTTP/1.1", ["Host: 127.0.0.1:{port}", "Host: evil.example"], "400"),
        ("GET / HTTP/1.1", ["Host: 127.0.0.1:{port}", "Host: 127.0.0.1:{port}"], "400"),
        ("GET / HTTP/1.1", [], "400"),
        ("GET / HTTP/1.0", [], "403"),
        ("GET http://evil.example/ HTTP/1.1", ["Host: evil.example"], "403"),
        ("GET / HTTP/1.1", ["Host: 127.0.0.1:{port}", "Origin: http://evil.example"], "403"),
        ("OPTIONS * HTTP/1.1", ["Host: 127.0.0.1:{port}"], "405"),
        ("POST / HTTP/1.1", ["Host: 127.0.0.1:{port}", "Content-Length: 0"], "405"),
        ("CONNECT evil.example:443 HTTP/1.1", ["Host: 127.0.0.1:{port}"], "405"),
        ("GET /app.js HTTP/1.1", ["Host: 127.0.0.1:{port}"], "200"),
    ],
)
def test_the_doors_over_a_real_connection(running, request_line, headers, status):
    port, token = running
    lines = [
        request_line,
        *(line.format(port=port) for line in headers),
        f"Cookie: {cookie(port, token)}",
        "Connection: close",
    ]
    got = raw(port, "\r\n".join([*lines, "", ""]))
    assert got.startswith(f"HTTP/1.1 {status} ")
    assert "access-control" not in got.lower()
    assert "Traceback" not in got


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "http://evil.example"}, {"origin": None}, {"additional_headers": {}},
        {"additional_headers": {"Cookie": "nonlin-{port}=x"}},
    ],
    ids=["cross-site", "no origin", "no cookie", "wrong token"],
)  # fmt: skip
def test_a_websocket_is_refused_before_it_is_accepted(running, change):
    port, token = running
    options = {"origin": f"http://127.0.0.1:{port}", "additional_headers": {"Cookie": cookie(port, token)}, **change}
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://127.0.0.1:{port}/ws", **options):
        pass
    assert refused.value.response.status_code == 403


def test_dns_rebinding_over_a_real_websocket(running):
    port, token = running
    line = socket.create_connection(("127.0.0.1", port), timeout=10)
    headers = {"Cookie": cookie(port, token)}
    with pytest.raises(InvalidStatus) as refused, connect(
        f"ws://evil.example:{port}/ws", sock=line, origin=f"http://evil.example:{port}", additional_headers=headers
    ):  # fmt: skip
        pass
    assert refused.value.response.status_code == 403


def test_a_message_beyond_all_limits_ends_the_connection_and_not_the_server(running):
    with open_socket(*running) as page:
        page.send(OPEN)
        page.recv(timeout=10)
        with pytest.raises(ConnectionClosed):
            ask_and_hear(page, bytes(serve.LARGEST_MESSAGE + 1))
    with open_socket(*running) as page:
        page.send(OPEN)
        assert json.loads(page.recv(timeout=10))["say"] == "hello"


def test_a_large_upload_arrives(running):
    with open_socket(*running, max_size=None) as page:
        page.send(OPEN)
        page.recv(timeout=10)
        head = b'{"do":"upload"}'
        page.send(len(head).to_bytes(4, "little") + head + bytes(5) + bytes(25_000_000))
        assert len(page.recv(timeout=30)) > 25_000_000


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_it_ends_at_once_and_well_with_pages_open(tmp_path, number):
    with process(SERVE, tmp_path) as (running, port, token), contextlib.ExitStack() as pages:
        for _ in range(3):
            page = pages.enter_context(open_socket(port, token))
            page.send(OPEN)
            page.recv(timeout=10)
        deaf = pages.enter_context(open_socket(port, token))  # says nothing
        running.send_signal(number)
        assert running.wait(30) == 0  # and does not wait for pages that stay open
        assert (running.stdout.read(), running.stderr.read()) == ("", "")
        with pytest.raises(ConnectionClosed) as closed:
            deaf.recv(timeout=10)
        assert closed.value.rcvd.code == 1012


FLOOD = SERVE.replace(
    "from nonlin.web import serve",
    """
class Flood(StandIn):
    def receive(self, content, buffer=None):
        self.tell({"say": "file"}, bytes(30_000_000))
    def close(self):
        import threading
        threading.Event().wait()  # a session in the middle of something long
StandIn = Flood
from nonlin.web import serve
""",
)


def test_it_ends_at_once_while_a_page_does_not_read_and_a_session_does_not_end(tmp_path):
    with process(FLOOD, tmp_path) as (running, port, token), contextlib.ExitStack() as ends:
        line = ends.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        key = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=="
        host = f"127.0.0.1:{port}"
        line.sendall(
            f"GET /ws HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie(port, token)}\r\n{key}\r\n\r\n".encode()
        )
        assert line.recv(12) == b"HTTP/1.1 101"
        body = OPEN.encode()
        line.sendall(bytes([0x81, 0x80 | len(body), 0, 0, 0, 0]) + body)  # masked with zeros
        while b"file" not in line.recv(4096):
            pass
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0  # and waits neither for the page nor for the session
        assert running.stderr.read() == ""


def test_a_page_finds_a_restarted_server_again(tmp_path):
    with process(SERVE, tmp_path) as (running, port, token):
        running.send_signal(signal.SIGKILL)
        running.wait(10)
    with process(SERVE, tmp_path, str(port)) as (_, again, same):
        assert (again, same) == (port, token)
        with open_socket(port, token) as page:
            page.send(OPEN)
            assert json.loads(page.recv(timeout=10))["say"] == "hello"


def test_the_file_for_the_browser_is_gone_when_the_page_has_come_or_the_server_has_ended(tmp_path):
    code = SERVE.replace(", open_browser=False", "").replace("StandIn, int", "StandIn, port=int")
    code = "import os, tempfile\ntempfile.tempdir = os.environ['NONLIN_CACHE_DIR']\n" + code
    code = code.replace("serve.serve(", "serve.Doorway._show = lambda self: None\nserve.serve(")

    def left():
        return [p.name for p in Path(tmp_path).glob("nonlin-play-*.html")]

    with process(code, tmp_path) as (_, port, token):
        assert len(left()) == 1
        ask(port, f"/?token={token}")
        assert left() == []
    with process(code, tmp_path) as (running, _, _):
        assert len(left()) == 1
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
        assert left() == []
