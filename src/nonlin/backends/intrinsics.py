"""The few LLVM instructions that Numba does not offer as functions, and the call through an address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array

LLVM_FLOAT = {types.float32: ir.FloatType(), types.float64: ir.DoubleType()}
_BITS_OF = {types.float32: (types.int32, ir.IntType(32)), types.float64: (types.int64, ir.IntType(64))}


def _llvm_function(name: str, arity: int) -> Any:
    """The LLVM intrinsic ``name`` (``llvm.rint``) as a function of ``arity`` floats of one type."""

    def codegen(_context: Any, builder: Any, _signature: Any, args: Sequence[Any]) -> Any:
        kind = args[0].type
        declared = builder.module.declare_intrinsic(name, [kind], ir.FunctionType(kind, [kind] * arity))
        return builder.call(declared, args)

    if arity == 1:
        return intrinsic(lambda _typing, x: (x(x), codegen))
    if arity == 2:
        return intrinsic(lambda _typing, x, y: (x(x, x), codegen))
    return intrinsic(lambda _typing, x, y, w: (x(x, x, x), codegen))


rint = _llvm_function("llvm.rint", 1)
sqrt = _llvm_function("llvm.sqrt", 1)
copysign = _llvm_function("llvm.copysign", 2)
fma = _llvm_function("llvm.fma", 3)


@intrinsic
def select(_typing, condition, a, b):
    """``a if condition else b`` with both sides computed: no branch, so the loop around it vectorises."""

    def codegen(_context: Any, builder: Any, _signature: Any, args: Sequence[Any]) -> Any:
        return builder.select(args[0], args[1], args[2])

    return a(types.boolean, a, a), codegen


@intrinsic
def to_bits(_typing, x):
    """The bit pattern of a float as an integer of its size."""
    numba_type, llvm_type = _BITS_OF[x]
    return numba_type(x), lambda _c, builder, _s, args: builder.bitcast(args[0], llvm_type)


@intrinsic
def from_bits(_typing, i):
    """The float whose bit pattern is the integer ``i``."""
    numba_type = types.float32 if i == types.int32 else types.float64
    return numba_type(i), lambda _c, builder, _s, args: builder.bitcast(args[0], LLVM_FLOAT[numba_type])


def polynomial(coefficients: Sequence[float]) -> Callable[[float], float]:
    """Return x ↦ c₀ + c₁x + c₂x² + … (Horner), with the coefficients in the precision of ``x``."""

    def codegen(_context: Any, builder: Any, signature: Any, args: Sequence[Any]) -> Any:
        kind = LLVM_FLOAT[signature.return_type]
        total = ir.Constant(kind, coefficients[-1])
        for c in coefficients[-2::-1]:
            product = builder.fmul(total, args[0], flags=("contract",))
            total = builder.fadd(product, ir.Constant(kind, c), flags=("contract",))
        return total

    return intrinsic(lambda _typing, x: (x(x), codegen))  # type: ignore[no-any-return]


def _caller(returns: Any, doc: str) -> Any:
    """A function (address, arguments) that calls C code; an array among the arguments is passed as its data pointer."""

    def codegen(context: Any, builder: Any, signature: Any, args: Sequence[Any]) -> Any:
        address, packed = args
        values = []
        for i, kind in enumerate(signature.args[1]):
            value = builder.extract_value(packed, i)
            is_array = isinstance(kind, types.Array)
            values.append(make_array(kind)(context, builder, value).data if is_array else value)
        result = context.get_value_type(returns) if returns is not types.void else ir.VoidType()
        function_type = ir.FunctionType(result, [v.type for v in values])
        outcome = builder.call(builder.inttoptr(address, function_type.as_pointer()), values)
        return outcome if returns is not types.void else context.get_dummy_value()

    def call(_typing, address, arguments):
        return returns(types.int64, arguments), codegen

    call.__doc__ = doc
    return intrinsic(call)


call_void = _caller(types.void, "Call ``void f(...)`` at an address.")
call_double = _caller(types.float64, "Call ``double f(...)`` at an address.")


@intrinsic
def borrowed(_typing, array):
    """The same array without a share in its memory: its views are free, where others count references atomically."""

    def codegen(context: Any, builder: Any, signature: Any, args: Sequence[Any]) -> Any:
        struct = make_array(signature.return_type)
        owner, view = struct(context, builder, args[0]), struct(context, builder)
        for field in ("nitems", "itemsize", "data", "shape", "strides"):
            setattr(view, field, getattr(owner, field))
        for field in ("meminfo", "parent"):
            setattr(view, field, ir.Constant(getattr(view, field).type, None))
        return view._getvalue()

    return array(array), codegen


@intrinsic
def window(_typing, array, start, shape):
    """The numbers of a contiguous array from ``start`` on in another shape: borrowed and unchecked, and so free."""
    kind = types.Array(array.dtype, len(shape), "C")

    def codegen(context: Any, builder: Any, signature: Any, args: Sequence[Any]) -> Any:
        owner = make_array(signature.args[0])(context, builder, args[0])
        sizes = [builder.extract_value(args[2], i) for i in range(len(signature.args[2]))]
        itemsize = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
        strides = [itemsize]
        for size in sizes[:0:-1]:
            strides.insert(0, builder.mul(strides[0], size))
        view = make_array(kind)(context, builder)
        data = builder.gep(owner.data, [args[1]])
        populate_array(view, data=data, shape=sizes, strides=strides, itemsize=itemsize, meminfo=None)
        return view._getvalue()

    return kind(array, types.int64, types.UniTuple(types.int64, len(shape))), codegen


_LANES = 16


@intrinsic
def dot(_typing, a, b):
    """Σ a[i] b[i] of contiguous arrays in 32 running sums, added in one order: the same bits however it is compiled.

    LLVM vectorises a plain sum only if it may reorder it, and then how it does depends on the code around.
    """
    fast = ("contract",)

    def codegen(context: Any, builder: Any, signature: Any, args: Sequence[Any]) -> Any:
        pa, pb = (make_array(kind)(context, builder, x).data for kind, x in zip(signature.args, args, strict=True))
        n = builder.extract_value(make_array(signature.args[0])(context, builder, args[0]).shape, 0)
        kind, size = LLVM_FLOAT[a.dtype], n.type
        vector, width = ir.VectorType(kind, _LANES), 2 * _LANES

        def lanes(pointer: Any, i: Any) -> Any:
            place = builder.bitcast(builder.gep(pointer, [i]), vector.as_pointer())
            return builder.load(place, align=a.dtype.bitwidth // 8)

        def multiplied(total: Any, x: Any, y: Any) -> Any:
            builder.store(builder.fadd(builder.load(total), builder.fmul(x, y, flags=fast), flags=fast), total)

        sums = [cgutils.alloca_once_value(builder, ir.Constant(vector, [0.0] * _LANES)) for _ in range(2)]
        rest = cgutils.alloca_once_value(builder, ir.Constant(kind, 0.0))
        whole = builder.mul(builder.sdiv(n, size(width)), size(width))
        with cgutils.for_range_slice(builder, size(0), whole, size(width)) as (i, _):
            for k, total in enumerate(sums):
                start = builder.add(i, size(k * _LANES))
                multiplied(total, lanes(pa, start), lanes(pb, start))
        with cgutils.for_range_slice(builder, whole, n, size(1)) as (i, _):
            multiplied(rest, builder.load(builder.gep(pa, [i])), builder.load(builder.gep(pb, [i])))
        total = builder.fadd(*(builder.load(part) for part in sums))
        for half in (8, 4, 2, 1):
            other = ir.Constant(ir.VectorType(ir.IntType(32), _LANES), [(k + half) % _LANES for k in range(_LANES)])
            total = builder.fadd(total, builder.shuffle_vector(total, total, other))
        return builder.fadd(builder.extract_element(total, ir.IntType(32)(0)), builder.load(rest))

    return a.dtype(a, b), codegen


@intrinsic
def widest_vectors(_typing):
    """Let LLVM use the machine's widest vectors in this function; on AVX-512 it keeps to half of them by default."""

    def codegen(context: Any, builder: Any, _signature: Any, _args: Sequence[Any]) -> Any:
        attributes = builder.function.attributes
        set.add(attributes, "noinline")
        set.add(attributes, '"prefer-vector-width"="512"')  # llvmlite's own add knows only attributes without a value
        return context.get_dummy_value()

    return types.void(), codegen
