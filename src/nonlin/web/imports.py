"""What a page can take in: a table, a model, a saved session. Everything is bounded, and nothing is executed."""

from __future__ import annotations

import io
import json
import zlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin.data import read_bytes
from nonlin.errors import InputError, ModelFileError, TableError, bad_value
from nonlin.web.exports import FORMAT
from nonlin.web.scene import MOST_COLUMNS, MOST_ROWS
from nonlin.web.settings import Values, checked
from nonlin.web.sources import MOST_DRAWN, Drawn
from nonlin.web.spec import spec_of
from nonlin.web.stage import Stage, changed

if TYPE_CHECKING:
    import pandas as pd

GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
MOST_UNPACKED = 200_000_000  # bytes
_PENALTIES = {0.0: "l2", 1.0: "l1"}


def file_name(given: object) -> str:
    """The name that a page gives a file, for messages and titles only: never a path."""
    name = PurePath(str(given).replace("\\", "/")).name
    return "".join(c for c in name if c.isprintable())[:80] or "table"


def read_upload(data: bytes, name: str) -> pd.DataFrame:
    """Read a dropped CSV or Parquet file.

    Raises
    ------
    TableError
        It is no table, or unpacks to more than there may be.
    """
    if data[:4] == PARQUET:
        _check_parquet(data, name)
    frame = read_bytes(_unzipped(data, name) if data[:2] == GZIP else data, name)
    _check_shape(*frame.shape, name)
    return frame


def _check_parquet(data: bytes, name: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.ParquetFile(io.BytesIO(data)).metadata
    except (pa.ArrowException, OSError, ValueError):
        raise TableError(
            f"source must be an intact Parquet file, got damaged bytes in {name!r}; export it again"
        ) from None
    _check_shape(found.num_rows, found.num_columns, name)
    size = sum(found.row_group(i).total_byte_size for i in range(found.num_row_groups))
    if size > MOST_UNPACKED:
        raise _too_large(name)


def _check_shape(rows: int, columns: int, name: str) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise TableError(
            f"the playground takes at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns, got {rows:,} and {columns:,} "
            f"in {name!r}; use nonlin study for this table"
        )


def _unzipped(data: bytes, name: str) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        plain = reader.decompress(data, MOST_UNPACKED)
    except zlib.error:
        raise TableError(
            f"source must be an intact gzip file, got damaged bytes in {name!r}; compress it again"
        ) from None
    if reader.unconsumed_tail:
        raise _too_large(name)
    return plain


def _too_large(name: str) -> TableError:
    return TableError(f"{name!r} must unpack to at most {MOST_UNPACKED // 10**6} MB; take fewer rows or columns")


def with_model(stage: Stage, data: bytes, name: str) -> Stage:
    """The stage with the network of a model file: its layers, activations, weights and preparation of the rows.

    Raises
    ------
    ModelFileError
        The file holds no network of nonlin, or one for other columns.
    """
    from nonlin.estimators import MLPClassifier, MLPRegressor
    from nonlin.estimators._persistence import from_bytes

    model = from_bytes(data, name, MOST_UNPACKED)
    *steps, (_, last) = getattr(model, "steps", [("network", model)])
    network = getattr(last, "regressor_", last)
    if not isinstance(network, MLPClassifier | MLPRegressor) or not hasattr(network, "coefs_"):
        raise ModelFileError(
            f"{name!r} holds no fitted MLPClassifier or MLPRegressor; give a model that the page exported"
        )
    values = _settings_of(network, stage, steps)
    wanted = changed(stage, values, pipeline=_preparation(model, steps, stage, name))
    lane = wanted.lanes[0] if wanted.lanes else None
    shapes = [W.shape for W in network.coefs_]
    if lane is None or [W.shape for W in lane.fit.network.layout.weights(lane.fit.theta)] != shapes:
        raise ModelFileError(f"{name!r} is a model for other columns or classes; choose its data set first")
    put_weights(
        wanted,
        0,
        np.concatenate([np.ravel(p) for pair in zip(network.coefs_, network.intercepts_, strict=True) for p in pair]),
        int(network.n_iter_),
    )
    return wanted


def _settings_of(network: Any, stage: Stage, steps: list[Any]) -> Values:
    """The settings that describe a fitted network."""
    params = network.get_params()
    is_classes = stage.rows.task == "classification"
    values: Values = {
        "hidden": [W.shape[1] for W in network.coefs_[:-1]], "activations": [spec_of(a) for a in network.activations_],
        "rival": "", "loss" if is_classes else "loss_of_numbers": params["loss"],
        "penalty": _PENALTIES.get(params["l1_ratio"], "both") if params["alpha"] else "none",
    }  # fmt: skip
    if params["solver"] != "lbfgs":
        values["solver"] = params["solver"]
    names = getattr(steps[0][1], "names", None) if steps else None
    return checked(values | ({"inputs": list(names)} if names else {}))


def _preparation(model: Any, steps: list[Any], stage: Stage, name: str) -> Any:
    """The fitted steps before the network, if they take the columns of the rows that are there."""
    if not steps:
        return None
    known = list(getattr(steps[0][1], "feature_names_in_", []))
    here = [str(column) for column in stage.rows.X.columns]
    if known and known != here:
        raise ModelFileError(
            f"{name!r} is a model for the columns {known[:8]}, got {here[:8]}; choose its data set first"
        )
    return model[:-1]


def put_weights(stage: Stage, net: int, theta: Any, epochs: int) -> None:
    """Set the weights of a network that nobody trains yet."""
    lane = stage.lanes[net]
    lane.fit.theta[:] = theta
    lane.fit.training.earlier, lane.is_pure = epochs, False
    lane.publish()


def with_session(stage: Stage, data: bytes, name: str) -> Stage:
    """The stage of a session that a page saved.

    Raises
    ------
    InputError
        The file is no saved session, or it breaks a rule.
    """
    saved = _parsed(data, name)
    try:
        drawn, values = _drawn(saved["drawn"]), checked(saved["settings"])
        weights = [np.asarray(row, dtype=np.float32) for row in saved["weights"]]
        epochs = [int(n) for n in saved["epochs"]]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        raise _no_session(name) from None
    sources = type(stage.sources)(stage.sources.table, stage.sources.frame, drawn)
    found = changed(stage, values, sources)
    for net, (theta, epoch) in enumerate(zip(weights, epochs, strict=False)):
        if net < len(found.lanes) and theta.shape == found.lanes[net].fit.theta.shape and np.isfinite(theta).all():
            put_weights(found, net, theta, max(0, epoch))
    return found


def _parsed(data: bytes, name: str) -> dict[str, Any]:
    try:
        saved = json.loads(data)
    except (ValueError, RecursionError):
        raise _no_session(name) from None
    if not isinstance(saved, dict) or "settings" not in saved or not isinstance(saved.get("settings"), dict):
        raise _no_session(name)
    if saved.get("format") != FORMAT:
        raise InputError(f"{name!r} has format {saved.get('format')!r}, and this nonlin reads {FORMAT}; upgrade nonlin")
    return saved


def _no_session(name: str) -> InputError:
    return InputError(f"{name!r} is no saved session of the playground; give a file that its Save made")


def _drawn(saved: dict[str, Any]) -> Drawn:
    places = np.asarray(saved["places"], dtype=float).reshape(-1, 2)
    labels, fates = (np.asarray(saved[key], dtype=float).ravel() for key in ("labels", "fates"))
    if not len(places) == len(labels) == len(fates) <= MOST_DRAWN:
        raise bad_value("drawn", f"at most {MOST_DRAWN:,} places with a label each", len(places))
    if not all(np.isfinite(part).all() for part in (places, labels, fates)):
        raise bad_value("drawn", "finite numbers", "NaN or infinity")
    if saved["task"] not in ("classification", "regression"):
        raise bad_value("task", "'classification' or 'regression'", saved["task"])
    return Drawn(saved["task"], places, labels, fates)
