"""Every error that nonlin raises on purpose, and every message, in one place.

NonlinError
├── InputError (ValueError)         a parameter or an argument breaks its rule
│   ├── UnknownNameError            a name that no registry knows; carries suggestions
│   ├── FormulaError                a formula that does not parse; points at the character
│   └── TableError                  a table or a target column that cannot be used
├── ModelFileError (ValueError)     a saved model that is damaged, foreign or hostile
├── OutputError (OSError)           a file that cannot be written
├── StoreError (OSError)            a store of fits that cannot be read or written, or is another's
└── ClusterError (ConnectionError)  a cluster that cannot be reached, or cannot do the work

A message names the parameter, the rule, the value it got and the remedy, in one line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST_NAME = 80  # characters of an unknown name that a message repeats


class NonlinError(Exception):
    """Base of all errors of nonlin."""


class InputError(NonlinError, ValueError):
    """A parameter or an argument breaks its rule."""


class TableError(InputError):
    """A table or a target column that cannot be used."""


class ModelFileError(NonlinError, ValueError):
    """A saved model that is damaged, foreign or hostile."""


class OutputError(NonlinError, OSError):
    """A file that cannot be written."""


class StoreError(NonlinError, OSError):
    """A store of fits that cannot be read or written, or is not what it should be."""


class ClusterError(NonlinError, ConnectionError):
    """A cluster that cannot be reached, or cannot do the work."""


class UnknownNameError(InputError):
    """A name that no registry knows."""

    def __init__(self, kind: str, name: object, known: Iterable[str], where: str) -> None:
        near = suggest(name, known)
        shown = repr(name) if len(str(name)) <= LONGEST_NAME else f"{str(name)[:LONGEST_NAME]!r}…"
        super().__init__(f"unknown {kind} {shown}{near + ' ' if near else '; '}{where}")


class FormulaError(InputError):
    """A formula that does not parse or may not be used; ``position`` is the offending character's index."""

    def __init__(self, problem: str, text: str, position: int) -> None:
        self.problem, self.text, self.position = problem, text, position
        start = max(0, position - 40)
        shown = text[start : position + 40]
        super().__init__(f"formula: {problem} at character {position + 1}: {shown!r}")

    def __reduce__(self) -> tuple[type[FormulaError], tuple[str, str, int]]:
        return type(self), (self.problem, self.text, self.position)


def suggest(name: object, known: Iterable[str]) -> str:
    """``"; did you mean 'a' or 'b'?"`` for the known names near ``name``, or nothing.

    Examples
    --------
    >>> suggest("gelo", ["gelu", "celu", "tanh"])
    "; did you mean 'gelu'?"
    """
    by_lower = {str(k).lower(): str(k) for k in known}
    near = difflib.get_close_matches(str(name).lower(), list(by_lower), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(repr(by_lower[k]) for k in near)}?" if near else ""


def bad_value(parameter: str, rule: str, value: object, remedy: str = "") -> InputError:
    """An :class:`InputError` that names the parameter, its rule, the value it got and the remedy."""
    return InputError(f"{parameter} must be {rule}, got {value!r}" + (f"; {remedy}" if remedy else ""))
