from __future__ import annotations

import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure
from sklearn.linear_model import LogisticRegression

from nonlin import plots
from nonlin.plots import _style


def cloud(n: int) -> Figure:
    fig = Figure(figsize=(4, 3))
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2 * n, 2))
    y = np.repeat([0, 1], n)
    X[y == 1] += 1
    plots.decision_surface(LogisticRegression().fit(X, y), X, y, fig.add_subplot(), resolution=20)
    return fig


def test_letters_that_the_first_font_lacks_come_from_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_style, "MORE_FONTS", ("No Such Font", "STIXGeneral"))
    arc = "\u2312"  # in STIXGeneral, which matplotlib brings along, and not in DejaVu Sans
    with _style.any_letters():
        fig = Figure(figsize=(2, 1))
        fig.text(0.1, 0.5, f"a {arc}")
        assert fig.texts[0].get_fontfamily() == ["sans-serif", "STIXGeneral"]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _style.to_svg(fig)
    assert Figure().text(0, 0, "a").get_fontfamily() == ["sans-serif"]


@pytest.mark.parametrize("letter", ["\U000f0000", "\x01"])
def test_a_letter_that_no_font_has_is_drawn_without_a_warning(letter: str) -> None:
    with _style.any_letters():
        fig = Figure(figsize=(2, 1), layout="constrained")
        fig.add_subplot().set_xlabel(f"a{letter}b")
        assert "<svg" in _style.to_svg(fig)


def test_the_public_names() -> None:
    assert plots.__all__ == [
        "MEASURES",
        "activation",
        "architecture",
        "cheat_sheet",
        "critical_differences",
        "decision_surface",
        "diagnostics",
        "learning_curve",
        "pairwise",
    ]
    assert all(callable(getattr(plots, name)) for name in plots.__all__ if name.islower())


def test_importing_the_pictures_leaves_pyplot_alone() -> None:
    code = "import sys, nonlin.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_colours_and_markers() -> None:
    assert _style.COLOURS[:2] == ("#d55e00", "#0072b2")
    assert len(set(_style.COLOURS)) == len(_style.COLOURS) == 10
    pairs = {(_style.colour(k), _style.marker(k)) for k in range(110)}
    assert len(pairs) == 110


def test_svg_is_one_element_and_the_same_each_time() -> None:
    fig = cloud(20)
    text = _style.to_svg(fig)
    assert text == _style.to_svg(fig) == _style.to_svg(cloud(20))
    assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert text.startswith("<svg ")
    assert "<text" not in text
    assert "metadata" not in text
    assert "<!--" not in text


def test_svg_swaps_ink_and_paper_on_a_dark_page() -> None:
    text = _style.to_svg(cloud(20))
    assert (
        "<style>@media (prefers-color-scheme: dark){"
        '[style*="fill: #1f2328"]{fill:#e6e8eb!important}[style*="stroke: #1f2328"]{stroke:#e6e8eb!important}'
        '[style*="fill: #ffffff"]{fill:#16181c!important}[style*="stroke: #ffffff"]{stroke:#16181c!important}'
        "}</style>"
    ) in text
    assert "#000000" not in text
    assert "fill: #1f2328" in text
    assert "stroke: #ffffff" in text


@pytest.mark.parametrize(("n", "pictures"), [(150, 1), (151, 2)])
def test_svg_holds_dense_clouds_as_pixels(n: int, pictures: int) -> None:
    fig = cloud(n)
    assert _style.to_svg(fig).count("<image") == pictures
    assert not any(c.get_rasterized() for c in fig.axes[0].collections)


def test_text_is_shown_as_it_is() -> None:
    assert _style.plain("costs $5 or $6") == r"costs \$5 or \$6"
    assert _style.plain("a\nb  c") == "a b c"
    assert _style.plain("mean concave points of the cell", 16) == "mean conca…cell"
    assert len(_style.plain("x" * 99, 16)) == 16


def test_axes_that_are_given_keep_their_figure() -> None:
    fig = Figure(facecolor="#123456")
    ax = fig.add_subplot()
    assert _style.axes(ax, (1, 1)) is ax
    assert fig.get_facecolor() == pytest.approx((0x12 / 255, 0x34 / 255, 0x56 / 255, 1))
    assert ax.get_facecolor() == (0, 0, 0, 0)
