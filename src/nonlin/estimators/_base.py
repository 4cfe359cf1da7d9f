"""What all estimators share: the checks at the door, the net input, and saving."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from nonlin.errors import InputError
from nonlin.estimators import _targets
from nonlin.estimators._checks import check_integer as check_integer
from nonlin.estimators._collapse import LinearMap, collapse

Array = np.ndarray[Any, Any]
_FLOATS = (np.float64, np.float32)


class Estimator(BaseEstimator):
    """The abstract base: checks and saving."""

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to a ``.skops`` file; :func:`nonlin.load` reads it back.

        Raises
        ------
        OutputError
            The file cannot be written; what stood there before is untouched.
        """
        from nonlin.estimators._persistence import save

        save(self, path)

    def _check_fit(self, X: Any, y: Any, sample_weight: Any, **options: Any) -> tuple[Array, Array, Array]:
        """X as a contiguous float matrix of its own precision, y as it is, and weights that default to 1."""
        X, y = validate_data(self, X, y, dtype=_FLOATS, order="C", **options)
        if sample_weight is not None and not np.asarray(sample_weight).any():
            raise InputError(
                "sample_weight must contain at least one non-zero number; leave out rows of weight 0 instead"
            )
        weights = _check_sample_weight(sample_weight, X, dtype=X.dtype, ensure_non_negative=True)
        return _writeable(X), y, _writeable(weights)

    def _check_predict(self, X: Any) -> Array:
        check_is_fitted(self)
        return _writeable(validate_data(self, X, dtype=_FLOATS, order="C", reset=False))


class LinearEstimator(Estimator):
    """The abstract base of models with one net input z = X w + b per output."""

    coef_: Array
    intercept_: Any

    def net_input(self, X: Any) -> Array:
        """The net input z = b + Σ xᵢwᵢ of each row, before any activation."""
        X = self._check_predict(X)
        return np.asarray(X @ self.coef_.T + self.intercept_)

    def collapse(self) -> LinearMap:
        """The one linear map z = x W + b of the model: W (n_features, n_outputs), b (n_outputs,)."""
        check_is_fitted(self)
        W = np.atleast_2d(self.coef_).T
        return collapse([W], [np.atleast_1d(np.asarray(self.intercept_, dtype=W.dtype))], [])


class LinearClassifier(ClassifierMixin, LinearEstimator):
    """The abstract base of classifiers with one net input for two classes, else one a class."""

    classes_: Array

    def decision_function(self, X: Any) -> Array:
        """The net input z: (n,) for two classes, (n, n_classes) for more."""
        Z = self.net_input(X)
        return Z[:, 0] if Z.shape[1] == 1 else Z

    def predict(self, X: Any) -> Array:
        """The class of each row: the unit step of z, 1 where z ≥ 0; of several net inputs the largest."""
        return _targets.decide(self.net_input(X), self.classes_)


def _writeable(array: Any) -> Array:
    """The array, or a copy of a read-only one (a memory map), for which Numba would compile everything once more."""
    return np.require(array, requirements=["C", "A", "W"])
