"""The correlated Bayesian t test beside closed forms, integration, and the package of its authors."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from nonlin.lab.bayes import Posterior, posterior
from nonlin.lab.statistics import estimate

DIFFERENCES = [0.03, 0.05, 0.04, 0.02, 0.06]


def test_the_posterior_by_hand():
    p = posterior(DIFFERENCES, folds=5)
    assert (p.mean, p.freedom) == (0.04, 4)
    assert p.scale == pytest.approx(math.sqrt((1 / 5 + 0.2 / 0.8) * 0.00025), rel=1e-9)


def test_the_probabilities_are_those_of_baycomp():
    """baycomp 1.0.3: CorrelatedTTest.probs(DIFFERENCES, zeros, rope=0.01, runs=1)."""
    p = posterior(DIFFERENCES, folds=5)
    expected = (0.9762896722078401, 0.019104295898460966, 0.004606031893698903)
    assert (p.better, p.equal, p.worse) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("folds", "repeats"), [(5, 1), (5, 10), (10, 2)])
def test_the_probabilities_are_areas_under_the_density(folds, repeats):
    d = np.random.default_rng(folds * repeats).normal(0.01, 0.02, folds * repeats)
    p = posterior(d, folds)
    scale = math.sqrt((1 / d.size + 1 / (folds - 1)) * d.var(ddof=1))

    def density(x):
        t = (x - d.mean()) / scale
        v = d.size - 1
        size = math.gamma((v + 1) / 2) / (math.sqrt(v * math.pi) * math.gamma(v / 2))
        return size * (1 + t * t / v) ** (-(v + 1) / 2) / scale

    parts = [integrate.quad(density, *ends)[0] for ends in ((0.01, np.inf), (-0.01, 0.01), (-np.inf, -0.01))]
    assert (p.better, p.equal, p.worse) == pytest.approx(parts, abs=1e-8)


def test_with_three_values_the_distribution_has_a_closed_form():
    p = Posterior(0.03, 0.02, 2)
    t = (0.01 - 0.03) / 0.02
    assert p.better == pytest.approx(0.5 - t / (2 * math.sqrt(2 + t * t)), rel=1e-12)


@pytest.mark.parametrize(
    ("difference", "expected"),
    [(0.0, (0, 1, 0)), (0.02, (1, 0, 0)), (-0.02, (0, 0, 1)), (0.97 - 0.96, (0, 1, 0)), (0.96 - 0.97, (0, 1, 0))],
)
def test_folds_that_agree_leave_no_doubt_and_the_bound_itself_is_negligible(difference, expected):
    p = posterior([difference] * 5, folds=5)
    assert (p.better, p.equal, p.worse) == expected


def test_turning_the_difference_round_swaps_better_and_worse():
    p, q = posterior(DIFFERENCES, 5), posterior([-d for d in DIFFERENCES], 5)
    assert (p.better, p.equal, p.worse) == pytest.approx((q.worse, q.equal, q.better), abs=1e-15)


def test_its_central_interval_is_the_interval_of_the_leaderboard():
    p, e = posterior(DIFFERENCES, 5), estimate(DIFFERENCES, 5)
    ends = stats.t.interval(0.95, p.freedom, p.mean, p.scale)
    assert (e.low, e.high) == pytest.approx(ends, rel=1e-9)
