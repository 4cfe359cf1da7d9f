"""The tour: the story of the activation function in six steps, each of which sets the page up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """One step: what it says, what to look at, and the settings and the view that show it."""

    title: str
    words: tuple[str, ...]
    look: str
    settings: dict[str, Any]
    view: dict[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """As a page gets it."""
        return {
            "title": self.title, "words": list(self.words), "look": self.look, "settings": self.settings,
            "view": self.view,
        }  # fmt: skip


_CALM = {
    "noise": 15, "rows": 500, "share": 50, "data_seed": 0, "inputs": [], "axes": [], "batch": 10, "first": [],
    "rival": "", "learning_rate": "auto", "solver": "adam", "penalty": "none", "dropout": 0.0, "patience": 0,
    "init": "auto", "seed": 0,
}  # fmt: skip

STEPS = (
    Step(
        "Net input",
        (
            "Linear regression weighs the inputs and adds them up: z = b + w₁x₁ + w₂x₂. That sum is the net input.",
            "Training looks for the weights that make the squared distance between z and the target small.",
        ),
        "The colours change evenly along one direction: z is a tilted plane. Press play and watch it turn into place.",
        {**_CALM, "data": "plane", "hidden": [], "activations": [], "loss_of_numbers": "squared_error", "pace": 5},
        {"discretise": False, "play": False},
    ),
    Step(
        "Activation: the sigmoid",
        (
            "Logistic regression sends the same net input through the sigmoid, σ(z) = 1 / (1 + e⁻ᶻ), which squashes it "
            "into a probability between 0 and 1.",
            "Where z is 0 the probability is one half; far from there the model is sure.",
        ),
        "The shade fades from sure to sure across a band. As the weights grow, the band narrows.",
        {**_CALM, "data": "gauss", "noise": 30, "hidden": [], "activations": [], "loss": "log_loss", "pace": 20},
        {"discretise": False, "play": True},
    ),
    Step(
        "The unit step",
        (
            "To decide, take 1 where that probability is at least one half, which is the same as z ≥ 0: a unit step.",
            "The sigmoid has bent the probability, not the boundary: z = 0 is still a straight line.",
        ),
        "One straight line parts the plane. The output is discretised now; switch that off to see the band again.",
        {**_CALM, "data": "gauss", "noise": 30, "hidden": [], "activations": [], "loss": "log_loss", "pace": 20},
        {"discretise": True, "play": True},
    ),
    Step(
        "Where lines fail",
        (
            "Two half moons that reach into each other: no line separates them.",
            "The best line leaves about one point in nine on the wrong side, however long it trains.",
        ),
        "The loss stops falling early and the accuracy stays below 0.9. The line turns, but it cannot bend.",
        {**_CALM, "data": "moons", "hidden": [], "activations": [], "loss": "log_loss", "pace": 60},
        {"discretise": True, "play": True},
    ),
    Step(
        "A hidden layer bends",
        (
            "Put 200 sigmoid units between the inputs and the output. Each bends the plane a little, the output adds "
            "them up, and backpropagation finds the weights. The boundary follows the moons.",
            "The second network has the same layers with the identity in place of the sigmoid. It has as many weights, "
            "and collapses to one line: the bend comes from the activation function, and from nothing else.",
        ),
        "Here the sigmoid, there the identity: the same rows, the same seed. Compare boundaries and losses.",
        {**_CALM, "data": "moons", "hidden": [200], "activations": ["sigmoid"], "rival": "identity", "loss": "log_loss",
         "pace": 60},
        {"discretise": False, "play": True, "panel": "activation"},
    ),
    Step(
        "The cheat sheet",
        (
            "Here are the classic eight. Choose one and watch the boundary take its character: corners from the ReLU, "
            "curves from tanh, and steps that cannot learn, for their derivative is 0.",
            "Only 60 points are trained on now, and they are noisy: a network that bends can also bend too far. When "
            "the held-out loss rises while the training loss falls, it is overfitting.",
        ),
        "Choose one, then another, and keep an eye on the gap between the two loss curves.",
        {**_CALM, "data": "moons", "noise": 25, "rows": 600, "share": 10, "hidden": [16, 16],
         "activations": ["relu", "relu"], "loss": "log_loss", "pace": 60},
        {"discretise": False, "play": True, "panel": "activation", "cards": True},
    ),
)  # fmt: skip
