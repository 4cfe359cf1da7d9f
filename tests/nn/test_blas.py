"""The number of BLAS threads: one where products are small, and as before afterwards."""

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from nonlin.nn.blas import few_threads


def threads():
    np.ones((2, 2)) @ np.ones((2, 2))
    return {lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def _two_threads():
    with threadpool_limits(2, "blas"):
        yield


def test_small_products_have_one_thread_and_large_ones_all():
    with few_threads(2**20):
        assert threads() == {1}
    assert threads() == {2}
    with few_threads(2**30):
        assert threads() == {2}


def test_they_are_given_back_after_an_error():
    with pytest.raises(ZeroDivisionError), few_threads(1):
        1 / 0  # noqa: B018
    assert threads() == {2}


def test_who_comes_in_second_changes_nothing():
    def work():
        with few_threads(1):
            pass

    with few_threads(1):
        other = threading.Thread(target=work)
        other.start()
        other.join()
        with few_threads(1):
            assert threads() == {1}
        assert threads() == {1}
    assert threads() == {2}
