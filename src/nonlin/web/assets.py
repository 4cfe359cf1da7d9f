"""What the browser loads: the page, one script, one style sheet and the icon, read once and held in memory.

Nothing is ever looked up in the file system by a name that a request brings. The script is the ES modules of
``static/`` in one file: the modules that ``main.js`` imports, directly or not, each behind those that it needs itself,
without their ``import`` lines and the word ``export``. So they share one scope: all their top-level names must differ.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

ENTRY = "main.js"
IMPORT = re.compile(r'^import \{ ?([\w$]+(?:, [\w$]+)*),? ?\} from "\./([\w.-]+\.js)";[ \t]*$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|function|class)\b)", re.MULTILINE)
DEFAULT = re.compile(r"^export default \{ render \};[ \t]*$", re.MULTILINE)
FOREIGN = re.compile(r"^[ \t]*(?:(?:import|export)\b.*)$|\bimport\(.*$", re.MULTILINE)
REMARK = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/).)*\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)  # on lines of its own
COMMENT = re.compile(r"^[ \t]*//[^\n]*|/\*.*?\*/", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"^(?:async )?(?:function\*?|class|const|let|var) +([\w$]+)", re.MULTILINE)
TAKEN_APART = re.compile(r"^(?:const|let|var) +[{\[]([^}\]=]*)[}\]] *=", re.MULTILINE)


class AssetError(Exception):
    """The front end does not fit together: a mistake of ours, not of the user."""


@dataclass(frozen=True)
class Asset:
    """A file as it is sent.

    Parameters
    ----------
    media_type : what it is
    plain : its bytes
    """

    media_type: str
    plain: bytes
    zipped: bytes = field(init=False, repr=False)
    tag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zipped", gzip.compress(self.plain, mtime=0))
        object.__setattr__(self, "tag", f'W/"{hashlib.sha256(self.plain).hexdigest()[:20]}"')


@cache
def assets() -> Mapping[str, Asset]:
    """All that the server serves, by path."""
    return collect(files("nonlin.web") / "static")


@cache
def script() -> str:
    """The front end as one ES module: ``export default { render }``."""
    return assets()["/app.js"].plain.decode()


@cache
def style() -> str:
    """The style sheet of the front end."""
    return assets()["/style.css"].plain.decode()


def collect(folder: Traversable) -> dict[str, Asset]:
    """Read a folder of the front end's files; return what is served, by path."""
    texts = {f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith((".js", ".css"))}
    sheets = sorted((name for name in texts if name.endswith(".css")), key=lambda name: (name != "style.css", name))
    return {
        "/": Asset("text/html; charset=utf-8", (folder / "index.html").read_bytes()),
        "/app.js": Asset("text/javascript; charset=utf-8", _without_remarks(bundle(texts))),
        "/style.css": Asset("text/css; charset=utf-8", _without_remarks("\n".join(map(texts.__getitem__, sheets)))),
        "/icon.svg": Asset("image/svg+xml", (folder / "icon.svg").read_bytes()),
    }


def _without_remarks(text: str) -> bytes:
    """The text without its comments, which are for those who read the sources, and a fifth of its length."""
    return REMARK.sub("", text).encode()


def bundle(modules: Mapping[str, str]) -> str:
    r"""Put ES modules into one.

    Parameters
    ----------
    modules : their texts by name; ``main.js`` ends in ``export default { render };``

    Raises
    ------
    AssetError
        An import does not resolve, two modules share a name, or a line is of a form that is not understood.

    Examples
    --------
    >>> main = 'import { one } from "./one.js";\nconst render = () => one;\nexport default { render };\n'
    >>> print(bundle({"one.js": "export const one = 1;\n", "main.js": main}))
    // one.js
    const one = 1;
    <BLANKLINE>
    // main.js
    const render = () => one;
    <BLANKLINE>
    export default { render };
    <BLANKLINE>
    """
    names = _in_order(modules)
    bodies = {name: _body(name, modules[name]) for name in names}
    _check_names(bodies)
    for name in names:
        _check_imports(name, modules)
    return "\n".join(f"// {name}\n{body}\n" for name, body in bodies.items()) + "\nexport default { render };\n"


def _in_order(modules: Mapping[str, str]) -> list[str]:
    """The modules that ``main.js`` needs, each behind those that it needs; a circle is cut where it closes."""
    order: dict[str, None] = {}
    seen: set[str] = set()

    def visit(name: str, by: str) -> None:
        if name not in modules:
            raise AssetError(f"{by} imports {name}, which does not exist")
        if name not in seen:
            seen.add(name)
            for _, other in IMPORT.findall(modules[name]):
                visit(other, name)
            order[name] = None

    visit(ENTRY, "the page")
    return list(order)


def _body(name: str, text: str) -> str:
    if name == ENTRY and not DEFAULT.search(text):
        raise AssetError(f"{name} must have the line 'export default {{ render }};'")
    without = IMPORT.sub("", text)
    body = EXPORT.sub("", DEFAULT.sub("", without) if name == ENTRY else without)
    if foreign := FOREIGN.search(COMMENT.sub("", body)):
        raise AssetError(f"{name} has a line that the bundle does not understand: {foreign[0].strip()}")
    return body.strip()


def _check_names(bodies: Mapping[str, str]) -> None:
    owner: dict[str, str] = {}
    for module, body in bodies.items():
        for name in _top_level(body):
            if owner.setdefault(name, module) != module:
                raise AssetError(f"{owner[name]} and {module} both have a top-level {name}; rename one")
    if "render" not in owner:
        raise AssetError(f"{ENTRY} must have a top-level render")


def _check_imports(name: str, modules: Mapping[str, str]) -> None:
    for wanted, other in IMPORT.findall(modules[name]):
        exported = set(_top_level(modules[other], "export "))
        if missing := [n for n in _listed(wanted) if n not in exported]:
            raise AssetError(f"{name} imports {', '.join(missing)} from {other}, which does not export it")


def _top_level(text: str, before: str = "") -> Iterable[str]:
    """The names that stand at the beginning of a line, behind ``before``."""
    code = COMMENT.sub("", text)
    lines = "\n".join(line.removeprefix(before) for line in code.splitlines() if line.startswith(before))
    yield from NAMED.findall(lines)
    for names in TAKEN_APART.findall(lines):
        yield from (name.split(":")[-1].strip() for name in names.split(",") if name.strip())


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
