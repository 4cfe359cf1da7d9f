"""The widget of a notebook: messages to the session and back, in the kernel's own thread."""

import asyncio
import subprocess
import sys
import threading
import types

import pytest

from nonlin.errors import InputError
from nonlin.web import play_first, widget
from web.stand_in import StandIn

OPEN = {"do": "open", "settings": {}, "session": None}
FRONT_END = "const render = () => 1;\nexport default { render };\n"


class Wire:
    """The comm of a widget: keeps what is sent, and in which thread."""

    def __init__(self, **_):
        self.comm_id, self.sent, self.threads, self.closed, self.on_message = "1", [], [], False, None

    def send(self, data=None, buffers=None, **_):
        if data["method"] == "custom":
            self.sent.append((data["content"], [bytes(b) for b in buffers or []]))
            self.threads.append(threading.current_thread())

    def on_msg(self, callback):
        self.on_message = callback

    def on_close(self, callback):
        self.on_closed = callback

    def close(self, *_):
        self.closed = True

    def hear(self, content, *buffers):
        data = {"method": "custom", "content": content}
        self.on_message({"content": {"data": data}, "buffers": [memoryview(b) for b in buffers]})


@pytest.fixture
def made(monkeypatch):
    """A widget, its session and its comm."""
    ipywidgets = pytest.importorskip("ipywidgets")
    monkeypatch.setattr(widget, "script", lambda: FRONT_END)
    monkeypatch.setattr(widget, "style", lambda: ".nonlin-play {}")
    widget._widget_class.cache_clear()
    monkeypatch.setattr(ipywidgets.widgets.widget.comm, "create_comm", Wire)
    session = StandIn()
    shown = widget.make_widget(lambda: session)
    yield shown, session, shown.comm
    shown.close()
    widget._widget_class.cache_clear()


def test_it_carries_the_front_end_of_the_page(made):
    shown, _, _ = made
    assert (shown._esm, shown._css) == (FRONT_END, ".nonlin-play {}")


def test_messages_reach_the_session_and_its_words_come_back(made):
    _, session, wire = made
    wire.hear(OPEN)
    wire.hear({"do": "upload", "name": "data.csv"}, b"a,b\n1,2\n")
    assert session.got == [(OPEN, None), ({"do": "upload", "name": "data.csv"}, b"a,b\n1,2\n")]
    assert wire.sent == [
        ({"say": "hello", "session": session.id}, []),
        ({"say": "echo", "of": {"do": "upload", "name": "data.csv"}}, [b"a,b\n1,2\n"]),
    ]


def test_numbers_that_json_lacks_become_null(made):
    _, session, wire = made
    session.tell({"say": "frame", "nets": [{"train_loss": float("nan")}]}, None)
    assert wire.sent == [({"say": "frame", "nets": [{"train_loss": None}]}, [])]


def test_a_wrong_message_is_refused(made):
    _, session, wire = made
    wire.hear({"do": "set", "values": [[[[[[[[1]]]]]]]]})
    wire.hear("play")
    wire.hear({"do": "upload"}, bytes(25_000_001))
    assert session.got == []
    assert [content for content, _ in wire.sent] == [
        {"say": "refused", "message": "a message must be at most 8 levels deep"},
        {"say": "refused", "message": "a message must be a JSON object, got str"},
        {"say": "refused", "message": "the buffer of a message must be at most 25,000,000 bytes, got 25,000,001"},
    ]


def test_closing_the_widget_closes_the_session_and_nothing_is_said_afterwards(made):
    shown, session, wire = made
    tell = session.tell
    shown.close()
    assert (session.closed, wire.closed) == (True, True)
    tell({"say": "note", "message": "late"}, None)
    assert wire.sent == []


def test_a_page_that_closes_the_comm_closes_the_session(made):
    _, session, wire = made
    wire.on_closed({})
    assert session.closed


def test_what_a_thread_says_goes_out_in_the_kernels_thread(made):
    _, session, _ = made

    async def cell():
        made_in_a_cell = widget.make_widget(lambda: session)
        speaker = threading.Thread(target=session.tell, args=({"say": "note"}, b"x"))
        speaker.start()
        speaker.join()
        assert made_in_a_cell.comm.sent == []  # the kernel is still busy with the cell
        await asyncio.sleep(0)
        return made_in_a_cell

    shown = asyncio.run(cell())
    assert shown.comm.sent == [({"say": "note"}, [b"x"])]
    assert shown.comm.threads == [threading.main_thread()]
    session.tell({"say": "note"}, None)  # the kernel has ended
    assert len(shown.comm.sent) == 1
    shown.close()


# -- which of the two


def pretend_shell(monkeypatch, *names):
    kind = object
    for name in names:
        kind = type(name, (kind,), {})
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=kind))


@pytest.mark.parametrize(
    ("names", "notebook"),
    [
        (("ZMQInteractiveShell",), True),
        (("ZMQInteractiveShell", "Shell"), True),
        (("TerminalInteractiveShell",), False),
    ],
    ids=["Jupyter", "Colab", "terminal"],
)
def test_play_shows_a_widget_in_a_notebook_and_serves_elsewhere(monkeypatch, names, notebook):
    pretend_shell(monkeypatch, *names)
    called = []
    session = types.SimpleNamespace(Session=lambda table, data: ("session of", table or data))
    monkeypatch.setitem(sys.modules, "nonlin.web.session", session)
    monkeypatch.setattr("nonlin.web.warm.warm", lambda: called.append("warm"))
    monkeypatch.setattr("nonlin.web.widget.make_widget", lambda make: called.append(("widget", make())) or "shown")

    def serve(make, port, *, open_browser, prepare):
        prepare()
        called.append((make(), port, open_browser))

    monkeypatch.setattr("nonlin.web.serve.serve", serve)
    shown = play_first(None, "spiral", 8500, open_browser=False)
    if notebook:
        assert (shown, called) == ("shown", [("widget", ("session of", "spiral")), "warm"])
    else:
        assert (shown, called) == (None, ["warm", (("session of", "spiral"), 8500, False)])


def test_without_anywidget_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    widget._widget_class.cache_clear()
    made = []
    with pytest.raises(InputError) as refused:
        widget.make_widget(lambda: made.append(StandIn()))
    assert made == []
    assert str(refused.value) == 'nl.play in a notebook needs anywidget; pip install "nonlin[jupyter]"'
    widget._widget_class.cache_clear()


def test_the_room_needs_no_widget_and_no_server():
    code = "import sys, nonlin.web; print([m for m in ('anywidget', 'ipywidgets', 'starlette', 'uvicorn', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"
