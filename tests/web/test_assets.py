"""The front end as one script, one style sheet, a page and an icon."""

import gzip
import re
import shutil
import subprocess

import pytest

from nonlin.web.assets import AssetError, assets, bundle, collect, script, style

MAIN = "function render() {}\nexport default { render };\n"


def folder_of(path, files):
    path.mkdir()
    for name, text in {"index.html": "<p>", "icon.svg": "<svg/>", "main.js": MAIN, "style.css": "p{}", **files}.items():
        (path / name).write_text(text)
    return path


def refusal(**modules):
    with pytest.raises(AssetError) as caught:
        bundle({"main.js": MAIN, **{f"{name}.js": text for name, text in modules.items()}})
    return str(caught.value)


def test_each_module_stands_behind_those_that_it_needs():
    modules = {
        "main.js": 'import { a } from "./a.js";\nimport {b} from "./b.js";\nconst render = () => a + b();\nexport default { render };\n',
        "a.js": '/** A. */\nimport { c, } from "./c.js";\nexport const a = c;\n',
        "b.js": 'import { c, d } from "./c.js";\nexport async function b() { return c + d; }\n',
        "c.js": "export const c = 1;\nexport class D {}\nexport let d = 2;\n",
        "unused.js": "export const a = 0;\n",
    }
    assert bundle(modules) == (
        "// c.js\nconst c = 1;\nclass D {}\nlet d = 2;\n\n"
        "// a.js\n/** A. */\n\nconst a = c;\n\n"
        "// b.js\nasync function b() { return c + d; }\n\n"
        "// main.js\nconst render = () => a + b();\n\n"
        "export default { render };\n"
    )


def test_modules_that_need_each_other_come_once_each():
    main = 'import { a } from "./a.js";\n' + MAIN
    whole = bundle({
        "main.js": main,
        "a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
        "b.js": 'import { a } from "./a.js";\nexport const b = () => a;\n',
    })  # fmt: skip
    assert re.findall(r"^// (\w+)", whole, re.MULTILINE) == ["b", "a", "main"]


def test_comments_may_say_what_code_may_not():
    text = '// import { x } from "y";\n/** @typedef {import("./a.js").A} A\n * export default 1 */\nexport const a = /** @type {import("./b.js").B} */ (1);\n'
    main = 'import { a } from "./a.js";\n' + MAIN
    assert "const a = /** @type" in bundle({"main.js": main, "a.js": text})


@pytest.mark.parametrize(
    ("main", "a", "words"),
    [
        ('import { a } from "./b.js";\n', "", "main.js imports b.js, which does not exist"),
        ('import { a } from "./a.js";\n', "const a = 1;", "main.js imports a from a.js, which does not export it"),
        ('import { a, b, c } from "./a.js";\n', "export const a = 1;", "main.js imports b, c from a.js, which does not export it"),
        ('import { a } from "./a.js";\nconst b = 1;\n', "export const a = 1;\nfunction b() {}", "a.js and main.js both have a top-level b; rename one"),
        ('import { a } from "./a.js";\n', "export const a = 1;\nconst { render, x: y } = a;", "a.js and main.js both have a top-level render; rename one"),
        ('import { a } from "./a.js";\nlet y;\n', "export const a = 1;\nconst { x: y } = a;", "a.js and main.js both have a top-level y; rename one"),
        ('import { a } from "./a.js";\nlet y;\n', "export const a = 1;\nconst [y] = a;", "a.js and main.js both have a top-level y; rename one"),
        ('import { a as b } from "./a.js";\n', "export const a = 1;", 'main.js has a line that the bundle does not understand: import { a as b } from "./a.js";'),
        ('import a from "./a.js";\n', "", 'main.js has a line that the bundle does not understand: import a from "./a.js";'),
        ('import * as a from "./a.js";\n', "", 'main.js has a line that the bundle does not understand: import * as a from "./a.js";'),
        ('import "./a.js";\n', "", 'main.js has a line that the bundle does not understand: import "./a.js";'),
        ('import { a } from "https://cdn.example/a.js";\n', "", 'main.js has a line that the bundle does not understand: import { a } from "https://cdn.example/a.js";'),
        ('import {\n  a } from "./a.js";\n', "", "main.js has a line that the bundle does not understand: import {"),
        ('const a = () => import("./a.js");\n', "", 'main.js has a line that the bundle does not understand: import("./a.js");'),
        ("const a = 1;\nexport { a };\n", "", "main.js has a line that the bundle does not understand: export { a };"),
        ('import { a } from "./a.js";\n', "export const a = 1;\nexport default a;", "a.js has a line that the bundle does not understand: export default a;"),
        ('export * from "./a.js";\n', "", 'main.js has a line that the bundle does not understand: export * from "./a.js";'),
    ],
    ids=range(17),
)  # fmt: skip
def test_what_does_not_fit_together_is_named(main, a, words):
    with pytest.raises(AssetError) as caught:
        bundle({"main.js": main + MAIN, "a.js": a})
    assert str(caught.value) == words


def test_main_must_offer_render():
    assert refusal(main="const a = 1;") == "main.js must have the line 'export default { render };'"
    assert refusal(main="export default { render };\n") == "main.js must have a top-level render"
    with pytest.raises(AssetError) as caught:
        bundle({})
    assert str(caught.value) == "the page imports main.js, which does not exist"


def test_the_style_sheets_are_joined_the_main_one_first(tmp_path):
    files = collect(folder_of(tmp_path / "static", {"panels.css": "b{}", "a.css": "a{}"}))
    assert files["/style.css"].plain == b"p{}\na{}\nb{}"


def test_a_folder_is_read_once_and_nothing_else_in_it_is_served(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    folder = folder_of(tmp_path / "static", {"notes.txt": "x", ".hidden": "x"})
    (folder / "link.txt").symlink_to(secret)
    (folder / "link.js").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path)
    files = collect(folder)
    assert list(files) == ["/", "/app.js", "/style.css", "/icon.svg"]
    assert not any(b"a secret" in asset.plain for asset in files.values())
    shutil.rmtree(folder)
    assert files["/"].plain == b"<p>"


def test_an_installation_behind_a_symlink_is_read(tmp_path):
    folder_of(tmp_path / "real", {})
    (tmp_path / "static").symlink_to(tmp_path / "real", target_is_directory=True)
    assert collect(tmp_path / "static")["/style.css"].plain == b"p{}"


def test_the_tag_follows_the_content(tmp_path):
    first = collect(folder_of(tmp_path / "a", {}))
    second = collect(folder_of(tmp_path / "b", {"style.css": "q{}"}))
    assert first["/"].tag == second["/"].tag
    assert first["/style.css"].tag != second["/style.css"].tag
    assert re.fullmatch(r'W/"[0-9a-f]{20}"', first["/"].tag)


# -- the front end itself


def test_the_front_end_fits_together():
    files = assets()
    assert assets() is files
    assert {path: asset.media_type for path, asset in files.items()} == {
        "/": "text/html; charset=utf-8",
        "/app.js": "text/javascript; charset=utf-8",
        "/style.css": "text/css; charset=utf-8",
        "/icon.svg": "image/svg+xml",
    }
    assert script().endswith("\nexport default { render };\n")
    assert ".nonlin-play" in style()


def test_the_front_end_is_small():
    assert sum(len(asset.zipped) for asset in assets().values()) <= 300_000
    assert sum(len(gzip.decompress(asset.zipped)) for asset in assets().values()) <= 600_000


def test_the_page_asks_for_what_is_served_and_for_nothing_else():
    page = assets()["/"].plain.decode()
    asked = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert sorted(asked) == ["app.js", "icon.svg", "style.css"]
    assert '<script type="module" src="app.js">' in page
    assert not re.search(r"<style|style=|onload|onclick|<script>", page)
    for text in (page, script(), style()):
        addresses = set(re.findall(r"https?://[^\s\"'`)]*", text))
        assert {a for a in addresses if "www.w3.org" not in a} == set()
    assert not re.search(r"@import|url\((?!['\"]?data:)", style())


def test_the_script_keeps_to_the_policy():
    code = re.sub(r"^\s*//[^\n]*|/\*.*?\*/", "", script(), flags=re.MULTILINE | re.DOTALL)
    assert not re.search(
        r"\beval\(|new Function\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|setAttribute\(\"style\"", code
    )


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_the_script_is_a_module_that_node_can_read(tmp_path):
    (tmp_path / "app.mjs").write_text(script(), encoding="utf-8")
    done = subprocess.run(["node", "--check", tmp_path / "app.mjs"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
