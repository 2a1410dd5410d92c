"""The exact subdivision of a window of a plane into the regions of constant signature.

Straight walls split convex polygons, group of units by group of units, in rational arithmetic: where all walls are
straight the regions are polygons with exact vertices. A polygon in which some unit's polynomial has a factor of higher
degree is handed to `exactrelu.pictures.sectors`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gmpy2 import mpq

from exactrelu.errors import Unsupported
from exactrelu.pictures.curves import Curve
from exactrelu.pictures.planes import Plane, Spot
from exactrelu.pictures.regions import Polygon, Region, Unit, Wall, Window, rectangle, units_on
from exactrelu.pictures.sectors import Sectors
from exactrelu.refinement import no_tick
from exactrelu.signature import Columns

LIMIT = 4_000


@dataclass(frozen=True)
class Subdivision:
    """The regions of a window, and the walls between them."""

    plane: Plane
    window: Window
    regions: tuple[Region, ...]
    walls: tuple[Wall, ...]
    vanishing: tuple[Unit, ...]

    @property
    def is_straight(self) -> bool:
        """Whether all regions are polygons."""
        return all(region.polygon is not None for region in self.regions)

    @property
    def signatures(self) -> tuple[Columns, ...]:
        """The distinct signatures, in the order of the regions."""
        return tuple(dict.fromkeys(region.columns for region in self.regions))


def subdivision(plane: Plane, window: Window, limit: int = LIMIT, tick: Callable[[], None] = no_tick) -> Subdivision:
    """The exact subdivision of a window. Raises `Unsupported` when it has more than ``limit`` parts."""
    walls: list[Wall] = []
    regions: list[Region] = []
    touched: list[Spot] = []
    borders: dict[Curve, list[tuple[Spot, Spot]]] = {}
    for polygon, columns in _split(plane, rectangle(window), limit, tick):
        tick()
        if columns is not None:
            regions.append(Region(columns, polygon.inside, polygon))
        else:
            sectors = Sectors(plane, polygon, window, limit - len(regions), tick)
            regions += sectors.regions()
            walls += sectors.walls()
            touched += sectors.touches()
        if len(regions) > limit:
            raise Unsupported(f"more than {limit} regions lie in this window: choose a smaller one (--window)")
        ring = zip(polygon.sides, polygon.vertices, (*polygon.vertices[1:], polygon.vertices[0]), strict=True)
        for side, start, end in ring:
            if side is not None:
                borders.setdefault(side, []).append((start, end))
    for line in sorted(borders, key=lambda each: each.text):
        walls += _along(plane, line, borders[line], touched, tick)
    regions.sort(key=lambda region: region.sample)
    vanishing = _vanishing(plane, regions)
    return Subdivision(plane, window, tuple(regions), tuple(walls), vanishing)


def _split(
    plane: Plane, start: Polygon, limit: int, tick: Callable[[], None]
) -> Iterator[tuple[Polygon, Columns | None]]:
    """The polygons with their signatures; None where a curve of higher degree may pass."""
    stack: list[tuple[Polygon, Columns]] = [(start, ((),) * plane.points)]
    found = 0
    while stack:
        tick()
        polygon, columns = stack.pop()
        group = len(columns[0])
        if group == len(plane.sizes):
            found += 1
            if found > limit:
                raise Unsupported(f"more than {limit} regions lie in this window: choose a smaller one (--window)")
            yield polygon, columns
            continue
        found_curves = (plane.factors(i, group, column) for i, column in enumerate(columns))
        factors = dict.fromkeys(factor for row in found_curves for unit in row for factor in unit)
        parts = [polygon]
        for factor in (f for f in factors if f.is_line):
            parts = [half for part in parts for half in part.split(factor) if half is not None]
        if all(f.is_line for f in factors):
            for part in parts:
                signs = plane.germ(part.inside, (mpq(1), mpq(0)))
                stack.append((part, tuple(column[: group + 1] for column in signs)))
        else:
            yield from ((part, None) for part in parts)


def _along(
    plane: Plane, line: Curve, sides: Sequence[tuple[Spot, Spot]], touched: Sequence[Spot], tick: Callable[[], None]
) -> Iterator[Wall]:
    """The pieces of a line that are walls, from the sides of polygons that lie on it; curves meet it at their ends."""
    a, b, c = line.line
    ends = sorted({spot for side in sides for spot in side} | {(s, t) for s, t in touched if a * s + b * t + c == 0})
    covered = [tuple(sorted(side)) for side in sides]
    pieces: list[Wall] = []
    for start, end in pairwise(ends):
        tick()
        if not any(p <= start and end <= q for p, q in covered):
            continue
        middle = tuple((p + q) / 2 for p, q in zip(start, end, strict=True))
        beside = plane.germ(middle, (a, b)), plane.germ(middle, (-a, -b))
        units = tuple(sorted({*units_on(plane, beside[0], line), *units_on(plane, beside[1], line)}))
        if not units:
            continue
        wall = Wall(line, (start, end), units, beside)
        last = pieces[-1] if pieces else None
        if last is not None and last.points[1] == start and (last.units, last.beside) == (units, beside):
            pieces[-1] = Wall(line, (last.points[0], end), units, beside)
        else:
            pieces.append(wall)
    yield from pieces


def _vanishing(plane: Plane, regions: Sequence[Region]) -> tuple[Unit, ...]:
    """The units that vanish on every region."""
    zeros: set[Unit] | None = None
    for region in regions:
        here = {
            (i, g, u)
            for i, column in enumerate(region.columns)
            for g, group in enumerate(column)
            for u, s in enumerate(group)
            if s == 0
        }
        zeros = here if zeros is None else zeros & here
    return tuple(sorted(zeros or ()))
