"""The properties of an activation, computed from its formula.

Kinks and jumps are located from the conditions of the formula; limits, bounds and Gaussian means are numerical, in
mpmath or in double precision on a dense grid, and agree with the exact values to about six digits.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
import scipy.optimize
import sympy as sp

from nonlin.formula.evaluate import evaluate
from nonlin.formula.primitives import absolute, sign, z

Array = np.ndarray[Any, Any]
Params = Mapping[str, float]
_DIGITS = 30
_STEPS = (1, 1.7, 3.1, 4.9, 9.3, 17, 29, 61, 113, 211, 457, 997)  # an oscillation shows between some of these
_FAR = (mpmath.mpf(10) ** 30, mpmath.mpf(10) ** 3)
_SPAN = 30.0  # numerical properties look at |z| up to here; the limits speak for the rest


@dataclass(frozen=True)
class Properties:
    """What the formula of an activation φ says about it; every field is computed.

    Attributes
    ----------
    range : infimum and supremum of φ (numerical).
    limits : limits of φ at -∞ and +∞; nan where there is none.
    derivative_limits : limits of φ' at -∞ and +∞; nan where there is none.
    monotonic : φ never falls, or never rises (numerical).
    odd, even : φ(-z) = -φ(z), φ(-z) = φ(z) (numerical, to 25 digits).
    kinks : where φ is continuous and φ' jumps.
    jumps : where φ itself jumps.
    smoothness : "discontinuous", "continuous" (C⁰) or "smooth" (no kink and no jump).
    lipschitz : sup |φ'| away from jumps, ∞ with one (numerical).
    saturates_left, saturates_right : φ' tends to 0 at -∞, at +∞.
    zero_centred : E[φ(z)] = 0 for z ~ N(0, 1), to 1e-9.
    mean : E[φ(z)] for z ~ N(0, 1).
    gain : 1/√E[φ(z)²] for z ~ N(0, 1): the factor of the initial weights that keeps the second moment.
    chi1 : E[φ'(z)²]/E[φ(z)²] for z ~ N(0, 1): the growth of a gradient per layer at that gain
        (Poole et al. 2016, arXiv:1606.05340; Schoenholz et al. 2017, arXiv:1611.01232).
    """

    range: tuple[float, float]
    limits: tuple[float, float]
    derivative_limits: tuple[float, float]
    monotonic: bool
    odd: bool
    even: bool
    kinks: tuple[float, ...]
    jumps: tuple[float, ...]
    smoothness: str
    lipschitz: float
    saturates_left: bool
    saturates_right: bool
    zero_centred: bool
    mean: float
    gain: float
    chi1: float


def limit(expression: sp.Expr, params: Params, side: int) -> float:
    """The limit of an expression for z → ±∞ (``side`` is the sign), nan where there is none."""
    with mpmath.workdps(60):
        for start in _FAR:
            settled = _settle([evaluate(expression, side * start * step, params) for step in _STEPS])
            if not math.isnan(settled):
                return settled
    return math.nan


def _settle(values: list[Any]) -> float:
    """The limit that a row of values far out points to, nan if they point nowhere."""
    if any(mpmath.isnan(v) for v in values):
        return math.nan
    last, sizes = values[-1], [abs(v) for v in values]
    if all(v * last > 0 or mpmath.isinf(v) for v in values) and sizes[0] > 50 and _grows(sizes):
        return math.copysign(math.inf, last)
    if max(abs(v - last) for v in values) <= mpmath.mpf(10) ** -4 * max(abs(last), mpmath.mpf(10) ** -6):
        return 0.0 if abs(last) < mpmath.mpf(10) ** -16 else float(last)
    return 0.0 if sizes[-1] < mpmath.mpf(10) ** -4 and _grows(sizes[::-1]) else math.nan


def _grows(sizes: list[Any]) -> bool:
    return all(mpmath.isinf(b) or a < b for a, b in itertools.pairwise(sizes))


def break_points(expression: sp.Expr, params: Params) -> list[Any]:
    """Where a condition, an absolute value or a sign of the expression changes: candidates for kinks."""
    sides = [c.lhs - c.rhs for p in expression.atoms(sp.Piecewise) for c in p.atoms(sp.core.relational.Relational)]
    sides += [a.args[0] for a in expression.atoms(absolute, sign)]
    values = {sp.Symbol(n, real=True): sp.Rational(v) for n, v in params.items() if math.isfinite(v)}
    roots = {r for side in sides if side.has(z) for r in _roots(side.subs(values))}
    return sorted(roots)


def _roots(side: sp.Expr) -> list[Any]:
    """The real roots within the span, to thirty digits."""
    slope = sp.diff(side, z)
    if not slope.has(z):
        with mpmath.workdps(_DIGITS):
            return [evaluate(-side.subs(z, 0) / slope, 0)]
    grid = np.linspace(-_SPAN, _SPAN, 1201)
    with mpmath.workdps(_DIGITS):
        values = [evaluate(side, x) for x in grid]
        pairs = [(a, b, u, v) for (a, u), (b, v) in itertools.pairwise(zip(grid, values, strict=True))]
        exact = [mpmath.mpf(x) for x, v in zip(grid, values, strict=True) if v == 0]
        return exact + [_bisect(lambda x: evaluate(side, x), a, b) for a, b, u, v in pairs if u * v < 0]


def _bisect(f: Callable[[Any], Any], a: float, b: float) -> Any:
    return mpmath.findroot(f, (a, b), solver="anderson", tol=1e-50, verify=False)


def _one_sided(expression: sp.Expr, params: Params, at: Any) -> tuple[Any, Any]:
    step = mpmath.mpf(10) ** -20 * max(1, abs(at))
    return evaluate(expression, mpmath.mpf(at) - step, params), evaluate(expression, mpmath.mpf(at) + step, params)


def _breaks(expression: sp.Expr, params: Params, candidates: list[Any]) -> tuple[float, ...]:
    """The candidates at which the expression jumps."""
    with mpmath.workdps(2 * _DIGITS):
        pairs = [(x, *_one_sided(expression, params, x)) for x in candidates]
        return tuple(float(x) for x, left, right in pairs if not abs(left - right) < mpmath.mpf(10) ** -12)


def _is_vertical(slope: sp.Expr, params: Params, candidates: list[Any]) -> bool:
    """Whether the slope grows without bound towards a break point, as that of √|z| at 0."""
    with mpmath.workdps(2 * _DIGITS):
        sides = [v for x in candidates for v in _one_sided(slope, params, x)]
        return any(abs(v) > 10**8 for v in sides)


def _panels(breaks: list[Any]) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights on [-13, 13], split at the break points."""
    edges = sorted({-13.0, 13.0, *np.arange(-12.0, 13.0, 1.0), *(float(b) for b in breaks if abs(b) < 13)})
    x, w = np.polynomial.legendre.leggauss(12)
    nodes = [(b - a) / 2 * x + (a + b) / 2 for a, b in itertools.pairwise(edges)]
    weights = [(b - a) / 2 * w for a, b in itertools.pairwise(edges)]
    return np.concatenate(nodes), np.concatenate(weights)


def _sample(expression: sp.Expr, params: Params, at: Array) -> Array:
    with mpmath.workdps(17):
        return np.array([float(evaluate(expression, x, params)) for x in at])


@lru_cache(maxsize=1024)
def gaussian_moments(expression: sp.Expr, params: tuple[tuple[str, float], ...]) -> tuple[float, float, float]:
    """E[φ], E[φ²] and E[φ'²] for z ~ N(0, 1), by Gauss-Legendre panels split at the kinks."""
    values = dict(params)
    x, w = _panels(break_points(expression, values))
    density = w * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    f, d = _sample(expression, values, x), _sample(sp.diff(expression, z), values, x)
    with np.errstate(over="ignore", invalid="ignore"):  # exp(exp(z)) has no finite moments
        return float(density @ f), float(density @ f**2), float(density @ d**2)


def gain(expression: sp.Expr, params: Params) -> float:
    """1/√E[φ(z)²] for z ~ N(0, 1); 1 where that is not a finite number."""
    _, second, _ = gaussian_moments(expression, tuple(sorted(params.items())))
    return 1 / math.sqrt(second) if 1e-12 < second < math.inf else 1.0


def analyse(expression: sp.Expr, params: Params) -> Properties:
    """All properties of an activation's expression at the given parameter values."""
    slope = sp.diff(expression, z)
    candidates = break_points(expression, params)
    jumps = _breaks(expression, params, candidates)
    kinks = tuple(k for k in _breaks(slope, params, candidates) if k not in jumps)
    mean, second, slope_second = gaussian_moments(expression, tuple(sorted(params.items())))
    limits = (limit(expression, params, -1), limit(expression, params, +1))
    slope_limits = (limit(slope, params, -1), limit(slope, params, +1))
    grid = _grid(candidates)
    values, slopes = _sample(expression, params, grid), _sample(slope, params, grid)
    symmetric = _symmetry(expression, params)
    rises = np.diff(values)
    tolerance = 1e-12 * np.maximum(1, np.abs(values[1:]))
    return Properties(
        range=(
            -_supremum(lambda x: -_at(expression, params, x), grid, -values, [-v for v in limits]) + 0.0,
            _supremum(lambda x: _at(expression, params, x), grid, values, limits),
        ),
        limits=limits,
        derivative_limits=slope_limits,
        monotonic=bool((rises >= -tolerance).all() or (rises <= tolerance).all()),
        odd=symmetric == -1,
        even=symmetric == +1,
        kinks=kinks,
        jumps=jumps,
        smoothness="discontinuous" if jumps else "continuous" if kinks else "smooth",
        lipschitz=math.inf
        if jumps or _is_vertical(slope, params, candidates)
        else _supremum(lambda x: abs(_at(slope, params, x)), grid, np.abs(slopes), [abs(v) for v in slope_limits]),
        saturates_left=slope_limits[0] == 0,
        saturates_right=slope_limits[1] == 0,
        zero_centred=abs(mean) < 1e-9,
        mean=mean,
        gain=gain(expression, params),
        chi1=slope_second / second if second > 0 else math.nan,
    )


def _grid(candidates: list[Any]) -> Array:
    near = [float(x) + s * 1e-9 for x in candidates for s in (-1, 1)]
    return np.unique(np.concatenate([np.linspace(-_SPAN, _SPAN, 1501), near]))


def _at(expression: sp.Expr, params: Params, x: float) -> float:
    return float(_sample(expression, params, np.array([x]))[0])


def _supremum(
    f: Callable[[float], float], grid: Array, values: Array, limits: tuple[float, ...] | list[float]
) -> float:
    """The largest of f on the grid, refined between its neighbours there, and of the limits."""
    known = [v for v in limits if not math.isnan(v)]
    top = int(np.nanargmax(values))
    best = float(values[top])
    if 0 < top < len(grid) - 1 and best > max(known, default=-math.inf):
        around = (grid[top - 1], grid[top + 1])
        found = scipy.optimize.minimize_scalar(
            lambda x: -f(x), bounds=around, method="bounded", options={"xatol": 1e-9}
        )
        best = max(best, -float(found.fun))
    return _tidy(max([best, *known]))


def _tidy(x: float) -> float:
    """The nearest number of eight decimals, so that 0.9999999999 reads 1."""
    return round(x, 8) + 0.0 if math.isfinite(x) else x


def _symmetry(expression: sp.Expr, params: Params) -> int:
    """+1 for an even function, -1 for an odd one, else 0."""
    with mpmath.workdps(_DIGITS):
        points = [mpmath.mpf(x) for x in ("0.1234", "0.5", "1.7", "2.9", "6.1", "11.3")]
        pairs = [(evaluate(expression, x, params), evaluate(expression, -x, params)) for x in points]
        close = mpmath.mpf(10) ** -25
        if all(abs(a + b) <= close * abs(a) for a, b in pairs):
            return -1
        return +1 if all(abs(a - b) <= close * abs(a) for a, b in pairs) else 0
