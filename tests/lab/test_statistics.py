"""Intervals of cross-validated means."""

import math

import numpy as np
import pytest
from scipy import stats

from nonlin.lab.statistics import estimate


def test_the_corrected_interval_by_hand():
    values = [0.90, 0.92, 0.88, 0.91, 0.89]
    e = estimate(values, folds=5)
    half = stats.t.ppf(0.975, 4) * math.sqrt((1 / 5 + 1 / 4) * np.var(values, ddof=1))
    assert (e.mean, e.low, e.high) == pytest.approx((0.90, 0.90 - half, 0.90 + half))


def test_it_is_wider_than_the_interval_of_independent_folds():
    values = [0.90, 0.92, 0.88, 0.91, 0.89]
    plain = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    e = estimate(values, folds=5)
    assert e.low < plain[0]
    assert e.high > plain[1]


def test_one_value_has_no_interval():
    e = estimate([0.5], folds=5)
    assert e.mean == 0.5
    assert math.isnan(e.low)


def test_folds_without_spread_have_an_interval_of_no_width():
    assert str(estimate([0.5, 0.5, 0.5], folds=3)) == "0.500 (0.500 to 0.500)"
