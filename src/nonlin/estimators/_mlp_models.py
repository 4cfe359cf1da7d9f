"""The multilayer perceptrons for classes and for numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, MultiOutputMixin, RegressorMixin

from nonlin.errors import InputError
from nonlin.estimators import _targets
from nonlin.estimators._base import Array
from nonlin.estimators._mlp import MLP, OTHER_SHAPE, counted
from nonlin.nn.trainer import Data


class MLPClassifier(ClassifierMixin, MLP):
    r"""A multilayer perceptron for classes: non-linear combinations, and so a boundary that bends.

    Every hidden unit computes φ(b + Σ xᵢwᵢ); the output layer's net input goes through the sigmoid (two classes) or
    the softmax. The cross-entropy plus ½ alpha Σ w²/n is minimised by backpropagation.

    Standardise the inputs first (``nonlin.data.preprocessor``, or scikit-learn's StandardScaler in a pipeline), and for
    a regressor the targets too: as in scikit-learn, the fit takes the numbers as they are.

    Parameters
    ----------
    hidden_layer_sizes : tuple of int or int, default (100,)
        Units of each hidden layer; ``()`` makes it logistic regression.
    activation : str, Activation or list of these, default "relu"
        A catalogue name, a formula in ``z``, an :class:`~nonlin.Activation`, or a list with one of these per layer.
    solver : {"adam", "sgd", "lbfgs"}, default "adam"
    alpha : float, default 1e-4
        Strength of the penalty on the weights.
    batch_size : int or "auto", default "auto"
        Rows per step; "auto" is 32.
    learning_rate : {"constant", "invscaling", "adaptive"}, default "constant"
        The schedule of "sgd".
    learning_rate_init : float or "auto", default "auto"
        "auto" is 0.01 for Adam and 0.1 for SGD, divided by √(widest layer/100) where that is wider than 100 and by
        the number of hidden layers; a tenth of that, and so on, where training diverges.
    scoring : {None, "loss"}, default None
        What early stopping watches on the rows held out: accuracy (R² for a regressor), or minus the loss, which is
        the finer measure.
    power_t, max_iter, shuffle, random_state, tol, momentum, nesterovs_momentum, early_stopping, validation_fraction,
    beta_1, beta_2, epsilon, n_iter_no_change, max_fun, warm_start : as in scikit-learn's MLPClassifier

    Attributes
    ----------
    classes_ : (n_classes,)
    coefs_ : list of (fan_in, fan_out), the weights of each layer
    intercepts_ : list of (fan_out,), the biases of each layer
    activations_ : one Activation per hidden layer
    out_activation_ : "logistic" or "softmax"
    loss_curve_ : training loss of each epoch
    validation_scores_ : held-out accuracy of each epoch, with ``early_stopping``
    n_iter_ : epochs (or L-BFGS iterations) run

    Examples
    --------
    >>> from nonlin import MLPClassifier
    >>> from sklearn.datasets import make_moons
    >>> X, y = make_moons(200, noise=0.1, random_state=0)
    >>> model = MLPClassifier((20,), activation="z*tanh(softplus(z))", solver="lbfgs", random_state=0).fit(X, y)
    >>> model.score(X, y)
    1.0

    References
    ----------
    Rumelhart, Hinton & Williams 1986, Nature 323:533.
    """

    def _prepare(self, X: Any, y: Any, sample_weight: Any) -> Data:
        X, y, weights = self._check_fit(X, y, sample_weight)
        classes, index = _targets.encode(y)
        if self.warm_start and not np.array_equal(getattr(self, "classes_", classes), classes):
            raise InputError(OTHER_SHAPE)
        self.classes_ = classes
        return counted(X, _targets.columns(index, len(classes), "zero_one", X.dtype), weights)

    def _loss_name(self, outputs: int) -> str:
        return "binary_cross_entropy" if outputs == 1 else "softmax_cross_entropy"

    def _score_of(self, Z: Array, Y: Array, weights: Array) -> float:
        truth, guess = (Y[:, 0] > 0, Z[:, 0] >= 0) if Y.shape[1] == 1 else (Y.argmax(axis=1), Z.argmax(axis=1))
        from sklearn.metrics import accuracy_score  # slow to import, and only early stopping needs it

        return float(accuracy_score(truth, guess, sample_weight=weights))

    def decision_function(self, X: Any) -> Array:
        """The net input z of the output: (n,) for two classes, (n, n_classes) for more."""
        Z = self.net_input(X)
        return Z[:, 0] if Z.shape[1] == 1 else Z

    def predict_proba(self, X: Any) -> Array:
        """P(class | x) of each row, columns in the order of ``classes_``."""
        return _targets.probabilities(self.net_input(X))

    def predict_log_proba(self, X: Any) -> Array:
        """The logarithm of :meth:`predict_proba`."""
        return _targets.log_probabilities(self.net_input(X))

    def predict(self, X: Any) -> Array:
        """The class of each row: the unit step of z, or the largest of several."""
        return _targets.decide(self.net_input(X), self.classes_)


class MLPRegressor(MultiOutputMixin, RegressorMixin, MLP):
    """A multilayer perceptron for numbers: hidden units as in :class:`MLPClassifier`, the identity at the output.

    The squared error ½ (y - z)² plus ½ alpha Σ w²/n is minimised by backpropagation. Parameters and attributes are
    those of :class:`MLPClassifier`, without the classes; ``validation_scores_`` holds R².

    Examples
    --------
    >>> import numpy as np
    >>> from nonlin import MLPRegressor
    >>> X = np.linspace(-3, 3, 200).reshape(-1, 1)
    >>> model = MLPRegressor((30,), activation="tanh", solver="lbfgs", max_iter=500, random_state=0)
    >>> bool(model.fit(X, np.sin(X[:, 0])).score(X, np.sin(X[:, 0])) > 0.999)
    True
    """

    def _prepare(self, X: Any, y: Any, sample_weight: Any) -> Data:
        X, y, weights = self._check_fit(X, y, sample_weight, y_numeric=True, multi_output=True)
        self._flat = y.ndim == 1
        return counted(X, np.ascontiguousarray(y.reshape(len(y), -1), dtype=X.dtype), weights)

    def _loss_name(self, outputs: int) -> str:  # noqa: ARG002 - the classifier's depends on it
        return "squared_error"

    def _score_of(self, Z: Array, Y: Array, weights: Array) -> float:
        from sklearn.metrics import r2_score  # slow to import, and only early stopping needs it

        return float(r2_score(Y, Z, sample_weight=weights))

    def predict(self, X: Any) -> Array:
        """The prediction of each row: (n,), or (n, n_outputs) if the targets had columns."""
        Z = self.net_input(X)
        return Z[:, 0] if self._flat else Z
