"""Chambers by an independent way: every sign vector, decided by Fourier-Motzkin elimination."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

Row = tuple[Fraction, ...]


def chambers(normals: Sequence[Sequence[object]], offsets: Sequence[object], dimension: int) -> Iterator[str]:
    """The sign vectors of all chambers, '+' first, in lexicographic order."""
    rows = [tuple(map(Fraction, map(str, row))) for row in normals]
    values = [Fraction(str(offset)) for offset in offsets]
    letters = [
        "+-" if any(row) else "+" if value < 0 else "-" if value > 0 else "0"
        for row, value in zip(rows, values, strict=True)
    ]
    for signs in product(*letters):
        if feasible(
            [
                tuple(entry if sign == "+" else -entry for entry in (*row, -value))
                for row, value, sign in zip(rows, values, signs, strict=True)
                if sign != "0"
            ],
            dimension,
        ):
            yield "".join(signs)


def feasible(rows: list[Row], dimension: int) -> bool:
    """Whether some x has <row[:-1], x> + row[-1] > 0 for all rows."""
    current = {reduced(row) for row in rows}
    for column in range(dimension):
        above = [row for row in current if row[column] > 0]
        below = [row for row in current if row[column] < 0]
        current = {row for row in current if row[column] == 0}
        for p, q in product(above, below):
            current.add(reduced(tuple(-q[column] * x + p[column] * y for x, y in zip(p, q, strict=True))))
    return all(row[-1] > 0 for row in current)


def reduced(row: Row) -> Row:
    """A positive multiple of the row, the same for all positive multiples."""
    largest = max(map(abs, row))
    return tuple(entry / largest for entry in row) if largest else row
