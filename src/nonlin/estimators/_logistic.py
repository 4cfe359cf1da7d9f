"""Logistic regression: the net input squashed by the sigmoid into a probability, fitted by Newton's method."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from nonlin.estimators import _newton, _targets
from nonlin.estimators._base import Array
from nonlin.estimators._checks import check_integer, check_real, check_switch
from nonlin.estimators._class_weight import ClassWeight, class_weighted
from nonlin.estimators._penalised import PenalisedClassifier

_SEPARATED = 1e-3  # the mean loss of rows that are right with P = 0.999


class LogisticRegression(PenalisedClassifier):
    """Logistic regression: P(y=1 | x) = σ(z), z = b + Σ xᵢwᵢ; the unit step at z ≥ 0 gives the class.

    Minimises C Σ ωᵢ ℓ(yᵢ, zᵢ) + ½ Σ w² (the bias is free), where ℓ is the cross-entropy, by Newton's method with
    halved steps. More than two classes are fitted together, with the softmax in the sigmoid's place.

    Parameters
    ----------
    C : float, default 1.0
        Inverse strength of the penalty on the weights; ``np.inf`` for none.
    fit_intercept : bool, default True
        Learn the bias b; otherwise it is 0.
    class_weight : None, "balanced" or dict, default None
        Factors on the weights of each class's rows; "balanced" gives every class the same total.
    tol : float, default 1e-8
        Stop when a step promises to lower the mean loss by less.
    max_iter : int, default 100

    Attributes
    ----------
    classes_ : (n_classes,)
    coef_ : (1, n_features), or (n_classes, n_features) for more than two classes
    intercept_ : (1,) or (n_classes,)
    n_iter_ : Newton steps taken

    Warns
    -----
    ConvergenceWarning
        It has not converged; or it gets every row right with a mean loss below 0.001: then the classes can be
        separated, the best weights have no end, and their size, as the probabilities, only says where C ends them.

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

    def __init__(
        self, C: float = 1.0, *, fit_intercept: bool = True, class_weight: ClassWeight = None, tol: float = 1e-8,
        max_iter: int = 100,
    ) -> None:  # fmt: skip
        self.C, self.fit_intercept, self.class_weight = C, fit_intercept, class_weight
        self.tol, self.max_iter = tol, max_iter

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit the weights to rows X and class labels y."""
        if not (isinstance(self.C, float) and np.isposinf(self.C)):
            check_real("C", self.C, 0, closed=False)
        check_switch("fit_intercept", self.fit_intercept)
        check_real("tol", self.tol, 0)
        check_integer("max_iter", self.max_iter, 1)
        X, y, weights = self._check_fit(X, y, sample_weight)
        self.classes_, index = _targets.encode(y)
        weights = class_weighted(self.class_weight, self.classes_, index, weights)
        Y = _targets.columns(index, len(self.classes_), "zero_one", np.float64)
        loss = _newton.logistic if len(self.classes_) == 2 else _newton.softmax
        (solution,) = self._solve([loss], X, [Y], weights, self.fit_intercept)
        if len(self.classes_) > 2:  # the softmax sees only differences: of all equal solutions the one of mean 0
            self.coef_ -= self.coef_.mean(axis=0)
            self.intercept_ -= self.intercept_.mean()
        self._warn_if_separated(solution.losses[weights > 0])
        return self

    def _warn_if_separated(self, losses: Array) -> None:
        if losses.mean() < _SEPARATED and losses.max() < np.log(2):
            warnings.warn(
                f"the classes can be separated, so that only C={self.C:g} keeps the weights from growing without end; "
                "lower C for probabilities that mean something",
                ConvergenceWarning,
                stacklevel=3,
            )

    def predict_proba(self, X: Any) -> Array:
        """P(class | x) of each row, columns in the order of ``classes_``."""
        return _targets.probabilities(self.net_input(X))

    def predict_log_proba(self, X: Any) -> Array:
        """The logarithm of :meth:`predict_proba`."""
        return _targets.log_probabilities(self.net_input(X))
