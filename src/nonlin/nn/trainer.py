"""Training: the epoch loop with its stopping rules.

The compiled code runs whole epochs; Python decides between them.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from nonlin.errors import NonlinError
from nonlin.nn.layout import Array
from nonlin.nn.recipe import Data, Recipe, Record, Training, Watched
from nonlin.nn.schedules import learning_rates
from nonlin.nn.steps import Steps, judge

ROWS_AT_ONCE = 2**16  # go through compiled code between two looks from Python, so that Ctrl-C is heard


class DivergenceError(NonlinError, ValueError):
    """The parameters became infinite or NaN."""


def run_epochs(
    training: Training,
    data: Data,
    recipe: Recipe,
    rng: np.random.RandomState,
    evaluate: Callable[[Array], Record] | None = None,
    watched: Watched | None = None,
    before_epoch: Callable[[], None] | None = None,
    after_epoch: Callable[[Record], Any] | None = None,
    rows: Array | None = None,
    epochs: int | None = None,
) -> None:
    """Run epochs of mini-batches until a stopping rule holds or ``max_iter`` is reached.

    The training loss must fall by ``tol`` within ``n_iter_no_change`` epochs; with ``early_stopping`` the
    "validation_score" (higher is better) must rise by ``tol``, and the best parameters are restored.

    Parameters
    ----------
    evaluate : a function of the parameters; what it returns joins the record of an epoch
    watched : instead of it, with ``early_stopping``, rows whose loss the compiled code measures itself; the score is
        minus the loss
    before_epoch : is called before each
    after_epoch : is given that record; training stops where it returns True
    rows : the indices of the rows to train on, default all
    epochs : how many to run, default ``max_iter``, of which a warning says that they did not suffice

    Raises
    ------
    DivergenceError
        A parameter is no longer finite; found at the end of the epoch in which it happens. With ``early_stopping``
        the best parameters are restored before.
    """
    order = np.arange(data.X.shape[0]) if rows is None else rows.astype(np.int64)
    if recipe.early_stopping:
        training.best_theta = training.theta.copy()
    steps = Steps(training, data, order, recipe, rng, watched)
    done, most = 0, recipe.max_iter if epochs is None else epochs
    alone = evaluate is not None or before_epoch or after_epoch or recipe.learning_rate == "adaptive"
    at_once = 1 if alone else max(1, ROWS_AT_ONCE // len(order))
    try:
        while done < most:
            if before_epoch is not None:
                before_epoch()
            count = min(at_once, most - done)
            epoch = training.earlier + len(training.records)
            fresh = steps.run_epochs(learning_rates(recipe, training.rate, epoch, count, training.samples, len(order)))
            done += len(fresh)
            training.records += fresh
            training.samples += len(order) * len(fresh)
            if evaluate is not None:
                fresh[-1].update(evaluate(training.theta))
            if recipe.early_stopping and watched is None:
                judge(training, fresh[-1]["validation_score"])
            if not math.isfinite(fresh[-1]["loss"]):
                raise DivergenceError(diverged(f"in epoch {fresh[-1]['epoch']}"))
            asked_to_stop = after_epoch is not None and after_epoch(fresh[-1]) is True
            if asked_to_stop or (training.is_stale and not _slow_down(training, recipe)):
                break
        else:
            if epochs is None:
                warnings.warn(not_converged(most), ConvergenceWarning, stacklevel=7)  # fit's caller
    finally:
        if training.best_theta is not None:
            training.theta[:] = training.best_theta


def diverged(when: str) -> str:
    """What a :class:`DivergenceError` says."""
    return (
        f"training diverged {when}. Solver produced non-finite parameter weights. The input data may contain large "
        "values and need to be preprocessed; lower learning_rate_init or scale the inputs"
    )


def _slow_down(training: Training, recipe: Recipe) -> bool:
    """With the adaptive rate of "sgd", divide it by five and go on, down to 1e-6."""
    if recipe.learning_rate != "adaptive" or recipe.solver != "sgd" or training.rate <= 1e-6:
        return False
    training.rate /= 5.0
    training.watch[1] = 0
    return True


def not_converged(max_iter: int) -> str:
    """What a ConvergenceWarning says."""
    return f"the maximum of {max_iter} iterations was reached and training has not converged; raise max_iter"
