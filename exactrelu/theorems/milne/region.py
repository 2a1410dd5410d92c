"""Milne, Definition 2: the region U(lambda, theta), with membership decided exactly.

W is in U(lambda, theta), 0 < theta < lambda, iff sqrt2 H(H+1) r l(W)^(1/2) ||W||_*^(H-1) < lambda - theta. Squared, and
without norms: iff for each layer, with G = W_i W_i^T (or W_i^T W_i, if it is smaller),

    (lambda - theta)^2 I - 2 H^2 (H+1)^2 r^2 l(W) G^(H-1)

is positive definite. No root is taken. U(lambda) is the union over theta, the same with theta = 0.
"""

from __future__ import annotations

from collections.abc import Callable

from gmpy2 import mpq

from exactrelu.facts import expression
from exactrelu.landscape import Problem
from exactrelu.linear import Congruence, certify_positive_definite, certify_positive_semidefinite, product
from exactrelu.point import Point
from exactrelu.rational import Matrix, Rational
from exactrelu.theorems.claim import (
    NO,
    YES,
    Claim,
    Fact,
    Outcome,
    Tick,
    implication,
    not_applicable,
    on_all_points,
    seen,
)
from exactrelu.theorems.milne.setting import (
    decay_rate,
    gram,
    layers,
    proved,
    radius2,
    scope,
    training_error,
)

ZERO = mpq(0)


def is_below(point: Point, bound: str, value: Rational, constant: int, words: str) -> Fact:
    """Whether sqrt2 constant r l^(1/2) ||W||_*^(H-1) < bound; ``bound`` is an expression whose ``value`` is > 0.

    Yes: value^2 I - 2 constant^2 r^2 l G^(H-1) is positive definite for all layers. No: for one of them a vector v != 0
    with v^T (..) v <= 0.
    """
    problem = point.instance
    power = problem.network.hidden_layers - 1
    factor = 2 * constant**2 * radius2(problem) * training_error(problem, point.parameters)
    gaps = []
    for k, matrix in enumerate(layers(problem, point.parameters), 1):
        g = gram(matrix)
        gap = f"({bound})**2*identity({len(g)}) - {2 * constant**2}*r2*l*G{k}**{power}"
        found = certify_positive_definite(_gap(value, factor, g, power))
        if not isinstance(found, Congruence):
            v = expression(list(found.vector))
            relations = [f"{bound} > 0", "norm2(v) > 0", f"v @ ({gap}) @ v <= 0"]
            return Fact(NO, f"not {words}", (proved(problem, point.parameters, f"Not {words}.", relations, {"v": v}),))
        gaps.append(f"positive_definite({gap})")
    return Fact(YES, words, (proved(problem, point.parameters, f"{words}.", [f"{bound} > 0", *gaps]),))


def _gap(value: Rational, factor: Rational, g: Matrix, power: int) -> Matrix:
    one = tuple(tuple(mpq(int(i == j)) for j in range(len(g))) for i in range(len(g)))
    high = product(one, *[g] * power)
    return tuple(tuple(value**2 * one[i][j] - factor * high[i][j] for j in range(len(g))) for i in range(len(g)))


def in_region(point: Point, theta: Rational = ZERO) -> Fact:
    """Whether the point is in U(lambda, theta); in U(lambda) for theta = 0."""
    h, rate = point.instance.network.hidden_layers, decay_rate(point.instance)
    name = f"U({rate}, {theta})" if theta else f"U({rate})"
    bound = f"weight_decay - {theta}" if theta else "weight_decay"
    return is_below(point, bound, rate - theta, h * (h + 1), f"in {name}")


def largest_theta(point: Point) -> Rational | None:
    """A theta for which the point is in U(lambda, theta), the largest lambda k / 2^m up to 1/16 of it; None outside."""
    if in_region(point).answer == NO:
        return None
    rate = decay_rate(point.instance)
    low, high = next(
        (rate / 2**j, rate / 2 ** (j - 1)) for j in range(1, 10**6) if in_region(point, rate / 2**j).answer == YES
    )
    for _ in range(4):
        middle = (low + high) / 2
        low, high = (middle, high) if in_region(point, middle).answer == YES else (low, middle)
    return low


def about_points(judge: Callable[[Point], Outcome], *, decayed: bool = True) -> Callable[[Problem, Tick], Outcome]:
    """The procedure of a claim about all named points of a problem of Milne's."""

    def procedure(problem: Problem, tick: Tick) -> Outcome:
        why = scope(problem, decay=decayed)
        return not_applicable(why) if why else on_all_points(problem, tick, judge)

    return procedure


def definition_2(point: Point) -> Outcome:
    """In U(lambda, theta) for the largest theta of a grid, and not for the next; or not in U(lambda)."""
    theta = largest_theta(point)
    fact = in_region(point, theta or ZERO)
    return Outcome("verified", fact.words, fact.certificates)


def equation_14(point: Point) -> Outcome:
    """In U(lambda) iff in U(lambda, theta) for some theta > 0, which is exhibited."""
    whole, theta = in_region(point), largest_theta(point)
    if theta is None:
        return Outcome("verified", f"{whole.words}, so for no theta", whole.certificates)
    part = in_region(point, theta)
    return Outcome("verified", f"{whole.words}, {part.words}", (*whole.certificates, *part.certificates))


def norm_ball(point: Point) -> Rational:
    """An R^2 with ||W||_* <= R, within 1/16 of the least one (0 for W = 0)."""
    problem = point.instance
    grams = [gram(matrix) for matrix in layers(problem, point.parameters)]
    high = max(sum((g[i][i] for i in range(len(g))), ZERO) for g in grams)  # the trace bounds the largest eigenvalue
    low = ZERO

    def holds(square: Rational) -> bool:
        gaps = (_gap(mpq(1), 1 / square, g, 1) for g in grams)
        return all(isinstance(certify_positive_semidefinite(gap), Congruence) for gap in gaps)

    while high and high - low > high / 16:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def equation_7(point: Point) -> Outcome:
    """||W||_* <= R and 2 H^2 (H+1)^2 r^2 R^(2H-2) l < (lambda - theta)^2 put W in U(lambda, theta)."""
    problem = point.instance
    h, theta, square = problem.network.hidden_layers, decay_rate(problem) / 2, norm_ball(point)
    constant = 2 * (h * (h + 1)) ** 2
    error = training_error(problem, point.parameters)
    small = constant * radius2(problem) * square ** (h - 1) * error < (decay_rate(problem) - theta) ** 2
    words = f"||W||_*^2 <= R^2 = {square}, training error {'' if small else 'not '}below the threshold"
    relations = [
        f"positive_semidefinite({expression(square)}*identity({min(layer.inputs, layer.outputs)}) - G{k})"
        for k, layer in enumerate(problem.network.layers, 1)
    ]
    threshold = f"{constant}*r2*{expression(square)}**{h - 1}*l"
    relations.append(f"{threshold} {'<' if small else '>='} (weight_decay - {expression(theta)})**2")
    premise = Fact(YES if small else NO, words, (proved(problem, point.parameters, words, relations),))
    return implication([lambda: premise], lambda: in_region(point, theta))


def zero_error(point: Point) -> Outcome:
    """A point of zero training error is in U(lambda, theta) for all theta < lambda: here for theta = 15/16 lambda."""
    error = training_error(point.instance, point.parameters)
    premise = Fact(NO if error else YES, f"training error {error}", seen(point))
    return implication([lambda: premise], lambda: in_region(point, decay_rate(point.instance) * mpq(15, 16)))


def origin(problem: Problem, tick: Tick) -> Point:
    """The zero network."""
    return Point(problem.forms, (ZERO,) * problem.network.parameters, "origin", tick)


def contains_the_origin(problem: Problem, tick: Tick) -> Outcome:
    """As printed in Theorem 1: U contains the origin."""
    why = scope(problem)
    if why:
        return not_applicable(why)
    start = origin(problem, tick)
    fact = in_region(start)
    if fact.answer == YES:
        return Outcome("verified", f"W = 0 {fact.words}", fact.certificates)
    empty = _is_empty(start)
    words = f"W = 0 {fact.words}" + (f"; {empty.words}" if empty.answer == YES else "")
    return Outcome("refuted", words, (*fact.certificates, *(empty.certificates if empty.answer == YES else ())))


def _is_empty(start: Point) -> Fact:
    """Whether U(lambda) is empty because H = 1 and a ReLU output cannot come near negative targets."""
    problem = start.instance
    targets = [(i, t[0]) for i, t in enumerate(problem.y) if isinstance(t, tuple) and t[0] < 0]
    count = len(problem.x)
    least = sum((problem.loss.weight(i, 0, count) * t * t for i, t in targets), ZERO)
    bounded = problem.network.hidden_layers == 1 and problem.network.output_activation and not problem.network.slopes[1]
    if not bounded or 8 * radius2(problem) * least < decay_rate(problem) ** 2:
        return Fact(NO, "some point may be in U")
    total = " + ".join(f"weights[{i}]*y[{i}]**2" for i, _ in targets)
    relations = [f"8*r2*({total}) >= weight_decay**2", *(f"y[{i}] < 0" for i, _ in targets)]
    words = f"l >= {least} everywhere, so U({decay_rate(problem)}) is empty"
    return Fact(YES, words, (proved(problem, start.parameters, words, relations),))


def not_empty(problem: Problem, tick: Tick) -> Outcome:
    """H > 1: all W with |W_i| <= rho for all layers are in U(lambda, lambda/2), for a rho > 0 that is exhibited.

    There l(W) <= 2 l(0) + r^2 rho^(2H+2), for |output| <= r rho^(H+1), and ||W||_* <= rho.
    """
    why = scope(problem)
    if why:
        return not_applicable(why)
    h = problem.network.hidden_layers
    if h < 2:
        return on_all_points(problem, tick, zero_error)
    square = mpq(1)
    start = origin(problem, tick)
    error, r2, constant = training_error(problem, start.parameters), radius2(problem), 2 * (h * (h + 1)) ** 2
    while constant * r2 * (2 * error + r2 * square ** (h + 1)) * square ** (h - 1) >= (decay_rate(problem) / 2) ** 2:
        square /= 2
    words = f"all W with |W_i|^2 <= {square} for all layers in U({decay_rate(problem)}, {decay_rate(problem) / 2})"
    most = f"{constant}*r2*(2*l + r2*rho2**{h + 1})*rho2**{h - 1}"
    relations = ["size2 == 0", "rho2 > 0", f"{most} < (weight_decay/2)**2"]
    proof = proved(problem, start.parameters, words, relations, {"rho2": expression(square)})
    points = [(f'"{name}"', zero_error(problem.at(name, tick))) for name in problem.points]
    fits = [outcome for _, outcome in points if outcome.status == "verified"]
    detail = "; ".join([words, *(f"{place}: {o.detail}" for place, o in points if o.status == "verified")])
    return Outcome("verified", detail, (proof, *(c for outcome in fits for c in outcome.certificates)))


DEEP, SHALLOW, FAR = "milne-deep", "milne-shallow", "milne-origin-outside"

CLAIMS = (
    Claim(
        "MIL-D2", "Milne, Definition 2",
        "U(lambda, theta), where sqrt2 H(H+1) r l^(1/2) ||W||_*^(H-1) < lambda - theta: membership, without roots.",
        about_points(definition_2), (DEEP, SHALLOW), family="milne",
    ),
    Claim(
        "MIL-(7)", "Milne, equation (7)",
        "U(lambda, theta) contains the points of the ball ||W||_* <= R with training error below a threshold.",
        about_points(equation_7), (DEEP, SHALLOW), family="milne",
    ),
    Claim(
        "MIL-(14)", "Milne, equation (14)",
        "U(lambda), the union of U(lambda, theta) over theta, is where the inequality holds with theta = 0.",
        about_points(equation_14), (DEEP, SHALLOW), family="milne",
    ),
    Claim(
        "MIL-U0", "Milne, after equation (7)",
        "U(lambda, theta) contains all points of zero training error; if H > 1, a neighbourhood of 0.",
        not_empty, (DEEP,), family="milne",
    ),
    Claim(
        "MIL-T1", "Milne, Theorem 1 and the introduction",
        "There is an open set on which l_lambda is piecewise strongly convex; it contains the origin.",
        contains_the_origin, (FAR, "milne-empty-region"),
        "True for H > 1. With one hidden layer only if l(0) < lambda^2 / (8 r^2); U may even be empty.", "milne",
    ),
)  # fmt: skip
