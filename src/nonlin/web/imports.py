"""What a page can take in: a table, a model, a saved session. Everything is bounded, and nothing is executed."""

from __future__ import annotations

import dataclasses
import gzip
import io
import json
import re
import zlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin.data import read_bytes
from nonlin.errors import InputError, ModelFileError, TableError, bad_value
from nonlin.web.exports import FORMAT
from nonlin.web.scene import MOST_COLUMNS, MOST_ROWS, Prepared
from nonlin.web.settings import Values, checked
from nonlin.web.sources import LARGEST, MOST_DRAWN, MOST_LABEL, Drawn
from nonlin.web.spec import spec_of
from nonlin.web.stage import Stage, changed

if TYPE_CHECKING:
    import pandas as pd

    from nonlin.estimators._live import LiveFit

GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
MOST_UNPACKED = 200_000_000  # bytes
MOST_LINES = 20 * MOST_ROWS  # a cell may hold some
MOST_EPOCHS = 10**9
HEAD = 2**20  # bytes that show how a text is cut
DELIMITERS, QUOTED = (b",", b";", b"\t", b"|"), re.compile(rb'"[^"]*("|$)')
_PENALTIES = {0.0: "l2", 1.0: "l1"}
_TASKS = {"classification": "numbers, not for classes", "regression": "classes, not for numbers"}


def file_name(given: object) -> str:
    """The name that a page gives a file, for messages and titles only: never a path."""
    name = PurePath(str(given).replace("\\", "/")).name.lstrip(".")
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
    else:
        data = _unzipped(data, name) if data[:2] == GZIP else data
        _check_text(data, name)
    frame = read_bytes(data, name)
    _check_shape(*frame.shape, name)
    return frame


def _check_text(data: bytes, name: str) -> None:
    """Refuse what would take minutes to be read, and then be refused."""
    lines = data.count(b"\n") + data.count(b"\r")
    head = data.lstrip()[:HEAD]
    first = [line for line in QUOTED.sub(b"", head).splitlines() if line.strip()][:3]  # header, row, and their end
    widest = max((line.count(mark) for line in first[:2] for mark in DELIMITERS), default=0)
    if lines > MOST_LINES or widest >= 2 * MOST_COLUMNS or (len(first) < 3 and len(head) == HEAD):
        raise TableError(
            f"the playground takes at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns, got many more in {name!r}; "
            "use nonlin study for this table"
        )


def _check_parquet(data: bytes, name: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.ParquetFile(io.BytesIO(data))
        _check_shape(found.metadata.num_rows, found.metadata.num_columns, name)
        groups = [found.metadata.row_group(i) for i in range(found.metadata.num_row_groups)]
        if sum(group.total_byte_size for group in groups) > MOST_UNPACKED or _letters(data, found) > MOST_UNPACKED:
            raise _too_large(name)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(
            f"source must be an intact Parquet file, got damaged bytes in {name!r}; export it again"
        ) from None


def _letters(data: bytes, file: Any) -> int:
    """How long all texts of a Parquet file are together, which may hold a long one once for all rows."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    columns = [file.schema.column(i) for i in range(file.metadata.num_columns)]
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
    if any(column.max_repetition_level for column in columns if column.path in texts):
        raise TableError("a Parquet file must hold plain columns, got lists of texts; leave them out")
    table = pq.read_table(io.BytesIO(data), columns=texts, read_dictionary=texts)
    chunks = [chunk for column in table.columns for chunk in column.chunks if hasattr(chunk, "dictionary")]
    sizes = [pc.sum(pc.take(pc.binary_length(chunk.dictionary), chunk.indices)).as_py() for chunk in chunks]
    return sum(size or 0 for size in sizes)


def _check_shape(rows: int, columns: int, name: str) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise TableError(
            f"the playground takes at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns, got {rows:,} and {columns:,} "
            f"in {name!r}; use nonlin study for this table"
        )


def _unzipped(data: bytes, name: str) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as file:
            plain = file.read(MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error):
        raise TableError(
            f"source must be an intact gzip file, got damaged bytes in {name!r}; compress it again"
        ) from None
    if len(plain) > MOST_UNPACKED:
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
    if isinstance(network, MLPClassifier) != (stage.rows.task == "classification"):
        raise ModelFileError(f"{name!r} is a model for {_TASKS[stage.rows.task]}; choose its data set first")
    prepared = _preparation(model, steps, last, stage, name)
    wanted = changed(stage, _settings_of(network, stage, steps), prepared=prepared)
    if not wanted.lanes or not _is_alike(network, wanted.lanes[0].fit):
        raise ModelFileError(f"{name!r} is a model for other columns or classes; choose its data set first")
    put_weights(
        wanted,
        0,
        np.concatenate([np.ravel(p) for pair in zip(network.coefs_, network.intercepts_, strict=True) for p in pair]),
        int(network.n_iter_),
    )
    return wanted


def _is_alike(network: Any, fit: LiveFit) -> bool:
    """Whether a network has the layers and the classes of a fit."""
    shapes = [W.shape for W in fit.network.layout.weights(fit.theta)]
    classes = [getattr(model, "classes_", np.empty(0)).tolist() for model in (network, fit.model)]
    return [W.shape for W in network.coefs_] == shapes and classes[0] == classes[1]


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


def _preparation(model: Any, steps: list[Any], last: Any, stage: Stage, name: str) -> Prepared:
    """The fitted steps before the network, and its scaler, if they take the columns of the rows that are there."""
    if not steps:
        raise ModelFileError(f"{name!r} holds a network alone; give a pipeline that takes the columns of the table")
    known = list(getattr(steps[0][1], "feature_names_in_", []))
    here = [str(column) for column in (stage.rows.X.columns if stage.rows.is_plane else stage.scene.columns)]
    if known and known != here:
        raise ModelFileError(
            f"{name!r} is a model for the columns {known[:8]}, got {here[:8]}; choose its data set first"
        )
    return Prepared(model[:-1], getattr(last, "transformer_", None))


def put_weights(stage: Stage, net: int, theta: Any, epochs: int) -> None:
    """Set the weights of a network that nobody trains yet."""
    lane = stage.lanes[net]
    lane.fit.theta[:] = theta
    lane.fit.training.earlier, lane.is_pure, lane.origin = epochs, False, object()
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
        with np.errstate(over="ignore"):  # what is too large is infinite, and left out
            weights = [np.asarray(row, dtype=float).astype(np.float32) for row in saved["weights"]]
        epochs = [min(max(0, int(n)), MOST_EPOCHS) for n in saved["epochs"]]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        raise _no_session(name) from None
    sources = dataclasses.replace(stage.sources, drawn=drawn)
    found = changed(stage, values, sources)
    for net, (theta, epoch) in enumerate(zip(weights, epochs, strict=False)):
        if net < len(found.lanes) and theta.shape == found.lanes[net].fit.theta.shape and np.isfinite(theta).all():
            put_weights(found, net, theta, epoch)
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
    if np.abs(places).max(initial=0) > LARGEST or np.abs(labels).max(initial=0) > LARGEST:
        raise bad_value("drawn", f"places and numbers within ±{LARGEST}", float(np.abs([*places.flat, *labels]).max()))
    if saved["task"] == "classification" and not np.isin(labels, range(MOST_LABEL + 1)).all():
        raise bad_value("drawn", f"classes from 0 to {MOST_LABEL}", float(labels.max()))
    return Drawn(saved["task"], places, labels, fates)
