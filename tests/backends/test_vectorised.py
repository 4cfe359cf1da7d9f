"""Every kernel's loop works on vectors and calls no scalar function: a slow one cannot slip in."""

import re

import numba as nb
import pytest
from numba import types

import nonlin
from nonlin.backends import numba as kernels
from nonlin.backends.scalar import FASTMATH
from nonlin.nn import optimisers

INSTRUCTIONS = {"rint", "fma", "fmuladd", "copysign", "sqrt", "fabs"}
"""LLVM intrinsics that are one instruction, also on a single number."""

MINIMUM_LANES = 2
_VECTOR = re.compile(r"<(\d+) x (?:double|float)>")
_CALL = re.compile(r"\bcall\b[^@\n]*?\b(double|float) @\"?([\w.]+)")


def complaints(llvm):
    """What keeps the loop of a kernel, given as optimised LLVM text, from being fast."""
    found = []
    blocks = re.split(r"\n(?=[\w.]+:)", llvm)
    bodies = [block for block in blocks if block.startswith("vector.body")]
    lanes = [int(n) for body in bodies for n in _VECTOR.findall(body)]
    if max(lanes, default=1) < MINIMUM_LANES:
        found.append("no vector loop")
    for kind, name in _CALL.findall(llvm):
        scalar = re.fullmatch(r"llvm\.(\w+)\.f\d+", name)
        if not (scalar and scalar[1] in INSTRUCTIONS) and not name.startswith("llvm.vector.reduce"):
            found.append(f"calls {kind} {name}")
    return sorted(set(found))


def compiled_afresh(activation, variant):
    """The optimised LLVM text of a kernel that is compiled from its source, past every cache."""
    storage, arithmetic = kernels.VARIANTS[variant]
    text = kernels.source(activation.expression, tuple(activation.params), arithmetic)
    namespace = {"__name__": "kernel_under_test"}
    exec(compile(text, "<kernel>", "exec"), namespace)
    pointer = types.CPointer(storage)
    signature = types.void(pointer, pointer, types.int64, types.CPointer(types.float64))
    function = nb.cfunc(signature, fastmath=set(FASTMATH), error_model="numpy")(namespace["value_and_derivative"])
    return function.inspect_llvm()


@pytest.mark.parametrize("variant", kernels.VARIANTS)
@pytest.mark.parametrize("name", nonlin.names())
def test_kernel_is_vectorised(name, variant):
    assert complaints(compiled_afresh(nonlin.get(name), variant)) == []


@pytest.mark.parametrize(
    "formula",
    [
        "log(abs(z)+1)*arctan(z)", "sinh(z)/cosh(z)", "erf(z)*erfc(z)", "log1p(gaussian(z))", "log_sigmoid(z)*sech2(z)",
        "min(max(z, -1), 1)", "where(z > 0, sqrt(z), z**3)", "exp(z)*cos(z)", "expm1(clip(z, -5, 5))", "z**(1/2)",
    ],
)  # fmt: skip
@pytest.mark.parametrize("variant", kernels.VARIANTS)
def test_every_primitive_is_vectorised(formula, variant):
    assert complaints(compiled_afresh(nonlin.Activation(formula), variant)) == []


@pytest.mark.parametrize("variant", kernels.VARIANTS)
def test_a_power_from_the_library_is_caught(variant):
    found = complaints(compiled_afresh(nonlin.Activation("(z*z+1)**0.3"), variant))
    kind = "float" if variant == "fast" else "double"
    suffix = "f32" if variant == "fast" else "f64"
    assert found in (
        ["no vector loop", f"calls {kind} llvm.pow.{suffix}"],
        [f"calls {kind} llvm.pow.{suffix}"],
        ["no vector loop", f"calls {kind} pow{'f' if variant == 'fast' else ''}"],
        [f"calls {kind} pow{'f' if variant == 'fast' else ''}"],
    )


def test_a_loop_with_branches_is_caught():
    @nb.cfunc(types.void(types.CPointer(types.float64), types.int64))
    def branches(z, n):
        for i in range(n):
            if z[i] > 0:
                z[i] = z[i - 1]

    assert complaints(branches.inspect_llvm()) == ["no vector loop"]


@pytest.mark.parametrize("storage", [types.float32, types.float64])
@pytest.mark.parametrize("name", optimisers.OPTIMISERS)
def test_optimiser_is_vectorised(name, storage):
    p = types.CPointer(storage)
    signature = types.void(p, p, p, types.int64, types.CPointer(types.float64))
    step = optimisers.OPTIMISERS[name].kernel

    @nb.cfunc(signature)
    def entry(theta, grad, state, n, hyper):
        step(theta, grad, state, n, hyper)

    assert "no vector loop" not in complaints(entry.inspect_llvm())
