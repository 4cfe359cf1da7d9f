"""The summary of a linear regression: how sure its weights are, and how much they explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import fdtrc, stdtr, stdtrit

from nonlin.estimators._least_squares import Solution

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Evidence:
    """What a fit keeps for its summary: the solution's geometry, and the sums of squares of each output."""

    root: Array
    centre: Array
    total: float
    determined: Array
    rows: int
    residual: Array
    variation: Array

    @property
    def degrees(self) -> int:
        """The rows that the fit leaves over."""
        return self.rows - int(self.root.shape[1]) - (self.total > 0)

    def variance(self) -> Array:
        """σ² of a row of weight 1, for each output; NaN where the fit leaves no row over."""
        return self.residual / self.degrees if self.degrees > 0 else np.full_like(self.residual, np.nan)

    def leverage(self, X: Array) -> Array:
        """The variance of each row's net input, in units of σ²."""
        mean = 1 / self.total if self.total > 0 else 0.0
        return np.asarray((((X - self.centre) @ self.root) ** 2).sum(axis=1) + mean)


def evidence(solution: Solution, offsets: Array, Y: Array, weights: Array) -> Evidence:
    """The evidence of a fit, from its vertical offsets; without a bias the variation is around 0."""
    middle = np.average(Y, axis=0, weights=weights) if solution.total > 0 else 0.0
    residual, variation = weights @ offsets**2, weights @ (Y - middle) ** 2
    rows = int((weights > 0).sum())
    geometry = solution.root, solution.centre, solution.total, solution.determined
    return Evidence(*geometry, rows, residual, variation)


@dataclass(frozen=True)
class Summary:
    """What :meth:`nonlin.LinearRegression.summary` returns; ``print`` shows it as text.

    Attributes
    ----------
    table : DataFrame, a row for the bias and for each weight: coefficient, standard error, t, p, and the interval from
        low to high; NaN where other columns can take over a weight, so that the data do not determine it
    level : the confidence of the intervals
    r2, adjusted_r2 : the share of the target's variation explained, and the same per degree of freedom
    f, f_p : the F statistic of all weights together, and its p-value
    degrees : of freedom of the weights, and of the residuals
    residual_standard_error : √(Σ ω (y - z)²/degrees), in the target's unit
    rows : of weight above 0
    """

    table: pd.DataFrame
    level: float
    r2: float
    adjusted_r2: float
    f: float
    f_p: float
    degrees: tuple[int, int]
    residual_standard_error: float
    rows: int

    def __str__(self) -> str:
        """The table and the figures below it."""
        head = ["", *self.table.columns[:4], *(f"{50 + side * 50 * self.level:.4g} %" for side in (-1, 1))]
        body = [
            [str(name), *map(_text, row)] for name, row in zip(self.table.index, self.table.to_numpy(), strict=True)
        ]
        lines = _aligned([head, *body])
        undetermined = self.table["coefficient"].notna() & self.table["t"].isna()
        if undetermined.any():
            lines.append("nan: not determined by these rows")
        return "\n".join([*lines, "", *self._figures()])

    def _figures(self) -> list[str]:
        of_weights, left = self.degrees
        return [
            f"{self.rows} rows, residual standard error {_text(self.residual_standard_error)} "
            f"on {left} degrees of freedom",
            f"R² {_text(self.r2)}, adjusted R² {_text(self.adjusted_r2)}",
            f"F {_text(self.f)} on {of_weights} and {left} degrees of freedom, p {_text(self.f_p)}",
        ]


def summarise(
    evidence: Evidence, coefficients: Array, intercept: float, names: Sequence[str], output: int, level: float
) -> Summary:
    """The summary of one output, the bias first if there is one."""
    import pandas as pd

    left, of_weights = evidence.degrees, evidence.root.shape[1]
    bias = evidence.total > 0
    variance, rows = float(evidence.variance()[output]), evidence.rows
    squares = np.append((evidence.root**2).sum(axis=1), evidence.leverage(np.zeros(len(coefficients))[None])[0])
    error = np.sqrt(variance * np.where(evidence.determined, squares, np.nan))
    order = [len(coefficients)] * bias + list(range(len(coefficients)))
    estimate, error = np.append(coefficients, intercept)[order], error[order]
    residual, variation = float(evidence.residual[output]), float(evidence.variation[output])
    with np.errstate(divide="ignore", invalid="ignore"):
        t = estimate / error
        r2 = 1 - np.divide(residual, variation)
        f = np.divide((variation - residual) / max(of_weights, 1), variance)
        adjusted = 1 - (1 - r2) * np.divide(rows - bias, left) if left > 0 else np.nan
    half = stdtrit(left, (1 + level) / 2) * error if left > 0 else error
    columns = (estimate, error, t, 2 * stdtr(left, -np.abs(t)), estimate - half, estimate + half)
    heads = ("coefficient", "standard error", "t", "p", "low", "high")
    table = pd.DataFrame(dict(zip(heads, columns, strict=True)), index=["bias"] * bias + list(names))
    figures = float(r2), float(adjusted), float(f), float(fdtrc(of_weights, left, f))
    return Summary(table, level, *figures, (of_weights, left), float(np.sqrt(variance)), rows)


def _text(value: float) -> str:
    return f"{value:.5g}"


def _aligned(rows: list[list[str]]) -> list[str]:
    """Lines of a table: the first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]
