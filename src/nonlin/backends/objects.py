"""C functions on disk as machine code: loading one takes milliseconds, and neither its source nor the compiler."""

from __future__ import annotations

import contextlib
import hashlib
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import llvmlite.binding
import numba as nb
import sympy as sp
from numba.core.registry import cpu_target
from numba.core.runtime import _nrt_python

from nonlin.backends.cache import folder, sources_hash
from nonlin.errors import OutputError
from nonlin.files import write_whole


class CFunction(NamedTuple):
    """Machine code in memory: callable at ``address`` for as long as ``library`` is held."""

    address: int
    library: Any


def c_object(key: str, compiled: Callable[[], Any]) -> CFunction:
    """The C function that ``key`` describes: from the disk, or compiled (a Numba ``cfunc``) and put there.

    What is on the disk counts only for the same sources, versions and processor.
    """
    digest = hashlib.sha256(f"{key}\n{_surroundings()}".encode()).hexdigest()
    path = folder() / f"nonlin_{digest[:24]}.object"
    return _loaded(path) or _saved(path, compiled())


@cache
def _surroundings() -> str:
    versions = (nb.__version__, llvmlite.__version__, sp.__version__)
    return f"{sources_hash()} {versions} {_codegen().magic_tuple()}"


@cache
def _codegen() -> Any:
    for name, address in _nrt_python.c_helpers.items():  # machine code may name them; Numba tells LLVM late
        llvmlite.binding.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)
    return cpu_target.target_context.codegen()


def _loaded(path: Path) -> CFunction | None:
    """The function, or nothing if there is no such file or it is damaged."""
    try:
        check, content = path.read_bytes().split(b"\n", 1)
    except (OSError, ValueError):
        return None
    if hashlib.sha256(content).hexdigest().encode() != check:
        return None
    symbol, state = pickle.loads(content)
    library = _codegen().unserialize_library(state)
    return CFunction(library.get_pointer_to_function(symbol), library)


def _saved(path: Path, function: Any) -> CFunction:
    content = pickle.dumps((function.native_name, function._library.serialize_using_object_code()))
    with contextlib.suppress(OutputError):  # a full disk costs the next process time, and this one nothing
        write_whole(path, lambda file: file.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content))
    return CFunction(function.address, function)
