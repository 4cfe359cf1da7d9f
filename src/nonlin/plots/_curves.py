"""The learning curve: the loss after each epoch, and the held-out score where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from nonlin.data._plane import Floats
from nonlin.errors import bad_value
from nonlin.plots import _style

WIDE = 8.0  # a loss that falls by more than this factor is clearer on a logarithmic axis
DASHES = (0, (4, 2))


def learning_curve(model: Any, ax: Axes | None = None) -> Axes:
    """Draw the training loss of a fitted network against the epoch.

    The loss axis is logarithmic where the loss falls by more than a factor of eight. Scores on held-out rows,
    where the model kept them, are dashed and have their own axis on the right.

    Parameters
    ----------
    model : fitted estimator, or mapping of names to fitted estimators
        Each with ``loss_curve_`` and perhaps ``validation_scores_``; a pipeline or a search is looked into.
    ax : Axes, optional
        Where to draw; without it a new pyplot figure.

    Returns
    -------
    Axes
        The axis of the loss.

    Raises
    ------
    nonlin.errors.InputError
        If a model has no loss curve.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from matplotlib.figure import Figure
    >>> learning_curve(SimpleNamespace(loss_curve_=[0.7, 0.4, 0.3]), Figure().add_subplot()).get_ylabel()
    'training loss'
    """
    models = dict(model) if isinstance(model, Mapping) else {"": model}
    if not models:
        raise bad_value("model", "a fitted estimator or a mapping with at least one", model)
    losses = {name: _losses(name, m) for name, m in models.items()}
    scores = {name: s for name, m in models.items() if len(s := _scores(m))}
    ax = _style.axes(ax, (5.6, 3.6))
    _draw_losses(ax, losses)
    right = _draw_scores(ax, scores, list(losses)) if scores else None
    entries = _entries(list(losses), right is not None)
    if entries:
        _style.outside_legend(ax, entries, beyond=58.0 if right else 4.0)
    return _style.settle(ax, *([right] if right else []))


def _losses(name: object, model: Any) -> Floats:
    found = getattr(_style.last_step(model), "loss_curve_", None)
    if found is None or len(found) == 0:
        which = f"model {name!r}" if name else "model"
        remedy = "only networks that learn in epochs have one"
        raise bad_value(which, "a fitted estimator with loss_curve_", type(model).__name__, remedy)
    return np.asarray(found, dtype=float)


def _scores(model: Any) -> Floats:
    found = getattr(_style.last_step(model), "validation_scores_", None)
    return np.asarray([] if found is None else found, dtype=float)


def _draw_losses(ax: Axes, losses: dict[str, Floats]) -> None:
    for k, loss in enumerate(losses.values()):
        single: dict[str, Any] = {"marker": "o", "ms": 3} if len(loss) < 3 else {}
        ax.plot(np.arange(1, len(loss) + 1), loss, color=_tone(k, len(losses)), lw=_style.LINE, **single)
    finite = np.concatenate([loss[np.isfinite(loss)] for loss in losses.values()])
    if len(finite) and finite.min() > 0 and finite.max() > WIDE * finite.min():
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda loss, _: f"{loss:g}"))
        ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("epoch")
    ax.set_ylabel("training loss")
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    ax.set_xlim(1, max(2, *(len(loss) for loss in losses.values())))


def _draw_scores(ax: Axes, scores: dict[str, Floats], order: list[str]) -> Axes:
    right = _style.dress(ax.twinx())
    right.spines[["right"]].set_visible(True)
    for name, score in scores.items():
        epochs = np.arange(1, len(score) + 1)
        right.plot(epochs, score, color=_tone(order.index(name), len(order), 0), lw=_style.LINE, ls=DASHES)
    right.set_ylabel("held-out score", color=_style.INK, fontsize=_style.TEXT)
    return right


def _tone(k: int, n: int, alone: int = 1) -> str:
    """Colour of a curve: the k-th of several, or the one kept for its kind where the model is alone."""
    return _style.colour(k if n > 1 else alone)


def _entries(names: list[str], scored: bool) -> list[Artist]:
    if len(names) == 1 and not scored:
        return []
    several = len(names) > 1
    named = [
        Line2D([], [], color=_style.colour(k), lw=_style.LINE, label=_style.plain(n, 24)) for k, n in enumerate(names)
    ]
    kinds = [
        Line2D([], [], color=_style.INK if several else _style.colour(1), lw=_style.LINE, label="training loss"),
        Line2D(
            [],
            [],
            color=_style.INK if several else _style.colour(0),
            lw=_style.LINE,
            ls=DASHES,
            label="held-out score",
        ),
    ]
    return [*(named if several else []), *(kinds if scored else [])]
