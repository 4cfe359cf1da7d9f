"""Kernels as NumPy ufuncs: layouts, casts, ``out``, subclasses and data frames are then NumPy's own.

A ufunc is made by NumPy's C interface from an inner loop, which is handed pointers and steps in bytes. Ours serves
every kernel: it takes the numbers in blocks that stay in the cache, calls the kernel on each where its result belongs,
or on the stack where that result is not asked for or does not lie together. It leaves no floating-point flag behind:
NumPy would warn of an overflow in a branch that was computed and not taken.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

import numba as nb
import numpy as np
from numba import types
from numba.extending import intrinsic

from nonlin.backends.intrinsics import call_void
from nonlin.backends.numba import VARIANTS, c_function
from nonlin.backends.objects import CFunction

Array = np.ndarray[Any, Any]
PLACES = {"value": (1, 0), "derivative": (0, 1), "both": (1, 2)}
"""Which arguments of a ufunc φ and φ' are, where 0 is the input: that one is not asked for."""

_BLOCK = 4096  # numbers: z, φ and φ' of them fit into the first cache
_FLAGS = 0x3F  # all floating-point exceptions: C ignores the bits that a machine does not have
_clear_flags = types.ExternalFunction("feclearexcept", types.int32(types.int32))


@intrinsic
def _moved(_typing: Any, pointer: Any, count: Any) -> Any:
    """The pointer moved by so many elements."""
    return pointer(pointer, count), lambda _context, builder, _signature, args: builder.gep(args[0], [args[1]])


@intrinsic
def _room(_typing: Any, pointer: Any) -> Any:
    """Room on the stack for a block of what the pointer points to."""

    def codegen(context: Any, builder: Any, signature: Any, _args: Any) -> Any:
        with builder.goto_entry_block():
            return builder.alloca(context.get_value_type(signature.return_type.dtype), size=_BLOCK)

    return pointer(pointer), codegen


@nb.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)
def _loop(args: Any, dimensions: Any, steps: Any, record: Any) -> None:
    address, params, value, slope, itemsize = record[0], record[1], record[2], record[3], record[4]
    x, x_step, n = args[0], steps[0] // itemsize, dimensions[0]
    value_step, slope_step = steps[value] // itemsize, steps[slope] // itemsize
    value_room, slope_room = _room(x), _room(x)
    for start in range(0, n, _BLOCK):
        size = min(_BLOCK, n - start)
        z = _moved(args[value], start) if value > 0 and value_step == 1 else value_room
        d = _moved(args[slope], start) if slope > 0 and slope_step == 1 else slope_room
        for i in range(size):
            z[i] = x[(start + i) * x_step]
        call_void(address, (z, d, size, params))
        if value > 0 and value_step != 1:
            for i in range(size):
                args[value][(start + i) * value_step] = z[i]
        if slope > 0 and slope_step != 1:
            for i in range(size):
                args[slope][(start + i) * slope_step] = d[i]
    _clear_flags(_FLAGS)


@cache
def _c_loop(variant: str) -> CFunction:
    integers = types.CPointer(types.int64)
    pointers = types.CPointer(types.CPointer(VARIANTS[variant].storage))
    return c_function(_loop, types.void(pointers, integers, integers, integers))


class _Start(ctypes.Structure):
    """NumPy's PyUFuncObject up to ``obj``, which the ufunc owns."""

    _fields_ = (
        ("head", ctypes.c_char * object.__basicsize__), ("counts_and_identity", ctypes.c_int * 4),
        ("functions_and_data", ctypes.c_void_p * 2), ("ntypes_and_reserved", ctypes.c_int * 2),
        ("name_types_doc_ptr", ctypes.c_void_p * 4), ("obj", ctypes.c_void_p),
    )  # fmt: skip


@cache
def _from_functions() -> Any:
    """PyUFunc_FromFuncAndData, from the table that extension modules import."""
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    opened = ctypes.PYFUNCTYPE(pointer, ctypes.py_object, text)(("PyCapsule_GetPointer", ctypes.pythonapi))
    capsule = import_module("numpy._core._multiarray_umath")._UFUNC_API
    table = (ctypes.c_size_t * 2).from_address(opened(capsule, None))
    kind = ctypes.PYFUNCTYPE(ctypes.py_object, *[pointer] * 3, *[number] * 4, text, text, number)
    return kind(table[1])


def ufunc(name: str, results: str, kernels: Mapping[str, CFunction], params: Array) -> np.ufunc:
    """The ufunc of a formula's kernels; it keeps them and their parameters alive.

    Parameters
    ----------
    name : str
        What NumPy calls it in its messages.
    results : {"value", "derivative", "both"}
        What it returns.
    kernels : mapping of str to CFunction
        By variant, "float64" or "float32" or both; other types of numbers become the first that holds them.
    params : array of float64
        What the kernels are given.
    """
    places = PLACES[results]
    records = [
        np.array([kernel.address, params.ctypes.data, *places, np.dtype(variant).itemsize], np.int64)
        for variant, kernel in kernels.items()
    ]
    functions = np.array([_c_loop(variant).address for variant in kernels], np.uintp)
    data = np.array([record.ctypes.data for record in records], np.uintp)
    codes = np.array([[np.dtype(variant).num] * (1 + max(places)) for variant in kernels], np.int8)
    tables = (functions.ctypes.data, data.ctypes.data, codes.ctypes.data)
    text, no_identity = name.encode(), -1
    made = _from_functions()(*tables, len(kernels), 1, max(places), no_identity, text, b"", 0)
    return _keeping(made, (dict(kernels), params, records, functions, data, codes, text))


def _keeping(made: np.ufunc, owned: tuple[Any, ...]) -> np.ufunc:
    """The ufunc, made the owner of what it points to."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(owned))
    _Start.from_address(id(made)).obj = id(owned)
    return made
