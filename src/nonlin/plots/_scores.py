"""What a model says at many points: a score for each class, or a number, from one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, softmax

from nonlin.errors import TableError, bad_value

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Shares of the classes at m points: each row sums to 1."""

    shares: Floats  # (m, number of classes)
    meaning: str  # "P" for probabilities, else what stands in for them

    @property
    def leads(self) -> Floats:
        """(m, classes): by how much a class is ahead of its strongest rival; 0 on a boundary."""
        rivals = [np.delete(self.shares, k, axis=1).max(axis=1, initial=0.0) for k in range(self.shares.shape[1])]
        return np.asarray(self.shares - np.column_stack(rivals))

    @property
    def strength(self) -> Floats:
        """(m,): how sure the winner is, from 0 (all classes alike) to 1."""
        even = 1.0 / max(2, self.shares.shape[1])
        return np.asarray(np.clip((self.shares.max(axis=1) - even) / (1.0 - even), 0.0, 1.0))


def class_labels(model: Any) -> NDArray[Any] | None:
    """Classes of a classifier, or None for a regressor."""
    classes = getattr(model, "classes_", None)
    if classes is None:
        return None
    if isinstance(classes, list) or np.ndim(classes) != 1:
        raise bad_value("model", "a classifier with one target column", type(model).__name__)
    return np.asarray(classes)


def class_scores(model: Any, rows: Any, classes: NDArray[Any]) -> Scores:
    """Probabilities; without them the squashed decision function; without that the predicted class alone."""
    if hasattr(model, "predict_proba"):
        return Scores(np.asarray(model.predict_proba(rows), dtype=float), "P")
    if hasattr(model, "decision_function"):
        z = np.asarray(model.decision_function(rows), dtype=float)
        if z.ndim == 1 or z.shape[1] == 1:
            share = expit(z.reshape(len(z)))
            return Scores(np.column_stack([1.0 - share, share]), "squashed net input")
        if z.shape[1] == len(classes):
            return Scores(np.asarray(softmax(z, axis=1)), "squashed net input")
    found = np.asarray(model.predict(rows))
    return Scores((found[:, None] == classes).astype(float), "predicted class")


def predictions(model: Any, rows: Any) -> Floats:
    """Predicted numbers, (m,)."""
    found = np.asarray(model.predict(rows), dtype=float)
    if found.size != len(found):
        raise bad_value("model", "a regressor with one target column", f"{found.shape[1]} columns")
    return found.reshape(len(found))


def target(y: ArrayLike, n: int, name: str = "y") -> NDArray[Any]:
    """Return the target as (n,), one value for each row of X."""
    values = np.asarray(y)
    if values.size != n or values.ndim not in (1, 2):
        rows = "X_test" if name == "y_test" else "X"
        raise TableError(f"{name} must hold one value for each of the {n} rows of {rows}, got shape {values.shape}")
    return values.reshape(n)
