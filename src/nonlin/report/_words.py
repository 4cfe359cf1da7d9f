"""Sentences about a study: its table, its models, its units, its method."""

from __future__ import annotations

from typing import Any

import numpy as np

from nonlin.estimators._layers import DEFAULT_BATCH
from nonlin.lab import Study
from nonlin.lab.bayes import NEGLIGIBLE, NEGLIGIBLE_BRIER, SURE
from nonlin.lab.plan import PATIENCE
from nonlin.report._memory import spoken_size
from nonlin.report._show import Show, core, count_weights, in_unit, numeric_columns, shows_columns
from nonlin.report._tables import interval, short

Array = np.ndarray[Any, Any]
ROUNDING = 1e-6  # of the largest weight: what is smaller is the noise of float32


def count(n: int, what: str, several: str = "") -> str:
    """``1 row``, ``2 rows``."""
    return f"{n:,} {what if n == 1 else several or what + 's'}"


def share(value: Any) -> str:
    """A share in per cent; a few are not none, and nearly all not all."""
    if value in (0, 1):
        return "all" if value else "none"
    if value < 0.01:
        return "less than 1\u00a0%"
    return "more than 99\u00a0%" if value > 0.99 else f"{100 * float(value):.0f}\u00a0%"


def listed(words: list[str]) -> str:
    """``a, b and c``."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def facts(study: Study) -> list[str]:
    """The table in a line."""
    table = study.table
    classes = f" into {len(table.classes)} classes" if table.classes else ""
    return [
        count(len(table.X), "row"),
        count(table.X.shape[1], "column"),
        f"target {table.target}",
        f"{table.task}{classes}",
    ]


def layers(study: Study) -> str:
    """The hidden layers in words."""
    widths = study.plan.hidden
    if len(widths) == 1:
        return f"a hidden layer of {count(widths[0], 'unit')}"
    return f"{len(widths)} hidden layers of {listed([str(w) for w in widths])} units"


def said(study: Study, name: str) -> str:
    """The held-out score of a model in words."""
    return f"{'R²' if study.table.task == 'regression' else 'an accuracy of'} {interval(study.score(name))}"


def opening(study: Study, show: Show) -> list[str]:
    """What the pictures are fitted on, and what they show."""
    whole = len(show.y) == len(study.table.y)
    rows = "on the whole table" if whole else f"on {count(len(show.y), 'row')} of it, drawn by chance"
    points = "" if len(show.drawn) == len(show.y) else f" Surfaces show {len(show.drawn)} of these rows as points."
    return [
        f"Each step is computed on this table. The pictures show models fitted {rows}, for show; every score in the "
        f"text is held out: it counts only rows that the model had not seen.{points} Before any model, the "
        f"{count(study.table.X.shape[1], 'column')} become {count(len(show.names), 'input')} with mean 0 and "
        "standard deviation 1.",
        *_plane(study, show),
    ]


def _plane(study: Study, show: Show) -> list[str]:
    """What surfaces show of more than two columns."""
    numbers = numeric_columns(study.table)
    if shows_columns(study.table) and len(numbers) <= 2:
        held = _held(study, len(numbers))
        return [f"Surfaces show the plane of {listed(numbers)}{held}."] if held else []
    if not shows_columns(study.table) and len(show.names) <= 2:
        return []
    what = f"{len(numbers)} columns of numbers" if shows_columns(study.table) else f"{len(show.names)} inputs"
    held = _held(study, len(numbers)) if shows_columns(study.table) else ""
    return [
        f"Surfaces show the plane of the two main components of the {what}{held}. The rows are moved straight onto "
        "it, so that a point may lie on the wrong side of a line and yet be predicted rightly."
    ]


def _held(study: Study, shown: int) -> str:
    still = study.table.X.shape[1] - shown
    return f", with {count(still, 'other column')} held at the usual value" if still else ""


def boundary(study: Study) -> str:
    """What the decision or prediction of a linear model looks like."""
    inputs, classes = study.table.X.shape[1], len(study.table.classes)
    if study.table.task == "regression":
        return f"the predictions lie on a {'straight line' if inputs == 1 else 'plane, tilted but flat'}"
    if classes > 2:
        return f"between any two of the {classes} classes it is still straight"
    if inputs == 1:
        return "it is one threshold at most, where z = 0"
    return f"it is where z = 0, {'a straight line' if inputs == 2 else 'flat, and so a straight line in the picture'}"


def linear_sum(bias: float, weights: Any, names: tuple[str, ...]) -> str:
    """A net input written out; what is nothing beside the largest weight is written as 0."""
    least = ROUNDING * float(np.abs(weights).max())
    bias, *weights = (float(v) if abs(v) > least else 0.0 for v in (bias, *weights))
    terms = "".join(f" {'+' if w >= 0 else '-'} {short(abs(w))} · {n}" for w, n in zip(weights, names, strict=True))
    return f"z = {short(bias)}{terms}"


def weighted_sum(show: Show, name: str) -> str:
    """The weights of a linear model: all of them, or the largest."""
    weights, biases = in_unit(show.models[name])
    k = show.focus if len(weights) > 1 else 0
    w, unit = weights[k], "" if show.classes else ", in the unit of the target,"
    if len(w) <= 3:
        return f"With standardised inputs{unit} it is {linear_sum(float(biases[k]), w, show.names)}."
    largest = np.argsort(-np.abs(w), kind="stable")[:3]
    words = listed([f"{show.names[j]} ({'+' if w[j] >= 0 else '-'}{short(abs(w[j]))})" for j in largest])
    return f"Of its {len(w)} weights{unit} the largest belong to {words}."


def _also_by_probabilities(task: str) -> str:
    if task == "regression":
        return ""
    return (
        " Where accuracy leaves the odds with a bend, its probabilities are asked too: if the odds are against a lead "
        f"of more than {NEGLIGIBLE_BRIER} in the Brier score, a line is called probably enough."
    )


def method(study: Study) -> list[str]:
    """How the scores were made."""
    budget, task = study.plan.budget, study.table.task
    again = f", repeated {budget.repeats} times with new folds" if budget.repeats > 1 else ""
    kept = "with the shares of the classes kept" if task == "classification" else "rows shuffled"
    return [
        f"Every model was scored by {budget.folds}-fold cross-validation{again}, {kept}, with seed "
        f"{study.plan.seed}; all models saw the same folds. The preprocessing is fitted inside each fold on the "
        "training rows only: missing numbers take the mean and are marked, categories and text become numbers, "
        "dates become their parts, and every input is standardised.",
        *_recipe(study),
        "Intervals are 95\u00a0% t intervals of the mean over the folds with the correction of Nadeau and Bengio "
        "(2003, Machine Learning 52:239), since the folds share training rows. Two models are compared by their "
        "differences fold by fold, with the correlated Bayesian t-test (Corani and Benavoli 2015, Machine Learning "
        f"100:285): scores at most {NEGLIGIBLE} apart are practically equal, and a model is ahead where it is better "
        f"by more than that with probability {SURE} or more.{_also_by_probabilities(task)}",
        "What happens inside the networks was measured on the first fold, at the learning rate chosen there, on at "
        "most 500 rows; shares of dead and of saturated units in the table are means over all folds.",
    ]


def memory(study: Study, show: Show, peaks: tuple[int, int] | None) -> list[str]:
    """What the networks and the table take, and what the process that did the fits took."""
    network = core(show.models["identity"])
    weights = sum(a.nbytes for a in (*network.coefs_, *network.intercepts_))
    inputs = show.inputs.nbytes * len(study.table.y) / len(show.y)
    sizes = (
        f"The {count_weights(network):,} weights of a network take {spoken_size(weights)}, whatever its activation, "
        "and four times as much while Adam trains it, with the gradient and two moments; the table as numbers takes "
        f"{spoken_size(inputs)}."
    )
    if peaks is None:
        return [sizes]
    before, after = map(spoken_size, peaks)
    return [
        f"{sizes} The process that did the fits held {after} of memory at most (peak resident memory, with Python, its "
        f"libraries, the compiled kernels and all threads); before this study that peak was {before}."
    ]


def _recipe(study: Study) -> list[str]:
    loss = "log-loss" if study.table.task == "classification" else "squared error"
    rates = listed([f"{rate:.2g}" for rate in study.plan.rates])
    choice = f"a learning rate of {rates}" if len(study.plan.rates) == 1 else f"learning rates of {rates}"
    return [
        f"The networks have {layers(study)} and one recipe: Adam with batches of {DEFAULT_BATCH} rows, "
        f"{choice}, and weights drawn at random on the scale of the activation's gain. Training stops early: 10\u00a0% "
        f"of the training rows are set aside, and the weights with the lowest {loss} on them are kept. Of several "
        "learning rates the one with the lowest loss there counts, in each fold anew. Training ends "
        f"after {PATIENCE} epochs without a lower one, and after "
        f"{study.plan.budget.epochs} epochs at most."
    ]
