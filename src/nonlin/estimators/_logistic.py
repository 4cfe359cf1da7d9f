"""Logistic regression: the net input squashed by the sigmoid into a probability, fitted by Newton's method."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from nonlin.estimators import _newton, _targets
from nonlin.estimators._base import Array
from nonlin.estimators._checks import check_integer, check_real, check_switch
from nonlin.estimators._penalised import PenalisedClassifier


class LogisticRegression(PenalisedClassifier):
    """Logistic regression: P(y=1 | x) = σ(z), z = b + Σ xᵢwᵢ; the unit step at z ≥ 0 gives the class.

    Minimises C Σ ωᵢ ℓ(yᵢ, zᵢ) + ½ Σ w² (the bias is free), where ℓ is the cross-entropy, by Newton's method with
    halved steps. More than two classes are fitted together, with the softmax in the sigmoid's place.

    Parameters
    ----------
    C : float, default 1.0
        Inverse strength of the penalty on the weights.
    fit_intercept : bool, default True
    tol : float, default 1e-8
        Stop when a step promises to lower the mean loss by less.
    max_iter : int, default 100

    Attributes
    ----------
    classes_ : (n_classes,)
    coef_ : (1, n_features), or (n_classes, n_features) for more than two classes
    intercept_ : (1,) or (n_classes,)
    n_iter_ : Newton steps taken

    Examples
    --------
    >>> from nonlin import LogisticRegression
    >>> model = LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], ["no", "no", "yes", "yes"])
    >>> model.predict([[0.4], [2.9]])
    array(['no', 'yes'], dtype='<U3')

    References
    ----------
    Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., section 4.4.1.
    """

    activation = "sigmoid"

    def __init__(self, C: float = 1.0, *, fit_intercept: bool = True, tol: float = 1e-8, max_iter: int = 100) -> None:
        self.C, self.fit_intercept, self.tol, self.max_iter = C, fit_intercept, tol, max_iter

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit the weights to rows X and class labels y."""
        check_real("C", self.C, 0, closed=False)
        check_switch("fit_intercept", self.fit_intercept)
        check_real("tol", self.tol, 0)
        check_integer("max_iter", self.max_iter, 1)
        X, y, weights = self._check_fit(X, y, sample_weight)
        self.classes_, index = _targets.encode(y)
        Y = _targets.columns(index, len(self.classes_), "zero_one", np.float64)
        loss = _newton.logistic if len(self.classes_) == 2 else _newton.softmax
        self._solve([loss], X, [Y], weights, self.fit_intercept)
        if len(self.classes_) > 2:  # the softmax sees only differences: of all equal solutions the one of mean 0
            self.coef_ -= self.coef_.mean(axis=0)
            self.intercept_ -= self.intercept_.mean()
        return self

    def predict_proba(self, X: Any) -> Array:
        """P(class | x) of each row, columns in the order of ``classes_``."""
        return _targets.probabilities(self.net_input(X))

    def predict_log_proba(self, X: Any) -> Array:
        """The logarithm of :meth:`predict_proba`."""
        return _targets.log_probabilities(self.net_input(X))
