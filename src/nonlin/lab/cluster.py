"""The fits and diagnoses of a study on a Dask cluster; what a worker was at when it died, others do."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from nonlin.data import Table
from nonlin.errors import ClusterError
from nonlin.lab.fitting import Fit, Fold, prepare, splits
from nonlin.lab.keys import versions
from nonlin.lab.plan import Plan, Trial
from nonlin.lab.probing import Diagnosis
from nonlin.lab.runner import Do, Progress
from nonlin.lab.store import Store

REACH_SECONDS = 10
_ROUNDS = 3


def run_on_cluster(
    table: Table, plan: Plan, work: dict[str, Trial], name: str, store: Store, address: str, progress: Progress, do: Do
) -> None:
    """Do the fits of a study, or its diagnoses, that the store lacks on the workers of a Dask cluster.

    The table goes to every worker once, and each fold is prepared once. This process puts the results into the store as
    they come, so the workers need not reach it. Dask does the fits of a dead worker elsewhere, unless a fit
    outlives more workers than its setting ``allowed-failures``; what is then missing is sent again, in up to three
    rounds.

    Parameters
    ----------
    work : the fits, or the diagnoses, by their keys
    name : what the store calls them
    address : of the scheduler, such as tcp://10.0.0.1:8786
    do : what a worker does with a trial on a prepared fold

    Raises
    ------
    ClusterError
        Dask is not installed, the cluster cannot be reached, has other versions, or lost its workers again and again.
    """
    with _client(address) as client:
        _check_versions(client, address)
        for _ in range(_ROUNDS):
            missing = {key: work[key] for key in reversed(store.unfinished(name))}
            if not missing:
                return
            for key, found in _results(client, table, plan, missing, do):
                store.put(key, found)
                progress(store.done(name), len(work), f"{found.candidate}, fold {found.fold + 1}")
    if left := len(store.unfinished(name)):
        raise ClusterError(
            f"the cluster {address!r} lost its workers and left {left} of {len(work)} fits undone; look at its logs "
            "and run the same command again: the finished fits are kept in the store"
        )


def _client(address: str) -> Any:
    try:
        from distributed import Client
        from distributed.comm import get_address_host_port
    except ImportError:
        raise ClusterError("--cluster needs dask.distributed; pip install 'nonlin[cluster]'") from None
    try:
        get_address_host_port(address)  # a client that is given no address at all would hang when it is left
        return Client(address, timeout=REACH_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split()) or "no answer"
        raise ClusterError(
            f"cannot reach the cluster {address!r} within {REACH_SECONDS} s: {reason}; give the address that "
            "'dask scheduler' prints, such as tcp://10.0.0.1:8786"
        ) from None


def _check_versions(client: Any, address: str) -> None:
    """Refuse workers whose libraries would give other figures under the same key."""
    own = versions()
    for worker, theirs in client.run(versions).items():
        for name, version in own.items():
            if theirs[name] != version:
                raise ClusterError(
                    f"worker {worker} of the cluster {address!r} has {name} {theirs[name]}, and this process "
                    f"{version}; install the same versions on both"
                )


def _results(client: Any, table: Table, plan: Plan, work: dict[str, Trial], do: Do) -> Any:
    """What is finished, as it comes; what the cluster lost is left out, and errors of the work are raised last."""
    from distributed import as_completed

    (shared,) = client.scatter([(table, plan)], broadcast=True, hash=False)
    folds = {i: client.submit(_prepared, shared, i, pure=False) for i in sorted({t.fold for t in work.values()})}
    futures = {
        client.submit(_done, do, trial, folds[trial.fold], shared, key=f"nonlin-{key}", pure=False): key
        for key, trial in work.items()
    }
    del folds  # the cluster keeps them as long as they are needed
    errors = []
    for future in as_completed(futures, loop=client.loop):
        if future.status == "finished":
            yield futures[future], future.result()
        elif future.status == "error" and not _is_loss(future.exception()):
            errors.append(future.exception())
        future.release()
    if errors:
        raise errors[0]


def _is_loss(error: BaseException) -> bool:
    from distributed import KilledWorker

    return isinstance(error, KilledWorker)


@cache
def _settle() -> None:
    """Settle a worker once, as `known_warnings_off` and the runner's limits do here; bits depend on BLAS's threads."""
    threadpool_limits(1, "blas")
    warnings.simplefilter("ignore", ConvergenceWarning)
    warnings.filterwarnings("ignore", message="The least populated class")


def _prepared(shared: tuple[Table, Plan], index: int) -> Fold:
    _settle()
    table, plan = shared
    rows = list(splits(table, plan))[index]
    return prepare(table, index, *rows)


def _done(do: Do, trial: Trial, fold: Fold, shared: tuple[Table, Plan]) -> Fit | Diagnosis:
    _settle()
    table, plan = shared
    return do(trial, fold, table.task, plan)
