"""Laurent and von Brecht, the figures: networks with two neurons and three local minima."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from exactrelu.landscape import Problem
from exactrelu.point import Point
from exactrelu.theorems.claim import (
    NO,
    UNDECIDED,
    YES,
    Claim,
    Fact,
    Outcome,
    Tick,
    joint,
    not_applicable,
    seen,
    undecidable,
)
from exactrelu.theorems.laurent_von_brecht.binary import loss_is_zero, unsolved_are_dead, with_separating_point
from exactrelu.theorems.laurent_von_brecht.cells import is_binary


def exists(problem: Problem, tick: Tick, *questions: Callable[[Point], Fact]) -> Outcome:
    """Whether at some named point all questions are answered yes; where there is none, nothing follows."""

    def judge(point: Point) -> Outcome:
        facts = []
        for question in questions:
            fact = question(point)
            if fact.answer != YES:
                return not_applicable(fact.words) if fact.answer == NO else Outcome(UNDECIDED, fact.words)
            facts.append(fact)
        proofs = tuple(proof for fact in facts for proof in fact.certificates)
        return Outcome("verified", ", ".join(fact.words for fact in facts), proofs)

    outcomes = [(f'"{name}"', judge(problem.at(name, tick))) for name in problem.points]
    return joint([pair for pair in outcomes if pair[1].status == "verified"] or outcomes)


def is_local_minimum(point: Point) -> Fact:
    """Whether the point is a local minimum."""
    return Fact.of(point.local_minimum())


def is_suboptimal(point: Point) -> Fact:
    """Whether another point is better."""
    fact = Fact.of(point.global_minimum())
    answer = {YES: NO, NO: YES}.get(fact.answer, UNDECIDED)
    return Fact(answer, "sub-optimal" if answer == YES else fact.words, fact.certificates)


def _dead_and_unsolved(point: Point, every: bool) -> Fact:
    dead = unsolved_are_dead(point)
    unsolved = [loss > 0 for _, (loss,) in point.columns]
    if dead.answer == YES and (all(unsolved) if every else any(unsolved) and not all(unsolved)):
        return replace(dead, words=f"{sum(unsolved)} of {len(unsolved)} data points unsolved, all of them dead")
    return Fact(NO, f"{sum(unsolved)} of {len(unsolved)} data points unsolved; {dead.words}", dead.certificates)


def all_dead(point: Point) -> Fact:
    """Whether all data points are unsolved and activate no neuron that is used."""
    return _dead_and_unsolved(point, every=True)


def some_dead(point: Point) -> Fact:
    """Whether some data points are solved, and the others activate no neuron that is used."""
    return _dead_and_unsolved(point, every=False)


def _two_classes(problem: Problem, tick: Tick, *questions: Callable[[Point], Fact]) -> Outcome:
    why = is_binary(problem)
    return not_applicable(why) if why else exists(problem, tick, *questions)


def panel_a(problem: Problem, tick: Tick) -> Outcome:
    """A local minimum of loss zero, which is a global one."""
    return _two_classes(problem, tick, loss_is_zero, is_local_minimum)


def panel_b(problem: Problem, tick: Tick) -> Outcome:
    """A sub-optimal local minimum with dead unsolved data points."""
    return _two_classes(with_separating_point(problem), tick, some_dead, is_local_minimum, is_suboptimal)


def panel_c(problem: Problem, tick: Tick) -> Outcome:
    """A sub-optimal local minimum at which all data points are dead."""
    return _two_classes(with_separating_point(problem), tick, all_dead, is_local_minimum, is_suboptimal)


def panel_c_is_a_maximum(problem: Problem, tick: Tick) -> Outcome:
    """As printed: the local minimum at which all data points have loss 1 is also a global maximum."""
    why = is_binary(problem)
    if why:
        return not_applicable(why)
    found = exists(problem, tick, all_dead, is_local_minimum)
    if found.status != "verified":
        return found
    dead = [name for name in problem.points if all_dead(problem.at(name)).answer == YES]
    worst = max(problem.points, key=lambda name: problem.at(name).loss)
    for name in dead:
        if problem.at(worst).loss > problem.at(name).loss:
            words = f'"{name}" has loss {problem.at(name).loss}, "{worst}" has loss {problem.at(worst).loss}'
            return Outcome("refuted", words, (*found.certificates, *seen(problem.at(worst))))
    return Outcome(UNDECIDED, "no named point has a larger loss")


def three_minima(problem: Problem, tick: Tick) -> Outcome:
    """At least three local minima of different losses among the named points."""
    why = is_binary(problem)
    if why:
        return not_applicable(why)
    facts = {name: Fact.of(problem.at(name, tick).local_minimum()) for name in problem.points}
    found = {problem.at(name).loss: fact for name, fact in facts.items() if fact.answer == YES}
    if len(found) < 3:
        unclear = any(fact.answer == UNDECIDED for fact in facts.values())
        words = f"{len(found)} local minima of different losses among the named points"
        return Outcome(UNDECIDED, words) if unclear else not_applicable(words)
    losses = ", ".join(str(loss) for loss in sorted(found))
    return Outcome(
        "verified", f"local minima of losses {losses}", tuple(p for f in found.values() for p in f.certificates)
    )


FIGURE = ("laurent-brecht-three-minima",)

CLAIMS = (
    Claim(
        "MLR-F1", "Laurent, von Brecht, anonymous version, figure 1",
        "A piecewise multilinear surface over two parameters with three local minima.",
        undecidable("the figure is a sketch: no network and no data are given"), FIGURE,
    ),
    Claim(
        "MLR-F2a", "Laurent, von Brecht, anonymous version, figure 2 (a)",
        "A global minimum at which all data points have zero loss.", panel_a, FIGURE, family="binary-relu",
    ),
    Claim(
        "MLR-F2b", "Laurent, von Brecht, anonymous version, figure 2 (b)",
        "A sub-optimal local minimum; the unsolved data points are on the blind side of both hyperplanes.",
        panel_b, FIGURE, family="binary-relu",
    ),
    Claim(
        "MLR-F2c", "Laurent, von Brecht, anonymous version, figure 2 (c)",
        "A local minimum at which all data points have loss one; it is also a global maximum.",
        panel_c_is_a_maximum, FIGURE,
        "A local minimum it is, but no global maximum: the loss is unbounded above.", "binary-relu",
    ),
    Claim(
        "LvB-(10)", "Laurent, von Brecht 2018, (10) and figure 4",
        "A network with two hidden ReLU neurons has three different local minima.",
        three_minima, FIGURE, family="binary-relu",
    ),
    Claim(
        "LvB-F4a", "Laurent, von Brecht 2018, figure 4 (a)",
        "A global minimiser where all data points have zero loss.", panel_a, FIGURE, family="binary-relu",
    ),
    Claim(
        "LvB-F4b", "Laurent, von Brecht 2018, figure 4 (b)",
        "A sub-optimal local minimum; the unsolved data points lie on the blind side of both hyperplanes.",
        panel_b, FIGURE, family="binary-relu",
    ),
    Claim(
        "LvB-F4c", "Laurent, von Brecht 2018, figure 4 (c)",
        "A local minimum at which no data point is classified correctly.", panel_c, FIGURE, family="binary-relu",
    ),
)  # fmt: skip
