"""The multilayer perceptrons for classes and for numbers."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import ClassifierMixin, MultiOutputMixin, RegressorMixin
from sklearn.utils import compute_sample_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import _check_partial_fit_first_call
from sklearn.utils.validation import check_is_fitted, column_or_1d

from nonlin.errors import InputError, bad_value
from nonlin.estimators import _mlp_labels as labels
from nonlin.estimators._base import Array
from nonlin.estimators._held_out import Rows
from nonlin.estimators._mlp import MLP, has_epochs, keep
from nonlin.estimators._mlp_input import check_samples, counted, for_engine
from nonlin.nn.recipe import Data


def _has_probabilities(model: Any) -> bool:
    if model.loss == "hinge":
        raise AttributeError("predict_proba needs a loss with probabilities, got loss='hinge'; take 'log_loss'")
    return True


class MLPClassifier(ClassifierMixin, MLP):
    r"""A multilayer perceptron for classes: non-linear combinations, and so a boundary that bends.

    Every hidden unit computes φ(b + Σ xᵢwᵢ); the output layer's net input goes through the sigmoid (two classes) or
    the softmax. The cross-entropy plus alpha Σ w²/2n is minimised by backpropagation.

    Standardise the inputs first (``nonlin.data.preprocessor``, or scikit-learn's StandardScaler in a pipeline), and for
    a regressor the targets too: as in scikit-learn, the fit takes the numbers as they are.

    Parameters
    ----------
    hidden_layer_sizes : tuple of int or int, default (100,)
        Units of each hidden layer; ``()`` makes it logistic regression.
    activation : str, Activation or list of these, default "relu"
        A catalogue name, a formula in ``z``, an :class:`~nonlin.Activation`, or a list with one of these per layer.
    loss : {"log_loss", "focal", "hinge"}, default "log_loss"
        "focal" weighs rows down that are right already; "hinge" asks for a margin and has no probabilities.
    class_weight : dict, "balanced" or None, default None
        Factors of the rows' weights by class; "balanced" is n / (n_classes · rows of the class).
    label_smoothing : float in [0, 1), default 0
        The share ε of each target that is spread evenly over all classes.
    focal_gamma : float, default 2
        The exponent of "focal".
    solver : {"adam", "adamw", "sgd", "lbfgs"}, default "adam"
        "adamw" shrinks the weights by alpha times the learning rate at each step, apart from the gradient.
    alpha : float, default 1e-4
        Strength of the penalty on the weights.
    l1_ratio : float in [0, 1], default 0
        The part of the penalty that goes by Σ |w| instead of Σ w²/2, for "adam" and "sgd": it drives weights to 0.
    batch_size : int or "auto", default "auto"
        Rows per step; "auto" is 32.
    learning_rate : {"constant", "invscaling", "adaptive", "cosine", "one_cycle"}, default "constant"
        The schedule; "invscaling" and "adaptive" are for "sgd" alone. "cosine" falls to 0 over ``max_iter`` epochs,
        "one_cycle" rises for 30 % of them and then falls.
    learning_rate_init : float or "auto", default "auto"
        "auto" is 0.01 for Adam and 0.1 for SGD, divided by √(widest layer/100) where that is wider than 100 and by
        the number of hidden layers; a tenth of that, and so on, where training diverges.
    warmup_epochs : int, default 0
        Epochs over which the learning rate rises from 0.
    scoring : None, "loss", str or callable, default None
        What early stopping watches on the rows held out: accuracy (R² for a regressor), minus the loss, which is the
        finer measure, or any scorer of scikit-learn.
    n_iter_no_change : int or inf, default 10
        Epochs in a row that may bring less than ``tol``.
    dropout : float in [0, 1), default 0
        The share of each hidden layer's signals that is left out at a step, at random; never in predictions.
    clip_norm : float or None, default None
        The length to which longer gradients are cut.
    init : {"auto", "glorot", "he", "lecun", "orthogonal", "lsuv"}, default "auto"
        The rule of the initial weights; "auto" scales them by the gain of each activation.
    activation_trainable : bool, default False
        Learn the parameters of the activations too, one set a layer.
    callbacks : list of functions or None, default None
        Each gets the record of an epoch, a dict with the keys of ``history_``; training stops where one returns True.
        ``set_callbacks`` takes those of scikit-learn 1.9 and newer (``sklearn.callback``) besides: a fit is a task, and
        each epoch a subtask ("lbfgs" has none).
    verbose : bool or int, default False
        Show each epoch: at a terminal in a bar with the loss, the held-out score and the time left, elsewhere in
        scikit-learn's lines.
    power_t, max_iter, shuffle, random_state, tol, momentum, nesterovs_momentum, early_stopping, validation_fraction,
    beta_1, beta_2, epsilon, max_fun, warm_start : as in scikit-learn's MLPClassifier

    Attributes
    ----------
    classes_ : (n_classes,)
    coefs_ : list of (fan_in, fan_out), the weights of each layer
    intercepts_ : list of (fan_out,), the biases of each layer
    activations_ : one Activation per hidden layer, with its parameters as they were learned
    out_activation_ : "logistic" or "softmax"; "identity" for the hinge loss
    loss_, loss_curve_, best_loss_ : training loss at the end, of each epoch, and the least
    validation_scores_, best_validation_score_ : held-out score of each epoch, and the best, with ``early_stopping``
    history_ : dict of lists with one entry an epoch
        "epoch", "loss", "learning_rate", "gradient_norm" (one number a layer, at the epoch's last step) and "time" in
        seconds; with rows to measure on also "validation_loss", "validation_score" and "score", that of as many rows
        that are trained on.
    n_iter_ : epochs (or L-BFGS iterations) run by the last call
    t_ : samples seen
    n_layers_, n_outputs_, n_features_in_, feature_names_in_ : as in scikit-learn

    Notes
    -----
    Every parameter of scikit-learn's has its name, its place and its default here, except for

    ======================  ============================  ============================
    parameter               default here                  default in scikit-learn
    ======================  ============================  ============================
    ``learning_rate_init``  "auto", see above             0.001
    ``batch_size``          "auto", which is 32           "auto", which is 200
    (initial weights)       by the activation (``init``)  Glorot & Bengio's, uniform
    ======================  ============================  ============================

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

    def __init__(
        self, hidden_layer_sizes: Any = (100,), activation: Any = "relu", *, loss: str = "log_loss",
        class_weight: Any = None, label_smoothing: float = 0.0, focal_gamma: float = 2.0, solver: str = "adam",
        alpha: float = 0.0001, l1_ratio: float = 0.0, batch_size: int | str = "auto", learning_rate: str = "constant",
        learning_rate_init: float | str = "auto", power_t: float = 0.5, warmup_epochs: int = 0, max_iter: int = 200,
        shuffle: bool = True, random_state: Any = None, tol: float = 1e-4, verbose: bool | int = False,
        warm_start: bool = False, momentum: float = 0.9, nesterovs_momentum: bool = True,
        early_stopping: bool = False, scoring: Any = None, validation_fraction: float = 0.1, beta_1: float = 0.9,
        beta_2: float = 0.999, epsilon: float = 1e-8, n_iter_no_change: int = 10, max_fun: int = 15000,
        dropout: float = 0.0, clip_norm: float | None = None, init: str = "auto",
        activation_trainable: bool = False, callbacks: Any = None,
    ) -> None:  # fmt: skip
        keep(self, locals())

    @property
    def _is_exclusive(self) -> bool:
        return not self._multilabel and len(self.classes_) > 2

    @property
    def _stratifies(self) -> bool:
        return not self._multilabel

    @available_if(has_epochs)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None) -> Self:
        """Train for one epoch, from where the last call stopped.

        Parameters
        ----------
        X, y, sample_weight : as for :meth:`fit`
        classes : (n_classes,)
            All classes that will ever come; needed at the first call. Of a multilabel y, the numbers of its columns.
        """
        if isinstance(self.class_weight, str):
            raise InputError("class_weight='balanced' needs all rows at once; give a dict of weights to partial_fit")
        _check_partial_fit_first_call(self, classes)
        return self._fit(X, y, sample_weight, (None, None, None), partial=True)

    def _rows(self, X: Any, y: Any, sample_weight: Any, *, reset: bool, partial: bool) -> Rows:
        X, y, weights = check_samples(self, X, y, sample_weight, reset=reset)
        y, multilabel = labels.labels(y)
        classes = labels.classes_of(y, multilabel=multilabel)
        if reset and not partial:
            self.classes_ = classes
        elif self.warm_start and not partial and not np.array_equal(self.classes_, classes):
            raise InputError(
                "warm_start can only be used where `y` has the same classes as in the previous call to fit. "
                f"Previously got {self.classes_}, `y` has {classes}"
            )
        self._multilabel = multilabel
        if self.class_weight is not None:
            weights = weights * self._class_weights(y).astype(weights.dtype)
        return Rows(*counted(Data(X, self._coded(y, X.dtype), weights), y))

    def _class_weights(self, y: Array) -> Array:
        try:
            return np.asarray(compute_sample_weight(self.class_weight, y))
        except ValueError:
            raise bad_value("class_weight", "None, 'balanced' or a dict of weights", self.class_weight) from None

    def _held_rows(self, X: Any, y: Any, sample_weight: Any) -> Rows:
        X, y, weights = check_samples(self, X, y, sample_weight, reset=False)
        y, _ = labels.labels(y)
        return Rows(Data(X, self._coded(y, X.dtype), weights), y)

    def _coded(self, y: Array, dtype: Any) -> Array:
        coding, smoothing = self._loss.targets, float(self.label_smoothing)
        return labels.coded(y, self.classes_, coding, dtype, multilabel=self._multilabel, smoothing=smoothing)

    def _score_of(self, Z: Array, Y: Array, weights: Array) -> float:
        from sklearn.metrics import accuracy_score  # slow to import, and only early stopping needs it

        exclusive = self._is_exclusive
        truth, guess = (Y.argmax(axis=1), Z.argmax(axis=1)) if exclusive else (Y > 0.5, Z >= 0)
        return float(accuracy_score(truth, guess, sample_weight=weights))

    def decision_function(self, X: Any) -> Array:
        """The net input z of the output: (n,) for two classes, (n, n_classes) or (n, n_labels) for more."""
        Z = self.net_input(X)
        return Z[:, 0] if Z.shape[1] == 1 else Z

    @available_if(_has_probabilities)
    def predict_proba(self, X: Any) -> Array:
        """P(class | x) of each row, columns in the order of ``classes_``; each label by itself if y is multilabel."""
        return labels.probabilities(self.net_input(X), self.classes_, multilabel=self._multilabel)

    @available_if(_has_probabilities)
    def predict_log_proba(self, X: Any) -> Array:
        """The logarithm of :meth:`predict_proba`."""
        return labels.log_probabilities(self.net_input(X), self.classes_, multilabel=self._multilabel)

    def predict(self, X: Any) -> Array:
        """The class of each row: the unit step of z, or the largest of several; 0 or 1 for each label of several."""
        check_is_fitted(self)
        return labels.decided(self.net_input(X), self.classes_, multilabel=self._multilabel)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags


class MLPRegressor(MultiOutputMixin, RegressorMixin, MLP):
    """A multilayer perceptron for numbers: hidden units as in :class:`MLPClassifier`, the identity at the output.

    The squared error ½ (y - z)² plus alpha Σ w²/2n is minimised by backpropagation. Parameters and attributes are
    those of :class:`MLPClassifier`, without what is about classes; ``validation_scores_`` holds R².

    Parameters
    ----------
    loss : {"squared_error", "absolute_error", "huber", "quantile", "poisson"}, default "squared_error"
        For the mean, the median, between the two, a quantile, or counts, whose mean is e^z. Two models with the
        quantiles 0.05 and 0.95 give an interval that holds 90 % of the targets.
    huber_delta : float, default 1
        The error from which on "huber" grows straight.
    quantile : float in (0, 1), default 0.5
        The quantile that "quantile" predicts.

    Examples
    --------
    >>> import numpy as np
    >>> from nonlin import MLPRegressor
    >>> X = np.linspace(-3, 3, 200).reshape(-1, 1)
    >>> model = MLPRegressor(hidden_layer_sizes=(30,), activation="tanh", solver="lbfgs", max_iter=500, random_state=0)
    >>> bool(model.fit(X, np.sin(X[:, 0])).score(X, np.sin(X[:, 0])) > 0.999)
    True
    """

    def __init__(
        self, loss: str = "squared_error", hidden_layer_sizes: Any = (100,), activation: Any = "relu", *,
        huber_delta: float = 1.0, quantile: float = 0.5, solver: str = "adam", alpha: float = 0.0001,
        l1_ratio: float = 0.0, batch_size: int | str = "auto", learning_rate: str = "constant",
        learning_rate_init: float | str = "auto", power_t: float = 0.5, warmup_epochs: int = 0, max_iter: int = 200,
        shuffle: bool = True, random_state: Any = None, tol: float = 1e-4, verbose: bool | int = False,
        warm_start: bool = False, momentum: float = 0.9, nesterovs_momentum: bool = True,
        early_stopping: bool = False, scoring: Any = None, validation_fraction: float = 0.1, beta_1: float = 0.9,
        beta_2: float = 0.999, epsilon: float = 1e-8, n_iter_no_change: int = 10, max_fun: int = 15000,
        dropout: float = 0.0, clip_norm: float | None = None, init: str = "auto",
        activation_trainable: bool = False, callbacks: Any = None,
    ) -> None:  # fmt: skip
        keep(self, locals())

    @available_if(has_epochs)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train for one epoch, from where the last call stopped."""
        return self._fit(X, y, sample_weight, (None, None, None), partial=True)

    def _rows(self, X: Any, y: Any, sample_weight: Any, *, reset: bool, partial: bool) -> Rows:  # noqa: ARG002
        X, y, weights = check_samples(self, X, y, sample_weight, reset=reset, y_numeric=True)
        self._flat = y.ndim == 1 or y.shape[1] == 1
        return Rows(*counted(Data(X, self._columns(y, X.dtype), weights), y))

    def _held_rows(self, X: Any, y: Any, sample_weight: Any) -> Rows:
        X, y, weights = check_samples(self, X, y, sample_weight, reset=False, y_numeric=True)
        return Rows(Data(X, self._columns(y, X.dtype), weights), y)

    def _columns(self, y: Array, dtype: Any) -> Array:
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if self._loss.targets == "counts" and (y < 0).any():
            raise bad_value("y", "at least 0 for loss='poisson'", float(y.min()))
        return np.asarray(for_engine(np.ascontiguousarray(y.reshape(len(y), -1), dtype=dtype)))

    def _score_of(self, Z: Array, Y: Array, weights: Array) -> float:
        from sklearn.metrics import r2_score  # slow to import, and only early stopping needs it

        return float(r2_score(Y, self._meant(Z), sample_weight=weights))

    def _meant(self, Z: Array) -> Array:
        return np.exp(Z) if self._loss.output == "exp" else Z

    def predict(self, X: Any) -> Array:
        """The prediction of each row: (n,), or (n, n_outputs) if the targets had columns."""
        Z = self._meant(self.net_input(X))
        return Z[:, 0] if self._flat else Z
