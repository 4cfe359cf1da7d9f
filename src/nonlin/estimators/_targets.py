"""Class labels as the columns that a loss wants, and net inputs as class labels again."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import logsumexp
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from nonlin.catalogue import get
from nonlin.errors import InputError

Array = np.ndarray[Any, Any]


def encode(y: Any) -> tuple[Array, Array]:
    """The sorted classes of ``y`` and the index of each row's class.

    Raises
    ------
    InputError
        ``y`` holds fewer than two classes.
    """
    y = column_or_1d(y, warn=True)
    if type_of_target(y, input_name="y") not in ("binary", "multiclass"):
        check_classification_targets(y)  # raises, in scikit-learn's words
    classes = np.unique(y)
    if len(classes) < 2:
        raise InputError(
            f"y must hold at least 2 classes, got 1 class: {classes.tolist()[0]!r}; nothing can be told apart"
        )
    return classes, np.searchsorted(classes, y)


def columns(index: Array, n_classes: int, coding: str, dtype: Any) -> Array:
    """Targets for a loss: one column for two classes, else one a class; 0/1 or, for "plus_minus", -1/+1."""
    Y = index.reshape(-1, 1).astype(dtype) if n_classes == 2 else np.eye(n_classes, dtype=dtype)[index]
    return np.ascontiguousarray(2 * Y - 1 if coding == "plus_minus" else Y)


def decide(Z: Array, classes: Array) -> Array:
    """The class of each row of net inputs: the unit step of the only column, or the largest of several."""
    if Z.shape[1] == 1:
        return np.asarray(classes[get("unit_step")(Z[:, 0]).astype(int)])
    return np.asarray(classes[Z.argmax(axis=1)])


def probabilities(Z: Array) -> Array:
    """P(class | row): the sigmoid of the only column, or the softmax of several; rows sum to 1."""
    if Z.shape[1] == 1:
        both = np.empty((len(Z), 2), Z.dtype)
        np.negative(Z[:, 0], out=both[:, 0])
        both[:, 1] = Z[:, 0]
        return np.asarray(get("sigmoid")(both, out=both))
    shifted = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def log_probabilities(Z: Array) -> Array:
    """The logarithm of :func:`probabilities`, finite where the probability itself rounds to 0."""
    if Z.shape[1] == 1:
        return np.column_stack([-get("softplus")(Z[:, 0]), -get("softplus")(-Z[:, 0])])
    return np.asarray(Z - logsumexp(Z, axis=1, keepdims=True))
