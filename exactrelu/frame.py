"""A frame: n independent linear forms held at values, which fix a point, and the edges that leave it.

The state of a revised simplex in integers. Each form of the frame has an *edge*, the direction along which it
alone grows; the edges are the columns of the inverse of the frame's matrix, kept as integer vectors over the
determinant, so that every division is exact (Edmonds 1967, Bareiss 1968). A value is a pair (c, k), meaning
c + k delta with delta > 0 infinitesimal. Vectors are replaced, never changed: a copy of a frame is a copy of
short lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from operator import mul
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.errors import MalformedInput
from exactrelu.rational import Rational, primitive, rational

Number: TypeAlias = Any  # an int where the value is integral, else an mpq


class Frame:
    """The registered forms, a frame among them, and the point that it fixes; at first x_1 = .. = x_n = 0.

    >>> frame = Frame(2)
    >>> frame.value(frame.form((1, 2)))
    (mpq(0,1), mpq(0,1))
    """

    def __init__(self, dimension: int) -> None:
        if dimension < 0:
            raise MalformedInput("dimension", str(dimension), "a number of variables >= 0")
        self.dimension = dimension
        units = [tuple(int(i == j) for i in range(dimension)) for j in range(dimension)]
        self._forms: list[tuple[int, ...]] = units  # the primitive form that each variable stands for
        self._variable = {unit: j for j, unit in enumerate(units)}  # and back
        self._handles: list[tuple[int, Number]] = []  # handle -> (variable, scale)
        self._handle: dict[tuple[Number, ...], int] = {}
        self._frame: list[int] = list(range(dimension))  # the variables in the frame
        self._place: list[int] = list(range(dimension))  # variable -> its index in the frame, or -1
        self._edges: list[list[int]] = [list(unit) for unit in units]  # times the determinant
        self._determinant = 1
        self._values: list[tuple[Number, int]] = [(0, 0)] * dimension  # of the frame
        self._standard: list[Number] = [0] * dimension  # the point times the determinant: c ..
        self._infinitesimal: list[int] = [0] * dimension  # .. and k
        self._fractional = False  # are the standard parts mpq?

    def form(self, coefficients: Sequence[object]) -> int:
        """The handle of a linear form; proportional forms share one variable.

        Raises `MalformedInput` for a wrong length, `InexactError` for floats.

        >>> frame = Frame(2)
        >>> frame.form((1, 2)), frame.form(("1/2", 1)), frame.form((1, 2))
        (0, 1, 0)
        """
        key = tuple(a if type(a) is int else exact(a) for a in coefficients)
        handle = self._handle.get(key)
        if handle is not None:
            return handle
        if len(key) != self.dimension:
            raise MalformedInput("form", f"{len(key)} coefficients", f"{self.dimension}, one for each variable")
        if all(type(a) is int for a in key):
            divisor = gcd(*key)
            integers = key if divisor <= 1 else tuple(a // divisor for a in key)
        else:
            integers = primitive([mpq(a) for a in key])
        scale: Number = 1
        for a, whole in zip(integers, key, strict=True):
            if a:
                if a < 0:
                    integers = tuple(-b for b in integers)
                scale = exact(mpq(whole) / abs(a))
                break
        variable = self._variable.get(integers)
        if variable is None:
            variable = self._variable[integers] = len(self._forms)
            self._forms.append(integers)
            self._place.append(-1)
        handle = self._handle[key] = len(self._handles)
        self._handles.append((variable, scale))
        return handle

    def value(self, form: int) -> tuple[Rational, Rational]:
        """The value (c, k), meaning c + k delta, of a form at the present point.

        After a ``Simplex.check`` that returned None the point satisfies every constraint for small delta > 0,
        so the sign of the pair (that of c, else of k) is one that the form takes on the feasible set.
        """
        variable, scale = self._handles[form]
        coefficients, factor = self._forms[variable], mpq(scale) / self._determinant
        c, k = sum(map(mul, coefficients, self._standard)), sum(map(mul, coefficients, self._infinitesimal))
        return c * factor, k * factor

    def _saved(self) -> tuple[Any, ...]:
        frame = self._frame[:], self._place[:], self._edges[:], self._determinant
        return *frame, self._values[:], self._standard, self._infinitesimal, self._fractional

    def _restore(self, saved: tuple[Any, ...]) -> None:
        self._frame, self._place, self._edges, self._determinant, *point = saved
        self._values, self._standard, self._infinitesimal, self._fractional = point

    def _slopes(self, variable: int) -> list[int]:
        """How a form grows along each edge, times the determinant."""
        form = self._forms[variable]
        return [sum(map(mul, form, edge)) for edge in self._edges]

    def _move(self, place: int, c: Number, k: int) -> None:
        """Gives a form of the frame a new value; the point moves along its edge."""
        old_c, old_k = self._values[place]
        self._values[place] = (c, k)
        edge = self._edges[place]
        if c != old_c:
            step = c - old_c
            self._standard = [x + step * e for x, e in zip(self._standard, edge)]  # noqa: B905
            self._fractional = self._fractional or type(c) is not int
        if k != old_k:
            step = k - old_k
            self._infinitesimal = [x + step * e for x, e in zip(self._infinitesimal, edge)]  # noqa: B905

    def _exchange(self, variable: int, bound: Any, row: Sequence[int], entering: int) -> None:
        """Puts a variable, at the given bound, into the frame in the place of another, which is set free.

        ``row`` holds the slopes of the variable along the edges, times the determinant.
        """
        edges, d, p = self._edges, self._determinant, row[entering]
        edge = edges[entering]
        if p < 0:
            p, edge = -p, [-e for e in edge]
        form = self._forms[variable]
        step = bound[0] * d - sum(map(mul, form, self._standard))
        if type(bound[0]) is not int:
            self._fractional = True  # also where the point stays: later exchanges divide
        if step or p != d:
            pairs = zip(self._standard, edge)  # noqa: B905
            if self._fractional:
                self._standard = [mpq(p * x + step * e) / d for x, e in pairs]
            else:
                self._standard = [(p * x + step * e) // d for x, e in pairs]
        step = bound[1] * d - sum(map(mul, form, self._infinitesimal))
        if step or p != d:
            self._infinitesimal = [(p * x + step * e) // d for x, e in zip(self._infinitesimal, edge)]  # noqa: B905
        for j, a in enumerate(row):
            if j == entering:
                edges[j] = edge
            elif a:
                if d == 1:
                    edges[j] = [p * u - a * e for u, e in zip(edges[j], edge)]  # noqa: B905
                else:
                    edges[j] = [(p * u - a * e) // d for u, e in zip(edges[j], edge)]  # noqa: B905
            elif p != d:
                edges[j] = [p * u // d for u in edges[j]]
        self._determinant = p
        self._place[self._frame[entering]], self._place[variable] = -1, entering
        self._frame[entering], self._values[entering] = variable, (bound[0], bound[1])


def exact(value: object) -> Number:
    """An exact number as an int where it is integral, else as an mpq.

    >>> exact("4/2"), exact("1/2")
    (2, mpq(1,2))
    """
    number: Any = value if type(value) is mpq else rational(value)
    return int(number) if number.denominator == 1 else number
