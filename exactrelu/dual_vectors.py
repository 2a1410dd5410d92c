"""Is a point on kinks a local minimum? One hidden layer, each neuron feeding one output, any convex loss: decided.

Let H be the change of the loss as a function of the change D of the outputs, B the box of its one-sided derivatives.
Neurons move R = |v| (w, b): freely if v != 0 or (w, b) = 0, in a thin double cone around the line of (w, b) if v = 0.
On a pattern (a chamber of the data in the kinks of each neuron, a sign for each v = 0) D is linear and the moves form
a closed convex cone, so the point is a local minimum iff on each pattern some g in B satisfies

- sum_i g_i = 0 over the items of an output with a bias (without hidden layer also sum_i g_i x_i = 0);
- psi_k(d) = side * sum_i g_i h_ki(<x_i, d>) >= 0 for all d of the pattern, for each neuron k with v != 0 or (w, b) = 0;
- for the others side * <g, h(<w, x>)> > 0, or it is 0 and psi_k >= 0.

(The minimax theorem; compare Yun, Sra, Jadbabaie, "Efficiently testing local optimality and escaping saddles for ReLU
networks", 2019, for first order.) The search looks for one g for all patterns, and splits only where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gmpy2 import mpq

from exactrelu.cone_proof import Fold, prove_nonnegative
from exactrelu.errors import InternalContradiction
from exactrelu.germ import Curve, loss_germ, lowest_change
from exactrelu.moves import Level, Move, Side, curve_of
from exactrelu.rational import Rational, Vector, combination, dot
from exactrelu.shallow import Neuron, Shallow
from exactrelu.signature import SYMBOLS
from exactrelu.simplex import Multipliers, Simplex

ZERO = mpq(0)


@dataclass(frozen=True)
class Branch:
    """What distinguishes the patterns under consideration: signs of output weights, sides of on-plane items."""

    signs: Mapping[int, int] = field(default_factory=dict)
    sides: Mapping[int, Mapping[int, int]] = field(default_factory=dict)

    def allows(self, shallow: Shallow, side: Side, direction: Vector) -> bool:
        k, s = side
        if self.signs.get(k, s) != s:
            return False
        items = shallow.items
        return all(sign * dot(items[i].x, direction) >= 0 for i, sign in self.sides.get(k, {}).items())


def dual_tree(shallow: Shallow, tick: Callable[[], None]) -> dict[str, Any] | Curve:
    """The dual vectors of all patterns, as plain data for a certificate; or a curve along which the loss descends."""
    return _Search(shallow, tick).run(Branch())


class _Search:
    def __init__(self, shallow: Shallow, tick: Callable[[], None]) -> None:
        self.shallow, self.tick = shallow, tick
        self.place = {j: n for n, j in enumerate(shallow.kinks)}
        self.fixed = {j: item.low for j, item in enumerate(shallow.items) if j not in self.place}
        self.features = [shallow.feature(neuron) for neuron in shallow.neurons]
        self.cuts: list[tuple[Side, Vector, dict[int, Rational]]] = []

    def run(self, branch: Branch) -> dict[str, Any] | Curve:
        self.tick()
        found = _Node(self, branch).solve()
        if isinstance(found, dict):
            return found
        curve = curve_of(self.shallow, found)
        order, coefficient = lowest_change(loss_germ(self.shallow.instance, self.shallow.parameters, curve))
        if order and coefficient < 0:
            return curve
        proof, branches = self._split(branch, found)
        for name, part in zip("+-", branches, strict=True):
            below = self.run(part)
            if not isinstance(below, dict):
                return below
            proof[name] = below
        return proof

    def concave(self, k: int, side: int) -> list[int]:
        """The on-plane items of a neuron at which psi is concave, whatever g in the box."""
        first, second = self.shallow.slopes
        neuron = self.shallow.neurons[k]
        found = []
        for j, value in zip(neuron.items, neuron.values, strict=True):
            item = self.shallow.items[j]
            g = item.low if item.low < 0 else item.high
            if value == 0 and any(item.x) and side * g * (first - second) < 0:
                found.append(j)
        return found

    def _split(self, branch: Branch, levels: list[Level]) -> tuple[dict[str, Any], tuple[Branch, Branch]]:
        """Two parts of a branch that do not both allow all the moves."""
        used: dict[int, dict[int, list[Vector]]] = {}
        for level in levels:
            for move in level.moves:
                directions = used.setdefault(move.side[0], {}).setdefault(move.side[1], [])
                if move.direction is not None:
                    directions.append(move.direction)
        for k, by_sign in sorted(used.items()):
            if len(by_sign) == 2:
                parts = (Branch({**branch.signs, k: s}, branch.sides) for s in (1, -1))
                return {"sign": k}, (next(parts), next(parts))
        for k, by_sign in sorted(used.items()):
            for s, directions in by_sign.items():
                for i in self.concave(k, s):
                    row = self.shallow.items[i].x
                    products = [dot(row, d) for d in directions]
                    if min(products, default=ZERO) < 0 < max(products, default=ZERO):
                        sides = branch.sides.get(k, {})
                        parts = (Branch(branch.signs, {**branch.sides, k: {**sides, i: t}}) for t in (1, -1))
                        return {"split": [k, i]}, (next(parts), next(parts))
        raise InternalContradiction("the minimax theorem: no dual vector on a pattern, and no descent")


class _Node:
    """The search for one g for all patterns of a branch."""

    def __init__(self, search: _Search, branch: Branch) -> None:
        self.search, self.branch, self.shallow = search, branch, search.shallow
        self.simplex = Simplex(max(len(search.place), 1))
        self.zero: set[Side] = set()
        self.levels: list[Level] = []
        items = self.shallow.items
        for j, n in search.place.items():
            unit = self.simplex.form([int(n == m) for m in range(self.simplex.dimension)])
            self.simplex.assert_lower(unit, items[j].low, tag=("low", j))
            self.simplex.assert_upper(unit, items[j].high, tag=("high", j))
        for place, coefficients in self.shallow.linear.items():
            form, constant = self._form(coefficients)
            self.simplex.assert_equal(form, -constant, tag=("linear", place))
        self.sides = [
            (k, s) for k, neuron in enumerate(self.shallow.neurons) for s in neuron.sides if branch.signs.get(k, s) == s
        ]
        self.thin = {}
        for k, s in self.sides:
            if self.shallow.neurons[k].is_thin:
                form, constant = self._form({j: s * value for j, value in search.features[k].items()})
                self.simplex.assert_lower(form, -constant, tag=("thin", k, s))
                self.thin[k, s] = form, constant
        for number in range(len(search.cuts)):
            self._cut(number)

    def _form(self, coefficients: Mapping[int, Rational]) -> tuple[int, Rational]:
        row, constant = [ZERO] * self.simplex.dimension, ZERO
        for j, c in coefficients.items():
            if j in self.search.place:
                row[self.search.place[j]] += c
            else:
                constant += c * self.search.fixed[j]
        return self.simplex.form(row), constant

    def _cut(self, number: int) -> None:
        side, direction, coefficients = self.search.cuts[number]
        thin = self.shallow.neurons[side[0]].is_thin
        if self.branch.allows(self.shallow, side, direction) and (not thin or side in self.zero):
            form, constant = self._form(coefficients)
            self.simplex.assert_lower(form, -constant, tag=("cut", number))

    def solve(self) -> dict[str, Any] | list[Level]:
        """The leaf of the tree, or moves (level by level, each of lower order) that defeat every g."""
        while True:
            self.search.tick()
            refuted = self.simplex.check()
            if refuted is not None:
                self.levels.append(self._level([refuted]))
                return self.levels
            g = self._interior()
            if g is None:
                continue
            violated = False
            neurons: list[dict[str, Any]] = [{} for _ in self.shallow.neurons]
            for k, s in self.sides:
                proof: Any = None
                if (k, s) not in self.thin or (k, s) in self.zero:
                    base, folds = folded(self.shallow, self.shallow.neurons[k], s, g)
                    proof = prove_nonnegative(base, folds, self.branch.sides.get(k, {}), self.search.tick)
                if isinstance(proof, tuple):
                    violated = True
                    changes = self.shallow.changes(self.shallow.neurons[k], proof, s)
                    self.search.cuts.append(((k, s), proof, changes))
                    self._cut(len(self.search.cuts) - 1)
                neurons[k][SYMBOLS[s]] = proof
            if not violated:
                return {"dual": [str(value) for value in g], "neurons": neurons}

    def _interior(self) -> list[Rational] | None:
        """A feasible g at which every thin side that can be positive is; None when some were found to be 0 for all."""
        found, level = [self.simplex.model()], []
        for side, (form, constant) in self.thin.items():
            if side in self.zero:
                continue
            self.simplex.push()
            self.simplex.assert_lower(form, -constant, strict=True, tag=("strict", *side))
            refuted = self.simplex.check()
            if refuted is None:
                found.append(self.simplex.model())
            else:
                level.append((side, refuted))
            self.simplex.pop()
        if level:
            self.simplex.check()
            self.levels.append(self._level([refuted for _, refuted in level]))
            self.zero.update(side for side, _ in level)
            for number, (side, *_) in enumerate(self.search.cuts):
                if any(side == new for new, _ in level):
                    self._cut(number)
            return None
        middle = [sum(column, ZERO) / len(found) for column in zip(*found, strict=True)]
        fixed, place = self.search.fixed, self.search.place
        return [middle[place[j]] if j in place else fixed[j] for j in range(len(self.shallow.items))]

    def _level(self, refutations: Iterable[Multipliers]) -> Level:
        moves, linear = [], dict[int, Rational]()
        for refuted in refutations:
            for tag, multiplier in refuted.items():
                if not isinstance(tag, tuple):
                    raise InternalContradiction("a constraint of the dual search has no name")
                if tag[0] == "cut":
                    side, direction, _ = self.search.cuts[tag[1]]
                    moves.append(Move(side, direction, multiplier))
                elif tag[0] in ("thin", "strict"):
                    moves.append(Move((tag[1], tag[2]), None, multiplier))
                elif tag[0] == "linear":
                    linear[tag[1]] = linear.get(tag[1], ZERO) - multiplier
        return Level(tuple(moves), linear)


def folded(shallow: Shallow, neuron: Neuron, side: int, g: list[Rational]) -> tuple[Vector, dict[int, Fold]]:
    """The function psi(d) = side * sum_i g_i h_i(<x_i, d>) of a neuron: its linear part, and its folds."""
    terms, folds = [], {}
    for j, value in zip(neuron.items, neuron.values, strict=True):
        x = shallow.items[j].x
        if value:
            terms.append((side * g[j] * shallow.slope(value), x))
        elif any(x):
            first, second = shallow.slopes
            folds[j] = Fold(x, side * g[j] * first, side * g[j] * second)
    return combination(terms, len(neuron.w)), folds
