"""Several studies together: which activation is good on tables of this kind?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin.errors import bad_value
from nonlin.lab.ranks import LEVEL, Friedman, critical_difference, friedman, nemenyi, ranks
from nonlin.lab.result import Study

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What several studies say together.

    Ranks are compared and not scores, so that tables of classes and of numbers may be mixed.

    Attributes
    ----------
    tables : the tables' names
    models : the models that all studies have, best mean rank first
    scores : (tables, models), accuracy or R², NaN where a training ran away
    studies : the study of each table
    """

    tables: tuple[str, ...]
    models: tuple[str, ...]
    scores: Array
    studies: tuple[Study, ...] = ()

    @cached_property
    def ranks(self) -> Array:
        """(tables, models): 1 is best on a table."""
        return ranks(self.scores)

    @cached_property
    def friedman(self) -> Friedman:
        """Friedman's test that all models are alike."""
        return friedman(self.ranks)

    @cached_property
    def nemenyi(self) -> pd.DataFrame:
        """The p value of every pair of models."""
        return nemenyi(self.ranks, list(self.models))

    @cached_property
    def critical_difference(self) -> float:
        """The difference of mean ranks from which two models are told apart."""
        return critical_difference(*self.scores.shape)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per model, best first: its mean rank, and its score on every table."""
        import pandas as pd

        frame = pd.DataFrame({"model": self.models, "mean_rank": self.ranks.mean(axis=0)})
        return pd.concat([frame, pd.DataFrame(self.scores.T, columns=self.tables)], axis=1)

    @cached_property
    def groups(self) -> list[tuple[str, ...]]:
        """The largest groups of two or more models that cannot be told apart, best first.

        They overlap where a model can be told neither from a better nor from a worse one. Where Friedman's test finds
        no difference, all models are one group.
        """
        if self.friedman.p >= LEVEL:
            return [self.models]
        places = self.ranks.mean(axis=0)
        ends = np.searchsorted(places, places + self.critical_difference)
        starts = [i for i, end in enumerate(ends) if end > i + 1 and (i == 0 or end > ends[i - 1])]
        return [self.models[i : ends[i]] for i in starts]

    @cached_property
    def equals(self) -> list[str]:
        """The models that cannot be told from the best, best first."""
        return list(next((group for group in self.groups if self.models[0] in group), self.models[:1]))

    @cached_property
    def verdict(self) -> str:
        """Two sentences: whether the models differ over the tables, and which are ahead."""
        f, many = self.friedman, len(self.models)
        p = f"p = {f.p:.3f}" if f.p >= 0.001 else "p < 0.001"
        test = f"Friedman's test, χ²({f.freedom}) = {f.statistic:.2f}, {p}"
        over = f"Over {len(self.tables)} tables the {many} models"
        if f.p >= LEVEL:
            return (
                f"{over} cannot be told apart ({test}). Take the one that is best on your own table, or the cheapest."
            )
        best, rank = self.models[0], self.ranks[:, 0].mean()
        return (
            f"{over} differ ({test}). {best} has the best mean rank, {rank:.2f} of {many}; "
            f"{_behind(many - len(self.equals), many - 1)} (Nemenyi's test, mean ranks {self.critical_difference:.2f} "
            "or more apart)."
        )

    def to_html(self, path: str | Path) -> None:
        """Write the overview, and beside it the page of each study: ``study.html``, ``study-moons.html``, ….

        Raises
        ------
        OutputError
            A file cannot be written; what stood there before is untouched.
        """
        from nonlin.files import write_text
        from nonlin.report import pages_beside, render, render_comparison

        pages = pages_beside(path, [study.table.name for study in self.studies])
        for study, page in zip(self.studies, pages, strict=True):
            write_text(page, render(study))
        write_text(path, render_comparison(self, pages=[page.name for page in pages]))


def _behind(behind: int, rivals: int) -> str:
    if behind == rivals:
        return "all others are surely behind it"
    return f"{behind} of the {rivals} others {'is' if behind == 1 else 'are'} surely behind it"


def compare(studies: Sequence[Study]) -> Comparison:
    """Compare the models that several studies share, over all their tables.

    Parameters
    ----------
    studies : at least two, with at least three models in common

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        Too few studies, or too few models in common.

    Examples
    --------
    >>> import nonlin as nl
    >>> found = compare([nl.study(name, budget="quick", hidden=5, activations=["tanh"]) for name in ("xor", "moons")])
    >>> found.friedman.freedom
    4
    """
    if len(studies) < 2:
        raise bad_value("studies", "at least two", len(studies), "one table has its own verdict: Study.verdict")
    shared = [c.name for c in studies[0].plan.candidates if all(_has(study, c.name) for study in studies)]
    if len(shared) < 3:
        rule = "studies with at least three models in common"
        raise bad_value("studies", rule, shared, "give all of them the same activations")
    scores = np.array([[study.score(name).mean for name in shared] for study in studies])
    order = np.argsort(ranks(scores).mean(axis=0), kind="stable")
    return Comparison(_names(studies), tuple(shared[j] for j in order), scores[:, order], tuple(studies))


def _has(study: Study, name: str) -> bool:
    return any(candidate.name == name for candidate in study.plan.candidates)


def _names(studies: Sequence[Study]) -> tuple[str, ...]:
    """The tables' names; a number tells those apart that are alike."""
    names = [study.table.name for study in studies]
    return tuple(
        name if names.count(name) == 1 else f"{name} {names[: i + 1].count(name)}" for i, name in enumerate(names)
    )
