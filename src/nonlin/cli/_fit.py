"""``nonlin fit``: a network for a table, saved with its preprocessing."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nonlin.cli._options import Hidden, Seed, Target, Task, check_task, hidden_widths, split_activations
from nonlin.errors import InputError
from nonlin.files import check_writable

if TYPE_CHECKING:
    from nonlin.data import Table

EPOCHS = 1000


def fit(
    data: Annotated[str, typer.Argument(help="A CSV or Parquet file, or a built-in data set.")],
    out: Annotated[Path, typer.Option(help="Where the model goes, a .skops file.")],
    target: Target = None,
    activation: Annotated[
        str, typer.Option(help="A name or a formula in z, or one per hidden layer, separated by commas.")
    ] = "relu",
    hidden: Hidden = "200",
    seed: Seed = 0,
    task: Task = None,
) -> None:
    """Fit a network to a table and save it, with its preprocessing, for `nonlin predict`."""
    check_task(task)
    check_writable(out)
    widths, names = hidden_widths(hidden), split_activations(activation, "--activation")
    if len(names) not in (1, len(widths)):
        raise InputError(
            f"--activation must name one activation, or one for each of the {len(widths)} layers, got {len(names)}"
        )

    from sklearn.exceptions import ConvergenceWarning

    from nonlin.data import load
    from nonlin.estimators import save
    from nonlin.lab.plan import check_seed, check_widths

    check_seed(seed)
    check_widths(widths)
    table = load(data, target, task)  # type: ignore[arg-type]
    for note in table.notes:
        typer.echo(f"note: {note}")
    model = _pipeline(table.task, widths, names[0] if len(names) == 1 else names, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the epochs are printed
        model.fit(table.X, table.y)
    save(model, out)
    typer.echo(f"{_held_out(model, table)}\nsaved in {out}")


def _pipeline(task: str, widths: tuple[int, ...], activation: Any, seed: int) -> Any:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from nonlin.data import preprocessor
    from nonlin.estimators import MLPClassifier, MLPRegressor

    recipe: dict[str, Any] = {
        "early_stopping": True, "scoring": "loss", "n_iter_no_change": 30, "tol": 0.0, "max_iter": EPOCHS,
        "random_state": seed,
    }  # fmt: skip
    if task == "classification":
        return make_pipeline(preprocessor(), MLPClassifier(widths, activation, **recipe))
    network = MLPRegressor(hidden_layer_sizes=widths, activation=activation, **recipe)
    return make_pipeline(preprocessor(), TransformedTargetRegressor(network, transformer=StandardScaler()))


def _held_out(model: Any, table: Table) -> str:
    network = getattr(model[-1], "regressor_", model[-1])
    loss = "log-loss" if table.task == "classification" else "half the squared error of the standardised target"
    return (
        f"{network.n_iter_} epochs, of {EPOCHS} at most, on {len(table.y):,} rows; on the 10 % of them that were held "
        f"out to stop in time, {loss} is {-network.best_validation_score_:.3f}"
    )
