"""What happens inside the networks: a picture and a sentence for each measure."""

from __future__ import annotations

from typing import NamedTuple

from nonlin import plots
from nonlin.lab import Study
from nonlin.lab.meaning import meaning
from nonlin.plots import MEASURES
from nonlin.plots._diagnostics import Measure
from nonlin.report._numbers import Numbers, numbers
from nonlin.report._pictures import Picture, canvas, picture

SIZE = (4.1, 3.0)  # inches


class Finding(NamedTuple):
    """A measure: what it is called, what it says about this table, its picture."""

    title: str
    sentence: str
    picture: Picture


def findings(study: Study) -> list[Finding]:
    """Every measure of the networks, where the study has looked into them."""
    return [_finding(study, measure) for measure in MEASURES.values()] if study.diagnoses else []


def _finding(study: Study, measure: Measure) -> Finding:
    fig, ax = canvas(SIZE)
    plots.diagnostics(study, measure.key, ax)
    said = meaning(study, measure.key)
    when = "over the epochs" if measure.over_training else "at the end of training"
    alt = f"{_sentence_case(measure.title)} of each network {when}. {said}"
    behind = _over_training(study, measure) if measure.over_training else _in_the_end(study, measure)
    return Finding(_sentence_case(measure.title), said, picture(fig, alt, numbers=behind))


def _sentence_case(words: str) -> str:
    return words[0].upper() + words[1:]


def _over_training(study: Study, measure: Measure) -> Numbers:
    """The first hidden layer of each network with its initial weights and with those that were kept."""
    frame = study.training_diagnostics.query("layer == 1").set_index("model")
    kept = frame[frame["kept"]]
    initial = frame[(frame["epoch"] == 0) & ~frame["kept"]].reindex(kept.index)
    columns = {"network": list(kept.index), "at the start": initial[measure.key], "weights kept": kept[measure.key],
               "at epoch": kept["epoch"]}  # fmt: skip
    if measure.beside:
        columns[measure.beside[1]] = kept[measure.beside[0]]
    return numbers(f"{_sentence_case(measure.label)}, first hidden layer.", columns)


def _in_the_end(study: Study, measure: Measure) -> Numbers:
    frame = study.diagnostics.query("layer == 1").sort_values(measure.key, ascending=False, kind="stable")
    columns = {"network": list(frame["model"]), measure.title: frame[measure.key]}
    if measure.beside:
        columns[measure.beside[1]] = frame[measure.beside[0]]
    return numbers(f"{_sentence_case(measure.label)}.", columns)
