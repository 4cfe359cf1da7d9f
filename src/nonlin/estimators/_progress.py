"""What ``verbose`` shows of a training: a bar at a terminal, scikit-learn's lines elsewhere."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from nonlin.nn.recipe import Record

Show = Callable[[Record], None]
_BAR_WIDTH = 12  # leaves the rest of 80 columns to the figures


def progress(epochs: int) -> AbstractContextManager[Show]:
    """A function that shows the record of each epoch, of which there are at most so many."""
    return _bar(epochs) if _is_free_terminal() else nullcontext(print_lines)


def print_lines(record: Record) -> None:
    """Print what scikit-learn prints after an epoch."""
    print(f"Iteration {record['epoch']}, loss = {record['loss']:.8f}")
    if "validation_score" in record:
        print(f"Validation score: {record['validation_score']:.6f}")


def _is_free_terminal() -> bool:
    """Whether standard output is a terminal on which no other bar is drawn."""
    if sys.stdout is None or not sys.stdout.isatty() or threading.current_thread() is not threading.main_thread():
        return False
    from rich.console import Console
    from rich.file_proxy import FileProxy  # stands for standard output while a bar is drawn

    return not (isinstance(sys.stdout, FileProxy) or Console().is_dumb_terminal)


@contextmanager
def _bar(epochs: int) -> Iterator[Show]:
    """One line that is drawn again in place; whatever else is printed meanwhile scrolls by above it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(f"epoch {{task.completed}} of {epochs}"), BarColumn(_BAR_WIDTH), TextColumn("{task.description}"),
        TimeRemainingColumn(elapsed_when_finished=True), TextColumn("{task.fields[time]}"),
    )  # fmt: skip
    with Progress(*columns, console=Console()) as bar:
        task = bar.add_task("", total=epochs, time="left")

        def show(record: Record) -> None:
            bar.update(task, completed=record["epoch"], description=_figures(record))

        yield show
        bar.update(task, total=bar.tasks[0].completed, time="in all")  # it may have stopped before the last epoch


def _figures(record: Record) -> str:
    held_out = f"  held out {record['validation_score']:.4f}" if "validation_score" in record else ""
    return f"loss {record['loss']:.4g}{held_out}"
