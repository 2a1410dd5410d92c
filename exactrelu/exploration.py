"""Exploring the cells of a deep network: from a point across walls, in exact arithmetic.

With several layers free the boundaries of the cells are polynomial, and no list is known to be complete. What is listed
is proved all the same: every cell has a witness, and every edge a point on a smooth common boundary.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence

from gmpy2 import mpq

from exactrelu import signature as signatures
from exactrelu.budget import no_tick
from exactrelu.cells import Cell, Edge, ListedCells, positions
from exactrelu.errors import BudgetExceeded, InternalContradiction
from exactrelu.forms import Forms, multi_affine_jet
from exactrelu.polynomial import Polynomial
from exactrelu.problem import Instance
from exactrelu.rational import Vector
from exactrelu.refinement import Facet, FacetFinder
from exactrelu.sheets import LayerSheet, Place
from exactrelu.signature import Columns

LIMIT = 256


class ExploredCells(ListedCells):
    """Cells reached from a point by walking across walls of one layer at a time; never claimed to be complete.

    ``limit`` is the number of cells after which the walk ends. The walk is breadth-first and deterministic.
    """

    def __init__(
        self, instance: Instance, start: Vector, limit: int = LIMIT, tick: Callable[[], None] = no_tick
    ) -> None:
        forms = Forms(instance)
        first = generic_point(forms, start)
        columns = signatures.of_point(instance, first)
        found: dict[Columns, Vector] = {columns: first}
        links: set[tuple[Columns, Columns]] = set()
        queue = deque([columns])
        try:
            while queue:
                here = queue.popleft()
                for facet, wall, beyond in neighbours(instance, here, found[here], tick):
                    witness = generic_point(forms, beyond)
                    there = signatures.of_point(instance, witness)
                    if there not in found:
                        if len(found) >= limit:
                            continue
                        found[there] = witness
                        queue.append(there)
                    if there == facet.beyond and is_smooth_wall(forms, here, facet.units, wall):
                        links.add((here, there))
        except BudgetExceeded:
            pass  # what was found until then stands
        listed = [Cell(forms, columns, witness) for columns, witness in found.items()]
        super().__init__(forms, listed, {"kind": "parameters"})
        self._sheet = LayerSheet(instance, 1, first)
        pairs = ((self._index[a], self._index[b]) for a, b in links)
        self._edges = sorted({(min(pair), max(pair)) for pair in pairs})

    def edges(self, tick: Callable[[], None] = no_tick) -> Iterator[Edge]:
        for i, j in self._edges:
            tick()
            yield i, j, positions(self._sheet, self._cells[i].columns, self._cells[j].columns)


def neighbours(
    instance: Instance, columns: Columns, witness: Vector, tick: Callable[[], None]
) -> Iterator[tuple[Facet, Vector, Vector]]:
    """The facets that are seen when one layer moves and the others stay at the witness.

    Each with two points of parameter space: one on the wall, one in the cell behind it.
    """
    for layer in range(1, len(instance.network.layers) + 1):
        sheet = LayerSheet(instance, layer, witness)
        finder = FacetFinder(sheet)
        walls = finder.walls(columns)
        for index in range(len(walls)):
            tick()
            facet = finder.facet(columns, walls, index)
            if facet is None:
                continue
            step = mpq(1)
            while True:
                point = tuple(p - step * n for p, n in zip(facet.point, facet.normal, strict=True))
                beyond = sheet.lift(point)
                if signatures.of_point(instance, beyond) == facet.beyond:
                    break
                step /= 2
            yield facet, sheet.lift(facet.point), beyond


def is_smooth_wall(forms: Forms, columns: Columns, units: Sequence[Place], point: Vector) -> bool:
    """Whether the units that vanish at a point of the wall vanish together on a smooth hypersurface near it.

    It is enough that the greatest common divisor of their polynomials vanishes at the point with a non-zero gradient:
    then the two cells share a boundary of codimension one. (Units that agree in one frozen layer only do not pass.)
    """
    common = unit_polynomial(forms, columns, units[0])
    for place in units[1:]:
        common = Polynomial(common.ring, common.value.gcd(unit_polynomial(forms, columns, place).value))
    value, gradient, _ = multi_affine_jet(common, point, order=1)
    return value == 0 and any(gradient.values())


def unit_polynomial(forms: Forms, columns: Columns, place: Place) -> Polynomial:
    """The pre-activation of a unit (or the argument of a loss unit) as a polynomial on a cell."""
    i, group, unit = place
    depth = len(forms.instance.network.activated)
    if group < depth:
        return forms.preactivation(i, columns[i][:group], unit)
    outputs = forms.on(columns).outputs[i]
    total = forms.ring.constant(1)
    for r, coefficient in forms.instance.units[i][unit].terms:
        total = total + outputs[r] * forms.ring.constant(coefficient)
    return total


def generic_point(forms: Forms, start: Vector) -> Vector:
    """A point in an open cell near a given one: the start itself if it lies in a cell, else moved a little.

    The directions are fixed, so that the same start gives the same point. The first is an arithmetic progression, which
    some data annihilate; the others are not.
    """
    instance = forms.instance
    for k in range(61):
        size = mpq(1, 2 ** (k + 3)) if k else mpq(0)
        moves = ((7919 * (j + 1) + 31 * (k - 1) * (j + 1) ** 2) % 1009 - 504 for j in range(len(start)))
        point = tuple(value + size * mpq(move, 1009) for value, move in zip(start, moves, strict=True))
        if forms.is_open(signatures.of_point(instance, point)):
            return point
    raise InternalContradiction("no point of an open cell was found near the start")
