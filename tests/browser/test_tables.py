"""A table of one's own: dropped on the page or chosen by hand, messy ones too; what is no table is refused in words."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

FLOWERS = "length,width,kind\n" + "".join(
    f"{1 + k % 7},{(k * 5) % 11},{('red', 'blue')[k % 7 > 3]}\n" for k in range(80)
)
MESSY = "﻿id;height;weight;age;when;colour;answer\n" + "".join(
    f"{k};{'' if k % 9 == 0 else f'{k % 13 + 0.5}'};{(k * 7) % 11};{(k * 5) % 9};2024-01-{k % 28 + 1:02};{('red', 'blüe', 'NA', '')[k % 4]};{('yes', 'no')[k % 13 > 6]}\n"
    for k in range(120)
)


@pytest.mark.parametrize("way", ["dropped", "chosen"])
def test_a_table_is_learnt(play, way):
    if way == "dropped":
        play.drop("flowers.csv", FLOWERS)
    else:
        with play.page.expect_file_chooser() as chooser:
            play.data.get_by_role("button", name="your own table", exact=True).click()
        chooser.value.set_files({"name": "flowers.csv", "mimeType": "text/csv", "buffer": FLOWERS.encode()})
    play.chosen_set("flowers")
    expect(play.label("Predicts")).to_have_value("kind")
    expect(play.map()).to_have_accessible_name(re.compile("Output over (length and width|width and length)"))
    expect(play.output.get_by_role("radio", name="Draw points")).to_have_count(0)
    play.train_to(200)
    assert play.numbers("Accuracy, held out")[0] > 90


def test_a_messy_table_and_another_target(play):
    play.drop("a messy one.csv", MESSY)
    play.chosen_set("a messy one")
    play.told("id|when")
    play.label("Predicts").select_option("answer")
    expect(play.network.get_by_role("group", name="Output", exact=True)).to_contain_text("sigmoid")
    play.train_to(50)
    assert play.numbers("Accuracy, held out")[0] > 70
    play.label("Predicts").select_option("height")
    expect(play.row("R², held out")).to_be_visible()
    expect(play.network.get_by_role("group", name="Output", exact=True)).to_contain_text("identity")
    play.train_to(20)
    play.data.get_by_role("button", name="iris").click()
    play.chosen_set("iris")
    play.data.get_by_role("button", name="a messy one").click()
    play.chosen_set("a messy one")
    expect(play.label("Predicts")).to_have_value("height")


def test_long_names_of_classes_are_cut_on_one_line(play):
    name = "one of a kind with a very long name"
    play.drop("flowers.csv", FLOWERS.replace("red", name))
    play.chosen_set("flowers")
    share, names = play.output.get_by_text(re.compile(r"^P\(")), play.output.get_by_title(name, exact=True)
    expect(share).to_have_text(f"P({name})")
    assert share.bounding_box()["height"] < 20
    for cut in (names.nth(0), names.nth(1)):  # in the scale of the shares, and by the mark of the class
        assert cut.evaluate(
            "box => getComputedStyle(box).textOverflow === 'ellipsis' && box.scrollWidth > box.clientWidth"
        )


NOISE = bytes(np.random.default_rng(0).integers(0, 256, 5000, dtype=np.uint8))


NO_TABLES = [
    ("noise.csv", NOISE, "binary bytes in 'noise.csv'"),
    ("empty.csv", b"", "the empty file 'empty.csv'"),
    ("one.csv", b"a\n1\n", "at least 10 rows"),
    ("noise.parquet", b"PAR1" + NOISE, "intact Parquet"),
    ("bomb.csv", b"\x1f\x8b" + NOISE, "damaged bytes in 'bomb.csv'"),
    ("../../etc/passwd.exe", NOISE, "is no table, model or session"),
    ("model.skops", NOISE, "'model.skops' is no model"),
    ("session.json", b'{"nonlin": 1}', "'session.json' is no saved session"),
    ("<img src=x onerror=alert(1)>.csv", NOISE, "<img src=x onerror=alert"),
]


def test_what_is_no_table_is_refused_in_words_and_nothing_is_lost(play):
    play.press("One epoch")
    play.at_epoch(1)
    before = play.picture()
    for name, content, words in NO_TABLES:
        play.drop(name, content)
        play.told(re.escape(words))
        play.chosen_set("two moons")
        assert (play.epoch(), play.picture()) == (1, before)
    play.press("One epoch")
    play.at_epoch(2)


def test_a_table_that_is_too_large_is_not_even_sent(play):
    play.drop("large.csv", FLOWERS)
    play.chosen_set("large")
    play.page.get_by_label("Your own table").evaluate("""input => {
      const carried = new DataTransfer();
      carried.items.add(new File([new Uint8Array(26e6)], "huge.csv"));
      input.files = carried.files;
      input.dispatchEvent(new Event("change"));
    }""")
    play.told("huge.csv has 26 MB; the playground takes up to 25 MB")
    play.chosen_set("large")
