"""Large arrays in parts: every number once, whatever the layout, and errors and forks are survived."""

import os
import subprocess
import sys

import numpy as np
import pytest

from nonlin.backends import threads

LAYOUTS = {
    "C": np.zeros((40, 50)), "Fortran": np.zeros((40, 50), order="F"), "flat": np.zeros(1001), "strided": np.zeros(99)[::3],
    "backwards": np.zeros((7, 9))[::-1], "short first axis": np.zeros((2, 500)), "few": np.zeros(3), "none": np.zeros(0),
    "broadcast": np.broadcast_to(np.zeros(4), (50, 4)), "a single one": np.zeros((1, 1, 1)),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_number_is_visited_once(monkeypatch, layout, count):
    monkeypatch.setattr(threads, "threads", lambda: count)
    like = LAYOUTS[layout]
    x, visits = np.arange(like.size).reshape(like.shape), np.zeros(like.shape, int)

    def work(part, seen):
        np.add(seen, part, out=seen)

    threads.in_parts(work, (x, visits))
    np.testing.assert_array_equal(visits, x)


@pytest.mark.parametrize(("order", "contiguous"), [("C", "C_CONTIGUOUS"), ("F", "F_CONTIGUOUS")])
def test_parts_lie_together(monkeypatch, order, contiguous):
    monkeypatch.setattr(threads, "threads", lambda: 2)
    parts = []
    threads.in_parts(parts.append, (np.zeros((64, 65), order=order),))
    assert len(parts) == 4
    assert all(part.flags[contiguous] for part in parts)


@pytest.mark.parametrize("count", [1, 3])
def test_an_error_comes_through(monkeypatch, count):
    monkeypatch.setattr(threads, "threads", lambda: count)

    def work(part):
        if 90 in part:
            raise ZeroDivisionError("ninety")

    with pytest.raises(ZeroDivisionError, match="ninety"):
        threads.in_parts(work, (np.arange(100).repeat(4),))


@pytest.mark.parametrize(
    ("variables", "most"), [({}, os.cpu_count()), ({"OMP_NUM_THREADS": "1"}, 1), ({"NUMBA_NUM_THREADS": "1"}, 1), ({"OMP_NUM_THREADS": "many"}, os.cpu_count())]
)  # fmt: skip
def test_the_environment_limits_the_threads(variables, most):
    limits = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
    environment = {name: value for name, value in os.environ.items() if name not in limits} | variables
    code = "from nonlin.backends.threads import threads; print(threads())"
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert 1 <= int(done.stdout) <= most


FORKED = """
import os, numpy as np
from nonlin.backends import threads
threads.threads = lambda: 2
def work(x):
    x += 1
x = np.zeros(100)
threads.in_parts(work, (x,))
if os.fork() == 0:
    threads.in_parts(work, (x,))
    os._exit(0 if (x == 2).all() else 1)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_has_threads_of_its_own():
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", FORKED], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "0\n"
