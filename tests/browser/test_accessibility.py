"""For everybody: axe-core finds nothing, the keyboard reaches all, a phone is wide enough, nothing moves unasked."""

import re

import pytest
from playwright.sync_api import expect

# The focused element by role and name, and whether one sees that it is: by an outline or a shadow of it or its neighbour.
FOCUSED = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const seen = [node, node.parentElement, node.nextElementSibling].some(one => {
    if (!one) return false;
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  });
  const box = node.getBoundingClientRect();
  const words = node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent;
  return {words: `${node.getAttribute("role") || node.localName} ${words}`.slice(0, 60), seen, size: box.width * box.height};
}"""


def tour_open(play):
    play.role("button", name="Tour").click()
    play.tour.get_by_role("button", name="Step 6").click()
    play.layers(16, 16)
    expect(play.playing).to_be_visible()
    play.pause()


def menus_open(play):
    play.role("button", name="Share").click()
    expect(play.role("button", name="Copy the link")).to_be_visible()


def settings_open(play):
    play.role("button", name="More settings").click()
    expect(play.label("Optimiser")).to_be_visible()


def hidden_plane(play):
    play.role("tab", name="Hidden plane").click()
    expect(play.role("tabpanel", name="Hidden plane").get_by_role("img").first).to_be_visible()


def spread(play):
    play.role("tab", name="Spread").click()
    expect(play.role("tabpanel", name="Spread").get_by_role("img").first).to_be_visible()


def rival_on(play):
    play.label("Compare with").select_option("relu")
    expect(play.output.get_by_role("application")).to_have_count(2)


def unit_chosen(play):
    play.network.get_by_role("button", name="Layer 1, unit 1", exact=True).click()
    expect(play.network.get_by_role("spinbutton", name="Bias b")).to_be_visible()


def activation_menu(play):
    play.network.get_by_role("button", name=re.compile("Activation of layer 1")).click()
    expect(play.role("dialog", name="Activation of layer 1")).to_be_visible()


def formula_refused(play):
    play.editor.get_by_label("A name or a formula in z").fill("z+*")
    expect(play.editor.get_by_label("A name or a formula in z")).to_have_attribute("aria-invalid", "true")


def table_dropped(play):
    play.drop(
        "fruit.csv",
        "a,b,c,fruit\n" + "".join(f"{k % 7},{k % 5},{k % 4},{'kiwi' if k % 7 > 3 else 'fig'}\n" for k in range(60)),
    )
    expect(play.label("Predicts")).to_be_visible()


def nothing(play):
    pass


@pytest.mark.parametrize(
    ("width", "scheme", "rules"),
    [(1440, "light", []), (390, "dark", []), (1440, "dark", ["color-contrast"]), (390, "light", ["color-contrast"])],
)
def test_axe_finds_nothing(visit, axe, width, scheme, rules):
    found = {}
    play = visit(viewport={"width": width, "height": 860}, color_scheme=scheme)
    for state in (nothing, tour_open, unit_chosen, formula_refused, hidden_plane, spread, rival_on, table_dropped):
        state(play)
        found[state.__name__] = axe(play, *rules)
    for state in (menus_open, settings_open, activation_menu):
        state(play)
        found[state.__name__] = axe(play, *rules)
        play.page.keyboard.press("Escape")
    assert {state: problems for state, problems in found.items() if problems} == {}


def test_the_tab_key_reaches_every_control_and_shows_where_it_is(play):
    stops = []
    for _ in range(200):
        play.page.keyboard.press("Tab")
        stop = play.page.evaluate(FOCUSED)
        if stop is None:
            break
        stops.append(stop)
    words = [stop["words"] for stop in stops]
    assert [stop["words"] for stop in stops if not stop["seen"] or not stop["size"]] == []
    assert len(words) == len(set(words))
    for name in (
        "Reset", "Play", "One epoch", "Pace", "Tour", "Share", "Activation", "Compare with", "Learning rate", "Loss",
        "Penalty", "More settings", "Two moons", "Diabetes", "Noise", "Trained on", "Regenerate", "Use x1", "Use sin x2",
        "Remove layer 1", "More units in layer 1", "Activation of layer 2", "Input x1", "Add a layer", "Unit step",
        "Held-out points", "over x1 and x2", "Look", "Clear", "Logarithmic", "Activation of", "A name or a formula", "Use it",
        "relu", "Search the catalogue", "tanh",
    ):  # fmt: skip
        assert any(name.lower() in text.lower() for text in words), (name, words)


def test_focus_comes_back_from_menus(play):
    keys = play.page.keyboard
    for name in ("Share", "More settings"):
        button = play.role("button", name=name)
        button.focus()
        keys.press("Enter")
        expect(button).to_have_attribute("aria-expanded", "true")
        keys.press("Tab")
        expect(button).not_to_be_focused()
        keys.press("Escape")
        expect(button).to_have_attribute("aria-expanded", "false")
        expect(button).to_be_focused()


def test_tabs_are_walked_by_arrow_keys(play):
    play.role("tab", name="Activation").focus()
    for key, name in (
        ("ArrowRight", "Hidden plane"),
        ("End", "Spread"),
        ("ArrowRight", "Activation"),
        ("ArrowLeft", "Spread"),
    ):
        play.page.keyboard.press(key)
        expect(play.role("tab", name=name)).to_be_focused()
        expect(play.role("tabpanel", name=name)).to_be_visible()
        expect(play.role("tabpanel")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_is_wide_enough(visit, width):
    play = visit(viewport={"width": width, "height": 844}, has_touch=True, is_mobile=True)
    wide = "document.documentElement.scrollWidth"
    for state in (nothing, tour_open, unit_chosen, hidden_plane, spread, rival_on, table_dropped):
        state(play)
        assert play.page.evaluate(wide) <= width, state.__name__
    for place in ("0", "document.documentElement.scrollHeight"):
        play.page.evaluate(f"scrollTo(0, {place})")
        expect(play.training.get_by_role("button", name=re.compile("Play|Pause"))).to_be_in_viewport()
    play.training.get_by_role("button", name="Reset").tap()
    play.training.get_by_role("button", name="One epoch").tap()
    play.at_epoch(1)


@pytest.mark.parametrize("width", [1440, 1024, 760])
def test_nothing_overflows_a_desk(visit, width):
    play = visit(viewport={"width": width, "height": 900})
    for state in (nothing, tour_open, unit_chosen, rival_on):
        state(play)
        assert play.page.evaluate("document.documentElement.scrollWidth") <= width, state.__name__


def test_whoever_wants_no_motion_gets_none(visit):
    play = visit(reduced_motion="reduce")
    expect(play.network.get_by_role("checkbox", name=re.compile("flow", re.I))).to_have_count(0)
    animations = "document.getAnimations().length"
    assert play.page.evaluate(animations) == 0
    for state in (tour_open, hidden_plane, spread, unit_chosen, rival_on):
        state(play)
        play.play()
        assert play.page.evaluate(animations) == 0, state.__name__
        play.pause()


def test_the_colours_follow_the_system_while_nothing_trains(play):
    picture = play.picture()
    play.page.emulate_media(color_scheme="dark")
    dark = play.until_picture(picture)
    play.page.emulate_media(color_scheme="light")
    play.until(lambda: play.picture() == picture)
    assert dark != picture


def test_sliders_stand_where_the_numbers_are(play):
    for slider in play.data.get_by_role("slider").all():
        shown = slider.locator("xpath=following-sibling::output").inner_text().split()[0]
        assert float(slider.input_value()) == float(shown.replace(",", ""))


def test_training_is_told_politely(play):
    status = play.role("status").filter(has_text=re.compile(r"^(Epoch|Paused)"))
    play.play()
    expect(status).to_have_text(re.compile(r"Epoch [\d,]+: loss \S+, held out \S+, accuracy [\d.]+\."))
    assert status.get_attribute("aria-live") == "polite"
    play.pause()
    expect(status).to_have_text(re.compile(r"Paused\. Epoch"))
