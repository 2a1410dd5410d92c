"""Several neurons with v = 0 at local minima of the hinge loss: whether some w in given open chambers will do together.

The notation is that of `exactrelu.thin_neurons`: the others are at a relative interior point of the optima of a piece
P, with loss beta; "dual" vectors g prove beta on a piece. With v_j = 0 and w_j frozen, the loss near by is convex on
each piece Q around, times a line for each v_j. So there is a local minimum iff for all w' near w, and all Q, some g
that proves beta on Q has <g, h(w'_j)> = 0 for all j.

- *Together*: for given w it is enough that for all Q, and all signs s of the v_j with which the loss is less somewhere,
  some g that proves beta on Q has for each j either s_j <g, h(w_j)> > 0, or s_j <g, h(ray)> >= 0 for all rays of the
  chamber. That holds for all w' near w.
- *Apart*: else, a tree over the g that prove beta on P, by the signs of <g, h(ray)>, shows that w with <g, h(w_j)> =
  0 for all j and one of these g make up no open set. There is no such g; or in some chamber the rays have only + (or
  -) and 0, not all 0, so that no w_j is orthogonal to g; or these g are *rare*: they have a smaller dimension than
  there are neurons with + and - (a Farkas vector may show which inequalities are equations for all of them). Some
  neurons are *tight*: for some w' of these, and so for almost all, the h(w'_j) and all that g is known to be
  orthogonal to span what the chambers can add: then only g with 0 at all their rays matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from random import Random
from typing import Any

from gmpy2 import mpq

from exactrelu.linear import rank
from exactrelu.lp import Constraint, Feasible, Infeasible, Optimum, Relation, feasible, maximise
from exactrelu.pieces import Piece, Pieces, unit
from exactrelu.rational import Rational, Vector, combination, dot, texts
from exactrelu.thin_neurons import Good, activations, proving, turned

ZERO, ONE = mpq(0), mpq(1)
TRIES = 4
WEAK: dict[Relation, Relation] = {"<": "<=", ">": ">="}

Signs = dict[int, str]  # of <g, h(ray)>, for some rays


@dataclass(frozen=True)
class Refuted:
    """The proof that no w in these chambers will do together: the tree "signs" of the certificate."""

    tree: dict[str, Any]


class Joint:
    """Neurons with v = 0 and w in chambers; the others in a piece."""

    def __init__(self, pieces: Pieces, piece: Piece, cells: tuple[int, ...]) -> None:
        self.pieces, self.piece, self.cells = pieces, piece, cells
        self.lifted, self.conic = pieces.lifted, pieces.lifted.conic
        self.optimal, self.beta = pieces.optimal(piece), pieces.value(piece)
        self.around = list(pieces.neighbours(piece, self.optimal.faces))
        self.targets = [s.target for s in self.conic.summands]
        self.random = Random(0)

    def decide(self) -> Good | Refuted | None:
        """Whether some w will do; None if that is left open."""
        signs: Signs = {}
        tight: list[dict[str, Any]] = []
        for size in range(1, len(self.cells) + 1):
            for chosen in combinations(range(len(self.cells)), size):
                rays = {r for k in chosen for r in self.pieces.rays[self.cells[k]]}
                if rays <= signs.keys():
                    continue
                drawn = ([self._random(self.cells[k]) for k in chosen] for _ in range(TRIES))
                w = next((w for w in drawn if self._is_tight(chosen, w, signs)), None)  # almost all w tell the same
                if w is not None:
                    signs |= dict.fromkeys(sorted(rays), "0")
                    tight.append({"neurons": list(chosen), "w": texts(w)})
        answer = self._explore(signs)
        if not isinstance(answer, dict):
            return answer
        for node in reversed(tight):
            answer = {**node, "0": answer}
        return Refuted(answer)

    # ------------------------------------------------------------------ what the chambers span

    def _known(self, signs: Signs) -> list[Vector]:
        """What the g with these signs are known to be orthogonal to."""
        columns = [self.lifted.columns[j] for j in self.optimal.weights]
        columns += [(ONE,) * len(self.targets)] * self.conic.has_bias
        return columns + [self.lifted.columns[2 * r] for r, s in signs.items() if s == "0"]

    def _is_tight(self, chosen: Sequence[int], w: Sequence[Vector], signs: Signs) -> bool:
        self.lifted.tick()
        known = self._known(signs)
        whole = [self.lifted.columns[2 * r] for k in chosen for r in self.pieces.rays[self.cells[k]]]
        some = [activations(self.pieces, self.cells[k], vector) for k, vector in zip(chosen, w, strict=True)]
        return rank((*known, *some)) == rank((*known, *whole))

    def _random(self, chamber: int) -> Vector:
        """A vector in an open chamber."""
        rays = self.pieces.rays[chamber]
        terms = ((mpq(self.random.randint(1, 99)), self.lifted.rays[r]) for r in rays)
        return combination(terms, len(self.lifted.rows[0]))

    # ------------------------------------------------------------------ the tree over the signs

    def _explore(self, signs: Signs) -> Good | dict[str, Any] | None:
        self.lifted.tick()
        found = feasible(self._system(signs, [self.piece]), len(self.targets))
        if isinstance(found, Infeasible):
            return {"farkas": self._farkas(signs, found.multipliers)}
        split = None
        for k, chamber in enumerate(self.cells):
            known = {signs.get(r) for r in self.pieces.rays[chamber]}
            if {"+", "-"} <= known or known == {"0"}:
                continue
            if None not in known:
                return {"neuron": k}
            split = next(r for r in self.pieces.rays[chamber] if r not in signs) if split is None else split
        if split is None:
            return {"rare": True} if self._is_rare(signs, []) else self._together(signs) or self._implied(signs)
        trees: dict[str, Any] = {"ray": split}
        is_open = False
        for sign in "+-0":
            answer = self._explore({**signs, split: sign})
            if isinstance(answer, Good):
                return answer
            trees[sign] = answer
            is_open = is_open or answer is None
        return None if is_open else trees

    def _is_rare(self, signs: Signs, more: Sequence[Vector]) -> bool:
        """Whether the g with these signs have a smaller dimension than the conditions of neurons with a + and a -.

        ``more`` are vectors with which they have a known product.
        """
        n = len(self.targets)
        known = [unit(n, {i: ONE}) for i in range(n) if i not in self.optimal.kinks]
        known += [*self._known(signs), *more]
        bound = [c for c in self.cells if {signs.get(r) for r in self.pieces.rays[c]} & {"+", "-"}]
        return n - (rank(tuple(known)) if known else 0) < len(bound)

    def _implied(self, signs: Signs) -> dict[str, Any] | None:
        """That these g are rare by what inequalities imply: some g_i are at an end, some products with columns 0."""
        system, size = self._system(signs, [self.piece]), len(self.targets)
        weak = [Constraint(c.coefficients, WEAK.get(c.relation, c.relation), c.bound) for c in system]
        own = [j for j in self._columns([self.piece]) if j not in self.optimal.weights]
        ends = [(unit(size, {i: ONE}), ZERO) for i in self.optimal.kinks]
        ends += [(unit(size, {i: -ONE}), -self.conic.summands[i].weight) for i in self.optimal.kinks]
        ends += [(turned(self.pieces, self.lifted.columns[j]), ZERO) for j in own]
        total, added = [ZERO] * len(weak), dict[int, Rational]()
        for k, (form, end) in enumerate(ends):
            self.lifted.tick()
            found = maximise(form, weak)
            if isinstance(found, Optimum) and found.value == end:
                total = [a + b for a, b in zip(total, found.dual, strict=True)]
                added |= {own[k - 2 * len(self.optimal.kinks)]: ONE} if k >= 2 * len(self.optimal.kinks) else {}
        farkas = self._farkas(signs, tuple(total))
        columns = {int(j): mpq(y) for j, y in farkas["columns"].items()}
        columns = {j: columns.get(j, ZERO) + added.get(j, ZERO) for j in sorted(columns.keys() | added.keys())}
        farkas["columns"] = {str(j): str(y) for j, y in columns.items()}
        terms = [(y, self.lifted.columns[j]) for j, y in columns.items()]
        terms += [(mpq(y), self.lifted.columns[2 * int(r)]) for r, y in farkas["rays"].items()]
        sums = combination(terms, size)
        slopes = [mpq(farkas["loss"]) - t * (a + mpq(farkas["bias"])) for t, a in zip(self.targets, sums, strict=True)]
        more = [unit(size, {i: ONE}) for i, slope in enumerate(slopes) if slope]
        more += [self.lifted.columns[j] for j in columns]
        return {"rare": True, "farkas": farkas} if self._is_rare(signs, more) else None

    def _system(self, signs: Signs, proved: Sequence[Piece]) -> list[Constraint]:
        """theta, g_i = -y_i theta_i, that proves beta on some pieces, with these signs."""
        rows = proving(self.pieces, self.beta, proved)
        relations: dict[str, Relation] = {"+": ">", "-": "<", "0": "=="}
        rows += [
            Constraint(turned(self.pieces, self.lifted.columns[2 * r]), relations[s], ZERO) for r, s in signs.items()
        ]
        return rows

    def _columns(self, proved: Sequence[Piece]) -> list[int]:
        return sorted({j for piece in proved for q in piece for j in self.pieces.columns(q)})

    def _farkas(self, signs: Signs, multipliers: Vector) -> dict[str, Any]:
        """The multipliers of the sum of theta, of the bias, of the columns, and of the rays."""
        rest = list(multipliers[2 * len(self.targets) :])
        total = rest.pop(0)
        bias = rest.pop(0) if self.conic.has_bias else ZERO
        columns = self._columns([self.piece])
        given = zip(signs.items(), rest[len(columns) :], strict=True)
        # the multipliers are those of constraints with <= on theta = -y g
        return {
            "loss": str(-total),
            "bias": str(bias),
            "columns": {str(j): str(y) for j, y in zip(columns, rest, strict=False) if y},
            "rays": {str(r): str(-y if s != "+" else y) for (r, s), y in given if y},
        }

    # ------------------------------------------------------------------ w that will do

    def _together(self, signs: Signs) -> Good | None:
        for g in self._candidates(signs):
            for _ in range(TRIES):
                w = tuple(self._balanced(chamber, g) for chamber in self.cells)
                duals = self._duals(w)
                if duals is not None:
                    return Good(w, duals)
        return None

    def _candidates(self, signs: Signs) -> Iterator[Vector]:
        """Relative interior points of the g with these signs, that prove beta on all pieces around, or on this one."""
        size = len(self.targets)
        for proved in (self.around, [self.piece]):
            system = self._system(signs, proved)
            found = feasible(system, size)
            if isinstance(found, Feasible):
                weak = [Constraint(c.coefficients, WEAK.get(c.relation, c.relation), c.bound) for c in system]
                ends = [maximise(unit(size, {i: side}), weak) for i in self.optimal.kinks for side in (1, -1)]
                points = [found.point, *(end.point for end in ends if isinstance(end, Optimum))]
                mean = combination(((mpq(1, len(points)), point) for point in points), size)
                yield turned(self.pieces, mean)

    def _balanced(self, chamber: int, g: Vector) -> Vector:
        """A vector in an open chamber with <g, h(w)> = 0."""
        rays = self.pieces.rays[chamber]
        slopes = [dot(g, self.lifted.columns[2 * r]) for r in rays]
        weights = [mpq(self.random.randint(1, 9)) for _ in rays]
        up = sum((y * a for y, a in zip(weights, slopes, strict=True) if a > 0), ZERO)
        down = sum((-y * a for y, a in zip(weights, slopes, strict=True) if a < 0), ZERO)
        terms = [
            (y * up / down if a < 0 else y, self.lifted.rays[r]) for y, a, r in zip(weights, slopes, rays, strict=True)
        ]
        return combination(terms, len(self.lifted.rows[0]))

    @cached_property
    def _dangers(self) -> list[tuple[Piece, tuple[int, ...]]]:
        """The pieces around, with the signs of v, on which the loss is less somewhere."""
        found = []
        for other, sides in product(self.around, product((1, -1), repeat=len(self.cells))):
            thin = (2 * c + (s < 0) for c, s in zip(self.cells, sides, strict=True))
            if self.pieces.value((*other, *thin)) < self.beta:
                found.append((other, sides))
        return found

    def _duals(self, w: tuple[Vector, ...]) -> tuple[tuple[Piece, tuple[int, ...], Vector], ...] | None:
        added = [activations(self.pieces, c, vector) for c, vector in zip(self.cells, w, strict=True)]
        found = []
        for other, sides in self._dangers:
            dual = self._dual(other, sides, added)
            if dual is None:
                return None
            found.append((other, sides, dual))
        return tuple(found)

    def _dual(self, other: Piece, sides: tuple[int, ...], added: Sequence[Vector]) -> Vector | None:
        self.lifted.tick()
        size = len(self.targets)
        base = [Constraint((*c.coefficients, ZERO), c.relation, c.bound) for c in self._system({}, [other])]
        base.append(Constraint(unit(size + 1, {size: 1}), "<=", ONE))
        for many in range(len(self.cells)):
            for loose in combinations(range(len(self.cells)), many):
                rows = list(base)
                for k, (chamber, side, change) in enumerate(zip(self.cells, sides, added, strict=True)):
                    own = [self.lifted.columns[2 * r] for r in self.pieces.rays[chamber]] if k in loose else [change]
                    end = ZERO if k in loose else -ONE
                    rows += [Constraint((*(side * a for a in turned(self.pieces, c)), end), ">=", ZERO) for c in own]
                best = maximise(unit(size + 1, {size: 1}), rows)
                if isinstance(best, Optimum) and best.value > 0:
                    return turned(self.pieces, best.point[:size])
        return None
