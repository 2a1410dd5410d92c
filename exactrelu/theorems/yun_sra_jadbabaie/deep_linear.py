"""Yun, Sra, Jadbabaie, Theorem 1 and Corollary 2: critical points of deep linear networks, minima and saddles.

They are decided for the squared loss, of which l_0(R) = sum_i weight_i |R x_i - y_i|^2 is convex: its critical points
are global minima.
"""

from __future__ import annotations

from collections.abc import Callable

from exactrelu.certificate import Certificate
from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.linear import rank
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
from exactrelu.theorems.yun_sra_jadbabaie.linear_network import (
    LinearPoint,
    matrix_of,
    why_not_deep_linear,
    why_not_wide,
)

EXPANDED = 2_000  # terms of the square of an output


def at_points(
    problem: Problem, tick: Tick, judge: Callable[[LinearPoint], Outcome], why_not: str | None = None
) -> Outcome:
    """Decide a claim at every named point of a deep linear network; it is not applicable for the reason given."""
    why_not = why_not_deep_linear(problem) if why_not is None else why_not
    if why_not:
        return not_applicable(why_not)
    if not problem.points:
        return not_applicable("the problem names no points")
    return joint([(f'"{name}"', judge(LinearPoint(problem, name, tick))) for name in problem.points])


def at_critical_points(
    problem: Problem, tick: Tick, stationary: str, conclusion: Callable[[LinearPoint], Fact], wide: bool = True
) -> Outcome:
    """Decide a conclusion at the critical points (of a wide network) where "grad l_0 = 0" has that answer."""

    def judge(here: LinearPoint) -> Outcome:
        if here.critical.answer == NO:
            return not_applicable(here.critical.words)
        if here.stationary.answer != stationary:
            return not_applicable(here.stationary.words)
        premise = here.stationary if stationary == YES else here.stationary.negated
        return implication([lambda: here.critical, lambda: premise], lambda: conclusion(here))

    why_not = why_not_deep_linear(problem) or (why_not_wide(problem.network) if wide else "")
    return at_points(problem, tick, judge, why_not)


def gradient_formula(problem: Problem, tick: Tick) -> Outcome:
    """dl/dW_i = W_{H+1:i+1}^T grad l_0 W_{i-1:1}^T: at each named point and, where it is not too long, identically."""

    def judge(here: LinearPoint) -> Outcome:
        last = here.weights.depth
        parts = {f"M{i}": _derivative(here, i) for i in range(1, last + 1)}
        entries = [f"M{name[1:].replace('_', '[', 1).replace('_', '][')}]" for name in _entries(problem)]
        relations = [f"g[{k}] == {entry}" for k, entry in enumerate(entries)]
        more = {**parts, "g": f"gradient({here.name!r})"}
        proof = here.states("the gradient is given by the formula", *relations, more=more)
        return Outcome("verified", "the formula holds", (proof,))

    outcome = at_points(problem, tick, judge)
    if outcome.status == "verified" and problem.at(next(iter(problem.points))).forms.output_terms() ** 2 <= EXPANDED:
        return Outcome("verified", f"identically; {outcome.detail}", (*outcome.certificates, _identity(problem, tick)))
    return outcome


def _entries(problem: Problem) -> list[str]:
    """Names W1_0_0, .. of the weights, counted from 0."""
    return [
        f"W{number}_{r}_{c}"
        for number, layer in enumerate(problem.network.layers, 1)
        for r in range(layer.outputs)
        for c in range(layer.inputs)
    ]


def _derivative(here: LinearPoint, i: int) -> str:
    return f"transpose({here.between(here.weights.depth, i + 1)}) @ G @ transpose({here.between(i - 1, 1)})"


def _identity(problem: Problem, tick: Tick) -> Certificate:
    here = LinearPoint(problem, next(iter(problem.points)), tick)
    last, names = here.weights.depth, _entries(problem)
    widths = here.weights.widths
    matrices = {
        f"W{i}": matrix_of([[f"W{i}_{r}_{c}" for c in range(widths[i - 1])] for r in range(widths[i])])
        for i in range(1, last + 1)
    }
    terms = " + ".join(f"weights[{k}] * norm2(E[{k}])" for k in range(len(problem.x)))
    definitions = {
        **here.definitions,
        **matrices,
        "E": f"{expression(here.factor)} * X @ transpose(R) - {here.targets}",
        "L": terms,
        **{f"M{i}": _derivative(here, i) for i in range(1, last + 1)},
    }
    order = [*matrices, "X", "R", "E", "L", "G", *(f"M{i}" for i in range(1, last + 1))]
    relations = [f"derivative(L, {n!r}) == M{n[1:].replace('_', '[', 1).replace('_', '][')}]" for n in names]
    words = "The derivatives of the loss in the weights are given by the formula, identically in the weights."
    return facts(problem, words, relations, {name: definitions[name] for name in order}, names)


def part_1(problem: Problem, tick: Tick) -> Outcome:
    """A critical tuple with grad l_0 != 0 is a saddle."""
    return at_critical_points(problem, tick, NO, lambda here: here.saddle)


def width_needed(problem: Problem, tick: Tick) -> Outcome:
    """Without the condition on the widths part 1 fails: some critical tuple with grad l_0 != 0 is a local minimum."""
    why_not = why_not_deep_linear(problem)
    if why_not or not why_not_wide(problem.network):
        return not_applicable(why_not or "all hidden layers are wide")
    found = []
    for name in problem.points:
        here = LinearPoint(problem, name, tick)
        if here.stationary.answer == NO:
            local = Fact.of(here.point.local_minimum())
            if local.answer == YES:
                proofs = (*here.stationary.certificates, *local.certificates)
                return Outcome("verified", f'"{name}": {here.stationary.words}, {local.words}', proofs)
            found.append(f'"{name}": {local.words}')
    return Outcome(UNDECIDED, "; ".join(found) or "at all named points grad l_0 = 0")


def part_2a(problem: Problem, tick: Tick) -> Outcome:
    """A tuple with grad l_0 = 0 is a local minimum if its product is one of l_0."""
    return at_critical_points(
        problem, tick, YES, lambda here: _both(here.least, Fact.of(here.point.local_minimum())), False
    )


def part_2b(problem: Problem, tick: Tick) -> Outcome:
    """A tuple with grad l_0 = 0 is a global minimum if and only if its product is one of l_0: here both are."""
    return at_critical_points(problem, tick, YES, lambda here: here.least)


def corollary_2(problem: Problem, tick: Tick) -> Outcome:
    """A critical tuple is a saddle if grad l_0 != 0, else a global minimum."""
    why_not = why_not_deep_linear(problem) or why_not_wide(problem.network)
    return at_points(problem, tick, saddle_or_global, why_not)


def saddle_or_global(here: LinearPoint) -> Outcome:
    """What Corollary 2 says of one point."""
    if here.critical.answer == NO:
        return not_applicable(here.critical.words)
    return implication(
        [lambda: here.critical, lambda: here.stationary if here.is_stationary else here.stationary.negated],
        lambda: here.least if here.is_stationary else here.saddle,
    )


def saddle_product(problem: Problem, tick: Tick) -> Outcome:
    """The product of a critical tuple with grad l_0 != 0 is a saddle of l_0: it is none, for grad l_0 != 0."""

    def refute(here: LinearPoint) -> Fact:
        return Fact(NO, "the product is no critical point of l_0", here.stationary.certificates)

    return at_critical_points(problem, tick, NO, refute)


def _both(first: Fact, second: Fact) -> Fact:
    answers = (first.answer, second.answer)
    answer = NO if NO in answers else UNDECIDED if UNDECIDED in answers else YES
    return Fact(answer, f"{first.words}, {second.words}", (*first.certificates, *second.certificates))


def full_ranks(here: LinearPoint) -> Fact:
    """Whether W_{H+1:j+1} has full row rank and W_{j-1:1} full column rank for some j."""
    last, widths = here.weights.depth, here.weights.widths
    ranks = [
        (rank(here.weights.between(last, j + 1)), rank(here.weights.between(j - 1, 1))) for j in range(1, last + 1)
    ]
    found = here.weights.full_rank_place()
    words = f"full ranks at j = {found}" if found else "no j with full ranks"
    texts = [(f"rank({here.between(last, j + 1)})", f"rank({here.between(j - 1, 1)})") for j in range(1, last + 1)]
    relations = [
        f"{text} == {r}" for pair, value in zip(texts, ranks, strict=True) for text, r in zip(pair, value, strict=True)
    ]
    if found:
        relations = [f"{texts[found - 1][0]} == {widths[-1]}", f"{texts[found - 1][1]} == {widths[0]}"]
    return Fact(YES if found else NO, words, (here.states(words, *relations),))


def part_3(problem: Problem, tick: Tick) -> Outcome:
    """At a critical tuple with full ranks around some j grad l_0 = 0."""
    return at_points(
        problem,
        tick,
        lambda here: implication([lambda: here.critical, lambda: full_ranks(here)], lambda: here.stationary),
    )


def part_3a(problem: Problem, tick: Tick) -> Outcome:
    """At a critical tuple with full ranks the types agree: tuple and product are both minima, or both saddles."""

    def judge(here: LinearPoint) -> Outcome:
        ranks = full_ranks(here)
        if NO in (here.critical.answer, ranks.answer):
            return not_applicable(here.critical.words if here.critical.answer == NO else ranks.words)
        if not here.is_stationary:
            return Outcome("refuted", here.stationary.words, (*ranks.certificates, *here.stationary.certificates))
        return implication(
            [lambda: here.critical, lambda: ranks, lambda: Fact.of(here.point.local_minimum())], lambda: here.least
        )

    return at_points(problem, tick, judge)


def full_rank_product(problem: Problem, tick: Tick) -> Outcome:
    """If the product has full rank, there is a j as in part 3: j = 1 if d_x >= d_y, else j = H + 1."""

    def judge(here: LinearPoint) -> Outcome:
        d_y, d_x = here.weights.widths[-1], here.weights.widths[0]
        value = rank(here.weights.whole)
        words = f"the product has rank {value}"
        full = Fact(YES if value == min(d_x, d_y) else NO, words, (here.states(words, f"rank(R) == {value}"),))
        return implication([lambda: full], lambda: full_ranks(here))

    return at_points(problem, tick, judge)


SAME = "yun2018-deep-linear-saddle"
INSTANCES = (SAME, "yun2018-deep-linear-two-hidden-layers", "yun2018-deep-linear-more-outputs")
MINIMA = (*INSTANCES, "yun2018-deep-linear-one-output")
THEOREM = "Yun, Sra, Jadbabaie 2018, Theorem 1"
FAMILY = "deep-linear"

CLAIMS = (
    Claim(
        "YSJ-grad", "Yun, Sra, Jadbabaie 2018, section 2.3",
        "The derivative of the loss in W_i is W_{H+1:i+1}^T grad l_0(W_{H+1:1}) W_{i-1:1}^T.",
        gradient_formula, MINIMA, family=FAMILY,
    ),
    Claim(
        "YSJ-T1.1", f"{THEOREM}, part 1, and appendices A1, A2",
        "If d_i >= min(d_x, d_y) for all i, a critical tuple with grad l_0 != 0 is a saddle.",
        part_1, INSTANCES, family=FAMILY,
    ),
    Claim(
        "YSJ-T1.1-width", f"{THEOREM}, part 1",
        "The widths matter in part 1: behind a bottleneck a critical tuple with grad l_0 != 0 can be a local minimum.",
        width_needed, ("yun2018-deep-linear-bottleneck",), family=FAMILY,
    ),
    Claim(
        "YSJ-T1.2a", f"{THEOREM}, part 2(a)",
        "If grad l_0 = 0, a critical tuple is a local minimum if its product is one of l_0; no width is needed.",
        part_2a, MINIMA, family=FAMILY,
    ),
    Claim(
        "YSJ-T1.2b", f"{THEOREM}, part 2(b)",
        "If d_i >= min(d_x, d_y) for all i and grad l_0 = 0, a critical tuple is a global minimum if and only if its "
        "product is one of l_0.",
        part_2b, MINIMA, family=FAMILY,
    ),
    Claim(
        "YSJ-T1.3", f"{THEOREM}, part 3",
        "If for some j W_{H+1:j+1} has full row and W_{j-1:1} full column rank, then grad l_0 = 0 at a critical tuple.",
        part_3, MINIMA, family=FAMILY,
    ),
    Claim(
        "YSJ-T1.3a", f"{THEOREM}, part 3(a)",
        "Then the product is a local minimum of l_0 if the tuple is one of the loss.",
        part_3a, MINIMA, family=FAMILY,
    ),
    Claim(
        "YSJ-S1", "Yun, Sra, Jadbabaie 2018, section 2.2, after Theorem 1",
        "A product of full rank is sufficient for part 3 of Theorem 1.",
        full_rank_product, MINIMA, family=FAMILY,
    ),
    Claim(
        "YSJ-C2", "Yun, Sra, Jadbabaie 2018, Corollary 2",
        "If d_i >= min(d_x, d_y) and the critical points of l_0 are global minima, a critical tuple is a saddle if "
        "grad l_0 != 0, and a global minimum if grad l_0 = 0.",
        corollary_2, MINIMA, family=FAMILY,
    ),
    Claim(
        "YSJ-C2-proof", "Yun, Sra, Jadbabaie 2018, proof of Corollary 2 as printed",
        "If grad l_0 != 0 at the product of a critical tuple, the product is a saddle point.",
        saddle_product, INSTANCES,
        "The tuple is a saddle of the loss; its product is not even a critical point of l_0.", FAMILY,
    ),
)  # fmt: skip
