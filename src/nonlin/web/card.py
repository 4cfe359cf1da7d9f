"""Everything that the activation editor shows of one activation."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from nonlin import facts
from nonlin.web.spec import activation_from

REACH, POINTS = 5.0, 401
_SHOWN = 12  # properties


def curve(spec: object) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    """φ and φ' on [-5, 5], by the kernels that train, and what the formula says of itself.

    Raises
    ------
    InputError
        The text is no activation.
    """
    a = activation_from(spec)
    began = time.perf_counter()
    a.kernel_address("fast")
    places = np.linspace(-REACH, REACH, POINTS)
    value, slope = a.value_and_derivative(places)
    seconds = time.perf_counter() - began
    kinks = [float(k) for k in (a.properties.kinks or ()) if abs(float(k)) <= REACH][:20]
    header = {
        "spec": spec, "name": a.name, "formula": a.formula, "derivative": a.derivative_formula, "params": a.params,
        "range": [-REACH, REACH], "properties": [list(pair) for pair in facts.properties(a)][:_SHOWN],
        "seconds": seconds, "kinks": kinks,
    }  # fmt: skip
    with np.errstate(over="ignore"):  # what is too large is infinite
        return header, {
            name: part.astype(np.float32) for name, part in (("z", places), ("value", value), ("slope", slope))
        }
