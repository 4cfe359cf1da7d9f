"""A formula as compiled kernels: φ and φ' in one fused, vectorised pass.

A kernel is ``void k(T *z, T *d, int64 n, const double *params)``. It replaces ``z`` by φ(z) and leaves φ'(z) in
``d``. ``params`` holds the formula's parameters in order, then the limits of φ at -∞ and +∞ and those of φ': where the
arithmetic gives NaN though z is a number (0·∞ in the tails), the limit on that side is returned. Kernels are cached
on disk, release the GIL and are called by address (:func:`nonlin.backends.intrinsics.call_void`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, cast

import numba as nb
import numpy as np
import sympy as sp
from numba import types

from nonlin.backends.cache import entry, module_from
from nonlin.backends.intrinsics import call_void
from nonlin.backends.objects import CFunction, c_object
from nonlin.backends.pairs import FASTMATH
from nonlin.backends.source import source

Array = np.ndarray[Any, Any]


class Variant(NamedTuple):
    """A kernel's storage type and the precision that it computes in."""

    storage: Any
    arithmetic: str


VARIANTS = {
    "float64": Variant(types.float64, "double"),
    "float32": Variant(types.float32, "bridge"),  # correctly rounded for nearly every function
    "fast": Variant(types.float32, "single"),  # float32 throughout, for training
}


def _compiled(function: Callable[..., Any], signature: Any) -> Any:
    return nb.cfunc(signature, fastmath=set(FASTMATH), error_model="numpy")(function)


def c_function(function: Callable[..., Any], signature: Any) -> CFunction:
    """A function that Numba compiles, as a C function of the given signature, cached on disk."""
    key = f"{function.__module__}.{function.__qualname__} {signature}"
    return c_object(key, lambda: _compiled(entry(function, len(signature.args)), signature))


def python_function(function: Callable[..., Any], arguments: int) -> Callable[..., Any]:
    """A compiled function as one that Python calls: compiled at its first call, cached on disk, without the GIL."""
    return cast("Callable[..., Any]", nb.njit(cache=True, nogil=True)(entry(function, arguments)))


@lru_cache(maxsize=4096)
def kernel(expression: sp.Expr, parameters: tuple[str, ...], variant: str) -> CFunction:
    """The compiled kernel of an expression in ``z`` and ``parameters``; ``variant`` as in VARIANTS."""
    storage, arithmetic = VARIANTS[variant]
    pointer = types.CPointer(storage)
    signature = types.void(pointer, pointer, types.int64, types.CPointer(types.float64))

    def compiled() -> Any:
        return _compiled(module_from(source(expression, parameters, arithmetic)).value_and_derivative, signature)

    return c_object(f"{sp.srepr(expression)} {parameters} {variant}", compiled)


@nb.njit
def _run(address: Any, zs: Any, ds: Any, params: Any) -> None:
    call_void(address, (zs, ds, zs.size, params))


run = python_function(_run, 4)
"""Apply the kernel at an address to flat arrays ``z`` and ``d`` with its parameters, without the GIL."""
