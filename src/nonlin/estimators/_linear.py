"""Linear regression and Adaline: the net input alone, fitted by exact least squares."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import scipy.linalg
from sklearn.base import MultiOutputMixin, RegressorMixin

from nonlin.estimators import _targets
from nonlin.estimators._base import Array, LinearClassifier, LinearEstimator
from nonlin.estimators._checks import check_real, check_switch


class LinearRegression(MultiOutputMixin, RegressorMixin, LinearEstimator):
    """Linear regression: z = b + Σ xᵢwᵢ, with the weights of least vertical offsets.

    Minimises Σ ωᵢ (yᵢ - zᵢ)² exactly, by an orthogonal decomposition; of several solutions (columns that depend on each
    other) the one of least norm.

    Parameters
    ----------
    fit_intercept : bool, default True
        Learn the bias b; otherwise it is 0.

    Attributes
    ----------
    coef_ : (n_features,) or (n_outputs, n_features), the weights w
    intercept_ : float or (n_outputs,), the bias b
    vertical_offsets_ : y - z of each training row, the shape of y
    rank_ : the rank of the centred X

    Examples
    --------
    >>> from nonlin import LinearRegression
    >>> model = LinearRegression().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> model.coef_.round(6), round(model.intercept_, 6)
    (array([2.]), 1.0)

    References
    ----------
    Golub & Van Loan, Matrix Computations, 4th ed., section 5.5.
    """

    activation = "identity"

    def __init__(self, *, fit_intercept: bool = True) -> None:
        self.fit_intercept = fit_intercept

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit the weights to rows X and targets y."""
        check_switch("fit_intercept", self.fit_intercept)
        X, y, weights = self._check_fit(X, y, sample_weight, y_numeric=True, multi_output=True)
        Y = y.reshape(len(y), -1).astype(np.float64)
        W, b, self.rank_ = _least_squares(X, Y, weights, self.fit_intercept)
        offsets = Y - (X @ W + b)
        W, b, offsets = (a.astype(X.dtype) for a in (W, b, offsets))
        if y.ndim == 1:
            self.coef_, self.intercept_, self.vertical_offsets_ = (
                W[:, 0].copy(),
                float(b[0]),
                offsets[:, 0].copy(),
            )
        else:
            self.coef_, self.intercept_, self.vertical_offsets_ = W.T.copy(), b, offsets
        return self

    def predict(self, X: Any) -> Array:
        """The prediction of each row: its net input."""
        return self.net_input(X)


class Adaline(LinearClassifier):
    """Adaline: least squares between the net input, with the identity as activation, and the labels ±1.

    Minimises Σ ωᵢ (yᵢ - zᵢ)² + alpha Σ w² exactly (Widrow and Hoff's corrections end there too); the unit step at
    z ≥ 0 gives the class. More than two classes get one net input each, +1 for the class and -1 for the rest.

    Parameters
    ----------
    alpha : float, default 0.0
        Strength of the penalty on the weights.

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

    def __init__(self, *, alpha: float = 0.0) -> None:
        self.alpha = alpha

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from rows X and class labels y."""
        check_real("alpha", self.alpha, 0)
        X, y, weights = self._check_fit(X, y, sample_weight)
        self.classes_, index = _targets.encode(y)
        Y = _targets.columns(index, len(self.classes_), "plus_minus", np.float64)
        W, b, _ = _least_squares(X, Y, weights, fit_intercept=True, alpha=self.alpha)
        self.coef_, self.intercept_ = W.T.astype(X.dtype), b.astype(X.dtype)
        return self


def _least_squares(
    X: Array, Y: Array, weights: Array, fit_intercept: bool, alpha: float = 0.0
) -> tuple[Array, Array, int]:
    """Weights (n_features, n_outputs), biases (n_outputs,) and the rank, in double precision."""
    means = [np.average(a, axis=0, weights=weights) if fit_intercept else np.zeros(a.shape[1]) for a in (X, Y)]
    root = np.sqrt(weights, dtype=np.float64)[:, None]
    A, B = (X - means[0]) * root, (Y - means[1]) * root
    if alpha > 0:
        A = np.vstack([A, np.sqrt(alpha) * np.eye(X.shape[1])])
        B = np.vstack([B, np.zeros((X.shape[1], Y.shape[1]))])
    noise = 10 * np.finfo(X.dtype).eps if X.dtype == np.float32 else 0.0  # the inputs themselves are rounded
    W, _, rank, _ = scipy.linalg.lstsq(A, B, cond=max(noise, max(A.shape) * np.finfo(A.dtype).eps))
    return W, means[1] - means[0] @ W, int(rank)
