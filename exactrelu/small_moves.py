"""Strict linear inequalities in moves of the neurons of one hidden layer: moves of decreasing order, or multipliers.

With R = |v| (w, b) the change of an output is linear on each pattern. For v = 0 and (w, b) != 0 the move of R is
t (w, b) + f, where f is small against t > 0. So a system is decided level by level: a row that is 0 on all solutions
of a level is left to moves of smaller order, in which f is free once t > 0. Where no level helps, Motzkin's
transposition theorem gives multipliers of rows whose sum is <= 0 on all such moves: with c_k the coefficient of R_k,
c_k = 0, or v = 0 and <c_k, (w, b)> < 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gmpy2 import mpq

from exactrelu.moves import Level, Move
from exactrelu.rational import Rational, Vector, combination, dot
from exactrelu.shallow import Shallow
from exactrelu.simplex import Multipliers, Simplex

ZERO = mpq(0)


@dataclass(frozen=True)
class Row:
    """A strict inequality: the coefficients of the moves of R for each neuron, and of the parameters in `linear`."""

    blocks: Mapping[int, Vector]
    linear: Mapping[int, Rational] = field(default_factory=dict)


def levels(
    shallow: Shallow, rows: Mapping[int, Row], sides: Mapping[int, int], tick: Callable[[], None]
) -> list[Level] | dict[int, Rational]:
    """Moves of decreasing order that make all rows positive, or multipliers of rows that refute them.

    The neurons that move are those in ``sides``, which gives the sign of v near the point.
    """
    thin = {k for k in sides if shallow.neurons[k].is_thin}
    left: dict[Any, Row | None] = {**rows, **{("thin", k): None for k in sorted(thin)}}
    freed: set[int] = set()
    found: list[Level] = []
    while left:
        tick()
        system = _System(shallow, sides, left, thin, freed)
        together = system.positive(*left)
        if not isinstance(together, dict):
            return [*found, system.level(together)]
        if not thin:
            return {position: m for position, m in together.items() if isinstance(position, int) and m}
        done, points, refuted = set[Any](), list[Vector](), dict[Any, Multipliers]()
        for tag in left:
            if tag not in done:
                point = system.positive(tag)
                if isinstance(point, dict):
                    refuted[tag] = point
                else:
                    points.append(point)
                    done |= {other for other in left if system.value(other, point) > 0}
        if not done:
            return _closed(shallow, rows, thin - freed, refuted)
        found.append(system.level([sum(column, ZERO) for column in zip(*points, strict=True)]))
        freed |= {k for k in thin if ("thin", k) in done}
        left = {tag: row for tag, row in left.items() if tag not in done}
    return found


class _System:
    """One level: the rows that are left, in the variables that are free; thin neurons have one more, their t."""

    def __init__(
        self, shallow: Shallow, sides: Mapping[int, int], left: Mapping[Any, Row | None],
        thin: set[int], freed: set[int],
    ) -> None:  # fmt: skip
        self.shallow, self.sides, self.thin, self.freed = shallow, sides, thin, freed
        size = len(shallow.neurons[0].w) if shallow.neurons else 0
        self.start: dict[Any, int] = {}
        count = 0
        for k in sides:
            self.start[k] = count
            count += size
        for key in [("thin", k) for k in sorted(thin)] + [("linear", place) for place in shallow.linear]:
            self.start[key] = count
            count += 1
        self.count = count
        self.vectors = {tag: self._vector(tag, row) for tag, row in left.items()}
        self.simplex = Simplex(max(count, 1))
        self.forms = {tag: self.simplex.form(vector) for tag, vector in self.vectors.items() if any(vector)}
        for tag, form in self.forms.items():
            self.simplex.assert_lower(form, 0, tag=tag)
        self.simplex.check()

    def _vector(self, tag: Any, row: Row | None) -> Vector:
        result = [ZERO] * max(self.count, 1)
        if row is None:
            result[self.start[tag]] = mpq(1)
            return tuple(result)
        for k, block in row.blocks.items():
            if k in self.thin:
                result[self.start["thin", k]] += dot(block, self.shallow.neurons[k].w)
            if k not in self.thin or k in self.freed:
                result[self.start[k] : self.start[k] + len(block)] = block
        for place, coefficient in row.linear.items():
            result[self.start["linear", place]] += coefficient
        return tuple(result)

    def positive(self, *tags: Any) -> Vector | Multipliers:
        """A point where some rows are positive and no other is negative, or the refutation."""
        for tag in tags:
            if tag not in self.forms:
                return {tag: mpq(1)}
        self.simplex.push()
        for tag in tags:
            self.simplex.assert_lower(self.forms[tag], 0, strict=True, tag=tag)
        refuted = self.simplex.check()
        point = self.simplex.model() if refuted is None else ()
        self.simplex.pop()
        return point if refuted is None else refuted

    def value(self, tag: Any, point: Vector) -> Rational:
        """The value of a row at a point."""
        return dot(self.vectors[tag], point)

    def level(self, point: Sequence[Rational]) -> Level:
        """The moves that a point stands for."""
        moves = []
        for k in self.sides:
            block = tuple(point[self.start[k] : self.start[k] + len(self.shallow.neurons[k].w)])
            if k in self.thin:
                if t := point[self.start["thin", k]]:
                    moves.append(Move((k, self.sides[k]), None, t))
                if k not in self.freed:
                    continue
            if any(block):
                moves.append(Move((k, self.sides[k]), block, mpq(1)))
        linear = {place: point[self.start["linear", place]] for place in self.shallow.linear}
        return Level(tuple(moves), {place: value for place, value in linear.items() if value})


def _closed(
    shallow: Shallow, rows: Mapping[int, Row], bound: set[int], refuted: Mapping[Any, Multipliers]
) -> dict[int, Rational]:
    """Multipliers such that each neuron with t = 0 whose f takes part loses along t, to which f is small."""
    total: dict[Any, Rational] = {}
    rest = [next(iter(sorted(refuted, key=lambda tag: (isinstance(tag, tuple), tag not in rows, str(tag)))))]
    used = set[Any]()
    while rest:
        tag = rest.pop()
        used.add(tag)
        for other, m in refuted[tag].items():
            total[other] = total.get(other, ZERO) + m
        for k in sorted(bound):
            if ("thin", k) in used:
                continue
            parts = ((m, rows[p].blocks[k]) for p, m in total.items() if p in rows and k in rows[p].blocks)
            push = combination(parts, len(shallow.neurons[k].w))
            if any(push) and dot(push, shallow.neurons[k].w) == 0:
                rest.append(("thin", k))
                break
    return {position: m for position, m in total.items() if isinstance(position, int) and m}
