"""The Clarke critical points of one hidden layer and one output with the hinge loss.

Let the neurons with v_k != 0 have R_k = |v_k| (w, b)_k in faces F_k. In the variables R_k and the output bias the loss
is linear on the cells of a complex: products of chambers, cut by the units 1 - y_i z_i of the loss. So it depends only
on the *stratum* (the faces, the signs of v, the signs of these units) whether 0 is in the Clarke subdifferential, and
whether there is a local minimum or maximum. If 0 is in it, some convex combination g of the derivatives of the loss by
the outputs z is orthogonal to the space V of what the spans of the faces add to z (and to 1, if there is an output
bias). Then z minimises the loss, which is convex in z, over V. So one linear program for each set of faces, with a
dual vector theta, leaves few signs: the unit is >= 0 where theta_i is its weight, <= 0 where theta_i = 0, else 0. A
tree over these signs finds the strata that are not empty, and refutes the others; one point of each stratum decides.

Neurons with v_k = 0. If no unit is 0, the loss is linear near z, and sum_i g_i s(<w_k, x_i>) = 0 is needed of each on
its own. If some are 0, the conditions are joint. They do not depend on w_k where it is unique up to scaling (and up to
what is orthogonal to all data points), and where the neuron is dead around its face. Other w_k are left open, by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, combinations_with_replacement, product
from typing import Any

from gmpy2 import mpq

from exactrelu.certificate import Decision
from exactrelu.errors import InternalContradiction
from exactrelu.faces import Face, Faces, Support, multisets
from exactrelu.forms import Forms
from exactrelu.lifted import ZERO
from exactrelu.linear import rank
from exactrelu.lp import Constraint, Feasible, Optimum, feasible, maximise
from exactrelu.pieces import unit
from exactrelu.point import Point
from exactrelu.rational import Rational, Vector, texts

OPEN = "neurons with v = 0 where some y_i z_i = 1, and more than one w in a face: which of these are critical is open"


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
            for inactive, thin, more in self._inactive(units, self.neurons - len(active)):
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

    def _inactive(self, units: tuple[int, ...], count: int) -> Iterator[tuple[tuple[Face, ...], list[Vector], int]]:
        """The faces of neurons with v = 0, a vector in each, and the sum of the dimensions of such vectors."""
        still: dict[Face, tuple[Vector, int]] = {}
        if all(units):
            pairs = zip(units, self.conic.summands, strict=True)
            gradient = tuple(-s.target * s.weight if u > 0 else ZERO for u, s in pairs)
            still = self.faces.still(gradient)
        else:
            for face in self.faces.all if count else ():
                if self.is_rigid(face):
                    still[face] = self.faces.sum((r, mpq(1)) for r in face.rays), face.dimension
                else:
                    self.reason = OPEN
        for inactive in combinations_with_replacement(still, count):
            yield inactive, [still[face][0] for face in inactive], sum(still[face][1] for face in inactive)

    def is_rigid(self, face: Face) -> bool:
        """Whether a neuron with v = 0 is the same for all w in a face, up to scaling; or dead around it."""
        return len(face.rays) <= 1 or not any(any(self.faces.column(r)) for r in face.star)


def _side(signs: Sequence[int]) -> int:
    """Which weak inequality y_i z_i <= 1, >= 1, == 1 a unit with these signs satisfies."""
    return 0 if 1 in signs else 1 if -1 in signs else 2
