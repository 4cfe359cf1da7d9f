"""Adaline: least squares between the net input and the labels ±1, exact also where the rows come in parts."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from nonlin.estimators import _least_squares, _targets
from nonlin.estimators._base import Array, LinearClassifier
from nonlin.estimators._checks import check_real, check_switch
from nonlin.estimators._class_weight import ClassWeight, class_weighted
from nonlin.estimators._parts import checked_part


class Adaline(LinearClassifier):
    """Adaline: least squares between the net input, with the identity as activation, and the labels ±1.

    Minimises Σ ωᵢ (yᵢ - zᵢ)² + alpha Σ w² exactly (Widrow and Hoff's corrections end there too); the unit step at
    z ≥ 0 gives the class. More than two classes get one net input each, +1 for the class and -1 for the rest.

    Parameters
    ----------
    alpha : float, default 0.0
        Strength of the penalty on the weights.
    fit_intercept : bool, default True
        Learn the bias b; otherwise it is 0.
    class_weight : None, "balanced" or dict, default None
        Factors on the weights of each class's rows; "balanced" gives every class the same total.

    Attributes
    ----------
    classes_, coef_, intercept_ : as in :class:`LogisticRegression`

    Examples
    --------
    >>> from nonlin import Adaline
    >>> Adaline().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]).coef_.round(3)
    array([[0.8]])

    References
    ----------
    Widrow & Hoff 1960, IRE WESCON Convention Record 4:96.
    """

    activation = "identity"

    def __init__(self, *, alpha: float = 0.0, fit_intercept: bool = True, class_weight: ClassWeight = None) -> None:
        self.alpha, self.fit_intercept, self.class_weight = alpha, fit_intercept, class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from rows X and class labels y."""
        self._check_parameters()
        X, y, weights = self._check_fit(X, y, sample_weight)
        self.classes_, index = _targets.encode(y)
        return self._learn(X, index, class_weighted(self.class_weight, self.classes_, index, weights), None)

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Learn from further rows; the outcome is that of one ``fit`` to all rows so far.

        The rows themselves are not kept, so the memory stays the same however many come.

        Parameters
        ----------
        X : (n, n_features)
        y : (n,)
        classes : all labels that any part will hold; needed at the first call
        sample_weight : (n,), default ones
        """
        self._check_parameters()
        X, index, weights = checked_part(self, X, y, classes, sample_weight)
        return self._learn(X, index, weights, getattr(self, "_reduced", None))

    def _check_parameters(self) -> None:
        check_real("alpha", self.alpha, 0)
        check_switch("fit_intercept", self.fit_intercept)

    def _learn(self, X: Array, index: Array, weights: Array, before: _least_squares.Reduced | None) -> Self:
        Y = _targets.columns(index, len(self.classes_), "plus_minus", np.float64)
        self._reduced = _least_squares.reduce(X, Y, weights, intercept=self.fit_intercept, before=before)
        noise = _least_squares.FLOAT32_NOISE if X.dtype == np.float32 else 0.0
        solution = _least_squares.solve(self._reduced, alpha=self.alpha, noise=noise)
        self.coef_, self.intercept_ = solution.W.T.astype(X.dtype), solution.b.astype(X.dtype)
        return self
