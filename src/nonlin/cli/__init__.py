"""The command line: parse, call, print. One file a command; heavy imports wait until a command runs."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import Annotated

import typer

from nonlin import __version__
from nonlin.cli import _fit, _list, _play, _predict, _results, _sheet, _show, _study, _verify
from nonlin.errors import NonlinError

INTERRUPTED, REFUSED = 130, 2

app = typer.Typer(
    name="nonlin",
    help="The activation function, from the formula to the evidence.",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for command in (
    _study.study, _results.results, _fit.fit, _predict.predict, _show.show, _list.list_, _sheet.sheet, _play.play,
    _verify.verify,
):  # fmt: skip
    app.command(command.__name__.rstrip("_"))(command)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        typer.echo(f"nonlin {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line: errors are one line on stderr and exit code 2, Ctrl-C is exit code 130."""
    atexit.register(gc.freeze)  # else Python, leaving, searches all that was imported for rubbish: half a second
    try:
        code = app(standalone_mode=False)
    except NonlinError as error:
        code = _refuse(str(error))
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has left: `nonlin list | head`
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - stays open until the process ends
        code = 0
    except Exception as error:
        if not hasattr(error, "format_message"):  # what typer raises for a wrong command line
            raise
        code = _refuse(f"{error.format_message().rstrip('.')}; see 'nonlin --help'")
    if code == INTERRUPTED:
        print("nonlin: interrupted; no output was written", file=sys.stderr, flush=True)
        os._exit(INTERRUPTED)  # fits under way in other threads must not hold the process
    sys.exit(code)


def _refuse(message: str) -> int:
    print(f"nonlin: {' '.join(message.split())}", file=sys.stderr)
    return REFUSED
