"""``nonlin predict``: a saved model's predictions for a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nonlin.errors import TableError, suggest
from nonlin.files import check_writable, write_whole

if TYPE_CHECKING:
    import pandas as pd


def predict(
    model: Annotated[Path, typer.Argument(help="A model saved by `nonlin fit`.")],
    data: Annotated[str, typer.Argument(help="A CSV or Parquet file with the model's columns.")],
    out: Annotated[Path, typer.Option(help="Where the predictions go, as CSV.")] = Path("predictions.csv"),
) -> None:
    """Predict each row of a table with a saved model."""
    check_writable(out)

    from nonlin.data import BUILT_IN, read_table
    from nonlin.estimators import load

    fitted = load(model)
    frame = BUILT_IN[data]()[0] if data in BUILT_IN else read_table(data)
    predictions = _predictions(fitted, _columns(frame, fitted))
    write_whole(out, lambda file: predictions.to_csv(file, index=False))
    typer.echo(f"{len(predictions):,} predictions in {out}")


def _columns(frame: pd.DataFrame, fitted: Any) -> pd.DataFrame:
    """The columns that the model was fitted on."""
    wanted = [str(name) for name in fitted.feature_names_in_]
    frame = frame.rename(columns=lambda name: str(name).strip())
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        near = suggest(missing[0], frame.columns) or "."
        few = ", ".join(wanted[:8]) + (" …" if len(wanted) > 8 else "")
        raise TableError(
            f"the table has no column {missing[0]!r}, on which the model was fitted{near} It needs {len(wanted)}: {few}"
        )
    return frame[wanted]


def _predictions(fitted: Any, X: pd.DataFrame) -> pd.DataFrame:
    """One column of predictions, and for classes one column a probability."""
    import pandas as pd

    columns: dict[str, Any] = {"prediction": fitted.predict(X)}
    if hasattr(fitted, "predict_proba"):
        probabilities = fitted.predict_proba(X)
        columns |= {f"P({label})": probabilities[:, i] for i, label in enumerate(fitted.classes_)}
    return pd.DataFrame(columns)
