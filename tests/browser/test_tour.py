"""The tour: six steps, each of which sets the page up, plays where it says so, and shows what it says."""

import re

import pytest
from playwright.sync_api import expect

TITLES = [
    "Net input", "Activation: the sigmoid", "The unit step", "Where lines fail", "A hidden layer bends", "The cheat sheet",
]  # fmt: skip


@pytest.fixture
def tour(play):
    """The page with the tour open at a step."""

    def at(step):
        play.role("button", name="Tour").click()
        play.tour.get_by_role("button", name=f"Step {step}: {TITLES[step - 1]}").click()
        expect(play.tour.get_by_role("heading", name=TITLES[step - 1], exact=True)).to_be_focused()
        expect(play.tour.get_by_text("What to look at")).to_be_visible()
        return play

    return at


def test_the_steps_in_their_order(play):
    play.role("button", name="Tour").click()
    for k, title in enumerate(TITLES):
        expect(play.tour.get_by_role("heading", name=title, exact=True)).to_be_visible()
        current = play.tour.get_by_role("button", name=f"Step {k + 1}: {title}")
        expect(current).to_have_attribute("aria-current", "step")
        if title != TITLES[-1]:
            play.tour.get_by_role("button", name="Next").click()
    play.tour.get_by_role("button", name="Back").click()
    expect(play.tour.get_by_role("heading", name=TITLES[4])).to_be_visible()
    play.tour.get_by_role("button", name="Close the tour").click()
    expect(play.tour).to_be_hidden()
    play.role("button", name="Tour").click()
    expect(play.tour.get_by_role("heading", name=TITLES[4])).to_be_visible()
    play.tour.get_by_role("button", name="Next").click()
    play.tour.get_by_role("button", name="Explore freely").click()
    expect(play.tour).to_be_hidden()


def test_the_net_input_is_a_plane_that_waits(tour):
    play = tour(1)
    play.chosen_set("slope")
    play.layers()
    expect(play.paused).to_be_visible()
    expect(play.output.get_by_role("heading", name="Loss: squared error")).to_be_visible()
    assert play.epoch() == 0
    play.train_to(100)
    assert play.numbers("R², held out")[0] > 0.5
    assert play.colours() > 20


def test_the_sigmoid_fades_and_its_band_narrows(tour):
    play = tour(2)
    play.chosen_set("two clouds")
    play.layers()
    expect(play.playing).to_be_visible()
    play.until(lambda: play.epoch() >= 2)
    play.pause()
    early = play.colours()
    assert early > 20
    play.train_to(300)
    assert 2 < play.colours() < early
    assert play.numbers("Accuracy, held out")[0] > 85


def test_the_unit_step_takes_sides(tour):
    play = tour(3)
    play.chosen_set("two clouds")
    expect(play.role("checkbox", name="Unit step")).to_be_checked()
    expect(play.playing).to_be_visible()
    play.until(lambda: play.epoch() >= 10)
    play.until(lambda: play.colours() <= 2)
    play.role("checkbox", name="Unit step").uncheck()
    play.until(lambda: play.colours() > 20)


def test_a_line_fails_at_the_moons(tour):
    play = tour(4)
    play.chosen_set("two moons")
    play.layers()
    expect(play.playing).to_be_visible()
    play.pause()
    play.train_to(400)
    early = play.numbers("Loss, training")[0]
    play.train_to(2000)
    assert abs(play.numbers("Loss, training")[0] - early) < 0.01
    assert 75 < play.numbers("Accuracy, held out")[0] < 90
    assert 75 < play.numbers("Accuracy, training")[0] < 90


def test_a_hidden_layer_bends_and_the_identity_does_not(tour):
    play = tour(5)
    play.chosen_set("two moons")
    play.layers(200)
    expect(play.playing).to_be_visible()
    expect(play.output.get_by_role("application")).to_have_count(2)
    expect(play.map(0)).to_have_accessible_name(re.compile("Output of A · sigmoid"))
    expect(play.map(1)).to_have_accessible_name(re.compile("Output of B · identity"))
    play.pause()
    play.train_to(1000)
    sigmoid, identity = play.numbers("Accuracy, held out")
    assert sigmoid > 93
    assert identity < 90
    assert play.picture(0) != play.picture(1)
    play.said("A · sigmoid is ahead by")


def test_the_cheat_sheet_and_overfitting(tour):
    play = tour(6)
    play.chosen_set("two moons")
    play.layers(16, 16)
    expect(play.data.get_by_text("60 rows to train on, 540 held out")).to_be_visible()
    expect(play.playing).to_be_visible()
    play.pause()
    play.train_to(1500)
    assert play.numbers("Loss, held out")[0] > 1.5 * play.numbers("Loss, training")[0]
    classics = play.editor.get_by_role("group", name="The classic eight").get_by_role("button")
    expect(classics).to_have_count(8)
    before = play.picture()
    play.editor.get_by_label("Activation of").select_option("all")
    classics.filter(has_text="unit step").click()
    expect(play.network.get_by_role("button", name=re.compile("Activation of layer 1: unit_step"))).to_be_visible()
    assert play.until_picture(before) != before
