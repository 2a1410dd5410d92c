"""Short points: a rational point of a polyhedron rounded to small numbers without leaving the polyhedron.

Vertices of polyhedra are long and ugly in print. A witness may be any point, so a short one is looked for,
coarse grids first, and every candidate is verified exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm
from operator import mul
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.rational import Rational, Vector

Limit: TypeAlias = "tuple[Any, int] | None"  # (c, k): the value may touch c only if k = 0
Slab: TypeAlias = "tuple[Sequence[Any], Limit, Limit]"  # a form between a lower and an upper limit

GRIDS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12)  # rounded to multiples of 2^-k
RADII = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512)  # of cones: largest entry


def satisfies(numerators: Sequence[Any], denominator: Any, slabs: Sequence[Slab]) -> bool:
    """Does the point numerators/denominator lie in every slab? The denominator must be positive.

    >>> satisfies((1, 2), 2, [((1, 1), (1, 1), None)])  # 1/2 + 1 > 1
    True
    """
    for form, low, high in slabs:
        value = sum(map(mul, form, numerators))
        if low is not None:
            limit = low[0] * denominator
            if value < limit or (low[1] and value == limit):
                return False
        if high is not None:
            limit = high[0] * denominator
            if value > limit or (high[1] and value == limit):
                return False
    return True


def short_point(point: Vector, slabs: Sequence[Slab]) -> Vector:
    """A point that lies in every slab, as `point` must, with numerators and denominators as small as is easy.

    A cone is searched for small integer points on the rays near the given one, a polyhedron for points of
    dyadic grids near the given one; if both fail, one coordinate after the other is moved to the shortest
    number that it may take.

    >>> short_point((mpq(355, 113), mpq(22, 7)), [((1, 0), (3, 1), None), ((1, 1), None, (7, 0))])
    (mpq(13,4), mpq(13,4))
    """
    scale = lcm(*(int(x.denominator) for x in point)) if point else 1
    integers = [int(x * scale) for x in point]
    if all(not low or not low[0] for _, low, _ in slabs) and all(not high or not high[0] for _, _, high in slabs):
        radius = max(map(abs, integers), default=0)
        for small in RADII:
            if small >= radius:
                break
            candidate = [(2 * x * small + radius) // (2 * radius) for x in integers]
            if satisfies(candidate, 1, slabs):
                return tuple(map(mpq, candidate))
        if satisfies(integers, 1, slabs):
            return tuple(map(mpq, integers))
    for exponent in GRIDS:
        if scale.bit_length() <= exponent:
            break
        candidate = [((x << exponent + 1) + scale) // (2 * scale) for x in integers]
        if satisfies(candidate, 1 << exponent, slabs):
            return tuple(mpq(x, 1 << exponent) for x in candidate)
    return _greedy(point, slabs)


def _greedy(point: Vector, slabs: Sequence[Slab]) -> Vector:
    moved = list(point)
    values = [sum(map(mul, form, moved)) for form, _, _ in slabs]
    for j, x in enumerate(moved):
        floor: tuple[Rational, bool] | None = None
        ceiling: tuple[Rational, bool] | None = None
        for (form, low, high), value in zip(slabs, values, strict=True):
            a = form[j]
            if not a:
                continue
            for limit, is_floor in ((low, a > 0), (high, a < 0)):
                if limit is None:
                    continue
                end, is_open = x + mpq(limit[0] - value) / a, limit[1] != 0
                if is_floor and (floor is None or (end, is_open) > floor):
                    floor = (end, is_open)
                elif not is_floor and (ceiling is None or (end, not is_open) < (ceiling[0], not ceiling[1])):
                    ceiling = (end, is_open)
        short = shortest_between(floor, ceiling)
        if short.denominator < x.denominator or (short.denominator == x.denominator and abs(short) < abs(x)):
            values = [value + form[j] * (short - x) for (form, _, _), value in zip(slabs, values, strict=True)]
            moved[j] = short
    return tuple(moved)


def shortest_between(floor: tuple[Rational, bool] | None, ceiling: tuple[Rational, bool] | None) -> Rational:
    """The dyadic number of least denominator, then of least absolute value, in a non-empty interval.

    Each end is given as (value, open?), or None where there is none. A single point is returned as it is.

    >>> shortest_between((mpq(1, 3), True), (mpq(1, 2), True)), shortest_between((mpq(5, 2), False), None)
    (mpq(3,8), mpq(3,1))
    """
    if floor is not None and ceiling is not None and floor[0] == ceiling[0]:
        return floor[0]
    size = 1
    while True:
        first = None if floor is None else -((-floor[0] * size) // 1) + (floor[1] and floor[0] * size % 1 == 0)
        last = None if ceiling is None else (ceiling[0] * size) // 1 - (ceiling[1] and ceiling[0] * size % 1 == 0)
        if first is None or last is None or first <= last:
            if first is not None and first > 0:
                return mpq(first, size)
            if last is not None and last < 0:
                return mpq(last, size)
            return mpq(0)
        size *= 2
