"""A study as one self-contained page: the story on this table, the leaderboard, the method."""

from __future__ import annotations

import unicodedata
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from nonlin import catalogue
from nonlin.activation import Activation
from nonlin.lab import Study

__all__ = ["render"]


def render(study: Study, command: str | None = None) -> str:
    """Write a study as one HTML page that needs no network and no script.

    The page holds its pictures and its style; it follows the reader's light or dark scheme, and the same study
    gives the same page.

    Parameters
    ----------
    study : Study
    command : str, optional
        The command line that made the study, to be shown as it is.

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
    home = files(__name__)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(home.joinpath("template.html").read_text(encoding="utf-8"))
    style = home.joinpath("style.css").read_text(encoding="utf-8")
    return template.render(study=study, style=style, command=command, **_content(study)) + "\n"


def _content(study: Study) -> dict[str, Any]:
    from nonlin.report import _charts, _multiples, _tables, _words
    from nonlin.report._diagnostics import findings
    from nonlin.report._differences import differences
    from nonlin.report._linear_steps import linear_steps
    from nonlin.report._network_steps import network_steps
    from nonlin.report._show import fit_show, rival

    show = fit_show(study)
    steps = [*linear_steps(study, show), *network_steps(study, show)]
    board, scale = _tables.leaderboard(study)
    compared = ["identity", "sigmoid", *filter(None, [rival(study)])]
    seen, seen_scale = _tables.overfitting(study, compared)
    return {
        "surfaces": _multiples.surfaces(study, show), "differences": differences(study),
        "findings": findings(study), "scores": _tables.all_scores(study),
        "cost": _tables.cost(study), "seconds": f"{study.cost['all_seconds'].sum():,.1f}",
        "facts": _words.facts(study), "opening": _words.opening(study, show), "steps": steps,
        "gap": _tables.gap_drawing(study.linear_gap.gain), "board": board, "scale": scale, "baseline": study.baseline,
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
