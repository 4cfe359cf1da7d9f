"""The activations by family, one block each, and the registry that everything else reads."""

# The order of the catalogue is the order of these imports; the classic eight are in the first.
from nonlin.catalogue import (  # isort: skip # noqa: F401
    threshold, linear, sigmoidal, links, rectified, smooth, shrinkage, exponential, gated, gated_rare, wave, radial,
)  # fmt: skip
from nonlin.catalogue._registry import families, get, names

CLASSIC = ("unit_step", "sign", "identity", "piecewise_linear", "sigmoid", "tanh", "relu", "softplus")
"""The eight of the classic cheat sheet, in its order."""

__all__ = ["CLASSIC", "families", "get", "names"]
