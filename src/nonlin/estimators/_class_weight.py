"""Weights of classes, as factors on the weights of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nonlin.errors import InputError, bad_value

Array = np.ndarray[Any, Any]
ClassWeight = Mapping[Any, float] | str | None


def class_weighted(class_weight: ClassWeight, classes: Array, index: Array, weights: Array) -> Array:
    """The weights of the rows times those of their classes.

    Parameters
    ----------
    class_weight : None, "balanced" or a mapping from labels to numbers
        "balanced" gives every class the same total weight; a class that a mapping leaves out has the weight 1.
    classes : (n_classes,) sorted labels
    index : (n,) the index of each row's class
    weights : (n,)

    Raises
    ------
    InputError
        ``class_weight`` is none of these, or names a class that does not occur while it leaves one out.
    """
    if class_weight is None:
        return weights
    if isinstance(class_weight, str):
        if class_weight != "balanced":
            raise bad_value("class_weight", "None, 'balanced' or a mapping from labels to numbers", class_weight)
        totals = np.bincount(index, weights, minlength=len(classes))
        factors = totals.sum() / (len(classes) * np.where(totals > 0, totals, 1))
    else:
        factors = _mapped(class_weight, classes.tolist())
    return np.asarray((weights * factors[index]).astype(weights.dtype))


def _mapped(class_weight: Any, labels: list[Any]) -> Array:
    if not isinstance(class_weight, Mapping):
        raise bad_value("class_weight", "None, 'balanced' or a mapping from labels to numbers", class_weight)
    unknown = [label for label in class_weight if label not in labels]
    if unknown and any(label not in class_weight for label in labels):
        raise InputError(f"class_weight names {unknown[0]!r}, which is not among the classes {labels}; name these")
    factors = np.array([class_weight.get(label, 1.0) for label in labels], dtype=np.float64)
    if not (np.isfinite(factors).all() and (factors >= 0).all() and factors.any()):
        raise bad_value("class_weight", "numbers of at least 0, and one above 0", dict(class_weight))
    return factors
