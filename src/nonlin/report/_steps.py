"""An SVG path as steps from point to point of a grid."""

from __future__ import annotations

import re

Places = list[tuple[int, int]]


def steps(path: str, grid: float, unit: float) -> str:
    """Rewrite a path of absolute coordinates as steps between points of a grid, in which no error adds up.

    Parameters
    ----------
    path : the commands M, L, Q, C and z, as matplotlib writes them
    grid : the distance of neighbours on the grid
    unit : what this distance is written as

    Examples
    --------
    >>> steps("M 10 20 L 10.26 24.04 L 0.34 24.01 z", grid=0.1, unit=0.1)
    'm10 20l.3 4h-10z'
    """
    written: list[str] = []
    moves: list[int] = []
    last, here, start = "", (0, 0), (0, 0)
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", path):
        if command == "z":
            word, moves, here = "z", [], start
        else:
            places = _places(numbers, grid)
            word, moves = _moves(command, places, here)
            here = places[-1]
            start = here if command == "M" else start
        repeated = word == last and word not in "mz"
        row = " ".join(_number(move * unit) for move in moves).replace(" -", "-")
        written.append(row if repeated and row.startswith("-") else f" {row}" if repeated else word + row)
        last = word
    return "".join(written)


def _places(numbers: str, grid: float) -> Places:
    coordinates = [round(float(number) / grid) for number in numbers.split()]
    return list(zip(coordinates[::2], coordinates[1::2], strict=True))


def _moves(command: str, places: Places, here: tuple[int, int]) -> tuple[str, list[int]]:
    """The command that counts from ``here``, and its numbers; a line along one side has its own."""
    moves = [move for x, y in places for move in (x - here[0], y - here[1])]
    if command == "L" and moves[1] == 0:
        return "h", moves[:1]
    if command == "L" and moves[0] == 0:
        return "v", moves[1:]
    return command.lower(), moves


def _number(value: float) -> str:
    return re.sub(r"^(-?)0\.", r"\1.", f"{value:.2f}".rstrip("0").rstrip("."))
