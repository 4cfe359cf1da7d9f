"""A formula and its derivative applied to anything that NumPy takes: checks, types, and both cores for large arrays."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from nonlin.backends.cache import numbers
from nonlin.backends.numba import kernel
from nonlin.backends.objects import CFunction
from nonlin.backends.threads import in_parts
from nonlin.backends.ufunc import PLACES, ufunc
from nonlin.errors import InputError, bad_value
from nonlin.formula import analysis

Array = np.ndarray[Any, Any]
_KINDS = dict.fromkeys("?bBhHiIlLqQed", "float64") | {"f": "float32"}  # the kernel, by NumPy's characters of types
_LARGE = 100_000  # handing parts over takes some 20 µs, as long as so many comparisons or 15,000 exponentials


class Elementwise:
    """An expression in ``z`` and its derivative as compiled code, called like NumPy's ufuncs.

    Parameters
    ----------
    name : str
        What NumPy's messages call the function.
    expression : SymPy expression
        In ``z`` and the names of ``values``.
    derivative : function of nothing
        Gives the derivative of ``expression``; differentiating takes longer than loading compiled code.
    values : mapping of str to float
        The values of the expression's parameters.
    """

    def __init__(
        self, name: str, expression: sp.Expr, derivative: Callable[[], sp.Expr], values: Mapping[str, float]
    ) -> None:
        self.name, self.expression, self.derivative, self.values = name, expression, derivative, dict(values)
        self._kernels: dict[str, CFunction] = {}
        self._ufuncs: dict[tuple[str, ...], np.ufunc] = {}

    @cached_property
    def params(self) -> Array:
        """What the kernel is given: the parameters, then the limits of both expressions at -∞ and +∞."""
        limits = numbers(f"limits of {sp.srepr(self.expression)} {self.values}", 4, self._limits)
        return np.array([*self.values.values(), *limits], dtype=np.float64)

    def _limits(self) -> list[float]:
        expressions = (self.expression, self.derivative())
        return [analysis.limit(e, self.values, side) for e in expressions for side in (-1, +1)]

    def kernel(self, variant: str) -> CFunction:
        """A kernel, which lives as long as this object does."""
        if variant not in self._kernels:
            self._kernels[variant] = kernel(self.expression, tuple(self.values), variant)
        return self._kernels[variant]

    def __call__(self, results: str, x: Any, out: Any = None) -> Any:
        """The value, the derivative or both of ``x``, as ``results`` names them."""
        if type(x) is not np.ndarray:
            if not _is_plain(x):
                return self._of_foreign(results, x, _outs(out, results))
            x = np.asarray(x)
        kind = _KINDS.get(x.dtype.char)
        if kind is None:
            x, kind = _as_double(x), "float64"
        function = self._ufuncs.get((results, kind)) or self._ufunc(results, kind)
        if out is None and x.size < _LARGE:
            return function(x)
        outs = _outs(out, results)
        if any(o is not None and type(o) is not np.ndarray for o in outs):
            return self._of_foreign(results, x, outs)
        try:
            return function(x, *outs) if x.size < _LARGE else _in_parts(function, x, outs, kind)
        except (TypeError, ValueError):
            _check_outs(x, kind, outs)
            raise

    def _of_foreign(self, results: str, x: Any, outs: tuple[Any, ...]) -> Any:
        """Types that have a say in what a ufunc makes of them may ask for either kernel."""
        dtype = getattr(x, "dtype", None)
        if isinstance(dtype, np.dtype) and dtype.kind not in "biuf":
            raise _no_real_numbers(dtype)
        return self._ufunc(results, "float64", "float32")(x, *outs)

    def _ufunc(self, results: str, *variants: str) -> np.ufunc:
        """The ufunc of these variants: only what is called is compiled."""
        key = (results, *variants)
        if key not in self._ufuncs:
            kernels = {variant: self.kernel(variant) for variant in variants}
            self._ufuncs[key] = ufunc(self.name, results, kernels, self.params)
        return self._ufuncs[key]


def _is_plain(x: Any) -> bool:
    """Whether x is a number, a list or bare numbers; other types have a say in what a ufunc makes of them."""
    return isinstance(x, np.generic) or not (hasattr(x, "__array_ufunc__") or hasattr(x, "__array_wrap__"))


def _no_real_numbers(dtype: np.dtype[Any]) -> InputError:
    return bad_value("x", "an array of real numbers", dtype.name)


def _as_double(x: Array) -> Array:
    """Numbers longer than any kernel's as float64, which a ufunc would do for other types itself."""
    if x.dtype.kind != "f":
        raise _no_real_numbers(x.dtype)
    return x.astype(np.float64)


def _outs(out: Any, results: str) -> tuple[Any, ...]:
    """``out`` as a tuple with a place for each result."""
    count = max(PLACES[results])
    if out is None:
        return (None,) * count
    outs = out if isinstance(out, tuple) else (out,)
    if len(outs) != count:
        rule = "an array, or a tuple of one" if count == 1 else "a tuple of two arrays"
        raise InputError(f"out must be {rule}, got {'a tuple of ' + str(len(outs)) if outs is out else 'an array'}")
    for o in outs:
        if o is not None and not hasattr(o, "__array_ufunc__"):
            raise bad_value("out", "an array", type(o).__name__)
    return outs


def _check_outs(x: Array, kind: str, outs: tuple[Any, ...]) -> None:
    """Say what NumPy does not take: x is broadcast to ``out``, and cast as long as only precision is lost."""
    given = [o for o in outs if o is not None]
    if len({o.shape for o in given}) > 1:
        raise InputError(f"out must be two arrays of one shape, got {given[0].shape} and {given[1].shape}")
    for o in given:
        if x.shape != o.shape and not _broadcasts(x.shape, o.shape):
            raise bad_value("out", f"an array of shape {x.shape}", o.shape)
        if not np.can_cast(kind, o.dtype, "same_kind"):
            raise bad_value("out", "an array of floating-point numbers", o.dtype.name)
        if not o.flags.writeable:
            raise InputError("out must be an array that can be written to, got a read-only one")


def _broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, to) == to
    except ValueError:
        return False


def _in_parts(function: np.ufunc, x: Array, outs: tuple[Array | None, ...], kind: str) -> Any:
    """The ufunc by all processors, where parts of x and of ``out`` belong to each other and to no other part."""
    if any(o is not None and o.shape != x.shape for o in outs) or _overlap([x, *(o for o in outs if o is not x)]):
        return function(x, *outs)
    found = tuple(np.empty_like(x, kind) if o is None else o for o in outs)
    in_parts(function, (x, *found))
    return found if len(found) > 1 else found[0]


def _overlap(arrays: list[Array | None]) -> bool:
    given = [a for a in arrays if a is not None]
    return any(np.may_share_memory(a, b) for a, b in itertools.combinations(given, 2))
