"""A layer's net input in tiles of the result, whose running sums stay in registers.

BLAS copies both factors into blocks first, which pays for itself only with many inputs, and it goes another way where
rows are few, which may round another way. Here every number is summed over the inputs in one order, so that a row's
net input has the same bits whatever the other rows are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm
import numba as nb
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from nonlin.backends.intrinsics import LLVM_FLOAT, widest_vectors

MOST_INPUTS = 128  # with which a tile's weights stay in the first cache
_HAS_WIDE_REGISTERS = bool(llvm.get_host_cpu_features().get("avx512f"))
_BYTES, _ROWS, _VECTORS = (64, 8, 3) if _HAS_WIDE_REGISTERS else (32, 4, 2)  # 24 of 32 registers, or 8 of 16
FEWEST_UNITS = _BYTES // 4  # a whole vector, also in float32
_compiled = nb.njit(nogil=True, error_model="numpy", boundscheck=False)


def _tile(rows: int, vectors: int) -> Any:
    """A function (A, W, b, Z, i, j): Z = A W + b, in so many rows from i and so many vectors of columns from j."""

    def codegen(context: Any, builder: Any, signature: Any, args: Sequence[Any]) -> Any:
        A, W, b, Z = (make_array(kind)(context, builder, x) for kind, x in zip(signature.args, args[:4], strict=False))
        kind, itemsize = LLVM_FLOAT[signature.args[0].dtype], signature.args[0].dtype.bitwidth // 8
        lanes = _BYTES // itemsize
        vector, (inputs, units) = ir.VectorType(kind, lanes), cgutils.unpack_tuple(builder, W.shape)
        size = inputs.type
        lines = [builder.add(args[4], size(r)) for r in range(rows)]
        columns = [builder.add(args[5], size(v * lanes)) for v in range(vectors)]
        zero = ir.Constant(vector, [0.0] * lanes)
        sums = [[cgutils.alloca_once(builder, vector) for _ in columns] for _ in lines]

        def element(array: Any, row: Any, width: Any, column: Any) -> Any:
            return builder.gep(array.data, [builder.add(builder.mul(row, width), column)])

        def lanes_at(pointer: Any) -> Any:
            return builder.bitcast(pointer, vector.as_pointer())

        def in_all_lanes(number: Any) -> Any:
            first = builder.insert_element(zero, number, ir.IntType(32)(0))
            return builder.shuffle_vector(first, zero, ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes))

        for total in (total for line in sums for total in line):
            builder.store(zero, total)
        with cgutils.for_range(builder, inputs) as loop:
            weights = [builder.load(lanes_at(element(W, loop.index, units, j)), align=itemsize) for j in columns]
            for i, line in zip(lines, sums, strict=True):
                a = in_all_lanes(builder.load(element(A, i, inputs, loop.index)))
                for w, total in zip(weights, line, strict=True):
                    product = builder.fmul(a, w, flags=("contract",))
                    builder.store(builder.fadd(builder.load(total), product, flags=("contract",)), total)
        for v, j in enumerate(columns):
            bias = builder.load(lanes_at(builder.gep(b.data, [j])), align=itemsize)
            for i, line in zip(lines, sums, strict=True):
                z = builder.fadd(builder.load(line[v]), bias)
                builder.store(z, lanes_at(element(Z, i, units, j)), align=itemsize)
        return context.get_dummy_value()

    def tile(_typing: Any, A: Any, W: Any, b: Any, Z: Any, i: Any, j: Any) -> Any:
        return types.void(A, W, b, Z, i, j), codegen

    return intrinsic(tile)


_whole, _narrow, _row, _narrow_row = _tile(_ROWS, _VECTORS), _tile(_ROWS, 1), _tile(1, _VECTORS), _tile(1, 1)


@_compiled
def affine_in_tiles(A: Any, W: Any, b: Any, Z: Any) -> None:
    """Z = A W + b, for contiguous arrays with FEWEST_UNITS columns or more in W."""
    widest_vectors()
    rows, units, lanes = Z.shape[0], Z.shape[1], _BYTES // Z.itemsize
    whole, width = rows - rows % _ROWS, _VECTORS * lanes
    wide = units - units % width
    for j in range(0, wide, width):
        for i in range(0, whole, _ROWS):
            _whole(A, W, b, Z, i, j)
        for i in range(whole, rows):
            _row(A, W, b, Z, i, j)
    for j in range(wide, units, lanes):
        j = min(j, units - lanes)  # the last vector computes some columns once more, to the same bits
        for i in range(0, whole, _ROWS):
            _narrow(A, W, b, Z, i, j)
        for i in range(whole, rows):
            _narrow_row(A, W, b, Z, i, j)
