"""An incremental exact simplex for systems of linear sign conditions, with push and pop.

After Dutertre and de Moura, "A fast linear-arithmetic solver for DPLL(T)" (CAV 2006): the variables
x_1..x_n are free, each linear form is one more variable, bounds are asserted on variables, and a strict
bound is a bound moved by an infinitesimal delta, so that values are pairs (c, k), meaning c + k delta.
What differs is the state: no tableau, but a `Frame`, n independent forms that fix a point. A bound that the
point satisfies costs one scalar product, and an exchange n vector operations, however many forms there are.

``push`` copies short lists and ``pop`` puts them back: the numbers at a node of a search tree depend on the path
from the root only. After a while the least indices leave and enter (Bland 1977), hence `check` always ends.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import gcd
from operator import mul
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction, MalformedInput, Unsupported
from exactrelu.frame import Frame, Number, exact
from exactrelu.rational import Rational, Vector, primitive
from exactrelu.rounding import satisfies, short_point

Bound: TypeAlias = "tuple[Number, int, Hashable, Number]"  # c, k, tag, factor of its multiplier
Term: TypeAlias = "tuple[int, Bound | None, int, int]"  # weight, bound, variable, 1 (upper) or -1 (lower)
Multipliers: TypeAlias = "dict[Hashable, Rational]"


@dataclass(frozen=True)
class Peak:
    """The largest value of a form, with the multipliers of the constraints that prove it."""

    value: Rational
    multipliers: Multipliers


@dataclass(frozen=True)
class Ray:
    """A direction along which a form grows for ever while every constraint continues to hold."""

    direction: Vector


class Simplex(Frame):
    """A system of bounds on linear forms in ``dimension`` free variables; a mutable work-horse.

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
        super().__init__(dimension)
        self._lower: list[Bound | None] = [None] * dimension
        self._upper: list[Bound | None] = [None] * dimension
        self._bounded: list[int] = []  # the variables with a bound, in order
        self._pending: list[int] = []  # those outside the frame that got a bound since the last check
        self._moved = False  # did the point move since the last check?
        self._clash: int | None = None  # a variable with lower > upper
        self._stack: list[tuple[Any, ...]] = []

    # ---------------------------------------------------------------- bounds

    def form(self, coefficients: Sequence[object]) -> int:
        """The handle of a linear form, see `Frame.form`; at any depth, and valid for ever."""
        handle = super().form(coefficients)
        self._make_room()
        return handle

    def _make_room(self) -> None:
        missing = len(self._forms) - len(self._lower)
        if missing:
            self._place += [-1] * (len(self._forms) - len(self._place))
            self._lower += [None] * missing
            self._upper += [None] * missing

    def assert_lower(self, form: int, value: object, strict: bool = False, tag: Hashable = None) -> None:
        """Demands form >= value, or > if strict. Constraints in force at one time need different tags."""
        self._assert(form, value, -1, strict, tag)

    def assert_upper(self, form: int, value: object, strict: bool = False, tag: Hashable = None) -> None:
        """Demands form <= value, or < if strict. Constraints in force at one time need different tags."""
        self._assert(form, value, 1, strict, tag)

    def _assert(self, form: int, value: object, sense: int, strict: bool, tag: Hashable) -> None:
        variable, scale = self._handles[form]
        c: Number = value if type(value) is int else exact(value)
        factor: Number = 1
        if scale != 1:
            if scale < 0:
                sense = -sense
            if scale == -1:
                c = -c
            else:
                c, factor = exact(mpq(c) / scale), exact(1 / mpq(abs(scale)))
        if sense > 0:
            self._bound_above(variable, (c, -1 if strict else 0, tag, factor))
        else:
            self._bound_below(variable, (c, 1 if strict else 0, tag, factor))

    def assert_equal(self, form: int, value: object, tag: Hashable = None) -> None:
        """Demands form = value. In a certificate its multiplier has a sign: it stands for form <= value."""
        variable, scale = self._handles[form]
        c, factor = exact(mpq(exact(value)) / scale), exact(1 / mpq(scale))
        self._bound_below(variable, (c, 0, tag, -factor))
        self._bound_above(variable, (c, 0, tag, factor))

    def _bound_below(self, variable: int, bound: Bound) -> None:
        old, opposite, (c, k, _, _) = self._lower[variable], self._upper[variable], bound
        if old is None:
            if opposite is None:
                insort(self._bounded, variable)
        elif c < old[0] or (c == old[0] and k <= old[1]):
            return
        self._lower[variable] = bound
        if opposite is not None and (c > opposite[0] or (c == opposite[0] and k > opposite[1])):
            self._clash = variable
        place = self._place[variable]
        if place < 0:
            self._pending.append(variable)
        elif self._values[place] < (c, k):
            self._move(place, c, k)
            self._moved = True

    def _bound_above(self, variable: int, bound: Bound) -> None:
        old, opposite, (c, k, _, _) = self._upper[variable], self._lower[variable], bound
        if old is None:
            if opposite is None:
                insort(self._bounded, variable)
        elif c > old[0] or (c == old[0] and k >= old[1]):
            return
        self._upper[variable] = bound
        if opposite is not None and (c < opposite[0] or (c == opposite[0] and k < opposite[1])):
            self._clash = variable
        place = self._place[variable]
        if place < 0:
            self._pending.append(variable)
        elif self._values[place] > (c, k):
            self._move(place, c, k)
            self._moved = True

    # ---------------------------------------------------------------- backtracking

    def push(self) -> None:
        """Remembers the present state for ``pop``."""
        bounds = self._lower[:], self._upper[:], self._bounded[:]
        self._stack.append((self._saved(), bounds, self._pending[:], self._moved, self._clash))

    def pop(self) -> None:
        """Returns to the state of the last ``push``; forms registered since then stay known."""
        if not self._stack:
            raise MalformedInput("pop", "no push before it", "one push for each pop")
        frame, bounds, self._pending, self._moved, self._clash = self._stack.pop()
        self._restore(frame)
        self._lower, self._upper, self._bounded = bounds
        self._make_room()

    # ---------------------------------------------------------------- the decision

    def check(self) -> Multipliers | None:
        """None if the constraints in force have a common point, else a Farkas certificate, verified.

        The certificate maps tags to positive multipliers (of any sign for an equation, which counts as
        form <= value): in the combination of the constraints, all written with <= or <, the variables
        cancel, and it reads 0 <= negative, or 0 < 0.
        """
        if self._clash is not None:
            variable = self._clash
            below, above = self._lower[variable], self._upper[variable]
            return self._certificate([(1, below, variable, -1), (1, above, variable, 1)])
        suspects = self._bounded if self._moved else sorted(self._pending)
        self._pending = []
        lower, upper, patience = self._lower, self._upper, 3 * self.dimension
        while True:
            variable, need = self._violated(suspects)
            if not need:
                self._moved = False
                return None
            self._moved, suspects = True, self._bounded
            row = self._slopes(variable)
            entering = self._entering(row, need, by_index=patience < 0)
            patience -= 1
            if entering < 0:
                bound = lower[variable] if need > 0 else upper[variable]
                divisor = gcd(self._determinant, *row)
                rest = self._holding([a // divisor for a in row], need)
                return self._certificate([(self._determinant // divisor, bound, variable, -need), *rest])
            self._exchange(variable, lower[variable] if need > 0 else upper[variable], row, entering)

    def _violated(self, suspects: Sequence[int]) -> tuple[int, int]:
        """The first variable outside its bounds, and 1 if it must grow, -1 if it must fall; 0 if none is."""
        lower, upper, place, forms = self._lower, self._upper, self._place, self._forms
        standard, infinitesimal, scale = self._standard, self._infinitesimal, self._determinant
        homogeneous = not any(standard)
        for variable in suspects:
            if place[variable] >= 0:
                continue
            form = forms[variable]
            c = 0 if homogeneous else sum(map(mul, form, standard))
            bound = lower[variable]
            if bound is not None:
                limit = bound[0] * scale
                if c < limit or (c == limit and sum(map(mul, form, infinitesimal)) < bound[1] * scale):
                    return variable, 1
            bound = upper[variable]
            if bound is not None:
                limit = bound[0] * scale
                if c > limit or (c == limit and sum(map(mul, form, infinitesimal)) > bound[1] * scale):
                    return variable, -1
        return -1, 0

    def _entering(self, row: Sequence[int], need: int, by_index: bool) -> int:
        """An edge along which a form can grow (need = 1) or fall (need = -1), or -1.

        The steepest one: moving along it disturbs the other forms least, which saves a third to two thirds of
        the exchanges. Or, by index, that of the first variable, so that an end is reached.
        """
        lower, upper, values, edges, frame = self._lower, self._upper, self._values, self._edges, self._frame
        entering, best, length = -1, 0, 1
        for j, a in enumerate(row):
            if not a:
                continue
            limit = upper[frame[j]] if (a > 0) == (need > 0) else lower[frame[j]]
            if limit is not None and values[j][0] == limit[0] and values[j][1] == limit[1]:
                continue
            if by_index:
                if entering < 0 or frame[j] < frame[entering]:
                    entering = j
                continue
            edge, slope = edges[j], abs(a)
            norm = max(max(edge), -min(edge))
            if slope * length > best * norm:
                entering, best, length = j, slope, norm
        return entering

    # ---------------------------------------------------------------- certificates

    def _holding(self, row: Sequence[int], need: int) -> list[Term]:
        """The bounds of the frame that keep a form from growing (need = 1) or from falling (need = -1)."""
        terms: list[Term] = []
        for a, variable in zip(row, self._frame, strict=True):
            if a:
                sense = 1 if (a > 0) == (need > 0) else -1
                terms.append((abs(a), (self._upper if sense > 0 else self._lower)[variable], variable, sense))
        return terms

    def _certificate(self, terms: Sequence[Term]) -> Multipliers:
        """The multipliers by tag, after a check that the combination of the bounds is absurd."""
        constant, delta = self._combination(terms, (0,) * self.dimension)
        if constant > 0 or (constant == 0 and delta >= 0):
            raise InternalContradiction("Farkas' lemma: the combination of the bounds is not absurd")
        return self._by_tag(terms)

    def _combination(self, terms: Sequence[Term], target: Sequence[int]) -> tuple[Number, int]:
        """The right side c + k delta of the combination of the bounds, whose left side must be ``target``."""
        total, constant, delta = [0] * self.dimension, 0, 0
        for weight, bound, variable, sense in terms:
            if bound is None or weight <= 0:
                raise InternalContradiction("a bound that does not exist takes part in a certificate")
            weight *= sense
            total = [a + weight * b for a, b in zip(total, self._forms[variable])]  # noqa: B905
            constant, delta = constant + weight * bound[0], delta + weight * bound[1]
        if total != list(target):
            raise InternalContradiction("the combination of the bounds is not the form that it should be")
        return constant, delta

    def _by_tag(self, terms: Sequence[Term], scale: Number = 1) -> Multipliers:
        result = {bound[2]: mpq(weight * bound[3] * scale) for weight, bound, _, _ in terms if bound}
        if len(result) != len(terms):
            raise MalformedInput("tags", "one tag on two constraints", "a different tag for each constraint")
        return result

    # ---------------------------------------------------------------- points

    def model(self, short: bool = True) -> Vector:
        """A point that satisfies every constraint, the strict ones strictly, verified.

        The infinitesimal is made a computed power of two; a ``short`` point is then rounded to small numbers.
        Raises `MalformedInput` if constraints are in force that no `check` has found feasible.
        """
        self._demand_checked("model")
        scale, bounds = self._determinant, []
        epsilon: Rational = mpq(1)
        for variable in self._bounded:
            form, low, high = self._forms[variable], self._lower[variable], self._upper[variable]
            bounds.append((form, low and low[:2], high and high[:2]))
            c, k = sum(map(mul, form, self._standard)), sum(map(mul, form, self._infinitesimal))
            for limit, sense in ((low, 1), (high, -1)):
                if limit is not None and (lack := sense * (limit[1] * scale - k)) > 0:
                    epsilon = min(epsilon, mpq(sense * (c - limit[0] * scale)) / lack)
        halvings = (int(epsilon.denominator) // int(epsilon.numerator)).bit_length() if epsilon < 1 else 0
        small = mpq(1, 1 << halvings)
        point = tuple((c + k * small) / scale for c, k in zip(self._standard, self._infinitesimal, strict=True))
        if short:
            point = short_point(point, bounds)
        if not satisfies(point, 1, bounds):
            raise InternalContradiction("the solution of the simplex violates a constraint")
        return point

    def _demand_checked(self, question: str) -> None:
        if self._moved or self._pending or self._clash is not None:
            raise MalformedInput(question, "constraints that were not checked", "a check() that returned None")

    # ---------------------------------------------------------------- optimisation

    def maximise(self, form: int) -> Peak | Ray:
        """The largest value of a form on the feasible set; the state stays feasible.

        A `Peak` carries the multipliers whose combination of the constraints (all with <=) is form <= value;
        a `Ray` a direction along which the form grows for ever; both verified. Raises `Unsupported` if a
        strict bound is in force (the supremum need not be attained), `MalformedInput` if constraints are in
        force that no `check` has found feasible.

        >>> simplex = Simplex(1)
        >>> simplex.assert_upper(simplex.form((2,)), 3, tag="2x<=3")
        >>> simplex.check(), simplex.maximise(simplex.form((1,)))
        (None, Peak(value=mpq(3,2), multipliers={'2x<=3': mpq(1,2)}))
        """
        self._demand_checked("maximise")
        if any(bound and bound[1] for variable in self._bounded for bound in self._bounds(variable)):
            raise Unsupported("maximise: a strict constraint is in force, the supremum may not be attained")
        variable, scale = self._handles[form]
        sense, degenerate = (1 if scale > 0 else -1), 0
        while True:
            row = self._slopes(variable)
            entering = self._entering(row, sense, by_index=degenerate > 2 * self.dimension)
            if entering < 0:
                return self._peak(row, variable, scale)
            direction = sense if row[entering] > 0 else -sense
            leaving, bound, step = self._blocking(entering, direction)
            if bound is None:
                return self._ray(entering, direction, variable, sense)
            degenerate = 0 if step else degenerate + 1
            if leaving == self._frame[entering]:
                self._move(entering, bound[0], bound[1])
            else:
                self._exchange(leaving, bound, self._slopes(leaving), entering)

    def _bounds(self, variable: int) -> tuple[Bound | None, Bound | None]:
        return self._lower[variable], self._upper[variable]

    def _blocking(self, entering: int, direction: int) -> tuple[int, Bound | None, Rational]:
        """The variable that meets a bound first when the point moves along an edge, its bound, the step."""
        leaving, step, scale, edge = self._frame[entering], mpq(0), self._determinant, self._edges[entering]
        bound = (self._upper if direction > 0 else self._lower)[leaving]
        if bound is not None:
            step = mpq(abs(bound[0] - self._values[entering][0]))
        for candidate in self._bounded:
            if self._place[candidate] >= 0:
                continue
            form = self._forms[candidate]
            slope = sum(map(mul, form, edge)) * direction
            limit = (self._upper if slope > 0 else self._lower)[candidate]
            if not slope or limit is None:
                continue
            distance = mpq(limit[0] * scale - sum(map(mul, form, self._standard))) / slope
            if bound is None or distance < step or (distance == step and candidate < leaving):
                leaving, bound, step = candidate, limit, distance
        return leaving, bound, step

    def _peak(self, row: Sequence[int], variable: int, scale: Number) -> Peak:
        form, d, sense = self._forms[variable], self._determinant, (1 if scale > 0 else -1)
        terms = self._holding(row, sense)
        constant, _ = self._combination(terms, [sense * d * a for a in form])
        value = mpq(sum(map(mul, form, self._standard))) / d
        if constant != sense * d * value:
            raise InternalContradiction("duality of linear programs: the dual value is not the primal one")
        return Peak(value * scale, self._by_tag(terms, mpq(abs(scale)) / d))

    def _ray(self, entering: int, direction: int, variable: int, sense: int) -> Ray:
        ray = primitive([mpq(direction * e) for e in self._edges[entering]])
        growth = sum(map(mul, self._forms[variable], ray)) * sense
        for other in self._bounded:
            slope, (low, high) = sum(map(mul, self._forms[other], ray)), self._bounds(other)
            if (low and slope < 0) or (high and slope > 0):
                growth = 0
        if growth <= 0:
            raise InternalContradiction("the direction found by the simplex is no ray of the feasible set")
        return Ray(tuple(map(mpq, ray)))
