"""A session that learns nothing, and a server of such sessions: what the doors and the channel are tested with."""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import threading
from pathlib import Path

from starlette.testclient import TestClient

from nonlin.web.app import make_app
from nonlin.web.assets import Asset
from nonlin.web.sessions import Sessions

PORT, TOKEN = 8417, "t" * 43
HOST = f"127.0.0.1:{PORT}"
ORIGIN = {"origin": f"http://{HOST}"}
COOKIE = {"cookie": f"nonlin-{PORT}={TOKEN}"}
FILES = {
    "/": Asset("text/html; charset=utf-8", b"<!doctype html><title>page</title>"),
    "/app.js": Asset("text/javascript; charset=utf-8", b"const x = 1;\n" * 100),
    "/style.css": Asset("text/css; charset=utf-8", b"p { color: red; }"),
    "/icon.svg": Asset("image/svg+xml", b"<svg/>"),
}


class StandIn:
    """Answers 'open' with its id, and all else with what it got; keeps all of it."""

    def __init__(self):
        self.id, self.got, self.tell, self.closed = secrets.token_urlsafe(16), [], None, False
        self.left = threading.Event()

    @property
    def is_attached(self):
        return self.tell is not None

    def attach(self, tell):
        self.tell = tell
        self.left.clear()

    def detach(self):
        self.tell = None
        self.left.set()

    def receive(self, content, buffer=None):
        self.got.append((content, buffer))
        if content["do"] == "open":
            self.tell({"say": "hello", "session": self.id}, None)
        else:
            self.tell({"say": "echo", "of": content}, buffer)

    def close(self):
        self.closed = True


class Server:
    """The application before one client, with all sessions that it has made."""

    def __init__(self, files=FILES, **options):
        self.made = []
        self.sessions = Sessions(self.make, patience=0)
        self.app = make_app(files, self.sessions, PORT, TOKEN, **options)

    def make(self):
        self.made.append(StandIn())
        return self.made[-1]

    def client(self, headers=COOKIE):
        return TestClient(self.app, f"http://{HOST}", headers=headers, follow_redirects=False)


@contextlib.contextmanager
def process(code, folder, *words, port=0):
    """Run a server in a process of its own; yield it, its port and its token."""
    environment = {**os.environ, "NONLIN_CACHE_DIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[1])}
    running = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=environment,
    )  # fmt: skip
    try:
        line = running.stdout.readline()
        address, _, token = line.strip().partition("/?token=")
        assert address.startswith("nonlin play: http://127.0.0.1:"), line + running.stderr.read()
        assert running.stdout.readline() == "Ctrl-C stops it\n"
        yield running, int(address.rpartition(":")[2]), token
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGKILL)
        running.communicate()


SERVE = """
import sys
from web.stand_in import FILES, StandIn
from nonlin.web import serve
serve.assets = lambda: FILES
serve.serve(StandIn, int(sys.argv[1]) if len(sys.argv) > 1 else 0, open_browser=False)
"""
