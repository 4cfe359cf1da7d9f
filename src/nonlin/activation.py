"""The activation function: a formula with a name. Call it, differentiate it, ask it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from nonlin.backends.elementwise import Elementwise
from nonlin.backends.latex import to_latex
from nonlin.backends.text import to_text
from nonlin.errors import InputError, bad_value
from nonlin.formula import analysis
from nonlin.formula.parser import RESERVED, parse
from nonlin.formula.primitives import own, z

Array = np.ndarray[Any, Any]


class Activation:
    r"""An activation function φ, given by its formula in the net input z.

    Everything else (derivative, kernels, properties, LaTeX) is derived from the formula.

    Parameters
    ----------
    formula : str or SymPy expression
        A function of ``z`` in nonlin's formula language, and of the named parameters.
    name : str, default: the formula's text
    family, aliases, used_in, reference : what only a human knows
    defaults : the parameters' values that libraries take, by library, where they disagree
    **params : float
        The values of the formula's parameters.

    Raises
    ------
    FormulaError
        The text is not a formula; the error points at the character.
    InputError
        A parameter's name or value cannot be used.

    Examples
    --------
    >>> from nonlin import Activation
    >>> swish = Activation("z*sigmoid(beta*z)", name="swish", beta=1.0)
    >>> swish(2.0).item()
    1.76159415595576...
    >>> swish.derivative_formula
    'beta*z*logistic_pdf(beta*z) + sigmoid(beta*z)'
    >>> swish.properties.limits
    (0.0, inf)
    """

    def __init__(
        self,
        formula: str | sp.Expr,
        *,
        name: str | None = None,
        family: str = "custom",
        aliases: tuple[str, ...] = (),
        used_in: str = "",
        reference: str = "",
        defaults: Mapping[str, str] | None = None,
        **params: float,
    ) -> None:
        self._params = {key: _parameter(key, value) for key, value in params.items()}
        self._expression = parse(formula, self._params) if isinstance(formula, str) else own(formula)
        unused = sorted(set(self._params) - {str(symbol) for symbol in self._expression.free_symbols})
        if unused:
            raise InputError(f"parameter {unused[0]!r} does not occur in the formula {formula!s}; leave it out")
        self.name = name or (formula.strip() if isinstance(formula, str) else to_text(formula))
        self.family, self.aliases = family, aliases
        self.used_in, self.reference = used_in, reference
        self.defaults = dict(defaults or {})

    @property
    def expression(self) -> sp.Expr:
        """The formula as a SymPy expression in ``z``."""
        return self._expression

    @cached_property
    def derivative_expression(self) -> sp.Expr:
        """The derivative φ' as a SymPy expression in ``z``."""
        return sp.diff(self._expression, z)

    @property
    def params(self) -> dict[str, float]:
        """The values of the parameters, by name."""
        return dict(self._params)

    @cached_property
    def formula(self) -> str:
        """The formula as text that :class:`Activation` reads back."""
        return to_text(self._expression)

    @property
    def derivative_formula(self) -> str:
        """The derivative as text in the same language."""
        return to_text(self.derivative_expression)

    @property
    def latex(self) -> str:
        """The formula as LaTeX, without dollar signs."""
        return to_latex(self._expression)

    @property
    def derivative_latex(self) -> str:
        """The derivative as LaTeX, without dollar signs."""
        return to_latex(self.derivative_expression)

    @cached_property
    def second_derivative_expression(self) -> sp.Expr:
        """The second derivative φ'' as a SymPy expression in ``z``."""
        return sp.diff(self.derivative_expression, z)

    @property
    def second_derivative_formula(self) -> str:
        """The second derivative as text in the same language."""
        return to_text(self.second_derivative_expression)

    @property
    def second_derivative_latex(self) -> str:
        """The second derivative as LaTeX, without dollar signs."""
        return to_latex(self.second_derivative_expression)

    @cached_property
    def properties(self) -> analysis.Properties:
        """What the formula says about φ: range, limits, kinks, gain and more, all computed."""
        return analysis.analyse(self._expression, self._params)

    @cached_property
    def gain(self) -> float:
        """1/√E[φ(z)²] for z ~ N(0, 1), the factor of the initial weights."""
        return analysis.gain(self._expression, self._params)

    def with_params(self, **params: float) -> Activation:
        """The same formula with other parameter values.

        Raises
        ------
        InputError
            The formula has no such parameter.
        """
        unknown = sorted(set(params) - set(self._params))
        if unknown:
            known = ", ".join(self._params) or "none"
            raise InputError(f"{self.name} has no parameter {unknown[0]!r}; its parameters are: {known}")
        state = self._state()
        state["params"] |= params
        return _restore(self._expression, state)

    def __call__(self, x: Any, out: Any = None) -> Any:
        """φ(x), elementwise: float32 stays float32, other numbers become float64.

        As with NumPy's ufuncs, ``x`` may have any shape and layout, or be a number, a list, a pandas series or
        another type that knows ufuncs; large arrays are computed by all processors, to the same bits.

        Parameters
        ----------
        x : array_like of real numbers
        out : array of the shape of the result, or a tuple of one, optional
            Where the result goes; ``x`` is broadcast to it and the result cast to its type, as by a ufunc.

        Returns
        -------
        array of the shape and kind of x, or a NumPy number for a number

        Raises
        ------
        InputError
            ``x`` does not hold real numbers, or ``out`` has the wrong shape or type.

        Examples
        --------
        >>> import numpy as np
        >>> from nonlin import Activation
        >>> Activation("max(z, 0)")(np.array([-1.5, 0.5, 2.0]))
        array([0. , 0.5, 2. ])
        """
        return self._compiled("value", x, out)

    def derivative(self, x: Any, out: Any = None) -> Any:
        """φ'(x), elementwise; at a kink the branch that the formula names there. Called as φ itself is."""
        return self._compiled("derivative", x, out)

    def value_and_derivative(self, x: Any, out: Any = None) -> tuple[Any, Any]:
        """φ(x) and φ'(x) in one pass; ``out`` is a tuple of two arrays, or of ``None`` where a new one is wanted."""
        return self._compiled("both", x, out)  # type: ignore[no-any-return]

    def second_derivative(self, x: Any, out: Any = None) -> Any:
        """φ''(x), elementwise, away from the kinks of φ'. Called as φ itself is; compiled when first called.

        Examples
        --------
        >>> from nonlin import Activation
        >>> Activation("z**3/3").second_derivative(2.0).item()
        4.0
        """
        return self._compiled_derivative("derivative", x, out)

    @cached_property
    def _compiled(self) -> Elementwise:
        return Elementwise(self.name, self._expression, lambda: self.derivative_expression, self._params)

    @cached_property
    def _compiled_derivative(self) -> Elementwise:
        second = lambda: self.second_derivative_expression  # noqa: E731
        return Elementwise(f"{self.name}'", self.derivative_expression, second, self._params)

    def kernel_address(self, variant: str) -> int:
        """The address of the compiled kernel; ``variant`` is "float64", "float32" or "fast"."""
        return self._compiled.kernel(variant).address

    @property
    def kernel_params(self) -> Array:
        """What the kernel is given: the parameters, then the limits of φ and of φ' at -∞ and +∞."""
        return self._compiled.params

    def _state(self) -> dict[str, Any]:
        names = ("name", "family", "aliases", "used_in", "reference", "defaults")
        return {name: getattr(self, name) for name in names} | {"params": dict(self._params)}

    def __getstate__(self) -> dict[str, Any]:
        return {"formula": self.formula, **self._state()}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        facts = {key: value for key, value in state.items() if key != "params"}
        self.__init__(**facts, **state["params"])  # type: ignore[misc]  # a loaded formula goes through the parser

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Activation):
            return NotImplemented
        return (self.name, self.formula, self._params) == (other.name, other.formula, other._params)

    def __hash__(self) -> int:
        return hash((self.name, self.formula, tuple(self._params.items())))

    def _repr_html_(self) -> str:
        from nonlin.card import to_html  # only a notebook asks for it

        return to_html(self)

    def __repr__(self) -> str:
        values = "".join(f", {name}={value:g}" for name, value in self._params.items())
        name = "" if self.name == self.formula else f", name={self.name!r}"
        return f"Activation({self.formula!r}{name}{values})"


def _restore(formula: str | sp.Expr, state: Mapping[str, Any]) -> Activation:
    facts = {key: value for key, value in state.items() if key != "params"}
    return Activation(formula, **facts, **state["params"])


def _parameter(name: str, value: Any) -> float:
    if name in RESERVED:
        raise InputError(f"{name!r} is a word of the formula language; give the parameter another name")
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise bad_value(f"parameter {name}", "a number", value) from None
    if not math.isfinite(number):
        raise bad_value(f"parameter {name}", "a finite number", value)
    return number
