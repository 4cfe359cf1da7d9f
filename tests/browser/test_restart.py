"""The server killed while a page is open, and started again: the page says so, and comes back by itself."""

import signal

import pytest
from playwright.sync_api import expect

from browser.processes import served

GONE = "WebSocket|ERR_CONNECTION_REFUSED|Failed to load resource"
INERT = "main => main.inert || [...main.children].every(child => child.inert)"
LOST = "The server has stopped"


@pytest.fixture(scope="module")
def hospital(browser):
    with served() as server:
        yield server


@pytest.fixture
def mortal(hospital):
    """A server of this file alone, alive."""
    if hospital.process.poll() is not None:
        hospital.start()
    return hospital


def lose(play, server):
    play.visit.awaited = GONE
    server.end(signal.SIGKILL)
    expect(play.role("alert").filter(has_text=LOST)).to_be_visible()


def find_again(play, server):
    link = server.link
    server.start()
    assert server.link == link  # the token of a port is kept
    expect(play.role("alert").filter(has_text=LOST)).to_be_hidden(timeout=30_000)
    play.ready()


def test_settings_and_view_outlive_the_server(visit, mortal, axe):
    play = visit(server=mortal)
    play.data.get_by_role("button", name="ring").click()
    play.network.get_by_role("button", name="Remove layer 2").click()
    play.label("Learning rate").select_option(label="0.01")
    play.role("checkbox", name="Unit step").check()
    play.train_to(30)
    play.play()
    play.until(lambda: play.epoch() > 40)
    lose(play, mortal)
    picture = play.picture()
    assert play.role("main").evaluate(INERT)
    assert axe(play) == []
    assert play.picture() == picture
    find_again(play, mortal)
    play.chosen_set("ring")
    play.layers(8)
    expect(play.label("Learning rate")).to_have_value("0.01")
    expect(play.role("checkbox", name="Unit step")).to_be_checked()
    expect(play.paused).to_be_visible()
    play.press("One epoch")
    play.until(lambda: play.epoch() > 0)
    play.at_epoch(1)


def test_a_dropped_table_comes_back_too(visit, mortal, axe):
    play = visit(server=mortal, viewport={"width": 390, "height": 844}, color_scheme="dark")
    rows = "a,b,fruit,taste\n" + "".join(
        f"{k % 7},{k % 5},{'apple' if k % 7 > 3 else 'pear'},{k % 3}\n" for k in range(60)
    )
    play.drop("fruit.csv", rows)
    play.chosen_set("fruit")
    play.label("Predicts").select_option("fruit")
    expect(play.label("Predicts")).to_have_value("fruit")
    play.train_to(20)
    play.drop("fruit.csv", "a\n1\n")
    play.told("at least 10 rows")
    lose(play, mortal)
    assert axe(play) == []
    find_again(play, mortal)
    play.chosen_set("fruit")
    expect(play.label("Predicts")).to_have_value("fruit")
    play.press("One epoch")
    play.at_epoch(1)
