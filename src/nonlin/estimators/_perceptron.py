"""The perceptron: a unit step on the net input, trained by corrections."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.utils import check_random_state

from nonlin.errors import InputError
from nonlin.estimators import _targets
from nonlin.estimators._base import Array, LinearClassifier
from nonlin.estimators._checks import check_integer, check_real, check_switch
from nonlin.estimators._class_weight import ClassWeight, class_weighted
from nonlin.estimators._parts import checked_part
from nonlin.nn.corrections import correct


class Perceptron(LinearClassifier):
    """Rosenblatt's perceptron: a unit step on the net input, and a correction for each row that it gets wrong.

    For a row on the wrong side, w ← w + η ω y x and b ← b + η ω y, y = ±1; all start at 0. On data that a line
    separates this ends with an epoch without corrections; on other data it never settles, and stops after ``max_iter``
    epochs. More than two classes get one net input each, trained against the rest.

    Shuffled rows start from an order of their own, and equal rows count as one with the sum of their weights: so the
    outcome hangs neither on the order of the table nor on whether a row is repeated or weighted.

    Parameters
    ----------
    eta0 : float, default 1.0
        The learning rate η. Since all starts at 0, it only scales the weights.
    fit_intercept : bool, default True
        Learn the bias b; otherwise it is 0.
    class_weight : None, "balanced" or dict, default None
        Factors on the weights of each class's rows; "balanced" gives every class the same total.
    max_iter : int, default 1000
        Epochs at most.
    tol : float or None, default None
        Give up, too, when the mean loss max(0, -y z) has not fallen by this within ``n_iter_no_change`` epochs.
    n_iter_no_change : int, default 5
    shuffle : bool, default True
        Take the rows in a new order in each epoch of ``fit``.
    random_state : int, RandomState or None

    Attributes
    ----------
    classes_, coef_, intercept_ : as in :class:`LogisticRegression`
    loss_curve_ : mean loss of each epoch
    n_iter_ : epochs run
    t_ : rows looked at, and 1

    Examples
    --------
    >>> from nonlin import Perceptron
    >>> Perceptron(random_state=0).fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]).predict([[1, 1]])
    array([1])

    References
    ----------
    Rosenblatt 1958, Psychological Review 65:386.
    """

    activation = "unit_step"

    def __init__(
        self, *, eta0: float = 1.0, fit_intercept: bool = True, class_weight: ClassWeight = None, max_iter: int = 1000,
        tol: float | None = None, n_iter_no_change: int = 5, shuffle: bool = True, random_state: Any = None,
    ) -> None:  # fmt: skip
        self.eta0, self.fit_intercept, self.class_weight = eta0, fit_intercept, class_weight
        self.max_iter, self.tol, self.n_iter_no_change = max_iter, tol, n_iter_no_change
        self.shuffle, self.random_state = shuffle, random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from rows X and class labels y; a row of weight ω is corrected by ω times as much."""
        self._check_parameters()
        X, y, weights = self._check_fit(X, y, sample_weight)
        self.classes_, index = _targets.encode(y)
        weights = class_weighted(self.class_weight, self.classes_, index, weights)
        if self.shuffle:
            X, index, weights = _merged(X, index, weights)
        self._begin(X)
        Y, rng = self._coded(X, index), check_random_state(self.random_state)
        best, stale = np.inf, 0
        for _ in range(self.max_iter):
            order = rng.permutation(len(X)) if self.shuffle else np.arange(len(X))
            corrections = self._correct(X, Y, weights, order)
            loss = self.loss_curve_[-1]
            stale = 0 if self.tol is None or loss < best - self.tol else stale + 1
            best = min(best, loss)
            if corrections == 0 or stale >= self.n_iter_no_change:
                break
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """One more pass of corrections, over these rows in their order.

        Parameters
        ----------
        X : (n, n_features)
        y : (n,)
        classes : all labels that any part will hold; needed at the first call
        sample_weight : (n,), default ones
        """
        self._check_parameters()
        X, index, weights = checked_part(self, X, y, classes, sample_weight)
        if not hasattr(self, "coef_"):
            self._begin(X)
        X = X.astype(self.coef_.dtype, copy=False)
        self._correct(X, self._coded(X, index), weights.astype(X.dtype), np.arange(len(X)))
        return self

    def _check_parameters(self) -> None:
        check_real("eta0", self.eta0, 0, closed=False)
        check_switch("fit_intercept", self.fit_intercept)
        check_integer("max_iter", self.max_iter, 1)
        if self.tol is not None:
            check_real("tol", self.tol, 0)
        check_integer("n_iter_no_change", self.n_iter_no_change, 1)
        check_switch("shuffle", self.shuffle)

    def _begin(self, X: Array) -> None:
        outputs = 1 if len(self.classes_) == 2 else len(self.classes_)
        self.coef_, self.intercept_ = np.zeros((outputs, X.shape[1]), X.dtype), np.zeros(outputs, X.dtype)
        self.loss_curve_: list[float] = []
        self.n_iter_, self.t_ = 0, 1.0

    def _coded(self, X: Array, index: Array) -> Array:
        return _targets.columns(index, len(self.classes_), "plus_minus", X.dtype)

    def _correct(self, X: Array, Y: Array, weights: Array, order: Array) -> int:
        """One epoch; the number of corrections."""
        W, b = self.coef_.copy(), self.intercept_.copy()  # a loaded model's may be read-only
        loss, corrections = correct(X, Y, weights, order, W, b, float(self.eta0), bool(self.fit_intercept))
        if not (np.isfinite(W).all() and np.isfinite(b).all()):
            raise InputError("the weights are no longer finite: X holds too large numbers; scale them")
        self.coef_, self.intercept_ = W, b
        self.loss_curve_.append(loss / float(weights.sum()))
        self.n_iter_, self.t_ = self.n_iter_ + 1, self.t_ + len(order)
        return corrections


def _merged(X: Array, index: Array, weights: Array) -> tuple[Array, Array, Array]:
    """The different rows that count, sorted, each with the sum of its weights."""
    counted = weights > 0
    rows = np.column_stack([index[counted], X[counted]])
    different, group = np.unique(rows, axis=0, return_inverse=True)
    totals = np.bincount(group.ravel(), weights[counted], minlength=len(different))
    X = np.ascontiguousarray(different[:, 1:], dtype=X.dtype)
    return X, different[:, 0].astype(np.intp), totals.astype(X.dtype)
