from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

import nonlin as nl
from nonlin.lab import Study
from nonlin.lab.fitting import Fit
from nonlin.report._show import Show, fit_show

QUICK = {"activations": ["tanh"], "budget": "quick", "hidden": 8}
HOSTILE = "<script>alert(1)</script>"


def hostile_frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 120))
    return pd.DataFrame(
        {
            HOSTILE: a,
            "$x_1$ & \"y'": b,
            "site": rng.choice(["north", "<img src=x onerror=alert(1)>"], 120),
            "</style><b>": np.where(a * b > 0.3, "<i>high</i>", np.where(a > 0, "mid & more", "low")),
        }
    )


@pytest.fixture(scope="session")
def moons() -> Study:
    return nl.study("moons", **QUICK)


@pytest.fixture(scope="session")
def moons_show(moons: Study) -> Show:
    return fit_show(moons)


@pytest.fixture(scope="session")
def hostile() -> Study:
    return nl.study(hostile_frame(), target="</style><b>", **QUICK)


@pytest.fixture(scope="session")
def diabetes() -> Study:
    return nl.study("diabetes", **QUICK)


def with_score(fit: Fit, score: float, **others: float) -> Fit:
    """The same fit with another score on the leaderboard."""
    first = next(iter(fit.scores))
    return dataclasses.replace(fit, scores=fit.scores | {first: score}, **others)


def ran_away(fit: Fit) -> Fit:
    """The same fit as the study keeps it where training ran away."""
    nothing = dict.fromkeys(fit.scores, math.nan)
    return dataclasses.replace(fit, scores=nothing, loss_curve=(), validation_curve=(), health=(), epochs=0)


def scored(study: Study, **means: float) -> Study:
    """The same study with these mean scores (0.8 for others), and a little noise that differs by fold and model."""
    known = {name.replace("_", " "): mean for name, mean in means.items()}
    middle = (study.plan.budget.folds - 1) / 2

    def changed(fit: Fit) -> Fit:
        noise = 0.002 * (fit.fold - middle) * (1 + len(fit.candidate) % 3)
        return with_score(fit, known.get(fit.candidate, 0.8) + noise)

    return dataclasses.replace(study, fits=tuple(map(changed, study.fits)))
