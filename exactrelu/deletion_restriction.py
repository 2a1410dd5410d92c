"""The number of chambers by deletion and restriction, in plain integers, independent of the enumeration.

count(A) = count(A without h) + count(A restricted to h): Zaslavsky, *Facing up to arrangements* (1975), for
central arrangements, removing the hyperplanes from the last to the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import comb, gcd

Row = tuple[int, ...]


def count(rows: Sequence[Row], tick: Callable[[], None] = lambda: None) -> int:
    """The number of chambers of central hyperplanes with primitive normals, no two of them parallel.

    ``tick`` is called regularly and may raise, to stop.

    >>> count([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)])
    14
    """
    width = len(rows[0]) if rows else 0
    if len(rows) < 3 or width < 2:
        return 1 << len(rows)
    if width == 2:
        return 2 * len(rows)
    if width == 3:
        tick()
        return 2 + 2 * sum(_directions(rows[:k], rows[k]) for k in range(1, len(rows)))
    tick()
    return 1 + sum(count(restriction(rows[:k], rows[k]), tick) for k in range(len(rows)))


def cover_bound(hyperplanes: int, rank: int) -> int:
    """The largest number of chambers of so many central hyperplanes of that rank (Cover 1965, theorem 1).

    >>> cover_bound(4, 3)
    14
    """
    return 2 * sum(comb(hyperplanes - 1, i) for i in range(rank)) if hyperplanes else 1


def fewest_chambers(hyperplanes: int, rank: int) -> int:
    """The smallest number of chambers of so many central hyperplanes of that rank (Shannon 1976).

    Lines in a plane times coordinate hyperplanes attain it. By induction: if deleting a hyperplane leaves the
    rank r, the restriction to it has rank r - 1, thus at least 2^(r-1) chambers.

    >>> fewest_chambers(4, 3)
    12
    """
    return (hyperplanes - rank + 2) << (rank - 1) if hyperplanes else 1


def restriction(rows: Sequence[Row], normal: Row) -> list[Row]:
    """The different primitive normals of the hyperplanes, restricted to the hyperplane of ``normal``.

    >>> restriction([(1, 0, 0), (1, 0, 1), (0, 1, 0)], (0, 0, 1))
    [(1, 0), (0, 1)]
    """
    pivot = min((i for i, entry in enumerate(normal) if entry), key=lambda i: abs(normal[i]))
    value = normal[pivot]
    rest = normal[:pivot] + normal[pivot + 1 :]
    if value < 0:
        value, rest = -value, tuple(-entry for entry in rest)
    found: dict[Row, None] = {}
    for row in rows:
        entry = row[pivot]
        image = row[:pivot] + row[pivot + 1 :]
        if value != 1:
            image = tuple(value * x for x in image)
        if entry:
            image = tuple(x - entry * y for x, y in zip(image, rest, strict=True))
        divisor = gcd(*image)
        first = next(x for x in image if x)
        if first < 0:
            divisor = -divisor
        found[image if divisor == 1 else tuple(x // divisor for x in image)] = None
    return list(found)


def _directions(rows: Sequence[Row], normal: Row) -> int:
    """The number of different lines in which planes meet the plane of ``normal``, in three dimensions."""
    a, b, c = normal
    if c == 0:
        a, b, c, turn = (c, a, b, 1) if b else (b, c, a, 2)
    else:
        turn = 0
    found = set()
    for row in rows:
        x, y, z = row if turn == 0 else (row[2], row[0], row[1]) if turn == 1 else (row[1], row[2], row[0])
        p, q = c * x - z * a, c * y - z * b
        divisor = gcd(p, q)
        if p < 0 or (p == 0 and q < 0):
            divisor = -divisor
        found.add((p // divisor, q // divisor))
    return len(found)
