"""The errors of an activation's kernels, and of its peers, against mpmath."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import mpmath
import numpy as np
import sympy as sp

from nonlin.accuracy.peers import peer_calls
from nonlin.accuracy.points import points, variations
from nonlin.accuracy.reference import terms, true_values, underflow
from nonlin.accuracy.units import DOUBLE, SINGLE, Format, last_place, ulps
from nonlin.activation import Activation
from nonlin.backends import numba as kernels
from nonlin.formula.primitives import sinc, sinc_slope

Array = np.ndarray[Any, Any]
Both = tuple[Array, Array | None]

DIGITS = 50
WAVES = (sp.sin, sp.cos, sinc, sinc_slope)
LARGEST = float(np.finfo(np.float64).max)
"""An angle beyond it is infinite in every precision, and a wave has no value there."""
PIECE = 20_000
"""Points that are measured at once: an mpmath number takes some 200 bytes."""


class Precision(NamedTuple):
    """What a kernel variant promises.

    ``bound`` is in ulp, of the terms that are added up (``of_terms``) or of the value; a factor below the normal
    numbers of ``format`` has the smallest number of it as its unit. Arguments beyond ``reach`` are left out.
    """

    name: str
    dtype: Any
    bound: float
    of_terms: bool
    format: Format
    reach: float = np.inf


PRECISIONS = (
    Precision("float64", np.float64, 4.0, True, DOUBLE),
    Precision("float32", np.float32, 1.0, False, SINGLE),
    # the training kernel does without subnormal numbers, and its exponentials end a little above them; a net input of
    # 80 has left every training behind, and e^88.7 would leave float32
    Precision("fast", np.float32, 4.0, True, SINGLE._replace(smallest=-120), 80.0),
)


@dataclass(frozen=True)
class Worst:
    """The largest error in ulp, the argument z where it occurs, and the parameters' values there."""

    ulps: float
    at: float
    params: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Row:
    """The worst errors of φ and of φ' of one activation, as one contender computes them in one precision.

    ``derivative`` is None of a peer that has none, ``bound`` of every peer: nobody promises one.
    """

    name: str
    contender: str
    precision: str
    value: Worst
    derivative: Worst | None
    bound: float | None
    points: int

    @property
    def passes(self) -> bool:
        """Whether no error is above the bound."""
        errors = [w.ulps for w in (self.value, self.derivative) if w is not None]
        return self.bound is None or max(errors) <= self.bound


class Truth:
    """φ and φ' at some points, and the sizes of the terms that make them up, in mpmath."""

    def __init__(self, activation: Activation, x: Array, digits: int = DIGITS) -> None:
        self.activation, self.x, self.digits = activation, x, digits
        self.expressions = (activation.expression, activation.derivative_expression)
        sizes = [terms(e) for e in self.expressions]
        angles = [c.args[0] for c in sp.Add(*self.expressions).atoms(*WAVES)]
        columns = true_values([*self.expressions, *sizes, *angles], x, activation.params, digits)
        self.values, self.sizes = columns[:2], columns[2:4]
        self.has_angles = ~np.any([[abs(a) > LARGEST for a in column] for column in columns[4:]] or [[False]], axis=0)

    def errors(self, got: Array, order: int, precision: Precision) -> Array:
        """The errors in ulp of what a contender got for φ (``order`` 0) or φ' (1), by the rules of the precision."""
        sizes = self.sizes[order] if precision.of_terms else self.values[order]
        found = ulps(got, self.values[order], sizes, precision.format)
        found[(np.abs(self.x) > precision.reach) | ~self.has_angles] = 0.0
        high = np.flatnonzero((found > precision.bound) & np.isfinite(found))
        if high.size:
            lost = self._lost if precision.of_terms else self._cancelled
            found[high] = np.maximum(found[high] - lost(order, high, precision.format), 0.0)
        return found

    def _cancelled(self, order: int, where: Array, kind: Format) -> Array:
        """What terms that cancel cost, computed in double precision, in ulp of the value."""
        bound = next(p.bound for p in PRECISIONS if p.format is DOUBLE)
        units = [last_place(self.sizes[order][i], DOUBLE) - last_place(self.values[order][i], kind) for i in where]
        return np.array([bound * float(mpmath.ldexp(1, unit)) for unit in units])

    def _lost(self, order: int, where: Array, kind: Format) -> Array:
        """What factors that are subnormal may cost at these points, in ulp of the terms."""
        expression = underflow(self.expressions[order], sp.Integer(2) ** kind.smallest_normal)
        (counts,) = true_values([expression], self.x[where], self.activation.params, self.digits)
        units = [kind.smallest - last_place(self.sizes[order][i], kind) for i in where]
        return np.array([float(mpmath.ldexp(n, unit)) for n, unit in zip(counts, units, strict=True)])


def kernel_results(activation: Activation, variant: str, x: Array) -> tuple[Array, Array]:
    """φ and φ' of a kernel variant at x, which is left alone."""
    value, slope = x.copy(), np.empty_like(x)
    kernels.run(activation.kernel_address(variant), value, slope, activation.kernel_params)
    return value, slope


def measure(
    activation: Activation, count: int, seed: int = 0, against: Sequence[str] = (), digits: int = DIGITS
) -> list[Row]:
    """The worst errors of every precision, and of the peers named in ``against``, each over all parameter values.

    Parameters
    ----------
    activation : Activation
    count : int
        The random points of each precision, for each of the parameters' values.
    seed : int
        The seed of the random points.
    against : names of packages
        Peers to be measured at the same points, at the activation's own parameter values.
    digits : int
        The decimal digits of the reference.
    """
    rows: dict[tuple[str, str], Row] = {}
    for a in variations(activation):
        for row in _rows(a, count, seed, against if a is activation else (), digits):
            key = row.contender, row.precision
            rows[key] = _worse(rows[key], row) if key in rows else row
    return sorted(rows.values(), key=lambda row: row.contender != "nonlin")  # stable: peers come last


def _rows(activation: Activation, count: int, seed: int, against: Sequence[str], digits: int) -> Iterator[Row]:
    peers = peer_calls(activation.name, against)
    for dtype in (np.float64, np.float32):
        own = [precision for precision in PRECISIONS if precision.dtype is dtype]
        x = points(activation, dtype, count, seed)
        for piece in np.array_split(x, -(-x.size // PIECE)):
            truth = Truth(activation, piece, digits)
            for precision in own:
                yield _row(truth, precision, "nonlin", kernel_results(activation, precision.name, piece))
            for peer, call in peers.items():
                yield _row(truth, own[0], peer, call(piece))
        for precision in own:
            yield _at_the_ends(activation, precision)


def _row(truth: Truth, precision: Precision, contender: str, got: Both) -> Row:
    inside = int((np.abs(truth.x) <= precision.reach).sum())
    value, slope = (None if g is None else _worst(truth, g, k, precision) for k, g in enumerate(got))
    assert value is not None
    bound = precision.bound if contender == "nonlin" else None
    return Row(truth.activation.name, contender, precision.name, value, slope, bound, inside)


def _worst(truth: Truth, got: Array, order: int, precision: Precision) -> Worst:
    errors = truth.errors(got, order, precision)
    i = int(errors.argmax())
    return Worst(float(errors[i]), float(truth.x[i]), tuple(truth.activation.params.items()))


def _at_the_ends(activation: Activation, precision: Precision) -> Row:
    """NaN, which must stay NaN, and ±∞, which must give the limit unless it is out of reach."""
    ends = [np.nan] if np.isfinite(precision.reach) else [np.nan, -np.inf, np.inf]
    got = kernel_results(activation, precision.name, np.array(ends, precision.dtype))
    p = activation.properties

    def worst(result: Array, limits: tuple[float, float]) -> Worst:
        true = [mpmath.mpf(limit) for limit in (np.nan, *limits)][: len(ends)]
        errors = ulps(result, true, true, precision.format)
        return Worst(float(errors.max()), ends[int(errors.argmax())], tuple(activation.params.items()))

    value, slope = worst(got[0], p.limits), worst(got[1], p.derivative_limits)
    return Row(activation.name, "nonlin", precision.name, value, slope, precision.bound, len(ends))


def _worse(a: Row, b: Row) -> Row:
    """The larger errors of both, over the points of both."""
    slope = None if a.derivative is None or b.derivative is None else _larger(a.derivative, b.derivative)
    return replace(a, value=_larger(a.value, b.value), derivative=slope, points=a.points + b.points)


def _larger(a: Worst, b: Worst) -> Worst:
    return b if b.ulps > a.ulps else a
