"""The linear classifiers that Newton's method fits: a loss of the net input, and a penalty on the weights."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from nonlin.estimators import _newton
from nonlin.estimators._base import Array, LinearClassifier


class PenalisedClassifier(LinearClassifier):
    """The abstract base: minimises C Σ ωᵢ ℓ(yᵢ, zᵢ) + ½ Σ w²; the bias is free."""

    C: float
    tol: float
    max_iter: int
    n_iter_: int

    def _solve(
        self,
        losses: Sequence[_newton.Loss],
        X: Array,
        targets: Sequence[Array],
        weights: Array,
        fit_intercept: bool,
    ) -> list[_newton.Solution]:
        """Fit net inputs to each block of coded targets; of several losses each starts where the one before ended."""
        centre = weights @ X / weights.sum() if fit_intercept else np.zeros(X.shape[1])
        A, penalty = np.ones((len(X), X.shape[1] + fit_intercept)), np.zeros(X.shape[1] + fit_intercept)
        np.subtract(X, centre, out=A[:, : X.shape[1]])
        penalty[: X.shape[1]] = 1 / self.C
        problems = [_newton.Problem(A, Y, weights.astype(np.float64), penalty) for Y in targets]
        solutions = [self._descend(losses, problem) for problem in problems]
        W = np.column_stack([solution.W for solution in solutions])
        self.n_iter_ = max(solution.steps for solution in solutions)
        if not all(solution.converged for solution in solutions):
            self._warn()
        coef = W[: X.shape[1]]
        bias = W[-1] - centre @ coef if fit_intercept else np.zeros(W.shape[1])
        self.coef_, self.intercept_ = coef.T.astype(X.dtype), bias.astype(X.dtype)
        return solutions

    def _descend(self, losses: Sequence[_newton.Loss], problem: _newton.Problem) -> _newton.Solution:
        solution = _newton.minimise(
            losses[0], problem, np.zeros((problem.A.shape[1], problem.Y.shape[1])), self.tol, self.max_iter
        )
        for loss in losses[1:]:
            before = solution.steps
            solution = _newton.minimise(loss, problem, solution.W, self.tol, self.max_iter - before)
            solution = solution._replace(steps=solution.steps + before)
        return solution

    def _warn(self) -> None:
        warnings.warn(
            f"{type(self).__name__} has not converged in max_iter={self.max_iter} steps; raise max_iter",
            ConvergenceWarning,
            stacklevel=4,
        )
