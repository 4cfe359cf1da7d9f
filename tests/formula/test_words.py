"""The properties in words: every field has a phrase, or is said with another."""

import math
from dataclasses import replace

import pytest

import nonlin
from nonlin.formula.words import describe


def said(name):
    return dict(describe(nonlin.get(name).properties))


def test_all_that_is_said_of_relu():
    assert describe(nonlin.get("relu").properties) == [
        ("range", "[0, ∞), the lower end is taken"), ("limits", "φ → 0 at -∞, φ → ∞ at +∞"),
        ("limits of the slope", "φ' → 0 at -∞, φ' → 1 at +∞"), ("symmetry", "neither odd nor even"),
        ("monotonic", "non-decreasing"), ("convexity", "convex"), ("smoothness", "C⁰: continuous, with kinks"),
        ("kinks", "at 0, where φ' is taken as 0"), ("jumps", "none"), ("steepest slope", "1"),
        ("steepest change of slope", "∞"), ("zeros", "every z in (-∞, 0]"), ("fixed points", "every z in [0, ∞)"),
        ("bounded", "below"), ("saturates", "on the left"), ("zero-centred", "no"), ("identity near 0", "no"),
        ("universal approximation", "yes, it is no polynomial"), ("E[φ], z ~ N(0, 1)", "0.398942 (numerical)"),
        ("E[φ²]", "0.5 (numerical)"), ("E[φ'²]", "0.5 (numerical)"), ("gain 1/√E[φ²]", "1.4142 (numerical)"),
        ("χ₁ at that gain", "1.0000 (numerical)"), ("cost", "no transcendental, 2 operations in all"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "label", "phrase"),
    [
        ("sigmoid", "range", "(0, 1), neither end is reached"), ("sin", "range", "[-1, 1], both ends are taken"),
        ("gaussian", "range", "(0, 1], the upper end is taken"), ("identity", "range", "all numbers"),
        ("gcu", "range", "all numbers (numerical)"), ("sin", "limits", "no limit at -∞, no limit at +∞ (numerical)"),
        ("tanh", "symmetry", "odd: φ(-z) = -φ(z)"), ("cos", "symmetry", "even: φ(-z) = φ(z)"),
        ("silu", "monotonic", "no, it rises and falls"), ("silu", "convexity", "neither convex nor concave"),
        ("silu", "smoothness", "C^∞: every derivative is continuous"), ("elu", "smoothness", "C¹: φ' is continuous"),
        ("isrlu", "smoothness", "C²: 2 derivatives are continuous"), ("sign", "smoothness", "C⁻¹: it jumps"),
        ("sign", "jumps", "at 0, where φ' is taken as 0"), ("softplus", "zeros", "none"), ("identity", "fixed points", "every z"),
        ("hard_swish", "kinks", "at -3, where φ' is taken as 0; at 3, where φ' is taken as 1"),
        ("hard_swish", "fixed points", "every z in [3, ∞), at 0"), ("identity", "bounded", "no"),
        ("sin", "zeros", "19 with |z| ≤ 30, -3.14159, 0, 3.14159 among them, and more of them without end"),
        ("sigmoid", "bounded", "below and above"), ("sigmoid", "saturates", "on the left and the right"),
        ("identity", "saturates", "nowhere"), ("tanh", "identity near 0", "yes, φ(0) = 0 and φ'(0) = 1"),
        ("quadratic", "universal approximation", "no, it is a polynomial or has a pole"), ("silu", "steepest slope", "1.09984"),
        ("softsign", "cost", "no transcendental, 1 operation in all"), ("exp(exp(z))", "E[φ²]", "∞ (numerical)"),
        ("exp(exp(z))", "χ₁ at that gain", "none (numerical)"),
    ],
)  # fmt: skip
def test_phrases(name, label, phrase):
    assert said(name)[label] == phrase


def test_what_is_not_settled_says_so():
    p = replace(nonlin.get("relu").properties, exact=frozenset())
    assert all(phrase.endswith(" (numerical)") for _, phrase in describe(p))


@pytest.mark.parametrize("name", nonlin.names())
def test_every_entry_can_be_told(name):
    told = describe(nonlin.get(name).properties)
    assert len(told) == 24
    assert all(label and phrase and "nan" not in phrase for label, phrase in told)
    assert math.isfinite(nonlin.get(name).properties.gain)
