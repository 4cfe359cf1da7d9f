"""Models as ``.skops`` files: a zip of arrays and JSON, of which only named types are built, so that none runs code.

The zip's comment names the format; everything else is skops's own.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path
from typing import Any

from sklearn.base import BaseEstimator

from nonlin.errors import InputError, ModelFileError, bad_value
from nonlin.estimators._checks import check_integer
from nonlin.estimators._trusted import TRUSTED
from nonlin.estimators._unpacking import TooLargeError, unpacked
from nonlin.files import write_whole

FORMAT = 1
MAX_BYTES = 2**30
_COMMENT = "nonlin model, format {}"


def save(model: BaseEstimator, path: str | os.PathLike[str]) -> None:
    """Write a model, or a pipeline that holds one, to a ``.skops`` file.

    Parameters
    ----------
    model : estimator
        Of nonlin, or scikit-learn's pipeline around one, fitted or not.
    path : str or path-like

    Raises
    ------
    InputError
        The model holds something that :func:`load` would refuse, such as a function of your own.
    OutputError
        The file cannot be written; what stood there before is untouched.

    Examples
    --------
    >>> import tempfile
    >>> from nonlin import LinearRegression, load
    >>> from nonlin.estimators import save
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(LinearRegression().fit([[0.0], [1.0]], [1.0, 3.0]), f"{folder}/line.skops")
    ...     load(f"{folder}/line.skops").predict([[2.0]])
    array([5.])
    """
    data = to_bytes(model)
    write_whole(path, lambda file: file.write(data))


def to_bytes(model: BaseEstimator) -> bytes:
    """What :func:`save` writes."""
    if not isinstance(model, BaseEstimator):
        raise bad_value("model", "an estimator of nonlin or a scikit-learn pipeline around one", type(model).__name__)
    return _archive(model)


def load(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> Any:
    """Read a model that :func:`save` or ``model.save`` wrote. The file can hold no code, and none is run.

    Parameters
    ----------
    path : str or path-like
    max_bytes : int, default 2**30
        The most memory that the file may take when it is unpacked; a larger one is refused before.

    Raises
    ------
    ModelFileError
        The file does not exist, is no model of nonlin, is damaged, was written by a newer nonlin, unpacks to more
        than ``max_bytes``, or holds a type that is not trusted.
    """
    check_integer("max_bytes", max_bytes, 1)
    return from_bytes(_read(path, max_bytes), path, max_bytes)


def from_bytes(data: bytes, path: str | os.PathLike[str], max_bytes: int = MAX_BYTES) -> Any:
    """Read what a model file holds, with the care of :func:`load`; ``path`` is what messages call it."""
    from skops.io import loads

    _check_format(path, data)
    data = _unpacked(path, data, max_bytes)
    refused = _untrusted(path, data)
    if refused:
        raise ModelFileError(f"{_name(path)} holds {refused[0]}, which is not trusted; load only models of nonlin")
    try:
        model = loads(data, trusted=list(TRUSTED))
    except Exception as error:
        raise _damaged(path, error) from error
    if not isinstance(model, BaseEstimator):
        raise ModelFileError(f"{_name(path)} holds no model but {type(model).__name__}; save the model again")
    return model


def _archive(model: BaseEstimator) -> bytes:
    from skops.io import dumps, get_untrusted_types
    from skops.io.exceptions import UnsupportedTypeException

    try:
        data = dumps(model, compression=zipfile.ZIP_DEFLATED)
    except UnsupportedTypeException as error:
        raise InputError(f"model cannot be saved: {error} Leave that part out of the model") from None
    refused = sorted(set(get_untrusted_types(data=data)) - set(TRUSTED))
    if refused:
        raise InputError(
            f"model cannot be saved: it holds {refused[0]}, which nonlin.load does not trust; leave it out"
        )
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = _COMMENT.format(FORMAT).encode()
    return buffer.getvalue()


def _read(path: str | os.PathLike[str], max_bytes: int) -> bytes:
    try:
        size = Path(path).stat().st_size
        if size > max_bytes:
            raise _too_large(path, size, max_bytes)
        return Path(path).read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ModelFileError(f"cannot read {_name(path)}: {reason}; give the path of a saved model") from None


def _check_format(path: str | os.PathLike[str], data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            comment = archive.comment.decode(errors="replace")
    except Exception as error:
        if data.startswith(b"PK"):
            raise _damaged(path, error) from error
        comment = ""
    match = re.fullmatch(_COMMENT.format("([0-9]{1,9})"), comment)
    if match is None:
        raise ModelFileError(f"{_name(path)} is no model of nonlin; give a file that model.save or nonlin fit wrote")
    if int(match[1]) > FORMAT:
        raise ModelFileError(
            f"{_name(path)} has format {match[1]}, and this nonlin reads up to {FORMAT}; upgrade nonlin"
        )


def _unpacked(path: str | os.PathLike[str], data: bytes, max_bytes: int) -> bytes:
    try:
        return unpacked(data, max_bytes)
    except TooLargeError as error:
        raise _too_large(path, error.size, max_bytes) from None
    except Exception as error:
        raise _damaged(path, error) from error


def _untrusted(path: str | os.PathLike[str], data: bytes) -> list[str]:
    from skops.io import get_untrusted_types

    try:
        return sorted(set(get_untrusted_types(data=data)) - set(TRUSTED))
    except Exception as error:
        raise _damaged(path, error) from error


def _damaged(path: str | os.PathLike[str], reason: object) -> ModelFileError:
    line = " ".join(str(reason).split())[:200] or type(reason).__name__
    return ModelFileError(f"{_name(path)} is damaged ({line}); save the model again")


def _too_large(path: str | os.PathLike[str], size: int, max_bytes: int) -> ModelFileError:
    return ModelFileError(
        f"{_name(path)} takes {size:,} bytes or more when unpacked, over max_bytes={max_bytes:,}; "
        "raise max_bytes if you know where the file comes from"
    )


def _name(path: str | os.PathLike[str]) -> str:
    return repr(os.fspath(path))
