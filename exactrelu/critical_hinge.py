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
one ray, as w_j can be rescaled. In other, *wide* G:

- with loss 0 all w_j are critical, and global minima;
- where one derivative is free, the stratum is divided into parts: see `exactrelu.free_derivative`;
- so it is where more are, for one neuron and others in open chambers: see `exactrelu.derivative_polytope`;
- else all its critical points are one part, "some": the conditions of several neurons are bilinear, and beside neurons
  on walls the cells around depend on w. Some may be local minima, and others not. `exactrelu.mean_gradients` finds
  them, or proves that there are none, and for one neuron in the last resort `exactrelu.occurring_cells`. If several
  mean gradients are tried in vain for several neurons with v = 0, that is left open, by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain, combinations, combinations_with_replacement, islice, product
from typing import Any

from gmpy2 import mpq

from exactrelu.certificate import Decision
from exactrelu.derivative_polytope import DerivativePolytope
from exactrelu.errors import InternalContradiction
from exactrelu.faces import Face, Faces, Support, multisets
from exactrelu.forms import Forms
from exactrelu.free_derivative import FreeDerivative, Part
from exactrelu.lifted import ZERO
from exactrelu.linear import rank
from exactrelu.lp import Constraint, Feasible, Optimum, feasible, maximise
from exactrelu.occurring_cells import OccurringCells
from exactrelu.pieces import unit
from exactrelu.point import Point
from exactrelu.rational import Rational, Vector, dot, texts

SOME = "some"  # the part that consists of all critical points with these faces and units
TRIES = 50
OPEN = "open: whether some w of neurons with v = 0 are critical where margins are exactly 1"


@dataclass(frozen=True)
class Best:
    """The least loss over the space V of some faces: its dual vector theta, the weights of the rays, the bias."""

    value: Rational
    theta: Vector
    weights: tuple[tuple[int, Rational], ...]
    bias: Rational


@dataclass(frozen=True)
class Stratum:
    """Faces with the signs of v, faces of the neurons with v = 0, signs of the units 1 - y_i z_i; a point, decided.

    ``part`` names the part of a stratum that is divided.
    """

    active: Support
    inactive: tuple[Face, ...]
    units: tuple[int, ...]
    part: str
    witness: Vector
    value: Rational
    dimension: int
    parameter_dimension: int | None
    decisions: dict[str, Decision]


@dataclass(eq=False)
class HingeSearch:
    """All strata in which z minimises the loss over V, the refutations of the others, and what is open."""

    faces: Faces
    neurons: int
    best: dict[tuple[Face, ...], Best] = field(default_factory=dict)
    trees: dict[Support, Any] = field(default_factory=dict)
    lines: dict[tuple[tuple[Face, ...], tuple[int, ...]], FreeDerivative] = field(default_factory=dict)
    barren: dict[tuple[Support, tuple[int, ...], tuple[Face, ...]], Any] = field(default_factory=dict)
    reason: str = ""
    known: set[Vector] = field(default_factory=set)  # the witnesses of the strata of an earlier run

    def __post_init__(self) -> None:
        self.lifted = self.faces.pieces.lifted
        self.conic = self.lifted.conic
        self.targets = [s.target for s in self.conic.summands]
        self.forms = Forms(self.lifted.instance)
        self._polytope = cache(DerivativePolytope)

    def run(self) -> Iterator[Stratum]:
        """The strata that were decided, critical or not."""
        for size in range(self.neurons + 1):
            for chosen in combinations(self.faces.all, size):
                self.lifted.tick()
                best = self.best[chosen] = self.best.get(chosen) or self._minimum(chosen)
                for sides in product(((1,), (-1,), (1, -1)), repeat=size):
                    support = tuple((face, s) for face, own in zip(chosen, sides, strict=True) for s in own)
                    if len(support) <= self.neurons:
                        found: list[tuple[tuple[int, ...], Vector]] = []
                        if support in self.trees:
                            for units in self._leaves(self.trees[support], best, ()):
                                self._tree(support, best, units, found)
                        else:
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

    def _leaves(self, tree: Any, best: Best, units: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """The units that a tree does not refute."""
        if tree is None:
            yield units
        elif isinstance(tree, list):
            for sign, child in zip(self.signs(best, len(units)), tree, strict=True):
                yield from self._leaves(child, best, (*units, sign))

    def _strata(self, support: Support, units: tuple[int, ...], point: Vector) -> Iterator[Stratum]:
        parts, place = {}, 0
        for face, side in support:
            parts[face, side] = self.faces.sum(zip(face.rays, point[place : place + len(face.rays)], strict=True))
            place += len(face.rays)
        bias = point[place] if self.conic.has_bias else ZERO
        for active in multisets(support, self.neurons):
            vectors = [tuple(a / active.count(signed) for a in parts[signed]) for signed in active]
            at = partial(self._witness, vectors, [side for _, side in active], bias)
            many = self.neurons - len(active)
            for part in self._inactive(support, units, many):
                yield from self._stratum(active, units, [at(part)])
            for candidates in self._some(active, units, many):
                yield from self._stratum(active, units, map(at, candidates))

    def _witness(
        self, vectors: Sequence[Vector], sides: Sequence[int], bias: Rational, part: Part
    ) -> tuple[Part, Vector]:
        """The parameters of the active neurons with these vectors, and of the others in a part."""
        all_sides = [*sides, *(0 for _ in part.vectors)]
        return part, self.lifted.parameters([*vectors, *part.vectors], all_sides, bias)

    def _stratum(
        self, active: Support, units: tuple[int, ...], candidates: Iterable[tuple[Part, Vector]]
    ) -> Iterator[Stratum]:
        """The stratum of the first of these points; of the first that is critical, if it is one of a part."""
        for part, witness in candidates:
            if witness in self.known:
                return
            point = Point(self.forms, witness, tick=self.lifted.tick)
            decisions = self._decisions(point, part.name == SOME)
            if part.name and decisions["clarke_critical"].answer != "yes":
                continue
            dimension = self._dimension(active, units)
            whole = None if part.dimension is None else dimension + len(active) + part.dimension
            yield Stratum(active, part.inactive, units, part.name, witness, point.loss, dimension, whole, decisions)
            return
        if part.name != SOME:
            raise InternalContradiction(f"the part {part.name} is critical")
        if (active, units, part.inactive) not in self.barren:
            self.reason = OPEN

    def _decisions(self, point: Point, is_some: bool) -> dict[str, Decision]:
        """Whether a point is critical; if it is, whether it is a local minimum, a local maximum."""
        asked = ("clarke_critical", "local_minimum", "local_maximum")
        decisions = {asked[0]: point.decision(asked[0])}
        if decisions[asked[0]].answer == "yes" and not is_some:
            decisions |= {question: point.decision(question) for question in asked[1:]}
        if any(decision.answer not in ("yes", "no") for decision in decisions.values()):
            self.lifted.tick()  # the budget ran out: this raises
            raise InternalContradiction("with one hidden layer and one output Clarke points are decided")
        return decisions

    def _dimension(self, active: Support, units: tuple[int, ...]) -> int:
        """The dimension of a stratum in the variables R and the output bias."""
        kinks = [i for i, s in enumerate(units) if not s]
        columns = [self.faces.column(r) for face, _ in active for r in face.rays]
        columns += [(mpq(1),) * len(units)] * self.conic.has_bias
        moves = tuple(tuple(column[i] for i in kinks) for column in columns)
        total = sum(face.dimension for face, _ in active) + self.conic.has_bias
        return total - (rank(moves) if moves and kinks else 0)

    # ------------------------------------------------------------------ neurons with v = 0

    def _inactive(self, support: Support, units: tuple[int, ...], many: int) -> Iterator[Part]:
        """The choices for so many neurons with v = 0: their faces, a vector in each, the dimension of the set."""
        if not many:
            yield Part((), "", (), 0)
            return
        line = self.line(tuple(dict.fromkeys(face for face, _ in support)), units)
        alike, wide = self._alike_and_wide(line)
        for inactive in combinations_with_replacement(alike, many):
            vectors, dimensions = zip(*(alike[face] for face in inactive), strict=True)
            yield Part(inactive, "", vectors, sum(dimensions))
        if line.step is not None:
            parts = line.parts(support, many, [*alike, *wide]) if wide else ()
            yield from (part for part in parts if not set(part.inactive).isdisjoint(wide))
            return
        for inactive in combinations_with_replacement([*alike, *wide] if line.is_smooth else (), many):
            if self._is_by_vertices(line, inactive, wide):
                *others, last = inactive
                vectors, dimensions = [alike[face][0] for face in others], sum(alike[face][1] for face in others)
                for name, vector, dimension in self._polytope(line).parts(last):
                    yield Part(inactive, name, (*vectors, vector), dimensions + dimension)

    def _some(self, active: Support, units: tuple[int, ...], many: int) -> Iterator[Iterator[Part]]:
        """Vectors that may be critical, for the faces of so many neurons with v = 0 that are not divided into parts."""
        if not many:
            return
        line = self.line(tuple(dict.fromkeys(face for face, _ in active)), units)
        alike, wide = self._alike_and_wide(line)
        for inactive in combinations_with_replacement([*alike, *wide] if line.step is None else (), many):
            if set(wide).isdisjoint(inactive) or self._is_by_vertices(line, inactive, wide):
                continue
            gradients = islice(line.means.with_zeros(inactive), TRIES)
            parts = (Part(inactive, SOME, self._zeros(g, inactive), None) for g in gradients)
            first = next(parts, None)
            if first is not None:
                yield chain([first], parts, self._last(active, units, inactive))

    def _last(self, active: Support, units: tuple[int, ...], inactive: tuple[Face, ...]) -> Iterator[Part]:
        """A critical w of a single neuron with v = 0; else the proof that there is none is kept."""
        if len(inactive) == 1 and (active, units, inactive) not in self.barren:
            cells = OccurringCells(self.faces, active, units, inactive[0])
            tree = cells.search()
            if tree is not None:
                self.barren[active, units, inactive] = tree
            elif cells.critical is not None:
                yield Part(inactive, SOME, (cells.critical,), None)

    def _is_by_vertices(self, line: FreeDerivative, inactive: Sequence[Face], wide: Sequence[Face]) -> bool:
        """Whether only the last of these faces is wide, and is divided as in `exactrelu.derivative_polytope`."""
        alone = [face in wide for face in inactive] == [False] * (len(inactive) - 1) + [True]
        return alone and line.is_smooth and not any(map(line.leaves, inactive[:-1]))

    def _zeros(self, gradient: Vector, inactive: Sequence[Face]) -> tuple[Vector, ...]:
        """A w with <g, h(w)> = 0 in each face."""
        values = ([dot(gradient, self.faces.column(r)) for r in face.rays] for face in inactive)
        found = map(self.faces.balanced, inactive, values)
        return tuple(still[0] for still in found if still)

    def _alike_and_wide(self, line: FreeDerivative) -> tuple[dict[Face, tuple[Vector, int]], list[Face]]:
        """Faces whose critical w are alike, with one and the dimension of their set; faces where they may not be."""
        alike, wide = dict[Face, tuple[Vector, int]](), list[Face]()
        for face in self.faces.all:
            values = self._values(line, face)
            if values is None and len(face.rays) > 1:
                wide.append(face)
                continue
            still = self.faces.balanced(face, values or [ZERO] * len(face.rays))
            alike |= {face: still} if still else {}
        return alike, wide

    def line(self, chosen: tuple[Face, ...], units: tuple[int, ...]) -> FreeDerivative:
        """The derivatives of the loss by the outputs at such points, as far as they are not known."""
        if (chosen, units) not in self.lines:
            self.lines[chosen, units] = FreeDerivative(self.faces, chosen, units)
        return self.lines[chosen, units]

    def _values(self, line: FreeDerivative, face: Face) -> list[Rational] | None:
        """phi on the rays of a face; None where it is not defined, unless all is critical, as the loss is 0."""
        if not self.best[line.chosen].value:
            return [ZERO] * len(face.rays)
        found = [line.phis[r] for r in face.rays]
        return None if None in found else [a for a in found if a is not None]


def _side(signs: Sequence[int]) -> int:
    """Which weak inequality y_i z_i <= 1, >= 1, == 1 a unit with these signs satisfies."""
    return 0 if 1 in signs else 1 if -1 in signs else 2
