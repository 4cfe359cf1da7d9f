"""What a study compares, and how much work it puts in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sklearn.base import BaseEstimator

from nonlin.activation import Activation
from nonlin.catalogue import get
from nonlin.errors import InputError, bad_value
from nonlin.estimators import Adaline, LinearRegression, LogisticRegression, MLPClassifier, MLPRegressor
from nonlin.estimators._base import check_integer

DEFAULT_ACTIVATIONS = (
    "sigmoid", "tanh", "relu", "softplus", "leaky_relu", "elu", "selu", "gelu", "silu", "mish",
)  # fmt: skip
"""The classic ones that a gradient can train, and the common modern ones."""

PATIENCE = 30
"""Epochs without a lower held-out loss after which a training stops."""


@dataclass(frozen=True)
class Budget:
    """How much work: folds of each cross-validation, repetitions of it, and epochs per fit at most."""

    folds: int
    repeats: int
    epochs: int


BUDGETS = {"quick": Budget(5, 1, 100), "standard": Budget(5, 1, 500), "thorough": Budget(5, 3, 1000)}


@dataclass(frozen=True)
class Candidate:
    """One model of the study: its name, its part in the story, and the activation of its hidden layer, if any.

    ``role`` is "linear" (a model without hidden layer), "identity" (a network that collapses to one) or "bent".
    """

    name: str
    role: str
    activation: Activation | None = None


@dataclass(frozen=True)
class Plan:
    """All that fixes a study's result, apart from the table."""

    candidates: tuple[Candidate, ...]
    hidden: tuple[int, ...]
    budget: Budget
    seed: int


def make_plan(
    task: str, activations: Sequence[str | Activation] | None, hidden: int | Sequence[int], budget: str, seed: int
) -> Plan:
    """The candidates for a task: the linear models, the identity network, and a network with each activation.

    Raises
    ------
    InputError
        An unknown activation or budget, or one that no gradient can train.
    """
    if budget not in BUDGETS:
        raise bad_value("budget", f"one of {', '.join(BUDGETS)}", budget)
    check_integer("seed", seed, 0)
    widths = (hidden,) if isinstance(hidden, int) else tuple(hidden)
    if not widths:
        raise bad_value("hidden", "at least one layer", hidden)
    for width in widths:
        check_integer("hidden", width, 1)
    chosen = [_trainable(get(a)) for a in (DEFAULT_ACTIVATIONS if activations is None else activations)]
    networks = {"identity": get("identity"), "sigmoid": get("sigmoid")} | {a.name: a for a in chosen}
    candidates = [Candidate(name, "linear") for name in _linear_models(task)]
    candidates += [
        Candidate(name, "identity" if name == "identity" else "bent", activation)
        for name, activation in networks.items()
    ]
    return Plan(tuple(candidates), widths, BUDGETS[budget], seed)


def _linear_models(task: str) -> tuple[str, ...]:
    return ("least squares", "logistic regression") if task == "classification" else ("least squares",)


def _trainable(activation: Activation) -> Activation:
    if activation.derivative_expression.is_zero:
        raise InputError(
            f"activation {activation.name!r} has the derivative 0 everywhere, so no gradient can train a hidden "
            "layer of it; leave it out, or take a smooth relative such as 'sigmoid' or 'tanh'"
        )
    return activation


def build(candidate: Candidate, task: str, plan: Plan, seed: int) -> Any:
    """An unfitted estimator for a candidate, for standardised inputs."""
    if candidate.name == "logistic regression":
        return LogisticRegression()
    if candidate.activation is None:
        return Adaline() if task == "classification" else LinearRegression()
    kind: type[BaseEstimator] = MLPClassifier if task == "classification" else MLPRegressor
    return kind(
        hidden_layer_sizes=plan.hidden, activation=candidate.activation, early_stopping=True, scoring="loss",
        n_iter_no_change=PATIENCE, tol=0.0, max_iter=plan.budget.epochs, random_state=seed,
    )  # fmt: skip
