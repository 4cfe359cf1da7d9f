"""The linear support vector machine: a margin as wide as the cost of errors allows."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from nonlin.estimators import _newton, _targets
from nonlin.estimators._checks import check_choice, check_integer, check_real, check_switch
from nonlin.estimators._class_weight import ClassWeight, class_weighted
from nonlin.estimators._penalised import PenalisedClassifier

_ROUNDED_HINGES = [_newton.smooth_hinge(4.0**-k) for k in range(13)]  # each solution is the start of the next


class LinearSVC(PenalisedClassifier):
    """Linear support vector machine: as wide a margin as the errors' cost allows.

    Minimises ½ Σ w² + C Σ ωᵢ ℓ(yᵢ zᵢ), where ℓ is the hinge max(0, 1 - yz) or its square; the bias is free.
    The hinge's kink is rounded, ever less, so that Newton's method can be used: in the end to 1e-7 of the exact loss.
    More than two classes get one net input each, trained against the rest.

    Parameters
    ----------
    C : float, default 1.0
        Cost of an error.
    loss : {"squared_hinge", "hinge"}, default "squared_hinge"
    fit_intercept : bool, default True
        Learn the bias b; otherwise it is 0.
    class_weight : None, "balanced" or dict, default None
        Factors on the weights of each class's rows; "balanced" gives every class the same total.
    tol : float, default 1e-8
        Stop when a step promises to lower the mean loss by less.
    max_iter : int, default 1000
        Newton steps at most.

    Attributes
    ----------
    classes_, coef_, intercept_ : as in :class:`LogisticRegression`
    n_iter_ : Newton steps taken, for the hardest of the classes

    Examples
    --------
    >>> from nonlin import LinearSVC
    >>> LinearSVC().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]).predict([[1.4], [1.6]])
    array([0, 1])

    References
    ----------
    Cortes & Vapnik 1995, Machine Learning 20:273; Chapelle 2007, Neural Computation 19:1155.
    """

    activation = "piecewise_linear"

    def __init__(
        self, C: float = 1.0, *, loss: str = "squared_hinge", fit_intercept: bool = True,
        class_weight: ClassWeight = None, tol: float = 1e-8, max_iter: int = 1000,
    ) -> None:  # fmt: skip
        self.C, self.loss, self.fit_intercept, self.class_weight = C, loss, fit_intercept, class_weight
        self.tol, self.max_iter = tol, max_iter

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from rows X and class labels y."""
        check_real("C", self.C, 0, closed=False)
        check_choice("loss", self.loss, ("squared_hinge", "hinge"))
        check_switch("fit_intercept", self.fit_intercept)
        check_real("tol", self.tol, 0)
        check_integer("max_iter", self.max_iter, 1)
        X, y, weights = self._check_fit(X, y, sample_weight)
        self.classes_, index = _targets.encode(y)
        weights = class_weighted(self.class_weight, self.classes_, index, weights)
        Y = _targets.columns(index, len(self.classes_), "plus_minus", np.float64)
        losses = [_newton.squared_hinge] if self.loss == "squared_hinge" else _ROUNDED_HINGES
        self._solve(losses, X, np.hsplit(Y, Y.shape[1]), weights, self.fit_intercept)
        return self
