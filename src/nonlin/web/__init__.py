"""The playground: see the boundary bend while a network learns, on one's own data."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from nonlin.errors import InputError

if TYPE_CHECKING:
    from nonlin.data import Table

__all__ = ["is_named_set", "play", "play_first"]


def play(
    X: Any = None,
    y: Any = None,
    *,
    target: str | None = None,
    task: str | None = None,
    port: int | None = None,
    open_browser: bool = True,
) -> Any:
    """Open the playground: change the activation function, and watch the decision surface bend.

    In a notebook it is a widget. Elsewhere it is a page that this process serves to this computer alone, until Ctrl-C.

    Parameters
    ----------
    X : a built-in name, a file, a data frame, an array or a Table, optional
        The user's own data, with the target inside if ``y`` is None. By default the playground's own sets.
    y : (n,) array, optional
        The target, if X does not hold it.
    target : the name of the target column
    task : "classification" or "regression", default: told from the target
    port : a port of 127.0.0.1, or 0 for any free one; default 8417, or the next that is free
    open_browser : whether to open the page in a browser

    Returns
    -------
    A widget in a notebook; elsewhere None, when the server has been stopped.

    Raises
    ------
    TableError, InputError
        The data or the port cannot be used, or anywidget is not installed in a notebook.

    Examples
    --------
    >>> import nonlin as nl
    >>> nl.play("iris")                         # doctest: +SKIP
    nonlin play: http://127.0.0.1:8417/?token=…
    Ctrl-C stops it
    """
    if y is None and target is None and task is None and is_named_set(X):
        return play_first(None, X, port, open_browser=open_browser)
    return play_first(_table(X, y, target, task), None, port, open_browser=open_browser)


def play_first(table: Table | None, data: str | None, port: int | None = None, *, open_browser: bool = True) -> Any:
    """Open the playground with a table that is loaded, or with a set that it offers; as :func:`play`."""
    from nonlin.web.session import Session
    from nonlin.web.warm import warm

    make = partial(Session, table, data)
    if _in_notebook():
        from nonlin.web.widget import make_widget

        shown = make_widget(make)
        warm()
        return shown
    from nonlin.web.serve import serve

    return serve(make, port, open_browser=open_browser, prepare=warm)


def is_named_set(source: object) -> bool:
    """Whether it names a set that the page offers anyway, and not a table of the user's own."""
    from nonlin.data import BUILT_IN, PLANE_SETS

    return isinstance(source, str) and (source in PLANE_SETS or source in BUILT_IN)


def _table(X: Any, y: Any, target: str | None, task: str | None) -> Table | None:
    from nonlin.data import Table, load

    if X is None:
        given = [name for name, value in (("y", y), ("target", target), ("task", task)) if value is not None]
        if given:
            raise InputError(f"{given[0]} needs data to go with, got no X; give X, or leave {given[0]} out")
        return None
    if isinstance(X, Table):
        return X
    if y is None:
        return load(X, target, task)  # type: ignore[arg-type]
    if isinstance(X, str | os.PathLike):
        raise InputError(f"y must be left out where X names a table, got X={str(X)!r}; name its target column instead")
    name = str(target or getattr(y, "name", None) or "y")
    return load(_joined(X, y, name), name, task)  # type: ignore[arg-type]


def _joined(X: Any, y: Any, name: str) -> Any:
    """X as a data frame with the target as its last column."""
    import numpy as np
    import pandas as pd

    frame = X.copy() if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X))
    if not isinstance(X, pd.DataFrame):
        frame.columns = pd.Index([f"x{i + 1}" for i in range(frame.shape[1])])
    values = np.asarray(y)
    if values.shape != (len(frame),):
        raise InputError(f"y must have one value for each of the {len(frame):,} rows of X, got shape {values.shape}")
    if name in frame.columns:
        raise InputError(f"the target's name must be none of X's columns, got {name!r}; name it with target=")
    return frame.assign(**{name: values})


def _in_notebook() -> bool:
    """Whether this is a kernel that shows widgets: Jupyter, JupyterLab, VS Code, Colab."""
    if "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return any(kind.__name__ == "ZMQInteractiveShell" for kind in type(shell).__mro__)
