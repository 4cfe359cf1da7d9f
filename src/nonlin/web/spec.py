"""An activation as one line of text: a catalogue name or a formula, and the values of its parameters."""

from __future__ import annotations

import re
from typing import Any

from nonlin.activation import Activation
from nonlin.catalogue import get, names
from nonlin.errors import FormulaError, InputError, bad_value
from nonlin.formula.parser import MAX_LENGTH, RESERVED

MOST_PARAMETERS = 6
_NAME = re.compile(r"(?<![\w.])[A-Za-z]\w*(?!\w|\s*\()")


def activation_from(spec: object) -> Activation:
    """Read ``"silu"``, ``"elu;alpha=2"`` or ``"z*sigmoid(beta*z);beta=1.5"``; a parameter without a value is 1.

    Raises
    ------
    UnknownNameError, FormulaError, InputError
        It is neither a name nor a formula, or a parameter is none of its own.

    Examples
    --------
    >>> activation_from("z*sigmoid(beta*z);beta=1.5").params
    {'beta': 1.5}
    """
    if not isinstance(spec, str) or not spec.strip():
        raise bad_value("activation", "a name or a formula in z", spec)
    if len(spec) > MAX_LENGTH:
        raise bad_value("activation", f"at most {MAX_LENGTH:,} characters", len(spec), "shorten the formula")
    text, *assignments = spec.split(";")
    params: dict[str, Any] = dict(_assignment(part) for part in assignments if part.strip())
    text = text.strip()
    try:
        known = get(text)
    except FormulaError:  # its parameters are not known without their values
        return Activation(text, **{**dict.fromkeys(_free_names(text), 1.0), **params})
    return known.with_params(**params)


def _free_names(text: str) -> list[str]:
    """The names that can only be parameters: neither functions nor words of the language."""
    return [name for name in dict.fromkeys(_NAME.findall(text)) if name not in RESERVED][:MOST_PARAMETERS]


def _assignment(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise InputError(
            f"activation: a parameter must read name=number, such as beta=1.5, got {text.strip()!r}"
        ) from None


def spec_of(activation: Activation) -> str:
    """The line that :func:`activation_from` reads back.

    Examples
    --------
    >>> spec_of(activation_from("elu; alpha = 2"))
    'elu;alpha=2.0'
    >>> spec_of(activation_from("swish"))
    'silu'
    """
    known = activation.name in names() and get(activation.name).formula == activation.formula
    text = activation.name if known else activation.formula
    given = activation.params
    if known and given == get(activation.name).params:
        return text
    return text + "".join(f";{name}={value!r}" for name, value in given.items())
