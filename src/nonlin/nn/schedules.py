"""The schedules of the learning rate, as factors of ``learning_rate_init``.

A schedule is a function of the time in epochs, of the samples seen when the epoch began, and of the recipe; it takes
arrays. Within an epoch the rate goes straight from the factor at its start to that at its end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from nonlin.nn.layout import Array

if TYPE_CHECKING:
    from nonlin.nn.recipe import Recipe

_RISE, _FIRST, _LAST = 0.3, 1 / 25, 1e-4  # of one_cycle: the share of its time that it rises, and its ends


def _constant(time: Array, samples: Array, recipe: Recipe) -> Array:  # noqa: ARG001 - all are called alike
    return np.ones_like(time)


def _inverse_scaling(time: Array, samples: Array, recipe: Recipe) -> Array:  # noqa: ARG001
    return np.asarray((samples + 1.0) ** -recipe.power_t)


def _cosine(time: Array, samples: Array, recipe: Recipe) -> Array:  # noqa: ARG001
    """Half a wave from 1 to 0 (Loshchilov & Hutter 2017, arXiv:1608.03983, without restarts)."""
    return _wave(1.0, 0.0, time / recipe.max_iter)


def _one_cycle(time: Array, samples: Array, recipe: Recipe) -> Array:  # noqa: ARG001
    """Up from 1/25 to 1 and down to 1/10,000 (Smith & Topin 2018, arXiv:1708.07120)."""
    progress = time / recipe.max_iter
    up, down = _wave(_FIRST, 1.0, progress / _RISE), _wave(1.0, _LAST, (progress - _RISE) / (1 - _RISE))
    return np.where(progress < _RISE, up, down)


def _wave(begin: float, end: float, progress: Array) -> Array:
    share = np.clip(progress, 0.0, 1.0)
    return np.asarray(end + (begin - end) * 0.5 * (1 + np.cos(np.pi * share)))


SCHEDULES: dict[str, Callable[[Array, Array, Recipe], Array]] = {
    "constant": _constant,
    "invscaling": _inverse_scaling,
    "adaptive": _constant,  # the trainer divides its rate when the loss stalls
    "cosine": _cosine,
    "one_cycle": _one_cycle,
}
ONLY_SGD = ("invscaling", "adaptive")  # as in scikit-learn


def learning_rates(recipe: Recipe, rate: float, done: int, count: int, samples: int, rows: int) -> Array:
    """The rates at the start and at the end of the next ``count`` epochs: (count, 2).

    Parameters
    ----------
    rate : the rate that the schedule scales
    done : epochs run so far
    samples : samples seen so far
    rows : samples of one epoch
    """
    name = "constant" if recipe.learning_rate in ONLY_SGD and recipe.solver != "sgd" else recipe.learning_rate
    epochs = np.arange(done, done + count, dtype=float)
    seen = samples + rows * np.arange(count, dtype=float)
    edges = (epochs, epochs + 1)
    factors = [SCHEDULES[name](time, seen, recipe) * _warm(time, recipe) for time in edges]
    return np.ascontiguousarray(rate * np.stack(factors, axis=1))


def _warm(time: Array, recipe: Recipe) -> Array:
    """A straight rise from 0 to 1 over the first epochs."""
    return np.minimum(1.0, time / recipe.warmup_epochs) if recipe.warmup_epochs else np.ones_like(time)
