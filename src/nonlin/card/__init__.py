"""The card of an activation: curve, formula, derivative, properties and defaults, as HTML that needs nothing else.

A notebook shows it for an activation; it stands in the colours of the page around it, light or dark.
"""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from nonlin import facts

if TYPE_CHECKING:
    from nonlin.activation import Activation

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{name} – nonlin</title></head>
<body style="margin: 24px auto; max-width: 860px; padding: 0 16px">{card}</body></html>
"""


def to_html(a: Activation) -> str:
    """The card as a fragment of HTML: one element, with its own styles.

    Examples
    --------
    >>> from nonlin.catalogue import get
    >>> to_html(get("relu"))[:25]
    '<div class="nonlin-card">'
    """
    formulas = (
        _equation("nonlin-key", r"\varphi(z)", a.latex, f"φ(z) = {a.formula}"),
        _equation("nonlin-key nonlin-key-slope", r"\varphi'(z)", a.derivative_latex, f"φ'(z) = {a.derivative_formula}"),
    )
    name = f'<p class="nonlin-name">{escape(facts.title(a))}</p>'
    head = f'{_graph(a)}<div class="nonlin-title">{name}{"".join(formulas)}</div>'
    left = _table("properties", facts.properties(a))
    right = _table("about", facts.origins(a), "nonlin-about") + _defaults(a)
    return (
        f'<div class="nonlin-card"><style>{_style()}</style><div class="nonlin-head">{head}</div>'
        f'<div class="nonlin-tables"><div>{left}</div><div>{right}</div></div></div>'
    )


def to_page(a: Activation) -> str:
    """The card as a page of its own."""
    return _PAGE.format(name=escape(facts.title(a)), card=to_html(a))


@cache
def _style() -> str:
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8").replace("\n", "")


def _graph(a: Activation) -> str:
    from nonlin.card.picture import REACH, graph

    marks = [f"{kind} at {', '.join(f'{z:.4g}' for z in places)}"
             for kind, places in (("kinks", a.properties.kinks), ("jumps", a.properties.jumps)) if places]  # fmt: skip
    words = f"{facts.title(a)} for net inputs from -{REACH:g} to {REACH:g}, solid, and its derivative, dashed"
    return graph(a, "; ".join([words, *marks]))


def _equation(key: str, left: str, latex: str, text: str) -> str:
    """The equation as people write it, where it is not too wide, and as text to copy."""
    from nonlin.card.picture import equation

    code = f'<code class="nonlin-code"><span class="{key}"></span>{escape(text)}</code>'
    return f'<div class="nonlin-line">{equation(latex, left, text)}{code}</div>'


def _table(caption: str, rows: facts.Facts, look: str = "nonlin-facts") -> str:
    body = "".join(f'<tr><th scope="row">{escape(k)}</th><td>{escape(text)}</td></tr>' for k, text in rows)
    return f'<table class="{look}"><caption>{caption}</caption><tbody>{body}</tbody></table>'


def _defaults(a: Activation) -> str:
    rows = "".join(_default(*row) for row in facts.defaults(a))
    caption = "<caption>defaults of the libraries</caption>"
    return f'<table class="nonlin-defaults">{caption}<tbody>{rows}</tbody></table>' if rows else ""


def _default(library: str, value: str, ours: bool) -> str:
    cell = f'<td class="nonlin-ours">{escape(value)} (taken here)</td>' if ours else f"<td>{escape(value)}</td>"
    return f'<tr><th scope="row">{escape(library)}</th>{cell}</tr>'
