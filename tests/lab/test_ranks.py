"""Ranks, Friedman's test and Nemenyi's, beside hand-made figures and Demšar's example."""

import numpy as np
import pytest
from scipy import stats

from nonlin.lab.ranks import critical_difference, friedman, nemenyi, ranks

# Demšar 2006, table 6: AUC of C4.5, C4.5+m, C4.5+cf and C4.5+m+cf on 14 data sets. Of the two 0.975, the paper ranks
# the first ahead.
DEMSAR = np.array([
    [0.763, 0.768, 0.771, 0.798], [0.599, 0.591, 0.590, 0.569], [0.954, 0.971, 0.968, 0.967],
    [0.628, 0.661, 0.654, 0.657], [0.882, 0.888, 0.886, 0.898], [0.936, 0.931, 0.916, 0.931],
    [0.661, 0.668, 0.609, 0.685], [0.583, 0.583, 0.563, 0.625], [0.775, 0.838, 0.866, 0.875],
    [1.000, 1.000, 1.000, 1.000], [0.940, 0.962, 0.965, 0.962], [0.619, 0.666, 0.614, 0.669],
    [0.972, 0.981, 0.9751, 0.975], [0.957, 0.978, 0.946, 0.970],
])  # fmt: skip


def test_the_mean_ranks_and_the_critical_difference_of_the_paper():
    assert ranks(DEMSAR).mean(axis=0) == pytest.approx([3.143, 2.000, 2.893, 1.964], abs=5e-4)
    assert critical_difference(14, 4) == pytest.approx(1.25, abs=0.005)
    assert critical_difference(14, 4, 0.10) == pytest.approx(1.12, abs=0.005)


def test_friedmans_statistic_of_the_paper_but_for_the_ties():
    """The paper has 9.28 without the correction for ties, which divides by 1 - Σ(t³ - t)/(n (m³ - m))."""
    found = friedman(ranks(DEMSAR))
    mean = ranks(DEMSAR).mean(axis=0)
    plain = 12 * 14 / (4 * 5) * ((mean**2).sum() - 4 * 25 / 4)
    ties = sum((t**3 - t) for row in DEMSAR for t in np.unique(row, return_counts=True)[1])
    assert plain == pytest.approx(9.28, abs=0.005)
    assert found.statistic == pytest.approx(plain / (1 - ties / (14 * 60)), rel=1e-12)
    assert (found.freedom, found.p) == (3, pytest.approx(stats.chi2.sf(found.statistic, 3), rel=1e-12))


def test_nemenyis_p_crosses_5_per_cent_at_the_critical_difference():
    ranked = ranks(DEMSAR)
    p, names = nemenyi(ranked, ["a", "b", "c", "d"]), ["a", "b", "c", "d"]
    apart = np.abs(ranked.mean(axis=0)[:, None] - ranked.mean(axis=0))
    assert list(p.index) == list(p.columns) == names
    assert ((p.to_numpy() < 0.05) == (apart > critical_difference(14, 4))).all()
    q = apart[0, 3] / np.sqrt(4 * 5 / (6 * 14)) * np.sqrt(2)
    assert p.loc["a", "d"] == pytest.approx(stats.studentized_range.sf(q, 4, np.inf), rel=1e-9)


def test_models_that_always_tie_are_alike():
    assert friedman(np.full((3, 4), 2.5)).p == 1.0


def test_no_score_is_the_last_rank_and_two_without_share_it():
    assert ranks(np.array([[np.nan, 0.2, np.nan, -5.0]])).tolist() == [[3.5, 1.0, 3.5, 2.0]]
