"""Several tables on one page: each table's verdict in a row, and the ranks of the models over all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from nonlin import plots
from nonlin.lab import Study
from nonlin.lab.comparison import Comparison
from nonlin.lab.ranks import LEVEL, critical_difference
from nonlin.report import _tables, _words
from nonlin.report._numbers import Numbers, numbers
from nonlin.report._pictures import Picture, canvas, picture
from nonlin.report._tables import Scale, number, signed

MANY = 10  # tables, above which Friedman's χ² is a good approximation (Demšar 2006)
NAMED = 5  # tables that a sentence still lists
WIDTH, ROW = 7.0, 0.26  # inches
ANSWERS = {
    "pays": "non-linearity pays",
    "unclear": "unclear whether it pays",
    "probably enough": "a line is probably enough",
    "enough": "a line is enough",
    "guessing": "nothing surely beats guessing",
}


def overview(comparison: Comparison, pages: Sequence[str]) -> dict[str, Any]:
    """What the page of several studies shows."""
    scale = _gap_scale(comparison.studies)
    addresses = [quote(page) for page in pages] or [""] * len(comparison.studies)
    return {
        "facts": _facts(comparison), "answer": answer(comparison), "scale": scale,
        "rows": [
            _row(name, study, address, scale)
            for name, study, address in zip(comparison.tables, comparison.studies, addresses, strict=True)
        ],
        "differences": differences(comparison), "meaning": meaning(comparison), "pairs": _pairs(comparison),
        "ranks": _ranks(comparison), "method": _method(comparison),
        "versions": _tables.versions(), "python": _python_lines(comparison),
    }  # fmt: skip


def _facts(comparison: Comparison) -> list[str]:
    studies = comparison.studies
    tasks = [study.table.task for study in studies]
    return [
        _words.count(len(studies), "table"),
        _words.count(sum(len(study.table.y) for study in studies), "row"),
        *[f"{tasks.count(task)} of {task}" for task in ("classification", "regression") if task in tasks],
        f"{len(comparison.models)} models in all of them",
    ]


def answer(comparison: Comparison) -> str:
    """On which tables a bend pays, and on which it does not."""
    found = {key: _where(comparison, key) for key in ANSWERS}
    straight, unclear = [*found["enough"], *found["probably enough"]], found["unclear"]
    enough = f"a linear model is enough, or probably so, on {_named(straight)}" if straight else ""
    rest = f"it stays unclear on {_named(unclear)}" if unclear else ""
    none = f"no model surely beats guessing on {_named(found['guessing'])}" if found["guessing"] else ""
    return f"{'; '.join(filter(None, [_paid(found['pays'], len(comparison.tables)), enough, rest, none]))}."


def _where(comparison: Comparison, key: str) -> list[str]:
    pairs = zip(comparison.tables, comparison.studies, strict=True)
    return [name for name, study in pairs if study.linear_gap.answer == key]


def _paid(names: list[str], tables: int) -> str:
    if len(names) == tables:
        return f"Non-linearity pays on {'both' if tables == 2 else f'all {tables}'} tables"
    if not names:
        return "Non-linearity surely pays on none of the tables"
    which = f" ({_named(names)})" if len(names) <= NAMED else ""
    return f"Non-linearity pays on {len(names)} of {tables} tables{which}"


def _named(names: list[str]) -> str:
    """A few names, or how many there are."""
    return _words.listed(names) if len(names) <= NAMED else f"{len(names)} of them"


def _row(name: str, study: Study, address: str, scale: Scale) -> dict[str, Any]:
    gap = study.linear_gap
    e = gap.lead
    return {
        "table": name, "address": address, "verdict": study.verdict, "answer": ANSWERS[gap.answer],
        "kind": f"{_words.count(len(study.table.y), 'row')}, {study.table.task}", "metric": study.metric,
        "linear": number(study.score(gap.rival).mean), "score": number(study.score(gap.best).mean), "best": gap.best,
        "gap": signed(e.mean), "interval": f"{signed(e.low)} to {signed(e.high)}",
        "zero": scale.at(0.0), "at": scale.at(e.mean), "from": scale.at(e.low), "to": scale.at(e.high),
    }  # fmt: skip


def _gap_scale(studies: Sequence[Study]) -> Scale:
    """Round ends that hold 0 and every gap with its interval; beyond ±1 a drawing stops."""
    ends = [v for s in studies for v in (s.linear_gap.lead.low, s.linear_gap.lead.high) if math.isfinite(v)]
    low, high = (min(max(v, -1.0), 1.0) for v in (min(0.0, *ends, 0.0), max(0.0, *ends, 0.0)))
    step = 0.05 if high - low < 0.5 else 0.1
    return Scale(round(math.floor(low / step) * step, 2), round(max(math.ceil(high / step), 1) * step, 2))


def differences(comparison: Comparison) -> Picture:
    """The critical-difference diagram."""
    rows = len(comparison.groups) + (len(comparison.models) + 1) // 2
    fig, ax = canvas((WIDTH, ROW * (rows + 6)))
    plots.critical_differences(comparison, ax)
    places = comparison.ranks.mean(axis=0)
    alt = (
        f"The mean ranks of {len(places)} models over {len(comparison.tables)} tables, from {comparison.models[0]} "
        f"({places[0]:.2f}) to {comparison.models[-1]} ({places[-1]:.2f}). {_bars(comparison)}"
    )
    caption = "Rank 1 is best. A bar joins models that cannot be told apart; they may overlap."
    behind = numbers("Mean ranks.", {"model": list(comparison.models), "mean rank": [f"{p:.2f}" for p in places]})
    return picture(fig, alt, caption, behind)


def _bars(comparison: Comparison) -> str:
    groups = [f"{group[0]} to {group[-1]}" for group in comparison.groups]
    return f"Bars join {_words.listed(groups)}." if groups else "No bar joins any two of them."


def meaning(comparison: Comparison) -> list[str]:
    """What the diagram says, and what so few tables cannot say."""
    return [_said(comparison), *_too_few(len(comparison.tables), len(comparison.models))]


def _said(comparison: Comparison) -> str:
    models, equals = comparison.models, comparison.equals
    if comparison.friedman.p >= LEVEL:
        return (
            "One bar joins all models: if they were all alike, ranks as uneven as these would come up by chance with "
            f"probability {comparison.friedman.p:.3f}. This order is no reason to choose {models[0]} over {models[-1]}."
        )
    if len(equals) == 1:
        return f"{models[0]} stands alone: every other model is surely behind it on tables like these."
    behind = [name for name in models if name not in equals]
    rest = f", and {_words.listed(behind)} {'is' if len(behind) == 1 else 'are'} surely behind" if behind else ""
    return (
        f"{models[0]} has the best mean rank; {_words.listed(equals[1:])} cannot be told from it{rest}. Of these "
        f"{len(equals)} take the simplest."
    )


def _too_few(tables: int, models: int) -> list[str]:
    """The honest sentences about few tables; none where there are many."""
    if tables > MANY:
        return []
    rough = (
        f"{tables} tables are few: the test of ranks is rough up to {MANY} tables, and finds only large differences. "
        "For a table of your own, its own study says more."
    )
    needed = math.ceil((critical_difference(1, models) / (models - 1)) ** 2)
    if tables >= needed:
        return [rough]
    return [
        f"With {tables} tables no two of {models} models can be told apart, whatever their ranks: the critical "
        f"difference is {critical_difference(tables, models):.2f}, and ranks differ by {models - 1} at most. That "
        f"takes {needed} tables at least, or fewer models.",
        rough,
    ]


def _pairs(comparison: Comparison) -> Numbers:
    frame = comparison.nemenyi
    columns = {"model": list(frame.index)} | {str(name): [f"{p:.3f}" for p in frame[name]] for name in frame}
    return numbers("Nemenyi's p values: how often ranks so far apart come up by chance, for any pair.", columns)


def _ranks(comparison: Comparison) -> list[dict[str, Any]]:
    """One row per model: its mean rank, the place of this on a line from 1 to the last, its score on every table."""
    scale = Scale(1.0, float(len(comparison.models)))
    return [
        {"model": name, "rank": f"{place:.2f}", "at": scale.at(place), "equal": name in comparison.equals,
         "scores": [number(score) for score in scores]}
        for name, place, scores in zip(
            comparison.models, comparison.ranks.mean(axis=0), comparison.scores.T, strict=True
        )
    ]  # fmt: skip


def _method(comparison: Comparison) -> list[str]:
    only = sorted({c.name for s in comparison.studies for c in s.plan.candidates} - set(comparison.models))
    left_out = f" Not ranked, since some tables lack them: {_words.listed(only)}." if only else ""
    return [
        "Each table was studied by itself; its own page says how, and holds the pictures. The linear gap is the "
        "held-out score of the best bent network minus that of the best straight model, fold by fold, each chosen on "
        "the other folds, with its 95\u00a0% interval.",
        "Over the tables ranks are compared and not scores, so that accuracy and R² may be mixed. On each table the "
        "models are ranked by their mean held-out score; equal scores share their ranks, and a training that ran away "
        f"is last.{left_out} Friedman's test asks whether all mean ranks are alike, Nemenyi's which pairs differ; it "
        "allows for the number of pairs. Both keep false alarms to 5\u00a0% (Demšar 2006, Journal of Machine Learning "
        "Research 7:1).",
        "The tests take the tables for a sample of those that you will meet. Near relatives among them, or a choice "
        "that favours a model, mislead the ranks.",
    ]


def _python_lines(comparison: Comparison) -> str:
    """The Python lines that repeat it."""
    calls = [_tables.study_call(study) for study in comparison.studies]
    opening = "# table: the data frame, or the path of its file\n" if any("(table" in call for call in calls) else ""
    listed = "".join(f"    {call},\n" for call in calls)
    return (
        f"import nonlin as nl\nfrom nonlin.lab.comparison import compare\n\n{opening}result = compare([\n{listed}])\n"
        'print(result.verdict)\nresult.to_html("study.html")'
    )
