"""An incremental exact simplex for systems of linear sign conditions, with push and pop.

After Dutertre and de Moura, "A fast linear-arithmetic solver for DPLL(T)" (CAV 2006): the variables x_1..x_n are
free, each linear form becomes one more variable, bounds are asserted on variables, and a strict bound is a bound
moved by an infinitesimal delta, so that values are pairs (c, k) meaning c + k delta. Three things differ:

- A tableau row holds plain integers: ``row[n] * basic = sum row[j] * column_j`` with gcd 1 and ``row[n] > 0``.
  Small Python integers beat rationals by far on the systems that occur here (about 20 rows, 10 variables).
- A column always sits at a bound that was once asserted, or at 0, and the values of basic variables are computed
  when they are asked for. So no number depends on the history of the search.
- Rows are replaced, never changed, so that `push` stores the whole state by copying short lists of references,
  and `pop` returns to exactly that state. A form enters the tableau only when it is first needed.

Least indices leave and enter (Bland 1977), hence `check` always ends.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import gcd, lcm
from operator import mul
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction, MalformedInput, Unsupported
from exactrelu.rational import Rational, Vector, primitive, rational
from exactrelu.rounding import satisfies, short_point

Number: TypeAlias = Any  # an int where the value is integral, else an mpq
Bound: TypeAlias = "tuple[Number, int, Hashable, Number]"  # c, k (the value is c + k delta), tag, factor
Multipliers: TypeAlias = "dict[Hashable, Rational]"


@dataclass(frozen=True)
class Peak:
    """The largest value of a form, with the multiplier of each constraint whose combination proves it."""

    value: Rational
    multipliers: Multipliers


@dataclass(frozen=True)
class Ray:
    """A direction along which a form grows for ever while every constraint continues to hold."""

    direction: Vector


class Simplex:
    """A system of bounds on linear forms in `dimension` free variables; a mutable work-horse.

    >>> simplex = Simplex(2)
    >>> total, difference = simplex.form((1, 1)), simplex.form((1, -1))
    >>> simplex.assert_lower(total, 1, strict=True, tag="x+y>1")
    >>> simplex.check() is None, simplex.model()
    (True, (mpq(2,1), mpq(0,1)))
    >>> simplex.push()
    >>> simplex.assert_upper(total, 1, tag="x+y<=1")
    >>> simplex.check()
    {'x+y>1': mpq(1,1), 'x+y<=1': mpq(1,1)}
    >>> simplex.pop()
    >>> simplex.check() is None
    True
    """

    def __init__(self, dimension: int) -> None:
        if dimension < 0:
            raise MalformedInput("dimension", str(dimension), "a number of variables >= 0")
        self.dimension = dimension
        units = [tuple(int(i == j) for i in range(dimension)) for j in range(dimension)]
        self._forms: list[tuple[int, ...]] = units  # the integer form that each variable stands for
        self._variable = {unit: j for j, unit in enumerate(units)}  # and back
        self._handles: list[tuple[int, Number]] = []  # handle -> (variable, scale)
        self._handle: dict[tuple[Number, ...], int] = {}
        self._rows: list[list[int]] = []
        self._basic: list[int] = []  # row -> variable
        self._column: list[int] = list(range(dimension))  # column -> variable
        self._place: list[Any] = list(range(dimension))  # variable -> column, or ~row, or None
        self._standard: list[Number] = [0] * dimension  # the values of the columns: c ..
        self._infinitesimal: list[int] = [0] * dimension  # .. and k
        self._lower: list[Bound | None] = [None] * dimension
        self._upper: list[Bound | None] = [None] * dimension
        self._pending: list[int] = []  # variables whose bound was tightened since the last check
        self._moved = False  # did a column move since the last check?
        self._clash: int | None = None  # a variable with lower > upper
        self._stack: list[tuple[Any, ...]] = []

    # ---------------------------------------------------------------- forms and bounds

    def form(self, coefficients: Sequence[object]) -> int:
        """The handle of a linear form; proportional forms share one row of the tableau.

        Raises `MalformedInput` for a wrong length, `InexactError` for floats. May be called at any depth, and the
        handle stays valid after `pop`.

        >>> simplex = Simplex(2)
        >>> simplex.form((1, 2)), simplex.form(("1/2", 1)), simplex.form((1, 2))
        (0, 1, 0)
        """
        key = tuple(a if type(a) is int else _number(a) for a in coefficients)
        handle = self._handle.get(key)
        if handle is not None:
            return handle
        if len(key) != self.dimension:
            raise MalformedInput(
                "form", f"{len(key)} coefficients", f"{self.dimension}, one for each variable"
            )
        integers = primitive([mpq(a) for a in key])
        pivot = next((j for j, a in enumerate(integers) if a), None)
        scale: Number = 1
        if pivot is not None:
            if integers[pivot] < 0:
                integers = tuple(-a for a in integers)
            scale = _number(mpq(key[pivot]) / integers[pivot])
        variable = self._variable.get(integers)
        if variable is None:
            variable = len(self._forms)
            self._variable[integers] = variable
            self._forms.append(integers)
            self._place.append(None)
            self._lower.append(None)
            self._upper.append(None)
        handle = self._handle[key] = len(self._handles)
        self._handles.append((variable, scale))
        return handle

    def assert_lower(self, form: int, value: object, strict: bool = False, tag: Hashable = None) -> None:
        """Demands form >= value, or > if strict. Tags of constraints in force at one time must be different."""
        variable, scale = self._handles[form]
        c = value if type(value) is int else _number(value)
        if scale == 1:
            self._raise_lower(variable, (c, 1 if strict else 0, tag, 1))
            return
        c, factor = _number(mpq(c) / scale), _number(1 / mpq(abs(scale)))
        if scale > 0:
            self._raise_lower(variable, (c, 1 if strict else 0, tag, factor))
        else:
            self._drop_upper(variable, (c, -1 if strict else 0, tag, factor))

    def assert_upper(self, form: int, value: object, strict: bool = False, tag: Hashable = None) -> None:
        """Demands form <= value, or < if strict. Tags of constraints in force at one time must be different."""
        variable, scale = self._handles[form]
        c = value if type(value) is int else _number(value)
        if scale == 1:
            self._drop_upper(variable, (c, -1 if strict else 0, tag, 1))
            return
        c, factor = _number(mpq(c) / scale), _number(1 / mpq(abs(scale)))
        if scale > 0:
            self._drop_upper(variable, (c, -1 if strict else 0, tag, factor))
        else:
            self._raise_lower(variable, (c, 1 if strict else 0, tag, factor))

    def assert_equal(self, form: int, value: object, tag: Hashable = None) -> None:
        """Demands form = value. In a certificate its multiplier has a sign: it stands for form <= value."""
        variable, scale = self._handles[form]
        c, factor = _number(mpq(_number(value)) / scale), _number(1 / mpq(scale))
        self._raise_lower(variable, (c, 0, tag, -factor))
        self._drop_upper(variable, (c, 0, tag, factor))

    def _raise_lower(self, variable: int, bound: Bound) -> None:
        old, opposite, (c, k, _, _) = self._lower[variable], self._upper[variable], bound
        if old is not None and (c < old[0] or (c == old[0] and k <= old[1])):
            return
        self._lower[variable] = bound
        if opposite is not None and (c > opposite[0] or (c == opposite[0] and k > opposite[1])):
            self._clash = variable
        place = self._place[variable]
        if place is None or place < 0:
            self._pending.append(variable)
        elif self._standard[place] < c or (self._standard[place] == c and self._infinitesimal[place] < k):
            self._standard[place], self._infinitesimal[place], self._moved = c, k, True

    def _drop_upper(self, variable: int, bound: Bound) -> None:
        old, opposite, (c, k, _, _) = self._upper[variable], self._lower[variable], bound
        if old is not None and (c > old[0] or (c == old[0] and k >= old[1])):
            return
        self._upper[variable] = bound
        if opposite is not None and (c < opposite[0] or (c == opposite[0] and k < opposite[1])):
            self._clash = variable
        place = self._place[variable]
        if place is None or place < 0:
            self._pending.append(variable)
        elif self._standard[place] > c or (self._standard[place] == c and self._infinitesimal[place] > k):
            self._standard[place], self._infinitesimal[place], self._moved = c, k, True

    # ---------------------------------------------------------------- backtracking

    def push(self) -> None:
        """Remembers the present state for `pop`."""
        self._stack.append(
            (
                self._rows[:],
                self._basic[:],
                self._column[:],
                self._place[:],
                self._standard[:],
                self._infinitesimal[:],
                self._lower[:],
                self._upper[:],
                self._pending[:],
                self._moved,
                self._clash,
            )
        )

    def pop(self) -> None:
        """Returns to the state of the last `push`; forms registered since then stay known."""
        if not self._stack:
            raise MalformedInput("pop", "no push before it", "one push for each pop")
        (
            self._rows,
            self._basic,
            self._column,
            self._place,
            self._standard,
            self._infinitesimal,
            self._lower,
            self._upper,
            self._pending,
            self._moved,
            self._clash,
        ) = self._stack.pop()
        missing: list[None] = [None] * (len(self._forms) - len(self._place))
        if missing:
            self._place += missing
            self._lower += missing
            self._upper += missing

    # ---------------------------------------------------------------- the decision

    def check(self) -> Multipliers | None:
        """None if the constraints in force have a common point, else a Farkas certificate, verified.

        The certificate maps tags to positive multipliers (of any sign for an equation, written as form <= value):
        the combination of the constraints, all written with <= or <, has no variables left and reads
        0 <= negative, or 0 < 0.
        """
        if self._clash is not None:
            variable = self._clash
            return self._certificate(
                [(1, self._lower[variable], variable, -1), (1, self._upper[variable], variable, 1)]
            )
        place = self._place
        for variable in self._pending:
            if place[variable] is None:
                self._enter_tableau(variable)
        if not self._moved:
            suspects = [~place[variable] for variable in self._pending if place[variable] < 0]
            if not any(self._violation(row) for row in suspects):
                self._pending.clear()
                return None
        self._moved = True  # until the end is reached, every row may be violated
        self._pending.clear()
        lower, upper, basic, column = self._lower, self._upper, self._basic, self._column
        standard, infinitesimal, n = self._standard, self._infinitesimal, self.dimension
        while True:
            leaving, variable, need = -1, -1, 0
            for index, candidate in enumerate(basic):
                if (leaving < 0 or candidate < variable) and (side := self._violation(index)):
                    leaving, variable, need = index, candidate, side
            if leaving < 0:
                self._moved = False
                return None
            row = self._rows[leaving]
            entering, least = -1, -1
            for j in range(n):
                a = row[j]
                if not a:
                    continue
                other = column[j]
                if entering >= 0 and other > least:
                    continue
                limit = upper[other] if (a > 0) == (need > 0) else lower[other]
                if limit is None or standard[j] != limit[0] or infinitesimal[j] != limit[1]:
                    entering, least = j, other
            if entering < 0:
                return self._refute(row, variable, need)
            bound: Any = lower[variable] if need > 0 else upper[variable]
            self._pivot(leaving, entering)
            standard[entering], infinitesimal[entering] = bound[0], bound[1]

    def _violation(self, index: int) -> int:
        """1 if the basic variable of a row is below its lower bound, -1 if it is above its upper, else 0."""
        variable = self._basic[index]
        low, high = self._lower[variable], self._upper[variable]
        if low is None and high is None:
            return 0
        row = self._rows[index]
        scale, c = row[-1], sum(map(mul, row, self._standard))
        if low is not None:
            limit = low[0] * scale
            if c < limit or (c == limit and sum(map(mul, row, self._infinitesimal)) < low[1] * scale):
                return 1
        if high is not None:
            limit = high[0] * scale
            if c > limit or (c == limit and sum(map(mul, row, self._infinitesimal)) > high[1] * scale):
                return -1
        return 0

    def _enter_tableau(self, variable: int) -> list[int]:
        """The row of a form in terms of the present columns, appended to the tableau."""
        n, rows, place = self.dimension, self._rows, self._place
        row, parts = [0] * (n + 1), []
        for j, a in enumerate(self._forms[variable]):
            if a:
                where = place[j]
                if where >= 0:
                    row[where] = a
                else:
                    parts.append((a, rows[~where]))
        if parts:
            scale = lcm(*(part[n] for _, part in parts))
            if scale != 1:
                row = [a * scale for a in row]
            for a, part in parts:
                factor = a * (scale // part[n])
                row = [u + factor * w for u, w in zip(row, part, strict=True)]
            row[n] = scale
            if scale != 1 and (divisor := gcd(*row)) != 1:
                row = [a // divisor for a in row]
        else:
            row[n] = 1
        place[variable] = ~len(rows)
        rows.append(row)
        self._basic.append(variable)
        return row

    def _pivot(self, leaving: int, entering: int) -> None:
        """Exchanges the basic variable of a row with a column; the caller sets the new column's value."""
        rows, n = self._rows, self.dimension
        row = rows[leaving]
        p, q = row[entering], row[n]
        if p > 0:
            new = [-a for a in row]
        else:
            new, p, q = row[:], -p, -q
        new[entering], new[n] = q, 0
        for index, other in enumerate(rows):
            f = other[entering]
            if not f or index == leaving:
                continue
            if p == 1:
                update = [a + f * b for a, b in zip(other, new)]  # noqa: B905
            else:
                divisor = gcd(f, p)
                f //= divisor
                if divisor == p:
                    update = [a + f * b for a, b in zip(other, new)]  # noqa: B905
                else:
                    scale = p // divisor
                    update = [a * scale + f * b for a, b in zip(other, new)]  # noqa: B905
            update[entering] = f * q
            if update[n] != 1:
                divisor = gcd(*update)
                if divisor != 1:
                    update = [a // divisor for a in update]
            rows[index] = update
        new[n] = p
        rows[leaving] = new
        out, into = self._basic[leaving], self._column[entering]
        self._basic[leaving], self._column[entering] = into, out
        self._place[into], self._place[out] = ~leaving, entering

    # ---------------------------------------------------------------- certificates

    def _refute(self, row: list[int], variable: int, need: int) -> Multipliers:
        """The certificate from a row that no column can bring to its bound."""
        bound = self._lower[variable] if need > 0 else self._upper[variable]
        return self._certificate([(row[-1], bound, variable, -need), *self._row_bounds(row, need)])

    def _row_bounds(self, row: list[int], need: int) -> list[tuple[int, Bound | None, int, int]]:
        """The bounds that keep the row from growing (need = 1) or from falling (need = -1)."""
        terms = []
        for a, variable in zip(row, self._column):  # noqa: B905
            if a:
                sense = 1 if (a > 0) == (need > 0) else -1
                terms.append((abs(a), (self._upper if sense > 0 else self._lower)[variable], variable, sense))
        return terms

    def _certificate(self, terms: Sequence[tuple[int, Bound | None, int, int]]) -> Multipliers:
        """The multipliers by tag, after a check that the combination of the bounds is absurd."""
        constant, delta = self._combination(terms, (0,) * self.dimension)
        if constant > 0 or (constant == 0 and delta <= 0):
            raise InternalContradiction("Farkas' lemma: the combination of the bounds is not absurd")
        return self._by_tag(terms)

    def _combination(
        self, terms: Sequence[tuple[int, Bound | None, int, int]], target: Sequence[int]
    ) -> tuple[Number, int]:
        """The right side c - k delta of the combination ``target <= c - k delta`` of the bounds."""
        total, constant, delta = [0] * self.dimension, 0, 0
        for weight, bound, variable, sense in terms:
            if bound is None or weight <= 0:
                raise InternalContradiction("a bound that does not exist takes part in a certificate")
            weight *= sense
            total = [a + weight * b for a, b in zip(total, self._forms[variable])]  # noqa: B905
            constant, delta = constant + weight * bound[0], delta - weight * bound[1]
        if total != list(target):
            raise InternalContradiction("the combination of the bounds is not the form that it should be")
        return constant, delta

    def _by_tag(self, terms: Sequence[tuple[int, Bound | None, int, int]], scale: Number = 1) -> Multipliers:
        result = {
            bound[2]: mpq(weight * bound[3] * scale) for weight, bound, _, _ in terms if bound is not None
        }
        if len(result) != len(terms):
            raise MalformedInput("tags", "one tag on two constraints", "a different tag for each constraint")
        return result

    # ---------------------------------------------------------------- points

    def value(self, form: int) -> tuple[Rational, Rational]:
        """The value (c, k), meaning c + k delta, of a form at the present basic solution.

        After a `check` that returned None that solution satisfies every constraint for small delta > 0, so the sign
        of the pair (that of c, else of k) is a sign that the form takes on the feasible set.
        """
        variable, scale = self._handles[form]
        place = self._place[variable]
        if place is not None and place >= 0:
            return mpq(self._standard[place] * scale), mpq(self._infinitesimal[place] * scale)
        row = self._enter_tableau(variable) if place is None else self._rows[~place]
        factor = mpq(scale) / row[-1]
        return sum(map(mul, row, self._standard)) * factor, sum(map(mul, row, self._infinitesimal)) * factor

    def model(self, short: bool = True) -> Vector:
        """A point that satisfies every constraint, the strict ones strictly; only after `check` returned None.

        The infinitesimal is made a computed power of two; a `short` point is then rounded to small numbers.
        """
        if self._moved or self._pending or self._clash is not None:
            raise MalformedInput(
                "model", "constraints that were not checked", "a check() that returned None before"
            )
        epsilon: Rational = mpq(1)
        for variable, (low, high) in enumerate(zip(self._lower, self._upper, strict=True)):
            if low is None and high is None:
                continue
            c, k = self._pair(variable)
            for limit, sense in ((low, 1), (high, -1)):
                if limit is not None and sense * (limit[1] - k) > 0:
                    epsilon = min(epsilon, sense * (c - limit[0]) / (sense * (limit[1] - k)))
        halvings = (int(epsilon.denominator) // int(epsilon.numerator)).bit_length() if epsilon < 1 else 0
        small = mpq(1, 1 << halvings)
        pairs = [self._pair(j) for j in range(self.dimension)]
        point = tuple(c + k * small for c, k in pairs)
        slabs = [
            (self._forms[variable], low and low[:2], high and high[:2])
            for variable, (low, high) in enumerate(zip(self._lower, self._upper, strict=True))
            if low is not None or high is not None
        ]
        if short:
            point = short_point(point, slabs)
        if not satisfies(point, 1, slabs):
            raise InternalContradiction("the solution of the simplex violates a constraint")
        return point

    def _pair(self, variable: int) -> tuple[Rational, Rational]:
        place = self._place[variable]
        if place >= 0:
            return mpq(self._standard[place]), mpq(self._infinitesimal[place])
        row = self._rows[~place]
        return (
            mpq(sum(map(mul, row, self._standard))) / row[-1],
            mpq(sum(map(mul, row, self._infinitesimal))) / row[-1],
        )

    # ---------------------------------------------------------------- optimisation

    def maximise(self, form: int) -> Peak | Ray:
        """The largest value of a form on the feasible set; only after `check` returned None.

        A `Peak` carries the multipliers whose combination of the constraints (all with <=) is form <= value; a `Ray`
        a direction along which the form grows for ever. The state stays feasible. Raises `Unsupported` if a strict
        bound is in force: then the largest value need not be attained.
        """
        if self._moved or self._pending or self._clash is not None:
            raise MalformedInput(
                "maximise", "constraints that were not checked", "a check() that returned None before"
            )
        if any(bound is not None and bound[1] for bound in (*self._lower, *self._upper)):
            raise Unsupported(
                "maximise: a strict constraint is in force, the supremum need not be attained; make it weak"
            )
        variable, scale = self._handles[form]
        if self._place[variable] is None:
            self._enter_tableau(variable)
        sense, degenerate = (1 if scale > 0 else -1), 0
        while True:
            row = self._row_of(variable)
            entering = self._improving(row, sense, by_index=degenerate > 2 * self.dimension)
            if entering < 0:
                terms = self._row_bounds(row, sense)
                return self._peak(terms, variable, scale, row[-1])
            direction = sense if row[entering] > 0 else -sense
            leaving, bound, step = self._blocking(entering, direction)
            if bound is None:
                return self._ray(entering, direction, variable, sense)
            degenerate = 0 if step else degenerate + 1
            if leaving >= 0:
                self._pivot(leaving, entering)
            self._standard[entering], self._infinitesimal[entering] = bound[0], bound[1]

    def _row_of(self, variable: int) -> list[int]:
        place = self._place[variable]
        if place < 0:
            return self._rows[~place]
        return [int(j == place) for j in range(self.dimension)] + [1]

    def _improving(self, row: list[int], sense: int, by_index: bool) -> int:
        """A column that can move so that the row improves: of the largest entry, or of the least index."""
        best, key = -1, 0
        for j, variable in enumerate(self._column):
            a = row[j]
            limit = (self._upper if (a > 0) == (sense > 0) else self._lower)[variable]
            if a and (limit is None or limit[0] != self._standard[j]):
                rank = -variable - 1 if by_index else abs(a)
                if best < 0 or rank > key:
                    best, key = j, rank
        return best

    def _blocking(self, entering: int, direction: int) -> tuple[int, Bound | None, Rational]:
        """The row (-1: the column itself) that first meets a bound when a column moves, that bound, and the step."""
        variable = self._column[entering]
        bound = (self._upper if direction > 0 else self._lower)[variable]
        leaving, step, least = -1, mpq(0), variable
        if bound is not None:
            step = mpq(abs(bound[0] - self._standard[entering]))
        for index, row in enumerate(self._rows):
            a = row[entering]
            if not a:
                continue
            candidate = self._basic[index]
            limit = (self._upper if (a > 0) == (direction > 0) else self._lower)[candidate]
            if limit is None:
                continue
            distance = mpq(abs(limit[0] * row[-1] - sum(map(mul, row, self._standard)))) / abs(a)
            if bound is None or distance < step or (distance == step and candidate < least):
                leaving, bound, step, least = index, limit, distance, candidate
        return leaving, bound, step

    def _peak(
        self,
        terms: Sequence[tuple[int, Bound | None, int, int]],
        variable: int,
        scale: Number,
        denominator: int,
    ) -> Peak:
        sense = 1 if scale > 0 else -1
        target = [sense * denominator * a for a in self._forms[variable]]
        constant, _ = self._combination(terms, target)
        value = self._pair(variable)[0]
        if constant != sense * denominator * value:
            raise InternalContradiction("linear programming duality: the dual value is not the primal one")
        return Peak(value * scale, self._by_tag(terms, mpq(abs(scale)) / denominator))

    def _ray(self, entering: int, direction: int, variable: int, sense: int) -> Ray:
        ray = []
        for j in range(self.dimension):
            row = self._row_of(j)
            ray.append(mpq(row[entering] * direction, row[-1]))
        short = primitive(ray)
        for index, (form, low, high) in enumerate(zip(self._forms, self._lower, self._upper, strict=True)):
            slope = sum(map(mul, form, short))
            if (low and slope < 0) or (high and slope > 0) or (index == variable and slope * sense <= 0):
                raise InternalContradiction(
                    "the direction found by the simplex is no ray of the feasible set"
                )
        return Ray(tuple(map(mpq, short)))


def _number(value: object) -> Number:
    exact = rational(value)
    return int(exact) if exact.denominator == 1 else exact
