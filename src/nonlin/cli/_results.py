"""``nonlin results``: what a store of studies holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nonlin.errors import InputError, bad_value
from nonlin.files import check_writable, write_whole

if TYPE_CHECKING:
    from rich.console import Console

    from nonlin.lab.fitting import Fit
    from nonlin.lab.stored import StoredStudy

SUFFIXES = (".csv", ".parquet")


def results(
    store: Annotated[str, typer.Argument(help="What `nonlin study --store` wrote: a file or an SQLAlchemy URL.")],
    out: Annotated[Path | None, typer.Option(help="Every fit as a row, as .csv or .parquet.")] = None,
) -> None:
    """Print the leaderboards of the studies in a store, and write their fits as a table."""
    if out is not None:
        if out.suffix.lower() not in SUFFIXES:
            raise bad_value("--out", "a file that ends in .csv or .parquet", str(out))
        check_writable(out)

    from rich.console import Console

    from nonlin.lab.store import Store, check_exists

    check_exists(store)
    rows: list[dict[str, Any]] = []
    with Store(store) as opened:
        studies = opened.studies()
        if not studies:
            typer.echo(f"{opened.name} holds no study yet; `nonlin study --store` puts one in")
            return
        for study in studies:
            fits = list(opened.fits(study.key).values())
            _show(Console(highlight=False), study, fits)
            rows += [_row(study, fit) for fit in fits]
    if out is not None:
        _write(rows, out)
        typer.echo(f"{len(rows):,} fits in {out}")


def _show(console: Console, study: StoredStudy, fits: list[Fit]) -> None:
    from nonlin.cli import _board
    from nonlin.lab import check_trained
    from nonlin.lab.stored import restore

    console.print(f"{study.name}: target {study.target!r} ({study.task}), seed {study.plan['seed']}", markup=False)
    if len(fits) < study.fits:
        console.print(f"  {len(fits)} of {study.fits} fits are done; `nonlin study --resume` goes on with them\n")
        return
    result = restore(study, fits)
    try:
        check_trained(result)
    except InputError as error:  # the studies after it are shown all the same
        console.print(f"  {error}\n", markup=False, soft_wrap=True)
    else:
        _board.show(console, result)
        console.print()


def _row(study: StoredStudy, fit: Fit) -> dict[str, Any]:
    record = {key: value for key, value in fit.as_record().items() if isinstance(value, str | int | float)}
    return {"study": study.key[:12], "table": study.name, "target": study.target, **record, **fit.scores}


def _write(rows: list[dict[str, Any]], out: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame(rows)
    write = frame.to_csv if out.suffix.lower() == ".csv" else frame.to_parquet
    write_whole(out, lambda file: write(file, index=False))
