"""The registry of named activations: every menu, check, page and test reads it."""

from __future__ import annotations

from typing import Any

import sympy as sp

from nonlin.activation import Activation
from nonlin.errors import FormulaError, UnknownNameError, bad_value
from nonlin.formula.primitives import z

_BY_NAME: dict[str, Activation] = {}
_BY_ALIAS: dict[str, str] = {}


def parameter(name: str) -> sp.Symbol:
    """A parameter of a formula; its value is given where the activation is registered."""
    return sp.Symbol(name, real=True)


def activation(name: str, formula: Any, **facts: Any) -> Activation:
    """Register an activation: its formula, the facts that only a human knows, and its parameters' values."""
    entry = Activation(sp.sympify(formula), name=name, **facts)
    taken = {name, *entry.aliases} & (set(_BY_NAME) | set(_BY_ALIAS))
    if taken:
        raise ValueError(f"activation {name!r}: {sorted(taken)} registered twice")
    _BY_NAME[name] = entry
    _BY_ALIAS.update(dict.fromkeys(entry.aliases, name))
    return entry


def get(activation: str | Activation) -> Activation:
    """Return the activation with this name or alias, or the one that this formula writes.

    Parameters
    ----------
    activation : str or Activation
        A catalogue name (``"mish"``), an alias (``"swish"``), a formula in ``z`` (``"z*tanh(softplus(z))"``), or an
        activation, which is returned as it is.

    Raises
    ------
    UnknownNameError
        No such name, and the text is no formula.
    FormulaError
        The text is meant as a formula and does not parse.

    Examples
    --------
    >>> get("swish").name
    'silu'
    >>> get("z*sin(z)").formula
    'z*sin(z)'
    """
    if isinstance(activation, Activation):
        return activation
    if not isinstance(activation, str):
        raise bad_value("activation", "a name, a formula in z or an Activation", activation)
    key = activation.strip().lower().replace("-", "_")
    key = _BY_ALIAS.get(key, key)
    if key in _BY_NAME:
        return _BY_NAME[key]
    try:
        return Activation(activation)
    except FormulaError:
        if activation.strip() and activation.strip().isidentifier():
            known = [*_BY_NAME, *_BY_ALIAS]
            raise UnknownNameError(
                "activation",
                activation,
                known,
                f"nonlin.names() lists all {len(_BY_NAME)}, and a formula in z will do",
            ) from None
        raise


def names() -> tuple[str, ...]:
    """Return the names of all activations, in the catalogue's order.

    Examples
    --------
    >>> names()[:3]
    ('unit_step', 'sign', 'identity')
    """
    return tuple(_BY_NAME)


def families() -> dict[str, tuple[str, ...]]:
    """Return the names by family.

    Examples
    --------
    >>> families()["threshold"]
    ('unit_step', 'sign')
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, entry in _BY_NAME.items():
        found[entry.family] = (*found.get(entry.family, ()), name)
    return found


__all__ = ["activation", "families", "get", "names", "parameter", "z"]
