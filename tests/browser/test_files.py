"""What leaves the page, and comes back: the model, its code, its figure, the whole session."""

import json
import re
import subprocess
import sys
from io import BytesIO

import pandas as pd
from PIL import Image
from playwright.sync_api import expect

import nonlin as nl

UNIT = "Layer 1, unit 3"


def test_a_model_comes_back_as_it_was(play, visit, tmp_path):
    play.train_to(100)
    weights, picture = play.weights(UNIT), play.picture()
    name, data = play.export("Model skops")
    assert name == "moons.skops"
    other = visit()
    assert other.weights(UNIT) != weights
    other.bring_back(name, data)
    other.layers(8, 4)
    other.until(lambda: other.picture() == picture)
    assert other.weights(UNIT) == weights
    # and scikit-learn predicts what the page shows
    (tmp_path / name).write_bytes(data)
    model = nl.load(tmp_path / name)
    play.page.keyboard.press("Escape")
    play.label("Held-out points").focus()
    play.page.keyboard.press("Tab")
    expect(play.map()).to_be_focused()
    differences = []
    for way in ["ArrowUp"] * 4 + ["ArrowRight"] * 4 + ["ArrowDown"] * 8:
        play.page.keyboard.press(f"Shift+{way}")
        x1, x2, shown = map(float, re.search(
            r"x1 (\S+), x2 (\S+)\s+P\(1\) = (\S+)", play.map().inner_text().replace("−", "-")).groups())  # fmt: skip
        place = pd.DataFrame({"x1": [x1], "x2": [x2]})
        near = [model.predict_proba(place + d)[0, 1] for d in (-0.06, 0, 0.06)]
        differences.append(max(min(near) - shown, shown - max(near), 0))
    assert max(differences) < 0.03


def test_a_session_goes_on_elsewhere(play, visit):
    play.data.get_by_role("button", name="spiral").click()
    play.label("Compare with").select_option("relu")
    play.label("Learning rate").select_option(label="0.03")
    play.train_to(60)
    epoch, weights, pictures = play.epoch(), play.weights(UNIT), [play.picture(0), play.picture(1)]
    name, data = play.export("This session")
    saved = json.loads(data)
    assert (name, saved["settings"]["data"], len(saved["weights"])) == ("playground.json", "spiral", 2)
    other = visit()
    other.drop(name, data)
    other.told("playground.json is open")
    other.chosen_set("spiral")
    other.at_epoch(epoch)
    expect(other.label("Learning rate")).to_have_value("0.03")
    other.until(lambda: [other.picture(0), other.picture(1)] == pictures)
    assert other.weights(UNIT) == weights
    other.press("One epoch")
    other.at_epoch(epoch + 1)


def test_the_code_trains_such_a_network(play, tmp_path):
    play.label("Penalty").select_option(label="L2")
    play.train_to(5)
    name, data = play.export("Python code")
    assert name == "train_moons.py"
    (tmp_path / name).write_bytes(data)
    ran = subprocess.run([sys.executable, name], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "nonlin" in data.decode()


def test_the_figure_as_drawing_and_as_pixels(play):
    play.train_to(20)
    name, drawing = play.export("Figure, SVG")
    assert name == "moons.svg"
    assert b"<svg" in drawing[:1000]
    name, pixels = play.export("Figure, PNG")
    assert name == "moons.png"
    assert Image.open(BytesIO(pixels)).width > 800


def test_the_link_is_copied(play):
    play.visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    play.data.get_by_role("button", name="ring").click()
    play.until(lambda: "data=circles" in play.page.url or "#data=" in play.page.url)
    play.role("banner").get_by_role("button", name="Share").click()
    play.role("button", name="Copy the link").click()
    play.said("Copied")
    copied = play.page.evaluate("navigator.clipboard.readText()")
    assert copied == play.page.url
    assert "token" not in copied


def test_of_two_networks_the_chosen_one_is_saved(play, visit):
    play.label("Compare with").select_option("relu")
    play.train_to(10)
    picture = play.picture(1)
    play.role("banner").get_by_role("button", name="Share").click()
    play.label("Network to save").select_option(index=1)
    name, data = play.export("Model skops")
    other = visit()
    other.bring_back(name, data)
    other.until(lambda: other.picture() == picture)
