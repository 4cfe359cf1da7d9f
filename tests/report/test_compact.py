"""A picture in fewer bytes: well-formed, with the same colours on light and dark pages, and the same pixels."""

from __future__ import annotations

import base64
import io
import re
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from nonlin.plots import _style
from nonlin.report._compact import PNG, compact, data_address

SVG = "{http://www.w3.org/2000/svg}"


def drawn(points: int = 50) -> str:
    """An image, a cloud of one look, one of many colours, a line and words."""
    fig = Figure(figsize=(3, 2))
    ax = _style.dress(fig.add_subplot())
    rng = np.random.default_rng(0)
    ax.imshow(rng.integers(0, 5, (8, 8)), extent=(0, 1, 0, 1), aspect="auto", cmap="viridis")
    x, y, c = rng.random((3, points))
    ax.scatter(x, y, color=_style.colour(0), edgecolors=_style.PAPER)
    ax.scatter(y, x, c=c, edgecolors=_style.PAPER)
    ax.plot(np.sort(x), y, color=_style.INK)
    ax.set_xlabel("words", color=_style.INK)
    return _style.to_svg(fig)


def test_it_is_smaller_and_well_formed_and_has_its_size() -> None:
    before = drawn()
    after = compact(before)
    root = ElementTree.fromstring(after)
    assert len(after) < 0.45 * len(before)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("216pt", "144pt", "0 0 216 144")
    names = [element.get("id") for element in root.iter() if "id" in element.attrib]
    assert len(names) == len(set(names))
    assert set(re.findall(r"#(i\d+)", after)) == set(names)


def test_points_of_one_look_are_marks_of_a_path_and_others_keep_their_colours() -> None:
    root = ElementTree.fromstring(compact(drawn(50)))
    (marker,) = root.iter(f"{SVG}marker")
    marked = next(p for p in root.iter(f"{SVG}path") if f".{p.get('class')}{{fill:none;marker" in root[0].text)
    assert marker.attrib.keys() == {"id", "overflow", "markerUnits"}
    assert len(re.findall(r"-?\d*\.?\d+", marked.get("d"))) == pytest.approx(100, abs=10)  # steps along a side have one
    assert len({use.get("fill") for use in root.iter(f"{SVG}use") if "fill" in use.attrib}) > 40


def test_ink_and_paper_are_swapped_on_dark_pages() -> None:
    sheet = ElementTree.fromstring(compact(drawn()))[0].text or ""
    light, dark = sheet.split("@media (prefers-color-scheme:dark)")
    for part, colour, other in (("stroke", _style.PAPER, _style.DARK_PAPER), ("fill", _style.INK, _style.DARK_INK)):
        names = re.findall(rf"\.(c\d+){{[^}}]*{part}:{colour}", light)
        rule = re.search(rf"([^{{}}]*){{{part}:{other}}}", dark)
        assert names
        assert rule is not None
        assert rule[1].replace(".", "").split(",") == names


def test_pixels_are_those_of_before() -> None:
    before, after = (
        [Image.open(io.BytesIO(base64.b64decode(code))) for code in re.findall(f'{PNG}([^"]*)', text)]
        for text in (drawn(), compact(drawn()))
    )
    assert [image.mode for image in before + after] == ["RGBA", "P"]
    assert np.array_equal(np.asarray(before[0]), np.asarray(after[0].convert("RGBA")))


def test_the_address_holds_the_text_of_the_picture() -> None:
    address = data_address(drawn())
    assert '"' not in address
    assert "#" not in address
    assert "\n" not in address
    assert unquote(address.removeprefix("data:image/svg+xml,")) == compact(drawn()).replace('"', "'")
