"""Play, pause, step, reset; the page loaded again, its address in another tab, and two tabs beside each other."""

import re

from playwright.sync_api import expect


def test_play_trains_and_pause_stands_still(play):
    before = play.picture()
    play.play()
    play.until(lambda: play.epoch() >= 20)
    play.pause()
    play.said("Paused")
    epoch, picture = play.epoch(), play.picture()
    assert picture != before
    play.label("Held-out points").uncheck()  # a round through the page
    play.role("tab", name="Spread").click()
    expect(play.role("tabpanel", name="Spread").get_by_role("img").first).to_be_visible()
    assert (play.epoch(), play.picture()) == (epoch, picture)


def test_a_step_is_one_epoch_and_reset_is_none(play):
    play.press("One epoch")
    play.at_epoch(1)
    play.press("One epoch")
    play.at_epoch(2)
    later = play.picture()
    play.press("Reset")
    play.at_epoch(0)
    first = play.until_picture(later)
    play.press("One epoch")
    play.press("One epoch")
    play.at_epoch(2)
    assert play.until_picture(first) == later  # the same first weights, the same order of rows


def test_single_keys_do_the_same_outside_of_controls(play):
    keys = play.page.keyboard
    keys.press("s")
    play.at_epoch(1)
    keys.press("Space")
    expect(play.playing).to_be_visible()
    keys.press("Space")
    expect(play.paused).to_be_visible()
    keys.press("r")
    play.at_epoch(0)
    play.editor.get_by_label("A name or a formula in z").press("s")
    play.role("searchbox", name="Search the catalogue").press("r")
    play.at_epoch(0)
    play.role("button", name="More settings").click()
    play.label("Single keys").uncheck()
    play.page.keyboard.press("Escape")
    play.role("heading", name="Network", exact=True).click()
    keys.press("s")
    play.press("Reset")
    play.at_epoch(0)


def test_a_page_that_is_loaded_again_goes_on(play):
    play.label("Learning rate").select_option(label="0.003")
    play.train_to(50)
    epoch, weights, picture = play.epoch(), play.weights("Layer 1, unit 1"), play.picture()
    play.reload()
    play.at_epoch(epoch)
    expect(play.label("Learning rate")).to_have_value("0.003")
    assert play.weights("Layer 1, unit 1") == weights
    assert play.until_picture("") == picture


def test_an_address_holds_every_choice(play, visit):
    play.data.get_by_role("button", name="spiral").click()
    play.network.get_by_role("button", name="Remove layer 2").click()
    play.layers(8)
    play.label("Penalty").select_option(label="L2")
    play.label("Strength").select_option(label="0.01")
    play.label("Compare with").select_option("relu")
    play.role("checkbox", name="Unit step").check()
    play.role("tab", name="Hidden plane").click()
    expect(play.output.get_by_role("application")).to_have_count(2)
    play.until(lambda: "panel=hidden" in play.page.url)
    other = visit("#" + play.page.url.partition("#")[2])
    other.chosen_set("spiral")
    other.layers(8)
    assert other.label("Penalty").input_value() == '"l2"'
    assert other.label("Strength").input_value() == "0.01"
    assert other.label("Compare with").input_value() == "relu"
    expect(other.role("checkbox", name="Unit step")).to_be_checked()
    expect(other.role("tab", name="Hidden plane")).to_have_attribute("aria-selected", "true")
    assert other.page.url == play.page.url
    assert other.epoch() == 0


def test_an_address_that_somebody_broke_still_opens(visit):
    for address in ("#hidden=9999,&data=nowhere&tour=99", "#%%%=&&=x&hidden=", "#activations=<img+src=x>,'&seed=1e400"):
        play = visit(address)
        play.press("One epoch")
        play.at_epoch(1)


def test_an_address_changed_by_hand_is_taken_as_a_page_opens_with_it(play):
    play.label("Learning rate").select_option(label="0.003")
    play.role("button", name="Tour").click()
    play.layers()  # as its first step has it
    play.page.evaluate("location.hash = '#data=spiral&hidden=8&noise=lots&discretise=true'")
    play.chosen_set("spiral")
    play.layers(8)
    play.told("noise must be a number, got .lots.; the default is taken")
    expect(play.label("Learning rate")).to_have_value('"auto"')
    expect(play.role("checkbox", name="Unit step")).to_be_checked()
    expect(play.tour).to_be_visible()
    play.until(lambda: re.search("#data=spiral&hidden=8,&.*discretise=true&tour=1$", play.page.url))
    play.press("One epoch")
    play.at_epoch(1)


def test_two_tabs_do_not_disturb_each_other(play):
    other = play.visit.open()
    other.data.get_by_role("button", name="ring").click()
    other.chosen_set("ring")
    play.press("One epoch")
    play.at_epoch(1)
    other.play()
    other.until(lambda: other.epoch() >= 5)
    play.chosen_set("two moons")
    assert play.epoch() == 1
    expect(play.paused).to_be_visible()
    other.page.close()
    play.press("One epoch")
    play.at_epoch(2)


def test_more_than_two_inputs_and_more_than_two_classes(play):
    play.data.get_by_role("button", name="wine").click()
    play.chosen_set("wine")
    expect(play.network.get_by_role("group", name="Output", exact=True).get_by_role("button")).to_have_count(3)
    play.train_to(100)
    assert play.numbers("Accuracy, held out")[0] > 90
    before = play.picture()
    play.data.get_by_label("Across").select_option(index=1)
    assert play.until_picture(before) != before
    expect(play.data.get_by_label("Upwards")).to_be_visible()


LABELS_INSIDE = """svg => [...svg.querySelectorAll(".loss-name")].every(
  label => label.getBoundingClientRect().right <= svg.getBoundingClientRect().right + 1)"""


def test_the_curves_follow_the_window_while_the_page_is_paused(play):
    play.train_to(20)
    curves = play.output.get_by_role("img", name="Loss after epoch")
    assert curves.evaluate(LABELS_INSIDE)
    play.page.set_viewport_size({"width": 390, "height": 844})
    play.until(lambda: curves.evaluate(LABELS_INSIDE))


def test_the_curves_name_the_losses_of_a_rival_that_has_just_come(play):
    play.label("Compare with").select_option("relu")
    expect(play.output.get_by_role("img", name=re.compile(r"B train \d\S*, B held out \d"))).to_be_visible()
