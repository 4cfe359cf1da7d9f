"""From a table of mixed columns to one dense matrix of float32."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin.data._columns import settle

if TYPE_CHECKING:
    import numpy.typing as npt
    from sklearn.pipeline import Pipeline

FARTHEST = 1e6  # standard deviations from the mean
TEXT_FEATURES = 16  # of a text column with many values


def preprocessor() -> Pipeline:
    r"""Build the untrained pipeline that turns a table's features into numbers.

    Numbers stay; dates become their time and, where they show them, the cycles of the year, the week and the day,
    each as cosine and sine or, where the dates fill only half of it, as days, without parts that say the same.
    Text and categories of fewer than 40 values become one column a value; other text becomes 16 numbers by latent
    semantic analysis (character 3- and 4-grams weighted by tf-idf, then a truncated singular value decomposition).
    Missing numbers take the mean of the training rows, and a column that marks them comes last. Last, every
    column :math:`x` becomes

    .. math:: x' = (x - \bar x) / s

    with the mean and the standard deviation of the training rows, and at most a million in size: no training row is
    so far out among fewer than :math:`10^{12}`, so a network has learned nothing of such values, and the powers and
    products in it would soon leave the range of float32. A category that training has not seen is
    zero in all columns of its feature. The result is the same in every run.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Takes a data frame of shape (n_rows, n_columns); gives a C-ordered float32 array of shape
        (n_rows, n_features), finite in every cell.

    Examples
    --------
    >>> import pandas as pd
    >>> X = pd.DataFrame({"size": [1.0, None, 3.0], "colour": ["red", "blue", "red"]})
    >>> preprocessor().fit_transform(X).round(2)
    array([[-1.22, -0.71,  0.71, -0.71],
           [ 0.  ,  1.41, -1.41,  1.41],
           [ 1.22, -0.71,  0.71, -0.71]], dtype=float32)

    References
    ----------
    Deerwester et al. 1990, Indexing by latent semantic analysis.
    """
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    return Pipeline(
        [
            ("settle", FunctionTransformer(settle)),
            ("encode", _encoder()),
            ("finite", FunctionTransformer(_finite)),
            ("impute", SimpleImputer(add_indicator=True, keep_empty_features=True)),
            ("scale", StandardScaler()),
            ("float32", FunctionTransformer(_to_float32)),
        ]
    )


def plane_preprocessor(inputs: list[str]) -> Pipeline:
    """Build the untrained pipeline from points of the plane to standardised inputs of a network.

    Parameters
    ----------
    inputs : list of str
        Coordinates and functions of them: x1, x2, x1², x2², x1·x2, sin x1, sin x2.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Takes a table with the columns x1 and x2; gives float32 of shape (n_rows, n_inputs).

    Examples
    --------
    >>> import pandas as pd
    >>> points = pd.DataFrame({"x1": [0.0, 2.0], "x2": [1.0, 3.0]})
    >>> plane_preprocessor(["x1", "x1·x2"]).fit_transform(points)
    array([[-1., -1.],
           [ 1.,  1.]], dtype=float32)
    """
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    from nonlin.data._plane_inputs import PlaneInputs

    return Pipeline([("inputs", PlaneInputs(inputs)), ("scale", StandardScaler())])


def _encoder() -> Any:
    from sklearn.preprocessing import OneHotEncoder
    from skrub import StringEncoder, TableVectorizer

    from nonlin.data._dates import DateParts
    from nonlin.data._encoder import Encoder

    others = TableVectorizer(
        datetime=DateParts(),
        # Without drop=, since an encoder that drops a category warns about each one it has not seen.
        low_cardinality=OneHotEncoder(sparse_output=False, dtype=np.float32, handle_unknown="ignore"),
        # Forty values give more than 16 n-grams: with fewer the encoder would warn and cut them off.
        high_cardinality=StringEncoder(n_components=TEXT_FEATURES, random_state=0),
        # A column that is missing throughout one fold must stay, or another fold has another width.
        drop_null_fraction=None,
    )
    return Encoder(others)


def _finite(encoded: npt.ArrayLike) -> npt.NDArray[np.float64]:
    values = np.asarray(encoded, dtype=np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def _to_float32(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return np.ascontiguousarray(np.clip(values, -FARTHEST, FARTHEST), dtype=np.float32)
