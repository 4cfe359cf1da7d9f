"""The decision surface: what a model says everywhere on a plane, and the points that it learnt from."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, to_rgb
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from nonlin.data._plane import Floats, plane_for
from nonlin.errors import InputError, bad_value
from nonlin.plots import _style
from nonlin.plots._points import Points, draw_classes, draw_numbers
from nonlin.plots._profile import draw_number_curve, draw_share_curves
from nonlin.plots._scores import Scores, class_labels, class_scores, predictions, target

DEEPEST = 0.5  # opacity of a shade where the model is sure
STEPS = 24  # shades between unsure and sure: enough to look smooth, few enough to pack well


def decision_surface(
    model: Any,
    X: Any,
    y: ArrayLike,
    ax: Axes | None = None,
    *,
    features: Sequence[int | str] | int | str | None = None,
    resolution: int = 200,
    title: str | None = None,
    X_test: Any = None,
    y_test: ArrayLike | None = None,
) -> Axes:
    r"""Draw what a fitted model predicts on a plane through the features, and the points of a table on it.

    Classifiers: the shade is the winner's colour, deeper where :math:`\max_k P(y = k \mid x)` is nearer to 1,
    and the line is where the winner changes (for two classes :math:`P(y = 1 \mid x) = 0.5`, the same as net
    input :math:`z = 0`). Regressors: the shade is the prediction, on the scale of the true targets.

    Parameters
    ----------
    model : fitted estimator
        With ``predict_proba``, ``decision_function`` or only ``predict``. It is called once, on a fixed grid.
    X : array or data frame of shape (n, n_features)
        Axis labels are its column names.
    y : array of shape (n,)
        Labels of any type, or numbers for a regressor.
    ax : Axes, optional
        Where to draw; without it a new pyplot figure.
    features : one or two columns, by name or position, optional
        The others are held at their median, text at its most frequent value. Without it: all numeric columns
        where there are one or two, else the plane of their two main components. One column gives a curve.
    resolution : int, default 200
        Grid points along each side.
    title : str, optional
    X_test, y_test : optional
        Held-out rows: drawn larger and outlined in ink, the others paler.

    Returns
    -------
    Axes

    Raises
    ------
    nonlin.errors.InputError
        If a column is unknown or not numeric, or if shapes do not fit.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from sklearn.datasets import make_moons
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = make_moons(100, noise=0.2, random_state=0)
    >>> ax = decision_surface(LogisticRegression().fit(X, y), X, y, Figure().add_subplot())
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('x1', 'x2')

    References
    ----------
    Hastie, Tibshirani, Friedman (2009). *The Elements of Statistical Learning*, 2nd ed., §2.3.
    """
    if not isinstance(resolution, (int, np.integer)) or resolution < 2:
        raise bad_value("resolution", "an integer of at least 2", resolution)
    classes = class_labels(model)
    plane = plane_for(model, X, features)
    clouds = [Points(plane.project(X), target(y, len(X)))]
    if (X_test is None) != (y_test is None):
        raise InputError("X_test and y_test must be given together, got only one of them")
    if X_test is not None and y_test is not None:
        clouds.append(Points(plane.project(X_test), target(y_test, len(X_test), "y_test"), held_out=True))
    lows, highs = _window(np.vstack([cloud.places for cloud in clouds]))
    sides = [np.linspace(low, high, resolution) for low, high in zip(lows, highs, strict=True)]
    grid = np.column_stack([side.ravel() for side in np.meshgrid(*sides)])
    ax = _style.axes(ax, (5.6, 4.2))
    rows, name = plane.lift(grid), _style.plain(getattr(y, "name", None) or "y")
    if classes is None:
        draw = _draw_numbers if len(sides) == 2 else draw_number_curve
        draw(ax, predictions(model, rows), sides, clouds, name)
    else:
        paint = _draw_classes if len(sides) == 2 else draw_share_curves
        paint(ax, class_scores(model, rows, classes), sides, clouds, classes)
    _label(ax, plane.labels, plane.note, title)
    return _style.settle(ax)


def _window(places: Floats) -> tuple[Floats, Floats]:
    finite = places[np.isfinite(places).all(axis=1)]
    if not len(finite):
        raise bad_value("X", "finite in the drawn columns in at least one row", "none")
    low, high = finite.min(axis=0), finite.max(axis=0)
    margin = np.where(high > low, 0.07 * (high - low), 0.5)
    return low - margin, high + margin


def _label(ax: Axes, labels: tuple[str, ...], note: str, title: str | None) -> None:
    across, up = _letters(ax)
    below = textwrap.fill(f"({note})", across) if note else ""
    ax.set_xlabel("\n".join(filter(None, [_style.plain(labels[0], across), below])))
    if len(labels) == 2:
        ax.set_ylabel(_style.plain(labels[1], up))
    if title:
        ax.set_title(title, loc="left", color=_style.INK, fontsize=_style.TITLE)


def _letters(ax: Axes) -> tuple[int, int]:
    """Count the letters of a label that fit along each side."""
    across, up = _style.inches(ax)
    return max(12, int(13 * across)), max(12, int(13 * up))


def _draw_classes(
    ax: Axes, scores: Scores, sides: list[Floats], clouds: Sequence[Points], classes: NDArray[Any]
) -> None:
    _image(ax, _shades(scores), sides)
    line = _boundary(ax, scores.leads, sides)
    handles = draw_classes(ax, clouds, classes)
    _style.outside_legend(ax, [*handles, *([line] if line else [])])


def _shades(scores: Scores) -> Floats:
    """(m, 4) colours: the winner's, over whatever page there is, so that dark pages work too."""
    palette = np.array([to_rgb(_style.colour(k)) for k in range(scores.shares.shape[1])])
    depth = np.round(scores.strength * STEPS) / STEPS * DEEPEST
    return np.column_stack([palette[scores.shares.argmax(axis=1)], depth])


def _image(ax: Axes, values: Floats, sides: list[Floats], **how: Any) -> Any:
    (x, y), n = sides, len(sides[0])
    half_x, half_y = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2  # a pixel is centred on its grid point
    image = ax.imshow(
        values.reshape(n, n, *values.shape[1:]), origin="lower", aspect="auto", interpolation="nearest",
        zorder=0, extent=(x[0] - half_x, x[-1] + half_x, y[0] - half_y, y[-1] + half_y), **how,
    )  # fmt: skip
    ax.set_xlim(x[0], x[-1])
    ax.set_ylim(y[0], y[-1])
    return image


def _boundary(ax: Axes, leads: Floats, sides: list[Floats]) -> Line2D | None:
    """Draw the line where the winner changes; return its legend entry, or None without one."""
    n, drawn = len(sides[0]), False
    for k in range(1 if leads.shape[1] == 2 else 0, leads.shape[1]):
        lead = leads[:, k]
        if lead.min() < 0 < lead.max():
            ax.contour(*sides, lead.reshape(n, n), levels=[0.0], colors=_style.INK, linewidths=1.4, zorder=2)
            drawn = True
    return Line2D([], [], color=_style.INK, linewidth=1.4, label="boundary") if drawn else None


def _draw_numbers(ax: Axes, found: Floats, sides: list[Floats], clouds: Sequence[Points], name: str) -> None:
    truth = np.concatenate([cloud.y for cloud in clouds]).astype(float)
    low, high = float(np.nanmin(truth)), float(np.nanmax(truth))
    norm = Normalize(low, high)
    image = _image(ax, found, sides, cmap=_style.COLOUR_MAP, norm=norm)
    draw_numbers(ax, clouds, norm)
    below, above = bool(found.min() < low), bool(found.max() > high)
    extend = "both" if below and above else "min" if below else "max" if above else "neither"
    bar = ax.figure.colorbar(image, cax=ax.inset_axes((1.03, 0.0, 0.05, 1.0)), extend=extend)
    words = f"{name}: shade predicted, points true" + (", held out larger" if len(clouds) > 1 else "")
    bar.set_label(textwrap.fill(words, _letters(ax)[1]), color=_style.INK, fontsize=_style.SMALL)
    bar.ax.tick_params(color=_style.INK, labelcolor=_style.INK, labelsize=_style.SMALL, width=_style.HAIR)
    bar.outline.set_visible(False)
