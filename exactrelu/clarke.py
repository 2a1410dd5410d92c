"""The Clarke subdifferential: is 0 (or another vector) in the convex hull of the gradients of the incident cells?

The element of least norm is found by Wolfe's algorithm ("Finding the nearest point in a polytope", Math. Programming
11, 1976) in rational numbers. It asks for an incident cell whose gradient g has <u, g> < |u|^2 for the present u, and
the search through the sign conditions cuts off what the bound of `exactrelu.relaxation` excludes. Where 0 is not the
nearest element u, the tree shows <u, g> >= |u|^2 for all incident cells.

With one hidden layer and no kink in the loss the hull is a product, one factor for each neuron with v != 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import sub
from typing import Any

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction
from exactrelu.incidence import Decided, Incidence, IncidentCell, Pattern
from exactrelu.nearest_point import Nearest, nearest
from exactrelu.rational import Rational, Vector, dot
from exactrelu.relaxation import Relaxation, cell_gradient, columns_with

ZERO, ONE = mpq(0), mpq(1)
GRAFTED = 500
GUIDED = 40


@dataclass(frozen=True)
class Block:
    """Coordinates whose part of the gradient depends on no other vanishing units than those of the order."""

    places: tuple[int, ...]
    order: tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """Whether the vector asked for is in the subdifferential: "yes", "no" or "undecided" (then with a ``reason``).

    ``nearest`` is the element nearest to it minus it, None where it is not known, and ``cells`` the incident cells
    whose gradients, with these multipliers, give it. No: <direction, gradient - vector> > 0 for all incident cells, by
    the ``tree``; with ``nearest`` the direction is that one.
    """

    answer: str
    nearest: Vector | None = None
    cells: tuple[tuple[IncidentCell, Rational], ...] = ()
    direction: Vector | None = None
    tree: dict[str, Any] | None = None
    reason: str = ""


class Subdifferential:
    """The Clarke subdifferential at a point, the convex hull of the gradients of the incident cells."""

    def __init__(self, incidence: Incidence) -> None:
        self.incidence, self.relaxation = incidence, Relaxation(incidence)
        self.size = len(incidence.parameters)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The factors of the hull: what does not decouple is in the first."""
        incidence = self.incidence
        fans = range(len(incidence.fans))
        if incidence.shallow is None:
            return (Block(tuple(range(self.size)), tuple(incidence.order(fans, True))),)
        alone = [
            k for k in fans if k not in incidence.touched and incidence.fans[k].rows and incidence.shallow.neurons[k].v
        ]
        taken = {place for k in alone for place in incidence.fans[k].inputs}
        rest = tuple(place for place in range(self.size) if place not in taken)
        first = Block(rest, tuple(incidence.order(incidence.touched, True)) if incidence.kinks else ())
        return (first, *(Block(incidence.fans[k].inputs, tuple(incidence.fans[k].rows)) for k in alone))

    def gradient(self, signs: Decided) -> Vector:
        """The gradient of an incident cell, from the signs of the units that matter."""
        columns = columns_with(self.incidence, signs)
        return cell_gradient(self.incidence.instance, self.incidence.parameters, columns)

    def contains(self, vector: Vector | None = None) -> Answer:
        """Whether a vector (default: 0) is in the subdifferential."""
        target = vector or (ZERO,) * self.size
        if self.incidence.reason:
            return self._partial(target)
        found = [self._block(block, target) for block in self.blocks]
        point = tuple(map(_sum, zip(*(part.point for part, _ in found), strict=True)))
        cells = tuple((self.incidence.cell(signs), w) for signs, w in _merged([part.labels for part, _ in found]))
        if not any(point):
            return Answer("yes", point, cells)
        trees = [tree for part, tree in found if any(part.point)]
        tree = _grafted(trees)
        if tree is not None:
            return Answer("no", point, cells, point, tree)
        part, tree = next((part, tree) for part, tree in found if any(part.point))
        return Answer("no", point, cells, part.point, tree)

    def _block(self, block: Block, target: Vector) -> tuple[Nearest, dict[str, Any]]:
        """The nearest point of a factor of the hull, and the tree that proves it."""
        chosen = set(block.places)

        def part(vector: Vector) -> Vector:
            return tuple(g - t if j in chosen else ZERO for j, (g, t) in enumerate(zip(vector, target, strict=True)))

        tree: dict[str, Any] = {}

        def further(u: Vector) -> tuple[Vector, Decided] | None:
            found = self._search(block.order, u, dot(u, u) + dot(u, target))
            if not isinstance(found, Pattern):
                tree.update(found)
                return None
            return part(self.gradient(found.signs)), found.signs

        first = self.incidence.search(block.order, lambda _: None)
        if not isinstance(first, Pattern):
            raise InternalContradiction("no cell touches the point")
        return nearest((part(self.gradient(first.signs)), first.signs), further, self.incidence.tick), tree

    def _search(self, order: Sequence[int], u: Vector, least: Rational) -> dict[str, Any] | Pattern:
        """The proof that <u, gradient> >= least on all incident cells, or the signs of one where it is not."""
        _, lean = self.relaxation.bound(u, {})
        hidden = self.incidence.owner

        def leaf(signs: Decided) -> dict[str, Any] | None:
            return {} if self.relaxation.bound(u, signs)[0] >= least else None

        ordered = sorted(order, key=lambda p: (p not in hidden, -abs(lean.get(p, ZERO)), p))
        return self.incidence.search(ordered, leaf, lambda _, p: -1 if lean.get(p, ZERO) > 0 else 1)

    def _partial(self, target: Vector) -> Answer:
        """What can be said where the incident cells are not all known: those found, and the relaxation.

        Cells are looked for along fixed directions and along curves that leave the point against the present vector;
        to exclude, the search splits on units of the first layer only.
        """
        incidence, tick = self.incidence, self.incidence.tick

        def labelled(cell: IncidentCell) -> tuple[Vector, IncidentCell]:
            gradient = cell_gradient(incidence.instance, incidence.parameters, cell.columns)
            return tuple(map(sub, gradient, target)), cell

        known = [labelled(cell) for cell in incidence.sampled]

        def inner(u: Vector) -> tuple[Vector, IncidentCell] | None:
            against = tuple(-a for a in u)
            curves = [(against, *step) for step in ((), *((d,) for d in incidence.directions[:GUIDED]))]
            more = (labelled(cell) for curve in curves if (cell := incidence.entered(curve)) is not None)
            return next((g for g in chain(known, more) if dot(u, g[0]) < dot(u, u)), None)

        if known:
            hull = nearest(known[0], inner, tick)
            cells = tuple(hull.labels)
            if not any(hull.point):
                return Answer("yes", hull.point, cells)
            order = incidence.order(range(len(incidence.fans)), False)
            tree = self._search(order, hull.point, dot(hull.point, hull.point) + dot(hull.point, target))
            if not isinstance(tree, Pattern):
                return Answer("no", hull.point, cells, hull.point, tree)

        def outer(u: Vector) -> tuple[Vector, None] | None:
            _, lean = self.relaxation.bound(u, {})
            signs = {position: -1 if lean.get(position, ZERO) > 0 else 1 for position in self.relaxation.open}
            g = tuple(map(sub, self.gradient(signs), target))
            return (g, None) if dot(u, g) < dot(u, u) else None

        signs = dict.fromkeys(self.relaxation.open, 1)
        u = nearest((tuple(map(sub, self.gradient(signs), target)), None), outer, tick).point
        if self.relaxation.bound(u, {})[0] > dot(u, target):
            return Answer("no", None, (), u, {})
        reason = f"{incidence.reason}; neither do the cells that were found suffice, nor does a relaxation"
        return Answer("undecided", reason=reason)


def _sum(column: Sequence[Rational]) -> Rational:
    return sum(column, ZERO)


def _merged(parts: Sequence[Sequence[tuple[Decided, Rational]]]) -> list[tuple[dict[int, int], Rational]]:
    """A probability on unions of patterns whose marginals are given, with as few terms as possible."""
    result: list[tuple[dict[int, int], Rational]] = [({}, ONE)]
    for part in parts:
        merged: list[tuple[dict[int, int], Rational]] = []
        left, right = list(result), list(part)
        while left and right:
            (signs, a), (more, b) = left[0], right[0]
            step = min(a, b)
            merged.append(({**signs, **more}, step))
            left = [(signs, a - step), *left[1:]] if a > step else left[1:]
            right = [(more, b - step), *right[1:]] if b > step else right[1:]
        result = merged
    return result


def _grafted(trees: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """One tree that proves the sum of what the trees prove, None if it would be too large."""
    result: dict[str, Any] = {}
    size = 1
    for tree in trees:
        size *= _leaves(tree)
        if size > GRAFTED:
            return None
        result = _graft(result, tree)
    return result


def _leaves(tree: dict[str, Any]) -> int:
    return _leaves(tree["+"]) + _leaves(tree["-"]) if "split" in tree else 1


def _graft(tree: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    if "split" in tree:
        return {"split": tree["split"], "+": _graft(tree["+"], other), "-": _graft(tree["-"], other)}
    return tree or other  # the empty tree is a leaf that is not refuted
