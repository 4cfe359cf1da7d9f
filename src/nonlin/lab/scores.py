"""What is measured on rows held out: the scores of classification and of regression, one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn import metrics

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Score:
    """A score: its key, what people call it, and whether more is better.

    ``measure`` takes, for classification, the true classes as numbers 0 … K-1, the predicted ones and the
    probabilities (n, K), or None from a model without them, of which it then has none; for regression the true and the
    predicted numbers.
    """

    key: str
    title: str
    task: str
    more_is_better: bool
    measure: Callable[..., float]
    of_probabilities: bool = False


def brier(y: Array, P: Array) -> float:
    """The mean of Σₖ (pₖ - yₖ)² over the rows: 0 is best, 2 worst (Brier 1950, Monthly Weather Review 78:1)."""
    return float(((P - np.eye(P.shape[1])[y]) ** 2).sum(axis=1).mean())


def roc_auc(y: Array, P: Array) -> float:
    """The area under the ROC curve; for several classes the mean of one against the rest; NaN if a class is absent."""
    present = np.unique(y)
    if len(present) < P.shape[1]:
        return float("nan")
    if P.shape[1] == 2:
        return float(metrics.roc_auc_score(y, P[:, 1]))
    return float(metrics.roc_auc_score(y, P, multi_class="ovr", labels=present))


def calibration_error(y: Array, P: Array, bins: int = 10) -> float:
    """The mean gap of confidence and accuracy over ten bins with equally many rows, by their shares.

    Confidence is the largest probability of a row (Nixon et al. 2019, arXiv:1904.01685, the adaptive form).
    """
    confidence, right = P.max(axis=1), P.argmax(axis=1) == y
    parts = np.array_split(np.argsort(confidence, kind="stable"), min(bins, len(y)))
    return float(sum(len(rows) * abs(confidence[rows].mean() - right[rows].mean()) for rows in parts) / len(y))


def cross_entropy(y: Array, P: Array) -> float:
    """The mean of -log p of what came true."""
    return float(metrics.log_loss(y, P, labels=np.arange(P.shape[1])))


SCORES = {
    score.key: score
    for score in (
        Score("accuracy", "accuracy", "classification", True, metrics.accuracy_score),
        Score("balanced_accuracy", "balanced accuracy", "classification", True, metrics.balanced_accuracy_score),
        Score("log_loss", "log-loss", "classification", False, cross_entropy, True),
        Score("brier", "Brier score", "classification", False, brier, True),
        Score("roc_auc", "ROC AUC", "classification", True, roc_auc, True),
        Score("calibration_error", "calibration error", "classification", False, calibration_error, True),
        Score("r2", "R²", "regression", True, metrics.r2_score),
        Score("rmse", "RMSE", "regression", False, metrics.root_mean_squared_error),
        Score("mae", "MAE", "regression", False, metrics.mean_absolute_error),
    )
}


def scores_of(task: str) -> tuple[Score, ...]:
    """The scores of a task; the first is that of the leaderboard."""
    return tuple(score for score in SCORES.values() if score.task == task)


def measure(task: str, y: Array, predicted: Array, P: Array | None = None) -> dict[str, float]:
    """All scores of a task; those of probabilities are NaN for a model that has none.

    Parameters
    ----------
    y, predicted : (n,), classes as numbers from 0, or the numbers themselves
    P : (n, n_classes) probabilities

    Examples
    --------
    >>> import numpy as np
    >>> y, P = np.array([0, 1]), np.array([[0.9, 0.1], [0.4, 0.6]])
    >>> {key: round(value, 3) for key, value in measure("classification", y, y, P).items()}["brier"]
    0.17
    """
    found = {}
    for score in scores_of(task):
        if score.of_probabilities:
            found[score.key] = float("nan") if P is None else float(score.measure(y, P))
        else:
            found[score.key] = float(score.measure(y, predicted))
    return found
