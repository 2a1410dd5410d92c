"""Appendix A6, case 2 of Theorem 6: the residuals balance below every gap of the fitted outputs; Lemmas A.1 and A.2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.theorems.claim import Claim, Outcome, Tick, not_applicable
from exactrelu.theorems.yun_sra_jadbabaie.bad_minima import bend, spurious_minimum, tie_break
from exactrelu.theorems.yun_sra_jadbabaie.linear_fit import LinearFit, fit
from exactrelu.theorems.yun_sra_jadbabaie.theorem_6 import (
    CASE_2,
    CONSTANT,
    PAPER,
    failing_condition_as_printed,
    fitted,
    names,
    normal_equations,
    pulled,
    spurious,
)

NO_GAP = "all fitted outputs are equal, and g is the minimum of no number at all"
A1 = PAPER + "Lemma A.1"
G = "With a constant fit g is a minimum over the empty set; g = 1 will do there ({}-corrected)."


def case_2_as_printed(problem: Problem, tick: Tick) -> Outcome:
    """J is empty: a point is strictly better, with g as it is defined in the paper."""
    return undefined_g(problem) or case_2(problem, tick)


def undefined_g(problem: Problem) -> Outcome | None:
    """The refutation where J is empty and the fit is constant: g is not defined."""
    data = tied_fit(problem)
    if isinstance(data, str) or data.least_gap is not None:
        return None
    level = expression(data.values[0])
    equal = [f"ybar[{i}] == {level}" for i in range(len(problem.x))]
    proof = facts(fitted(problem), NO_GAP, [*normal_equations(problem), *equal, "norm2(pulls) > 0"], names(problem))
    return Outcome("refuted", f"{NO_GAP}: ybar_i = {data.values[0]} for all i", (proof,))


def tied_fit(problem: Problem) -> LinearFit | str:
    """The best affine fit where the conditions hold and J is empty, else why not."""
    why = failing_condition_as_printed(problem)
    if why:
        return why
    data = fit(problem)
    return "J is not empty" if data.unbalanced_cuts else data


def balanced(data: LinearFit) -> list[str]:
    """The facts that J is empty: below each gap of the fitted outputs the pulls add up to 0."""
    gaps = [f"ybar[{cut[-1]}] < ybar[{data.order[len(cut)]}]" for cut in data.cuts]
    levels = [f"ybar[{i}] == ybar[{tie[0]}]" for tie in data.ties for i in tie[1:]]
    return gaps + levels + [f"{pulled(cut)} == 0" for cut in data.cuts]


def case_2(problem: Problem, tick: Tick) -> Outcome:
    """J is empty: a point is strictly better; with a constant fit g = 1."""
    data = tied_fit(problem)
    if isinstance(data, str):
        return not_applicable(data)
    tick()
    made, one, tie = spurious_minimum(problem), bend(data, problem.network.slopes), tie_break(data)
    definitions = names(problem) | {
        "alpha": expression(one.best),
        "v": expression(tie.v),
        "c": expression(one.contrast),
        "linear": f"-abs(c*pulls[{tie.j1}])*(v @ (x[{tie.j1}] - x[{tie.j2}]))",
    }
    risk = f'loss("better") == loss("bad") + linear*alpha + {expression(one.quadratic)}*alpha**2'
    found = [*normal_equations(problem), *balanced(data), "0 < alpha <= 1", "linear < 0", risk]
    proof = facts(made, "J is empty; the risk of the better point is as the proof says.", found, definitions)
    result = spurious(made)
    return replace(result, certificates=(proof, *result.certificates))


def when_tied(statement: Callable[[LinearFit], tuple[str, list[str]] | str]) -> Callable[[Problem, Tick], Outcome]:
    """The procedure of a part of Lemma A.1: words and facts about a fit with J empty, or why there are none."""

    def procedure(problem: Problem, tick: Tick) -> Outcome:
        data = tied_fit(problem)
        said = data if isinstance(data, str) else statement(data)
        if isinstance(data, str) or isinstance(said, str):
            return not_applicable(str(said))
        tick()
        words, found = said
        proof = facts(fitted(problem), words, [*normal_equations(problem), *balanced(data), *found], names(problem))
        return Outcome("verified", words, (proof,))

    return procedure


def some_tie(data: LinearFit) -> tuple[str, list[str]]:
    """Lemma A.1, 1: two fitted outputs are equal."""
    i, j = next(tie[:2] for tie in data.ties if len(tie) > 1)
    return f"ybar_{i + 1} = ybar_{j + 1}", [f"ybar[{i}] == ybar[{j}]"]


def alone_is_exact(data: LinearFit) -> tuple[str, list[str]] | str:
    """Lemma A.1, 2: a fitted output that is not tied is the label."""
    alone = [tie[0] for tie in data.ties if len(tie) == 1]
    words = f"ybar_i = y_i for i = {', '.join(str(i + 1) for i in alone)}"
    return (words, [f"ybar[{i}] == y[{i}]" for i in alone]) if alone else "no fitted output is alone"


def ties_balance(data: LinearFit) -> tuple[str, list[str]]:
    """Lemma A.1, 3: the residuals of a tie add up to 0."""
    ties = [tie for tie in data.ties if len(tie) > 1]
    return "the residuals of each tie add up to 0", [f"{pulled(tie)} == 0" for tie in ties]


def two_unfitted(data: LinearFit) -> tuple[str, list[str]]:
    """Lemma A.1, 4: in some tie two labels at least are not fitted."""
    i, j = tie_break(data).unfitted[:2]
    tied = [f"ybar[{i}] == ybar[{j}]", f"ybar[{i}] != y[{i}]", f"ybar[{j}] != y[{j}]"]
    return f"ybar_{i + 1} = ybar_{j + 1}, both different from the labels", tied


def signs_as_printed(problem: Problem, tick: Tick) -> Outcome:
    """Lemma A.2 with g as it is defined in the paper."""
    return undefined_g(problem) or signs(problem, tick)


def signs(problem: Problem, tick: Tick) -> Outcome:
    """Lemma A.2: which z_i = ybar_i - alpha <v, x_i> - beta are negative, for all 0 < alpha <= 1.

    z_i is affine in alpha: it is enough that it is not of the wrong sign for alpha = 0, and of the right one for 1.
    """
    data = tied_fit(problem)
    if isinstance(data, str):
        return not_applicable(data)
    tick()
    tie, one = tie_break(data), bend(data, problem.network.slopes)
    j1, j2 = tie.j1, tie.j2
    definitions = names(problem) | {"v": expression(tie.v), "middle": f"v @ (x[{j1}] + x[{j2}])/2"}
    found = [*normal_equations(problem), *balanced(data)]
    for i in range(len(problem.x)):
        start, below = f"ybar[{i}] - ybar[{j1}]", i in one.low
        found += [f"abs(v @ x[{i}]) <= {expression(tie.g)}", f"{start} {'<=' if below else '>='} 0"]
        found.append(f"{start} - v @ x[{i}] + middle {'<' if below else '>'} 0")
    above = [i for i in range(len(problem.x)) if i not in one.low]
    found.append(f"({pulled(above)}) - ({pulled(one.low)}) == -2*pulls[{j1}]")
    found.append(f"pulls[{j1}] != 0")
    words = "The signs for alpha = 0 and 1, and so for all between; the sum is -2 pull_j1, not 0."
    proof = facts(fitted(problem), words, found, definitions)
    return Outcome("verified", f"{len(one.low)} of {len(problem.x)} data points below, j_1 = {j1 + 1}", (proof,))


CLAIMS = (
    Claim(
        "YSJ-T6-c2", PAPER + "appendix A6, case 2",
        "J empty: with g a quarter of the least gap of the fitted outputs and a small alpha a point is better.",
        case_2_as_printed, (*CASE_2, *CONSTANT), G.format("YSJ-T6-c2"), "bad-minima",
    ),
    Claim(
        "YSJ-T6-c2-corrected", PAPER + "appendix A6, case 2, with g = 1 for a constant fit",
        "J empty: with g a quarter of the least gap of the fitted outputs, or 1, a point is better.",
        case_2, (*CASE_2, *CONSTANT), family="bad-minima",
    ),
    Claim("YSJ-LA1.1", A1 + ", 1", "J empty: some fitted outputs are equal.",
          when_tied(some_tie), (*CASE_2, *CONSTANT), family="bad-minima"),
    Claim("YSJ-LA1.2", A1 + ", 2", "J empty: a fitted output that equals no other equals its label.",
          when_tied(alone_is_exact), CASE_2, family="bad-minima"),
    Claim("YSJ-LA1.3", A1 + ", 3", "J empty: the residuals of equal fitted outputs add up to 0.",
          when_tied(ties_balance), (*CASE_2, *CONSTANT), family="bad-minima"),
    Claim("YSJ-LA1.4", A1 + ", 4", "J empty: two equal fitted outputs differ from their labels.",
          when_tied(two_unfitted), (*CASE_2, *CONSTANT), family="bad-minima"),
    Claim(
        "YSJ-LA2", PAPER + "Lemma A.2",
        "J empty, 0 < alpha <= 1: ybar_i - alpha <v, x_i> - beta is negative up to j_1 and positive after it, and the "
        "residuals after j_1 minus those up to it add up to -2 (ybar_j1 - y_j1), which is not 0.",
        signs_as_printed, (*CASE_2, *CONSTANT), G.format("YSJ-LA2"), "bad-minima",
    ),
    Claim(
        "YSJ-LA2-corrected", PAPER + "Lemma A.2 with g = 1 for a constant fit",
        "Lemma A.2, where g is 1 if all fitted outputs are equal.",
        signs, (*CASE_2, *CONSTANT), family="bad-minima",
    ),
)  # fmt: skip
