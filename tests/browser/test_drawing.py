"""Points drawn and erased on the map, with the pointer and with the keyboard; then training moves the boundary."""

import re

import pytest
from playwright.sync_api import expect


def points(play):
    """How many points there are."""
    train, held = re.search(r"([\d,]+) rows to train on, ([\d,]+) held out", play.data.inner_text()).groups()
    return int(train.replace(",", "")) + int(held.replace(",", ""))


@pytest.fixture
def empty(play):
    play.data.get_by_role("button", name="draw it yourself").click()
    play.until(lambda: points(play) == 0)
    return play


def stroke(play, x, height=0.3, low=0.35):
    """Drag the pointer upwards over the map."""
    box = play.map().bounding_box()
    mouse = play.page.mouse
    mouse.move(box["x"] + x * box["width"], box["y"] + (1 - low) * box["height"])
    mouse.down()
    mouse.move(box["x"] + x * box["width"], box["y"] + (1 - low - height) * box["height"], steps=12)
    mouse.up()


def test_two_classes_drawn_with_the_pointer_are_told_apart(empty):
    play = empty
    play.output.get_by_role("radio", name="Draw points of class 0").check()
    stroke(play, 0.25)
    play.until(lambda: points(play) > 4)
    first = points(play)
    expect(play.output.get_by_role("radio", name="Draw points of class 1")).to_be_visible()
    play.output.get_by_role("radio", name="Draw points of class 1").check()
    stroke(play, 0.75)
    play.until(lambda: points(play) > first + 4)
    before = play.picture()
    play.train_to(300)
    assert play.picture() != before
    assert play.numbers("Accuracy, held out") == [100]
    box = play.map().bounding_box()
    play.output.get_by_role("radio", name="Look").check()
    for x, name in ((0.25, "0.0"), (0.75, r"(0\.9|1\.0)")):
        play.page.mouse.move(box["x"] + x * box["width"], box["y"] + box["height"] / 2)
        expect(play.map()).to_contain_text(re.compile(rf"P\(1\) = {name}"))


def test_the_keyboard_draws_and_erases(empty):
    play, keys = empty, empty.page.keyboard
    play.output.get_by_role("radio", name="Draw points of class 0").focus()
    play.map().focus()
    for key in ("0", "Shift+ArrowLeft", "Enter", "ArrowUp", "Enter", "ArrowUp", "Enter"):
        keys.press(key)
    play.until(lambda: points(play) == 3)
    for digit, name in (("2", "1"), ("0", "0"), ("1", "1")):  # there is no class 2, but a second one
        keys.press(digit)
        expect(play.output.get_by_role("radio", name=f"Draw points of class {name}")).to_be_checked()
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "Enter", "ArrowDown", " ", "ArrowDown", "Enter"):
        keys.press(key)
    play.until(lambda: points(play) == 6)
    play.train_to(200)
    assert play.numbers("Accuracy, training") == [100]
    for name in ("draw it yourself", "ring", "draw it yourself"):  # nothing that was drawn is lost
        play.data.get_by_role("button", name=name).click()
        play.chosen_set(name)
    play.until(lambda: points(play) == 6)
    play.map().focus()
    keys.press("Delete")
    play.until(lambda: points(play) < 6)


def test_points_of_a_set_are_added_to_erased_and_cleared(play):
    play.output.get_by_role("radio", name="Draw points of class 1").check()
    stroke(play, 0.1, low=0.8, height=0.1)
    play.until(lambda: points(play) > 500)
    play.chosen_set("draw it yourself")
    more = points(play)
    play.output.get_by_role("radio", name="Erase points").check()
    stroke(play, 0.1, low=0.75, height=0.2)
    play.until(lambda: points(play) < more)
    play.output.get_by_role("button", name="Clear").click()
    play.until(lambda: points(play) == 0)
    play.press("Play")
    play.told("two classes")
    expect(play.paused).to_be_visible()


def test_without_points_no_panel_speaks_of_a_network(play):
    play.play()
    play.data.get_by_role("button", name="draw it yourself").click()
    play.said("^Paused. No network yet")
    for name in ("Activation", "Hidden plane", "Spread"):
        play.role("tab", name=name).click()
        expect(play.role("tabpanel", name=name).get_by_text("No network yet")).to_be_visible()
        expect(play.role("tabpanel", name=name).get_by_text("hidden layer")).to_have_count(0)


def test_points_of_one_class_teach_nothing_and_say_so(empty):
    play = empty
    play.output.get_by_role("radio", name="Draw points of class 0").check()
    stroke(play, 0.5)
    play.until(lambda: points(play) > 3)
    play.press("Play")
    play.told("two classes")


def test_numbers_are_drawn_where_a_number_is_predicted(play):
    play.data.get_by_role("button", name="slope").click()
    play.chosen_set("slope")
    play.output.get_by_role("textbox", name="Value of the points to draw").fill("-0.5")
    play.output.get_by_role("radio", name="Draw points of a value").check()
    stroke(play, 0.1, low=0.8, height=0.1)
    play.until(lambda: points(play) > 500)
    play.press("One epoch")
    play.at_epoch(1)
