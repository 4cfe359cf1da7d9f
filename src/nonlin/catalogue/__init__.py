"""The activations by family, one block each, and the registry that everything else reads."""

# The order of the catalogue is the order of these imports; the classic eight come first.
from nonlin.catalogue import threshold, linear, sigmoidal, rectified, exponential, gated, wave  # isort: skip # noqa: F401
from nonlin.catalogue._registry import families, get, names

CLASSIC = ("unit_step", "sign", "identity", "piecewise_linear", "sigmoid", "tanh", "relu", "softplus")
"""The eight of the classic cheat sheet, in its order."""

__all__ = ["CLASSIC", "families", "get", "names"]
