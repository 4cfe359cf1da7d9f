"""What a network may be given of a point of the plane: its coordinates, and functions of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from nonlin.errors import InputError

Array = np.ndarray[Any, Any]
PLANE_INPUTS: dict[str, Callable[[Array, Array], Array]] = {
    "x1": lambda x1, _: x1,
    "x2": lambda _, x2: x2,
    "x1²": lambda x1, _: x1 * x1,
    "x2²": lambda _, x2: x2 * x2,
    "x1·x2": lambda x1, x2: x1 * x2,
    "sin x1": lambda x1, _: np.sin(x1),
    "sin x2": lambda _, x2: np.sin(x2),
}


class PlaneInputs(TransformerMixin, BaseEstimator):
    """Make the named inputs of points (x1, x2), as float32.

    Parameters
    ----------
    names : list of str
        Keys of ``PLANE_INPUTS``.

    Raises
    ------
    InputError
        No name, an unknown one, or points that have not two coordinates.

    Examples
    --------
    >>> PlaneInputs(["x1", "x1·x2"]).fit_transform([[2.0, 3.0]])
    array([[2., 6.]], dtype=float32)
    """

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def fit(self, X: Any, y: object = None) -> Self:
        """Check the names; there is nothing to learn."""
        del y
        unknown = [name for name in self.names if name not in PLANE_INPUTS]
        if unknown or not self.names:
            raise InputError(f"names must be some of {', '.join(PLANE_INPUTS)}, got {list(self.names)!r}")
        X = validate_data(self, X)
        if X.shape[1] != 2:
            raise InputError(f"X must have the two columns of a plane, got {X.shape[1]}")
        return self

    def transform(self, X: Any) -> Array:
        """One column an input: (n, n_names)."""
        check_is_fitted(self, "n_features_in_")
        x1, x2 = np.asarray(validate_data(self, X, reset=False), dtype=np.float64).T
        return np.column_stack([PLANE_INPUTS[name](x1, x2) for name in self.names]).astype(np.float32)

    def get_feature_names_out(self, input_features: object = None) -> Array:
        """Return the names of the inputs."""
        del input_features
        return np.array(self.names, dtype=object)
