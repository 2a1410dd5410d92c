"""Irreducible curves f(s, t) = 0 over Q: where their topology may change, and certified roots over a rational s."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import gcd, lcm
from typing import Any

import flint
from gmpy2 import mpq

from exactrelu.errors import Unsupported
from exactrelu.polynomial import Polynomial, Ring, from_flint, to_flint
from exactrelu.rational import Rational
from exactrelu.rounding import shortest_between

RING = Ring(("s", "t"))
"""The ring of all polynomials of a plane."""
PRECISIONS = (96, 192, 384, 768, 1536, 3072)


@dataclass(frozen=True)
class Curve:
    """An irreducible polynomial in (s, t) with coprime integer coefficients; equal iff the texts are.

    >>> s, t = RING.context.gens()
    >>> curves(s * t * t - t / 2)
    (Curve(t), Curve(-1 + 2*s*t))
    """

    text: str
    value: Any = field(compare=False)

    @property
    def is_line(self) -> bool:
        """Whether the degree is 1."""
        return int(self.value.total_degree()) == 1

    @cached_property
    def line(self) -> tuple[Rational, Rational, Rational]:
        """Of a line: (a, b, c) with a s + b t + c = 0."""
        terms = self.value.to_dict()
        a, b, c = (from_flint(terms[m]) if m in terms else mpq(0) for m in ((1, 0), (0, 1), (0, 0)))
        return a, b, c

    @cached_property
    def in_t(self) -> tuple[Any, ...]:
        """The coefficients of 1, t, t^2, .. as polynomials in s."""
        return powers_of_t(self.value)

    @property
    def is_vertical(self) -> bool:
        """Whether t does not occur: the curve is a set of vertical lines."""
        return len(self.in_t) == 1

    def roots(self, s: Rational, precision: int) -> list[Any]:
        """The real t with f(s, t) = 0, in order, as disjoint flint balls; s must not be critical."""
        return real_roots(flint.fmpq_poly([c(to_flint(s)) for c in self.in_t]), precision)

    def __repr__(self) -> str:
        return f"Curve({self.text})"


def curves(polynomial: Any) -> tuple[Curve, ...]:
    """The irreducible factors of a flint polynomial in (s, t), short ones first; none of a constant."""
    found = []
    for factor, _ in polynomial.factor()[1] if not polynomial.is_constant() else ():
        scale = lcm(*(int(c.q) for c in factor.coeffs()))
        content = gcd(*(int(c.p) * (scale // int(c.q)) for c in factor.coeffs()))
        value = factor * flint.fmpq(scale, content)
        value = -value if value.leading_coefficient() < 0 else value
        found.append(Curve(str(Polynomial(RING, value)), value))
    return tuple(sorted(found, key=lambda each: (len(each.text), each.text)))


def powers_of_t(polynomial: Any) -> tuple[Any, ...]:
    """The coefficients of 1, t, t^2, .. of a flint polynomial in (s, t), as polynomials in s."""
    rows: list[dict[int, Any]] = [{} for _ in range(int(polynomial.degrees()[1]) + 1)]
    for (power, row), coefficient in polynomial.to_dict().items():
        rows[row][power] = coefficient
    return tuple(flint.fmpq_poly([row.get(k, 0) for k in range(max(row, default=0) + 1)]) for row in rows)


def real_roots(polynomial: Any, precision: int) -> list[Any]:
    """The distinct real roots of a univariate flint polynomial over Q, in order, as disjoint balls."""
    if polynomial.degree() < 1:
        return []
    if polynomial.degree() == 1:
        with flint.ctx.workprec(precision):
            return [flint.arb(-polynomial[0] / polynomial[1])]
    with flint.ctx.workprec(precision):
        found = [root.real for root, _ in polynomial.numer().complex_roots() if root.imag == 0]
    return sorted(found, key=lambda root: from_ball(root)[0])


def from_ball(ball: Any) -> tuple[Rational, Rational]:
    """The ends of a ball, as rationals."""
    middle, radius = (mpq(int(m)) * mpq(2) ** int(e) for m, e in (ball.mid().man_exp(), ball.rad().man_exp()))
    return middle - radius, middle + radius


def are_separate(intervals: Sequence[tuple[Rational, Rational]]) -> bool:
    """Whether intervals, sorted by their lower ends, are disjoint."""
    return all(a[1] < b[0] for a, b in pairwise(intervals))


def between(low: Rational, high: Rational) -> Rational:
    """A short number strictly between two."""
    return shortest_between((low, True), (high, True))


class Critical:
    """The s over which curves may meet, turn back, or be vertical: the zeros of resultants and discriminants.

    Between two of them the curves are graphs of continuous functions that do not meet. The zeros of distinct
    irreducible polynomials differ, so that intervals can be refined until they are disjoint.
    """

    def __init__(self) -> None:
        self._factors: dict[str, Any] = {}
        self._done: set[tuple[str, ...]] = set()

    def add(self, found: Iterable[Curve]) -> None:
        """Take new curves into account, with one another and with those that are known."""
        all_curves = sorted(found, key=lambda each: each.text)
        for number, f in enumerate(all_curves):
            self._add((f.text,), lambda f=f: f.value if f.is_vertical else f.value.discriminant("t"))
            for g in all_curves[:number]:
                if not f.is_vertical and not g.is_vertical:
                    self._add((f.text, g.text), lambda f=f, g=g: f.value.resultant(g.value, "t"))

    def _add(self, key: tuple[str, ...], polynomial: Any) -> None:
        if key not in self._done:
            self._done.add(key)
            for factor in curves(polynomial()):
                self._factors[factor.text] = factor.in_t[0]

    def values(self, low: Rational, high: Rational, more: Iterable[Rational] = ()) -> list[tuple[Rational, Rational]]:
        """Disjoint intervals, in order, for the critical values strictly between two numbers, and ``more`` values."""
        exact = {(s, s) for s in more if low < s < high}
        for precision in PRECISIONS:
            found = set(exact)
            for factor in self._factors.values():
                if factor.degree() == 1:
                    root = from_flint(-factor[0] / factor[1])
                    found |= {(root, root)} if low < root < high else set()
                else:
                    ends = [from_ball(root) for root in real_roots(factor, precision)]
                    found |= {(a, b) for a, b in ends if b > low and a < high}
            result = sorted(found)
            if are_separate([(low, low), *result, (high, high)]):
                return result
        raise Unsupported("two critical values of the curves in this slice are too close to be told apart")
