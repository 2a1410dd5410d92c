"""Linear programs with a feasible origin, solved exactly by an integral tableau. Nothing here comes from exactrelu."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

Row = Sequence[Fraction | int]
PATIENCE = 30  # pivots before Bland's rule, which cannot cycle


def maximise(objective: Row, rows: Sequence[Row], bounds: Row) -> tuple[Fraction, list[Fraction]]:
    """The maximum of <objective, x> over x >= 0 with <row, x> <= bound, all bounds >= 0; and an x that attains it.

    The pivots keep all entries integral (Edmonds, Bareiss). The answer is checked by duality before it is given.
    Raises `ValueError` when there is no maximum.
    """
    width, height = len(objective), len(rows)
    lines = [primitive([*row, bound]) for row, bound in zip(rows, bounds, strict=True)]
    goal, scale = primitive([*objective, 0])
    table = [line for line, _ in lines] + [[-v for v in goal]]
    inside, outside = list(range(width, width + height)), list(range(width))  # the variables of the rows, the columns
    denominator, steps = 1, 0
    while candidates := [j for j in range(width) if table[height][j] < 0]:
        steps += 1
        worst = {j: (table[height][j] if steps < PATIENCE else 0, outside[j]) for j in candidates}
        column = min(candidates, key=lambda j: worst[j])
        line = leaving(table, inside, column)
        pivot, pivot_row = table[line][column], table[line]
        for i, row in enumerate(table):
            if i != line:
                factor = row[column]
                row[:] = [(a * pivot - factor * b) // denominator for a, b in zip(row, pivot_row, strict=True)]
                row[column] = -factor
        pivot_row[column], denominator = denominator, pivot
        inside[line], outside[column] = outside[column], inside[line]
    x = [Fraction(0)] * (width + height)
    for i, variable in enumerate(inside):
        x[variable] = Fraction(table[i][-1], denominator)
    multipliers = [Fraction(0)] * height
    for j, variable in enumerate(outside):
        if variable >= width:
            multipliers[variable - width] = table[height][j] * lines[variable - width][1] / (denominator * scale)
    value = table[height][-1] / (denominator * scale)
    check_duality(objective, rows, bounds, x[:width], multipliers, value)
    return value, x[:width]


def primitive(row: Row) -> tuple[list[int], Fraction]:
    """The row times the positive number that makes it integral and primitive, and this number."""
    entries = [Fraction(v) for v in row]
    common = lcm(*(v.denominator for v in entries))
    whole = [v.numerator * (common // v.denominator) for v in entries]
    divisor = gcd(*whole) or 1
    return [v // divisor for v in whole], Fraction(common, divisor)


def leaving(table: list[list[int]], inside: list[int], column: int) -> int:
    """The row of least ratio, the least variable of several."""
    line = -1
    for i in range(len(inside)):
        if table[i][column] > 0:
            ours = best = 0
            if line >= 0:
                ours, best = table[i][-1] * table[line][column], table[line][-1] * table[i][column]
            if line < 0 or ours < best or (ours == best and inside[i] < inside[line]):
                line = i
    if line < 0:
        raise ValueError("the linear program is unbounded")
    return line


def check_duality(objective: Row, rows: Sequence[Row], bounds: Row, x: Row, multipliers: Row, value: Fraction) -> None:
    """A feasible x, and multipliers of the rows that prove that no other is better."""
    assert all(v >= 0 for v in (*x, *multipliers))
    for row, bound in zip(rows, bounds, strict=True):
        assert inner(row, x) <= bound
    for j, coefficient in enumerate(objective):
        assert sum(m * row[j] for m, row in zip(multipliers, rows, strict=True) if m) >= coefficient
    assert inner(objective, x) == inner(bounds, multipliers) == value


def inner(a: Row, b: Row) -> Fraction:
    """The inner product."""
    return sum((p * q for p, q in zip(a, b, strict=True) if p and q), Fraction(0))
