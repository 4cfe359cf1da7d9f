"""Odd, even, or neither."""

from __future__ import annotations

import mpmath
import sympy as sp

from nonlin.formula import primitives as p
from nonlin.formula.curve import Curve

_POINTS = ("0.1234", "0.5", "1.7", "2.9", "6.1", "11.3")
_CLOSE = mpmath.mpf(10) ** -25
_ODD = (p.tanh, p.sinh, p.tanhshrink, p.erf, p.softsign, p.isru, p.arctan, p.asinh, p.sinc_slope, p.sign, sp.sin)
_EVEN = (
    p.logistic_pdf, p.sech2, p.cosh, p.logcosh, p.gaussian, p.normal_pdf, p.rhypot, p.lorentzian, p.sinc, p.absolute,
    sp.cos,
)  # fmt: skip


def symmetry(curve: Curve) -> tuple[int, bool]:
    """+1 for an even function, -1 for an odd one, else 0; and whether that is certain.

    A pair of points shows that a function is neither; that the rules mirror each piece into another shows what it is.
    """
    with mpmath.workdps(30):
        pairs = [(curve.at(x), curve.at(-x)) for x in map(mpmath.mpf, _POINTS)]
        for sign in (-1, +1):
            if all(abs(a - sign * b) <= _CLOSE * abs(a) for a, b in pairs):
                return sign, curve.complete and _mirrors(curve, sign)
    return 0, True


def _mirrors(curve: Curve, sign: int) -> bool:
    """Whether each piece, mirrored, is the piece on the other side, times the sign."""
    return all(
        (one.low, one.high) == (-other.high, -other.low) and sp.Mul(sign, _mirrored(other.expression)) == one.expression
        for one, other in zip(curve.pieces, reversed(curve.pieces), strict=True)
    )


def _mirrored(e: sp.Expr) -> sp.Expr:
    """The expression of -z, signs pulled out of odd and even functions."""
    if e == p.z:
        return -e
    if not e.args:
        return e
    arguments = [_mirrored(a) for a in e.args]
    if isinstance(e, (*_ODD, *_EVEN)) and arguments[0] == -e.args[0]:
        return -e if isinstance(e, _ODD) else e
    return e.func(*arguments)
