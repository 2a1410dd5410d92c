"""Liu, figures 4 and A4: the probability P_t of (25), (26) as tables and curves whose error bars are proofs.

A row is (parameter, lower, upper), all rational: at that parameter lower <= P_t <= upper. A piece of a curve is
(from, to, lower, upper): the bounds hold at all parameters between. Both come from ball arithmetic; of a row
``row_certificate`` makes a certificate, in which the checker computes all integrals again. N = 100 as in the paper.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import NamedTuple, TypeAlias

from gmpy2 import mpq

from exactrelu.certificate import Certificate
from exactrelu.errors import Unsupported
from exactrelu.rational import Rational, Vector
from exactrelu.theorems.liu.gaussian import BITS, Ball, Enclosure, GaussianWeights, as_ball, precision
from exactrelu.theorems.liu.gaussian_facts import gaussian_certificate, power_bounds

SAMPLES = 100
DIGITS = 8
FINEST = mpq(1, 4096)
OUTWARD = (1, -1)
A4_LOCATIONS: Vector = (mpq(1, 10), mpq(1, 20), mpq(0), mpq(-1, 20))
Path: TypeAlias = "Callable[[Rational | Ball], Sequence[Rational | Ball]]"
"""The locations of all weights as functions of the parameter of a curve, for numbers and for balls."""


class Row(NamedTuple):
    """At this parameter the probability lies between these bounds."""

    parameter: Rational
    lower: Rational
    upper: Rational


class Piece(NamedTuple):
    """At all parameters from ``start`` to ``stop`` the probability lies between these bounds."""

    start: Rational
    stop: Rational
    lower: Rational
    upper: Rational


@dataclass(frozen=True)
class Curve:
    """P_t along a path of parallel weights: ``normals``, the ``path``, the gaps that count (None: all of them).

    >>> row = figure_4b().at(mpq(0))
    >>> mpq(264, 10**14) < row.lower < row.upper < mpq(265, 10**14)
    True
    """

    normals: tuple[int, ...]
    path: Path
    gaps: tuple[int, ...] | None = None
    samples: int = SAMPLES

    def weights(self, parameter: Rational | Ball) -> GaussianWeights:
        """The weights at a parameter."""
        return GaussianWeights(self.normals, tuple(self.path(parameter)))

    def at(self, parameter: Rational) -> Row:
        """Bounds at one parameter."""
        bounds = self.weights(parameter).trapped(self.samples, self.gaps).rounded(DIGITS)
        return Row(parameter, bounds.lower, min(bounds.upper, mpq(1)))

    def table(self, parameters: Iterable[Rational]) -> tuple[Row, ...]:
        """One row for each parameter."""
        return tuple(self.at(parameter) for parameter in parameters)

    def piece(self, start: Rational, stop: Rational) -> Piece:
        """Bounds on an interval of parameters; the trivial ones where the balls are too wide for better."""
        with precision(BITS):
            ball = as_ball(start).union(as_ball(stop))
            try:
                bounds = self.weights(ball).trapped(self.samples, self.gaps).rounded(DIGITS)
            except Unsupported:
                bounds = Enclosure(mpq(0), mpq(1))
        return Piece(start, stop, max(bounds.lower, mpq(0)), min(bounds.upper, mpq(1)))

    def band(self, start: Rational, stop: Rational, height: Rational, finest: Rational = FINEST) -> tuple[Piece, ...]:
        """The whole curve between two parameters: halved until no piece is higher than ``height``.

        Pieces no longer than ``finest`` stay as they are.
        """
        done: list[Piece] = []
        waiting = [(start, stop)]
        while waiting:
            left, right = waiting.pop()
            piece = self.piece(left, right)
            if piece.upper - piece.lower <= height or right - left <= finest:
                done.append(piece)
            else:
                middle = (left + right) / 2
                waiting += [(middle, right), (left, middle)]
        return tuple(done)

    def row_certificate(self, row: Row) -> Certificate:
        """The proof of one row, for the independent checker."""
        weights = self.weights(row.parameter)
        relations = power_bounds(weights, self.samples, row.lower, row.upper, self.gaps)
        statement = f"P_t lies between {row.lower} and {row.upper} at the parameter {row.parameter}."
        return gaussian_certificate(None, weights, statement, relations)


ORIGIN = mpq(0)


def figure_4b(fixed: Rational = ORIGIN, gaps: tuple[int, ...] | None = None) -> Curve:
    """Figure 4 (b): two weights that look outward, the second fixed; gaps (0,) counts the first gap alone."""
    return Curve(OUTWARD, lambda t: (t, fixed), gaps)


def figure_4c(first: Iterable[Rational], second: Iterable[Rational]) -> tuple[tuple[Rational, Row], ...]:
    """Figure 4 (c): both weights move; pairs of the location of the second and a row for the first."""
    places = tuple(first)
    return tuple((h, row) for h in second for row in figure_4b(h).table(places))


def figure_a4a(normals: tuple[int, ...]) -> Curve:
    """Figure A4 (a): four weights, the uppermost moves, from 1/10; the paper does not print the normals."""
    return Curve(normals, lambda t: (t, *A4_LOCATIONS[1:]))


def figure_a4b(normals: tuple[int, ...]) -> Curve:
    """Figure A4 (b): four weights, all move by the same; the paper does not print the normals."""

    def shifted(t: Rational | Ball) -> Sequence[Rational | Ball]:
        return tuple(t + (h if isinstance(t, type(h)) else as_ball(h)) for h in A4_LOCATIONS)

    return Curve(normals, shifted)


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Rational]]) -> str:
    """Rows as comma-separated fractions under a head."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([str(value) for value in row] for row in rows)
    return buffer.getvalue()
