"""Means over folds, with intervals that know that folds share their training rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Estimate:
    """A mean over folds and its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} ({self.low:.3f} to {self.high:.3f})"


def estimate(values: Any, folds: int, confidence: float = 0.95) -> Estimate:
    r"""The mean of cross-validated values with the corrected resampled t interval.

    .. math:: \bar v ± t_{k-1} \sqrt{(1/k + n_{test}/n_{train}) s²},\; n_{test}/n_{train} = 1/(folds - 1)

    The plain interval takes the folds as independent and is too narrow: their training rows overlap.

    Parameters
    ----------
    values : (k,), one per fold and repetition
    folds : folds of one cross-validation
    confidence : float

    Examples
    --------
    >>> print(estimate([0.8, 0.9, 0.85, 0.8, 0.9], folds=5))
    0.850 (0.757 to 0.943)

    References
    ----------
    Nadeau & Bengio 2003, Inference for the generalization error, Machine Learning 52:239.
    """
    v = np.asarray(values, dtype=float)
    mean = float(v.mean())
    if v.size < 2:
        return Estimate(mean, math.nan, math.nan)
    spread = math.sqrt((1 / v.size + 1 / (folds - 1)) * v.var(ddof=1))
    half = float(stats.t.ppf((1 + confidence) / 2, v.size - 1)) * spread
    return Estimate(mean, mean - half, mean + half)


def chosen_elsewhere(scores: Array, folds: int) -> Array:
    """Of each fold the score of the model that is best on the other folds of the same cross-validation.

    The best of many models looks better than it is on the rows that made it the best; on other rows it does not.

    Parameters
    ----------
    scores : (models, k), k = folds times repetitions
    folds : folds of one cross-validation

    Returns
    -------
    (k,) array

    Examples
    --------
    >>> chosen_elsewhere(np.array([[1.0, 0.0, 0.0], [0.0, 0.25, 0.25]]), folds=3)
    array([0., 0., 0.])
    """
    by_repeat = scores.reshape(len(scores), -1, folds)
    others = by_repeat.sum(axis=2, keepdims=True) - by_repeat
    return np.take_along_axis(by_repeat, others.argmax(axis=0)[np.newaxis], axis=0).ravel()
