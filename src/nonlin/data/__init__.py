"""Tables in: CSV, Parquet, data frames and built-in sets become one clean :class:`Table`.

Importing this module is cheap: pandas, scikit-learn and skrub are loaded by the first call that needs them.
"""

from nonlin.data._built_in import BUILT_IN, built_in_names
from nonlin.data._plane_sets import PLANE_SETS, PlaneSet, plane_set
from nonlin.data._preprocess import plane_preprocessor, preprocessor
from nonlin.data._reading import read_bytes, read_table
from nonlin.data._split import split_rows
from nonlin.data._table import Table, load
from nonlin.data._target import infer_task

__all__ = [
    "BUILT_IN", "PLANE_SETS", "PlaneSet", "Table", "built_in_names", "infer_task", "load", "plane_preprocessor",
    "plane_set", "preprocessor", "read_bytes", "read_table", "split_rows",
]  # fmt: skip
