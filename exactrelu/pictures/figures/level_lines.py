"""Level lines of a polynomial of degree at most 2 in t over a convex polygon, from isolated roots, not from a grid.

The s over which a level line may begin, end or turn back are roots of polynomials in s: its discriminant, and what it
is on the sides of the polygon. Between two of them the number of its branches is constant, and each branch is followed
through roots that are isolated in ball arithmetic; they become floats only as drawing coordinates.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, pi
from typing import Any

from gmpy2 import mpq

from exactrelu.pictures.curves import RING, from_ball, powers_of_t, real_roots
from exactrelu.pictures.polygon import Corner
from exactrelu.polynomial import to_flint
from exactrelu.rational import Rational

PRECISION = 128
NODES = 40
NEAR = mpq(1, 2**30)
Line = list[tuple[float, float]]


def level_lines(value: Any, polygon: Sequence[Corner], level: Rational) -> list[Line]:
    """The level line in the polygon as pieces; none of a constant. ``value`` is a flint polynomial in (s, t).

    >>> s, t = RING.context.gens()
    >>> square = ((mpq(0), mpq(0)), (mpq(1), mpq(0)), (mpq(1), mpq(1)), (mpq(0), mpq(1)))
    >>> (arc,) = level_lines(s * s + t * t, square, mpq(1))
    >>> all(abs(x * x + y * y - 1) < 1e-9 for x, y in arc)
    True
    """
    form = value - to_flint(level)
    if form.is_constant():
        return []
    coefficients = powers_of_t(form)
    if len(coefficients) == 1:
        return [[(float(s), float(t)) for t in _range(polygon, s)] for s in _roots(coefficients[0], polygon)]
    sides: list[Line] = []
    cuts = {s for s, _ in polygon}
    if len(coefficients) == 3:
        c, b, a = coefficients
        cuts.update(_roots(b * b - 4 * a * c, polygon))
    cuts.update(_roots(coefficients[-1], polygon))
    for (p, q), (u, v) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if p != u:
            slope = (v - q) / (u - p)
            side = RING.context.gens()[0] * to_flint(slope) + to_flint(q - slope * p)
            on_side = form.compose(RING.context.gens()[0], side, ctx=RING.context)
            if on_side == 0:
                sides.append([(float(p), float(q)), (float(u), float(v))])
            else:
                cuts.update(_roots(powers_of_t(on_side)[0], polygon))
    return sides + [
        line for left, right in pairwise(sorted(cuts)) for line in _branches(coefficients, polygon, left, right)
    ]


def _roots(polynomial: Any, polygon: Sequence[Corner]) -> list[Rational]:
    """The roots of a polynomial in s over the polygon, as rationals very near to them."""
    if not polynomial:
        return []
    low, high = min(s for s, _ in polygon), max(s for s, _ in polygon)
    near = ((a + b) / 2 for a, b in map(from_ball, real_roots(polynomial, PRECISION)))
    return [s for s in near if low < s < high]


def _range(polygon: Sequence[Corner], s: Rational) -> tuple[Rational, Rational]:
    """The t of the polygon over s."""
    found = [
        q + (v - q) * (s - p) / (u - p)
        for (p, q), (u, v) in zip(polygon, (*polygon[1:], polygon[0]), strict=True)
        if p != u and min(p, u) <= s <= max(p, u)
    ]
    return min(found), max(found)


def _branches(coefficients: Sequence[Any], polygon: Sequence[Corner], left: Rational, right: Rational) -> list[Line]:
    import flint

    if right - left < NEAR:
        return []
    steps = [NEAR, *(mpq(round((1 - cos(pi * k / NODES)) / 2 * 10**9), 10**9) for k in range(1, NODES)), 1 - NEAR]
    columns = []
    for step in steps:
        s = left + (right - left) * step
        low, high = _range(polygon, s)
        fibre = flint.fmpq_poly([c(to_flint(s)) for c in coefficients])
        found = [(a + b) / 2 for a, b in map(from_ball, real_roots(fibre, PRECISION))]
        columns.append((s, [t for t in found if low < t < high]))
    count = min(len(levels) for _, levels in columns)
    return [[(float(s), float(levels[k])) for s, levels in columns] for k in range(count)]
