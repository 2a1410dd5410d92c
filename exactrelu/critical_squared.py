"""All Clarke critical points of one hidden layer and one output with the squared loss.

Let the neurons with v_k != 0 have w_k in the faces F_k, and let g be the derivatives of the loss by the outputs z. The
loss has no kink of its own, so Clarke's subdifferential is a product, and a point is critical iff

- sum_i g_i = 0, if there is an output bias c;
- 0 is in the hull of the forms around F_k, for all k with v_k != 0 (this includes the derivative by v_k);
- sum_i g_i s(<w_k, x_i>) = 0, for all k with v_k = 0.

The second condition makes g orthogonal to what the span of F_k adds to the outputs. Hence z is the weighted projection
of the targets on the sum V of these spaces and the constants, and g depends on the *set* of the faces only. What is
left is a relatively open polyhedron: R_k = |v_k| w_k in F_k with sum_k sign(v_k) a(R_k) + c = z; and each w_k with v_k
= 0 is in one of finitely many relatively open cones, on its own. These sets are disjoint.

Near such a point the loss changes by <g, change of z> and a square. So all points of a set are local minima iff for all
rays r of the chambers around F_k sign(v_k) <g, a(r)> >= 0, with equality where v_k = 0. They are local maxima iff there
is no bias, and for all these rays a(r) = 0 or, where v_k != 0, sign(v_k) <g, a(r)> < 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, product

from gmpy2 import mpq

from exactrelu.faces import Face, Faces, Inside, Support
from exactrelu.lifted import ZERO
from exactrelu.lp import Constraint, Feasible, Infeasible, feasible
from exactrelu.pieces import unit
from exactrelu.rational import Rational, Vector, dot


@dataclass(frozen=True)
class Polyhedron:
    """The critical points of neurons with these signed faces: their gradient g, and an R in each, and a bias."""

    support: Support
    gradient: Vector
    vectors: tuple[Vector, ...]
    bias: Rational
    rank: int


@dataclass(eq=False)
class SquaredSearch:
    """The supports, each with its polyhedron or with the Farkas vector that shows that it is empty."""

    faces: Faces
    neurons: int
    empty: dict[Support, Vector] = field(default_factory=dict)
    known: dict[Support, Polyhedron] = field(default_factory=dict)  # from an earlier run

    def __post_init__(self) -> None:
        self.projected = cache(self._projected)

    def run(self) -> Iterator[Polyhedron]:
        """All polyhedra that are not empty."""
        for size in range(self.neurons + 1):
            for chosen in combinations(self.faces.all, size):
                self.faces.pieces.lifted.tick()
                gradient, rank = self.projected(chosen)
                if all(isinstance(self.faces.hull(gradient, face), Inside) for face in chosen):
                    yield from self._polyhedra(chosen, gradient, rank)

    def _projected(self, chosen: tuple[Face, ...]) -> tuple[Vector, int]:
        """The derivatives g at the projection of the targets on V, and the dimension of V; Gram and Schmidt's way."""
        conic = self.faces.pieces.lifted.conic
        weights = [s.weight for s in conic.summands]
        rest = [s.target for s in conic.summands]  # the targets minus their projection
        basis: list[tuple[Vector, Vector]] = []  # orthogonal vectors b, and b * weights / |b|^2
        columns = [self.faces.column(r) for face in chosen for r in face.rays]
        for column in [(mpq(1),) * len(rest), *columns] if conic.has_bias else columns:
            b = column
            for other, dual in basis:
                factor = dot(dual, b)
                b = tuple(x - factor * y for x, y in zip(b, other, strict=True)) if factor else b
            if not any(b):
                continue
            scaled = [w * x for w, x in zip(weights, b, strict=True)]
            norm = dot(scaled, b)
            basis.append((b, tuple(x / norm for x in scaled)))
            factor = dot(basis[-1][1], rest)
            rest = [x - factor * y for x, y in zip(rest, b, strict=True)]
        return tuple(-2 * w * x for w, x in zip(weights, rest, strict=True)), len(basis)

    def outputs(self, gradient: Vector) -> Vector:
        """The outputs at which the loss has these derivatives."""
        summands = self.faces.pieces.lifted.conic.summands
        return tuple(s.target + g / (2 * s.weight) for s, g in zip(summands, gradient, strict=True))

    def _polyhedra(self, chosen: tuple[Face, ...], gradient: Vector, rank: int) -> Iterator[Polyhedron]:
        for sides in product(((1,), (-1,), (1, -1)), repeat=len(chosen)):
            support = tuple((face, s) for face, own in zip(chosen, sides, strict=True) for s in own)
            if len(support) > self.neurons or support in self.empty:
                continue
            if support in self.known:
                yield self.known[support]
                continue
            self.faces.pieces.lifted.tick()
            found = self._solve(support, self.outputs(gradient))
            if isinstance(found, Feasible):
                point, parts = list(found.point), []
                for face, _ in support:
                    parts.append(self.faces.sum(zip(face.rays, point[: len(face.rays)], strict=True)))
                    del point[: len(face.rays)]
                yield Polyhedron(support, gradient, tuple(parts), point[0] if point else ZERO, rank)
            else:
                self.empty[support] = found.multipliers[: len(gradient)]

    def _solve(self, support: Support, outputs: Vector) -> Feasible | Infeasible:
        """R in the faces, as positive combinations of their rays, with these outputs; or a Farkas vector."""
        columns = [tuple(side * a for a in self.faces.column(r)) for face, side in support for r in face.rays]
        n = len(columns)
        if self.faces.pieces.lifted.conic.has_bias:
            columns.append((mpq(1),) * len(outputs))
        rows = [Constraint(tuple(c[i] for c in columns), "==", o) for i, o in enumerate(outputs)]
        rows += [Constraint(unit(len(columns), {j: 1}), ">", ZERO) for j in range(n)]
        return feasible(rows, len(columns))

    def refutes(self, vector: Vector, support: Support) -> bool:
        """Whether a Farkas vector shows that no R in these signed faces have the outputs of the projection."""
        gradient, _ = self.projected(tuple(dict.fromkeys(face for face, _ in support)))
        slopes = [s * dot(vector, self.faces.column(r)) for face, s in support for r in face.rays]
        along, has_bias = dot(vector, self.outputs(gradient)), self.faces.pieces.lifted.conic.has_bias
        bounded = all(slope >= 0 for slope in slopes) and not (has_bias and sum(vector))
        return bounded and along <= 0 and (along < 0 or any(slopes))

    # ------------------------------------------------------------------ minima and maxima

    def is_minimum(self, gradient: Vector, active: Support, inactive: tuple[Face, ...]) -> bool:
        """Whether the points of a set are local minima."""
        pairs = [*active, *((face, s) for face in inactive for s in (1, -1))]
        return all(s * dot(gradient, self.faces.column(r)) >= 0 for face, s in pairs for r in face.star)

    def is_maximum(self, gradient: Vector, active: Support, inactive: tuple[Face, ...]) -> bool:
        """Whether the points of a set are local maxima."""
        if self.faces.pieces.lifted.conic.has_bias:
            return False
        pairs = [*active, *((face, 0) for face in inactive)]
        columns = ((s, self.faces.column(r)) for face, s in pairs for r in face.star)
        return all(not any(column) or s * dot(gradient, column) < 0 for s, column in columns)
