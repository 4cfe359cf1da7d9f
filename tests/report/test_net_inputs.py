from __future__ import annotations

from urllib.parse import unquote

from nonlin.report._net_inputs import squashing, two_sides
from nonlin.report._show import Show


def test_pictures_follow_the_scheme_of_the_page(moons_show: Show) -> None:
    assert "@media (prefers-color-scheme:dark){" in unquote(squashing(moons_show).src)


def test_sides_have_the_colours_of_the_surfaces(moons_show: Show) -> None:
    this, other = two_sides(moons_show)
    assert (this.tone, other.tone) == ("#0072b2", "#d55e00")
    assert this.rows.sum() == other.rows.sum() == 500
