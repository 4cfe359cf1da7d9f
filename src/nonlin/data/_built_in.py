"""The built-in data sets. A function here *is* a data set: its name, table and target in one block."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

BuiltIn = Callable[[], tuple["pd.DataFrame", str]]
BUILT_IN: dict[str, BuiltIn] = {}  #: name -> function that returns the table and the name of its target


def built_in_names() -> tuple[str, ...]:
    """Names of the built-in data sets, the default first.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> built_in_names()[0]
    'moons'
    """
    return tuple(BUILT_IN)


def _built_in(function: BuiltIn) -> BuiltIn:
    BUILT_IN[function.__name__] = function
    return function


def _plane(points: Any, labels: Any) -> tuple[pd.DataFrame, str]:
    import pandas as pd

    return pd.DataFrame({"x1": points[:, 0], "x2": points[:, 1], "y": np.asarray(labels, dtype=np.int64)}), "y"


def _named(bunch: Any, target: str) -> tuple[pd.DataFrame, str]:
    names = np.asarray(bunch.target_names, dtype=object)
    return bunch.data.assign(**{target: names[bunch.target]}), target


@_built_in
def moons() -> tuple[pd.DataFrame, str]:
    """Two interleaved half circles: 1,000 points, noise 0.2."""
    from sklearn.datasets import make_moons

    return _plane(*make_moons(1000, noise=0.2, random_state=0))


@_built_in
def circles() -> tuple[pd.DataFrame, str]:
    """One ring inside another: 1,000 points, noise 0.1, radii 0.5 and 1."""
    from sklearn.datasets import make_circles

    return _plane(*make_circles(1000, noise=0.1, factor=0.5, random_state=0))


@_built_in
def xor() -> tuple[pd.DataFrame, str]:
    """Four quadrants: 1,000 points; class 1 where exactly one coordinate is positive, noise 0.1."""
    rng = np.random.default_rng(0)
    points = rng.uniform(-1.0, 1.0, size=(1000, 2))
    labels = (points[:, 0] > 0) != (points[:, 1] > 0)
    return _plane(points + rng.normal(scale=0.1, size=points.shape), labels)


@_built_in
def spiral() -> tuple[pd.DataFrame, str]:
    """Two spiral arms of one and a half turns: 1,000 points, noise 0.05 for a radius of up to 1."""
    rng = np.random.default_rng(0)
    labels = np.arange(1000) % 2
    turn = np.sqrt(rng.uniform(size=1000))
    angle = 3.0 * np.pi * turn + np.pi * labels
    points = turn[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return _plane(points + rng.normal(scale=0.05, size=points.shape), labels)


@_built_in
def iris() -> tuple[pd.DataFrame, str]:
    """Three species of iris by four lengths of the flower: 150 rows (Fisher 1936)."""
    from sklearn.datasets import load_iris

    return _named(load_iris(as_frame=True), "species")


@_built_in
def wine() -> tuple[pd.DataFrame, str]:
    """Three Italian wines by thirteen chemical measures: 178 rows (Forina et al. 1988)."""
    from sklearn.datasets import load_wine

    return _named(load_wine(as_frame=True), "cultivar")


@_built_in
def breast_cancer() -> tuple[pd.DataFrame, str]:
    """Malignant or benign by thirty measures of cell nuclei: 569 rows (Street et al. 1993)."""
    from sklearn.datasets import load_breast_cancer

    return _named(load_breast_cancer(as_frame=True), "diagnosis")


@_built_in
def digits() -> tuple[pd.DataFrame, str]:
    """Handwritten digits as 8 x 8 grey pixels: 1,797 rows (Alpaydin and Kaynak 1998)."""
    from sklearn.datasets import load_digits

    return load_digits(as_frame=True).frame.rename(columns={"target": "digit"}), "digit"


@_built_in
def diabetes() -> tuple[pd.DataFrame, str]:
    """Progression of diabetes after a year by ten measures: 442 rows, regression (Efron et al. 2004)."""
    from sklearn.datasets import load_diabetes

    return load_diabetes(as_frame=True).frame.rename(columns={"target": "progression"}), "progression"
