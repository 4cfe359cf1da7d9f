"""The study on a Dask cluster of this machine: a dead worker changes nothing, and every refusal is one line."""

import os
import signal
import sys

import pytest

import nonlin as nl
from nonlin.errors import ClusterError

OPTIONS = {"activations": ["tanh"], "hidden": 10, "budget": "quick"}


def refusal(address):
    with pytest.raises(ClusterError) as refused:
        nl.study("xor", **OPTIONS, cluster=address)
    return str(refused.value)


def test_without_dask_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert refusal("tcp://127.0.0.1:1") == "--cluster needs dask.distributed; pip install 'nonlin[cluster]'"


@pytest.mark.filterwarnings("default::DeprecationWarning")
def test_an_address_that_is_none():
    assert refusal("somewhere") == (
        "cannot reach the cluster 'somewhere' within 10 s: missing port number in address 'somewhere'; give the address "
        "that 'dask scheduler' prints, such as tcp://10.0.0.1:8786"
    )


@pytest.mark.long
@pytest.mark.filterwarnings("default")  # what Dask and Tornado warn of is theirs
def test_a_worker_killed_in_the_middle_changes_nothing(tmp_path):
    from distributed import LocalCluster

    alone = nl.study("xor", **OPTIONS)
    seen = []
    with LocalCluster(2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:

        def kill_one(done, *_):
            seen.append(done)
            if len(seen) == 5:
                os.kill(cluster.workers[0].pid, signal.SIGKILL)

        store = tmp_path / "s.db"
        study = nl.study("xor", **OPTIONS, cluster=cluster.scheduler_address, store=store, progress=kill_one)
    assert seen == list(range(1, 29))  # 25 fits, and 3 looks inside networks
    assert study.leaderboard.equals(alone.leaderboard)
    assert repr(study.diagnoses) == repr(alone.diagnoses)
    assert nl.study("xor", **OPTIONS, store=store).leaderboard.equals(alone.leaderboard)


@pytest.mark.long
@pytest.mark.filterwarnings("default")
def test_a_cluster_that_does_not_answer():
    assert refusal("tcp://127.0.0.1:1") == (
        "cannot reach the cluster 'tcp://127.0.0.1:1' within 10 s: Timed out trying to connect to tcp://127.0.0.1:1 after "
        "10 s; give the address that 'dask scheduler' prints, such as tcp://10.0.0.1:8786"
    )
