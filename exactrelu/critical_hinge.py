"""The Clarke critical points of one hidden layer and one output with the hinge loss.

Let the neurons with v_k != 0 have R_k = |v_k| (w, b)_k in faces F_k. In the variables R_k and the output bias the loss
is linear on the cells of a complex: products of chambers, cut by the units 1 - y_i z_i of the loss. So it depends only
on the *stratum* (the faces, the signs of v, the signs of these units) whether 0 is in the Clarke subdifferential, and
whether there is a local minimum or maximum. If 0 is in it, some convex combination g of the derivatives of the loss by
the outputs z is orthogonal to the space V of what the spans of the faces add to z (and to 1, if there is an output
bias). Then z minimises the loss, which is convex in z, over V. So one linear program for each set of faces, with a
dual vector theta, leaves few signs: the unit is >= 0 where theta_i is its weight, <= 0 where theta_i = 0, else 0. A
tree over these signs finds the strata that are not empty, and refutes the others; one point of each stratum decides.

Neurons with v_j = 0 and w_j in a face G. The derivative by v_j is <g, h(w_j)>, h(w) = (s(<w, x_i>))_i, and a move of
v_j changes the units as h does. Let each h(w), w in G, agree with some u(w) in V at the data points whose unit is 0.
As g is orthogonal to V, the derivative is phi(w_j), phi(w) the sum of g_i (h(w) - u(w))_i over the other data points,
where g_i is known: phi(w_j) = 0 is needed. All these w_j are alike. For let moves by r_k in the spans of the faces F_k
and by c of the bias add u(w_j) to the outputs. Near by, with a change d of w_j, the output is, at the units that are 0,
that of R_k + v_j r_k and the bias + v_j c, plus v_j (h(w_j + d) - h(w_j)), and at the others it has v_j (h - u)(w_j) on
top, which changes the loss by v_j phi(w_j) = 0. The differences of h depend on G and d only. So, as a function of these
variables, v_j and d, the loss near by does not depend on w_j, and one w_j decides. So it is, for any phi, in a G with
one ray, as w_j can be rescaled. In other G the conditions of several neurons are bilinear, and those of one piecewise
linear; they are left open, by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, combinations_with_replacement, product
from typing import Any

from gmpy2 import mpq

from exactrelu.certificate import Decision
from exactrelu.errors import InternalContradiction
from exactrelu.faces import Face, Faces, Support, multisets
from exactrelu.forms import Forms
from exactrelu.lifted import ZERO
from exactrelu.linear import Solution, rank, solve
from exactrelu.lp import Constraint, Feasible, Optimum, feasible, maximise
from exactrelu.pieces import unit
from exactrelu.point import Point
from exactrelu.rational import Rational, Vector, dot, texts

OPEN = "open: which w of neurons with v = 0 are critical where margins are exactly 1, and w moves these independently"


@dataclass(frozen=True)
class Best:
    """The least loss over the space V of some faces: its dual vector theta, the weights of the rays, the bias."""

    value: Rational
    theta: Vector
    weights: tuple[tuple[int, Rational], ...]
    bias: Rational


@dataclass(frozen=True)
class Stratum:
    """Faces with the signs of v, faces of the neurons with v = 0, signs of the units 1 - y_i z_i; a point, decided."""

    active: Support
    inactive: tuple[Face, ...]
    units: tuple[int, ...]
    witness: Vector
    value: Rational
    dimension: int
    parameter_dimension: int
    decisions: dict[str, Decision]


@dataclass(eq=False)
class HingeSearch:
    """All strata in which z minimises the loss over V, the refutations of the others, and what is open."""

    faces: Faces
    neurons: int
    best: dict[tuple[Face, ...], Best] = field(default_factory=dict)
    trees: dict[Support, Any] = field(default_factory=dict)
    reason: str = ""

    def __post_init__(self) -> None:
        self.lifted = self.faces.pieces.lifted
        self.conic = self.lifted.conic
        self.targets = [s.target for s in self.conic.summands]
        self.forms = Forms(self.lifted.instance)

    def run(self) -> Iterator[Stratum]:
        """The strata that were decided, critical or not."""
        for size in range(self.neurons + 1):
            for chosen in combinations(self.faces.all, size):
                self.lifted.tick()
                best = self.best[chosen] = self._minimum(chosen)
                for sides in product(((1,), (-1,), (1, -1)), repeat=size):
                    support = tuple((face, s) for face, own in zip(chosen, sides, strict=True) for s in own)
                    if len(support) <= self.neurons:
                        found: list[tuple[tuple[int, ...], Vector]] = []
                        self.trees[support] = self._tree(support, best, (), found)
                        for units, point in found:
                            yield from self._strata(support, units, point)

    # ------------------------------------------------------------------ the least loss over V

    def _minimum(self, chosen: tuple[Face, ...]) -> Best:
        """The largest sum of theta_i with 0 <= theta_i <= weight_i and -y theta orthogonal to V."""
        n = len(self.targets)
        spanning = sorted({r for face in chosen for r in face.rays})
        columns = [self.faces.column(r) for r in spanning] + [(mpq(1),) * n] * self.conic.has_bias
        rows = [
            Constraint(tuple(t * a for t, a in zip(self.targets, column, strict=True)), "==", ZERO)
            for column in columns
        ]
        for i, summand in enumerate(self.conic.summands):
            rows += [Constraint(unit(n, {i: 1}), "<=", summand.weight), Constraint(unit(n, {i: 1}), ">=", ZERO)]
        found = maximise((mpq(1),) * n, rows)
        if not isinstance(found, Optimum):
            raise InternalContradiction("the dual of the hinge loss over a space is feasible and bounded")
        bias = found.dual[len(spanning)] if self.conic.has_bias else ZERO
        weights = tuple((r, y) for r, y in zip(spanning, found.dual, strict=False) if y)
        return Best(found.value, found.point, weights, bias)

    # ------------------------------------------------------------------ the strata of a support

    def signs(self, best: Best, i: int) -> tuple[int, ...]:
        """The signs that a unit can have where z minimises the loss over V: of 1 - y_i z_i."""
        theta, weight = best.theta[i], self.conic.summands[i].weight
        return (1, 0) if theta == weight else (0,) if theta else (-1, 0)

    def _tree(
        self, support: Support, best: Best, units: tuple[int, ...], found: list[tuple[tuple[int, ...], Vector]]
    ) -> Any:
        """A list with the tree of each sign of the next unit, a Farkas vector, or, with all signs chosen, null."""
        self.lifted.tick()
        columns = [tuple(s * a for a in self.faces.column(r)) for face, s in support for r in face.rays]
        n = len(columns)
        columns += [(mpq(1),) * len(self.targets)] * self.conic.has_bias
        size = len(columns)
        rows = [Constraint(unit(size, {j: 1}), ">", ZERO) for j in range(n)]
        for i, t in enumerate(self.targets):
            sign = units[i] if i < len(units) else None
            relation = {1: "<", 0: "==", -1: ">", None: ("<=", ">=", "==")[_side(self.signs(best, i))]}[sign]
            rows.append(Constraint(tuple(t * c[i] for c in columns), relation, mpq(1)))  # type: ignore[arg-type]
        answer = feasible(rows, size)
        if not isinstance(answer, Feasible):
            pairs = zip(rows[n:], answer.multipliers[n:], strict=True)
            return {"farkas": texts(tuple(m if ">" in row.relation else -m for row, m in pairs))}
        if len(units) == len(self.targets):
            found.append((units, answer.point))
            return None
        return [self._tree(support, best, (*units, s), found) for s in self.signs(best, len(units))]

    def _strata(self, support: Support, units: tuple[int, ...], point: Vector) -> Iterator[Stratum]:
        parts, place = {}, 0
        for face, side in support:
            parts[face, side] = self.faces.sum(zip(face.rays, point[place : place + len(face.rays)], strict=True))
            place += len(face.rays)
        bias = point[place] if self.conic.has_bias else ZERO
        for active in multisets(support, self.neurons):
            vectors = [tuple(a / active.count(signed) for a in parts[signed]) for signed in active]
            sides = [side for _, side in active]
            dimension = self._dimension(active, units)
            still = self._inactive(support, units) if len(active) < self.neurons else {}
            for inactive in combinations_with_replacement(still, self.neurons - len(active)):
                thin, more = [still[face][0] for face in inactive], sum(still[face][1] for face in inactive)
                witness = self.lifted.parameters([*vectors, *thin], [*sides, *(0 for _ in thin)], bias)
                place_of = Point(self.forms, witness, tick=self.lifted.tick)
                asked = ("clarke_critical", "local_minimum", "local_maximum")
                decisions = {asked[0]: place_of.decision(asked[0])}
                if decisions[asked[0]].answer == "yes":
                    decisions |= {question: place_of.decision(question) for question in asked[1:]}
                elif decisions[asked[0]].answer != "no":
                    self.lifted.tick()  # the budget ran out: this raises
                    raise InternalContradiction("with one hidden layer and one output Clarke points are decided")
                whole = dimension + len(active) + more
                yield Stratum(active, inactive, units, witness, place_of.loss, dimension, whole, decisions)

    def _dimension(self, active: Support, units: tuple[int, ...]) -> int:
        """The dimension of a stratum in the variables R and the output bias."""
        kinks = [i for i, s in enumerate(units) if not s]
        columns = [self.faces.column(r) for face, _ in active for r in face.rays]
        columns += [(mpq(1),) * len(units)] * self.conic.has_bias
        moves = tuple(tuple(column[i] for i in kinks) for column in columns)
        total = sum(face.dimension for face, _ in active) + self.conic.has_bias
        return total - (rank(moves) if moves and kinks else 0)

    # ------------------------------------------------------------------ neurons with v = 0

    def _inactive(self, support: Support, units: tuple[int, ...]) -> dict[Face, tuple[Vector, int]]:
        """The faces of neurons with v = 0: a vector in each, and the dimension of the set of such vectors."""
        found: dict[Face, tuple[Vector, int]] = {}
        phi = self._phi(support, units)
        for face in self.faces.all:
            self.lifted.tick()
            slopes = [phi(self.faces.column(r)) for r in face.rays]
            if None not in slopes:
                still = self.faces.balanced(face, slopes)
                found |= {face: still} if still else {}
            elif len(slopes) == 1:
                found[face] = self.faces.sum([(face.rays[0], mpq(1))]), face.dimension
            else:
                self.reason = OPEN
        return found

    def _phi(self, support: Support, units: tuple[int, ...]) -> Callable[[Vector], Rational | None]:
        """phi of what is added to the outputs; None where no vector of V equals it at all data points with unit 0."""
        kinks = [i for i, s in enumerate(units) if not s]
        gradient = [-s.target * s.weight * (u > 0) for u, s in zip(units, self.conic.summands, strict=True)]
        space = [self.faces.column(r) for r in sorted({r for face, _ in support for r in face.rays})]
        space += [(mpq(1),) * len(units)] * self.conic.has_bias
        matrix = tuple(tuple(column[i] for column in space) for i in kinks)

        def phi(added: Vector) -> Rational | None:
            factors: Vector = ()
            if kinks and space:
                found = solve(matrix, tuple(added[i] for i in kinks))
                if not isinstance(found, Solution):
                    return None
                factors = found.point
            elif any(added[i] for i in kinks):
                return None
            pairs = zip(factors, space, strict=False)
            return dot(gradient, added) - sum((y * dot(gradient, column) for y, column in pairs), ZERO)

        return phi


def _side(signs: Sequence[int]) -> int:
    """Which weak inequality y_i z_i <= 1, >= 1, == 1 a unit with these signs satisfies."""
    return 0 if 1 in signs else 1 if -1 in signs else 2
