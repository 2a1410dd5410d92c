"""The local minima that lie in a slice, beside the named points: areas, curves and points, each proved.

For one hidden layer and one output a point with all output weights different from 0 is a local minimum iff its loss is
the least loss of every incident piece (`exactrelu.pieces`): on a piece the loss is convex in R = |v| (w, b). The
incident pieces depend on the signs of all units and of the output weights alone. So a local minimum makes all points of
equal loss and equal signs local minima: one decided point speaks for an open area, or for an open piece of a curve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu.lifted import Lifted, why_not_lifted
from exactrelu.pictures.curves import RING, Curve, curves
from exactrelu.pictures.planes import Plane, Slice, Spot
from exactrelu.pictures.regions import Polygon, Region
from exactrelu.pictures.sectors import Sectors
from exactrelu.pictures.subdivision import Subdivision, subdivision
from exactrelu.pieces import Pieces
from exactrelu.polynomial import from_flint, to_flint
from exactrelu.rational import Rational
from exactrelu.signature import Columns, Signs, sign

if TYPE_CHECKING:
    from exactrelu.landscape import Problem


@dataclass(frozen=True)
class Minima:
    """Regions of local minima; pieces of curves (``f = 0``, points along it, the loss); points with their loss."""

    areas: tuple[tuple[Region, Rational], ...] = ()
    curves: tuple[tuple[Curve, tuple[Spot, ...], Rational], ...] = ()
    points: tuple[tuple[Spot, Rational], ...] = ()


@dataclass(frozen=True)
class Signed(Slice):
    """A slice whose last group of units are the output weights of one output."""

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        return (*Slice.sizes.func(self), len(self.weights))  # type: ignore[attr-defined]

    @cached_property
    def weights(self) -> tuple[Any, ...]:
        """The output weights as polynomials."""
        start = self.instance.network.offsets[1]
        return self.values[start : start + self.instance.network.widths[1]]

    def units(self, i: int, group: int, below: tuple[Signs, ...]) -> list[Any]:
        if group == len(self.sizes) - 1:
            return list(self.weights)
        return super().units(i, group, below)

    def loss(self, columns: Columns) -> Any:
        return super().loss(tuple(column[:-1] for column in columns))


@dataclass(frozen=True)
class OneCurve(Plane):
    """A plane with one unit, a given polynomial: to trace its curve."""

    polynomial: Any

    @property
    def points(self) -> int:
        return 1

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        return (1,)

    def units(self, i: int, group: int, below: tuple[Signs, ...]) -> list[Any]:
        return [self.polynomial]


def minima_in(problem: Problem, parts: Subdivision, limit: int, tick: Callable[[], None]) -> Minima | None:
    """The local minima in a window of a slice; None where the theory does not apply, or the walls are not straight."""
    plane = parts.plane
    if why_not_lifted(problem) or problem.loss.is_regularised or not parts.is_straight or not isinstance(plane, Slice):
        return None
    signed = Signed(problem, plane.origin, plane.first, plane.second, plane.labels, plane.equation)
    search = _Search(problem, signed, Pieces(Lifted(problem, tick)), tick)
    for region in subdivision(signed, parts.window, limit, tick).regions:
        tick()
        search.look(region)
    return Minima(tuple(search.areas), tuple(search.curves), tuple(sorted(search.points.items())))


class _Search:
    """What has been found, region by region."""

    def __init__(self, problem: Problem, plane: Signed, pieces: Pieces, tick: Callable[[], None]) -> None:
        self.problem, self.plane, self.pieces, self.tick = problem, plane, pieces, tick
        self.areas: list[tuple[Region, Rational]] = []
        self.curves: list[tuple[Curve, tuple[Spot, ...], Rational]] = []
        self.points: dict[Spot, Rational] = {}
        self._sides: set[tuple[Curve, tuple[Spot, ...]]] = set()

    def look(self, region: Region) -> None:
        polygon, columns = region.polygon, region.columns
        if polygon is None or 0 in columns[0][-1]:
            return
        loss = self.plane.loss(columns)
        if loss.is_constant():
            if self._is_minimum(region.sample):
                self.areas.append((region, self._loss(region.sample)))
            return
        if any(s == 0 for column in columns for group in column for s in group):
            return
        least = self._least(columns)
        for factor in curves(loss - RING.context.constant(to_flint(least))):
            if factor.is_line:
                self._segment(factor, polygon, least)
            else:
                self._curve(factor, polygon, least)
        for corner in polygon.vertices:
            if value_at(loss, corner) == least and corner not in self.points and self._is_minimum(corner):
                self.points[corner] = least

    def _least(self, columns: Columns) -> Rational:
        """The least loss on the piece of a region."""
        hidden = zip(*(column[0] for column in columns), strict=True)
        chambers = self.pieces.lifted.chambers
        piece = (2 * chambers.index(signs) + (side < 0) for signs, side in zip(hidden, columns[0][-1], strict=True))
        return self.pieces.best(tuple(piece)).value

    def _segment(self, line: Curve, polygon: Polygon, least: Rational) -> None:
        ends = cut(line, polygon)
        if ends is None:
            return
        middle = tuple((p + q) / 2 for p, q in zip(*ends, strict=True))
        spot = middle[0], middle[1]
        if (line, ends) not in self._sides and all(self._weights(spot)) and self._is_minimum(spot):
            self._sides.add((line, ends))
            self.curves.append((line, ends, least))

    def _curve(self, factor: Curve, polygon: Polygon, least: Rational) -> None:
        """A curve of higher degree: inside the region its points have one incident piece, and nothing is left open."""
        corners = polygon.vertices
        s, t = zip(*corners, strict=True)
        window = min(s), max(s), min(t), max(t)
        found = Sectors(OneCurve(self.problem, factor.value), polygon, window, 100, self.tick).walls()
        self.curves += [(factor, wall.points, least) for wall in found]
        spot = centre(factor) if int(factor.value.total_degree()) == 2 and not found else None
        if (
            spot is not None
            and value_at(factor.value, spot) == 0
            and polygon.holds(spot)
            and all(self._weights(spot))
            and self._is_minimum(spot)
        ):
            self.points[spot] = least

    def _weights(self, spot: Spot) -> Iterator[int]:
        return (sign(value_at(weight, spot)) for weight in self.plane.weights)

    def _loss(self, spot: Spot) -> Rational:
        return self.problem.evaluate(self.plane.parameters(spot))

    def _is_minimum(self, spot: Spot) -> bool:
        point = self.problem.at(self.problem.network.write(self.plane.parameters(spot)), self.tick)
        return point.decision("local_minimum").answer == "yes"


def cut(line: Curve, polygon: Polygon) -> tuple[Spot, Spot] | None:
    """The segment that a line has in common with a closed polygon; None if it is a point or empty."""
    a, b, c = line.line
    found: set[Spot] = set()
    ring = zip(polygon.vertices, (*polygon.vertices[1:], polygon.vertices[0]), strict=True)
    for p, q in ring:
        u, v = (a * s + b * t + c for s, t in (p, q))
        if u == 0:
            found.add(p)
        if u * v < 0:
            ratio = u / (u - v)
            found.add((p[0] + ratio * (q[0] - p[0]), p[1] + ratio * (q[1] - p[1])))
    ends = sorted(found)
    return (ends[0], ends[-1]) if len(ends) > 1 else None


def centre(conic: Curve) -> Spot | None:
    """The point where both derivatives of a conic vanish; None if there is not exactly one."""
    rows = []
    for k in (0, 1):
        terms = conic.value.derivative(k).to_dict()
        rows.append([from_flint(terms[m]) if m in terms else mpq(0) for m in ((1, 0), (0, 1), (0, 0))])
    (a, b, c), (d, e, f) = rows
    determinant = a * e - b * d
    return ((b * f - c * e) / determinant, (c * d - a * f) / determinant) if determinant else None


def value_at(polynomial: Any, spot: Spot) -> Rational:
    """The value of a flint polynomial in (s, t)."""
    s, t = (to_flint(x) for x in spot)
    return sum((from_flint(c * s ** int(p) * t ** int(q)) for (p, q), c in polynomial.to_dict().items()), mpq(0))


def joined_curves(found: Minima) -> list[list[Spot]]:
    """The pieces of one line whose ends meet, as one: only for the drawing."""
    result: list[list[Spot]] = []
    last: Curve | None = None
    for curve, points, _ in sorted(found.curves, key=lambda entry: (entry[0].text, entry[1])):
        if result and curve == last and result[-1][-1] == points[0]:
            result[-1] += points[1:]
        else:
            result.append(list(points))
        last = curve
    return result
