"""A study, or several together, as a self-contained page: the story, the leaderboard, the method."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from nonlin import catalogue
from nonlin.activation import Activation
from nonlin.lab import Study
from nonlin.lab.comparison import Comparison
from nonlin.report._memory import peak_memory

__all__ = ["pages_beside", "peak_memory", "render", "render_comparison"]


def render(study: Study, command: str | None = None, peaks: tuple[int, int] | None = None) -> str:
    """Write a study as one HTML page that needs no network and no script.

    The page holds its pictures and its style; it follows the reader's light or dark scheme, and the same study
    gives the same page.

    Parameters
    ----------
    study : Study
    command : str, optional
        The command line that made the study, to be shown as it is.
    peaks : two numbers of bytes, optional
        The peak memory of the process before its fits and after them.

    Returns
    -------
    str
        ``<!doctype html>…``

    Examples
    --------
    >>> import nonlin as nl
    >>> page = render(nl.study("iris", activations=["tanh"], hidden=5, budget="quick"))
    >>> page[:15], "<script" in page
    ('<!doctype html>', False)
    """
    from nonlin.plots._style import any_letters

    with any_letters():
        return _page("study.html", study=study, command=command, **_content(study, peaks))


def render_comparison(comparison: Comparison, command: str | None = None, pages: Sequence[str] = ()) -> str:
    """Write what several studies say together as one HTML page like that of a study.

    Parameters
    ----------
    comparison : Comparison
        As :func:`nonlin.lab.comparison.compare` returns it.
    command : str, optional
        The command line that made it, to be shown as it is.
    pages : str for each table, optional
        The names of the files that hold the studies' own pages, to be linked to.

    Returns
    -------
    str
        ``<!doctype html>…``

    Examples
    --------
    >>> import nonlin as nl
    >>> from nonlin.lab.comparison import compare
    >>> found = compare([nl.study(name, activations=["tanh"], hidden=5, budget="quick") for name in ("xor", "moons")])
    >>> "Over 2 tables the 5 models" in render_comparison(found)
    True
    """
    from nonlin.plots._style import any_letters
    from nonlin.report._overview import overview

    with any_letters():
        return _page("comparison.html", comparison=comparison, command=command, **overview(comparison, pages))


def pages_beside(out: str | Path, tables: Sequence[str]) -> list[Path]:
    """The files of several studies' own pages, beside the overview ``out``; a number tells tables of one name apart.

    Examples
    --------
    >>> [page.name for page in pages_beside("study.html", ["moons", "wine", "wine"])]
    ['study-moons.html', 'study-wine-1.html', 'study-wine-2.html']
    """
    out, names = Path(out), list(tables)
    twice = [f"-{names[: i + 1].count(name)}" if names.count(name) > 1 else "" for i, name in enumerate(names)]
    return [out.with_name(f"{out.stem}-{name}{number}{out.suffix}") for name, number in zip(names, twice, strict=True)]


def _page(template: str, **content: Any) -> str:
    environment = Environment(
        loader=PackageLoader("nonlin", "report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    style = files(__name__).joinpath("style.css").read_text(encoding="utf-8")
    return environment.get_template(template).render(style=style, **content).lstrip() + "\n"


def _content(study: Study, peaks: tuple[int, int] | None) -> dict[str, Any]:
    from nonlin.report import _charts, _multiples, _tables, _words
    from nonlin.report._diagnostics import findings
    from nonlin.report._differences import differences
    from nonlin.report._linear_steps import linear_steps
    from nonlin.report._network_steps import network_steps
    from nonlin.report._show import fit_show, rival

    show, lead = fit_show(study), study.linear_gap.lead
    steps = [*linear_steps(study, show), *network_steps(study, show)]
    board, scale = _tables.leaderboard(study)
    compared = ["identity", "sigmoid", *filter(None, [rival(study)])]
    seen, seen_scale = _tables.overfitting(study, compared)
    return {
        "surfaces": _multiples.surfaces(study, show), "differences": differences(study),
        "findings": findings(study), "scores": _tables.all_scores(study),
        "cost": _tables.cost(study), "seconds": f"{study.cost['all_seconds'].sum():,.1f}",
        "memory": _words.memory(study, show, peaks),
        "facts": _words.facts(study), "opening": _words.opening(study, show), "steps": steps,
        "gap": _tables.gap_drawing(lead), "lead": {part: _tables.signed(value) for part, value in vars(lead).items()},
        "board": board, "scale": scale, "baseline": study.baseline,
        "seen": seen, "seen_scale": seen_scale, "curves": _charts.learning_curves(study), "curve_key": _charts.key(),
        "diagnostics": _tables.diagnostics(study),
        "cards": [_card(fn) for fn in _activations(study)],
        "method": _words.method(study), "versions": _tables.versions(), "python": _tables.python_lines(study),
    }  # fmt: skip


def _activations(study: Study) -> list[Activation]:
    """The classic eight, then those of the study that are not among them."""
    own = [c.activation for c in study.plan.candidates if c.activation is not None]
    return list({fn.name: fn for fn in [*map(catalogue.get, catalogue.CLASSIC), *own]}.values())


def _card(fn: Activation) -> dict[str, Any]:
    from nonlin.facts import title
    from nonlin.report import _charts

    return {
        "name": title(fn), "used_in": fn.used_in,
        "params": ", ".join(f"{_greek(name)} = {value:g}" for name, value in fn.params.items()),
        "equation": _charts.equation_picture(fn), "graph": _charts.activation_graph(fn),
    }  # fmt: skip


def _greek(name: str) -> str:
    """A parameter as the equation writes it."""
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}")
    except KeyError:
        return name
