"""One network under training: from settings to a fit, and the snapshot of it that may be drawn meanwhile."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nonlin.activation import Activation
from nonlin.estimators._live import LiveFit
from nonlin.web.spec import activation_from

if TYPE_CHECKING:
    from nonlin.web.scene import Scene
    from nonlin.web.settings import Values

Array = np.ndarray[Any, Any]
MOST_SHOWN = 8  # units of a layer that are drawn together
_L1_RATIO = {"none": 0.0, "l2": 0.0, "l1": 1.0, "both": 0.5}


class Snapshot(NamedTuple):
    """The weights of a fit at one moment: nobody writes to them. Of an epoch under way a part is done."""

    fit: LiveFit
    theta: Array
    epoch: int
    part: float


class Lane:
    """A fit, and its last snapshot. Who trains it publishes snapshots; who draws reads the last one.

    Parameters
    ----------
    fit : the fit
    before : the lane whose weights it goes on with
    """

    def __init__(self, fit: LiveFit, before: Lane | None = None) -> None:
        self.fit = fit
        self.is_pure = before is None  # its weights are what training alone makes of the seed
        self.origin: object = object() if before is None else before.origin  # the same as long as weights go on
        self.publish()

    def publish(self) -> None:
        """Keep the weights as they are now for those who draw."""
        self.snapshot = Snapshot(self.fit, self.fit.theta.copy(), self.fit.epochs, self.fit.part)


def parameters(settings: Values, scene: Scene, activations: list[Activation]) -> dict[str, Any]:
    """The parameters of the estimator that the settings describe."""
    is_classes = scene.rows.task == "classification"
    found: dict[str, Any] = {
        "hidden_layer_sizes": tuple(settings["hidden"]), "activation": activations,
        "loss": settings["loss" if is_classes else "loss_of_numbers"], "solver": settings["solver"],
        "alpha": 0.0 if settings["penalty"] == "none" else settings["alpha"],
        "l1_ratio": _L1_RATIO[settings["penalty"]], "batch_size": settings["batch"],
        "learning_rate_init": settings["learning_rate"], "momentum": settings["momentum"],
        "dropout": settings["dropout"], "init": settings["init"], "random_state": settings["seed"],
        "tol": 0.0, "n_iter_no_change": np.inf,
    }  # fmt: skip
    if settings["patience"]:
        found |= {"early_stopping": True, "scoring": "loss", "n_iter_no_change": settings["patience"]}
    return found


def activations_of(settings: Values) -> list[list[Activation]]:
    """The activations of each network, one a hidden layer: the first's own, and the rival's."""
    own = [activation_from(spec) for spec in settings["activations"]]
    return [own, [activation_from(settings["rival"])] * len(own)] if settings["rival"] else [own]


def lanes_of(settings: Values, scene: Scene, before: tuple[Lane, ...] = ()) -> tuple[Lane, ...]:
    """The networks that the settings describe; those of ``before`` go on with their weights where these fit.

    Raises
    ------
    InputError
        A parameter breaks its rule.
    """
    if not scene.is_trainable:
        return ()
    return tuple(
        _lane(parameters(settings, scene, activations), scene, before[k] if k < len(before) else None)
        for k, activations in enumerate(activations_of(settings))
    )


def _lane(params: dict[str, Any], scene: Scene, before: Lane | None) -> Lane:
    from nonlin.estimators import MLPClassifier, MLPRegressor

    kind = MLPClassifier if scene.rows.task == "classification" else MLPRegressor
    model = kind(**params)
    if before is not None and not _has_learned(before):
        before = None
    fit = LiveFit(model, *scene.parts, before=before.fit if before is not None else None)
    return Lane(fit, before if before is not None and _goes_on(before.fit, fit) else None)


def _has_learned(lane: Lane) -> bool:
    """Whether there are weights to keep: other activations have other first weights, and none may be NaN."""
    return (not lane.is_pure or lane.fit.epochs > 0) and bool(np.isfinite(lane.fit.theta).all())


def _goes_on(before: LiveFit, fit: LiveFit) -> bool:
    return before.network.layout.widths == fit.network.layout.widths


def shown_units(widths: tuple[int, ...], first: list[int]) -> list[list[int]]:
    """The units of each hidden layer that are drawn: as many as may be from its ``first`` on, which is usually 0."""
    shown = []
    for width, wanted in zip_longest(widths[1:-1], first[: len(widths) - 2], fillvalue=0):
        start = max(0, min(wanted, width - MOST_SHOWN))
        shown.append(list(range(start, min(width, start + MOST_SHOWN))))
    return shown
