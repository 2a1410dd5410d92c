"""The least loss over outputs o = sum_j y_j a_j + c with y >= 0: exact linear and quadratic programs over a cone.

The optimum comes with its dual vector g: sum_i g_i a_ji >= 0 for all columns, sum_i g_i = 0 if there is a bias c, and
sum_i -l_i*(g_i), with l_i* the conjugate of the loss l_i of data point i, is the optimum and a lower bound for all o.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import mul

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction
from exactrelu.linear import Solution, solve
from exactrelu.rational import Rational, Vector, dot
from exactrelu.simplex import Peak, Simplex

ZERO = mpq(0)


@dataclass(frozen=True)
class Summand:
    """The loss of one data point: weight * max(1 - target * o, 0) (hinge), or weight * (o - target)^2."""

    weight: Rational
    target: Rational


@dataclass(frozen=True)
class Fit:
    """The optimum, its dual vector, the weights of the columns that are used, and the bias."""

    value: Rational
    dual: Vector
    weights: tuple[tuple[int, Rational], ...]
    bias: Rational


@dataclass(frozen=True)
class Conic:
    """The family of programs: the loss, whether there is a bias, and all columns. A program chooses some of these."""

    summands: tuple[Summand, ...]
    is_hinge: bool
    has_bias: bool
    columns: tuple[Vector, ...]
    tick: Callable[[], None]

    def fit(self, allowed: Sequence[int], start: Iterable[int] = ()) -> Fit:
        """The optimum over some columns; those in ``start`` are tried first."""
        first = [j for j in start if j in set(allowed)]
        return self._linear(allowed, first) if self.is_hinge else self._quadratic(allowed, first)

    def bound(self, dual: Sequence[Rational]) -> Rational:
        """The lower bound that a dual vector proves: the sum of -l_i*(g_i)."""
        if self.is_hinge:
            return sum(map(abs, dual), ZERO)
        pairs = zip(dual, self.summands, strict=True)
        return sum((-g * g / (4 * s.weight) - g * s.target for g, s in pairs), ZERO)

    def loss(self, outputs: Sequence[Rational]) -> Rational:
        """The loss at some outputs."""
        pairs = zip(outputs, self.summands, strict=True)
        if self.is_hinge:
            return sum((s.weight * max(1 - s.target * o, ZERO) for o, s in pairs), ZERO)
        return sum((s.weight * (o - s.target) ** 2 for o, s in pairs), ZERO)

    def proves(self, dual: Sequence[Rational], allowed: Sequence[int]) -> bool:
        """Whether a dual vector proves its bound for the cone of the allowed columns."""
        if len(dual) != len(self.summands) or (self.has_bias and sum(dual, ZERO)):
            return False
        pairs = zip(dual, self.summands, strict=True)
        inside = all(0 <= -s.target * g <= s.weight for g, s in pairs) if self.is_hinge else True
        return inside and self._violated(dual, allowed) is None

    def _violated(self, dual: Sequence[Rational], allowed: Sequence[int]) -> int | None:
        """The column along which the loss falls most."""
        worst, found = ZERO, None
        for j in allowed:
            value = sum(map(mul, dual, self.columns[j]), ZERO)
            if value < worst:
                worst, found = value, j
        return found

    # ------------------------------------------------------------------ hinge: a linear program in theta_i = |g_i|

    def _linear(self, allowed: Sequence[int], start: Sequence[int]) -> Fit:
        size = len(self.summands)
        senses = [-s.target for s in self.summands]
        simplex = Simplex(size)
        for i, summand in enumerate(self.summands):
            unit = simplex.form([int(i == k) for k in range(size)])
            simplex.assert_lower(unit, 0, tag=("low", i))
            simplex.assert_upper(unit, summand.weight, tag=("high", i))
        if self.has_bias:
            simplex.assert_equal(simplex.form(senses), 0, tag="bias")
        objective = simplex.form([1] * size)
        cuts = list(start)
        for j in cuts:
            simplex.assert_lower(simplex.form(list(map(mul, senses, self.columns[j]))), 0, tag=("column", j))
        while True:
            self.tick()
            if simplex.check() is not None:
                raise InternalContradiction("theta = 0 is feasible")
            peak = simplex.maximise(objective)
            if not isinstance(peak, Peak):
                raise InternalContradiction("the dual of the hinge loss is bounded")
            dual = tuple(map(mul, senses, simplex.model(short=False)))
            found = self._violated(dual, allowed)
            if found is None:
                found_weights = ((j, peak.multipliers.get(("column", j), ZERO)) for j in cuts)
                columns = tuple((j, weight) for j, weight in found_weights if weight)
                return Fit(peak.value, dual, columns, -peak.multipliers.get("bias", ZERO))
            cuts.append(found)
            simplex.assert_lower(simplex.form(list(map(mul, senses, self.columns[found]))), 0, tag=("column", found))

    # ------------------------------------------------------------------ squared: non-negative least squares

    def _quadratic(self, allowed: Sequence[int], start: Sequence[int]) -> Fit:
        """Lawson and Hanson, "Solving Least Squares Problems", chapter 23, over the rationals."""
        passive, weights = list(start), [ZERO] * len(start)
        bias = ZERO
        while True:
            while True:
                self.tick()
                best, bias = self._least_squares(passive)
                if all(z > 0 for z in best):
                    weights = best
                    break
                theta = min(y / (y - z) if y else ZERO for y, z in zip(weights, best, strict=True) if z <= 0)
                weights = [y + theta * (z - y) for y, z in zip(weights, best, strict=True)]
                kept = [n for n, (y, z) in enumerate(zip(weights, best, strict=True)) if y > 0 or z > 0]
                passive, weights = [passive[n] for n in kept], [weights[n] for n in kept]
            outputs = self.outputs(zip(passive, weights, strict=True), bias)
            dual = tuple(2 * s.weight * (o - s.target) for o, s in zip(outputs, self.summands, strict=True))
            found = self._violated(dual, allowed)
            if found is None:
                return Fit(self.loss(outputs), dual, tuple(zip(passive, weights, strict=True)), bias)
            passive.append(found)
            weights.append(ZERO)

    def _least_squares(self, passive: Sequence[int]) -> tuple[list[Rational], Rational]:
        """The weights and the bias of least loss, whatever their signs."""
        rows = [self.columns[j] for j in passive]
        if self.has_bias:
            rows = [*rows, (mpq(1),) * len(self.summands)]
        if not rows:
            return [], ZERO
        scaled = [[s.weight * a for s, a in zip(self.summands, row, strict=True)] for row in rows]
        gram = tuple(tuple(dot(p, q) for q in rows) for p in scaled)
        right = tuple(sum((a * s.target for a, s in zip(row, self.summands, strict=True)), ZERO) for row in scaled)
        found = solve(gram, right)
        if not isinstance(found, Solution):
            raise InternalContradiction("the normal equations have a solution")
        point = list(found.point)
        bias = point.pop() if self.has_bias else ZERO
        return point, bias

    def outputs(self, weights: Iterable[tuple[int, Rational]], bias: Rational) -> Vector:
        """The outputs sum_j y_j a_j + c."""
        result = [bias] * len(self.summands)
        for j, y in weights:
            result = [o + y * a for o, a in zip(result, self.columns[j], strict=True)]
        return tuple(result)
