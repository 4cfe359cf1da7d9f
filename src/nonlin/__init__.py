"""nonlin: the activation function, from the formula to the evidence.

The public names are loaded when they are first used, so that ``import nonlin`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from nonlin import plots as plot
    from nonlin.activation import Activation as Activation
    from nonlin.catalogue import families as families
    from nonlin.catalogue import get as get
    from nonlin.catalogue import names as names
    from nonlin.estimators import Adaline as Adaline
    from nonlin.estimators import LinearRegression as LinearRegression
    from nonlin.estimators import LinearSVC as LinearSVC
    from nonlin.estimators import LogisticRegression as LogisticRegression
    from nonlin.estimators import MLPClassifier as MLPClassifier
    from nonlin.estimators import MLPRegressor as MLPRegressor
    from nonlin.estimators import Perceptron as Perceptron
    from nonlin.estimators import load as load
    from nonlin.lab import study as study
    from nonlin.web import play as play

_HOME = {
    "Activation": "nonlin.activation",
    "families": "nonlin.catalogue",
    "get": "nonlin.catalogue",
    "names": "nonlin.catalogue",
    "Adaline": "nonlin.estimators",
    "LinearRegression": "nonlin.estimators",
    "LinearSVC": "nonlin.estimators",
    "LogisticRegression": "nonlin.estimators",
    "MLPClassifier": "nonlin.estimators",
    "MLPRegressor": "nonlin.estimators",
    "Perceptron": "nonlin.estimators",
    "load": "nonlin.estimators",
    "study": "nonlin.lab",
    "play": "nonlin.web",
}

__all__ = [
    "Activation",
    "Adaline",
    "LinearRegression",
    "LinearSVC",
    "LogisticRegression",
    "MLPClassifier",
    "MLPRegressor",
    "Perceptron",
    "families",
    "get",
    "load",
    "names",
    "play",
    "plot",
    "study",
]


def __getattr__(name: str) -> Any:
    if name == "plot":
        return importlib.import_module("nonlin.plots")
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'nonlin' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
