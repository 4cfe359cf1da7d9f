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
from nonlin.estimators._layers import default_rate
from nonlin.nn.layout import Layout

DEFAULT_ACTIVATIONS = (
    "sigmoid", "tanh", "relu", "softplus", "leaky_relu", "elu", "selu", "gelu", "silu", "mish",
)  # fmt: skip
"""The classic ones that a gradient can train, and the common modern ones."""

PATIENCE = 30
"""Epochs without a lower held-out loss after which a training stops."""

LARGEST_SEED = 4_000_000_000
"""Folds and repetitions have seeds of their own, up to 49,000 above the study's; scikit-learn takes those below 2³²."""

MOST_UNITS = 10_000
"""Units of all hidden layers together; in two layers of half as many each the weights take 100 megabytes, of which Adam
keeps several copies in each thread."""


@dataclass(frozen=True)
class Budget:
    """How much work: folds of each cross-validation, repetitions of it, epochs per fit at most, learning rates to try.

    ``multiples`` are the learning rates as multiples of the default of a network of its shape.
    """

    folds: int
    repeats: int
    epochs: int
    multiples: tuple[float, ...]


BUDGETS = {
    "quick": Budget(5, 1, 100, (1.0,)),
    "standard": Budget(5, 2, 500, (0.3, 1.0, 3.0)),
    "thorough": Budget(5, 10, 1000, (0.1, 0.3, 1.0, 3.0, 10.0)),
}


LINEAR = ("least squares", "logistic regression")
"""The models without a hidden layer; the second one is for classes alone."""


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

    @property
    def rates(self) -> tuple[float, ...]:
        """The learning rates that every network is trained with."""
        usual = default_rate("adam", Layout((1, *self.hidden, 1)))
        return tuple(usual * multiple for multiple in self.budget.multiples)


@dataclass(frozen=True)
class Trial:
    """One fit to do: a candidate on a fold at a learning rate, which is 0 for a model without one."""

    candidate: Candidate
    fold: int
    rate: float


def trials(plan: Plan) -> list[Trial]:
    """Every fit of a study, fold by fold."""
    return [
        Trial(candidate, fold, rate)
        for fold in range(plan.budget.folds * plan.budget.repeats)
        for candidate in plan.candidates
        for rate in (plan.rates if candidate.activation is not None else (0.0,))
    ]


def make_plan(
    task: str, activations: Sequence[str | Activation] | None, hidden: int | Sequence[int], budget: str, seed: int
) -> Plan:
    """The candidates for a task: the linear models, the identity network, and a network with each activation.

    Raises
    ------
    InputError
        An unknown budget or activation, or an activation that no gradient can train or that is linear.
    """
    if budget not in BUDGETS:
        raise bad_value("budget", f"one of {', '.join(BUDGETS)}", budget)
    check_seed(seed)
    widths = (hidden,) if isinstance(hidden, int) else tuple(hidden)
    check_widths(widths)
    chosen = [_trainable(get(a)) for a in (DEFAULT_ACTIVATIONS if activations is None else activations)]
    networks = {"identity": get("identity"), "sigmoid": get("sigmoid")} | {a.name: a for a in chosen}
    candidates = [Candidate(name, "linear") for name in _linear_models(task)]
    candidates += [
        Candidate(name, "identity" if name == "identity" else "bent", activation)
        for name, activation in networks.items()
    ]
    return Plan(tuple(candidates), widths, BUDGETS[budget], seed)


def check_seed(seed: int) -> None:
    """Refuse what is no integer from 0 to :data:`LARGEST_SEED`."""
    check_integer("seed", seed, 0)
    if seed > LARGEST_SEED:
        raise bad_value("seed", f"an integer of at most {LARGEST_SEED}", seed)


def check_widths(widths: tuple[int, ...]) -> None:
    """Refuse what is no layer, a width that is no positive integer, and more than :data:`MOST_UNITS` in all."""
    if not widths:
        raise bad_value("hidden", "at least one layer", widths)
    for width in widths:
        check_integer("hidden", width, 1)
    if sum(widths) > MOST_UNITS:
        raise bad_value("hidden", f"at most {MOST_UNITS} units in all layers together", sum(widths), "take fewer")


def _linear_models(task: str) -> tuple[str, ...]:
    return LINEAR if task == "classification" else LINEAR[:1]


def _trainable(activation: Activation) -> Activation:
    if activation.derivative_expression.is_zero:
        raise InputError(
            f"activation {activation.name!r} has the derivative 0 everywhere, so no gradient can train a hidden "
            "layer of it; leave it out, or take a smooth relative such as 'sigmoid' or 'tanh'"
        )
    if activation.name != "identity" and activation.properties.convexity == "affine":
        raise InputError(
            f"activation {activation.name!r} is linear, so a network of it is a linear model; leave it out, for the "
            "identity stands in every study"
        )
    return activation


def build(trial: Trial, task: str, plan: Plan) -> Any:
    """An unfitted estimator for a trial, for standardised inputs; on a fold every candidate has the same seed."""
    candidate = trial.candidate
    if candidate.name == "logistic regression":
        return LogisticRegression()
    if candidate.activation is None:
        return Adaline() if task == "classification" else LinearRegression()
    kind: type[BaseEstimator] = MLPClassifier if task == "classification" else MLPRegressor
    return kind(
        hidden_layer_sizes=plan.hidden, activation=candidate.activation, learning_rate_init=trial.rate,
        early_stopping=True, scoring="loss", n_iter_no_change=PATIENCE, tol=0.0, max_iter=plan.budget.epochs,
        random_state=plan.seed + 1000 * trial.fold,
    )  # fmt: skip
