"""Means of an activation over a standard normal net input."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from nonlin.formula.breaks import break_points, real
from nonlin.formula.evaluate import evaluate
from nonlin.formula.growth import waves_too_fast
from nonlin.formula.intervals import sample
from nonlin.formula.primitives import z

Array = np.ndarray[Any, Any]
_END = 13.0  # the normal density is below 1e-37 from here on


@lru_cache(maxsize=1024)
def gaussian_moments(expression: sp.Expr, params: tuple[tuple[str, float], ...]) -> tuple[float, float, float]:
    """E[φ], E[φ²] and E[φ'²] for z ~ N(0, 1), by Gauss-Legendre panels split at the break points.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> [round(moment, 12) for moment in gaussian_moments(parse("z**2"), ())]
    [1.0, 3.0, 4.0]
    """
    values = dict(params)
    x, w = _panels(break_points(expression, values))
    density = w * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    f, d = _values(expression, values, x), _values(sp.diff(expression, z), values, x)
    with np.errstate(over="ignore", invalid="ignore"):  # exp(exp(z)) has no finite moments
        return float(density @ f), float(density @ f**2), float(density @ d**2)


def gain(expression: sp.Expr, params: Mapping[str, float]) -> float:
    """1/√E[φ(z)²] for z ~ N(0, 1); 1 where that is not a finite number.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> round(gain(parse("max(0, z)"), {}), 12) == round(2**0.5, 12)
    True
    """
    _, second, _ = gaussian_moments(expression, tuple(sorted(params.items())))
    return 1 / math.sqrt(second) if 1e-12 < second < math.inf else 1.0


def _panels(breaks: list[Any]) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights on [-13, 13], split at the break points."""
    edges = sorted({*np.arange(-_END, _END + 1), *(float(b) for b in breaks if abs(b) < _END)})
    x, w = np.polynomial.legendre.leggauss(12)
    nodes = [(b - a) / 2 * x + (a + b) / 2 for a, b in itertools.pairwise(edges)]
    weights = [(b - a) / 2 * w for a, b in itertools.pairwise(edges)]
    return np.concatenate(nodes), np.concatenate(weights)


def _values(expression: sp.Expr, params: Mapping[str, float], at: Array) -> Array:
    """The values at points, those at which double precision is at a loss in seventeen digits."""
    values = np.array(sample(expression, at, params))
    with mpmath.workdps(17):
        for i in np.flatnonzero(np.isnan(values)):
            if not waves_too_fast(expression, params, [at[i]]):
                values[i] = float(real(evaluate(expression, at[i], params)))
    return values
