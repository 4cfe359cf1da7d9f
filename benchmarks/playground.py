"""The playground in a headless Chromium: epochs a second while it draws, frames a second, milliseconds to an answer.

Run ``python benchmarks/playground.py [--seconds S]``; README.md says what is measured.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

from _timing import machine

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"
NETWORKS = {
    "2-4-2-1, tanh": "hidden=4,2&activations=tanh",
    "2-8-8-1, tanh": "hidden=8,8&activations=tanh",
    "2-200-1, sigmoid": "hidden=200,&activations=sigmoid",
}
LARGE = "hidden=256,256,256,256,256,256&activations=relu"
EPOCHS, FRAMES, ANSWER = 3000, 30, 100  # a second, a second, milliseconds
TIMES = 20
KEYS = {" ": ("Space", 32, " "), "ArrowDown": ("ArrowDown", 40, ""), "ArrowUp": ("ArrowUp", 38, "")}

# A frame is asked for only when the one before has been drawn: the questions count the drawn frames. What a person does
# is timed from the browser's own stamp of the key to the moment at which the page has taken the state in.
PROBE = """(() => {
  const seen = globalThis[Symbol.for("seen")] = {drawn: 0, began: null, answers: []};
  const known = new WeakSet(), send = WebSocket.prototype.send;
  const hear = ({data}) => {
    if (seen.began === null || typeof data !== "string" || JSON.parse(data).say !== "state") return;
    seen.answers.push(performance.now() - seen.began);
    seen.began = null;
  };
  WebSocket.prototype.send = function (data) {
    if (!known.has(this)) known.add(this), this.addEventListener("message", hear);
    if (typeof data === "string" && JSON.parse(data).do === "frame") seen.drawn++;
    return send.call(this, data);
  };
  document.addEventListener("keydown", (event) => { seen.began = event.timeStamp; }, true);
})()"""
EPOCH = (
    r"Number(/Epoch\s*([\d,]+)/.exec(document.querySelector('[aria-label=Training]').innerText)[1].replaceAll(',', ''))"
)
SAMPLE = f"({{epoch: {EPOCH}, drawn: globalThis[Symbol.for('seen')].drawn, now: performance.now()}})"
READY = "Boolean(document.querySelector('[aria-label=Training] select') && document.querySelector('.measures td'))"


class Page:
    """One tab of a Chromium, over its own protocol: no other tool listens to what the page hears."""

    def __init__(self, line: ClientConnection) -> None:
        self._line, self._numbers = line, itertools.count(1)
        self._do("Page.enable")
        self._do("Page.addScriptToEvaluateOnNewDocument", source=PROBE)

    def _do(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._line.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self._line.recv())).get("id") != number:
            pass
        return answer["result"]  # type: ignore[no-any-return]

    def value(self, expression: str) -> Any:
        """What a script in the page gives."""
        return self._do("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until a script in the page gives true."""
        while not self.value(expression):
            time.sleep(0.02)

    def open(self, address: str) -> None:
        """Open the playground in this tab as if for the first time."""
        self.value("sessionStorage.clear()")
        self._do("Page.navigate", url="about:blank")
        self._do("Page.navigate", url=address)
        self.until(READY)

    def key(self, key: str) -> None:
        """Press a key, as a hand does."""
        code, number, text = KEYS[key]
        for kind in ("keyDown", "keyUp"):
            pressed = {"key": key, "code": code, "windowsVirtualKeyCode": number}
            self._do("Input.dispatchKeyEvent", type=kind, text=text if kind == "keyDown" else "", **pressed)

    def answers(self) -> list[float]:
        """Milliseconds from each key to the state that answers it."""
        return list(self.value("globalThis[Symbol.for('seen')].answers"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6, help="how long each network trains (default 6)")
    seconds = parser.parse_args().seconds
    print(machine())
    with _server() as link, _chromium() as page:
        print(f"\n{'500 points, batch 10, flat out':32s}{'epochs/s':>10s}{'frames/s':>10s}{'load':>7s}")
        for name, settings in NETWORKS.items():
            page.open(f"{link}#{settings}&pace=0")
            epochs, frames = speed(page, seconds)
            print(f"{name:32s}{epochs:10,.0f}{frames:10.1f}{os.getloadavg()[0]:7.1f}")
            if name.startswith("2-4-2-1"):
                print(f"  bar {EPOCHS:,} and {FRAMES}: {word(epochs >= EPOCHS and frames >= FRAMES)}")
        page.open(f"{link}#{LARGE}&pace=0")
        print(f"\n{'6 x 256, flat out, ms to state':32s}{'median':>10s}{'worst':>10s}{'load':>7s}")
        for name, taken in {"learning rate": rates(page), "pause": pauses(page)}.items():
            print(f"{name:32s}{median(taken):10.1f}{max(taken):10.1f}{os.getloadavg()[0]:7.1f}")
            print(f"  bar {ANSWER} in the median: {word(median(taken) <= ANSWER)}")


def word(is_good: bool) -> str:
    return "pass" if is_good else "FAIL"


def speed(page: Page, seconds: float) -> tuple[float, float]:
    """Epochs and drawn frames a second, as the page itself counts them, after two seconds to get going."""
    page.key(" ")
    time.sleep(2)
    before = page.value(SAMPLE)
    time.sleep(seconds)
    after = page.value(SAMPLE)
    page.key(" ")
    passed = (after["now"] - before["now"]) / 1000
    return (after["epoch"] - before["epoch"]) / passed, (after["drawn"] - before["drawn"]) / passed


def rates(page: Page) -> list[float]:
    """Change the learning rate by the arrow keys while the network trains."""
    page.key(" ")
    time.sleep(2)
    page.value("document.querySelector('[data-key=learning_rate] select').focus()")
    return _answers(page, ["ArrowDown", "ArrowUp"] * (TIMES // 2))


def pauses(page: Page) -> list[float]:
    """Pause; playing again in between is not counted."""
    page.value("document.activeElement.blur()")
    return _answers(page, [" "] * (2 * TIMES))[::2]


def _answers(page: Page, keys: list[str]) -> list[float]:
    before = len(page.answers())
    for k, key in enumerate(keys, before):
        page.key(key)
        page.until(f"globalThis[Symbol.for('seen')].answers.length > {k}")
        time.sleep(0.15)
    return page.answers()[before:]


@contextlib.contextmanager
def _server() -> Iterator[str]:
    command = [sys.executable, "-m", "nonlin", "play", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield next(line.split()[-1] for line in running.stdout if "token=" in line)
        finally:
            running.terminate()


@contextlib.contextmanager
def _chromium() -> Iterator[Page]:
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit(f"the benchmark needs a Chromium: install one of {', '.join(BROWSERS)}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [
            path,
            *FLAGS.split(),
            "--window-size=1440,900",
            "--remote-debugging-port=0",
            f"--user-data-dir={folder}",
        ]
        with subprocess.Popen([*command, "about:blank"], stderr=subprocess.DEVNULL) as running:
            try:
                with connect(_address(Path(folder) / "DevToolsActivePort"), max_size=None) as line:
                    yield Page(line)
            finally:
                running.terminate()


def _address(path: Path) -> str:
    """The line to the first tab, once Chromium has said on which port it listens."""
    for _ in range(600):
        with contextlib.suppress(OSError, ValueError, IndexError, StopIteration):
            port = int(path.read_text().splitlines()[0])
            with urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                return str(next(tab["webSocketDebuggerUrl"] for tab in json.load(answer) if tab["type"] == "page"))
        time.sleep(0.05)
    raise SystemExit("Chromium did not start within half a minute")


if __name__ == "__main__":
    main()
