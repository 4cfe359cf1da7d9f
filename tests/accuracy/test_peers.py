"""The peers compute the functions that they are named for."""

import subprocess
import sys

import numpy as np
import pytest

import nonlin
from nonlin.accuracy import peers
from nonlin.errors import InputError

TABLES = {"torch": peers.TORCH, "jax": peers.JAX, "scipy": peers.SCIPY, "numpy": peers.NUMPY}


@pytest.mark.parametrize("peer", peers.PEERS)
def test_they_are_the_same_functions(peer):
    if peer in ("torch", "jax"):
        pytest.importorskip(peer, reason="the peer is not installed")
    x = np.linspace(-6, 6, 49)[1:-1] + 0.01  # away from kinks
    for name in TABLES[peer]:
        call = peers.peer_calls(name, [peer])[peer]
        for dtype, tolerance in ((np.float64, 1e-7), (np.float32, 1e-5)):
            given = x.astype(dtype)
            for ours, theirs in zip(nonlin.get(name).value_and_derivative(given), call(given), strict=True):
                if theirs is not None:
                    assert theirs.dtype == dtype
                    np.testing.assert_allclose(theirs, ours, rtol=tolerance, atol=tolerance, err_msg=name)


def test_a_peer_without_the_function_is_left_out():
    assert peers.peer_calls("mish", ["scipy", "numpy"]) == {}


def test_a_package_that_is_missing(monkeypatch):
    monkeypatch.setattr(peers, "find_spec", lambda _: None)
    with pytest.raises(InputError) as caught:
        peers.check_peers(["torch"])
    assert str(caught.value) == "--against names 'torch', which is not installed: pip install torch, or leave it out"


def test_measuring_alone_imports_no_peer():
    code = "import sys, nonlin.accuracy.measure; print([m for m in ('torch', 'jax') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "[]\n"
