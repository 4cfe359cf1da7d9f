"""One encoder for a table of mixed columns, in which numbers cost nothing."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted, validate_data

Array = np.ndarray[Any, Any]
BOOLEANS = {"true": 1, "false": 0}  # in small letters; pandas reads them in letters of any size


class Encoder(TransformerMixin, BaseEstimator):
    """Take the columns of numbers as they are and encode the others, in the table's order.

    A table vectorizer gives the same figures for numbers too, but asks of each such column, fold by fold, whether it
    is text, a date or a category.

    Parameters
    ----------
    others : skrub.TableVectorizer
        Encodes the columns that are not numbers; it is cloned, and fitted where there are any.

    Attributes
    ----------
    numbers_ : numpy.ndarray of bool, (n_columns,)
        Which columns hold numbers.
    others_ : skrub.TableVectorizer
        Fitted to the other columns, if there are any.
    order_ : numpy.ndarray of int, (n_features,)
        The place of each output among the numbers followed by the outputs of the others.
    names_ : list of str
        What each output is called.
    """

    def __init__(self, others: Any) -> None:
        self.others = others

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Fit the encoder of the other columns."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: pd.DataFrame, y: object = None) -> Array:
        """Fit, and return float32 of shape (n_rows, n_features)."""
        validate_data(self, X, skip_check_array=True)
        self.numbers_ = _are_numbers(X)
        place = {str(name): i for i, name in enumerate(X)}
        outputs = [(str(name), place[str(name)]) for name in X.columns[self.numbers_]]
        encoded = None
        if not self.numbers_.all():
            self.others_ = clone(self.others)
            encoded = self.others_.fit_transform(X.loc[:, ~self.numbers_], y)
            outputs += [(name, place[self.others_.output_to_input_[name]]) for name in encoded]
        self.order_ = np.argsort([column for _, column in outputs], kind="stable")
        self.names_ = [outputs[i][0] for i in self.order_]
        return self._joined(X, encoded)

    def transform(self, X: pd.DataFrame) -> Array:
        """Return float32 of shape (n_rows, n_features)."""
        check_is_fitted(self)
        validate_data(self, X, reset=False, skip_check_array=True)
        if self.numbers_.all():
            return self._joined(X, None)
        # Rows that are alike are encoded once: on the grid of a picture all are.
        others = X.loc[:, ~self.numbers_]
        first, which = _distinct(others)
        return self._joined(X, self.others_.transform(others.iloc[first]).iloc[which])

    def get_feature_names_out(self, input_features: object = None) -> Array:
        """Return what each output is called."""
        del input_features
        return np.array(self.names_, dtype=object)

    def _joined(self, X: pd.DataFrame, encoded: pd.DataFrame | None) -> Array:
        numbers = _to_float32(X.loc[:, self.numbers_])
        return numbers if encoded is None else np.hstack([numbers, encoded.to_numpy(np.float32)])[:, self.order_]


def _distinct(X: pd.DataFrame) -> tuple[Array, Array]:
    """The first of all rows that are alike, and for each row which of these it is like."""
    which = np.zeros(len(X), dtype=np.int64)
    for j in range(X.shape[1]):
        codes, values = pd.factorize(X.iloc[:, j])
        which, _ = pd.factorize(which * (len(values) + 1) + codes)  # a missing value has the code -1
    _, first = np.unique(which, return_index=True)
    return first, which


def _are_numbers(X: pd.DataFrame) -> Array:
    return np.array([dtype.kind in "biuf" for dtype in X.dtypes])


def _to_float32(X: pd.DataFrame) -> Array:
    """Return the values; one that is no number, in rows that training has not seen, is missing."""
    return (X if _are_numbers(X).all() else X.apply(_numbers_in)).to_numpy(np.float32)


def _numbers_in(column: pd.Series[Any]) -> pd.Series[Any]:
    """Read each cell as if it stood alone, for one cell that is neither boolean nor number makes text of all others."""
    if column.dtype.kind in "biuf":
        return column
    if column.dtype.kind in "mM":  # which pandas would take for counts of nanoseconds
        return pd.Series(np.nan, column.index)
    return pd.to_numeric(column.astype(object).map(_boolean_as_number, na_action="ignore"), errors="coerce")


def _boolean_as_number(cell: Any) -> Any:
    return BOOLEANS.get(str(cell).lower(), cell)
