"""The perceptron: a unit step on the net input, trained by corrections."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state

from nonlin.estimators import _targets
from nonlin.estimators._base import Array, LinearClassifier
from nonlin.estimators._checks import check_integer, check_real, check_switch
from nonlin.nn.layout import Layout
from nonlin.nn.network import Network
from nonlin.nn.trainer import Data, Recipe, Training, run_epochs, start


class Perceptron(LinearClassifier):
    """Rosenblatt's perceptron: a unit step on the net input, and a correction for each row that it gets wrong.

    For a row on the wrong side, w ← w + η y x and b ← b + η y, y = ±1; all start at 0. On data that a line separates
    this ends with an epoch without corrections; on other data it never settles, and stops after ``max_iter`` epochs.
    More than two classes get one net input each, trained against the rest.

    Parameters
    ----------
    eta0 : float, default 1.0
        The learning rate η. Since all starts at 0, it only scales the weights.
    max_iter : int, default 1000
        Epochs at most.
    tol : float or None, default None
        Give up, too, when the mean loss max(0, -y z) has not fallen by this within ``n_iter_no_change`` epochs.
    n_iter_no_change : int, default 5
    shuffle : bool, default True
        Take the rows in a new order in each epoch.
    random_state : int, RandomState or None

    Attributes
    ----------
    classes_, coef_, intercept_ : as in :class:`LogisticRegression`
    loss_curve_ : mean loss of each epoch
    n_iter_ : epochs run

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
        self, *, eta0: float = 1.0, max_iter: int = 1000, tol: float | None = None, n_iter_no_change: int = 5,
        shuffle: bool = True, random_state: Any = None,
    ) -> None:  # fmt: skip
        self.eta0, self.max_iter, self.tol, self.n_iter_no_change = eta0, max_iter, tol, n_iter_no_change
        self.shuffle, self.random_state = shuffle, random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Learn from rows X and class labels y."""
        self._check_parameters()
        X, y, weights = self._check_fit(X, y, None)
        self.classes_, index = _targets.encode(y)
        Y = _targets.columns(index, len(self.classes_), "plus_minus", X.dtype)
        layout = Layout((X.shape[1], Y.shape[1]))
        training = start(Network(layout, (), "perceptron", X.dtype.type), np.zeros(layout.size), self._epoch())
        self._correct(training, Data(X, Y, weights))
        self.coef_ = layout.weights(training.theta)[0].T.copy()
        self.intercept_ = layout.biases(training.theta)[0].copy()
        self.loss_curve_, self.n_iter_ = training.loss_curve, len(training.loss_curve)
        return self

    def _check_parameters(self) -> None:
        check_real("eta0", self.eta0, 0, closed=False)
        check_integer("max_iter", self.max_iter, 1)
        if self.tol is not None:
            check_real("tol", self.tol, 0)
        check_integer("n_iter_no_change", self.n_iter_no_change, 1)
        check_switch("shuffle", self.shuffle)

    def _epoch(self) -> Recipe:
        return Recipe(
            solver="sgd", alpha=0.0, batch_size=1, learning_rate_init=self.eta0, max_iter=1, tol=self.tol or 0.0,
            momentum=0.0, nesterovs_momentum=False, shuffle=self.shuffle, n_iter_no_change=self.n_iter_no_change,
        )  # fmt: skip

    def _correct(self, training: Training, data: Data) -> None:
        """Run epochs until one corrects nothing.

        Corrections at z = 0 leave no loss but lengthen the weights, all others leave a loss: so both are looked at.
        """
        recipe, rng = self._epoch(), check_random_state(self.random_state)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # that it never settles is the lesson of this model
            for _ in range(self.max_iter):
                before: Array = training.theta.copy()
                run_epochs(training, data, recipe, rng)
                gave_up = self.tol is not None and training.is_stale
                if gave_up or (training.loss_curve[-1] == 0 and np.array_equal(before, training.theta)):
                    break
