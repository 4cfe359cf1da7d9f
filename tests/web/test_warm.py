"""Before the first page everything is compiled, and what takes long is said."""

import threading

from nonlin.web.warm import warm


def test_what_takes_long_is_said_once():
    said = []
    warm(said.append, slow=0.0)
    assert said == ["nonlin play: compiling the engine for this machine, once; it takes about half a minute"]


def test_what_does_not_is_not():
    said = []
    warm(said.append, slow=3600.0)
    assert said == []
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


def test_the_line_goes_to_stderr(capsys):
    warm(slow=0.0)
    assert capsys.readouterr() == (
        "", "nonlin play: compiling the engine for this machine, once; it takes about half a minute\n"
    )  # fmt: skip
