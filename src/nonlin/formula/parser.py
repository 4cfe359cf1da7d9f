"""The safe parser: the text of a formula becomes a SymPy expression, and no text ever reaches ``eval``.

Grammar, loosest first::

    formula     sum
    condition   sum ("<" | "<=" | ">" | ">=") sum          only as the first argument of where(...)
    sum         product (("+" | "-") product)*
    product     signed (("*" | "/") signed)*
    signed      ("+" | "-")* power
    power       atom (("**" | "^") signed)?                right-associative, binds tighter than the sign
    atom        number | "z" | "pi" | "e" | parameter | function "(" arguments ")" | "(" sum ")"
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from typing import Any, NoReturn

import mpmath
import sympy as sp
from sympy.core.numbers import ImaginaryUnit

from nonlin.errors import FormulaError, suggest
from nonlin.formula.evaluate import evaluate
from nonlin.formula.primitives import BINARY, TERNARY, UNARY, Primitive, own, z

MAX_LENGTH = 2000
MAX_DEPTH = 40
MAX_CASES = 64  # of a piecewise function
MAX_EXPONENT = 64
MAX_ROOT = 1000  # the denominator of an exponent: SymPy takes roots by way of integers of so many times the digits
DIGITS = 40  # of a number that is computed
MAX_DIGITS = 320  # of a number
SMALLEST, LARGEST = 0.999e-300, 1.001e300  # the numbers that a formula may hold
CONSTANTS = {"pi": sp.pi, "e": sp.E}
FUNCTIONS = {
    **{n: (1, f) for n, f in UNARY.items()}, **{n: (2, f) for n, f in BINARY.items()},
    **{n: (3, f) for n, f in TERNARY.items()},
}  # fmt: skip
COMPARING = {"where": 1, "max": 2, "min": 2, "clip": 3, "step": 1}
"""The functions that compare, and how many of their arguments."""
RESERVED = frozenset(FUNCTIONS) | frozenset(CONSTANTS) | {"z"}
"""Names that a parameter may not take."""

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)|(?P<operator>\*\*|<=|>=|[-+*/^()<>,])"
)
_COMPARISON = {"<": sp.StrictLessThan, "<=": sp.LessThan, ">": sp.StrictGreaterThan, ">=": sp.GreaterThan}
_OPAQUE = (Primitive, sp.Piecewise, sp.Add, sp.log, sp.sin, sp.cos, sp.atan)
_NOT_REAL = (ImaginaryUnit, sp.sinh, sp.cosh)  # what SymPy makes of √(-z²), and of the sine and cosine of that
_SPACE = " \t\r\n"


def parse(text: str, parameters: Collection[str] = ()) -> sp.Expr:
    """The expression that ``text`` writes, in ``z`` and the named ``parameters``.

    Raises
    ------
    FormulaError
        The text does not follow the grammar, names something unknown, lacks ``z`` or is too large; the error
        points at the character.

    Examples
    --------
    >>> parse("z*sigmoid(beta*z)", ["beta"])
    z*sigmoid(beta*z)
    """
    parser = _Parser(text, parameters)
    try:
        return parser.formula()
    except FormulaError:
        raise
    except ValueError:  # SymPy may lose its way in the factors of a large number
        parser.fail("is too involved,", 0)


def _cases(e: sp.Basic) -> int:
    """The number of cases that an expression writes out."""
    return 1 + sum(len(p.args) - 1 for p in e.atoms(sp.Piecewise))


def _products(e: sp.Basic) -> int:
    """The number of cases once those of its terms and factors are multiplied out, as a comparison does."""
    if isinstance(e, sp.Piecewise):
        return sum(_products(value) for value, _ in e.args)
    return math.prod(_products(a) for a in e.args)


def _is_high_root(power: sp.Pow) -> bool:
    """Whether SymPy would take more than a few digits to write this power of a number."""
    return bool(power.exp.is_Rational and power.exp.q > 1 and (power.exp.q > 6 or power.base.has(sp.Pow)))


def _factors(e: sp.Expr) -> Iterator[sp.Expr]:
    """The factors of a product, and those of each case of a piecewise one: SymPy raises every case to the power."""
    for factor in sp.Mul.make_args(e):
        if isinstance(factor, sp.Piecewise):
            for value, _ in factor.args:
                yield from _factors(value)
        else:
            yield factor


def _shortened(e: sp.Expr) -> sp.Expr:
    """The expression with its long fractions as decimals: powers of powers would multiply their digits endlessly."""
    long = [r for r in e.atoms(sp.Rational) if r.q > 10**MAX_DIGITS]
    with mpmath.workdps(2 * DIGITS):
        return e.xreplace({r: sp.Rational(mpmath.nstr(evaluate(r, 0), DIGITS)) for r in long})


def _distinct_parts(e: sp.Expr) -> Iterator[sp.Basic]:
    """The expression and its parts, each once: nested comparisons repeat theirs hundreds of times."""
    seen, walk = set(), sp.preorder_traversal(e)
    for part in walk:
        if part in seen:
            walk.skip()
        else:
            seen.add(part)
            yield part


class _Parser:
    """One pass over the tokens of one text; ``at`` is the index of the token that comes next."""

    def __init__(self, text: str, parameters: Collection[str]) -> None:
        self.text, self.at, self.depth = text, 0, 0
        if len(text) > MAX_LENGTH:
            self.fail(f"longer than {MAX_LENGTH} characters", MAX_LENGTH)
        self.parameters = {name: sp.Symbol(name, real=True) for name in parameters}
        self.tokens = self.tokenise()

    def fail(self, problem: str, position: int | None = None) -> NoReturn:
        if position is None:
            position = self.tokens[self.at][2] if self.at < len(self.tokens) else len(self.text)
        raise FormulaError(problem, self.text, position)

    def tokenise(self) -> list[tuple[str, str, int]]:
        tokens, position = [], 0
        while position < len(self.text):
            if self.text[position] in _SPACE:
                position += 1
                continue
            match = _TOKEN.match(self.text, position)
            if match is None:
                self.fail(f"unexpected {self.text[position]!r}", position)
            tokens.append((str(match.lastgroup), match.group(), position))
            position = match.end()
        return tokens

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        """The next token if it is one of ``wanted``, else the empty string."""
        token = self.peek()
        if token in wanted:
            self.at += 1
            return token
        return ""

    def expect(self, wanted: str) -> None:
        if not self.take(wanted):
            self.fail(f"expected {wanted!r}, found {self.peek()!r}" if self.peek() else f"expected {wanted!r}")

    def formula(self) -> sp.Expr:
        if not self.tokens:
            self.fail("empty; write a function of z, such as 'z*sigmoid(z)',", 0)
        expression = own(self.sum())
        if self.at < len(self.tokens):
            self.fail(f"unexpected {self.peek()!r}")
        if not expression.has(z):
            self.fail("must contain z, the net input,", 0)
        for part in _distinct_parts(expression):
            self.bounded(part, 0)
        return expression

    def bounded(self, value: sp.Expr, position: int) -> sp.Expr:
        """Return the value; a number must be real and in range, or a later step could take forever or overflow.

        A number that is a sum, a high root or a function's value becomes its decimals: SymPy can spend hours on whether
        two such numbers are equal.
        """
        if not getattr(value, "is_number", False):
            for factor in _factors(value):
                if isinstance(factor, _NOT_REAL):
                    self.fail("is not a real function of z,", position)
                if factor.is_Pow:  # SymPy merges products of powers
                    self.fits(factor.exp, position)
            return value
        if value.has(sp.zoo, sp.nan, sp.oo, sp.I):
            self.fail("is not a real function of z,", position)
        with mpmath.workdps(2 * DIGITS):
            number = evaluate(value, 0)
        if not (number == 0 or SMALLEST <= abs(number) <= LARGEST):
            self.fail("a number is not real or outside 1e-300 … 1e300,", position)
        opaque = value.has(*_OPAQUE) or any(_is_high_root(p) for p in value.atoms(sp.Pow))
        return sp.Rational(mpmath.nstr(number, DIGITS)) if opaque else value

    def fits(self, exponent: sp.Expr, position: int) -> None:
        """Refuse an exponent that would make a later step take forever."""
        if exponent.is_number and abs(exponent.evalf()) > MAX_EXPONENT:
            self.fail(f"the exponent must lie between -{MAX_EXPONENT} and {MAX_EXPONENT},", position)
        if exponent.is_Rational and exponent.q > MAX_ROOT:
            self.fail(f"the exponent must be a parameter, or a fraction with a denominator up to {MAX_ROOT},", position)

    def merges(self, base: sp.Expr, exponent: sp.Expr, position: int) -> None:
        """Refuse an exponent that does not fit, alone or where SymPy merges a power of a power."""
        self.fits(exponent, position)
        for factor in _factors(base):
            if factor.is_Pow and factor.exp.is_Rational and exponent.is_Rational:
                self.fits(factor.exp * exponent, position)

    def sum(self) -> sp.Expr:
        total = self.product()
        while operator := self.take("+", "-"):
            position = self.tokens[self.at - 1][2]
            term = self.product()
            total = self.bounded(total + term if operator == "+" else total - term, position)
        return total

    def product(self) -> sp.Expr:
        total = self.signed()
        while operator := self.take("*", "/"):
            position = self.tokens[self.at - 1][2]
            factor = self.signed()
            if operator == "/" and factor.is_zero:
                self.fail("division by zero", position)
            total = self.bounded(total * factor if operator == "*" else total / factor, position)
        return total

    def signed(self) -> sp.Expr:
        negative = False
        while sign := self.take("+", "-"):
            negative ^= sign == "-"
        value = self.power()
        return -value if negative else value

    def power(self) -> sp.Expr:
        base = self.atom()
        if not self.take("**", "^"):
            return base
        position = self.tokens[self.at - 1][2]
        exponent = self.nested(self.signed)
        if not exponent.is_number and not exponent.free_symbols <= set(self.parameters.values()):
            self.fail("the exponent must not contain z: write exp(... * log(...)) instead,", position)
        if exponent.has(sp.Piecewise):  # one of its cases may be a huge number
            self.fail("the exponent must not compare,", position)
        if base.is_zero and exponent.is_number and exponent.evalf() <= 0:
            self.fail("division by zero", position)
        root = sp.Pow(base, exponent, evaluate=False)
        if base.is_number and _is_high_root(root):
            return self.bounded(root, position)
        self.merges(base, exponent, position)
        result = self.bounded(_shortened(base**exponent), position)
        for factor in _factors(result):
            self.bounded(factor, position)
        return result

    def nested(self, rule: Any) -> Any:
        """Apply a rule one level deeper; the level is bounded."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"nested more than {MAX_DEPTH} deep")
        result = rule()
        self.depth -= 1
        return result

    def atom(self) -> sp.Expr:
        if self.at == len(self.tokens):
            self.fail("ends too early")
        kind, token, _ = self.tokens[self.at]
        if kind == "number":
            return self.number()
        if kind == "name":
            return self.named()
        self.at += 1
        if token != "(":
            self.at -= 1
            self.fail(f"expected a number, z or a function, found {token!r}")
        inner = self.nested(self.sum)
        self.expect(")")
        return inner

    def number(self) -> sp.Expr:
        _, token, position = self.tokens[self.at]
        mantissa, _, exponent = token.lower().partition("e")
        if len(mantissa) > MAX_DIGITS or len(exponent) > 4:
            self.fail(f"the number {token[:20]!r} is too long")
        self.at += 1
        return self.bounded(sp.Rational(token), position)

    def named(self) -> sp.Expr:
        _, name, position = self.tokens[self.at]
        self.at += 1
        if name in FUNCTIONS:
            return self.call(name, position)
        if self.peek() == "(":
            self.fail(f"unknown function {name!r}{suggest(name, FUNCTIONS)}", position)
        if name == "z":
            return z
        if name in self.parameters:
            return self.parameters[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        known = ["z", *self.parameters, *CONSTANTS]
        remedy = f"(give a parameter its value, as in {name}=1.0)"
        raise FormulaError(f"unknown name {name!r}{suggest(name, known)} {remedy}", self.text, position)

    def call(self, name: str, position: int) -> sp.Expr:
        arity, function = FUNCTIONS[name]
        self.expect("(")
        first = self.nested(self.condition if name == "where" else self.sum)
        arguments = [first]
        while self.take(","):
            arguments.append(self.nested(self.sum))
        self.expect(")")
        if len(arguments) != arity:
            self.fail(f"{name} takes {arity} argument{'s' * (arity > 1)}, got {len(arguments)},", position)
        if name in COMPARING and math.prod(_products(a) for a in arguments[: COMPARING[name]]) > MAX_CASES:
            self.fail(f"has more than {MAX_CASES} cases,", position)
        self.becomes_power(name, first, position)
        try:
            value = self.bounded(function(*arguments), position)
        except TypeError:  # SymPy refuses to compare what is not real
            self.fail("is not a real function of z,", position)
        except RecursionError:  # and may lose its way in a comparison
            self.fail("is too involved,", position)
        if _cases(value) > MAX_CASES:
            self.fail(f"has more than {MAX_CASES} cases,", position)
        return value

    def becomes_power(self, name: str, argument: sp.Expr, position: int) -> None:
        """Refuse what SymPy turns into a power that is too large: the square root, and exp(c*log(x)), which is x**c."""
        if name == "sqrt" and not argument.is_number:
            self.merges(argument, sp.Rational(1, 2), position)
        for term in sp.Add.make_args(argument) if name == "exp" else ():
            factor, rest = term.as_independent(z, *self.parameters.values(), as_Add=False)
            if isinstance(rest, sp.log):
                self.merges(rest.args[0], factor, position)

    def condition(self) -> sp.Expr:
        left = self.sum()
        operator = self.take(*_COMPARISON)
        if not operator:
            self.fail("the first argument of where must compare, as in where(z > 0, z, 0),")
        return _COMPARISON[operator](left, self.sum(), evaluate=False)
