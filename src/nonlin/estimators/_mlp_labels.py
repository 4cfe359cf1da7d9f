"""Labels of one class a row, or of any number of them (multilabel), as columns for a loss and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from nonlin.catalogue import get
from nonlin.errors import InputError
from nonlin.estimators import _targets
from nonlin.estimators._base import Array


def labels(y: Any) -> tuple[Any, bool]:
    """``y`` in one dimension, or as an indicator matrix in two; and whether it is such a matrix.

    Raises
    ------
    ValueError
        In scikit-learn's words: ``y`` holds no class labels.
    """
    if type_of_target(y, input_name="y") == "multilabel-indicator":
        return (y.toarray() if scipy.sparse.issparse(y) else np.asarray(y)), True
    if getattr(y, "ndim", 1) == 2:
        y = column_or_1d(y, warn=True)
    check_classification_targets(y)
    return y, False


def classes_of(y: Array, *, multilabel: bool) -> Array:
    """The sorted classes, or the numbers of the columns."""
    return np.arange(y.shape[1]) if multilabel else np.unique(y)


def coded(y: Array, classes: Array, coding: str, dtype: Any, *, multilabel: bool, smoothing: float) -> Array:
    """Targets for a loss: one column for two classes or one, else one a class; 0/1 or, for "plus_minus", -1/+1.

    With ``smoothing`` ε, 0/1 become ε/k and 1 - ε + ε/k over k classes (Szegedy et al. 2016, arXiv:1512.00567).

    Raises
    ------
    InputError
        A label is none of the classes.
    """
    if multilabel:
        Y = (y != 0).astype(dtype)
        Y = np.ascontiguousarray(2 * Y - 1 if coding == "plus_minus" else Y)
    else:
        strange = np.setdiff1d(y, classes)
        if len(strange):
            raise InputError(
                f"`y` has classes not in `self.classes_`. `self.classes_` has {classes}. 'y' has {np.unique(y)}."
            )
        Y = _targets.columns(np.searchsorted(classes, y), max(len(classes), 1), coding, dtype)
    if smoothing:
        Y = (1 - Y.dtype.type(smoothing)) * Y + Y.dtype.type(smoothing / max(2, Y.shape[1] if not multilabel else 2))
    return np.asarray(Y)


def decided(Z: Array, classes: Array, *, multilabel: bool) -> Array:
    """The class of each row of net inputs, or the columns that hold."""
    if multilabel:
        return np.asarray(get("unit_step")(Z).astype(int))
    if len(classes) == 1:
        return np.repeat(classes, len(Z))
    return _targets.decide(Z, classes)


def probabilities(Z: Array, classes: Array, *, multilabel: bool) -> Array:
    """P(class | row), which sum to 1 over a row, or the probability of each column."""
    if multilabel:
        return np.asarray(get("sigmoid")(Z))
    return np.ones_like(Z) if len(classes) == 1 else _targets.probabilities(Z)


def log_probabilities(Z: Array, classes: Array, *, multilabel: bool) -> Array:
    """The logarithm of :func:`probabilities`, finite where the probability itself rounds to 0."""
    if multilabel:
        return np.asarray(-get("softplus")(-Z))
    return np.zeros_like(Z) if len(classes) == 1 else _targets.log_probabilities(Z)
