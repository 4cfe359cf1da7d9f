"""Learning from parts: which classes there are must be said once, before all of them have been seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import column_or_1d

from nonlin.errors import InputError, bad_value
from nonlin.estimators._class_weight import ClassWeight

Array = np.ndarray[Any, Any]


def classes_of_parts(known: Array | None, classes: Any) -> Array:
    """The sorted classes, from the first call of ``partial_fit`` or the calls before.

    Raises
    ------
    InputError
        The first call names no classes or fewer than two, or a later one names others.
    """
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


def index_among(classes: Array, y: Any) -> Array:
    """The index of each row's class.

    Raises
    ------
    InputError
        A label is not among the classes.
    """
    y = column_or_1d(y, warn=True)
    foreign = ~np.isin(y, classes)
    if foreign.any():
        label = y[foreign].tolist()[0]
        raise InputError(
            f"y holds {label!r}, which is not among the classes {classes.tolist()}; name it at the first call"
        )
    return np.asarray(np.searchsorted(classes, y))


def check_class_weight_of_parts(class_weight: ClassWeight) -> None:
    """Refuse "balanced": a part does not know how often the classes occur in all."""
    if isinstance(class_weight, str):
        raise bad_value(
            "class_weight", "None or a mapping for partial_fit", class_weight, "give the factors themselves"
        )
