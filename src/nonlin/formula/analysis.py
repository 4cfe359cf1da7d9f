"""The properties of an activation, computed from its formula.

Breaks, pieces, limits, extremes, zeros and means are each found in a room of their own; here they become answers.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy as sp

from nonlin.errors import bad_value
from nonlin.formula.breaks import order_of_continuity
from nonlin.formula.cost import cost
from nonlin.formula.curve import Curve, curve, tidy
from nonlin.formula.evaluate import evaluate
from nonlin.formula.limits import limit
from nonlin.formula.moments import gain, gaussian_moments
from nonlin.formula.points import Interval, Points, zeros
from nonlin.formula.primitives import z
from nonlin.formula.shape import Extreme, extremes, side
from nonlin.formula.symmetry import symmetry

__all__ = ["Interval", "Points", "Properties", "analyse", "gain", "gaussian_moments", "limit"]

_ORDERS = {-1: "C⁻¹", math.inf: "C^∞"} | {n: f"C{digit}" for n, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸")}


@dataclass(frozen=True)
class Properties:
    """What the formula of an activation φ says about it; every field is computed.

    A formula that names a value beyond some point, because its function is that value in double precision there, is
    taken at its word.

    Attributes
    ----------
    range : the values of φ between their infimum and supremum, and which of these two φ takes. An extreme inside is
        proven to ten digits by interval arithmetic (Moore, Kearfott & Cloud 2009, Introduction to Interval Analysis,
        SIAM), for |z| ≤ 1e100, or numerical.
    limits : limits of φ at -∞ and +∞; nan where there is none.
    derivative_limits : limits of φ' at -∞ and +∞; nan where there is none.
    odd, even : φ(-z) = -φ(z), φ(-z) = φ(z).
    monotonic : "increasing" or "decreasing", strictly; "non-decreasing", "non-increasing", "constant"; None if none.
    convexity : "convex", "concave", "affine" (both), or None.
    order : how many derivatives of φ are continuous: -1 with a jump, 0 with a kink, ∞ if all are. Both sides of a
        break count as equal where they agree to twelve digits; up to eight derivatives are compared.
    kinks : where φ is continuous and φ' jumps.
    jumps : where φ itself jumps.
    subgradients : each kink and jump with the value that φ' takes there.
    lipschitz : sup |φ'|, the Lipschitz constant of φ; ∞ with a jump.
    derivative_lipschitz : sup |φ''|, the Lipschitz constant of φ'; ∞ with a kink or a jump.
    zeros : where φ(z) = 0; with |z| ≤ 30 there are no others if the field is exact, beyond a coarser grid is searched.
    fixed_points : where φ(z) = z, in the same way.
    bounded : "both" ends, "below", "above" or "neither".
    saturates_left, saturates_right : φ' tends to 0 at -∞, at +∞
        (Gulcehre et al. 2016, Noisy activation functions, arXiv:1603.00391).
    zero_centred : E[φ(z)] = 0 for z ~ N(0, 1), to 1e-9.
    identity_at_zero : φ(0) = 0 and φ'(0) = 1, so that a network of small weights starts as a linear one.
    universal : one hidden layer of φ can approximate every continuous function on a compact set, which is so
        exactly when φ is no polynomial (Leshno, Lin, Pinkus & Schocken 1993, Neural Networks 6:861; φ locally bounded).
    mean : E[φ(z)] for z ~ N(0, 1), like all means by Gauss-Legendre quadrature.
    second_moment : E[φ(z)²] for z ~ N(0, 1).
    derivative_second_moment : E[φ'(z)²] for z ~ N(0, 1), away from jumps.
    gain : 1/√E[φ(z)²] for z ~ N(0, 1): the factor of the initial weights that keeps the second moment
        (He, Zhang, Ren & Sun 2015, arXiv:1502.01852, for relu).
    chi1 : E[φ'(z)²]/E[φ(z)²] for z ~ N(0, 1): the growth of a gradient per layer at that gain
        (Poole et al. 2016, arXiv:1606.05340; Schoenholz et al. 2017, arXiv:1611.01232).
    operations : arithmetic operations, choices and calls of one value of φ, what occurs twice being computed once.
    transcendental_calls : how many of them are transcendental functions, such as exp or erf.
    cost : "no transcendental", "one transcendental" or "several transcendentals".
    exact : the names of the fields that are settled by rule or proven; the others are numerical.
    """

    range: Interval
    limits: tuple[float, float]
    derivative_limits: tuple[float, float]
    odd: bool
    even: bool
    monotonic: str | None
    convexity: str | None
    order: float
    kinks: tuple[float, ...]
    jumps: tuple[float, ...]
    subgradients: tuple[tuple[float, float], ...]
    lipschitz: float
    derivative_lipschitz: float
    zeros: Points
    fixed_points: Points
    bounded: str
    saturates_left: bool
    saturates_right: bool
    zero_centred: bool
    identity_at_zero: bool
    universal: bool
    mean: float
    second_moment: float
    derivative_second_moment: float
    gain: float
    chi1: float
    operations: int
    transcendental_calls: int
    cost: str
    exact: frozenset[str]

    @property
    def smoothness(self) -> str:
        """The order of continuity as it is written: C⁻¹, C⁰, C¹, …, C^∞."""
        return _ORDERS[self.order]


def analyse(expression: sp.Expr, params: Mapping[str, float]) -> Properties:
    """All properties of an activation's expression at the given parameter values.

    Raises
    ------
    InputError
        A part of the formula that matters has no finite value at these parameter values, as 1/a at a = 0.

    Examples
    --------
    >>> from nonlin.formula.parser import parse
    >>> found = analyse(parse("max(z, 0)"), {})
    >>> print(found.range, found.monotonic, found.smoothness, found.subgradients)
    [0, ∞) non-decreasing C⁰ ((0.0, 0.0),)
    """
    try:
        return _analysed(expression, params)
    except (TypeError, AttributeError):  # what SymPy and mpmath raise on their way with no number
        _check_parameters(expression, params)
        raise


def _analysed(expression: sp.Expr, params: Mapping[str, float]) -> Properties:
    phi = curve(expression, params)
    orders = {x: order_of_continuity(expression, params, x) for x in phi.breaks}
    parts = [
        _limits(phi), _symmetry(phi), _continuity(phi, orders), _shape(phi, orders), _points(phi),
        _at_zero(phi, orders), _means(phi), _cost(phi),
    ]  # fmt: skip
    fields = {name: value for found, _ in parts for name, value in found.items()}
    settled = {name for _, names in parts for name in names}
    if fields["odd"] or ("range" in settled and (fields["range"].low >= 0 or fields["range"].high <= 0)):
        settled.add("zero_centred")
    return Properties(**fields, exact=frozenset(settled))


def _check_parameters(expression: sp.Expr, params: Mapping[str, float]) -> None:
    for part in sp.preorder_traversal(expression):
        if part.is_Atom or not isinstance(part, sp.Expr) or part.has(z):
            continue
        value = evaluate(part, 0, params)
        if isinstance(value, mpmath.mpc) or not mpmath.isfinite(value):
            name = min(symbol.name for symbol in part.free_symbols)
            raise bad_value(f"parameter {name}", f"a number for which {part} has a finite value", params[name])


_Found = tuple[dict[str, Any], set[str]]  # fields, and the names of those that are exact
_Orders = Mapping[Any, float]  # the order of continuity at each break point


def _exactly(found: dict[str, Any], when: bool = True) -> _Found:
    return found, set(found) if when else set()


def _limits(phi: Curve) -> _Found:
    first, settled = _exactly({"limits": phi.limits}, phi.has_ruled_limits)
    slopes = phi.slope.limits
    found = {"derivative_limits": slopes, "saturates_left": slopes[0] == 0, "saturates_right": slopes[1] == 0}
    return first | found, settled | _exactly(found, phi.slope.has_ruled_limits)[1]


def _symmetry(phi: Curve) -> _Found:
    sign, certain = symmetry(phi)
    return _exactly({"odd": sign == -1, "even": sign == +1}, certain)


def _continuity(phi: Curve, orders: _Orders) -> _Found:
    kinks, jumps = (tuple(float(x) for x, order in orders.items() if order == n) for n in (0, -1))
    taken = tuple((x, tidy(phi.slope.at(x))) for x in sorted(kinks + jumps))
    order = min(orders.values(), default=math.inf)
    return _exactly({"order": order, "kinks": kinks, "jumps": jumps, "subgradients": taken}, phi.complete)


def _shape(phi: Curve, orders: _Orders) -> _Found:
    """What the extremes of φ, φ' and φ'' say."""
    curves = (phi, phi.slope, phi.slope.slope)
    values, slopes, bends = (extremes(c) for c in curves)
    rises, curvature = side(curves[1], *slopes), side(curves[2], *bends)
    steps = [step for x, order in orders.items() if order == -1 for step in _steps(phi, x)]
    turns = [phi.slope.beside(x, +1) - phi.slope.beside(x, -1) for x, order in orders.items() if order == 0]
    order = min(orders.values(), default=math.inf)
    parts = [
        _exactly(_range(*values), values[0].exact and values[1].exact),
        _exactly({"monotonic": _monotonic(rises.sign, steps, rises.flat)}, rises.exact),
        _exactly({"convexity": _convexity(curvature.sign, turns, order < 0)}, curvature.exact or order < 0),
        _steepest("lipschitz", slopes, order < 0),
        _steepest("derivative_lipschitz", bends, order < 1),
    ]
    return {k: v for found, _ in parts for k, v in found.items()}, {name for _, names in parts for name in names}


def _steps(phi: Curve, x: Any) -> list[Any]:
    """How φ steps up at a jump: on to its value there, if it has one, and on from it."""
    levels = [v for v in (phi.beside(x, -1), phi.at(x), phi.beside(x, +1)) if not mpmath.isnan(v)]
    return [b - a for a, b in itertools.pairwise(levels)]


def _range(low: Extreme, high: Extreme) -> dict[str, Any]:
    ends = math.isfinite(low.value), math.isfinite(high.value)
    bounded = {(True, True): "both", (True, False): "below", (False, True): "above"}.get(ends, "neither")
    return {"range": Interval(low.value, high.value, low.taken, high.taken), "bounded": bounded}


def _signs(sign: int | None, steps: Iterable[Any]) -> set[int]:
    return {int(mpmath.sign(step)) for step in steps if abs(step) > 1e-12} | ({sign} if sign is not None else set())


def _monotonic(sign: int | None, steps: list[Any], flat: bool) -> str | None:
    signs = _signs(sign, steps)
    if not signs:
        return "constant"
    if len(signs) > 1 or signs == {0}:
        return None
    rising = signs == {1}
    if flat:
        return "non-decreasing" if rising else "non-increasing"
    return "increasing" if rising else "decreasing"


def _convexity(sign: int | None, turns: list[Any], jumps: bool) -> str | None:
    signs = _signs(sign, turns)
    if jumps or len(signs) > 1 or signs == {0}:
        return None
    return {frozenset(): "affine", frozenset({1}): "convex", frozenset({-1}): "concave"}[frozenset(signs)]


def _steepest(name: str, ends: tuple[Extreme, Extreme], breaks: bool) -> _Found:
    low, high = ends
    top = math.inf if breaks else max(abs(low.value), abs(high.value))
    return _exactly({name: top}, breaks or (low.exact and high.exact) or _proves_infinite(low, high))


def _proves_infinite(low: Extreme, high: Extreme) -> bool:
    return any(e.exact and math.isinf(e.value) for e in (low, high))


def _points(phi: Curve) -> _Found:
    found, is_all = zeros(phi)
    fixed, are_all = zeros(curve(phi.expression - z, phi.params))
    settled = {name for name, holds in (("zeros", is_all), ("fixed_points", are_all)) if holds}
    return {"zeros": found, "fixed_points": fixed}, settled


def _at_zero(phi: Curve, orders: _Orders) -> _Found:
    is_smooth = orders.get(mpmath.mpf(0), 1) > 0
    is_identity = is_smooth and abs(phi.at(0)) < 1e-20 and abs(phi.slope.at(0) - 1) < 1e-20
    poles = any(mpmath.isinf(phi.beside(x, s)) for x in orders for s in (-1, +1))
    return _exactly({"identity_at_zero": bool(is_identity), "universal": not poles and not _is_polynomial(phi)})


def _is_polynomial(phi: Curve) -> bool:
    """Whether all pieces are one polynomial, also one that shows only once it is differentiated."""
    if len({piece.expression for piece in phi.pieces}) > 1:
        return False
    curves = (phi, phi.slope, phi.slope.slope)
    return any(c.pieces[0].expression.is_polynomial(z) for c in curves)


def _means(phi: Curve) -> _Found:
    mean, second, slope_second = gaussian_moments(phi.expression, tuple(sorted(phi.params.items())))
    found = {
        "mean": tidy(mean), "second_moment": second, "derivative_second_moment": slope_second,
        "gain": gain(phi.expression, phi.params), "chi1": slope_second / second if second > 0 else math.nan,
        "zero_centred": abs(mean) < 1e-9,
    }  # fmt: skip
    return found, set()


def _cost(phi: Curve) -> _Found:
    operations, calls = cost(phi.expression)
    word = ("no transcendental", "one transcendental", "several transcendentals")[min(calls, 2)]
    return _exactly({"operations": operations, "transcendental_calls": calls, "cost": word})
