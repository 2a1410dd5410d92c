"""The cells on a sheet, by splitting: a walk through the tree of sign conditions, one exact LP at a node.

Every branch that is cut off carries a Farkas vector, so that the walk is a proof of completeness. A facet of a cell
is found by an LP too, and what lies behind it by evaluating the network along a germ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any, NamedTuple

from gmpy2 import mpq

from exactrelu.budget import no_tick as no_tick
from exactrelu.errors import InternalContradiction
from exactrelu.rational import Rational, Vector
from exactrelu.sheets import Affine, Place, Sheet, columns_of
from exactrelu.signature import Columns, Signs, sign
from exactrelu.simplex import Simplex


class Bound(NamedTuple):
    """The condition of a unit at a node: a form of the simplex (-1 if constant), its constant, its position."""

    handle: int
    constant: Rational
    position: int


@dataclass(frozen=True)
class Leaf:
    """A cell on a sheet; its point can be asked for until the walk goes on."""

    columns: Columns
    _simplex: Simplex

    def point(self, short: bool = True) -> Vector:
        """A point of the sheet inside the cell, rounded to short numbers or as the simplex gives it."""
        return self._simplex.model(short)


class Walk:
    """A depth-first walk through the sign conditions of a sheet; iterate over it to get the leaves.

    After the iteration ``tokens`` is the proof of completeness in the form that certificates use: in preorder, one
    entry for each branching node, 1 when both sides were explored, else the Farkas vector of the empty side.
    ``tick`` is called at every node and may raise.
    """

    def __init__(self, sheet: Sheet, tick: Callable[[], None] = no_tick) -> None:
        self.sheet = sheet
        self.tick = tick
        self.tokens: list[Any] = []
        self._simplex = Simplex(sheet.variables)
        self._signs: list[int] = []
        self._bounds: dict[tuple[int, int, tuple[Signs, ...]], list[Bound]] = {}

    def __iter__(self) -> Iterator[Leaf]:
        simplex, order, signs = self._simplex, self.sheet.order, self._signs
        open_nodes: list[tuple[int, Bound]] = []
        simplex.check()
        while True:
            while len(signs) < len(order):
                self.tick()
                bound = self._bound(len(signs))
                side = sign(bound.constant) if bound.handle < 0 else self._only_side(bound)
                if side or bound.handle < 0:
                    signs.append(side)
                    continue
                open_nodes.append((len(signs), bound))
                simplex.push()
                self._assert(bound, 1)
                signs.append(1)
            yield Leaf(columns_of(self.sheet, signs), simplex)
            while open_nodes:
                depth, bound = open_nodes[-1]
                simplex.pop()
                positive = signs[depth] > 0
                del signs[depth:]
                if positive:
                    simplex.push()
                    self._assert(bound, -1)
                    signs.append(-1)
                    break
                open_nodes.pop()
            else:
                return

    def _bound(self, depth: int) -> Bound:
        """The condition at a node of the tree, from the signs so far."""
        i, g, u = self.sheet.order[depth]
        column = self._column(i, g)
        bounds = self._bounds.get((i, g, column))
        if bounds is None:
            bounds = [
                Bound(
                    self._simplex.form(form[:-1]) if any(form[:-1]) else -1,
                    form[-1],
                    self.sheet.position[i, g, unit],
                )
                for unit, form in enumerate(self.sheet.forms(i, g, column))
            ]
            self._bounds[i, g, column] = bounds
        return bounds[u]

    def _column(self, i: int, group: int) -> tuple[Signs, ...]:
        """The signs of the groups before a group at a data point; groups are stored block after block."""
        result, start = [], 0
        for size in self.sheet.sizes[:group]:
            first = start + i * size
            result.append(tuple(self._signs[first : first + size]))
            start += self.sheet.points * size
        return tuple(result)

    def _assert(self, bound: Bound, side: int) -> None:
        self._demand(bound, side)
        if self._simplex.check() is not None:
            raise InternalContradiction("a side of a hyperplane that has a point turned out to be empty")

    def _demand(self, bound: Bound, side: int) -> None:
        if side > 0:
            self._simplex.assert_lower(bound.handle, -bound.constant, strict=True, tag=bound.position)
        else:
            self._simplex.assert_upper(bound.handle, -bound.constant, strict=True, tag=bound.position)

    def _only_side(self, bound: Bound) -> int:
        """The side on which the whole cell lies, 0 when the hyperplane cuts the cell; writes the proof down.

        The cell is open, so a point of it on the hyperplane shows that it is cut.
        """
        simplex = self._simplex
        standard, infinitesimal = simplex.value(bound.handle)
        here = sign(standard + bound.constant) or sign(infinitesimal)
        if here:
            simplex.push()
            self._demand(bound, -here)
            farkas = simplex.check()
            simplex.pop()
            if farkas is not None:
                key = "-" if here > 0 else "+"
                self.tokens.append({key: {str(k): str(m) for k, m in sorted(farkas.items())}})
                return here
        self.tokens.append(1)
        return 0


def forms_on(sheet: Sheet, columns: Columns) -> list[tuple[Place, int, Affine]]:
    """All units of a cell with their signs and affine forms, in the order of the walk."""
    return [((i, g, u), columns[i][g][u], sheet.forms(i, g, columns[i][:g])[u]) for i, g, u in sheet.order]


def direction_class(form: Affine) -> Affine:
    """The multiple of an affine form whose first non-zero coefficient is 1: equal iff the hyperplanes are equal."""
    pivot = next(entry for entry in form if entry)
    return tuple(entry / pivot for entry in form)


def value_of(form: Affine, point: Sequence[Rational]) -> Rational:
    """The value of an affine form at a point."""
    return sum(map(mul, form, point), form[-1])


@dataclass(frozen=True)
class Facet:
    """A facet of a cell on a sheet: a point in its relative interior, and what lies behind it.

    ``units`` are the units that vanish on the facet; ``normal`` points into the cell.
    """

    point: Vector
    normal: Vector
    units: tuple[Place, ...]
    beyond: Columns


class Wall(NamedTuple):
    """A hyperplane that bounds a cell: the units on it, the sign of the first, its form, its simplex handle."""

    units: list[Place]
    sign: int
    form: Affine
    handle: int


class FacetFinder:
    """The walls of the cells on a sheet, and the question which of them are facets."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._simplex = Simplex(sheet.variables)
        self._keys: dict[Affine, int] = {}
        self._known: dict[tuple[int, int, tuple[Signs, ...]], list[tuple[int, int]]] = {}

    def walls(self, columns: Columns) -> list[Wall]:
        """The hyperplanes of a cell, units on the same one together."""
        sheet = self.sheet
        found: dict[int, Wall] = {}
        for i, g, u in sheet.order:
            below = columns[i][:g]
            known = self._known.get((i, g, below))
            if known is None:
                known = self._known[i, g, below] = [self._key(form) for form in sheet.forms(i, g, below)]
            key, handle = known[u]
            if key in found:
                found[key].units.append((i, g, u))
            elif key >= 0:
                form = sheet.forms(i, g, below)[u]
                found[key] = Wall([(i, g, u)], columns[i][g][u], form, handle)
        return list(found.values())

    def _key(self, form: Affine) -> tuple[int, int]:
        """A number for the hyperplane of a form (-1 if constant), and the form's simplex handle."""
        if not any(form[:-1]):
            return -1, -1
        key = self._keys.setdefault(direction_class(form), len(self._keys))
        return key, self._simplex.form(form[:-1])

    def facet(self, columns: Columns, walls: Sequence[Wall], index: int) -> Facet | None:
        """The facet of a cell on one of its walls, None when it has none there."""
        simplex = self._simplex
        simplex.push()
        for other, wall in enumerate(walls):
            if other == index:
                simplex.assert_equal(wall.handle, -wall.form[-1], tag=other)
            elif wall.sign > 0:
                simplex.assert_lower(wall.handle, -wall.form[-1], strict=True, tag=other)
            else:
                simplex.assert_upper(wall.handle, -wall.form[-1], strict=True, tag=other)
        point = simplex.model() if simplex.check() is None else None
        simplex.pop()
        if point is None:
            return None
        wall = walls[index]
        normal = tuple(wall.sign * entry for entry in wall.form[:-1])
        beyond = germ_columns(self.sheet, point, tuple(-n for n in normal))
        return Facet(point, normal, tuple(wall.units), beyond)


def crosses_only(walls: Sequence[Wall], index: int, inside: Vector, outside: Vector) -> bool:
    """Whether the segment between two points leaves the cell through the relative interior of one wall's facet."""
    form = walls[index].form
    first, last = value_of(form, inside), value_of(form, outside)
    if first * last >= 0:
        return False
    fraction = first / (first - last)
    point = tuple(a + fraction * (b - a) for a, b in zip(inside, outside, strict=True))
    return all(value_of(wall.form, point) * wall.sign > 0 for other, wall in enumerate(walls) if other != index)


def germ_columns(sheet: Sheet, point: Sequence[Rational], direction: Sequence[Rational]) -> Columns:
    """The signs of all units at point + t direction for all small t > 0."""
    signs: list[list[Signs]] = [[] for _ in range(sheet.points)]
    for i in range(sheet.points):
        for g in range(len(sheet.sizes)):
            group = []
            for form in sheet.forms(i, g, tuple(signs[i])):
                group.append(sign(value_of(form, point)) or sign(sum(map(mul, form, direction), mpq(0))))
            signs[i].append(tuple(group))
    return tuple(tuple(column) for column in signs)
