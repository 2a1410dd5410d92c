"""Milne, Theorem 2 with Lemmas 5 and 6: critical points in U are isolated minima. By ``vacuity`` W = 0 is the only one.

At W = 0 the claims have content. With |W_k| <= rho for all layers l(W) <= 2 l(0) + r^2 rho^(2H+2). If moreover
2 r^2 l(W) rho^(2H-2) < lambda^2 there, nothing but W = 0 is critical in this ball; and W = 0 is a strict minimum, since
l_lambda(W) - l(0) >= lambda/2 |W|^2 - (2 l(0))^(1/2) r |W_1| .. |W_(H+1)|. For H = 1 it is enough that
2 r^2 l(0) < lambda^2: the ball is then as small as is needed.
"""

from __future__ import annotations

from dataclasses import replace

from gmpy2 import mpq

from exactrelu.facts import expression
from exactrelu.point import Point
from exactrelu.theorems.claim import YES, Claim, Fact, Outcome, implication, joint
from exactrelu.theorems.milne.region import DEEP, SHALLOW, about_points, in_region
from exactrelu.theorems.milne.setting import decay_rate, proved, radius2, training_error
from exactrelu.theorems.milne.vacuity import TOY, critical


def differentiable(point: Point) -> Fact:
    """Whether l_lambda is differentiable at the point; at W = 0 it is, as every output is O(|W|^(H+1))."""
    if any(point.parameters):
        return Fact.of(point.differentiable())
    return replace(critical(point), words="differentiable")


def local_minimum(point: Point) -> Fact:
    """Whether the point is a local minimum of l_lambda."""
    zero = _zero(point)
    return zero if zero is not None else Fact.of(point.local_minimum())


def isolated_minimum(point: Point) -> Fact:
    """Whether the point is a local minimum, and no other point near is one."""
    zero = _zero(point)
    if zero is not None:
        return zero
    minimum = Fact.of(point.local_minimum())
    return minimum if minimum.answer != YES else Fact.of(point.isolated())


def _zero(point: Point) -> Fact | None:
    """That W = 0 is an isolated local minimum; None for other points, and where this proof fails."""
    if any(point.parameters):
        return None
    problem = point.instance
    h, r2, error = problem.network.hidden_layers, radius2(problem), training_error(problem, point.parameters)
    if h == 1:
        relations, more = ["size2 == 0", "2*r2*l < weight_decay**2"], {}
        good = 2 * r2 * error < decay_rate(problem) ** 2
        ball = "a ball"
    else:
        square, good = mpq(1), True
        while 2 * r2 * (2 * error + r2 * square ** (h + 1)) * square ** (h - 1) >= decay_rate(problem) ** 2:
            square /= 2
        most = f"2*r2*(2*l + r2*rho2**{h + 1})*rho2**{h - 1}"
        relations, more = ["size2 == 0", f"{most} < weight_decay**2"], {"rho2": expression(square)}
        ball = f"|W_k|^2 <= {square}"
    if not good:
        return None
    words = f"isolated local minimum: the only critical point in {ball}"
    return Fact(YES, words, (proved(problem, point.parameters, words, relations, more),))


def lemma_5(point: Point) -> Outcome:
    """A point of U(lambda) at which l_lambda is differentiable, with gradient 0, is an isolated local minimum."""
    premises = [lambda: in_region(point), lambda: critical(point), lambda: differentiable(point)]
    return implication(premises, lambda: isolated_minimum(point))


def lemma_6(point: Point) -> Outcome:
    """A local minimum in U(lambda) is isolated."""
    return implication([lambda: in_region(point), lambda: local_minimum(point)], lambda: isolated_minimum(point))


def theorem_2(point: Point) -> Outcome:
    """Lemmas 5 and 6 together."""
    parts = [("Lemma 5", lemma_5(point)), ("Lemma 6", lemma_6(point))]
    return joint([part for part in parts if part[1].status != "not applicable"] or parts)


CLAIMS = (
    Claim(
        "MIL-T2", "Milne, Theorem 2",
        "In U every differentiable critical point is a local minimum, and every local minimum is isolated.",
        about_points(theorem_2), (DEEP, SHALLOW, TOY), family="milne",
    ),
    Claim(
        "MIL-L5", "Milne, Lemma 5",
        "Every differentiable critical point of l_lambda in U(lambda, theta) is an isolated local minimum.",
        about_points(lemma_5), (DEEP, SHALLOW), family="milne",
    ),
    Claim(
        "MIL-L6", "Milne, Lemma 6",
        "Every local minimum of l_lambda in U(lambda, theta) is isolated.",
        about_points(lemma_6), (DEEP, SHALLOW), family="milne",
    ),
)  # fmt: skip
