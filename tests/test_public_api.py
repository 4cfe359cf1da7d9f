"""The public names, and that importing them costs nothing until they are used."""

import pkgutil
import subprocess
import sys

import pytest

import nonlin

PUBLIC = [
    "Activation", "Adaline", "LinearRegression", "LinearSVC", "LogisticRegression", "MLPClassifier", "MLPRegressor",
    "Perceptron", "families", "get", "load", "names", "play", "plot", "study",
]  # fmt: skip
HEAVY = ["numba", "sympy", "sklearn", "pandas", "matplotlib", "scipy", "numpy", "skrub", "pyarrow", "mpmath"]


def test_the_public_names():
    assert nonlin.__all__ == PUBLIC
    assert set(PUBLIC) <= set(dir(nonlin))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_name_resolves(name):
    assert getattr(nonlin, name) is not None


def test_an_unknown_name():
    with pytest.raises(AttributeError) as caught:
        nonlin.nothing  # noqa: B018
    assert str(caught.value) == "module 'nonlin' has no attribute 'nothing'"


def test_the_import_is_light():
    code = f"import sys, nonlin; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"


def test_no_module_bears_the_name_of_a_public_function():
    modules = {m.name.split(".")[1] for m in pkgutil.walk_packages(nonlin.__path__, "nonlin.")}
    assert modules & (set(PUBLIC) | {"play", "study"}) == set()


def test_the_version_is_a_release():
    assert [part.isdigit() for part in nonlin.__version__.split(".")] == [True] * 3
