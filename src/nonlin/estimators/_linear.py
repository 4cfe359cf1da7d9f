"""Linear regression: the net input alone, fitted by exact least squares."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from scipy.special import stdtrit
from sklearn.base import MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import check_is_fitted

from nonlin.errors import bad_value
from nonlin.estimators import _least_squares
from nonlin.estimators._base import Array, LinearEstimator
from nonlin.estimators._checks import check_integer, check_real, check_switch
from nonlin.estimators._summary import Summary, evidence, summarise


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
    rank_ : the rank of X, centred if there is a bias

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
        """Fit the weights to rows X and targets y.

        Parameters
        ----------
        X : (n, n_features)
        y : (n,) or (n, n_outputs)
        sample_weight : (n,), default ones
            ω: a row of weight ω counts as one whose target has the variance σ²/ω. Rows of weight 0 are left out.
        """
        check_switch("fit_intercept", self.fit_intercept)
        X, y, weights = self._check_fit(X, y, sample_weight, y_numeric=True, multi_output=True)
        Y = y.reshape(len(y), -1).astype(np.float64)
        reduced = _least_squares.reduce(X, Y, weights, intercept=self.fit_intercept)
        solution = _least_squares.solve(reduced, noise=_least_squares.FLOAT32_NOISE if X.dtype == np.float32 else 0.0)
        offsets = Y - (X @ solution.W + solution.b)
        self.rank_, self._evidence = solution.rank, evidence(solution, offsets, Y, weights)
        coef, offsets = solution.W.T.astype(X.dtype), offsets.astype(X.dtype)
        if y.ndim == 1:
            self.coef_, self.intercept_, self.vertical_offsets_ = coef[0], float(solution.b[0]), offsets[:, 0]
        else:
            self.coef_, self.intercept_, self.vertical_offsets_ = coef, solution.b.astype(X.dtype), offsets
        return self

    def predict(self, X: Any) -> Array:
        """The prediction of each row: its net input."""
        return self.net_input(X)

    def prediction_interval(self, X: Any, level: float = 0.95) -> tuple[Array, Array]:
        """The bounds between which a new target of each row falls with the given confidence.

        z ± t σ √(1 + h), where h is the row's leverage and t the quantile of Student's distribution. As the summary's
        figures, these hold for errors that are independent and normal with one variance σ².

        Parameters
        ----------
        X : (n, n_features)
        level : float in (0, 1), default 0.95

        Returns
        -------
        low, high : each of the shape of ``predict(X)``; NaN if the fit left no row over to estimate σ

        Examples
        --------
        >>> from nonlin import LinearRegression
        >>> model = LinearRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 1.0, 2.0])
        >>> low, high = model.prediction_interval([[4.0]])
        >>> low.round(3), high.round(3)
        (array([0.349]), array([4.651]))

        References
        ----------
        Draper & Smith 1998, Applied Regression Analysis, 3rd ed., section 3.1.
        """
        check_real("level", level, 0, 1, closed=False)
        z = self.predict(X)
        spread = np.sqrt(1 + self._evidence.leverage(self._check_predict(X)))
        half = np.outer(spread, np.sqrt(self._evidence.variance())).reshape(z.shape)
        half *= stdtrit(max(self._evidence.degrees, 1), (1 + level) / 2)
        return z - half, z + half

    def summary(self, output: int = 0, level: float = 0.95) -> Summary:
        """How sure the weights are: standard errors, t and p values, intervals, R² and F.

        These hold for errors that are independent and normal with one variance σ².

        Parameters
        ----------
        output : int, default 0
            Which of several targets.
        level : float in (0, 1), default 0.95
            The confidence of the intervals.

        Returns
        -------
        Summary
            ``print`` shows it; ``.table`` is a data frame.

        Examples
        --------
        >>> from nonlin import LinearRegression
        >>> model = LinearRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 1.0, 2.0])
        >>> print(model.summary())
              coefficient  standard error        t         p      2.5 %  97.5 %
        bias          0.1         0.26458  0.37796    0.7418    -1.0384  1.2384
        x0            0.6         0.14142   4.2426  0.051317  -0.008487  1.2085
        <BLANKLINE>
        4 rows, residual standard error 0.31623 on 2 degrees of freedom
        R² 0.9, adjusted R² 0.85
        F 18 on 1 and 2 degrees of freedom, p 0.051317

        References
        ----------
        Draper & Smith 1998, Applied Regression Analysis, 3rd ed., chapters 1 and 5.
        """
        check_is_fitted(self)
        check_integer("output", output, 0)
        check_real("level", level, 0, 1, closed=False)
        coefs, intercepts = np.atleast_2d(self.coef_), np.atleast_1d(self.intercept_)
        if output >= len(coefs):
            raise bad_value("output", f"below the number of targets, {len(coefs)}", output)
        names = getattr(self, "feature_names_in_", [f"x{j}" for j in range(coefs.shape[1])])
        return summarise(self._evidence, coefs[output], float(intercepts[output]), names, output, level)
