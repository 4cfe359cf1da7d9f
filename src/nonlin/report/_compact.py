"""A picture in a third of its bytes: what matplotlib writes again and again is written once."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import quote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
from PIL import Image

from nonlin.plots._style import DARK_INK, DARK_PAPER, INK, PAPER
from nonlin.report._steps import steps

GRID = 0.1  # points: less than a fifth of a pixel at the size that pages show
LETTER, LETTER_GRID, LETTER_SCALE = "scale(0.015625)", 16.0, "scale(.25)"  # their unit is about 0.001 of a point
COLOURED = rf"fill: (?!{INK}|{PAPER})#\w+"
FEW = 3  # points that are not worth a path
PNG = "data:image/png;base64,"
PLAIN = "!$&'()*+,-./:;<=>?@[]^_`{|} "  # what may stand in an address between double quotes


def data_address(svg: str) -> str:
    """An SVG as a data address: the text itself, a quarter shorter than base64."""
    return "data:image/svg+xml," + quote(compact(svg).replace('"', "'"), safe=PLAIN)


def compact(svg: str) -> str:
    """Rewrite an SVG of :func:`nonlin.plots._style.to_svg` in fewer bytes; it looks the same.

    Places are kept to 0.1 point, and letters to 0.02. Paths are steps, points that look alike are the marks of one
    path, looks are classes of one style sheet, and pixels are places in a list of colours.
    """
    root = _plain(ElementTree.fromstring(svg))
    for parent in list(root.iter()):
        parent[:] = [inner for child in parent for inner in _unwrapped(child)]
    _share(root, "clip-path")
    _mark_alike(root)
    _share(root, "style")
    for element in root.iter():
        _shorten(element)
    _name_shortly(root)
    _dress(root)
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _plain(root: Element) -> Element:
    """Names without their name space, and no style sheets: ours takes their place."""
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
        element[:] = [child for child in element if not child.tag.endswith("style")]
    del root.attrib["version"]
    root.set("xmlns", "http://www.w3.org/2000/svg")
    return root


def _unwrapped(element: Element) -> Iterator[Element]:
    """The members of a group that says nothing of them; nothing for what cannot be seen."""
    if element.tag == "g" and not element.attrib.keys() - {"id"}:
        for child in element:
            yield from _unwrapped(child)
    elif element.get("style") != "fill: none":
        yield element


def _runs(parent: Element, *names: str) -> list[list[Element]]:
    """The children, cut where one of these attributes changes."""
    return [list(run) for _, run in groupby(parent, key=lambda child: [child.get(name) for name in names])]


def _share(root: Element, name: str) -> None:
    """Say once for a group what its members say of themselves alike."""
    for parent in list(root.iter()):
        parent[:] = [e for run in _runs(parent, name) for e in (_group(run, name) if len(run) > 1 else run)]


def _group(run: list[Element], name: str) -> list[Element]:
    value = run[0].get(name)
    if value is None or "opacity" in value:  # that of a group is not that of each member
        return run
    for member in run:
        del member.attrib[name]
    group = Element("g", {name: value})
    group.extend(inner for member in run for inner in _unwrapped(member))
    return [group]


def _mark_alike(root: Element) -> None:
    """Draw neighbours of one shape and one look as marks of one path, and set the fill of other points apart."""
    shapes = {path.get("id", ""): path.get("d", "") for path in root.iter("path")}
    for parent in list(root.iter()):
        runs = _runs(parent, "href", "style")
        parent[:] = [e for run in runs for e in (_marks(run, shapes) if _are_points(run) else run)]
    for use in root.iter("use"):
        fill, _, rest = use.get("style", "").partition("; ")
        if rest and re.fullmatch(COLOURED, fill):
            use.attrib |= {"fill": fill[6:], "style": rest}


def _are_points(run: list[Element]) -> bool:
    return len(run) > FEW and run[0].tag == "use" and "style" in run[0].attrib


def _marks(points: list[Element], shapes: dict[str, str]) -> list[Element]:
    """A marker, and a path that has one at each of its places."""
    first = points[0].attrib
    places = [f"{point.get('x', '0')} {point.get('y', '0')}" for point in points]
    name = re.sub(r"\W", "-", f"{first['href']} {first['style']} {places[0]}")
    marker = Element("marker", {"id": name, "overflow": "visible", "markerUnits": "userSpaceOnUse"})
    marker.append(Element("path", {"d": shapes[first["href"][1:]], "style": first["style"]}))
    return [marker, Element("path", {"d": f"M {' L '.join(places)}", "style": f"fill: none; marker: url(#{name})"})]


def _shorten(element: Element) -> None:
    """Write the numbers and the pixels of an element shortly."""
    how = element.attrib
    if how.get("transform") == LETTER:  # a space has no path
        how |= {"d": steps(how.get("d", ""), LETTER_GRID, 1.0), "transform": LETTER_SCALE}
    elif "d" in how:
        how["d"] = steps(how["d"], GRID, GRID)
    if element.tag == "use" and (moved := re.fullmatch(r"translate\((\S+) (\S+)\)", how.get("transform", ""))):
        del how["transform"]
        how |= {"x": moved[1], "y": moved[2]}
    for key in {"x", "y", "transform"} & how.keys():
        how[key] = _rounded(how[key], ".1f" if element.tag == "use" else ".4g")
    if how.get("href", "").startswith(PNG):
        how["href"] = _palette(how["href"])


def _rounded(text: str, digits: str) -> str:
    return re.sub(r"\d+\.\d+", lambda number: format(float(number[0]), digits).removesuffix(".0"), text)


def _palette(address: str) -> str:
    """The same pixels as places in a list of colours, where there are at most 256."""
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(address[len(PNG) :]))).convert("RGBA"))
    packed = np.ascontiguousarray(pixels).view(">u4")[..., 0].astype(np.uint32)
    found = np.unique(packed)
    if len(found) > 256:
        return address
    colours = found.astype(">u4").view(np.uint8).reshape(-1, 4)
    image, file = Image.fromarray(np.searchsorted(found, packed).astype(np.uint8), "P"), io.BytesIO()
    image.putpalette(colours[:, :3].tobytes())
    image.save(file, "png", optimize=True, transparency=colours[:, 3].tobytes())
    return PNG + base64.b64encode(file.getvalue()).decode()


def _name_shortly(root: Element) -> None:
    """Number the names that something refers to, and forget the others."""
    names: dict[str, str] = {}
    for element in root.iter():
        for key, value in element.items():
            if key == "href" or "url(" in value:
                new = re.sub(r"#([\w-]+)", lambda found: "#" + names.setdefault(found[1], f"i{len(names)}"), value)
                element.set(key, new)
    for element in root.iter():
        if (name := element.attrib.pop("id", None)) in names:
            element.set("id", names[name])


def _dress(root: Element) -> None:
    """Turn each style into a class of one style sheet, which knows the colours of dark pages too."""
    looks: dict[str, str] = {}
    for element in root.iter():
        if style := element.attrib.pop("style", None):
            element.set("class", looks.setdefault(style, f"c{len(looks)}"))
    rules = "".join(f".{name}{{{style.replace(': ', ':').replace('; ', ';')}}}" for style, name in looks.items())
    dark = f"@media (prefers-color-scheme:dark){{{''.join(_dark(looks))}}}"
    sheet = Element("style")
    sheet.text = f"*{{stroke-linejoin:round;stroke-linecap:butt}}{rules}{dark}"
    root.insert(0, sheet)


def _dark(looks: dict[str, str]) -> Iterator[str]:
    for light, dark in ((INK, DARK_INK), (PAPER, DARK_PAPER)):
        for part in ("fill", "stroke"):
            if names := [f".{name}" for style, name in looks.items() if f"{part}: {light}" in style]:
                yield f"{','.join(names)}{{{part}:{dark}}}"
