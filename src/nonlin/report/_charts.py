"""The pictures behind the story: how the networks learnt, and the activation functions."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from nonlin.activation import Activation
from nonlin.lab import Study
from nonlin.lab.fitting import Fit
from nonlin.plots import _style
from nonlin.plots._activation import graph
from nonlin.plots._equation import equation_path, extents
from nonlin.report._numbers import Numbers, numbers
from nonlin.report._pictures import Picture, picture

Array = np.ndarray[Any, Any]
SMALL = (2.75, 2.0)  # inches
EPOCHS = 12  # of a table of losses
POINTS = 120  # of a curve: more cannot be seen at this size
TRAINING, HELD_OUT = _style.COLOURS[1], _style.COLOURS[0]
DASHES = (0, (4, 2))
STEEP = 8.0  # losses that differ by more than this factor need a logarithmic axis


def learning_curves(study: Study) -> list[tuple[str, Picture]]:
    """A picture for each network that was trained in every fold, on the same axes: the losses against the epoch."""
    networks = [c.name for c in study.plan.candidates if c.activation is not None]
    names = [name for name in networks if name not in study.diverged]
    if not names:
        return []
    limits = _limits(tuple(fit for name in names for fit in study.fits_of(name)))
    return [(name, _curve(study, name, *limits)) for name in names]


def _limits(fits: tuple[Fit, ...]) -> tuple[int, float, float]:
    """Most epochs, lowest and highest loss of all networks, but for one loss in a thousand at either end."""
    longest = max(len(fit.loss_curve) for fit in fits if fit.health)
    losses = np.concatenate([_losses(fit) for fit in fits if fit.health])
    losses = losses[np.isfinite(losses) & (losses > 0)]
    low, high = np.quantile(losses, (0.001, 0.999)) if len(losses) else (0.1, 1.0)
    return max(2, longest), 0.9 * float(low), 1.1 * float(high)


def _losses(fit: Fit) -> Array:
    return np.array([*fit.loss_curve, *fit.validation_curve], dtype=float)


def _curve(study: Study, name: str, longest: int, low: float, high: float) -> Picture:
    fig, ax = small_canvas(SMALL, (0.23, 0.22, 0.72, 0.74))
    fits = study.fits_of(name)
    training = [np.array(fit.loss_curve) for fit in fits]
    held_out = [np.array(fit.validation_curve) for fit in fits if fit.validation_curve]
    _lines(ax, training, TRAINING, "solid")
    _lines(ax, held_out, HELD_OUT, DASHES)
    ax.set_xlim(1, longest)
    _loss_axis(ax, low, high)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    alt = f"Losses of the network with {name}: {_in_words(training, held_out)}."
    return picture(fig, alt, numbers=_curve_numbers(training, held_out))


def _curve_numbers(training: list[Array], held_out: list[Array]) -> Numbers:
    """The thick lines at a few epochs, closer together where the loss falls fast."""
    longest = max(map(len, training))
    epochs = np.unique(np.geomspace(1, longest, EPOCHS).round().astype(int))
    lines = {"training": training, "held out": held_out} if held_out else {"training": training}
    medians = {name: _median(curves)[epochs - 1] for name, curves in lines.items()}
    return numbers("Median loss over the folds.", {"epoch": epochs, **medians})


def _median(curves: list[Array]) -> Array:
    """The middle of the folds at each epoch; a fold that has stopped keeps its last loss."""
    longest = max(map(len, curves))
    return np.asarray(np.median([np.pad(c, (0, longest - len(c)), mode="edge") for c in curves], axis=0))


def _in_words(training: list[Array], held_out: list[Array]) -> str:
    epochs, last = np.mean([len(c) for c in training]), np.mean([c[-1] for c in training])
    lowest = f"; the lowest held-out loss is {np.mean([c.min() for c in held_out]):.3g}" if held_out else ""
    return f"training stops after {epochs:.0f} epochs at {last:.3g}{lowest}, means over the folds"


def _lines(ax: Axes, curves: list[Array], tone: str, style: Any) -> None:
    """Draw a thin line for each fold and their median."""
    if not curves:
        return
    for curve in curves:
        _line(ax, curve, color=tone, lw=0.5, alpha=0.35)
    _line(ax, _median(curves), color=tone, ls=style, lw=1.6)


def _line(ax: Axes, losses: Array, **look: Any) -> None:
    kept = np.unique(np.linspace(0, len(losses) - 1, min(POINTS, len(losses))).astype(int))
    ax.plot(kept + 1, losses[kept], **look)


def _loss_axis(ax: Axes, low: float, high: float) -> None:
    ax.set_ylim(low, high)
    if high <= STEEP * low:
        ax.yaxis.set_major_locator(MaxNLocator(4))
        return
    ax.set_yscale("log")
    ax.set_ylim(low, high)
    decades = np.log10(high / low)
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 3.0) if decades < 3 else (1.0,), numticks=6))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda loss, _: _briefly(loss)))
    ax.yaxis.set_minor_formatter(NullFormatter())


def _briefly(loss: float) -> str:
    """A round number in five characters, for which the small pictures have room."""
    return f"{loss:g}" if loss >= 0.001 else f"{loss:.0e}".replace("e-0", "e-")


def small_canvas(size: tuple[float, float], box: tuple[float, float, float, float]) -> tuple[Figure, Axes]:
    """A figure with one Axes in a fixed place, so that many of them line up."""
    fig = Figure(figsize=size)
    return fig, _style.dress(fig.add_axes(box))


def key() -> Picture:
    """What the lines of the learning curves mean."""
    fig = Figure(figsize=(4.0, 0.3))
    lines = [
        Line2D([], [], color=TRAINING, lw=1.6, label="training rows"),
        Line2D([], [], color=HELD_OUT, lw=1.6, ls=DASHES, label="rows held out"),
    ]
    fig.legend(handles=lines, loc="center left", ncols=2, frameon=False, fontsize=_style.TEXT, labelcolor=_style.INK)
    return picture(fig, "Solid blue: training rows. Dashed orange: rows held out.")


def activation_graph(fn: Activation) -> Picture:
    """φ and φ' of an activation."""
    fig, ax = small_canvas((2.6, 1.7), (0.13, 0.15, 0.85, 0.81))
    graph(ax, fn, -4.0, 4.0)
    ax.set_xticks([-4, -2, 0, 2, 4])
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    low, high = float(np.nanmin(fn(np.linspace(-4, 4, 161)))), float(np.nanmax(fn(np.linspace(-4, 4, 161))))
    kinks = f" and kinks at {', '.join(f'{k:g}' for k in fn.properties.kinks)}" if fn.properties.kinks else ""
    alt = f"Graph of {fn.name} for z from -4 to 4: values from {low:.3g} to {high:.3g}{kinks}."
    return picture(fig, alt, numbers=_values(fn))


def _values(fn: Activation) -> Numbers:
    z = np.arange(-4.0, 5.0)
    return numbers("At whole z.", {"z": z, "φ(z)": fn(z), "φ′(z)": fn.derivative(z)})


def equation_picture(fn: Activation) -> Picture:
    """The equation of an activation, set as mathematics."""
    path = equation_path(fn.latex)
    box = extents(path).padded(1.0)
    fig = Figure(figsize=(box.width / 72, box.height / 72))
    ax = fig.add_axes((0, 0, 1, 1), xlim=box.intervalx, ylim=box.intervaly)
    ax.set_axis_off()
    ax.add_patch(PathPatch(path, facecolor=_style.INK, linewidth=0))
    return picture(fig, f"φ(z) = {fn.formula}")
