"""Ranks of several models over several tables: Friedman's test, and Nemenyi's for pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
LEVEL = 0.05
"""The share of false alarms that the tests over several tables allow."""


@dataclass(frozen=True)
class Friedman:
    """Friedman's test of the hypothesis that all models have the same mean rank.

    Attributes
    ----------
    statistic : χ², with the correction for ties
    freedom : its degrees of freedom
    p : the probability of so large a value if all were alike
    """

    statistic: float
    freedom: int
    p: float


def ranks(scores: Array) -> Array:
    """The rank of each model on each table: 1 is best, equal scores share theirs, and no score at all is last.

    Parameters
    ----------
    scores : (tables, models), more is better, NaN where there is none

    Returns
    -------
    (tables, models) array

    Examples
    --------
    >>> ranks(np.array([[0.9, 0.8, 0.9], [0.7, np.nan, 0.8]]))
    array([[1.5, 3. , 1.5],
           [2. , 3. , 1. ]])
    """
    return np.asarray(stats.rankdata(-np.where(np.isnan(scores), -np.inf, scores), axis=1))


def friedman(ranked: Array) -> Friedman:
    """Friedman's test on ranks (tables, models) of at least three models.

    Examples
    --------
    >>> round(friedman(np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]])).statistic, 3)
    4.667

    References
    ----------
    Demšar 2006, Statistical comparisons of classifiers over multiple data sets, JMLR 7:1.
    """
    freedom = ranked.shape[1] - 1
    if np.ptp(ranked, axis=1).max() == 0:  # nothing but ties: SciPy would divide by 0
        return Friedman(0.0, freedom, 1.0)
    found = stats.friedmanchisquare(*ranked.T)
    return Friedman(float(found.statistic), freedom, float(found.pvalue))


def nemenyi(ranked: Array, names: list[str]) -> pd.DataFrame:
    """Nemenyi's p values (models, models) for all pairs, corrected for their number; by scikit-posthocs."""
    import pandas as pd
    from scikit_posthocs import posthoc_nemenyi_friedman

    pairs = np.asarray(posthoc_nemenyi_friedman(ranked))
    return pd.DataFrame(pairs, index=names, columns=names)


def critical_difference(tables: int, models: int, level: float = LEVEL) -> float:
    r"""The difference of two mean ranks from which Nemenyi's test calls them different.

    .. math:: q_α \sqrt{m (m + 1) / (6 n)}, with q_α the quantile of the Studentised range over √2

    Examples
    --------
    >>> round(critical_difference(14, 4), 2)
    1.25
    """
    q = float(stats.studentized_range.ppf(1 - level, models, np.inf)) / math.sqrt(2)
    return q * math.sqrt(models * (models + 1) / (6 * tables))
