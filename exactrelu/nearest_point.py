"""The point of least norm of a convex hull that is known by an oracle only, in rational numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction
from exactrelu.linear import Solution, solve
from exactrelu.rational import Rational, Vector, dot

ZERO, ONE = mpq(0), mpq(1)
Label = TypeVar("Label")


@dataclass(frozen=True)
class Nearest:
    """The point of least norm of the convex hull of some vectors, as a convex combination of them."""

    point: Vector
    labels: tuple[tuple[Any, Rational], ...]


def nearest(
    start: tuple[Vector, Label], further: Callable[[Vector], tuple[Vector, Label] | None], tick: Callable[[], None]
) -> Nearest:
    """Wolfe's algorithm. ``further(u)`` gives a vector g of the hull with <u, g> < |u|^2, or None if there is none.

    >>> corners = [(mpq(2), mpq(0)), (mpq(0), mpq(2))]
    >>> far = lambda u: next(((g, "") for g in corners if dot(u, g) < dot(u, u)), None)
    >>> nearest((corners[0], ""), far, lambda: None).point
    (mpq(1,1), mpq(1,1))
    """
    corral, weights = [start], [ONE]
    point = start[0]
    while any(point):
        tick()
        found = further(point)
        if found is None:
            break
        if dot(point, found[0]) >= dot(point, point):
            raise InternalContradiction("Wolfe's algorithm was given a vector that is not further")
        corral.append(found)
        weights.append(ZERO)
        while True:
            affine = _affine_weights([vector for vector, _ in corral])
            if all(a > 0 for a in affine):
                weights = affine
                break
            steps = [w / (w - a) for w, a in zip(weights, affine, strict=True) if a <= 0 and w > a]
            theta = min(steps, default=ZERO)
            weights = [(1 - theta) * w + theta * a for w, a in zip(weights, affine, strict=True)]
            kept = [n for n, w in enumerate(weights) if w > 0]
            corral, weights = [corral[n] for n in kept], [weights[n] for n in kept]
        point = tuple(dot(weights, column) for column in zip(*(v for v, _ in corral), strict=True))
    return Nearest(point, tuple((label, w) for (_, label), w in zip(corral, weights, strict=True)))


def _affine_weights(vectors: Sequence[Vector]) -> list[Rational]:
    """The weights of the point of least norm of the affine hull of affinely independent vectors."""
    size = len(vectors)
    rows = [(*(dot(p, q) for q in vectors), ONE) for p in vectors] + [(*([ONE] * size), ZERO)]
    solution = solve(tuple(rows), (*([ZERO] * size), ONE))
    if not isinstance(solution, Solution):
        raise InternalContradiction("the corral of Wolfe's algorithm is affinely dependent")
    return list(solution.point[:size])
