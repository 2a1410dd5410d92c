"""Liu, section 7.2 and appendix E.2: parallel weights and Gaussian data, in ball arithmetic.

Two classes y = 1, -1 with equal priors; along the direction u the coordinate of a data point of class y is normal with
mean y and variance 1. All that follows are functions of integrals over intervals (a, b) of the line,

    mass   = sum_y Phi(b - y) - Phi(a - y),                                    P_j+ + P_j-   (E.7), (E.9)
    moment = sum_y y (Phi(b - y) - Phi(a - y)) + phi(a - y) - phi(b - y),      P_j+ m_j+ + P_j- m_j-   (E.10)
    label  = sum_y y (Phi(b - y) - Phi(a - y)),                                P_j+ - P_j-

with F(l, k) the mass of where l and k are both active and f(l) = sum_k moment(l and k) - label(l)   (E.4), (E.5).
Every number is an Arb ball, so its ends are bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any, TypeAlias

from flint import arb, arb_mat, ctx, fmpq
from gmpy2 import mpq, mpz

from exactrelu.errors import Unsupported
from exactrelu.rational import Matrix, Rational, Vector

MEANS = (1, -1)
BITS, DIGITS, FEW, MORE = 256, 50, 12, 14
NEAR = mpq(1, 10**6)
_MPQ = type(mpq())
Ball: TypeAlias = Any
"""A `flint.arb`."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Balls with so many bits; the old precision comes back afterwards."""
    old, ctx.prec = ctx.prec, bits
    try:
        yield
    finally:
        ctx.prec = old


@dataclass(frozen=True)
class Enclosure:
    """Rational bounds of a real number: lower <= value <= upper.

    >>> Enclosure(mpq(1, 3), mpq(1, 2)).rounded(2)
    Enclosure(lower=mpq(33,100), upper=mpq(1,2))
    """

    lower: Rational
    upper: Rational

    @classmethod
    def of(cls, ball: Ball) -> Enclosure:
        """The interval of a ball; raises `Unsupported` for one that is not finite."""
        if not ball.is_finite():
            raise Unsupported("ball arithmetic gives no finite enclosure")
        ends = []
        with precision(BITS):
            bounds = ball.lower(), ball.upper()
        for end in bounds:
            mantissa, exponent = (int(part) for part in end.man_exp())
            ends.append(mpq(mantissa) * mpq(2) ** exponent)
        return cls(*ends)

    def rounded(self, digits: int) -> Enclosure:
        """Decimal bounds with so many significant digits of the upper one, rounded outward."""
        scale, large = mpq(1), max(abs(self.upper), abs(self.lower))
        while large and large * scale * 10 < mpq(10) ** digits:
            scale *= 10
        low, high = self.lower * scale, self.upper * scale
        floor = mpz(low.numerator // low.denominator)
        ceiling = -mpz(-high.numerator // high.denominator)
        return Enclosure(floor / scale, ceiling / scale)

    @property
    def ball(self) -> Ball:
        """A ball that contains the interval."""
        return as_ball(self.lower).union(as_ball(self.upper))


def as_ball(value: Rational | Ball) -> Ball:
    """A rational number as a ball; a ball as it is."""
    return value if isinstance(value, arb) else arb(fmpq(int(value.numerator), int(value.denominator)))


def density(t: Ball) -> Ball:
    """phi(t), the density of the standard normal law."""
    return (-t * t / 2).exp() / (2 * arb.pi()).sqrt()


def _distribution(t: Ball | None, end: int) -> Ball:
    """Phi(t); None stands for the infinite end -1 or 1."""
    return arb((end + 1) // 2) if t is None else (-t / arb(2).sqrt()).erfc() / 2


@dataclass(frozen=True)
class Interval:
    """An interval of the line, of balls; None for an infinite end. If the ends are out of order it is empty."""

    left: Ball | None
    right: Ball | None

    def __and__(self, other: Interval) -> Interval:
        lefts = [end for end in (self.left, other.left) if end is not None]
        rights = [end for end in (self.right, other.right) if end is not None]
        left = None if not lefts else lefts[0] if len(lefts) == 1 else lefts[0].max(lefts[1])
        right = None if not rights else rights[0] if len(rights) == 1 else rights[0].min(rights[1])
        if left is not None and right is not None:
            right = left if right <= left else left.max(right)
        return Interval(left, right)

    @property
    def is_empty(self) -> bool:
        """Whether the interval is known to have no interior; the integrals over it are exactly 0 then."""
        return self.left is not None and self.left is self.right

    def _masses(self) -> list[Ball]:
        if self.is_empty:
            return [arb(0), arb(0)]
        ends = [[None if end is None else end - y for end in (self.left, self.right)] for y in MEANS]
        return [_distribution(right, 1) - _distribution(left, -1) for left, right in ends]

    @property
    def mass(self) -> Ball:
        """P_+ + P_-, twice the probability of the interval."""
        return sum(self._masses(), arb(0))

    @property
    def label(self) -> Ball:
        """P_+ - P_-."""
        return sum((y * mass for y, mass in zip(MEANS, self._masses(), strict=True)), arb(0))

    @property
    def excess(self) -> Ball:
        """The sum of phi(a - y) - phi(b - y) over the classes: moment - label."""
        total = arb(0)
        for y in () if self.is_empty else MEANS:
            total += density(self.left - y) if self.left is not None else 0
            total -= density(self.right - y) if self.right is not None else 0
        return total

    @property
    def moment(self) -> Ball:
        """The sum of the integrals of x over both classes."""
        return self.label + self.excess


@dataclass(frozen=True)
class GaussianWeights:
    """Parallel weights (K normals 1 or -1, K locations, rational or balls) and the Gaussian law above.

    >>> one = GaussianWeights((1, -1), (mpq(1), mpq(0)))
    >>> best = one.best[1].rounded(8)  # -2 phi(1)
    >>> print(best.lower, best.upper)
    -9678829/20000000 -1512317/3125000
    """

    normals: tuple[int, ...]
    locations: Sequence[Rational | Ball]

    @cached_property
    def _sides(self) -> tuple[Interval, ...]:
        pairs = zip(self.normals, map(as_ball, self.locations), strict=True)
        return tuple(Interval(h, None) if n > 0 else Interval(None, h) for n, h in pairs)

    @property
    def places(self) -> Vector:
        """A place in each region between the (rational) locations, from right to left."""
        cuts = sorted(set(self.locations), reverse=True)
        return (cuts[0] + 1, *((a + b) / 2 for a, b in pairwise(cuts)), cuts[-1] - 1)

    @property
    def patterns(self) -> Matrix:
        """Which weights are active in the regions, a row of 0 and 1 for each of `places`."""
        pairs = list(zip(self.normals, self.locations, strict=True))
        return tuple(tuple(mpq(int(n * (place - h) > 0)) for n, h in pairs) for place in self.places)

    @cached_property
    def best_balls(self) -> tuple[Ball, ...]:
        """h* with F h* = f; raises `Unsupported` where the balls do not show that F is regular."""
        with precision(BITS):
            size, sides = range(len(self.normals)), self._sides
            matrix = [[(sides[l] & sides[k]).mass for k in size] for l in size]
            right = [  # the moment of l with itself less its label is the excess
                sum(((sides[l] & sides[k]).moment for k in size if k != l), sides[l].excess) for l in size
            ]
            if all(matrix[l][k].is_zero() for l, k in combinations(size, 2)):
                return tuple(right[l] / matrix[l][l] for l in size)
            try:
                solution = arb_mat(matrix).solve(arb_mat([[entry] for entry in right]))
            except ZeroDivisionError as error:
                raise Unsupported("the matrix F is singular, or nearly so: h* is not enclosed") from error
            return tuple(solution[l, 0] for l in size)

    @cached_property
    def best(self) -> tuple[Enclosure, ...]:
        """Bounds of the least-loss locations h*: of few digits, which are quickly checked, where the gap is wide."""
        bounds = [Enclosure.of(ball) for ball in self.best_balls]
        places = [h if isinstance(h, _MPQ) else bound.lower for h, bound in zip(self.locations, bounds, strict=True)]
        wide = [abs(h - bound.lower) > NEAR for h, bound in zip(places, bounds, strict=True)]
        return tuple(bound.rounded(FEW if far else DIGITS) for bound, far in zip(bounds, wide, strict=True))

    def gap_bounds(self, which: Iterable[int] | None = None) -> tuple[Union, Union]:
        """Two unions of rational intervals: inside the union of the gaps between h_k and h_k*, and around it."""
        inner, outer = [], []
        for k in range(len(self.normals)) if which is None else which:
            place = self.locations[k]
            ends = Enclosure.of(place) if isinstance(place, arb) else Enclosure(place, place), self.best[k]
            low, high = sorted(ends, key=lambda end: end.lower + end.upper)
            inner.append((low.upper, high.lower))
            outer.append((min(low.lower, high.lower), max(low.upper, high.upper)))
        return Union.of(inner), Union.of(outer)

    def gap_probability(self, which: Iterable[int] | None = None) -> Enclosure:
        """P_g of (26): the probability of the union of the gaps, of all or of those listed, as decimal bounds."""
        inner, outer = self.gap_bounds(which)
        low, high = inner.probability.rounded(MORE).lower, outer.probability.rounded(MORE).upper
        return Enclosure(max(low, mpq(0)), min(high, mpq(1)))

    def trapped(self, samples: int, which: Iterable[int] | None = None) -> Enclosure:
        """P_t = (1 - P_g)^N of (25)."""
        gap = self.gap_probability(which)
        with precision(BITS):
            low, high = (Enclosure.of((1 - as_ball(end)) ** samples) for end in (gap.upper, gap.lower))
        return Enclosure(max(low.lower, mpq(0)), min(high.upper, mpq(1)))


@dataclass(frozen=True)
class Union:
    """Disjoint intervals of the line with rational ends, in their order.

    >>> Union.of([(mpq(2), mpq(3)), (mpq(0), mpq(1)), (mpq(1), mpq(2)), (mpq(5), mpq(4))]).parts
    ((mpq(0,1), mpq(3,1)),)
    """

    parts: tuple[Vector, ...]

    @classmethod
    def of(cls, intervals: Iterable[tuple[Rational, Rational]]) -> Union:
        """The union of intervals; those whose ends are out of order are empty."""
        parts: list[tuple[Rational, Rational]] = []
        for left, right in sorted(pair for pair in intervals if pair[0] < pair[1]):
            if parts and left <= parts[-1][1]:
                parts[-1] = (parts[-1][0], max(parts[-1][1], right))
            else:
                parts.append((left, right))
        return cls(tuple(parts))

    @property
    def probability(self) -> Enclosure:
        """The probability of the union, (E.7)."""
        with precision(BITS):
            masses = (Interval(as_ball(a), as_ball(b)).mass for a, b in self.parts)
            return Enclosure.of(sum(masses, arb(0)) / 2)
