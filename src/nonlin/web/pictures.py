"""What is drawn of a network: maps over the plane, the warped grid, histograms. Functions of a snapshot."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, softmax

from nonlin.lab.diagnostics import health
from nonlin.nn import network as nn
from nonlin.nn.layout import Layout
from nonlin.nn.losses import LOSSES
from nonlin.web.lane import Snapshot
from nonlin.web.scene import ALONG, LINES, SHOWN_INPUTS

if TYPE_CHECKING:
    from nonlin.web.scene import Scene

Array = np.ndarray[Any, Any]
Arrays = dict[str, Array]
Drawn = list[list[int]]  # the units of each hidden layer that are drawn
FINEST, COARSEST = 128, 32  # grid points along a side of the large map
_UNIT_FINEST, _UNIT_COARSEST = 32, 16
_WORK = {True: 5e8, False: 2e10}  # multiplications of one picture: while training, and at rest
_HUGE, _MOST_EXPONENT = 1e38, 700.0  # what infinite net inputs are drawn as
BINS, MEASURED_ROWS = 40, 1000


def resolution(snapshot: Snapshot, *, hurried: bool, most: int = FINEST, least: int = COARSEST) -> int:
    """Grid points along a side that can be computed in time."""
    affordable = math.sqrt(_WORK[hurried] / snapshot.fit.network.size)
    return int(np.clip(affordable // 8 * 8, least, most))


def surface(scene: Scene, snapshot: Snapshot, n: int) -> Array:
    """The output on the grid, as bytes; see :func:`shades`."""
    return shades(scene, snapshot, nn.forward(snapshot.fit.network, snapshot.theta, scene.grid(n)), n)


def shades(scene: Scene, snapshot: Snapshot, Z: Array, n: int) -> Array:
    """Net inputs as bytes: (n, n), or for several classes (2, n, n), the winner's index and its share."""
    Z = np.nan_to_num(Z.astype(float), posinf=_HUGE, neginf=-_HUGE)
    if scene.rows.task == "regression":
        low, high = scene.values
        values = numbers(scene, snapshot, Z)
        return _bytes((values - low) / max(high - low, np.finfo(float).tiny)).reshape(n, n)
    classes = class_places(scene, snapshot)
    if Z.shape[1] == 1 and classes.tolist() == [0, 1] and len(scene.rows.classes) == 2:
        return _bytes(expit(Z[:, 0])).reshape(n, n)
    shares = softmax(Z, axis=1) if Z.shape[1] > 1 else np.column_stack([expit(-Z), expit(Z)])
    winner = classes[shares.argmax(axis=1)].astype(np.uint8)
    return np.stack([winner, _bytes(shares.max(axis=1))]).reshape(2, n, n)


def class_places(scene: Scene, snapshot: Snapshot) -> Array:
    """Where the classes that a network knows stand among those of the rows; drawn points may lack one."""
    known: Any = snapshot.fit.model
    return np.array([scene.rows.classes.index(label) for label in known.classes_.tolist()])


def confusion(scene: Scene, snapshot: Snapshot, Z: Array) -> list[list[int]]:
    """How many held-out rows of each class (a row) are taken for each (a column)."""
    places = class_places(scene, snapshot)
    guess = places[Z.argmax(axis=1) if Z.shape[1] > 1 else (Z[:, 0] >= 0).astype(int)]
    counts = np.zeros((len(scene.rows.classes),) * 2, dtype=int)
    np.add.at(counts, (scene.labels[scene.rows.held].astype(int), guess), 1)
    return counts.tolist()


def numbers(scene: Scene, snapshot: Snapshot, Z: Array) -> Array:
    """What a regressor says, on the scale of the table: (m,)."""
    is_log = LOSSES[snapshot.fit.network.loss].output == "exp"
    meant: Array = np.exp(np.minimum(Z[:, 0], _MOST_EXPONENT)) if is_log else Z[:, 0]
    if scene.scaler is None:
        return meant
    return np.asarray(scene.scaler.inverse_transform(meant.reshape(-1, 1))[:, 0])


def unit_maps(scene: Scene, snapshot: Snapshot, drawn: Drawn, n: int) -> tuple[Array, list[list[float]]]:
    """The drawn hidden units' φ(z) on the grid, as bytes (U, n, n), and the |φ(z)| that 127 steps stand for."""
    maps, scales = [], []
    layers = nn.hidden(snapshot.fit.network, snapshot.theta, scene.grid(n))
    for (signals, _), units in zip(layers, drawn, strict=True):
        some, row = np.nan_to_num(signals[:, units].astype(float)), []
        for k in range(len(units)):
            shown, scale = _around_zero(some[:, k])
            maps.append(shown.reshape(n, n))
            row.append(scale)
        scales.append(row)
    return (np.stack(maps) if maps else np.empty((0, n, n), np.uint8)), scales


def focus_map(scene: Scene, snapshot: Snapshot, focus: list[Any], n: int) -> Array | None:
    """One hidden unit's φ(z), or one input, on the grid; nothing where there is no such one."""
    kind, *where = focus
    if kind == "input":
        columns = scene.grid(n)
        return _around_zero(columns[:, where[0]])[0].reshape(n, n) if where[0] < columns.shape[1] else None
    layer, unit = where
    widths = snapshot.fit.network.layout.widths[1:-1]
    if not (layer < len(widths) and unit < widths[layer]):
        return None
    signals = _signals(snapshot, scene.grid(n), layer)
    return _around_zero(np.nan_to_num(signals[:, unit].astype(float)))[0].reshape(n, n)


def shown_weights(snapshot: Snapshot, drawn: Drawn, inputs: int) -> Array:
    """Weights and then biases of each layer, of the first inputs, the units that are drawn, and the outputs."""
    layout = snapshot.fit.network.layout
    drawn = [list(range(min(inputs, layout.widths[0]))), *drawn, list(range(layout.widths[-1]))]
    parts = []
    for layer, (W, b) in enumerate(zip(layout.weights(snapshot.theta), layout.biases(snapshot.theta), strict=True)):
        parts += [W[np.ix_(drawn[layer], drawn[layer + 1])].ravel(), b[drawn[layer + 1]]]
    return np.concatenate(parts).astype(np.float32)


def hidden_plane(scene: Scene, snapshot: Snapshot, layer: int, pair: list[int]) -> tuple[Array, Array] | None:
    """The grid of the plane and the drawn rows, in the plane of two units of a hidden layer."""
    widths = snapshot.fit.network.layout.widths[1:-1]
    if not (layer < len(widths) and len(pair) == 2 and all(0 <= unit < widths[layer] for unit in pair)):
        return None

    def seen(X: Array) -> Array:
        return np.ascontiguousarray(_signals(snapshot, X, layer)[:, pair], dtype=np.float32)

    lines = seen(scene.lattice).reshape(2 * LINES, ALONG, 2)
    return lines, seen(np.ascontiguousarray(scene.X[scene.shown]))


def _signals(snapshot: Snapshot, X: Array, layer: int) -> Array:
    """The signals φ(z) of a hidden layer, by the part of the network up to it."""
    whole = snapshot.fit.network
    layout = Layout(whole.layout.widths[: layer + 3])
    part = dataclasses.replace(whole, layout=layout, activations=whole.activations[: layer + 1])
    return nn.hidden(part, snapshot.theta[: layout.size], X)[layer][0]


def spread(snapshot: Snapshot) -> tuple[Array, list[dict[str, Any]]]:
    """Histograms of z and of φ'(z) in each hidden layer, on rows trained on, and what shares are dead and saturated."""
    network, theta = snapshot.fit.network, snapshot.theta
    rows = int(np.clip(_WORK[True] / network.size, 100, MEASURED_ROWS))
    X = np.ascontiguousarray(snapshot.fit.trained.X[:rows])
    below, shares, words = X, [], []
    weights, biases = network.layout.weights(theta), network.layout.biases(theta)
    for layer, (signals, slopes) in enumerate(nn.hidden(network, theta, X)):
        Z = below @ weights[layer] + biases[layer]
        seen = health(layer + 1, np.nan_to_num(slopes))
        pair = [_histogram(Z), _histogram(slopes)]
        shares.append([counts for counts, _ in pair])
        words.append({
            "units": seen.units, "dead": seen.dead, "saturated": seen.saturated, "z": pair[0][1], "slope": pair[1][1],
        })  # fmt: skip
        below = signals
    return np.array(shares, dtype=np.float32).reshape(-1, 2, BINS), words


def _histogram(values: Array) -> tuple[Array, list[float]]:
    """Shares in equal bins, and the two ends of them."""
    values = values[np.isfinite(values)].astype(float)
    if not values.size:
        return np.zeros(BINS), [0.0, 1.0]
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-6:
        low, high = low - 0.5, high + 0.5
    counts, _ = np.histogram(values, bins=BINS, range=(low, high))
    return counts / values.size, [low, high]


def _around_zero(values: Array) -> tuple[Array, float]:
    """Bytes in which 128 is 0, and the size that 127 steps stand for."""
    scale = float(np.abs(values).max()) or 1.0
    return np.clip(np.rint(128 + 127 * (values / scale)), 0, 255).astype(np.uint8), scale


def _bytes(shares: Array) -> Array:
    found: Array = np.clip(np.rint(255 * shares), 0, 255).astype(np.uint8)
    return found


def input_maps(scene: Scene, n: int = _UNIT_FINEST) -> Array:
    """The drawn inputs on the grid, each from its lowest to its highest value, the middle where it stands still."""
    columns = scene.grid(n)[:, :SHOWN_INPUTS]
    low, high = columns.min(axis=0), columns.max(axis=0)
    shares: Array = np.where(high > low, (columns - low) / np.where(high > low, high - low, 1.0), 0.5)
    return _bytes(shares.T.reshape(-1, n, n))


def unit_resolution(snapshot: Snapshot, *, hurried: bool) -> int:
    """Grid points along a side of a unit's map."""
    return resolution(snapshot, hurried=hurried, most=_UNIT_FINEST, least=_UNIT_COARSEST)
