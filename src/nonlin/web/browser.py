"""Opening the user's browser, without the token in the list of processes."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
import webbrowser
from html import escape
from pathlib import Path

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url={link}">
<title>nonlin play</title>
</head>
<body><p><a href="{link}">Open the playground</a></p></body>
</html>
"""


class Doorway:
    """A page of the user's own that leads to the link: the browser is told its name, not the link.

    Parameters
    ----------
    link : where it leads
    """

    def __init__(self, link: str) -> None:
        handle, name = tempfile.mkstemp(prefix="nonlin-play-", suffix=".html")  # readable by nobody else
        self.path = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(PAGE.format(link=escape(link)))

    def open(self) -> None:
        """Ask the browser to show it, if there is a browser; never waits, never fails."""
        threading.Thread(target=self._show, daemon=True).start()

    def remove(self) -> None:
        """Take it away: it has been used, or the server has stopped."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _show(self) -> None:
        with contextlib.suppress(Exception):
            browser = webbrowser.get()
            if type(browser) is webbrowser.GenericBrowser and "BROWSER" not in os.environ:
                return  # one that runs in the terminal, where the server's own lines are
            browser.open(self.path.as_uri())
