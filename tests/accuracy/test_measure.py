"""Kernels that are known to be wrong are caught, where they are wrong; right ones pass."""

import numpy as np
import pytest
import scipy.special as special

import nonlin
from nonlin.accuracy import measure as room
from nonlin.accuracy.batch import Job, measure_all
from nonlin.accuracy.measure import PRECISIONS, Truth, kernel_results, measure
from nonlin.errors import InputError

DOUBLE, SINGLE, FAST = PRECISIONS


def test_what_is_promised():
    promised = {p.name: (p.bound, p.of_terms, p.reach) for p in PRECISIONS}
    assert promised == {
        "float64": (4.0, True, np.inf), "float32": (1.0, False, np.inf), "fast": (4.0, True, 80.0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wrong", "at"),
    [
        ("gelu", lambda x: x / 2 * (1 + special.erf(x / np.sqrt(2))), -8.0),  # the tail cancels
        ("tanh_shrink", lambda x: x - np.tanh(x), 1e-4),
        ("softplus", lambda x: np.where(x > 20, x, np.log1p(np.exp(np.minimum(x, 20)))), 21.6),
        ("elu", lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1), -1e-8),
        ("squareplus", lambda x: (x + np.sqrt(x * x + 4)) / 2, -1e8),
        ("silu", lambda x: x * np.float64(1) / (1 + np.exp(np.minimum(-x, 709))), -745.0),
        ("relu", lambda x: np.where(np.isnan(x) | (x <= 0), 0, x + np.spacing(x) * 5), 3.0),
    ],
)
def test_a_wrong_function_is_caught(name, wrong, at):
    a, x = nonlin.get(name), np.array([at])
    truth = Truth(a, x)
    assert truth.errors(wrong(x), 0, DOUBLE)[0] > DOUBLE.bound
    assert truth.errors(a(x), 0, DOUBLE)[0] <= DOUBLE.bound


def test_one_unit_in_one_place_shows_in_the_row(monkeypatch):
    def wrong(activation, variant, x):
        value, slope = kernel_results(activation, variant, x)
        if variant == "float32":
            value[x == 3.0] = np.nextafter(np.nextafter(value[x == 3.0], np.float32(9)), np.float32(9))
            slope[x == -0.5] = np.nan
        return value, slope

    right = {row.precision: row for row in measure(nonlin.get("silu"), 100)}
    monkeypatch.setattr(room, "kernel_results", wrong)
    rows = {row.precision: row for row in measure(nonlin.get("silu"), 100)}
    assert [row.passes for row in rows.values()] == [True, False, True]
    assert (rows["float32"].value.at, rows["float32"].derivative.at) == (3.0, -0.5)
    assert 1.5 <= rows["float32"].value.ulps <= 2.5
    assert rows["float32"].derivative.ulps == np.inf
    assert (rows["float64"], rows["fast"]) == (right["float64"], right["fast"])


@pytest.mark.parametrize("end", [np.nan, -np.inf, np.inf])
def test_a_wrong_end_shows_in_the_row(monkeypatch, end):
    def wrong(activation, variant, x):
        value, slope = kernel_results(activation, variant, x)
        return np.where((x == end) | (np.isnan(x) & np.isnan(end)), x.dtype.type(7), value), slope

    monkeypatch.setattr(room, "kernel_results", wrong)
    double, single, fast = measure(nonlin.get("tanh"), 10)
    for row in (double, single):
        assert not row.passes
        assert row.value.ulps > 1e6
        assert repr(row.value.at) == repr(float(end))
    assert fast.passes == np.isinf(end)  # in training z is finite, or NaN


def test_where_terms_cancel_the_unit_is_theirs():
    a = nonlin.Activation("(z - 3)*(z + 1)")
    x = np.array([np.nextafter(3.0, 4.0)])
    truth = Truth(a, x)
    off = a(x) + 3 * np.spacing(24.0)  # the terms are (3 + 3)(3 + 1)
    assert truth.errors(off, 0, DOUBLE)[0] == pytest.approx(3, abs=0.1)
    of_the_value = DOUBLE._replace(of_terms=False)
    assert truth.errors(off, 0, of_the_value)[0] == 0  # what double precision may miss is taken off
    assert truth.errors(off + 5 * np.spacing(24.0), 0, of_the_value)[0] > 1e15


def test_only_what_a_subnormal_factor_costs_is_taken_off():
    a, x = nonlin.Activation("z*exp(z)"), np.array([-740.0])
    truth, smallest = Truth(a, x), 5e-324
    nearest = float(truth.values[0][0])
    assert truth.errors(np.array([nearest + 500 * smallest]), 0, DOUBLE)[0] <= DOUBLE.bound
    assert truth.errors(np.array([nearest + 750 * smallest]), 0, DOUBLE)[0] == pytest.approx(10, abs=1)
    of_the_value = DOUBLE._replace(of_terms=False)
    assert truth.errors(np.array([nearest + 500 * smallest]), 0, of_the_value)[0] == pytest.approx(500 - 4, abs=1)


def test_the_worst_parameters_are_named():
    row = next(r for r in measure(nonlin.get("leaky_relu"), 200) if r.precision == "fast")
    assert row.value.params == (("alpha", 0.01),)  # 0.25 and 2 are exact
    assert row.passes


def test_peers_are_measured_at_the_same_points_without_a_bound():
    rows = measure(nonlin.get("tanh"), 200, against=("numpy", "scipy"))
    assert [(r.contender, r.precision) for r in rows] == [
        ("nonlin", "float64"), ("nonlin", "float32"), ("nonlin", "fast"), ("numpy", "float64"), ("numpy", "float32"),
    ]  # fmt: skip
    peer = rows[3]
    assert (peer.bound, peer.derivative, peer.passes) == (None, None, True)
    assert 0.5 < peer.value.ulps < 4


def test_processes_measure_what_one_process_measures():
    jobs = [Job(name, 50, 1, ()) for name in ("relu", "z*tanh(z)", "elu")]
    assert list(measure_all(jobs, processes=2)) == list(measure_all(jobs, processes=1))


def test_many_points_are_measured_in_pieces(monkeypatch):
    whole = measure(nonlin.get("silu"), 300)
    monkeypatch.setattr(room, "PIECE", 50)
    assert measure(nonlin.get("silu"), 300) == whole


def test_the_measurement_repeats():
    assert measure(nonlin.get("mish"), 100, seed=2) == measure(nonlin.get("mish"), 100, seed=2)


def test_an_unknown_peer():
    from nonlin.accuracy.peers import check_peers

    with pytest.raises(InputError) as caught:
        check_peers(["scipy", "tensorflow"])
    assert str(caught.value) == (
        "--against must be packages out of torch, jax, scipy, numpy, separated by commas, got 'tensorflow'"
    )
