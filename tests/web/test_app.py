"""The files that are served, and the conversation of a page with its session."""

import asyncio
import gzip
import json
import threading
from urllib.parse import unquote

import pytest
from starlette.websockets import WebSocketDisconnect

from nonlin.web.outbox import Outbox
from nonlin.web.wire import encode
from web.stand_in import COOKIE, FILES, HOST, ORIGIN, PORT, TOKEN, Server, StandIn

OPEN = {"do": "open", "settings": {}, "session": None}
ECHO = {"say": "echo", "of": {"do": "play"}}
JOINED = {**COOKIE, **ORIGIN, "host": HOST}
TRAVERSALS = [
    "/../etc/passwd", "/static/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%252e%252e/etc/passwd",
    "/..%5c..%5cwindows%5cwin.ini", "/..\\..\\windows\\win.ini", "/C:/windows/win.ini", "/C%3A%5Cwindows%5Cwin.ini",
    "/%5c%5cevil.example%5cshare%5cx", "//evil.example/x", "/app.js%00.css", "/app.js/", "/app.js/..", "/./app.js", "/APP.JS",
    "/app.js::$DATA", "/CON", "/static/app.js", "/main.js", "/index.html", "/__init__.py", "/.git/config", "/etc/passwd",
    "/file:///etc/passwd", "/app.js?file=/etc/passwd&path=..", "/..;/etc/passwd", "/%c0%ae%c0%ae/etc/passwd", "/~root/x",
]  # fmt: skip


@pytest.fixture
def server():
    return Server()


def joined(server, first=OPEN):
    """A socket that has been let in; what it sends first is no dictionary if it is None."""
    socket = server.client({}).websocket_connect("/ws", headers=JOINED)
    return socket if first is None else _opened(socket, first)


class _opened:  # noqa: N801 - it is used as a function
    def __init__(self, socket, first):
        self.socket, self.first = socket, first

    def __enter__(self):
        socket = self.socket.__enter__()
        socket.send_json(self.first)
        self.hello = socket.receive_json()
        socket.hello = self.hello
        return socket

    def __exit__(self, *error):
        return self.socket.__exit__(*error)


def refused(message):
    return {"say": "refused", "message": message}


# -- files


@pytest.mark.parametrize("path", FILES)
def test_a_file_comes_plain_or_zipped_and_only_when_it_has_changed(server, path):
    client, asset = server.client(), FILES[path]
    plain = client.get(path, headers={"accept-encoding": "identity"})
    zipped = client.get(path, headers={"accept-encoding": "br, gzip"})
    for answer in (plain, zipped):
        assert (answer.status_code, answer.content) == (200, asset.plain)
        assert answer.headers["content-type"] == asset.media_type
        assert (answer.headers["vary"], answer.headers["etag"]) == ("Accept-Encoding", asset.tag)
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) == len(asset.zipped)
    assert gzip.decompress(asset.zipped) == asset.plain
    known = client.get(path, headers={"if-none-match": asset.tag})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", asset.tag)
    assert client.get(path, headers={"if-none-match": 'W/"older"'}).status_code == 200
    assert client.head(path).content == b""


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0, br", "deflate, gzip;q=0"])
def test_who_cannot_unzip_gets_the_plain_bytes(server, accepted):
    assert "content-encoding" not in server.client().get("/app.js", headers={"accept-encoding": accepted}).headers


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_to_a_file(server, path):
    """As they stand, and decoded as the server decodes them, without the tidying up that a client does."""
    sent = []

    async def send(message):
        sent.append(message)

    headers = [(k.encode(), v.encode()) for k, v in {**COOKIE, "host": HOST}.items()]
    bare, _, query = path.partition("?")
    scope = {
        "type": "http", "method": "GET", "path": unquote(bare), "raw_path": bare.encode(), "query_string": query.encode(),
        "headers": headers, "root_path": "", "scheme": "http", "server": ("127.0.0.1", PORT), "client": None,
    }  # fmt: skip
    asyncio.run(server.app(scope, None, send))
    assert sent[0]["status"] == (200 if path.startswith("/app.js?") else 404)


def test_a_socket_elsewhere_is_refused(server):
    for path in ("/", "/app.js", "/ws/", "/nothing"):
        with pytest.raises(WebSocketDisconnect), server.client({}).websocket_connect(path, headers=JOINED):
            pass
    assert server.client().get("/ws").status_code == 404


# -- the conversation


def test_a_page_opens_and_talks_to_its_session(server):
    with joined(server) as socket:
        (session,) = server.made
        assert socket.hello == {"say": "hello", "session": session.id}
        socket.send_json({"do": "play"})
        assert socket.receive_json() == ECHO
        upload = {"do": "upload", "name": "data.csv", "target": None}
        socket.send_bytes(encode(upload, b"a,b\n1,2\n"))
        assert decode_reply(socket.receive_bytes()) == ({"say": "echo", "of": upload}, b"a,b\n1,2\n")
    assert session.left.wait(10)
    assert session.got == [(OPEN, None), ({"do": "play"}, None), (upload, b"a,b\n1,2\n")]
    assert not session.closed


def decode_reply(message):
    length = int.from_bytes(message[:4], "little")
    return json.loads(message[4 : 4 + length]), message[4 + length + -(4 + length) % 8 :]


def test_a_page_comes_back_to_its_session_and_a_second_tab_does_not(server):
    with joined(server) as socket:
        first = socket.hello["session"]
        with joined(server, {**OPEN, "session": first}) as tab:
            assert tab.hello["session"] != first
    assert server.made[0].left.wait(10)
    with joined(server, {**OPEN, "session": first}) as again:
        assert again.hello["session"] == first
    assert len(server.made) == 2


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("{", "a message must be JSON in UTF-8"),
        ("[" * 100_000, "a message must be at most 8 levels deep"),
        ("x" * 256_001, "the text of a message must be at most 256,000 bytes, got 256,001"),
        (b"\xff\xff\xff\xff", "the header of a message must be at most 64,000 bytes, got 4,294,967,295"),
        (encode({"do": "upload"}, bytes(25_000_001)), "the buffer of a message must be at most 25,000,000 bytes, got 25,000,001"),
        (json.dumps(OPEN), "this page is open already; 'open' may only be the first message"),
    ],
    ids=["no JSON", "deep JSON", "long text", "long header", "large buffer", "open twice"],
)  # fmt: skip
def test_a_wrong_message_is_refused_and_the_conversation_goes_on(server, message, words):
    with joined(server) as socket:
        (socket.send_text if isinstance(message, str) else socket.send_bytes)(message)
        assert socket.receive_json() == refused(words)
        socket.send_json({"do": "play"})
        assert socket.receive_json() == ECHO
    assert server.made[0].got == [(OPEN, None), ({"do": "play"}, None)]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ('{"do": "play"}', "the first message must be 'open', got 'play'"),
        ("[]", "a message must be a JSON object, got list"),
        ('{"do": "' + "x" * 200 + '"}', "the first message must be 'open', got '" + "x" * 79),
    ],
)
def test_a_page_that_does_not_open_first_is_dismissed(server, message, words):
    with joined(server, None) as socket:
        socket.send_text(message)
        assert socket.receive_json() == refused(words)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 1008
    assert server.made == []


def test_a_page_that_says_nothing_is_dismissed():
    server = Server(open_within=0.01)
    with joined(server, None) as socket:
        assert socket.receive_json() == refused("the first message must be 'open', within 0.01 seconds")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 1008
    assert server.made == []


def test_a_page_that_leaves_before_it_opens_leaves_nothing(server):
    with joined(server, None):
        pass
    assert server.made == []


def test_a_ninth_page_is_told_so(server):
    for _ in range(8):
        server.sessions.enter(None, lambda *_: None)
    with joined(server, None) as socket:
        socket.send_json(OPEN)
        assert socket.receive_json() == refused(
            "at most 8 pages may be open at once; close one, and load this page again"
        )


def test_a_mistake_of_ours_shows_the_page_nothing_and_lets_the_session_go(server, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(StandIn, "receive", fail)
    socket = server.client({}).websocket_connect("/ws", headers=JOINED)
    with pytest.raises(ZeroDivisionError), socket:
        socket.send_json(OPEN)
    assert server.made[0].left.is_set()
    assert socket._send_rx.statistics().current_buffer_used == 0


# -- a page that does not read


def test_a_slow_page_gets_the_newest_frame_and_all_else_in_order():
    async def run():
        outbox, got = Outbox(), []
        for say in ("state", "frame", "note", "frame", "curve"):
            outbox.tell({"say": say, "k": len(outbox)})

        async def send(message):
            got.append(json.loads(message))
            if len(got) == 4:
                outbox.close()

        await outbox.deliver(send)
        return got

    assert [(m["say"], m["k"]) for m in asyncio.run(run())] == [("state", 0), ("note", 2), ("frame", 3), ("curve", 3)]


def test_frames_for_a_page_that_does_not_read_take_no_memory():
    async def run():
        outbox = Outbox()
        for k in range(10_000):
            outbox.tell({"say": "frame", "frame": k}, bytes(100_000))
        return len(outbox)

    assert asyncio.run(run()) == 1


@pytest.mark.parametrize(("size", "most"), [(10, 256), (1_000_000, 31)], ids=["many", "large"])
def test_a_page_that_asks_and_does_not_read_is_cut_off(size, most):
    async def run():
        outbox, largest = Outbox(), 0
        for _ in range(2 * most):
            outbox.tell({"say": "curve"}, bytes(size))
            largest = max(largest, len(outbox))

        async def send(_):
            raise AssertionError("nothing is left to send")

        await asyncio.wait_for(outbox.deliver(send), 10)
        return largest, len(outbox)

    assert asyncio.run(run()) == (most, 0)


def test_one_message_may_be_of_any_size():
    async def run():
        outbox = Outbox()
        outbox.tell({"say": "file"}, bytes(40_000_000))
        return len(outbox)

    assert asyncio.run(run()) == 1


def test_a_session_may_speak_from_its_threads_and_after_the_end():
    async def run():
        outbox, got = Outbox(), []

        async def send(message):
            got.append(message)
            outbox.close()

        speaker = threading.Thread(target=outbox.tell, args=({"say": "note"},))
        speaker.start()
        await asyncio.wait_for(outbox.deliver(send), 10)
        speaker.join()
        return outbox, got

    outbox, got = asyncio.run(run())
    assert got == ['{"say":"note"}']
    outbox.tell({"say": "note"})  # the loop has ended
    assert len(outbox) == 0


def test_a_slow_page_does_not_hold_the_session(server):
    """A client whose socket takes nothing more: the session goes on, and is let go when the client leaves."""

    async def run():
        stuck, incoming = asyncio.Event(), asyncio.Queue()

        async def send(message):
            if message["type"] == "websocket.send":
                stuck.set()
                await asyncio.Event().wait()

        headers = [(k.encode(), v.encode()) for k, v in JOINED.items()]
        scope = {"type": "websocket", "path": "/ws", "headers": headers, "query_string": b"", "root_path": ""}
        talk = asyncio.create_task(server.app(scope, incoming.get, send))
        incoming.put_nowait({"type": "websocket.connect"})
        incoming.put_nowait({"type": "websocket.receive", "text": json.dumps(OPEN)})
        await asyncio.wait_for(stuck.wait(), 10)
        (session,) = server.made
        for k in range(1000):
            session.tell({"say": "frame", "frame": k}, bytes(10_000))
        incoming.put_nowait({"type": "websocket.receive", "text": '{"do": "pause"}'})
        incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(talk, 10)
        return session

    session = asyncio.run(run())
    assert [content["do"] for content, _ in session.got] == ["open", "pause"]
    assert not session.is_attached


def test_the_token_is_not_what_the_page_is_told(server):
    with joined(server) as socket:
        assert TOKEN not in str(socket.hello)
