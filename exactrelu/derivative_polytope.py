"""Clarke critical points with the hinge loss and one neuron with v = 0, where several derivatives are free.

As in `exactrelu.free_derivative`, but any number of derivatives are free, and the active neurons are in open chambers
(or there are none). Then the loss near the point, with w frozen, is a convex function of linear moves, and the point is
critical iff <g, h(w)> = 0 for some g in the polytope Q of the subgradients that are orthogonal to V. Q does not depend
on w. So the signs of <g, h(w)> at the vertices g of Q decide: not all may be +, nor all -. The point is a local minimum
iff all nearby w' are critical, as the loss falls along v, or moves of the others, where w' is not. The signs at w' near
w depend on those at w, and on the face of w: on the *part*, the w in the face with the same signs.

Other neurons with v = 0 do not matter if what they add, and can add near by, agrees with vectors of V where the unit is
0. No point is a local maximum: a move of v and back adds up to more than nothing where the unit is 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import combinations, product
from math import comb

from gmpy2 import mpq

from exactrelu.errors import Unsupported
from exactrelu.faces import Face
from exactrelu.free_derivative import FreeDerivative
from exactrelu.lifted import ZERO
from exactrelu.linear import Solution, rank, solve
from exactrelu.lp import Constraint, Feasible, feasible
from exactrelu.pieces import unit
from exactrelu.rational import Vector, combination, dot

CHOICES = 500_000


class DerivativePolytope:
    """Q, by its vertices."""

    def __init__(self, line: FreeDerivative) -> None:
        self.line, self.faces = line, line.faces

    @cached_property
    def vertices(self) -> tuple[Vector, ...]:
        """The vertices of Q, sorted: as many derivatives as are free are at their ends, and determine the others."""
        line, many = self.line, len(self.line.free)
        if comb(len(line.kinks), many) << many > CHOICES:
            raise Unsupported(f"critical sets: {len(line.kinks)} data points with a margin of 1 have too many vertices")
        found = set[Vector]()
        for chosen in combinations(line.kinks, many):
            self.faces.pieces.lifted.tick()
            matrix = tuple(tuple(direction[i] for direction in line.duals) for i in chosen)
            if rank(matrix) < many:
                continue
            for ends in product(*((ZERO, line.slopes[i]) for i in chosen)):
                gamma = solve(matrix, tuple(end - line.base[i] for end, i in zip(ends, chosen, strict=True)))
                if isinstance(gamma, Solution):
                    terms = zip((mpq(1), *gamma.point), (line.base, *line.duals), strict=True)
                    g = combination(terms, len(line.units))
                    if all(min(ZERO, line.slopes[i]) <= g[i] <= max(ZERO, line.slopes[i]) for i in line.kinks):
                        found.add(g)
        return tuple(sorted(found))

    def parts(self, face: Face) -> Iterator[tuple[str, Vector, int]]:
        """The parts of a face that are critical: the signs at the vertices, a vector, the dimension."""
        values = [tuple(dot(g, self.faces.column(r)) for r in face.rays) for g in self.vertices]
        yield from self._parts(face, values, "")

    def _parts(self, face: Face, values: list[Vector], signs: str) -> Iterator[tuple[str, Vector, int]]:
        self.faces.pieces.lifted.tick()
        n = len(face.rays)
        rows = [Constraint(unit(n, {r: mpq(1)}), ">", ZERO) for r in range(n)]
        for sign, row in zip(signs, values, strict=False):
            rows.append(Constraint(row, {"+": ">", "-": "<", "0": "=="}[sign], ZERO))  # type: ignore[arg-type]
        found = feasible(rows, n)
        if not isinstance(found, Feasible):
            return
        if len(signs) < len(values):
            for sign in "+-0":
                yield from self._parts(face, values, signs + sign)
        elif "0" in signs or set(signs) == {"+", "-"}:
            zero = tuple(row for sign, row in zip(signs, values, strict=True) if sign == "0")
            vector = self.faces.sum(zip(face.rays, found.point, strict=True))
            yield signs, vector, face.dimension - (rank(zero) if zero else 0)
