"""Clarke critical points with the hinge loss and neurons with v = 0, where one derivative of the loss is free.

Let V be what the spans of the faces of the active neurons, and the output bias, add to the outputs, and I the data
points whose unit 1 - y_i z_i is 0. At a critical point some convex combination g of the derivatives by the outputs is
orthogonal to V, and g_i is known off I. Here all that neurons can add to the outputs is on I in a space of one
dimension more than V_I (as it is if |I| = rank V_I + 1): on I it is t e up to V, where e is 0 at the pivots of V_I, and
1 at the first p where it is not 0. Then for what neurons can add, a,

    <g, a> = rho(a) + gamma t(a),    gamma = <g, e>.

t(a) = 0 iff a agrees with a vector of V on I. Let some neuron with v = 0 have w in a face on which t(h(w)) is not 0
everywhere. Small moves in V and of this neuron then change the units of I in all ways, whatever the chambers C around
the faces in which the active neurons move: so all C and all signs of these units occur together around the point. The
conditions by the active neurons and the bias leave an interval of gamma, "range", by a linear program with its dual.

- The point is critical iff some gamma of the range has rho_j + gamma t_j = 0 for all neurons with v_j = 0, t_j and
  rho_j those of h(w_j).
- Near by, for each C and each w' near w, the loss is convex in the moves within C, c and v, so it is nowhere less iff
  some g orthogonal to V is among its subgradients and has <g, h(w'_j)> = 0: iff rho(h(w'_j)) + gamma' t(h(w'_j)) = 0
  for some gamma' with s_k <g, h(ray)> >= 0 on the rays of C (s_k the sign of v_k). If some t_j is not 0, gamma' is
  near gamma, and unique; whether all nearby w' have such a gamma' depends on the signs of the t_j, on the faces, and
  on where gamma is in the interval of all gamma that are good for all C. If all t_j are 0, it depends on the faces
  alone.

So with the ends of both intervals as *marks*, all points of a *part* (the sign of each t_j; gamma at a mark or between
two) are local minima if one is. No one is a local maximum: a move of v_j and back adds up to more than nothing on I.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations_with_replacement, pairwise
from typing import Any

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction
from exactrelu.faces import Face, Faces, Support
from exactrelu.lifted import ZERO
from exactrelu.linear import Solution, rank, solve
from exactrelu.lp import Constraint, Feasible, Infeasible, Optimum, Relation, feasible, maximise
from exactrelu.mean_gradients import MeanGradients
from exactrelu.pieces import unit
from exactrelu.rational import Rational, Vector, dot, texts

ONE = mpq(1)
Interval = tuple[Rational, Rational]  # open, or one point if its ends are equal


@dataclass(frozen=True)
class Part:
    """Faces of the neurons with v = 0, what is to hold moreover, as a text; a vector for each, and their dimension."""

    inactive: tuple[Face, ...]
    name: str
    vectors: tuple[Vector, ...]
    dimension: int | None


@dataclass(eq=False)
class FreeDerivative:
    """What g are on what neurons add, and the range of gamma; for faces of active neurons and signs of the units."""

    faces: Faces
    chosen: tuple[Face, ...]
    units: tuple[int, ...]
    _weights: dict[tuple[Face, int, Rational | None], Vector | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.means = MeanGradients(self.faces, self.chosen, self.units)
        self.slopes, self.kinks, self.has_bias = self.means.slopes, self.means.kinks, self.means.has_bias
        spanning = sorted({r for face in self.chosen for r in face.rays})
        self.space = [self.faces.column(r) for r in spanning] + [(ONE,) * len(self.units)] * self.has_bias
        ranks = [self._rank(self.kinks[:m]) for m in range(len(self.kinks) + 1)]
        self.free = [i for i, (low, high) in zip(self.kinks, pairwise(ranks), strict=True) if low == high]

    def _rank(self, points: Sequence[int]) -> int:
        matrix = tuple(tuple(column[i] for i in points) for column in self.space)
        return rank(matrix) if matrix and points else 0

    # ------------------------------------------------------------------ the line

    @cached_property
    def step(self) -> Vector | None:
        """e, 0 off the data points that are free; None where neurons can move the outputs there in several ways."""
        columns = self.faces.pieces.lifted.columns[::2]
        moved = tuple(tuple(dot(dual, column) for dual in self.duals) for column in columns)
        if not moved or not self.free or rank(moved) != 1:
            return None
        row = next(row for row in moved if any(row))
        scale = next(a for a in row if a)
        at = dict(zip(self.free, row, strict=True))
        return tuple(at.get(i, ZERO) / scale for i in range(len(self.units)))

    @cached_property
    def base(self) -> Vector:
        """A g with gamma = 0 on what neurons can add."""
        return self.orthogonal(self.means.known, [ZERO] * len(self.free))

    @cached_property
    def direction(self) -> Vector:
        """The change of g with gamma."""
        return next(dual for p, dual in zip(self.free, self.duals, strict=True) if self.step and self.step[p])

    @cached_property
    def duals(self) -> list[Vector]:
        """For each data point that is free the vector orthogonal to V that is 1 there, 0 at the others and off I."""
        return [self.orthogonal([ZERO] * len(self.units), [mpq(p == q) for q in self.free]) for p in self.free]

    def orthogonal(self, known: Sequence[Rational], gamma: Sequence[Rational]) -> Vector:
        """The vector orthogonal to V that is known off I, and has these entries at the data points that are free."""
        if not self.kinks:
            return tuple(known)
        matrix = [tuple(column[i] for i in self.kinks) for column in self.space]
        matrix += [tuple(mpq(i == p) for i in self.kinks) for p in self.free]
        found = solve(tuple(matrix), (*(-dot(known, column) for column in self.space), *gamma))
        if not isinstance(found, Solution):
            raise InternalContradiction("the least loss over V has derivatives that are orthogonal to V")
        at = dict(zip(self.kinks, found.point, strict=True))
        return tuple(at.get(i, a) for i, a in enumerate(known))

    @cached_property
    def phis(self) -> list[Rational | None]:
        """<g, h(ray)> of each ray, where h(ray) agrees with a vector of V on I; None where it does not."""
        columns = self.faces.pieces.lifted.columns[::2]
        return [None if any(dot(dual, c) for dual in self.duals) else dot(self.base, c) for c in columns]

    @cached_property
    def ray_pairs(self) -> list[tuple[Rational, Rational]]:
        """t and rho of what each ray adds."""
        return [self.pair(column) for column in self.faces.pieces.lifted.columns[::2]]

    def pair(self, added: Sequence[Rational]) -> tuple[Rational, Rational]:
        """t and rho."""
        return dot(self.direction, added), dot(self.base, added)

    def pairs(self, face: Face) -> list[tuple[Rational, Rational]]:
        """t and rho of the rays of a face."""
        return [self.ray_pairs[r] for r in face.rays]

    @property
    def is_smooth(self) -> bool:
        """Whether the active neurons are in open chambers."""
        return all(len(face.chambers) == 1 for face in self.chosen)

    def leaves(self, face: Face) -> bool:
        """Whether phi is not defined everywhere in the chambers around a face."""
        return any(self.phis[r] is None for r in face.star)

    # ------------------------------------------------------------------ the range of gamma

    @cached_property
    def range(self) -> Interval | None:
        """The least and the greatest gamma with which the derivatives by active neurons and the bias can vanish."""
        if "empty" in self.proof:
            return None
        return mpq(self.proof["low"]["value"]), mpq(self.proof["high"]["value"])

    @cached_property
    def proof(self) -> dict[str, Any]:
        """The entry of the certificate about the range."""
        head = {"faces": [face.name for face in self.chosen], "units": "".join("-0+"[s + 1] for s in self.units)}
        ends = {}
        for end, side in (("low", -1), ("high", 1)):
            found = self._end(side)
            if isinstance(found, Infeasible):
                return {**head, "empty": self.means.dual(found.multipliers)}
            dual = self.means.dual(found.dual)
            ends[end] = {"value": str(side * found.value), "cells": self._cells(found.point), **dual}
        return {**head, **ends, "box": {"low": self._box(-1), "high": self._box(1)}}

    def _box(self, side: int) -> dict[str, Any]:
        """The end of the gamma of g that are orthogonal to V, and subgradients."""
        n = len(self.units)
        rows = [Constraint(tuple(column), "==", ZERO) for column in self.space]
        for i, known in enumerate(self.means.known):
            low, high = sorted((ZERO, self.slopes[i])) if i in self.kinks else (known, known)
            rows += [Constraint(unit(n, {i: ONE}), ">=", low), Constraint(unit(n, {i: ONE}), "<=", high)]
        found = maximise(tuple(side * a for a in self.step or ()), rows)
        if not isinstance(found, Optimum):
            raise InternalContradiction("the least loss over V has derivatives that are orthogonal to V")
        rays = sorted({r for face in self.chosen for r in face.rays})
        used = {str(r): str(y) for r, y in zip(rays, found.dual, strict=False) if y}
        bias = str(found.dual[len(rays)] if self.has_bias else ZERO)
        return {"value": str(side * found.value), "gradient": texts(found.point), "rays": used, "bias": bias}

    def _end(self, side: int) -> Optimum | Infeasible:
        """The largest side * gamma."""
        found = maximise(tuple(side * a for a in self.means.form(self.step or ())), self.means.system)
        if not isinstance(found, Optimum | Infeasible):
            raise InternalContradiction("the derivatives of the hinge loss are bounded")
        return found

    def _cells(self, point: Vector) -> list[dict[str, Any]]:
        """The combination: chambers, their weight, and the mean of g over the signs of the units."""
        cells = self.means.cells(point)
        return [{"chambers": list(c), "weight": str(weight), "gradient": texts(g)} for c, weight, g in cells]

    # ------------------------------------------------------------------ the parts

    def marks(self, support: Support) -> list[Rational]:
        """The ends of the range, and of the interval of gamma that are good for all chambers around."""
        if self.range is None:
            return []
        ends = (mpq(self.proof["box"][end]["value"]) for end in ("low", "high"))
        forms = [(ONE, -next(ends)), (-ONE, next(ends))]  # t, rho with rho + gamma t >= 0
        for face, side in support:
            forms += [(side * t, side * rho) for t, rho in (self.ray_pairs[r] for r in face.star)]
        low = max(-rho / t for t, rho in forms if t > 0)
        high = min(-rho / t for t, rho in forms if t < 0)
        good = {low, high} if low <= high and all(t or rho >= 0 for t, rho in forms) else set()
        least, most = self.range
        return sorted({least, most} | {a for a in good if least < a < most})

    def parts(self, support: Support, many: int, faces: Iterable[Face]) -> Iterator[Part]:
        """The parts of critical points with so many neurons with v = 0 and w in these faces."""
        if self.range is None:
            return
        marks, low, high = self.marks(support), self.range[0] - 1, self.range[1] + 1
        places = [(a, a) for a in marks] + list(pairwise(marks))
        options: list[tuple[Face, int]] = []
        slopes = dict[tuple[Face, int], Interval]()
        for face in faces:
            pairs = self.pairs(face)
            for sign in (-1, 1):
                found = _slopes([(sign * t, sign * rho) for t, rho in pairs], low, high)
                if found is not None:
                    slopes[face, sign] = found
                    options.append((face, sign))
            if self._weigh(face, 0, None) is not None:
                options.append((face, 0))
        for chosen in combinations_with_replacement(options, many):
            self.faces.pieces.lifted.tick()
            moving = [slopes[option] for option in chosen if option[1]]
            for place in places if moving else [None]:
                gamma = _common([place, *moving]) if place is not None else None
                if place is None or gamma is not None:
                    yield self._part(chosen, place, gamma)

    def _part(self, chosen: Sequence[tuple[Face, int]], place: Interval | None, gamma: Rational | None) -> Part:
        vectors, whole, forced = [], 0, place is None or place[0] == place[1]
        for face, sign in chosen:
            weights = self._weigh(face, sign, gamma)
            if weights is None:
                raise InternalContradiction(f"some w of the face {face.name} have this gamma")
            vectors.append(self.faces.sum(zip(face.rays, weights, strict=True)))
            plane = rank(tuple(self.pairs(face))) if face.rays else 0
            whole += face.dimension - plane + bool(sign)
            forced = forced or bool(sign and plane == 1)
        faces, signs = tuple(face for face, _ in chosen), tuple(sign for _, sign in chosen)
        name = "".join("-0+"[s + 1] for s in signs)
        if place is not None:
            name += f" at {place[0]}" if place[0] == place[1] else f" in ({place[0]}, {place[1]})"
        return Part(faces, name, tuple(vectors), whole + (not forced))

    def _weigh(self, face: Face, sign: int, gamma: Rational | None) -> Vector | None:
        """Positive weights of the rays of a face with t of this sign, rho + gamma t = 0 (t = rho = 0); None if none."""
        key = face, sign, gamma if sign else None
        if key not in self._weights:
            pairs, n = self.pairs(face), len(face.rays)
            rows = [Constraint(unit(n, {r: ONE}), ">", ZERO) for r in range(n)]
            relation: Relation = "==" if not sign else ">" if sign > 0 else "<"
            rows.append(Constraint(tuple(t for t, _ in pairs), relation, ZERO))
            rows.append(Constraint(tuple(rho + (gamma or 0) * t for t, rho in pairs), "==", ZERO))
            found = feasible(rows, n)
            self._weights[key] = found.point if isinstance(found, Feasible) else None
        return self._weights[key]


def _slopes(pairs: Sequence[tuple[Rational, Rational]], low: Rational, high: Rational) -> Interval | None:
    """The gamma = -rho / t of positive combinations of pairs (t, rho) with t > 0; None if there are none.

    Where the interval is unbounded it ends at low or high, outside the range.
    """
    rising = [(t, rho) for t, rho in pairs if t > 0]
    if not rising:
        return None
    level = [rho for t, rho in pairs if not t] + [t * b - a * rho for t, rho in rising for a, b in pairs if a < 0]
    ends = [-rho / t for t, rho in rising]
    return (low if any(rho > 0 for rho in level) else min(ends), high if any(rho < 0 for rho in level) else max(ends))


def _common(intervals: Sequence[Interval]) -> Rational | None:
    """A number in all of these intervals."""
    found = next((low for low, high in intervals if low == high), None)
    if found is None:
        found = (max(low for low, _ in intervals) + min(high for _, high in intervals)) / 2
    return found if all(low < found < high or low == found == high for low, high in intervals) else None
