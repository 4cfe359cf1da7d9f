"""What is measured on rows held out: the scores of classification and of regression, one line each.

The textbook formulas on plain arrays: a study takes them thousands of times, and scikit-learn's checks of its arguments
take longer than many a fit. The tests compare them with scikit-learn's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import rankdata

Array = np.ndarray[Any, Any]
_SMALLEST = np.finfo(np.float64).eps


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


def accuracy(y: Array, predicted: Array) -> float:
    """The share of rows that are predicted right."""
    return float((y == predicted).mean())


def balanced_accuracy(y: Array, predicted: Array) -> float:
    """The mean over the classes that occur of the share of their rows that are predicted right."""
    _, codes = np.unique(y, return_inverse=True)
    return float((np.bincount(codes, y == predicted) / np.bincount(codes)).mean())


def brier(y: Array, P: Array) -> float:
    """The mean of Σₖ (pₖ - yₖ)² over the rows: 0 is best, 2 worst (Brier 1950, Monthly Weather Review 78:1)."""
    return float(((P - np.eye(P.shape[1])[y]) ** 2).sum(axis=1).mean())


def roc_auc(y: Array, P: Array) -> float:
    """The area under the ROC curve; for several classes the mean of one against the rest; NaN if a class is absent.

    It is the share of pairs, one row of the class and one of the rest, in which the first has the higher probability,
    ties half, counted by ranks (Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747).
    """
    classes = range(1, 2) if P.shape[1] == 2 else range(P.shape[1])
    areas = []
    for k in classes:
        own = y == k
        n, others = int(own.sum()), int((~own).sum())
        if not n or not others:
            return float("nan")
        areas.append((rankdata(P[:, k])[own].sum() - n * (n + 1) / 2) / (n * others))
    return float(np.mean(areas))


def calibration_error(y: Array, P: Array, bins: int = 10) -> float:
    """The mean gap of confidence and accuracy over ten bins with equally many rows, by their shares.

    Confidence is the largest probability of a row (Nixon et al. 2019, arXiv:1904.01685, the adaptive form).
    """
    confidence, right = P.max(axis=1), P.argmax(axis=1) == y
    parts = np.array_split(np.argsort(confidence, kind="stable"), min(bins, len(y)))
    return float(sum(len(rows) * abs(confidence[rows].mean() - right[rows].mean()) for rows in parts) / len(y))


def cross_entropy(y: Array, P: Array) -> float:
    """The mean of -log p of what came true, p at least 2⁻⁵², so that one row alone cannot make it infinite."""
    return float(-np.log(np.clip(P[np.arange(len(y)), y], _SMALLEST, None)).mean())


def exponent(y: Array) -> int:
    """The least e with |y| < 2ᵉ in every row.

    ``np.ldexp(y, -e)`` changes no bit but the exponents, and its squares stay in range where those of numbers such as
    1e-300 or 1e200 do not.

    Examples
    --------
    >>> import numpy as np
    >>> exponent(np.array([0.5, -3.0]))
    2
    """
    return int(np.frexp(np.abs(y).max())[1])


def r2(y: Array, predicted: Array) -> float:
    """1 - Σ (y - ŷ)² / Σ (y - ȳ)², the share of the variance that is explained; of a constant y 1 if exact, or 0."""
    e = exponent(y)
    y, predicted = np.ldexp(y, -e), np.ldexp(predicted, -e)
    errors, total = ((y - predicted) ** 2).sum(), ((y - y.mean()) ** 2).sum()
    return float(1 - errors / total) if total > 0 else float(errors == 0)


def rmse(y: Array, predicted: Array) -> float:
    """The root of the mean of (y - ŷ)²."""
    errors = y - predicted
    e = exponent(errors)
    return float(np.ldexp(np.sqrt((np.ldexp(errors, -e) ** 2).mean()), e))


def mae(y: Array, predicted: Array) -> float:
    """The mean of |y - ŷ|."""
    return float(np.abs(y - predicted).mean())


SCORES = {
    score.key: score
    for score in (
        Score("accuracy", "accuracy", "classification", True, accuracy),
        Score("balanced_accuracy", "balanced accuracy", "classification", True, balanced_accuracy),
        Score("log_loss", "log-loss", "classification", False, cross_entropy, True),
        Score("brier", "Brier score", "classification", False, brier, True),
        Score("roc_auc", "ROC AUC", "classification", True, roc_auc, True),
        Score("calibration_error", "calibration error", "classification", False, calibration_error, True),
        Score("r2", "R²", "regression", True, r2),
        Score("rmse", "RMSE", "regression", False, rmse),
        Score("mae", "MAE", "regression", False, mae),
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
