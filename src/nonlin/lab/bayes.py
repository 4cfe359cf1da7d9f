"""The Bayesian comparison of two models on one table: better, practically equal, or worse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

NEGLIGIBLE = 0.01
"""A difference in accuracy or R² that nobody should care about: smaller ones count as practically equal."""

NEGLIGIBLE_BRIER = 0.005
"""The same share, a hundredth, of the Brier score of a coin toss, which is 0.5."""

SURE = 0.975
"""The probability from which a comparison counts as settled; `docs/calibration.md` says why not 0.95."""


@dataclass(frozen=True)
class Posterior:
    """What is known of the mean difference of two models: a shifted and scaled Student t distribution.

    Attributes
    ----------
    mean : the mean difference over the folds
    scale : of the t distribution; 0 where all folds agree
    freedom : its degrees of freedom
    """

    mean: float
    scale: float
    freedom: int

    def above(self, bound: float) -> float:
        """The probability that the mean difference is greater than ``bound``."""
        if self.scale == 0:
            return float(self.mean > bound)
        return float(stats.t.sf((bound - self.mean) / self.scale, self.freedom))

    @property
    def better(self) -> float:
        """The probability that the first model is better by more than a negligible amount."""
        return self.above(NEGLIGIBLE)

    @property
    def worse(self) -> float:
        """The probability that the first model is worse by more than a negligible amount."""
        return Posterior(-self.mean, self.scale, self.freedom).above(NEGLIGIBLE)

    @property
    def equal(self) -> float:
        """The probability that the two are practically equal."""
        return max(0.0, 1.0 - self.better - self.worse)


def posterior(differences: Any, folds: int) -> Posterior:
    r"""The posterior of the mean difference of two models from their differences fold by fold.

    .. math:: μ \sim t_{k-1}\left(\bar d,\; \left(\tfrac1k + \tfrac{ρ}{1-ρ}\right) s²\right),\quad ρ = 1/folds

    The folds of a cross-validation share training rows, so that their differences are correlated; ρ is the share of
    the rows that a fold holds out. Without that correction the posterior is too narrow.

    Parameters
    ----------
    differences : (k,), one per fold and repetition, in units of the score
    folds : folds of one cross-validation

    Returns
    -------
    Posterior

    Examples
    --------
    >>> ahead = posterior([0.03, 0.05, 0.04, 0.02, 0.06], folds=5)
    >>> f"{ahead.better:.3f} {ahead.equal:.3f} {ahead.worse:.3f}"
    '0.976 0.019 0.005'

    References
    ----------
    Corani & Benavoli 2015, A Bayesian approach for comparing cross-validated algorithms on multiple data sets, Machine
    Learning 100:285; Benavoli, Corani, Demšar & Zaffalon 2017, Time for a change, JMLR 18(77):1.
    """
    d = np.asarray(differences, dtype=float)
    correlation = 1 / folds
    spread = float(d.std(ddof=1)) * math.sqrt(1 / d.size + correlation / (1 - correlation))
    return Posterior(round(float(d.mean()), 12), round(spread, 12), d.size - 1)  # 0.97 - 0.96 is not above 0.01
