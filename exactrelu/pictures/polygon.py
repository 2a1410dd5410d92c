"""Convex polygons with rational corners: the hull of points, what a half-plane cuts off, the segment on a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.rational import Rational

Corner: TypeAlias = "tuple[Rational, Rational]"
Polygon: TypeAlias = "tuple[Corner, ...]"


def turn(a: Corner, b: Corner, c: Corner) -> Any:
    """Twice the signed area of a triangle: positive when it turns to the left.

    >>> turn((0, 0), (1, 0), (0, 1))
    1
    """
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def hull(points: Iterable[Corner]) -> Polygon:
    """The corners of the convex hull, turning to the left from the leftmost; of a segment its two ends.

    >>> hull([(0, 0), (2, 0), (1, 1), (1, 0), (2, 2)])
    ((0, 0), (2, 0), (2, 2))
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return tuple(ordered)
    halves: list[list[Corner]] = []
    for sequence in (ordered, ordered[::-1]):
        chain: list[Corner] = []
        for point in sequence:
            while len(chain) > 1 and turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        halves.append(chain[:-1])
    return (*halves[0], *halves[1])


def area(polygon: Sequence[Corner]) -> Any:
    """The area of a convex polygon (0 for a segment).

    >>> area(((0, 0), (2, 0), (2, 2)))
    mpq(2,1)
    """
    return sum((turn(polygon[0], b, c) for b, c in pairwise(polygon)), mpq(0)) / 2


def contains(polygon: Sequence[Corner], point: Corner) -> bool:
    """Whether a point lies in the convex hull of corners in the order of `hull`, the border included.

    >>> contains(((0, 0), (2, 0), (2, 2)), (1, 1)), contains(((0, 0), (2, 2)), (3, 3))
    (True, False)
    """
    if len(polygon) < 3:
        ends = tuple(zip(polygon[0], polygon[-1], strict=True))
        inside = all(min(end) <= value <= max(end) for end, value in zip(ends, point, strict=True))
        return inside and turn(polygon[0], polygon[-1], point) == 0
    pairs = zip(polygon, (*polygon[1:], polygon[0]), strict=True)
    return all(turn(a, b, point) >= 0 for a, b in pairs)


def clipped(polygon: Sequence[Corner], a: Rational, b: Rational, c: Rational) -> Polygon:
    """The part of a convex polygon where a x + b y + c >= 0; fewer than three corners when it has no interior.

    >>> clipped(((0, 0), (2, 0), (2, 2), (0, 2)), 0, -1, 1)
    ((mpq(0,1), mpq(1,1)), (0, 0), (2, 0), (mpq(2,1), mpq(1,1)))
    """
    kept: list[Corner] = []
    values = [a * x + b * y + c for x, y in polygon]
    for k, (corner, value) in enumerate(zip(polygon, values, strict=True)):
        before, earlier = polygon[k - 1], values[k - 1]
        if value * earlier < 0:
            share = mpq(earlier) / (earlier - value)
            first, second = (p + share * (q - p) for p, q in zip(before, corner, strict=True))
            kept.append((first, second))
        if value >= 0:
            kept.append(corner)
    distinct = [corner for k, corner in enumerate(kept) if corner != kept[k - 1]]
    return tuple(distinct)


def segment(window: Sequence[Corner], a: Rational, b: Rational, c: Rational) -> Polygon:
    """The segment of the line a x + b y + c = 0 in a convex polygon; empty when the line misses its interior."""
    return hull(
        corner for corner in clipped(clipped(window, a, b, c), -a, -b, -c) if a * corner[0] + b * corner[1] + c == 0
    )


def box(left: Rational, right: Rational, low: Rational, high: Rational) -> Polygon:
    """A rectangle, turning to the left."""
    return ((left, low), (right, low), (right, high), (left, high))
