"""``nonlin play``: the playground, on a page of this computer."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from nonlin.cli._options import Target, Task, check_task
from nonlin.errors import InputError


def play(
    data: Annotated[
        str | None,
        typer.Argument(help="A CSV or Parquet file, or a built-in data set; otherwise the playground's own."),
    ] = None,
    target: Target = None,
    task: Task = None,
    port: Annotated[
        int | None, typer.Option(help="The port of 127.0.0.1.", show_default="8417, or the next that is free")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Open the playground: change the activation function, and watch the decision surface bend."""
    check_task(task)
    for option, value in (("--target", target), ("--task", task)):
        if data is None and value is not None:
            raise InputError(
                f"{option} needs data to go with, got {value!r} and no DATA; name a file or a built-in set"
            )

    from nonlin.data import load
    from nonlin.web import is_named_set, play_first

    own = data if target is None and task is None and is_named_set(data) else None
    table = None if data is None or own else load(data, target, task)  # type: ignore[arg-type]
    for note in () if table is None else table.notes:
        typer.echo(f"note: {note}")
    play_first(table, own, port, open_browser=browser)
    _leave()


def _leave() -> None:
    """End now, also where a session's thread is in the middle of something long: there is nothing left to save."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
