"""Is psi(d) = <base, d> + sum_i phi_i(<x_i, d>) >= 0 for all d, where each phi_i is linear on both sides of 0?

A proof is a tree. It splits on the sign of <x_i, d> where phi_i is concave; at a leaf psi is convex on the closed cone
K = {side_i <x_i, d> >= 0}, and a slope q_i between those of phi_i for every other i, with multipliers m_i >= 0,

    base + sum_(not split) q_i x_i + sum_(split) slope_i x_i = sum_(split) m_i side_i x_i,

shows psi >= 0 on K; or the sum of m_i side_i x_i is 0 with some m_i > 0 (x_i != 0): K has no interior, and the other
leaves, whose union is closed, cover it. Where no proof exists there is a direction d with psi(d) < 0, rational.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exactrelu.errors import InternalContradiction
from exactrelu.rational import Rational, Vector
from exactrelu.simplex import Simplex


@dataclass(frozen=True)
class Fold:
    """The function u -> plus * u for u >= 0, minus * u for u <= 0, of u = <x, d>."""

    x: Vector
    plus: Rational
    minus: Rational


def prove_nonnegative(
    base: Vector, folds: Mapping[int, Fold], sides: Mapping[int, int], tick: Callable[[], None],
    within: Sequence[Vector] = (),
) -> dict[str, Any] | Vector:  # fmt: skip
    """The proof that psi >= 0 on the cone of the given ``sides``, as plain data, or a direction where psi < 0.

    ``folds`` are the phi_i; those in ``sides`` are split already. With ``within``, the answer is a direction where
    psi <= 0 and moreover <row, d> > 0 for each row, or the (then meaningless) proof that there is none.
    """
    return _Search(base, folds, tick, within).run(dict(sides))


class _Search:
    """The tree search; directions are corners of the cones cut by a cube, so that there are finitely many."""

    def __init__(
        self, base: Vector, folds: Mapping[int, Fold], tick: Callable[[], None], within: Sequence[Vector]
    ) -> None:
        self.base, self.folds, self.tick, self.strict = base, folds, tick, not within
        self.convex = [i for i, fold in folds.items() if fold.plus > fold.minus]
        self.concave = [i for i, fold in folds.items() if fold.plus < fold.minus]
        self.size = len(base)
        self.simplex = Simplex(self.size + len(folds))
        extra = [0] * len(folds)
        self.rows = {i: self.simplex.form((*fold.x, *extra)) for i, fold in folds.items()}
        for number, i in enumerate(self.convex):  # the variable u_i >= phi_i
            for slope, name in ((folds[i].plus, "+"), (folds[i].minus, "-")):
                row = [-slope * a for a in folds[i].x] + extra
                row[self.size + number] = 1
                self.simplex.assert_lower(self.simplex.form(row), 0, tag=(name, i))
        for vector in within:
            self.simplex.assert_lower(self.simplex.form((*vector, *extra)), 0, strict=True, tag=("within", vector))

    def run(self, sides: dict[int, int]) -> dict[str, Any] | Vector:
        for i, side in sides.items():
            empty = self._enter(i, side)
            if empty is not None:
                return empty
        return self._descend(sides)

    def _descend(self, sides: dict[int, int]) -> dict[str, Any] | Vector:
        self.tick()
        i = next((i for i in self.concave if i not in sides), None)
        if i is None:
            return self._leaf(sides)
        proof: dict[str, Any] = {"split": i}
        for side, name in ((1, "+"), (-1, "-")):
            self.simplex.push()
            found = self._enter(i, side) or self._descend({**sides, i: side})
            self.simplex.pop()
            if isinstance(found, tuple):
                return found
            proof[name] = found
        return proof

    def _enter(self, i: int, side: int) -> dict[str, Any] | None:
        """Restrict to the open side of a row; the proof that nothing is left, if it is so."""
        if side > 0:
            self.simplex.assert_lower(self.rows[i], 0, strict=True, tag=("side", i))
        else:
            self.simplex.assert_upper(self.rows[i], 0, strict=True, tag=("side", i))
        refuted = self.simplex.check()
        if refuted is None:
            return None
        return {"empty": {str(t[1]): str(m) for t, m in refuted.items() if isinstance(t, tuple) and t[0] == "side"}}

    def _leaf(self, sides: dict[int, int]) -> dict[str, Any] | Vector:
        total = list(self.base)
        for i, fold in self.folds.items():
            if i in sides or fold.plus == fold.minus:
                slope = fold.minus if sides.get(i) == -1 else fold.plus
                total = [a + slope * b for a, b in zip(total, fold.x, strict=True)]
        free = [i for i in self.convex if i not in sides]
        row = [*total, *([0] * len(self.folds))]
        for number, i in enumerate(self.convex):
            row[self.size + number] = int(i in free)
        self.simplex.push()
        self.simplex.assert_upper(self.simplex.form(row), 0, strict=self.strict, tag="psi")
        refuted = self.simplex.check()
        direction = None if refuted is not None else self.simplex.model()[: self.size]
        self.simplex.pop()
        if refuted is None:
            return self._corner(sides, row) if self.strict else direction or ()
        scale = refuted.get("psi", 1)
        slopes = {i: refuted.get(("+", i), 0) / scale for i in free}  # the share of the slope on the + side
        result = {str(i): str(p * self.folds[i].plus + (1 - p) * self.folds[i].minus) for i, p in slopes.items()}
        for i in sides:
            if multiplier := refuted.get(("side", i), 0) / scale:
                result[str(i)] = str(multiplier)
        return {"multipliers": result}

    def _corner(self, sides: Mapping[int, int], objective: Sequence[Rational]) -> Vector:
        """A direction in the cube |d| <= 1 and on the given closed sides where psi is smallest."""
        cone = Simplex(self.size + len(self.folds))
        for place in range(self.size):
            unit = cone.form([int(place == column) for column in range(cone.dimension)])
            cone.assert_lower(unit, -1, tag=("low", place))
            cone.assert_upper(unit, 1, tag=("high", place))
        extra = [0] * len(self.folds)
        for i, side in sides.items():
            cone.assert_lower(cone.form((*(side * a for a in self.folds[i].x), *extra)), 0, tag=("side", i))
        for number, i in enumerate(self.convex):
            for slope in (self.folds[i].plus, self.folds[i].minus):
                row = [-slope * a for a in self.folds[i].x] + extra
                row[self.size + number] = 1
                cone.assert_lower(cone.form(row), 0, tag=(slope, i))
        if cone.check() is not None:
            raise InternalContradiction("0 lies in every cone")
        cone.maximise(cone.form([-a for a in objective]))
        return cone.model(short=False)[: self.size]
