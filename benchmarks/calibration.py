"""How often the study's verdict is right where the truth is planted: `docs/calibration.md`.

Run ``python benchmarks/calibration.py --page docs/calibration.md [--draws N]``; the page says what is measured.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.datasets import make_moons

import nonlin as nl
from nonlin.data import Table, load
from nonlin.lab import Study, make_plan
from nonlin.lab.bayes import SURE
from nonlin.lab.fitting import fit_one, known_warnings_off, prepare, splits
from nonlin.lab.plan import Plan, trials

Array = np.ndarray[Any, Any]
Generator = np.random.Generator
HIDDEN, FOLDS = 10, 5
FIRST = 100  # of the draws of linear tables: the rules were made on those before
Make = Callable[[Generator, int], tuple[Array, Array]]
CRIPPLED = "tanh(z/50)"  # nearly a straight line at the size that weights have when training begins


def linear_classes(rng: Generator, rows: int) -> tuple[Array, Array]:
    """Two classes with log-odds three times a standardised weighted sum of four inputs."""
    X, z = _weighted_sum(rng, rows)
    return X, np.where(rng.random(rows) < 1 / (1 + np.exp(-3 * z)), "yes", "no")


def linear_numbers(rng: Generator, rows: int) -> tuple[Array, Array]:
    """A standardised weighted sum of four inputs, and noise of half its size: R² = 0.8."""
    X, z = _weighted_sum(rng, rows)
    return X, z + 0.5 * rng.normal(size=rows)


def _weighted_sum(rng: Generator, rows: int) -> tuple[Array, Array]:
    X = rng.normal(size=(rows, 4))
    z = X @ rng.normal(size=4)
    return X, z / z.std()


def moons(rng: Generator, rows: int) -> tuple[Array, Array]:
    """Two noisy moons, on which the best bend gains about 0.06 over the best line."""
    X, y = make_moons(rows, noise=0.25, random_state=int(rng.integers(2**31)))
    return X, np.where(y, "lower", "upper")


def curved_numbers(rng: Generator, rows: int) -> tuple[Array, Array]:
    """The linear numbers with half a standardised square of one input, worth 0.17 R²."""
    X, y = linear_numbers(rng, rows)
    return X, y + 0.5 * (X[:, 0] ** 2 - 1) / np.sqrt(2)


def table_of(made: tuple[Array, Array]) -> Table:
    """The table of a draw."""
    X, y = made
    return load(pd.DataFrame(X, columns=[f"x{j}" for j in range(X.shape[1])]).assign(y=y), "y")


def studies(
    make: Make, rows: int, activations: list[Any] | None, draws: int, budget: str = "quick", first: int = 0
) -> Iterator[Study]:  # fmt: skip
    """A study of each draw, with small networks."""
    for draw in range(first, first + draws):
        table = table_of(make(np.random.default_rng([rows, draw]), rows))
        yield nl.study(table, activations=activations, hidden=HIDDEN, budget=budget, seed=draw)


def identical_studies(models: int, rows: int, draws: int) -> Iterator[Study]:
    """Studies of one activation under several names, each name with initial weights and batches of its own."""
    names = [f"twin {j + 1}" for j in range(models)]
    for draw in range(draws):
        table = table_of(moons(np.random.default_rng([rows, draw]), rows))
        plan = make_plan(table.task, [nl.Activation("tanh(z)", name=name) for name in names], HIDDEN, "quick", draw)
        twins = tuple(c for c in plan.candidates if c.name != "sigmoid")
        yield _with_own_seeds(table, dataclasses.replace(plan, candidates=twins))


def _with_own_seeds(table: Table, plan: Plan) -> Study:
    folds = [prepare(table, i, *rows) for i, rows in enumerate(splits(table, plan))]
    seeds = {c.name: plan.seed + 10**6 * (j + 1) for j, c in enumerate(plan.candidates)}
    with known_warnings_off():
        fits = [
            fit_one(trial, folds[trial.fold], table.task, dataclasses.replace(plan, seed=seeds[trial.candidate.name]))
            for trial in trials(plan)
        ]
    return Study(table, plan, tuple(fits), tuple(fits))


def fold_scores(rng: Generator, draws: int, models: int, folds: int, spread: float) -> Array:
    """Scores (draws, models, folds) of models that are alike, as cross-validation would correlate them.

    The difference of two models has the standard deviation ``spread`` on a fold and the correlation 1/5 between folds.
    """
    own = np.sqrt(1 - 1 / FOLDS) * rng.normal(size=(draws, models, folds))
    shared = np.sqrt(1 / FOLDS) * rng.normal(size=(draws, models, 1))
    return np.asarray(spread / np.sqrt(2) * (own + shared))


def winners(scores: Array, sure: float = SURE) -> Array:
    """Of each draw the number of the winner, or -1: the rule of `Study.winner` on many draws at once."""
    best = scores.mean(axis=2).argmax(axis=1)
    ahead = np.take_along_axis(scores, best[:, None, None], axis=1) - scores
    folds = scores.shape[2]
    scale = np.maximum(ahead.std(axis=2, ddof=1), 1e-300) * np.sqrt(1 / folds + 1 / (FOLDS - 1))
    better = stats.t.sf((0.01 - ahead.mean(axis=2)) / scale, folds - 1)
    return np.where((better >= sure).sum(axis=1) == scores.shape[1] - 1, best, -1)


def share(hits: Any) -> str:
    """A share in per cent with its 95 % interval (Clopper and Pearson)."""
    hits = np.asarray(hits, dtype=bool)
    low, high = stats.binomtest(int(hits.sum()), hits.size).proportion_ci()
    return f"{100 * hits.mean():.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def straight_rows(draws: int) -> Iterator[str]:
    """What the verdict says of linear tables."""
    yield (
        "| table | rows | budget | activations | draws | enough | probably enough | says linear | by accuracy alone | "
        "unclear | pays |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    few = ["relu", "tanh", "gelu"]
    for make, rows, budget, activations in (
        (linear_numbers, 200, "quick", None), (linear_classes, 200, "quick", None),
        (linear_classes, 200, "standard", None), (linear_classes, 1000, "quick", few),
    ):  # fmt: skip
        gaps = [s.linear_gap for s in studies(make, rows, activations, draws, budget, FIRST)]
        answers, alone = np.array([gap.answer for gap in gaps]), np.array([gap.belief.better < 0.5 for gap in gaps])
        enough, probably, unclear, pays = (answers == one for one in ("enough", "probably enough", "unclear", "pays"))
        shares = [share(hits) for hits in (enough, probably, enough | probably, alone, unclear, pays)]
        count = 10 if activations is None else 4
        yield f"| {_kind(make)} | {rows} | {budget} | {count} | {draws} | {' | '.join(shares)} |"


def bent_rows(draws: int) -> Iterator[str]:
    """What the verdict says of tables with a bend, where one of the activations cannot bend."""
    yield "| table | rows | budget | draws | mean lead | pays | unclear | probably enough | enough | crippled behind |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    crippled = nl.Activation(CRIPPLED, name="crippled")
    for make, rows, budget in (
        (moons, 200, "quick"), (moons, 200, "standard"), (moons, 1000, "quick"),
        (curved_numbers, 200, "quick"), (curved_numbers, 1000, "quick"),
    ):  # fmt: skip
        found = list(studies(make, rows, ["relu", "tanh", crippled], draws, budget))
        answers = np.array([s.linear_gap.answer for s in found])
        parts = [share(answers == answer) for answer in ("pays", "unclear", "probably enough", "enough")]
        lead = np.mean([s.linear_gap.lead.mean for s in found])
        behind = share(["crippled" not in s.equals for s in found])
        yield f"| {_kind(make)} | {rows} | {budget} | {draws} | {lead:+.3f} | {' | '.join([*parts, behind])} |"


def _kind(make: Make) -> str:
    return make.__name__.replace("_", " ")


def identical_rows(draws: int) -> Iterator[str]:
    """How often a winner is declared among candidates that are one."""
    yield "| candidates | from | spread of a fold's differences | folds | draws | no winner | none with 0.95 |"
    yield "|---|---|---|---|---|---|---|"
    for models in (2, 5):
        found = share([s.winner is None for s in identical_studies(models, 200, draws)])
        yield f"| {models} | fits on 200 rows | | 5 | {draws} | {found} | |"
    rng = np.random.default_rng(0)
    for models in (2, 10):
        for spread in (0.01, 0.03, 0.3):
            for folds in (5, 10, 50):
                scores = fold_scores(rng, 10_000, models, folds, spread)
                none = [share(winners(scores, sure) == -1) for sure in (SURE, 0.95)]
                yield f"| {models} | simulated scores | {spread} | {folds} | 10,000 | {none[0]} | {none[1]} |"


def power_rows() -> Iterator[str]:
    """How often a planted lead of one of ten candidates is found, and how often another is declared the winner."""
    yield "| planted lead | spread of a fold's differences | folds | the right winner | a wrong winner |"
    yield "|---|---|---|---|---|"
    rng = np.random.default_rng(1)
    for lead, spread in ((0.02, 0.01), (0.05, 0.01), (0.05, 0.03), (0.1, 0.03)):
        for folds in (5, 10, 50):
            scores = fold_scores(rng, 10_000, 10, folds, spread)
            scores[:, 0] += lead
            found = winners(scores)
            yield f"| {lead} | {spread} | {folds} | {share(found == 0)} | {share(found > 0)} |"


PAGE = """# Calibration of the verdict

Made by `python benchmarks/calibration.py --page docs/calibration.md`; do not edit it.

The truth is planted, and the study is asked. Shares are of so many draws of the table, with their 95 % intervals
(Clopper and Pearson). Fits have ten hidden units and the budget *quick* (five folds, one learning rate, the least that
a study can do) or *standard*, which is the default (five folds twice, three learning rates).

## The rules

- Two models are compared by the correlated Bayesian t test. Differences up to 0.01 in accuracy or R² count as equal.
- *Pays*: the best bent network is better than the best straight model by more than 0.01 with probability 0.975. Each
  is chosen on the other folds: the best of many looks better than it is on the rows that made it the best.
- The bend has to prove that it pays; a line is recommended in all other cases. It is *enough* where that probability
  is at most 0.025, *probably enough* below 0.5, and from there it is *unclear*. Accuracy counts rows, and on few rows
  chance decides: where it leaves the odds with the bend, the line is still *probably enough* if the odds are against a
  lead of more than 0.005 in the Brier score, a hundredth of a coin toss's.
- *Winner*: better than each other activation by more than 0.01 with probability 0.975. Not 0.95: which of two is ahead
  is seen before it is tested, so that an error has two sides; the last column of the third table shows what 0.95 does.

## Linear tables

{straight}

Classes have log-odds of three times a weighted sum of four inputs; numbers are such a sum and noise (R² = 0.8). *Says
linear* is enough or probably enough; *by accuracy alone* is how often it would be said without a look at the Brier
score. On 200 rows a fold holds out 40, and nobody can tell a difference of 0.01 from none: hence "probably". A line is
recommended wherever the bend does not pay. The rules were made on other draws of these tables than those counted here.

## Bent tables

Two moons with noise 0.25; the linear numbers with a square of one input. The networks are sigmoid, relu, tanh and
tanh(z/50), the crippled one, which cannot bend much, beside the identity. The mean lead is that of the best bent
network over the best line, each chosen on the other folds.

{bent}

## Identical candidates

Fits: tanh under several names, each with initial weights of its own, on moons. Simulated scores: each candidate has the
same mean, and the differences of two have the correlation 1/5 between folds that the test assumes.

{identical}

## A planted lead

Simulated scores of ten candidates, one of which is ahead and has to be told from all nine others; 10,000 draws each.

{power}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=100, help="tables of each kind (default 100)")
    parser.add_argument("--page", type=Path, help="where to write the page")
    options = parser.parse_args()
    parts = {"straight": straight_rows(options.draws), "bent": bent_rows(options.draws),
             "identical": identical_rows(options.draws), "power": power_rows()}  # fmt: skip
    tables = {name: "\n".join(_shown(rows)) for name, rows in parts.items()}
    if options.page:
        options.page.write_text(PAGE.format(**tables), encoding="utf-8")


def _shown(rows: Iterator[str]) -> Iterator[str]:
    for row in rows:
        print(row, flush=True)
        yield row


if __name__ == "__main__":
    main()
