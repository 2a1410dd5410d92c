"""Theorem 7: two neurons of any activation h on three points, as facts about the values of h and of its derivatives."""

from __future__ import annotations

from dataclasses import replace

from exactrelu.certificate import Certificate
from exactrelu.facts import facts
from exactrelu.landscape import Problem
from exactrelu.rational import Vector, vector
from exactrelu.theorems.claim import Claim, Fact, Outcome, Tick, not_applicable
from exactrelu.theorems.yun_sra_jadbabaie.activations import ACTIVATIONS
from exactrelu.theorems.yun_sra_jadbabaie.expansions import quadratic_form, second_order, three_outputs
from exactrelu.theorems.yun_sra_jadbabaie.linear_fit import fit
from exactrelu.theorems.yun_sra_jadbabaie.three_points import exact_fit, why_not_these_points


def fit_for_all() -> Certificate:
    """Part 1 for every activation: h_k = h(v_k), a = h((v_1 + v_2)/2), b = h((v_3 + v_4)/2), D = h_3 a - h_1 b.

    The outputs times D at (1, 0), (0, 1), (1/2, 1/2) are 0, h_2 h_3 - h_1 h_4 and D.
    """
    found = [
        "h3*h1 - h1*h3 == 0",
        "h3*h2 - h1*h4 == -(h1*h4 - h2*h3)",
        "h3*a - h1*b == D",
        "D == -(h1*b - h3*a)",
    ]
    variables = ("h1", "h2", "h3", "h4", "a", "b")
    return facts(None, "The outputs of part 1, times D.", found, {"D": "h3*a - h1*b"}, variables)


def risk_of_the_fit() -> Certificate:
    """Part 2: the output u_1 h(v_1) + u_2 h(v_2) = 1/3 at all three points has the risk 1/3."""
    found = ["((1/3)**2 + (1/3)**2 + (1/3 - 1)**2)/2 == 1/3"]
    return facts(None, "The risk of the constant output 1/3.", found)


def candidates(problem: Problem) -> tuple[Vector, ...]:
    """Numbers v_1, .., v_4 that satisfy (C7.1) and (C7.2) for piecewise linear units: leaky ones, and the ReLU."""
    plus, minus = problem.network.slopes
    leaky = [(1 / plus, -1 / minus, -1 / minus, 1 / plus)] if minus else []
    return (*leaky, vector([1, -1, 3, -1]))


def exact(problem: Problem, tick: Tick) -> Outcome:
    """Part 1: for any h as an identity, and for the units of the problem with the point itself."""
    why = why_not_these_points(problem)
    points = [] if why else [exact_fit(problem.network, v) for v in candidates(problem)]
    found = [point for point in points if point is not None]
    if not found:
        return not_applicable(why or "no numbers are known that satisfy (C7.1) and (C7.2) for these units")
    tick()
    made = replace(problem, points={"good": found[0]})
    good = Fact.of(made.at("good").global_minimum())
    words = "an identity in the values of h; for the units here a point of loss 0"
    return Outcome("verified", words, (fit_for_all(), *good.certificates))


def local_minimum(problem: Problem, tick: Tick) -> Outcome:
    """Part 2: by the expansion of Lemma 9; sigmoid, tanh, arctan, ELU and SELU satisfy the conditions."""
    why = why_not_these_points(problem)
    if why:
        return not_applicable(why)
    tick()
    data = fit(problem)
    names = ", ".join(ACTIVATIONS)
    words = f"the best affine fit is {data.values[0]}, of risk {data.risk}; a definite form for {names}"
    own = [make().minimum for make in ACTIVATIONS.values()]
    proofs = (risk_of_the_fit(), least_squares(problem), three_outputs(), second_order(), quadratic_form(), *own)
    return Outcome("verified", words, proofs)


def least_squares(problem: Problem) -> Certificate:
    """The best affine fit of the three points is the constant 1/3."""
    found = ["sum(r) == 0", "r @ x == [0, 0]"]
    definitions = {"r": "[1/3 - y[0], 1/3 - y[1], 1/3 - y[2]]"}
    return facts(replace(problem, points={}), "The best affine fit is the constant 1/3.", found, definitions)


POINTS = ("yun2018-three-point", "yun2018-three-point-relu")

CLAIMS = (
    Claim(
        "YSJ-T7.1", "Yun, Sra, Jadbabaie 2018, Theorem 7, part 1",
        "If h satisfies (C7.1) and (C7.2) for some v_1, .., v_4, two neurons fit the three points exactly.",
        exact, POINTS, family="three-points",
    ),
    Claim(
        "YSJ-T7.2", "Yun, Sra, Jadbabaie 2018, Theorem 7, part 2",
        "If h satisfies (C7.3) to (C7.7), some point that computes the best affine fit is a local minimum of risk 1/3.",
        local_minimum, POINTS, family="three-points",
    ),
)  # fmt: skip
