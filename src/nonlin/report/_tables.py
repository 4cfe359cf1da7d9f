"""The tables of the page, as rows of words and of places along a scale in per cent."""

from __future__ import annotations

import math
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

import nonlin
from nonlin.data import built_in_names, load
from nonlin.lab import Study
from nonlin.lab.figures import figure, scientific
from nonlin.lab.plan import BUDGETS, DEFAULT_ACTIVATIONS
from nonlin.lab.scores import Score, scores_of
from nonlin.lab.statistics import Estimate
from nonlin.report._numbers import Numbers, numbers

Array = np.ndarray[Any, Any]
KINDS = {"linear": "no hidden layer", "identity": "network, no bend", "bent": "network, bent"}
WORST_R2 = -1.0  # drawings stop here


@dataclass(frozen=True)
class Scale:
    """The part of the number line that a drawing shows."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """The place of a value in per cent of the width; what lies outside goes to the nearer end."""
        if math.isnan(value):
            return 0.0
        return round(100 * min(max((value - self.low) / (self.high - self.low), 0.0), 1.0), 2)


def number(value: float, sign: str = "") -> str:
    """A score with three decimals, beyond ±1000 with a power of ten; a dash where there is none."""
    return figure(value, sign) if math.isfinite(value) else "–"


def signed(value: float) -> str:
    """A difference of scores, as :func:`number` writes it, with its sign."""
    return number(value, "+")


def interval(e: Estimate) -> str:
    """A mean score with its interval."""
    return f"{number(e.mean)} ({number(e.low)} to {number(e.high)})"


def score_scale(study: Study, values: Sequence[float]) -> Scale:
    """A scale of round ends that holds the scores; an accuracy lies in [0, 1], and R² does not pass 1."""
    floor = 0.0 if study.table.task == "classification" else WORST_R2
    known = [min(max(v, floor), 1.0) for v in values if math.isfinite(v)] or [floor, 1.0]
    step = 0.05 if max(known) - min(known) < 0.5 else 0.1
    low, high = math.floor(min(known) / step + 1e-9) * step, math.ceil(max(known) / step - 1e-9) * step
    return Scale(round(max(low, floor), 4), round(min(max(high, low + step), 1.0), 4) if low < 1.0 else 1.0 + step)


def leaderboard(study: Study) -> tuple[list[dict[str, Any]], Scale]:
    """One row per model, best first, and the scale on which their intervals are drawn."""
    frame = study.leaderboard
    scale = score_scale(study, [*frame["low"], *frame["high"], *frame["score"]])
    error = "log_loss" if study.table.task == "classification" else "rmse"
    rows = [
        {
            "model": r["model"], "role": r["role"], "kind": KINDS[r["role"]], "score": number(r["score"]),
            "interval": f"{number(r['low'])} to {number(r['high'])}", "train": number(r["train_score"]),
            "error": short(r[error]), "epochs": f"{r['epochs']:.0f}", "rate": f"{r['rate']:.2g}" if r["rate"] else "–",
            "from": scale.at(r["low"]), "to": scale.at(r["high"]), "at": scale.at(r["score"]),
        }
        for r in frame.to_dict("records")
    ]  # fmt: skip
    return rows, scale


def all_scores(study: Study) -> Numbers:
    """Every score of every model, best first by the score of the leaderboard."""
    frame = study.leaderboard
    columns = {
        _arrow(s): [(number if s.more_is_better else short)(v) for v in frame[s.key]]
        for s in scores_of(study.table.task)
    }
    return numbers("Means over the folds on rows held out. ↑: more is better. ↓: less is better.",
                   {"model": list(frame["model"]), **columns})  # fmt: skip


def _arrow(score: Score) -> str:
    return f"{score.title} {'↑' if score.more_is_better else '↓'}"


def cost(study: Study) -> list[dict[str, Any]]:
    """Seconds of each model: of one fit, and of all its fits as a share of the study."""
    frame = study.cost.sort_values("all_seconds", ascending=False, kind="stable")
    longest = max(float(frame["all_seconds"].max()), 1e-9)
    return [
        {"model": r["model"], "one": f"{r['seconds']:.3f}", "all": f"{r['all_seconds']:.1f}",
         "width": round(100 * r["all_seconds"] / longest, 2)}
        for r in frame.to_dict("records")
    ]  # fmt: skip


def short(value: float) -> str:
    """A number of any size with three figures or more, below 0.001 and from a million with a power of ten."""
    size = abs(value)
    if not math.isfinite(size):
        return "–"
    if 0 < size < 0.001 or size >= 1e6:
        return scientific(value)
    small = 3 if size >= 0.1 or size == 0 else 2 - math.floor(math.log10(size))
    digits = small if size < 10 else 1 if size < 1000 else 0
    return f"{value + 0.0:,.{digits}f}"


def extent(values: Array) -> str:
    """From where to where numbers run; where three figures cannot tell the ends apart, how far around the middle."""
    low, high = float(values.min()), float(values.max())
    if 0 < high - low < 0.01 * max(abs(low), abs(high)):
        return f"over {short(high - low)} around {short(low + (high - low) / 2)}"
    return f"from {short(low)} to {short(high)}"


def per_cent(value: float) -> str:
    """A share with one decimal."""
    return f"{100 * value:.1f}\u00a0%"


def gap_drawing(lead: Estimate) -> dict[str, float]:
    """Places of the lead, of its interval and of 0 on a scale that holds them all."""
    ends = [v for v in (0.0, lead.low, lead.mean, lead.high) if math.isfinite(v)]
    room = max(0.25 * (max(ends) - min(ends)), 0.01)
    scale = Scale(min(ends) - room, max(ends) + room)
    return {"zero": scale.at(0.0), "at": scale.at(lead.mean), "from": scale.at(lead.low), "to": scale.at(lead.high)}


def overfitting(study: Study, names: Sequence[str]) -> tuple[list[dict[str, Any]], Scale]:
    """Scores on training rows beside those on held-out rows."""
    pairs = {name: (train_score(study, name), study.score(name).mean) for name in names}
    scale = score_scale(study, [v for pair in pairs.values() for v in pair])
    rows = [
        {
            "model": name, "train": number(seen), "held_out": number(held), "difference": signed(seen - held),
            "seen_at": scale.at(seen), "held_at": scale.at(held),
        }
        for name, (seen, held) in pairs.items()
    ]  # fmt: skip
    return rows, scale


def train_score(study: Study, name: str) -> float:
    """Mean score on the training rows of the folds."""
    return float(np.mean([fit.train_score for fit in study.fits_of(name)]))


def diagnostics(study: Study) -> list[dict[str, Any]]:
    """One row per network and hidden layer: dead and saturated units."""
    return [
        {key: r[key] for key in ("model", "layer", "dead", "saturated")}
        | {"units": f"{r['units']:.0f}"}
        | {f"{key}_share": per_cent(r[key]) for key in ("dead", "saturated")}
        for r in study.diagnostics.to_dict("records")
    ]


def versions() -> list[tuple[str, str]]:
    """What computed the page."""
    packages = [(name, version(name)) for name in ("numpy", "scikit-learn", "numba")]
    return [("nonlin", nonlin.__version__), *packages, ("Python", platform.python_version())]


def python_lines(study: Study) -> str:
    """The Python lines that repeat the study."""
    opening = "" if _is_built_in(study) else "# table: the data frame, or the path of its file\n"
    return (
        f"import nonlin as nl\n\n{opening}result = {study_call(study)}\n"
        'print(result.verdict)\nresult.to_html("study.html")'
    )


def study_call(study: Study) -> str:
    """The call that repeats the study."""
    plan = study.plan
    source = repr(study.table.name) if _is_built_in(study) else f"table, target={study.table.target!r}"
    used = [c.activation for c in plan.candidates if c.role == "bent" and c.activation is not None]
    names = [a.formula if a.family == "custom" else a.name for a in used]
    default = sorted(names) == sorted(DEFAULT_ACTIVATIONS)
    hidden = plan.hidden[0] if len(plan.hidden) == 1 else plan.hidden
    budget = next((name for name, b in BUDGETS.items() if b == plan.budget), "standard")
    arguments = [source, *([] if default else [f"activations={names!r}"]), f'task={study.table.task!r}',
                 f"hidden={hidden!r}", f"budget={budget!r}", f"seed={plan.seed}"]  # fmt: skip
    return f"nl.study({', '.join(arguments)})"


def _is_built_in(study: Study) -> bool:
    """Whether the table is the built-in set of its name: a file may have that name too."""
    name = study.table.name
    return name in built_in_names() and load(name).X.equals(study.table.X)
