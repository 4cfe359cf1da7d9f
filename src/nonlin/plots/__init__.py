"""The pictures: what a model decides, how it is built, how it learnt, and the activation functions in it.

Every function takes a fitted model or an activation and draws on the Axes that it is given, or on a new
pyplot figure; it returns the Axes (the cheat sheet, which has many, its Figure). No picture fits a model.
"""

from __future__ import annotations

from nonlin.plots._activation import activation
from nonlin.plots._architecture import architecture
from nonlin.plots._curves import learning_curve
from nonlin.plots._diagnostics import MEASURES, diagnostics
from nonlin.plots._differences import critical_differences, pairwise
from nonlin.plots._sheet import cheat_sheet
from nonlin.plots._surface import decision_surface

__all__ = [
    "MEASURES", "activation", "architecture", "cheat_sheet", "critical_differences", "decision_surface", "diagnostics",
    "learning_curve", "pairwise",
]  # fmt: skip
