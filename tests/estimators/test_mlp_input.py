"""Input of any kind: sparse, read-only, mapped from a file, of the other precision."""

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_limits

import nonlin as nl

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
X, Y = load_digits(return_X_y=True)
X = X / 16


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
@pytest.mark.parametrize("container", [scipy.sparse.csr_array, scipy.sparse.csc_matrix])
def test_sparse_input_gives_the_same_model(container: Any, solver: str) -> None:
    options = {"solver": solver, "max_iter": 5, "random_state": 0, "early_stopping": solver == "adam"}
    dense = nl.MLPClassifier((10,), **options).fit(X, Y)
    sparse = nl.MLPClassifier((10,), **options).fit(container(X), Y)
    assert_allclose(sparse.coefs_[0], dense.coefs_[0], rtol=1e-7, atol=1e-9)
    assert_allclose(sparse.predict_proba(container(X)), dense.predict_proba(X), rtol=1e-6, atol=1e-9)
    assert_allclose(sparse.transform_hidden(container(X)), dense.transform_hidden(X), rtol=1e-6, atol=1e-9)


def test_a_sparse_matrix_is_never_written_out_whole() -> None:
    """300 MB, were it dense."""
    matrix = scipy.sparse.random_array((4000, 10_000), density=1e-4, format="csr", rng=np.random.default_rng(0))
    y = np.arange(4000) % 2
    model = nl.MLPClassifier((2,), max_iter=1, random_state=0).fit(matrix[:100], y[:100])
    tracemalloc.start()
    model.fit(matrix, y).predict(matrix)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6


def test_a_memory_map_is_neither_copied_nor_written_to(tmp_path: Path) -> None:
    rows = np.tile(X.astype(np.float32), (100, 1))  # 46 MB
    y = np.tile(Y, 100)
    np.save(tmp_path / "rows.npy", rows)
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")
    options = {"max_iter": 1, "random_state": 0, "batch_size": 200}
    plain = nl.MLPClassifier((4,), **options).fit(rows, y)
    tracemalloc.start()
    from_map = nl.MLPClassifier((4,), **options).fit(mapped, y)
    predicted = from_map.predict(mapped)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert_array_equal(from_map.coefs_[0], plain.coefs_[0])
    assert_array_equal(predicted, plain.predict(rows))
    assert peak < rows.nbytes


def test_read_only_input_stays_as_it_is() -> None:
    closed = X.copy()
    closed.flags.writeable = False
    model = nl.MLPClassifier((5,), max_iter=3, random_state=0).fit(closed, Y)
    assert_array_equal(model.predict(closed), model.predict(X))
    assert_array_equal(closed, X)


def test_the_other_precision_is_converted_for_prediction() -> None:
    model = nl.MLPClassifier((5,), max_iter=3, random_state=0).fit(X.astype(np.float32), Y)
    assert model.predict_proba(X).dtype == np.float32
    assert_allclose(model.predict_proba(X), model.predict_proba(X.astype(np.float32)), rtol=1e-6)


@pytest.mark.parametrize(("hidden", "batch"), [((64,), 200), ((128, 33), 77)])
def test_a_random_state_fixes_the_fit_whatever_the_number_of_threads(hidden: tuple[int, ...], batch: int) -> None:
    fits = []
    for threads in (1, 2, 4):
        with threadpool_limits(threads):
            fits.append(nl.MLPClassifier(hidden, batch_size=batch, max_iter=5, random_state=0).fit(X, Y))
    assert_array_equal(fits[0].coefs_[0], fits[1].coefs_[0])
    assert_array_equal(fits[0].coefs_[0], fits[2].coefs_[0])
