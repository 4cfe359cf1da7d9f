"""The data of a multilayer perceptron at the door: checked, and not copied where they need no change."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import scipy.sparse
from sklearn.utils.validation import _check_sample_weight, validate_data

from nonlin.errors import InputError
from nonlin.estimators._base import Array
from nonlin.nn import network as nn
from nonlin.nn.recipe import Data

FLOATS = (np.float64, np.float32)
_NUMBERS_AT_ONCE = 2**20  # of the inputs that are written out or converted together


def check_samples(
    model: Any, X: Any, y: Any, sample_weight: Any, *, reset: bool, **options: Any
) -> tuple[Any, Any, Array]:
    """X as a contiguous float matrix or CSR, of its own precision, y as it is, and weights that default to 1.

    Raises
    ------
    ValueError
        In scikit-learn's words, about X or y.
    InputError
        The weights are all 0.
    """
    X, y = validate_data(
        model, X, y, dtype=FLOATS, order="C", accept_sparse="csr", multi_output=True, reset=reset, **options
    )
    if sample_weight is not None and not np.asarray(sample_weight).any():
        raise InputError("sample_weight must contain at least one non-zero number; leave out rows of weight 0 instead")
    weights = _check_sample_weight(sample_weight, X, dtype=X.dtype, ensure_non_negative=True)
    return for_engine(X), y, for_engine(weights)


def check_inputs(model: Any, X: Any) -> Any:
    """X of a fitted model, as :func:`check_samples` leaves it."""
    return for_engine(validate_data(model, X, dtype=FLOATS, order="C", accept_sparse="csr", reset=False))


def for_engine(X: Any) -> Any:
    """The same numbers as a plain array; Numba would compile everything once more for one that is read-only.

    Memory that may only be read (a memory map) gets a new array around it and no copy: the engine never writes to
    its inputs.
    """
    if scipy.sparse.issparse(X):
        return X
    X = np.require(X, requirements=["C", "A"])
    if X.flags.writeable and type(X) is np.ndarray:
        return X
    memory = (ctypes.c_char * X.nbytes).from_address(X.ctypes.data)
    memory.owner = X  # lives as long as the new array does
    return np.frombuffer(memory, X.dtype).reshape(X.shape)


def counted(data: Data, y: Any) -> tuple[Data, Any]:
    """The samples, without the rows of weight 0: they would take up room in the batches."""
    rows = data.w > 0
    return (data, y) if rows.all() else (taken(data, rows), y[rows])


def taken(data: Data, rows: Array) -> Data:
    """Some of the samples."""
    return Data(data.X[rows], np.ascontiguousarray(data.Y[rows]), np.ascontiguousarray(data.w[rows]))


def net_inputs(network: nn.Network, theta: Array, X: Any) -> Array:
    """The net input of the output layer for all rows; a sparse or foreign X is written out in blocks of rows."""
    if not scipy.sparse.issparse(X) and X.dtype == network.dtype:
        return nn.forward(network, theta, X)
    return np.concatenate([nn.forward(network, theta, part) for part in dense_blocks(X, network.dtype)])


def dense_blocks(X: Any, dtype: Any) -> Any:
    """Blocks of rows as arrays of one float type."""
    size = max(1, _NUMBERS_AT_ONCE // X.shape[1])
    for i in range(0, X.shape[0], size):
        part = X[i : i + size]
        yield np.ascontiguousarray(part.toarray() if scipy.sparse.issparse(part) else part, dtype=dtype)
