"""The losses of regressors: what each of them estimates."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nonlin as nl

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
RNG = np.random.default_rng(0)
NOTHING = np.zeros((400, 1))
SKEWED = RNG.exponential(size=400)


def constant(loss: str, y: np.ndarray, **options: float) -> float:
    """The prediction where the inputs say nothing."""
    model = nl.MLPRegressor(loss, (), batch_size=400, learning_rate="cosine", learning_rate_init=0.05, max_iter=2000,
        n_iter_no_change=np.inf, random_state=0, **options,
    )  # fmt: skip
    return float(model.fit(NOTHING, y).predict(NOTHING[:1])[0])


@pytest.mark.parametrize("q", [0.05, 0.5, 0.9])
def test_the_quantile_loss_gives_the_quantile(q: float) -> None:
    assert (constant("quantile", SKEWED, quantile=q) > SKEWED).mean() == pytest.approx(q, abs=0.006)


def test_the_absolute_error_gives_the_median_and_the_squared_one_the_mean() -> None:
    assert constant("absolute_error", SKEWED) == pytest.approx(np.median(SKEWED), abs=0.01)
    assert constant("squared_error", SKEWED) == pytest.approx(SKEWED.mean(), abs=1e-4)


def test_huber_is_between_them() -> None:
    found = constant("huber", SKEWED, huber_delta=0.5)
    assert np.median(SKEWED) < found < SKEWED.mean()
    assert np.clip(found - SKEWED, -0.5, 0.5).mean() == pytest.approx(0.0, abs=1e-4)
    assert constant("huber", SKEWED, huber_delta=100.0) == pytest.approx(SKEWED.mean(), abs=1e-4)


def test_poisson_gives_the_mean_of_counts_and_never_less_than_zero() -> None:
    counts = RNG.poisson(0.3, size=400)
    assert constant("poisson", counts) == pytest.approx(counts.mean(), rel=1e-3)
    X = RNG.normal(size=(400, 1))
    model = nl.MLPRegressor("poisson", (10,), solver="lbfgs", random_state=0).fit(X, RNG.poisson(np.exp(X[:, 0])))
    assert model.out_activation_ == "exp"
    assert (model.predict(10 * X) >= 0).all()
    assert_allclose(model.predict(X), np.exp(model.net_input(X)[:, 0]), rtol=1e-12)


def test_two_quantiles_make_an_interval() -> None:
    """The noise grows with x, and so does the interval."""
    x = RNG.uniform(0, 1, size=4000)
    y = np.sin(4 * x) + x * RNG.normal(size=4000)
    low, high = (
        nl.MLPRegressor("quantile", (30,), "tanh", quantile=q, learning_rate="cosine", max_iter=150, random_state=0)
        .fit(x[:2000, None], y[:2000]).predict(x[2000:, None])
        for q in (0.05, 0.95)
    )  # fmt: skip
    inside = (low < y[2000:]) & (y[2000:] < high)
    assert inside.mean() == pytest.approx(0.9, abs=0.04)
    width = high - low
    assert width[x[2000:] > 0.8].mean() > 3 * width[x[2000:] < 0.2].mean()


def test_columns_are_predicted_together() -> None:
    Y = np.stack([SKEWED, 2 * SKEWED], axis=1)
    X = RNG.normal(size=(400, 2))
    for loss in ("absolute_error", "huber", "poisson"):
        assert nl.MLPRegressor(loss, (4,), max_iter=5, random_state=0).fit(X, Y).predict(X).shape == (400, 2)
