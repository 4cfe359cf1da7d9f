"""The summary of a linear regression against certified values, SciPy and closed forms."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

import nonlin as nl
from nonlin.errors import InputError

# NIST Statistical Reference Datasets, Longley (1967): certified to 15 figures
LONGLEY = np.array([
    [83.0, 234289, 2356, 1590, 107608, 1947], [88.5, 259426, 2325, 1456, 108632, 1948],
    [88.2, 258054, 3682, 1616, 109773, 1949], [89.5, 284599, 3351, 1650, 110929, 1950],
    [96.2, 328975, 2099, 3099, 112075, 1951], [98.1, 346999, 1932, 3594, 113270, 1952],
    [99.0, 365385, 1870, 3547, 115094, 1953], [100.0, 363112, 3578, 3350, 116219, 1954],
    [101.2, 397469, 2904, 3048, 117388, 1955], [104.6, 419180, 2822, 2857, 118734, 1956],
    [108.4, 442769, 2936, 2798, 120445, 1957], [110.8, 444546, 4681, 2637, 121950, 1958],
    [112.6, 482704, 3813, 2552, 123366, 1959], [114.2, 502601, 3931, 2514, 125368, 1960],
    [115.7, 518173, 4806, 2572, 127852, 1961], [116.9, 554894, 4007, 2827, 130081, 1962],
])  # fmt: skip
EMPLOYED = np.array([
    60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551.0
])  # fmt: skip
CERTIFIED = [
    (-3482258.63459582, 890420.383607373), (15.0618722713733, 84.9149257747669),
    (-0.358191792925910e-01, 0.334910077722432e-01), (-2.02022980381683, 0.488399681651699),
    (-1.03322686717359, 0.214274163161675), (-0.511041056535807e-01, 0.226073200069370),
    (1829.15146461355, 455.478499142212),
]  # fmt: skip


def test_longley_as_certified() -> None:
    summary = nl.LinearRegression().fit(LONGLEY, EMPLOYED).summary()
    assert_allclose(summary.table[["coefficient", "standard error"]], CERTIFIED, rtol=1e-10)
    assert summary.residual_standard_error == pytest.approx(304.854073561965, rel=1e-11)
    assert summary.r2 == pytest.approx(0.995479004577296, rel=1e-13)
    assert summary.f == pytest.approx(330.285339234588, rel=1e-11)
    assert (summary.degrees, summary.rows) == ((6, 9), 16)


def test_one_input_as_scipy() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=40)
    y = 0.4 * x + rng.normal(size=40)
    summary, theirs = nl.LinearRegression().fit(x[:, None], y).summary(level=0.9), stats.linregress(x, y)
    bias, slope = summary.table.to_numpy()
    assert_allclose(bias[:2], [theirs.intercept, theirs.intercept_stderr], rtol=1e-10)
    assert_allclose(slope[[0, 1, 3]], [theirs.slope, theirs.stderr, theirs.pvalue], rtol=1e-10)
    half = stats.t(38).ppf(0.95) * theirs.stderr
    assert_allclose(slope[4:], [theirs.slope - half, theirs.slope + half], rtol=1e-10)
    assert summary.r2 == pytest.approx(theirs.rvalue**2)
    assert summary.f_p == pytest.approx(theirs.pvalue)


def test_weights_as_the_closed_form() -> None:
    """Cov w = σ² (AᵀΩA)⁻¹ with σ² = Σ ω e²/(n - p), rows of weight 0 left out."""
    rng = np.random.default_rng(1)
    X, weights = rng.normal(size=(30, 2)), np.append(rng.uniform(0.5, 2, 25), np.zeros(5))
    y = X @ [1, 2] + rng.normal(size=30)
    model = nl.LinearRegression().fit(X, y, weights)
    A = np.column_stack([np.ones(30), X])
    inverse = np.linalg.inv(A.T @ (weights[:, None] * A))
    variance = weights @ model.vertical_offsets_**2 / 22
    summary = model.summary()
    assert summary.rows == 25
    assert_allclose(summary.table["standard error"], np.sqrt(variance * np.diag(inverse)), rtol=1e-10)


def test_without_a_bias_the_variation_is_around_0() -> None:
    x, y = np.array([1.0, 2, 3, 4]), np.array([2.0, 3, 7, 8])
    summary = nl.LinearRegression(fit_intercept=False).fit(x[:, None], y).summary()
    w = x @ y / (x @ x)
    residual = ((y - w * x) ** 2).sum()
    assert list(summary.table.index) == ["x0"]
    assert summary.r2 == pytest.approx(1 - residual / (y @ y))
    assert summary.table["standard error"].item() == pytest.approx(np.sqrt(residual / 3 / (x @ x)))


def test_prints_a_table_with_the_names_of_the_columns() -> None:
    table = pd.DataFrame({"age": [1.0, 2, 3, 4], "size": [2.0, 1, 4, 4.5]})
    summary = nl.LinearRegression().fit(table, [1.0, 2, 4, 5]).summary()
    assert str(summary).splitlines()[0].split() == [
        "coefficient",
        "standard",
        "error",
        "t",
        "p",
        "2.5",
        "%",
        "97.5",
        "%",
    ]
    assert [line.split("  ")[0].strip() for line in str(summary).splitlines()[1:4]] == ["bias", "age", "size"]
    assert len({len(line) for line in str(summary).splitlines()[:4]}) == 1


def test_weights_that_the_rows_do_not_determine() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 20))
    model = nl.LinearRegression().fit(np.column_stack([a, b, a]), a + b + rng.normal(size=20))
    summary = model.summary()
    alone = nl.LinearRegression().fit(np.column_stack([a, b]), model.predict(np.column_stack([a, b, a])))
    assert summary.table["standard error"].isna().tolist() == [False, True, False, True]
    assert summary.table["coefficient"].iloc[2] == pytest.approx(alone.coef_[1])
    assert summary.degrees == (2, 17)
    assert "\nnan: not determined by these rows\n" in str(summary)


def test_no_row_left_over() -> None:
    summary = nl.LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0]).summary()
    assert summary.degrees == (1, 0)
    assert summary.table.iloc[:, 1:].isna().all(axis=None)
    assert summary.r2 == 1


def test_several_targets() -> None:
    targets = np.column_stack([EMPLOYED, EMPLOYED[::-1]])
    model = nl.LinearRegression().fit(LONGLEY, targets)
    for output in (0, 1):
        alone = nl.LinearRegression().fit(LONGLEY, targets[:, output])
        assert_allclose(model.summary(output).table, alone.summary().table, rtol=1e-7)
        bounds = alone.prediction_interval(LONGLEY)
        assert_allclose([side[:, output] for side in model.prediction_interval(LONGLEY)], bounds, rtol=1e-7)
    with pytest.raises(InputError) as caught:
        model.summary(2)
    assert str(caught.value) == "output must be below the number of targets, 2, got 2"


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_prediction_intervals_hold_what_they_promise(level: float) -> None:
    rng, hits = np.random.default_rng(0), []
    for _ in range(400):
        X = rng.normal(size=(12, 3))
        y = X.sum(axis=1) + rng.normal(size=12)
        low, high = nl.LinearRegression().fit(X[:8], y[:8]).prediction_interval(X[8:], level)
        hits.append(((low <= y[8:]) & (y[8:] <= high)).mean())
    assert np.mean(hits) == pytest.approx(level, abs=3 * np.std(hits) / 20)
