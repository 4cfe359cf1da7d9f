"""A step of the story, and the surface that most steps show."""

from __future__ import annotations

from dataclasses import dataclass

from nonlin.lab import Study
from nonlin.report import _pictures as pictures
from nonlin.report._pictures import Picture
from nonlin.report._show import Show
from nonlin.report._tables import number


@dataclass(frozen=True)
class Step:
    """A step of the story: what it is called, its formula, its words, its pictures."""

    title: str
    formula: str
    paragraphs: tuple[str, ...]
    pictures: tuple[Picture, ...]


def surface(study: Study, show: Show, name: str) -> Picture:
    """What a model of the study says on the plane, with its held-out score below."""
    classes, bent = study.table.task == "classification", name in {c.name for c in study.bent}
    what = "any boundary" if classes else "the surface"
    shape = f"{what} may bend" if bent else f"{what} is straight" if classes else f"{what} is flat"
    words = pictures.title(name)
    caption = f"{words[0].upper()}{words[1:]}: {number(study.score(name).mean)} {study.metric} held out."
    return pictures.surface(study, show, name, shape, caption)
