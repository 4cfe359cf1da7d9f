"""The card: well-formed, self-contained, safe, and complete."""

import re
from xml.etree import ElementTree

import pytest

import nonlin
from nonlin import Activation, facts
from nonlin.card import to_html, to_page


def tree(activation):
    return ElementTree.fromstring(to_html(activation))


def texts(root, tag):
    return ["".join(element.itertext()) for element in root.iter(tag)]


@pytest.mark.parametrize("name", nonlin.names())
def test_every_member_has_a_card(name):
    a = nonlin.get(name)
    root = tree(a)
    assert root.get("class") == "nonlin-card"
    assert texts(root, "p") == [name.replace("_", " ")]
    assert texts(root, "code") == [f"φ(z) = {a.formula}", f"φ'(z) = {a.derivative_formula}"]
    assert "NaN" not in to_html(a)
    assert "nan" not in "".join(p.get("d") for p in root.iter("path"))


def test_what_it_says():
    root = tree(nonlin.get("leaky_relu"))
    assert texts(root, "caption") == ["properties", "about", "defaults of the libraries"]
    rows = dict(zip(texts(root, "th"), texts(root, "td"), strict=True))
    assert rows["parameters"] == "alpha = 0.01"
    assert rows["also called"] == "leakyrelu, lrelu, linear_piece_rect_leaky"
    assert rows["PyTorch, JAX, NNlib, ONNX, FANN"] == "alpha 0.01 (taken here)"
    assert rows["Keras layer"] == "alpha 0.3"
    assert {th.get("scope") for th in root.iter("th")} == {"row"}


def test_every_property_is_there():
    a = nonlin.get("mish")
    rows = dict(zip(texts(tree(a), "th"), texts(tree(a), "td"), strict=True))
    assert facts.properties(a)
    for label, phrase in facts.properties(a):
        assert rows[label] == phrase


def test_the_pictures_have_words():
    graph, value, slope = tree(nonlin.get("relu")).iter("svg")
    assert graph.get("aria-label") == (
        "relu for net inputs from -4 to 4, solid, and its derivative, dashed; kinks at 0"
    )
    assert value.get("aria-label") == "φ(z) = where(z > 0, z, 0)"
    assert slope.get("aria-label") == "φ'(z) = where(z > 0, 1, 0)"
    for svg in (graph, value, slope):
        assert svg.get("role") == "img"
        assert svg.find("title").text == svg.get("aria-label")


def test_kinks_are_squares_and_jumps_are_dots():
    assert len(list(tree(nonlin.get("hard_tanh")).iter("rect"))) == 2
    dots = [dot.get("class") for dot in tree(nonlin.get("unit_step")).iter("circle")]
    assert dots == ["nonlin-open", "nonlin-full"]


def test_the_curve_goes_through_its_points():
    (curve,) = (p for p in tree(nonlin.get("identity")).iter("path") if p.get("class") == "nonlin-value")
    first, *_, last = re.findall(r"([\d.]+) ([\d.]+)", curve.get("d"))
    assert (float(first[0]), float(last[0])) == (34.0, 350.0)
    assert float(first[1]) > float(last[1])


def test_nothing_is_loaded_from_elsewhere():
    page = to_page(nonlin.get("gelu_tanh"))
    assert not re.search(r"https?://|url\(|@import|<script|<link|src=", page)


def test_styles_are_scoped():
    (style,) = texts(tree(nonlin.get("relu")), "style")
    selectors = [s.strip() for rule in re.findall(r"([^{}]+)\{", style) for s in rule.split(",")]
    assert all(s.startswith(".nonlin-card") for s in selectors)


def test_a_user_s_words_stay_words():
    evil = '<script>alert("1")</script>'
    a = Activation(
        "z*p", name=evil, aliases=(evil,), used_in=evil, reference=f"'{evil}&amp;", defaults={evil: evil}, p=1.0
    )
    assert "<script" not in to_page(a)
    assert texts(tree(a), "p") == [evil]
    assert f"'{evil}&amp;" in texts(tree(a), "td")


@pytest.mark.parametrize("formula", ["1/z", "log(z)", "exp(z)**9", "sqrt(z)", "z*1e300", "sin(100*z)", "step(z)*1e9"])
def test_a_formula_with_holes_and_heights_without_end(formula):
    assert "nan" not in "".join(p.get("d") for p in tree(Activation(formula)).iter("path"))


def test_an_equation_that_is_too_wide_is_left_to_its_text():
    assert len(list(tree(nonlin.get("pau")).iter("svg"))) == 2
    assert len(list(tree(nonlin.get("relu")).iter("svg"))) == 3


def test_a_notebook_shows_the_card():
    a = nonlin.get("relu")
    assert a._repr_html_() == to_html(a)


@pytest.mark.parametrize("name", [n for n in nonlin.names() if nonlin.get(n).defaults])
def test_one_line_of_the_defaults_is_taken_and_it_is_the_first(name):
    assert [ours for _, _, ours in facts.defaults(nonlin.get(name))].index(True) == 0
    assert sum(ours for _, _, ours in facts.defaults(nonlin.get(name))) == 1


def test_other_parameters_take_another_line_or_none():
    taken = [library for library, _, ours in facts.defaults(nonlin.get("prelu").with_params(alpha=0.01)) if ours]
    assert taken == ["Flax"]
    assert not any(ours for _, _, ours in facts.defaults(nonlin.get("prelu").with_params(alpha=0.7)))
