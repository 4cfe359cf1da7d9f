"""Paths as steps."""

from __future__ import annotations

import pytest

from nonlin.report._steps import steps


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("M 0 0 L 0 3.5", "m0 0v3.5"),
        ("M 1 1 L 2.5 0.5 L 4 1.25 L 4 1.25", "m1 1l1.5-.5 1.5 .7h0"),
        ("M 0 0 Q 1 2 3 4 Q 5 6 7 8 z M 1 1 L 2 2", "m0 0q1 2 3 4 2 2 4 4zm1 1l1 1"),
        ("M 0 1 C 0.5 1 1 0.5 1 0 z", "m0 1c.5 0 1-.5 1-1z"),
        ("", ""),
    ],
)
def test_commands(path: str, written: str) -> None:
    assert steps(path, 0.1, 0.1) == written


def test_errors_do_not_add_up() -> None:
    path = "M 0 0 " + " ".join(f"L {0.04 * k:.2f} 0" for k in range(1, 101))
    numbers = steps(path, 0.1, 0.1).removeprefix("m0 0h").split()
    assert len(numbers) == 100
    assert sum(map(float, numbers)) == pytest.approx(4.0)


def test_the_unit_of_letters_is_that_of_their_grid() -> None:
    assert steps("M 32 64 L 48 90 z", 16.0, 1.0) == "m2 4l1 2z"
