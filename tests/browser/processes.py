"""What the tests of the page start: a server of its own, a headless Chromium; and what is missing, said in words."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from nonlin.backends.cache import folder

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


def needed(found, reason):
    """What was found; without it the test is skipped, but not on the machine that decides."""
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail(reason)
    return pytest.skip(reason)


def node_package(name):
    """The folder of a package of the npm registry, which only tests use."""
    root = os.environ.get("NONLIN_TEST_NODE")
    reason = (
        f"{name} is needed: run npm install --no-save --prefix DIR axe-core typescript, and set NONLIN_TEST_NODE=DIR"
    )
    home = Path(root or ".") / "node_modules" / name
    return needed(home if root and home.is_dir() else None, reason)


@contextlib.contextmanager
def chromium():
    """A headless Chromium of this machine."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    path = needed(found, f"a Chromium is needed to test the page in: install one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A ``nonlin play`` process, which may be killed and started again on its port."""

    def __init__(self, *words):
        self.words, self.port, self.process, self.link = words, free_port(), None, ""

    def start(self):
        command = [sys.executable, "-m", "nonlin", "play", *self.words, "--port", str(self.port), "--no-browser"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if "token=" in line:
                self.link = line.split()[-1]
                return
        raise AssertionError(f"nonlin play ended with {self.process.wait()} before it served")

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(20)
        self.process.stdout.close()

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"


@contextlib.contextmanager
def served(*words):
    """A server for as long as the block lasts; of all that it leaves only the kernels stay."""
    server = Server(*words)
    server.start()
    try:
        yield server
    finally:
        server.end()
        (folder() / f"play-{server.port}.token").unlink(missing_ok=True)
