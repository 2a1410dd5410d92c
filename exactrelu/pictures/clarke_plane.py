"""The gradients of the incident cells at a point, and the plane on which their fan is telling.

A fan lives in as many dimensions as there are parameters. Where 0 is not in the hull, the first axis is the element u
of least norm: all gradients g have <u, g> >= |u|^2, so in the picture they lie beyond a line that 0 is not beyond.
Where it is, or where this is not known, the axes are the two parameters in which the hull has the largest area.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from gmpy2 import mpq

from exactrelu.arrangement import Arrangement
from exactrelu.clarke import Answer, Block, Subdifferential
from exactrelu.errors import MalformedInput, Unsupported
from exactrelu.incidence import LISTED, Decided, IncidentCell
from exactrelu.linear import rank
from exactrelu.neighbourhood import KINK
from exactrelu.pictures.polygon import Corner, Polygon, area, contains, hull
from exactrelu.point import Point
from exactrelu.rational import Rational, Vector, dot
from exactrelu.relaxation import cell_gradient

ZERO = mpq(0)
CANDIDATES = 16  # coordinates that are looked at for a pair of axes


@dataclass(frozen=True)
class Ray:
    """A gradient, the incident cells that have it, and its multiplier in the element of least norm."""

    gradient: Vector
    cells: tuple[IncidentCell, ...]
    multiplier: Rational


@dataclass(frozen=True)
class Axis:
    """A direction onto which vectors are projected, orthogonally. Its length is that of ``direction``."""

    direction: Vector
    name: str

    @property
    def square(self) -> Rational:
        """The squared length."""
        return dot(self.direction, self.direction)


@dataclass(frozen=True)
class Fan:
    """The gradients around a point, and what is decided about 0 in their hull, in the space of all parameters.

    ``number`` is that of the incident cells, None where it is not known; ``complete``: all of them are here. Where they
    are too many, the ``factors`` may be known: their sums, one element of each, are the gradients.
    """

    point: Point
    rays: tuple[Ray, ...]
    answer: Answer
    complete: bool
    number: int | None
    reason: str
    factors: tuple[tuple[Vector, ...], ...] = ()

    @classmethod
    def at(cls, point: Point) -> Fan:
        """The fan of a point; raises `Unsupported` where the loss near the point is too large to be expanded."""
        if point.obstacle and point.obstacle != KINK:
            raise Unsupported(point.obstacle)
        if not point.vanishing:
            form = point.form
            if form is None:
                raise Unsupported(point.obstacle)
            gradient = form.gradient(point.parameters)
            cell = IncidentCell(form.columns, ())
            answer = Answer("no" if any(gradient) else "yes", gradient, ((cell, mpq(1)),), gradient)
            return cls(point, (Ray(gradient, (cell,), mpq(1)),), answer, True, 1, "")
        found, answer = point.incident_cells(), point.subdifferential
        cells = {cell.columns: cell for cell in (*found, *(cell for cell, _ in answer.cells))}
        shares = {cell.columns: m for cell, m in answer.cells}
        groups: dict[Vector, list[IncidentCell]] = {}
        for cell in cells.values():
            groups.setdefault(cell_gradient(point.instance, point.parameters, cell.columns), []).append(cell)
        rays = tuple(
            Ray(gradient, tuple(group), sum((shares.get(cell.columns, ZERO) for cell in group), ZERO))
            for gradient, group in groups.items()
        )
        parts = () if found.complete else factors(point)
        return cls(point, rays, answer, found.complete, found.number, found.reason, parts)

    @property
    def separating(self) -> Vector | None:
        """The element of least norm, or else a direction with <u, g> > 0 for all gradients; or None."""
        return (self.answer.nearest or self.answer.direction) if self.answer.answer == "no" else None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return self.point.instance.network.names

    def unit(self, place: int) -> Axis:
        """The axis of one parameter."""
        return Axis(tuple(mpq(int(j == place)) for j in range(len(self.names))), self.names[place])

    def named(self, pair: tuple[str, str]) -> tuple[Axis, Axis]:
        """The axes of two parameters; raises `MalformedInput` for a name that there is not, or one name twice."""
        for name in pair:
            if name not in self.names:
                raise MalformedInput("--axes", f'"{name}"', f"two of: {', '.join(self.names)}")
        if pair[0] == pair[1]:
            raise MalformedInput("--axes", f'"{pair[0]}" twice', "two different parameters")
        first, second = (self.unit(self.names.index(name)) for name in pair)
        return first, second

    def telling(self) -> tuple[Axis, Axis]:
        """The axes that show why 0 is in the hull or is not."""
        u = self.separating
        if u is not None:
            return Axis(u, "u"), self._across(u)
        return self._widest()

    def _spread(self, direction: Vector) -> Rational:
        values = [dot(ray.gradient, direction) for ray in self.rays]
        return max(values) - min(values)

    def _across(self, u: Vector) -> Axis:
        """The parameter axis, less its part along u, along which the gradients spread most."""
        square = dot(u, u)
        best, most = Axis((ZERO,) * len(u), ""), mpq(-1)
        for place in range(len(u)):
            rest = tuple(mpq(int(j == place)) - u[place] * v / square for j, v in enumerate(u))
            if any(rest) and self._spread(rest) ** 2 / dot(rest, rest) > most:
                most = self._spread(rest) ** 2 / dot(rest, rest)
                name = self.names[place]
                best = Axis(rest, name if not u[place] else f"{name}, less its part along u")
        return best

    def _widest(self) -> tuple[Axis, Axis]:
        axes = [self.unit(place) for place in range(len(self.names))]
        if len(axes) == 1:
            return axes[0], Axis((ZERO,), "")
        axes.sort(key=lambda axis: -self._spread(axis.direction))
        pairs = list(combinations(axes[:CANDIDATES], 2))
        first, second = max(pairs, key=lambda pair: area_of(self.projected(pair)))
        places = [axis.direction.index(1) for axis in (first, second)]
        return (first, second) if places[0] < places[1] else (second, first)

    def projected(self, axes: Sequence[Axis]) -> tuple[Corner, ...]:
        """The products of the gradients with the directions of two axes."""
        first, second = (axis.direction for axis in axes)
        return tuple((dot(ray.gradient, first), dot(ray.gradient, second)) for ray in self.rays)

    def is_faithful(self, axes: Sequence[Axis]) -> bool:
        """Whether the projection is injective on the span of the gradients."""
        return rank(tuple(ray.gradient for ray in self.rays)) == rank(self.projected(axes))


def factors(point: Point) -> tuple[tuple[Vector, ...], ...]:
    """The parts of the gradients neuron by neuron, with one hidden layer and no kink in the loss; () elsewhere."""
    incidence = point.incidence
    if incidence.shallow is None or incidence.kinks:
        return ()
    if any(fan.rows and Arrangement(fan.rows.values()).count(tick=point.tick) > LISTED for fan in incidence.fans):
        return ()
    whole = Subdifferential(incidence)
    return tuple(_parts(whole, block) for block in whole.blocks)


def _parts(whole: Subdifferential, block: Block) -> tuple[Vector, ...]:
    """The different parts of the gradients that belong to the coordinates of a block, the others 0."""
    patterns: list[Decided] = []
    places = set(block.places)

    def leaf(signs: Decided) -> dict[str, Any] | None:
        if len(signs) < len(block.order):
            return None
        patterns.append(dict(signs))
        return {}

    whole.incidence.search(block.order, leaf)
    gradients = (whole.gradient(signs) for signs in patterns)
    return tuple(dict.fromkeys(tuple(g if j in places else ZERO for j, g in enumerate(each)) for each in gradients))


def area_of(points: Sequence[Corner]) -> Rational:
    """The area of the hull of some points."""
    return area(hull(points))


@dataclass(frozen=True)
class Shadow:
    """A fan, seen on a plane: exact points, their hull, and whether 0 lies in it."""

    fan: Fan
    axes: tuple[Axis, Axis]

    @cached_property
    def points(self) -> tuple[Corner, ...]:
        """The gradients, in the coordinates <g, axis>."""
        return self.fan.projected(self.axes)

    @cached_property
    def hull(self) -> Polygon:
        """The corners of the hull of all gradients where they or their factors are known, else of those drawn."""
        if not self.fan.factors:
            return hull(self.points)
        total: Polygon = ((ZERO, ZERO),)
        for factor in self.fan.factors:
            corners = hull(map(self.of, factor))
            total = hull((a + c, b + d) for a, b in total for c, d in corners)
        return total

    @property
    def is_whole(self) -> bool:
        """Whether the hull is known to be that of all gradients."""
        return self.fan.complete or bool(self.fan.factors)

    @property
    def holds_zero(self) -> bool:
        """Whether 0 lies in the hull of the projected gradients: no proof that it does before they are projected."""
        return contains(self.hull, (ZERO, ZERO))

    def of(self, vector: Vector) -> Corner:
        """The coordinates of a vector."""
        return dot(vector, self.axes[0].direction), dot(vector, self.axes[1].direction)
