"""Regions with curved walls: a cylindrical decomposition of a convex polygon.

Over each interval between critical values of s the curves are graphs that do not meet (`exactrelu.pictures.curves`);
the sectors between them have a signature each, decided exactly at a rational point. The curves that a sector needs
depend on the signs of lower layers there, so they are added until nothing new appears. No grid is contoured: the curves
are drawn through certified roots at many rational s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from gmpy2 import mpq

from exactrelu.errors import Unsupported
from exactrelu.pictures.curves import PRECISIONS, RING, Critical, Curve, are_separate, between, curves, from_ball
from exactrelu.pictures.planes import Plane, Spot
from exactrelu.pictures.regions import Polygon, Region, Strip, Unit, Wall, Window, units_on
from exactrelu.polynomial import to_flint
from exactrelu.rational import Rational
from exactrelu.signature import Columns

COLUMNS = 240
"""Over the width of a window the curves are drawn through about so many points."""
NEAR = mpq(1, 2**24)
"""How near to a critical value, as a part of the slab, a curve's end is taken."""

Interval = tuple[Rational, Rational]


@dataclass(frozen=True)
class Slab:
    """What lies over an open interval of s: branches from below to above, and the sectors between them."""

    ends: tuple[Interval, Interval]
    middle: Rational
    branches: tuple[tuple[Curve, int], ...]  # a curve, and which of its roots inside the polygon
    sectors: tuple[tuple[Columns, Spot], ...]


class Sectors:
    """The decomposition of one polygon."""

    def __init__(self, plane: Plane, polygon: Polygon, window: Window, limit: int, tick: Callable[[], None]) -> None:
        self.plane, self.polygon, self.window, self.tick = plane, polygon, window, tick
        self._units: dict[tuple[Columns, Curve], tuple[Unit, ...]] = {}
        self._of: dict[Columns, frozenset[Curve]] = {}
        self._known: dict[Curve, None] = {}
        critical = Critical()
        corners = sorted({s for s, _ in polygon.vertices})
        self._sides = tuple(map(_line_through, *_ring(polygon)))
        while True:
            self._curves = tuple(c for c in self._known if c not in self._sides)
            critical.add({*self._curves, *self._sides})
            values = critical.values(corners[0], corners[-1], corners[1:-1])
            ends = [(corners[0],) * 2, *values, (corners[-1],) * 2]
            self.slabs: list[Slab] = []
            before = len(self._known)
            for pair in pairwise(ends):
                tick()
                self.slabs.append(self._slab(pair))
                if sum(len(slab.sectors) for slab in self.slabs) > 10 * limit:
                    raise Unsupported("too many curved regions lie in this window: choose a smaller one (--window)")
            if len(self._known) == before:
                return

    def _slab(self, ends: tuple[Interval, Interval]) -> Slab:
        middle = between(ends[0][1], ends[1][0])
        branches = self._fibre(middle)
        low, high = self._range(middle)
        levels = [(low, low), *(interval for interval, _, _ in branches), (high, high)]
        sectors = []
        for below, above in pairwise(levels):
            spot = middle, between(below[1], above[0])
            columns = self.plane.germ(spot, (mpq(0), mpq(1)))
            sectors.append((columns, spot))
            for factor in sorted(self._factors(columns), key=lambda each: each.text):
                self._known.setdefault(factor)
        return Slab(ends, middle, tuple((c, k) for _, c, k in branches), tuple(sectors))

    def _factors(self, columns: Columns) -> frozenset[Curve]:
        if columns not in self._of:
            self._of[columns] = frozenset(
                factor
                for i, column in enumerate(columns)
                for g in range(len(column))
                for found in self.plane.factors(i, g, column[:g])
                for factor in found
            )
        return self._of[columns]

    def _range(self, s: Rational) -> Interval:
        """The t of the polygon over a rational s."""
        found = []
        for (a, b), (c, d) in zip(*_ring(self.polygon), strict=True):
            if a != c and min(a, c) <= s <= max(a, c):
                found.append(b + (d - b) * (s - a) / (c - a))
        return min(found), max(found)

    def _fibre(self, s: Rational) -> list[tuple[Interval, Curve, int]]:
        """The branches over a rational s that is not critical, from below to above, as disjoint intervals."""
        low, high = self._range(s)
        for precision in PRECISIONS:
            found = []
            for curve in self._curves:
                inside = [(a, b) for a, b in map(from_ball, curve.roots(s, precision)) if b > low and a < high]
                found += [(interval, curve, k) for k, interval in enumerate(inside)]
            found.sort(key=lambda entry: entry[0])
            if are_separate([(low, low), *(interval for interval, _, _ in found), (high, high)]):
                return found
        raise Unsupported("two curves in this slice are too close to be told apart")

    # ------------------------------------------------------------------ what is drawn

    def _drawn(self, slab: Slab) -> list[tuple[Rational, list[Rational]]]:
        """Values of s across a slab, and the levels there: low, the branches, high; the ends are limits."""
        (_, left), (right, _) = slab.ends
        width = right - left
        count = max(4, int(COLUMNS * width / (self.window[1] - self.window[0])))
        if all(curve.is_line for curve, _ in slab.branches):
            count = 1
        steps = [NEAR, *(_cosine(k, count) for k in range(1, count)), 1 - NEAR]
        result = []
        for place, step in enumerate(steps):
            self.tick()
            s = between(left + width * step * (1 - NEAR / 4), left + width * step * (1 + NEAR / 4))
            low, high = self._range(s)
            fibre = self._fibre(s)
            levels = [low, *((a + b) / 2 for (a, b), _, _ in fibre), high]
            drawn = left if place == 0 else right if place == len(steps) - 1 else s
            result.append((drawn, levels))
        return result

    def _levels(self) -> list[list[tuple[Rational, list[Rational]]]]:
        if not hasattr(self, "_kept"):
            self._kept = [self._drawn(slab) for slab in self.slabs]
        return self._kept

    def regions(self) -> list[Region]:
        """The regions: all sectors of one signature together."""
        strips: dict[Columns, list[Strip]] = {}
        samples: dict[Columns, tuple[Rational, Spot]] = {}
        for slab, drawn in zip(self.slabs, self._levels(), strict=True):
            s = tuple(place for place, _ in drawn)
            for k, (columns, spot) in enumerate(slab.sectors):
                low, high = (tuple(levels[k + j] for _, levels in drawn) for j in (0, 1))
                strips.setdefault(columns, []).append(Strip(s, low, high))
                size = (s[-1] - s[0]) * max(b - a for a, b in zip(low, high, strict=True))
                if columns not in samples or samples[columns][0] < size:
                    samples[columns] = size, spot
        return [Region(columns, samples[columns][1], None, tuple(parts)) for columns, parts in strips.items()]

    def touches(self) -> list[Spot]:
        """Points on the sides of the polygon, between which no curve meets a side (up to the width of an interval)."""
        found: set[Spot] = set()
        for drawn in self._levels():
            for s, levels in (drawn[0], drawn[-1]):
                found |= {(s, end) for end in self._range(s)}
                if s in {corner for corner, _ in self.polygon.vertices}:
                    found |= {(s, level) for level in levels[1:-1]}
        return sorted(found)

    def walls(self) -> list[Wall]:
        """The curved walls, and straight ones inside the polygon; pieces that continue each other are joined."""
        pieces: list[Wall] = []
        for slab, drawn in zip(self.slabs, self._levels(), strict=True):
            for k, (curve, _) in enumerate(slab.branches):
                below, above = slab.sectors[k][0], slab.sectors[k + 1][0]
                units = tuple(sorted({*self._on(below, curve), *self._on(above, curve)}))
                if units:
                    points = tuple((s, levels[k + 1]) for s, levels in drawn)
                    pieces.append(Wall(curve, points, units, (below, above)))
        for (left, before), (right, _) in pairwise(zip(self.slabs, self._levels(), strict=True)):
            pieces += self._upright(left, right, before[-1])
        return pieces

    def _upright(self, left: Slab, right: Slab, end: tuple[Rational, list[Rational]]) -> list[Wall]:
        """Walls on a vertical line between two slabs."""
        found = []
        s, levels = end
        for curve in (c for c in self._curves if c.is_vertical):
            (low, high) = left.ends[1]
            value = curve.in_t[0]
            at = (value(to_flint(low)), value(to_flint(high)))
            if at[0] != 0 if low == high else at[0] * at[1] >= 0:
                continue
            for k, (columns, _) in enumerate(left.sectors):
                units = self._on(columns, curve)
                if units:
                    other = self.plane.germ((right.middle, (levels[k] + levels[k + 1]) / 2), (mpq(0), mpq(1)))
                    found.append(Wall(curve, ((s, levels[k]), (s, levels[k + 1])), units, (columns, other)))
        return found

    def _on(self, columns: Columns, curve: Curve) -> tuple[Unit, ...]:
        if curve not in self._factors(columns):
            return ()
        if (columns, curve) not in self._units:
            self._units[columns, curve] = units_on(self.plane, columns, curve)
        return self._units[columns, curve]


def _ring(polygon: Polygon) -> tuple[tuple[Spot, ...], tuple[Spot, ...]]:
    return polygon.vertices, (*polygon.vertices[1:], polygon.vertices[0])


def _line_through(start: Spot, end: Spot) -> Curve:
    """The line through two points as a curve."""
    (a, b), (c, d) = start, end
    s, t = RING.context.gens()
    form = s * to_flint(b - d) + t * to_flint(c - a) + RING.context.constant(to_flint(a * d - b * c))
    return curves(form)[0]


def _cosine(k: int, count: int) -> Rational:
    """(1 - cos(pi k / count)) / 2 to nine digits: points that crowd near the ends, where curves may be steep."""
    from math import cos, pi

    return mpq(round((1 - cos(pi * k / count)) / 2 * 10**9), 10**9)
