"""Milne, Lemma 3 and Theorem 3: second derivatives of the pieces, and their strong convexity in U(lambda, theta)."""

from __future__ import annotations

from gmpy2 import mpq

from exactrelu.facts import expression
from exactrelu.landscape import Problem
from exactrelu.point import Point
from exactrelu.rational import Rational
from exactrelu.signature import Columns
from exactrelu.theorems.claim import (
    NO,
    UNDECIDED,
    YES,
    Claim,
    Fact,
    Outcome,
    Tick,
    implication,
    joint,
    not_applicable,
)
from exactrelu.theorems.milne.pieces import curvature, on_pieces
from exactrelu.theorems.milne.region import (
    DEEP,
    SHALLOW,
    ZERO,
    about_points,
    contains_the_origin,
    in_region,
    is_below,
    largest_theta,
    zero_error,
)
from exactrelu.theorems.milne.setting import decay_rate, scope

STEPS = 24


def lemma_3(point: Point, constant: int) -> Outcome:
    """The Hessian of l with the switches of W held is >= -s, s rational, s <= sqrt2 constant r l^(1/2) ||W||_*^(H-1).

    s is the bound, or less by 2^-24 of it. Refuted where the Hessian is not even >= -s for an s above the bound.
    """

    def compared(s: Rational) -> Fact:
        return is_below(point, expression(s), s, constant, f"{constant} sqrt2 r ||W||_*^(H-1) l^(1/2) < {s}")

    low, high = ZERO, mpq(1)
    while compared(high).answer == NO:
        low, high = high, 2 * high
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if compared(middle).answer == YES else (middle, high)
    rate, columns = decay_rate(point.instance), _held_signs(point)
    words = f"second derivatives >= -{constant} sqrt2 r ||W||_*^(H-1) l^(1/2)"
    fact = curvature(point, columns, low - rate, words)
    if fact.answer == YES:
        return Outcome("verified", words, (*fact.certificates, *(compared(low).certificates if low else ())))
    above = curvature(point, columns, high - rate, words) if fact.answer == NO else fact
    if above.answer == NO:
        return Outcome("refuted", above.words, (*above.certificates, *compared(high).certificates))
    return Outcome(UNDECIDED, fact.words if fact is above else "the least is within 2^-24 of the bound")


def _held_signs(point: Point) -> Columns:
    """The signs at the point, with - in the place of 0 at kinks: switches are 1 where a unit is positive only."""
    return (
        point.columns
        if point.form is not None
        else tuple(tuple(tuple(s or -1 for s in group) for group in column) for column in point.columns)
    )


def theorem_3(point: Point) -> Outcome:
    """In U(lambda, theta) the Hessians of all pieces at W, decay included, exceed theta I, theta nearly the largest."""
    theta = largest_theta(point)
    if theta is None:
        return not_applicable(in_region(point).words)
    words = f"Hessian - {theta} I positive definite"
    return implication([lambda: in_region(point, theta)], lambda: on_pieces(point, -theta, words))


def lemma_3_as_printed(point: Point) -> Outcome:
    """With the constant H(H+1)."""
    h = point.instance.network.hidden_layers
    return lemma_3(point, h * (h + 1))


def lemma_3_sharper(point: Point) -> Outcome:
    """With the constant H: sum of x_i x_j over i != j is at most H sum of x_i^2, for H + 1 numbers x_i."""
    return lemma_3(point, point.instance.network.hidden_layers)


def theorem_1(problem: Problem, tick: Tick) -> Outcome:
    """H > 1: U contains the origin and the points of zero error; the pieces are strongly convex at the points in it."""
    if scope(problem) or problem.network.hidden_layers < 2:
        return not_applicable(scope(problem) or "H > 1 is needed")
    parts = [("the origin", contains_the_origin(problem, tick))]
    for name in problem.points:
        point = problem.at(name, tick)
        parts += [(f'"{name}"', theorem_3(point)), (f'"{name}"', zero_error(point))]
    return joint([part for part in parts if part[1].status != "not applicable"])


CLAIMS = (
    Claim(
        "MIL-L3", "Milne, Lemma 3",
        "With the switches held, second derivatives of l are >= -sqrt2 H(H+1) r ||W||_*^(H-1) l(W)^(1/2).",
        about_points(lemma_3_as_printed, decayed=False), (DEEP, SHALLOW), family="milne",
    ),
    Claim(
        "MIL-L3-H", "Milne, Lemma 3, sharpened",
        "The same with H in the place of H(H+1); for H = 1 it is attained.",
        about_points(lemma_3_sharper, decayed=False), (DEEP, SHALLOW), family="milne",
    ),
    Claim(
        "MIL-T3", "Milne, Theorem 3, equations (11) to (13)",
        "In U(lambda, theta) every piece of l_lambda has a Hessian of at least theta I.",
        about_points(theorem_3), (DEEP, SHALLOW), family="milne",
    ),
    Claim(
        "MIL-T1-deep", "Milne, Theorem 1, for H > 1",
        "U contains the origin and all points of zero error, and l_lambda is piecewise strongly convex on it.",
        theorem_1, (DEEP,), family="milne",
    ),
)  # fmt: skip
