"""Theorem 6: with piecewise linear units, data that no affine function fits have spurious local minima."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gmpy2 import mpq

from exactrelu.certificate import Certificate
from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.network import Network
from exactrelu.theorems.claim import NO, UNDECIDED, YES, Claim, Fact, Outcome, Tick, not_applicable
from exactrelu.theorems.yun_sra_jadbabaie.bad_minima import (
    bend,
    bend_at_gap,
    failing_condition,
    has_repeated_inputs,
    linear_minimum,
    spurious_minimum,
    why_not_these_units,
    why_not_this_network,
)
from exactrelu.theorems.yun_sra_jadbabaie.linear_fit import fit, merged_fit, repeated


def failing_condition_as_printed(problem: Problem) -> str:
    """The condition of Theorem 6 as printed that a problem does not meet: no two inputs may be equal."""
    why = why_not_this_network(problem) or why_not_these_units(problem)
    if not why and has_repeated_inputs(problem):
        return "(C6.2) fails: two inputs are equal"
    return why or failing_condition(problem)


def fitted(problem: Problem) -> Problem:
    """The problem with one named point, "bad": the local minimum of step 1."""
    return replace(problem, points={"bad": linear_minimum(problem)})


def names(problem: Problem) -> dict[str, str]:
    """Definitions: the fitted outputs ybar, the pulls weight_i (ybar_i - y_i)."""
    pulls = ", ".join(f"weights[{i}]*(ybar[{i}] - y[{i}])" for i in range(len(problem.x)))
    return {"ybar": 'transpose(outputs("bad"))[0]', "pulls": f"[{pulls}]"}


def pulled(places: Iterable[int]) -> str:
    """The sum of the pulls of some data points."""
    return " + ".join(f"pulls[{i}]" for i in places) or "0"


def normal_equations(problem: Problem) -> list[str]:
    """(4): the pulls are orthogonal to all affine functions of the inputs."""
    return ["sum(pulls) == 0", f"pulls @ x == {expression([0] * len(problem.x[0]))}"]


def spurious(problem: Problem) -> Outcome:
    """Whether "bad" is a local minimum and "better" is better, with one certificate for both."""
    bad = problem.at("bad")
    found = Fact.of(bad.local_minimum())
    if found.answer != YES:
        return Outcome("refuted" if found.answer == NO else UNDECIDED, found.words, found.certificates)
    words = f"a local minimum of loss {bad.loss}, a better point of loss {problem.at('better').loss}"
    return Outcome("verified", words, (bad.certificate("local_minimum", "global_minimum"),))


def local_minimum(problem: Problem, tick: Tick) -> Outcome:
    """Step 1 for alpha = 1 and 2; rescaling the layers gives all the others."""
    why = why_not_this_network(problem)
    if why:
        return not_applicable(why)
    points = {"bad": linear_minimum(problem), "bad-2": linear_minimum(problem, 2)}
    made = replace(problem, points=points)
    for name in points:
        found = Fact.of(made.at(name, tick).local_minimum())
        if found.answer != YES:
            return Outcome("refuted" if found.answer == NO else UNDECIDED, found.words, found.certificates)
    risk = expression(fit(problem).risk)
    equal = [f'loss("bad") == {risk}', f'loss("bad-2") == {risk}']
    least = facts(made, "The outputs are the best affine fit.", normal_equations(problem) + equal, names(problem))
    proofs = [
        made.at("bad", tick).certificate("local_minimum", "isolated"),
        made.at("bad-2").certificate("local_minimum"),
    ]
    return Outcome("verified", f"local minima of loss {fit(problem).risk}, not isolated", (least, *proofs))


def eta_is_below(problem: Problem, tick: Tick) -> Outcome:
    """eta = min(-1, 2 min ybar) is negative and below all fitted outputs."""
    tick()
    why = why_not_this_network(problem)
    if why:
        return not_applicable(why)
    places = range(len(problem.x))
    lowest = f"min({', '.join(f'ybar[{i}]' for i in places)})"
    definitions = {**names(problem), "eta": f"min(-1, 2*{lowest})"}
    found = [*normal_equations(problem), "eta < 0", *(f"ybar[{i}] - eta > 0" for i in places)]
    proof = facts(fitted(problem), "All inputs of the hidden units are positive.", found, definitions)
    return Outcome("verified", "eta < 0, and ybar_i - eta > 0 for all i", (proof,))


def expansion(problem: Problem, tick: Tick) -> Outcome:
    """(4), (5): near the point of step 1 the risk is l_0 + |Delta X + delta 1|^2, weighted, as polynomials."""
    tick()
    why = why_not_this_network(problem)
    if why:
        return not_applicable(why)
    inputs, width = problem.network.widths[:2]
    sizes = {"d1": width, "D2": width, "X": inputs, "T": inputs}
    first = [[f"D1_{k}_{c}" for c in range(inputs)] for k in range(width)]
    vectors: dict[str, object] = {"D1": first}
    vectors |= {key: [f"{key}_{k}" for k in range(n)] for key, n in sizes.items()}
    flat = [name for row in first for name in row] + [f"{key}_{k}" for key, n in sizes.items() for k in range(n)]
    definitions = names(problem) | {key: str(value).replace("'", "") for key, value in vectors.items()}
    definitions |= {name: f'parameter("bad", "{name}")' for name in ("W1", "b1", "b2")}
    definitions["W2"] = 'parameter("bad", "W2")[0]'
    definitions["s"] = expression(problem.network.slopes[0])
    definitions["Delta"] = "s*(W2 @ D1 + D2 @ W1 + D2 @ D1)"
    definitions["delta"] = "s*(W2 @ d1 + D2 @ b1 + D2 @ d1) + d2"
    places = range(len(problem.x))
    moved = " + ".join(f"weights[{i}]*(ybar[{i}] - y[{i}] + T @ x[{i}] + u)**2" for i in places)
    squares = " + ".join(f"weights[{i}]*(T @ x[{i}] + u)**2" for i in places)
    outputs = "(W2 + D2) @ (s*((W1 + D1) @ X + b1 + d1)) + b2[0] + d2"
    found = [*normal_equations(problem), f'{moved} == loss("bad") + {squares}']
    found += [f"{outputs} == W2 @ (s*(W1 @ X + b1)) + b2[0] + Delta @ X + delta"]
    words = "(4); (5) as a polynomial identity; the aggregated perturbations as a polynomial identity."
    proof = facts(fitted(problem), words, found, definitions, [*flat, "d2", "u"])
    return Outcome("verified", "(4), and (5) as an identity of polynomials in all perturbations", (proof,))


def case_1(problem: Problem, tick: Tick) -> Outcome:
    """J is not empty: for every j_0 in J a point is strictly better."""
    why = failing_condition_as_printed(problem)
    data = None if why else fit(problem)
    if data is None or not data.unbalanced_cuts:
        return not_applicable(why or "J is empty")
    tick()
    made = spurious_minimum(problem)
    points, found = dict(made.points), normal_equations(problem)
    definitions = {**names(problem), "c": expression(bend(data, problem.network.slopes).contrast)}
    for cut in data.unbalanced_cuts:
        one = bend_at_gap(data, problem.network.slopes, cut)
        name, gamma = f"cut-{len(cut)}", expression(one.gamma * one.best)
        points[name] = one.point(one.best, problem.network)
        risk = f'loss("bad") - 4*({pulled(cut)})*c*{gamma} + sum(weights)*(c*{gamma})**2'
        found += [f"{pulled(cut)} != 0", f'loss("{name}") == {risk}', f'loss("{name}") < loss("bad")']
    words = "For every j_0 in J the point is better, and its risk is as the proof says."
    proof = facts(replace(made, points=points), words, found, definitions)
    result = spurious(made)
    return replace(result, certificates=(proof, *result.certificates))


def theorem_6(problem: Problem, tick: Tick) -> Outcome:
    """A spurious local minimum with the risk of the best affine fit, for alpha = 1 and 2."""
    why = failing_condition_as_printed(problem)
    return not_applicable(why) if why else _for(tick, (spurious_minimum(problem, alpha) for alpha in (1, 2)))


def slight_nonlinearities(problem: Problem, tick: Tick) -> Outcome:
    """The theorem for the same data with slopes 1 + epsilon and 1, epsilon = 1, 1/10, 1/1000."""
    inputs, width = problem.network.widths[:2]
    kinds = [Network.dense([inputs, width, 1], (1 + e, 1)) for e in (mpq(1), mpq(1, 10), mpq(1, 1000))]
    why = why_not_this_network(problem)
    made = [] if why else [replace(problem, network=network, points={}) for network in kinds]
    why = why or failing_condition_as_printed(made[0])
    return not_applicable(why) if why else _for(tick, map(spurious_minimum, made))


def _for(tick: Tick, problems: Iterable[Problem]) -> Outcome:
    found: list[Outcome] = []
    for made in problems:
        tick()
        found.append(spurious(made))
    for outcome in found:
        if outcome.status != "verified":
            return outcome
    proofs: Sequence[Certificate] = [proof for outcome in found for proof in outcome.certificates]
    return Outcome("verified", found[-1].detail, tuple(proofs))


def sharp_condition(problem: Problem, tick: Tick) -> Outcome:
    """Spurious if no affine function fits the mean labels of the distinct inputs; else the best affine fit is global.

    The latter since every function o has sum_i weight_i (o(x_i) - y_i)^2 >= the same with the mean labels for o.
    """
    why = why_not_this_network(problem) or why_not_these_units(problem)
    if why:
        return not_applicable(why)
    if any(merged_fit(problem).residuals):
        return _for(tick, [spurious_minimum(problem)])
    data = fit(problem)
    found: list[str] = []
    rests: list[str] = []
    for group in repeated(problem.x):
        whole = sum(data.weights[i] for i in group)
        level = expression(merged_fit(problem).values[len(rests)])
        rests.append(" + ".join(f"weights[{i}]*({level} - y[{i}])**2" for i in group))
        squares = " + ".join(f"weights[{i}]*(o - y[{i}])**2" for i in group)
        found.append(f"{squares} == {rests[-1]} + {expression(whole)}*(o - {level})**2")
        found += [f"x[{i}] == x[{group[0]}]" for i in group[1:]]
    found.append(f'loss("bad") == {" + ".join(rests)}')
    words = "No function of the inputs has a smaller risk than the best affine fit."
    return Outcome("verified", words, (facts(fitted(problem), words, found, variables=["o"]),))


CASE_1 = ("yun2018-theorem-6-case-1", "yun2018-theorem-6-case-1-leaky")
CASE_2 = ("yun2018-theorem-6-case-2", "yun2018-theorem-6-case-2-leaky")
CONSTANT = ("yun2018-theorem-6-constant-fit", "yun2018-three-point-relu")
REPEATED = ("yun2018-theorem-6-repeated-inputs", "yun2018-theorem-6-merged-inputs")
PAPER = "Yun, Sra, Jadbabaie 2018, "

CLAIMS = (
    Claim(
        "YSJ-T6", PAPER + "Theorem 6",
        "Data without affine fit, distinct inputs, slopes s+ != s-, width >= 2: the risk has infinitely many "
        "spurious local minima, with the risk of the best affine fit.",
        theorem_6, (*CASE_1, *CASE_2, *CONSTANT), family="bad-minima",
    ),
    Claim(
        "YSJ-T6-1", PAPER + "section 3.3, step 1",
        "For every alpha > 0 the point that computes the best affine fit in one active unit is a local minimum.",
        local_minimum, (*CASE_1, *CASE_2, *CONSTANT), family="bad-minima",
    ),
    Claim(
        "YSJ-T6-eta", PAPER + "section 3.3, step 1",
        "eta = min(-1, 2 min_i ybar_i) is negative, and ybar_i - eta > 0 for all i.",
        eta_is_below, (*CASE_1, *CASE_2, *CONSTANT), family="bad-minima",
    ),
    Claim(
        "YSJ-(4)-(5)", PAPER + "(4) and (5)",
        "The residuals of the best affine fit are orthogonal to the inputs and to 1, and the risk near the point of "
        "step 1 is l_0 + 1/2 |Delta X + delta 1|^2.",
        expansion, (*CASE_1, *CASE_2, *CONSTANT), family="bad-minima",
    ),
    Claim(
        "YSJ-T6-c1", PAPER + "section 3.3, step 2, case 1",
        "J not empty: for every j_0 in J and a suitable gamma the point of step 2 is strictly better.",
        case_1, CASE_1, family="bad-minima",
    ),
    Claim(
        "YSJ-T6-sharp", PAPER + "Theorem 6, (C6.1) and (C6.2) in one",
        "The best affine fit gives a spurious local minimum if no affine function fits the mean labels of the distinct "
        "inputs; if one does, it is a global minimum.",
        sharp_condition, (*REPEATED, *CASE_1, *CASE_2), family="bad-minima",
    ),
    Claim(
        "YSJ-S3", PAPER + "after Theorem 6",
        "The theorem holds for slopes 1 + epsilon and 1.",
        slight_nonlinearities, (*CASE_1, *CASE_2, *CONSTANT), family="bad-minima",
    ),
)  # fmt: skip
