"""Learning from parts: which classes there are must be said once, before all of them have been seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import column_or_1d

from nonlin.errors import InputError, bad_value
from nonlin.estimators._base import Array
from nonlin.estimators._class_weight import class_weighted


def checked_part(model: Any, X: Any, y: Any, classes: Any, sample_weight: Any) -> tuple[Array, Array, Array]:
    """The rows that a classifier's ``partial_fit`` was given, the index of each one's class, and its weight.

    Sets ``classes_`` once all is right.

    Raises
    ------
    InputError
        The first call names no classes or fewer than two, a later one names others, or a label is not among them.
    """
    if isinstance(model.class_weight, str):  # a part does not know how often the classes occur in all
        raise bad_value(
            "class_weight", "None or a mapping for partial_fit", model.class_weight, "give the factors themselves"
        )
    known = getattr(model, "classes_", None)
    X, y, weights = model._check_fit(X, y, sample_weight, reset=known is None)
    every = _classes(known, classes)
    index = _index_among(every, y)
    weights = class_weighted(model.class_weight, every, index, weights)
    model.classes_ = every
    return X, index, weights


def _classes(known: Array | None, classes: Any) -> Array:
    """The sorted classes, from the first call of ``partial_fit`` or the calls before."""
    if classes is None:
        if known is None:
            raise InputError(
                "classes must be given at the first call of partial_fit: all labels that any part will hold"
            )
        return known
    named = np.unique(column_or_1d(classes))
    if known is not None and not np.array_equal(named, known):
        raise bad_value("classes", f"those of the first call, {known.tolist()}", named.tolist())
    if len(named) < 2:
        raise bad_value("classes", "at least 2 labels", named.tolist())
    return named


def _index_among(classes: Array, y: Any) -> Array:
    y = column_or_1d(y, warn=True)
    foreign = ~np.isin(y, classes)
    if foreign.any():
        label = y[foreign].tolist()[0]
        raise InputError(
            f"y holds {label!r}, which is not among the classes {classes.tolist()}; name it at the first call"
        )
    return np.asarray(np.searchsorted(classes, y))
