"""A finished study: the fits, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin.data import Table
from nonlin.lab.bayes import SURE, Posterior, posterior
from nonlin.lab.fitting import Fit
from nonlin.lab.layers import LayerState
from nonlin.lab.plan import Candidate, Plan
from nonlin.lab.probing import Diagnosis
from nonlin.lab.scores import scores_of
from nonlin.lab.statistics import Estimate, chosen_elsewhere, estimate
from nonlin.lab.verdict import (
    METRIC,
    LinearGap,
    activation_sentence,
    effort,
    guessing_sentences,
    linear_gap_sentence,
)  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Study:
    """What a study found.

    Attributes
    ----------
    table : the table that was studied
    plan : the candidates, the networks' width, the budget and the seed
    fits : one record per candidate and fold, at the learning rate that the inner split chose
    trials : the records of all learning rates
    diagnoses : what was found inside each network, on the first fold
    """

    table: Table
    plan: Plan
    fits: tuple[Fit, ...]
    trials: tuple[Fit, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()

    @property
    def metric(self) -> str:
        """The score of the leaderboard: "accuracy" or "R²"."""
        return METRIC[self.table.task]

    def fits_of(self, name: str) -> list[Fit]:
        """The fits of one candidate, in the order of the folds."""
        return [fit for fit in self.fits if fit.candidate == name]

    def score(self, name: str) -> Estimate:
        """The held-out score of one candidate; its interval ends at the best possible score."""
        e = estimate(self._scores(name), self.plan.budget.folds)
        lowest = 0.0 if self.table.task == "classification" else -np.inf
        return Estimate(e.mean, float(np.maximum(e.low, lowest)), float(np.minimum(e.high, 1.0)))

    def rate(self, name: str) -> float:
        """The learning rate that a candidate is best trained with: the median of what the folds chose."""
        return float(np.median([fit.rate for fit in self.fits_of(name)]))

    def _scores(self, name: str) -> Array:
        return np.array([fit.score for fit in self.fits_of(name)])

    @cached_property
    def baseline(self) -> float:
        """The score of a model that ignores the inputs: the largest class's share, or 0 for R²."""
        if self.table.task == "regression":
            return 0.0
        _, counts = np.unique(self.table.y, return_counts=True)
        return float(counts.max() / counts.sum())

    @cached_property
    def bent(self) -> list[Candidate]:
        """The candidates with a non-linear activation that were trained in every fold, best first."""
        bent = [c for c in self.plan.candidates if c.role == "bent" and c.name not in self.diverged]
        return sorted(bent, key=lambda c: -self.score(c.name).mean)

    @cached_property
    def diverged(self) -> list[str]:
        """The candidates whose training ran away in at least one fold; they have no score."""
        return [c.name for c in self.plan.candidates if np.isnan(self._scores(c.name)).any()]

    @cached_property
    def linear_gap(self) -> LinearGap:
        """What non-linearity buys: the best bent network minus the best straight model."""
        best, bent = self.bent[0].name, [c.name for c in self.bent]
        straight = [c.name for c in self.plan.candidates if c.role != "bent" and c.name not in self.diverged]
        rival = max(straight, key=lambda name: self.score(name).mean)
        folds = self.plan.budget.folds
        lead, told = self._lead(bent, straight, self._scores), None
        if self.table.task == "classification":
            told = posterior(self._lead(bent, straight, self._brier), folds)
        is_guessing = self._best_beside_guessing is not None
        return LinearGap(best, rival, estimate(lead, folds), posterior(lead, folds), told, is_guessing)

    def _lead(self, bent: list[str], straight: list[str], score: Callable[[str], Array]) -> Array:
        """Bent minus straight on every fold, each the best of its kind on the other folds; a model may lack a score."""
        scores = [np.stack([score(name) for name in names]) for names in (bent, straight)]
        known = [s[~np.isnan(s).any(axis=1)] for s in scores]
        return np.subtract(*(chosen_elsewhere(s, self.plan.budget.folds) for s in known))

    def _brier(self, name: str) -> Array:
        """The Brier score on every fold, the more the better; NaN for a model without probabilities."""
        return -np.array([fit.scores["brier"] for fit in self.fits_of(name)])

    def difference(self, name: str, other: str) -> Estimate:
        """The score of one candidate minus that of another, fold by fold."""
        return estimate(self._scores(name) - self._scores(other), self.plan.budget.folds)

    def belief(self, name: str, other: str) -> Posterior:
        """What is known of the mean difference between the scores of two candidates."""
        return posterior(self._scores(name) - self._scores(other), self.plan.budget.folds)

    @cached_property
    def pairwise(self) -> pd.DataFrame:
        """One row per ordered pair of candidates, best first: how probably the first is better, equal, worse.

        "Equal" means a difference of at most 0.01 in accuracy or R²; "ahead" that the first is surely better.
        """
        import pandas as pd

        names = [name for name in self.leaderboard["model"] if name not in self.diverged]
        pairs = [(name, other, self.belief(name, other)) for name in names for other in names if name != other]
        return pd.DataFrame(
            [
                (name, other, belief.better, belief.equal, belief.worse, belief.better >= SURE)
                for name, other, belief in pairs
            ],
            columns=["model", "other", "better", "equal", "worse", "ahead"],
        )

    @cached_property
    def equals(self) -> list[str]:
        """The activations that the best is not surely ahead of by more than a negligible amount, best first."""
        best = self.bent[0].name
        return [c.name for c in self.bent if self.belief(best, c.name).better < SURE]

    @property
    def winner(self) -> str | None:
        """The activation that is surely ahead of every other by more than a negligible amount, if there is one."""
        return self.equals[0] if len(self.equals) == 1 and len(self.bent) > 1 else None

    @cached_property
    def peers(self) -> list[str]:
        """The equals that are probably as good as the best: the odds are against its lead, if it has one."""
        return [name for name in self.equals if self.belief(self.equals[0], name).better < 0.5]

    @cached_property
    def cheapest(self) -> str:
        """The activation with the simplest formula among the peers; of alike ones that with the better score."""
        work = {c.name: effort(c.activation) for c in self.bent if c.activation is not None}
        return min(self.peers, key=lambda name: work[name])

    @cached_property
    def _best_beside_guessing(self) -> tuple[str, Estimate] | None:
        """Where no model is surely better than guessing the best of them, by R², or by ROC AUC, and its score.

        Not by accuracy: where one class is rare, it hardly shows what is learned. Guessing has R² 0 and ROC AUC 1/2.
        """
        folds = self.plan.budget.folds
        key, chance = ("r2", 0.0) if self.table.task == "regression" else ("roc_auc", 0.5)
        all_scores = {c.name: np.array([fit.scores[key] for fit in self.fits_of(c.name)]) for c in self.plan.candidates}
        known = {name: scores for name, scores in all_scores.items() if not np.isnan(scores).any()}
        if not known or any(posterior(s - chance, folds).above(0.0) >= SURE for s in known.values()):
            return None
        best = max(known, key=lambda name: known[name].mean())
        return best, estimate(known[best], folds)

    @cached_property
    def verdict(self) -> str:
        """Two sentences: what non-linearity buys, and which activation to take."""
        gap, task = self.linear_gap, self.table.task
        if self._best_beside_guessing is not None:
            return guessing_sentences(*self._best_beside_guessing, task)
        first = linear_gap_sentence(gap, self.score(gap.best), self.score(gap.rival), task)
        return f"{first} {activation_sentence(gap, self.equals, self.peers, self.cheapest, len(self.bent))}"

    @cached_property
    def leaderboard(self) -> pd.DataFrame:
        """One row per candidate, best first: held-out scores, the first with its interval, and how it was trained."""
        import pandas as pd

        rows = [self._row(candidate) for candidate in self.plan.candidates]
        frame = pd.DataFrame(rows).sort_values(["score", "model"], ascending=[False, True], kind="stable")
        return frame.reset_index(drop=True)

    def _row(self, candidate: Candidate) -> dict[str, Any]:
        fits = self.fits_of(candidate.name)
        score = self.score(candidate.name)
        return {
            "model": candidate.name, "role": candidate.role, "score": score.mean, "low": score.low, "high": score.high,
            "train_score": float(np.mean([f.train_score for f in fits])),
            **{s.key: float(np.mean([f.scores[s.key] for f in fits])) for s in scores_of(self.table.task)},
            "rate": self.rate(candidate.name), "epochs": float(np.mean([f.epochs for f in fits])),
        }  # fmt: skip

    @cached_property
    def cost(self) -> pd.DataFrame:
        """One row per candidate: mean seconds of a fit, and of all its fits with the choice of the rate."""
        import pandas as pd

        names = [candidate.name for candidate in self.plan.candidates]
        one = [float(np.mean([fit.seconds for fit in self.fits_of(name)])) for name in names]
        whole = [sum(fit.seconds for fit in self.trials if fit.candidate == name) for name in names]
        return pd.DataFrame({"model": names, "seconds": one, "all_seconds": whole})

    @cached_property
    def diagnostics(self) -> pd.DataFrame:
        """One row per network and hidden layer: what it is like after training.

        Shares of dead and of saturated units, and the score's gap between the rows trained on and those held out, are
        averaged over the folds; the rest is measured on the first fold (:class:`~nonlin.lab.probing.Diagnosis`).
        """
        import pandas as pd

        health = [
            {"model": fit.candidate, **asdict(layer), "score_gap": fit.train_score - fit.score}
            for fit in self.fits
            for layer in fit.health
        ]
        frame = pd.DataFrame(health).groupby(["model", "layer"], sort=False).mean().reset_index()
        inside = pd.DataFrame([self._inside(d, layer) for d in self.diagnoses for layer in d.layers])
        return frame if inside.empty else frame.merge(inside, "left", ["model", "layer"])

    def _inside(self, diagnosis: Diagnosis, layer: LayerState) -> dict[str, Any]:
        repeated, parts = ("units", "dead", "saturated"), ("candidate", "fold", "rate", "epoch", "training", "layers")
        whole = {key: value for key, value in vars(diagnosis).items() if key not in parts}
        own = {key: value for key, value in vars(layer).items() if key not in repeated}
        return {"model": diagnosis.candidate, **own, **whole}

    @cached_property
    def training_diagnostics(self) -> pd.DataFrame:
        """One row per network, epoch looked at and hidden layer; ``kept`` marks the weights that training kept."""
        import pandas as pd

        states = [
            {"model": d.candidate, "kept": kept, **vars(state)}
            for d in self.diagnoses
            for kept, group in ((False, d.training), (True, d.layers))
            for state in group
        ]
        return pd.DataFrame(states).sort_values(["epoch", "layer"], kind="stable").reset_index(drop=True)

    def to_html(self, path: str | Path) -> None:
        """Write the report: one self-contained page.

        Raises
        ------
        OutputError
            The file cannot be written; what stood there before is untouched.
        """
        from nonlin.files import write_text
        from nonlin.report import render

        write_text(path, render(self))

    def _repr_html_(self) -> str:
        return f"<p>{self.verdict}</p>{self.leaderboard.to_html(index=False, float_format='{:.3f}'.format)}"
