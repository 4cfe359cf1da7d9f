"""The network: weights changed by hand, a unit in the large picture, and all of it by keyboard."""

import re

from playwright.sync_api import expect

UNIT = "Layer 1, unit 3"


def link_place(play):
    """A point of the page on a link into the first unit: half way between the input and the unit."""
    start = play.network.get_by_role("button", name="Input x1", exact=True).bounding_box()
    end = play.network.get_by_role("button", name="Layer 1, unit 1", exact=True).bounding_box()
    x = (start["x"] + start["width"] + end["x"]) / 2
    return x, (start["y"] + start["height"] / 2 + end["y"] + end["height"] / 2) / 2


def test_a_press_on_a_link_changes_its_weight(play):
    picture = play.picture()
    play.page.mouse.move(*link_place(play))
    expect(play.network.get_by_text("x1 → h₁")).to_be_visible()
    play.page.mouse.click(*link_place(play))
    field = play.network.get_by_role("spinbutton", name="x1 → h₁")
    expect(field).to_be_focused()
    field.fill("4.25")
    field.press("Enter")
    picture = play.until_picture(picture)
    assert play.weights("Layer 1, unit 1")[1] == "4.250"
    play.press("Reset")
    play.until(lambda: play.weights("Layer 1, unit 1")[1] != "4.250")
    assert play.epoch() == 0


def test_a_weight_is_changed_in_its_field_while_the_network_trains(play):
    play.network.get_by_role("button", name=UNIT, exact=True).click()
    field = play.network.get_by_role("spinbutton", name="Weight of x2")
    picture = play.picture()
    field.fill("-3")
    field.press("Enter")
    play.until_picture(picture)
    assert play.weights(UNIT)[2] == "-3.000"
    play.play()
    play.network.get_by_role("button", name=UNIT, exact=True).click()
    bias = play.network.get_by_role("spinbutton", name="Bias b")
    bias.fill("2")
    bias.press("Enter")
    play.pause()
    assert abs(float(play.weights(UNIT)[0]) - 2) < 1


def test_a_weight_that_is_no_number_is_refused(play):
    play.network.get_by_role("button", name=UNIT, exact=True).click()
    field = play.network.get_by_role("spinbutton", name="Weight of x2")
    before = field.input_value()
    field.fill("1e300")
    field.press("Enter")
    play.told("value must be a number within")
    expect(field).to_have_value(before)
    field.fill("")
    field.press("Enter")
    expect(field).to_have_value(before)
    play.role("heading", name="Network", exact=True).click()
    play.page.keyboard.press("s")
    play.at_epoch(1)
    assert abs(float(play.weights(UNIT)[2]) - float(before)) < 1


def test_a_unit_takes_the_large_picture_while_it_is_looked_at(play):
    whole = play.picture()
    play.network.get_by_role("button", name=UNIT, exact=True).hover()
    unit = play.until_picture(whole)
    expect(play.output.get_by_role("heading", name="Unit 3 of layer 1")).to_be_visible()
    expect(play.map()).to_have_accessible_name(re.compile("^Unit 3 of layer 1 over x1 and x2"))
    play.role("heading", name="Network", exact=True).hover()
    play.until(lambda: play.picture() == whole)
    play.network.get_by_role("button", name="Input x1", exact=True).click()
    assert play.until_picture(whole) not in (whole, unit)
    play.role("heading", name="nonlin").hover()
    expect(play.output.get_by_role("heading", name="Input x1")).to_be_visible()
    play.page.keyboard.press("Escape")
    play.until(lambda: play.picture() == whole)


def test_arrow_keys_walk_between_the_units(play):
    keys, focused = play.page.keyboard, play.network.locator(":focus")
    play.network.get_by_role("button", name="Input x1", exact=True).focus()
    for key, name in [
        ("ArrowDown", "Input x2"), ("ArrowRight", "Layer 1, unit"), ("Home", "Layer 1, unit 1"), ("End", "Layer 1, unit 8"),
        ("ArrowUp", "Layer 1, unit 7"), ("ArrowRight", "Layer 2, unit"), ("ArrowRight", "Output"), ("ArrowRight", "Output"),
        ("ArrowLeft", "Layer 2, unit"),
    ]:  # fmt: skip
        keys.press(key)
        expect(focused).to_have_accessible_name(re.compile(f"^{name}"))
    keys.press("Enter")
    expect(play.network.get_by_role("spinbutton", name="Bias b")).to_be_focused()
    keys.press("Escape")
    expect(focused).to_have_accessible_name(re.compile("^Layer 2, unit"))


def test_layers_and_inputs_come_and_go(play):
    play.network.get_by_role("button", name="Add a layer").click()
    play.layers(8, 4, 4)
    play.network.get_by_role("button", name="More units in layer 3").click()
    play.layers(8, 4, 5)
    play.network.get_by_role("button", name="Remove layer 1").click()
    play.layers(4, 5)
    field = play.network.get_by_role("spinbutton", name="Units in layer 1")
    field.fill("40")
    field.press("Enter")
    play.layers(40, 5)
    expect(play.network.get_by_text("1–8 of layer 1's 40 units are drawn")).to_be_attached()
    play.label("Use sin x1").check()
    expect(play.network.get_by_role("button", name="Input sin x1")).to_be_visible()
    play.label("Use x1", exact=True).uncheck()
    expect(play.network.get_by_role("button", name="Input x1", exact=True)).to_have_count(0)
    play.label("Use x2", exact=True).uncheck()
    expect(play.network.get_by_role("button", name=re.compile("^Input "))).to_have_count(1)
    play.label("Use sin x1").click()
    play.told("A network needs one input at least")
    expect(play.label("Use sin x1")).to_be_checked()
    expect(play.network.get_by_role("button", name=re.compile("^Input "))).to_have_count(1)
    for layer in (2, 1):
        play.network.get_by_role("button", name=f"Remove layer {layer}").click()
    play.layers()
    play.network.get_by_role("button", name="Add a hidden layer").click()
    play.layers(4)


def test_quick_clicks_build_on_each_other(play):
    more = play.network.get_by_role("button", name="More units in layer 1")
    for _ in range(5):
        more.dispatch_event("click")  # without waiting for the answer to the one before
    play.layers(13, 4)
    add = play.network.get_by_role("button", name="Add a layer")
    for _ in range(10):
        add.dispatch_event("click")
    play.layers(13, *[4] * 7)
    expect(add).to_have_attribute("aria-disabled", "true")
    assert play.text("hidden must").count() == 0


def test_every_unit_of_a_wide_layer_can_be_drawn_and_changed(visit):
    play = visit("#hidden=3,20")
    further = play.role("button", name="Further units of layer 2")
    expect(play.text("1–8 of layer 2's 20 units are drawn")).to_be_attached()
    further.click()
    expect(play.text("9–16 of layer 2's 20 units are drawn")).to_be_attached()
    further.click()
    expect(play.text("13–20 of layer 2's 20 units are drawn")).to_be_attached()
    expect(further).to_have_attribute("aria-disabled", "true")
    play.until(lambda: "first=0,12" in play.page.url)
    play.press("One epoch")
    play.at_epoch(1)  # a frame of these units
    unit = "Layer 2, unit 20"
    before, picture = play.weights(unit), play.picture()
    play.network.get_by_role("button", name=unit, exact=True).click()
    field = play.network.get_by_role("spinbutton", name="Weight of h₃")
    field.fill("4.5")
    field.press("Enter")
    play.until_picture(picture)
    assert play.weights(unit) == [*before[:3], "4.500"]
    play.network.get_by_role("button", name="Remove layer 1").click()
    play.layers(20)
    expect(play.text("13–20 of layer 1's 20 units are drawn")).to_be_attached()
    play.role("button", name="Earlier units of layer 1").click()
    expect(play.network.get_by_role("button", name="Layer 1, unit 5", exact=True)).to_be_visible()


def test_a_network_of_six_times_256_is_drawn_and_answers(visit):
    play = visit("#hidden=256,256,256,256,256,256&activations=relu,&pace=0")
    play.layers(*[256] * 6)
    play.play()
    play.until(lambda: play.epoch() >= 1)
    play.pause()
    play.press("Reset")
    play.at_epoch(0)
