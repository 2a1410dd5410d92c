"""What a subdivision of a plane consists of: convex polygons, regions of constant signature, and walls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.pictures.curves import Curve
from exactrelu.pictures.planes import Plane, Spot
from exactrelu.rational import Rational
from exactrelu.rounding import short_point
from exactrelu.signature import Columns

Window: TypeAlias = "tuple[Rational, Rational, Rational, Rational]"
"""s from, s to, t from, t to."""
Unit: TypeAlias = "tuple[int, int, int]"
"""(data point, group, unit), counted from 0."""


@dataclass(frozen=True)
class Polygon:
    """A convex polygon, counter-clockwise; ``sides[j]`` is the line of the side from vertex j, None: the border."""

    vertices: tuple[Spot, ...]
    sides: tuple[Curve | None, ...]

    @property
    def area(self) -> Rational:
        """The exact area."""
        ring = zip(self.vertices, (*self.vertices[1:], self.vertices[0]), strict=True)
        return sum((a * d - b * c for (a, b), (c, d) in ring), mpq(0)) / 2

    @property
    def inside(self) -> Spot:
        """A short point of the interior."""
        slabs: list[Any] = []
        for (a, b), (c, d) in zip(self.vertices, (*self.vertices[1:], self.vertices[0]), strict=True):
            form = (b - d, c - a)  # the inner normal
            slabs.append((form, (form[0] * a + form[1] * b, 1), None))
        n = len(self.vertices)
        centre = tuple(sum((v[k] for v in self.vertices), mpq(0)) / n for k in (0, 1))
        s, t = short_point(centre, slabs)
        return s, t

    def holds(self, spot: Spot) -> bool:
        """Whether a point lies in the polygon or on its border."""
        ring = zip(self.vertices, (*self.vertices[1:], self.vertices[0]), strict=True)
        return all((c - a) * (spot[1] - b) >= (d - b) * (spot[0] - a) for (a, b), (c, d) in ring)

    def split(self, line: Curve) -> tuple[Polygon | None, Polygon | None]:
        """The parts where the line's form is positive and negative; None where there is no interior."""
        a, b, c = line.line
        values = [a * s + b * t + c for s, t in self.vertices]
        if min(values) >= 0:
            return self, None
        if max(values) <= 0:
            return None, self
        return self._part(line, values, 1), self._part(line, values, -1)

    def _part(self, line: Curve, values: Sequence[Rational], side: int) -> Polygon:
        vertices: list[Spot] = []
        sides: list[Curve | None] = []
        count = len(values)
        for j, (here, value) in enumerate(zip(self.vertices, values, strict=True)):
            following, there = self.vertices[(j + 1) % count], values[(j + 1) % count]
            if value * side >= 0:
                vertices.append(here)
                sides.append(self.sides[j] if there * side > 0 or value * side > 0 else line)
            if value * there < 0:
                ratio = value / (value - there)
                vertices.append(tuple(p + ratio * (q - p) for p, q in zip(here, following, strict=True)))
                sides.append(line if there * side < 0 else self.sides[j])
        return Polygon(tuple(vertices), tuple(sides))


def rectangle(window: Window) -> Polygon:
    """The window as a polygon."""
    a, b, c, d = window
    return Polygon(((a, c), (b, c), (b, d), (a, d)), (None,) * 4)


@dataclass(frozen=True)
class Strip:
    """A part of a region between two graphs over an interval: points s in order, and the lower and upper t there."""

    s: tuple[Rational, ...]
    low: tuple[Rational, ...]
    high: tuple[Rational, ...]


@dataclass(frozen=True)
class Region:
    """A region of constant signature: a convex polygon, or strips whose sides are curves; and a point inside."""

    columns: Columns
    sample: Spot
    polygon: Polygon | None
    strips: tuple[Strip, ...] = ()


@dataclass(frozen=True)
class Wall:
    """A piece of a wall: points along it (if straight, its ends), the units that vanish on it, what lies beside it."""

    curve: Curve
    points: tuple[Spot, ...]
    units: tuple[Unit, ...]
    beside: tuple[Columns, Columns]

    @property
    def group(self) -> int:
        """The first group of its units."""
        return min(g for _, g, _ in self.units)


def units_on(plane: Plane, columns: Columns, curve: Curve) -> tuple[Unit, ...]:
    """The units whose polynomial, where the signature is this one, has the curve as a factor."""
    return tuple(
        (i, g, u)
        for i, column in enumerate(columns)
        for g in range(len(column))
        for u, found in enumerate(plane.factors(i, g, column[:g]))
        if curve in found
    )


def joined(walls: Sequence[Wall], window: Window) -> list[Wall]:
    """Pieces of one curve with units of the same groups, whose ends meet, as one line: only for the drawing."""
    near = (window[1] - window[0]) / 2**9, (window[3] - window[2]) / 2**9
    result: list[Wall] = []
    for wall in walls:
        for place, other in enumerate(result):
            if (other.curve, other.group) == (wall.curve, wall.group):
                points = _chained(other.points, wall.points, near)
                if points is not None:
                    result[place] = Wall(wall.curve, points, other.units, other.beside)
                    break
        else:
            result.append(wall)
    return result


def _chained(first: Sequence[Spot], second: Sequence[Spot], near: Spot) -> tuple[Spot, ...] | None:
    for a in (first, first[::-1]):
        for b in (second, second[::-1]):
            if all(abs(p - q) <= gap for p, q, gap in zip(a[-1], b[0], near, strict=True)):
                return (*a, *b)
    return None
