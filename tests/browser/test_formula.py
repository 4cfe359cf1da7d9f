"""The activation editor: a formula typed by hand, its parameter dragged, and what no formula is."""

import re

from playwright.sync_api import expect

FIELD = "A name or a formula in z"


def test_a_formula_is_drawn_used_and_trained(play):
    play.editor.get_by_label("Activation of").select_option(label="Layer 1: tanh")
    play.editor.get_by_label(FIELD).fill("z*sin(z)")
    play.said("Understood")
    expect(play.editor.get_by_role("img", name=re.compile(r"Graph of φ\(z\) = z\*sin\(z\)"))).to_be_visible()
    expect(play.editor.get_by_role("row", name="φ′(z)")).to_contain_text("cos(z)")
    before = play.picture()
    play.editor.get_by_role("button", name="Use it").click()
    expect(play.network.get_by_role("button", name=re.compile(r"Activation of layer 1: z\*sin\(z\)"))).to_be_visible()
    expect(play.network.get_by_role("button", name="Activation of layer 2: tanh")).to_be_visible()
    later = play.until_picture(before)
    loss = play.numbers("Loss, training")[0]
    play.train_to(100)
    assert play.picture() != later
    assert play.numbers("Loss, training")[0] < loss


def test_a_parameter_is_dragged_and_the_surface_follows(play):
    play.press("One epoch")
    play.at_epoch(1)
    play.editor.get_by_label(FIELD).fill("z*sigmoid(beta*z)")
    play.editor.get_by_label(FIELD).press("Enter")
    slider = play.editor.get_by_role("slider", name="beta")
    expect(slider).to_have_value("1")
    expect(play.network.get_by_role("button", name=re.compile("Activation of layer 1: z.*beta"))).to_be_visible()
    picture = play.picture()
    for _ in range(3):
        for _ in range(10):
            slider.press("ArrowRight")
        picture = play.until_picture(picture)
    assert float(slider.input_value()) > 1
    play.at_epoch(1)
    expect(play.paused).to_be_visible()
    number = play.editor.get_by_role("spinbutton", name="β")
    number.fill("-2.5")
    number.press("Enter")
    play.until_picture(picture)
    play.until(lambda: "beta%3D-2.5" in play.page.url or "beta=-2.5" in play.page.url)


def test_the_catalogue_by_search_and_keyboard(play):
    search = play.role("searchbox", name="Search the catalogue")
    options = play.role("listbox").get_by_role("option", include_hidden=True)
    search.fill("yolo")
    expect(options.filter(has_text="mish").first).to_be_visible()
    expect(options.filter(has_text="relu6")).to_be_hidden()
    search.press("ArrowDown")
    play.page.keyboard.press("Home")
    play.page.keyboard.press("Enter")
    expect(play.network.get_by_role("button", name="Activation of layer 1: tanh")).to_have_count(0)
    search.fill("nothing of the kind")
    play.said("Nothing in the catalogue matches")


def test_a_layer_takes_its_activation_from_the_menu_under_the_network(play):
    button = play.network.get_by_role("button", name=re.compile("Activation of layer 2"))
    button.click()
    menu = play.role("dialog", name="Activation of layer 2")
    menu.get_by_role("button", name="relu", exact=True).click()
    expect(menu).to_be_hidden()
    expect(play.network.get_by_role("button", name="Activation of layer 2: relu")).to_be_focused()
    expect(play.network.get_by_role("button", name="Activation of layer 1: tanh")).to_be_visible()


HOSTILE = [
    "__import__('os').system('x')", '"a"*10**9', "z" * 10_000, "<img src=x onerror=alert(1)>", "z**z**z**z**z", "(" * 200,
    "lambda: 0", "z.__class__", "1/0", "exec('1')", "q" * 390, "9**9**9**9*z", "z;beta=1e999", "z\x00", "⁂",
]  # fmt: skip


def test_what_is_no_formula_is_refused_in_words(play):
    field = play.editor.get_by_label(FIELD)
    says = play.editor.get_by_role("status")
    said = set()
    for text in HOSTILE:
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_attribute("aria-invalid", "true")
        said.add(says.first.inner_text())
        assert "\n" not in says.first.inner_text()
        assert 10 < len(says.first.inner_text()) < 500, text
        field.fill("tanh")
        expect(field).not_to_have_attribute("aria-invalid", "true")
    assert len(said) > 5
    expect(play.network.get_by_role("button", name="Activation of layer 1: tanh")).to_be_visible()
    play.press("One epoch")
    play.at_epoch(1)


def test_a_formula_of_all_layers_is_typed_in_the_strip_too(play):
    play.role("combobox", name="Activation", exact=True).select_option(label="A formula of my own…")
    field = play.label("Formula in z").first
    field.fill("<img src=x onerror=alert(1)>")
    field.press("Enter")
    expect(play.label("Settings of the training").get_by_text(re.compile("character|formula.*got"))).to_be_visible()
    field.fill("sin(z)*a;a=1.25")
    field.press("Enter")
    expect(play.network.get_by_role("button", name=re.compile(r"Activation of layer \d: .*sin\(z\)"))).to_have_count(2)
