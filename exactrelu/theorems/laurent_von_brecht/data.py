"""Laurent and von Brecht on the data: rare and generic ones, and what small changes of them do."""

from __future__ import annotations

from dataclasses import replace

from gmpy2 import mpq

from exactrelu.landscape import Problem
from exactrelu.loss import Loss
from exactrelu.point import Point
from exactrelu.theorems.claim import (
    NO,
    UNDECIDED,
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
from exactrelu.theorems.hypotheses import (
    rare,
    rare_as_printed,
)
from exactrelu.theorems.laurent_von_brecht.binary import is_relu, unsolved_are_dead
from exactrelu.theorems.laurent_von_brecht.cells import is_binary, is_hinge
from exactrelu.theorems.laurent_von_brecht.minima import GENERIC

HALVINGS = 12


def definition_1(problem: Problem, tick: Tick) -> Outcome:
    """As printed: not all data are rare. But epsilon^(i, r_i) = 1 and all others 0 solves the equations."""
    tick()
    if not is_hinge(problem) or problem.loss.kind == "one-vs-all-hinge" or not problem.network.slopes[1]:
        return not_applicable("alpha > 0 and the hinge losses of (1) or (2) are needed")
    fact = rare_as_printed(problem)
    return Outcome("refuted", fact.words, fact.certificates)


def definition_1_corrected(problem: Problem, tick: Tick) -> Outcome:
    """Rare or generic, decided by trying all lambda and epsilon; of rare data the coefficients are shown."""
    if not is_hinge(problem) or problem.loss.kind == "one-vs-all-hinge" or not problem.network.slopes[1]:
        return not_applicable("alpha > 0 and the hinge losses of (1) or (2) are needed")
    fact = rare(problem, tick)
    if fact.answer == UNDECIDED:
        return Outcome(UNDECIDED, fact.words)
    witness = fact.certificates[0].proof["witness"] if fact.answer == YES else {}
    shown = "".join(f", {name} = {value}" for name, value in witness.items())
    return Outcome("verified", fact.words + shown, fact.certificates)


def perturbed_weights(problem: Problem, tick: Tick) -> Outcome:
    """A small change of the weights makes rare data generic."""
    first = definition_1_corrected(problem, tick)
    if first.status != "verified":
        return first
    if "rare" not in first.detail:
        return not_applicable("the data are generic already")
    size, count = mpq(1, 1000), len(problem.x)
    for seed in range(1, HALVINGS):
        moves = [mpq((7 * (i + 1) * (seed + i) + seed) % 11 - 5) for i in range(count)]
        weights = tuple((problem.loss.weight(i, 0, count) * (1 + size * move),) for i, move in enumerate(moves))
        moved = replace(problem, loss=Loss(problem.loss.kind, weights=weights), points={})
        fact = rare(moved, tick)
        if fact.answer == NO:
            words = f"generic with the weights {', '.join(str(w) for (w,) in weights)}"
            return Outcome("verified", words, (*first.certificates, *fact.certificates))
    return Outcome(UNDECIDED, "no generic perturbation was found")


def stable_under_perturbed_data(problem: Problem, tick: Tick) -> Outcome:
    """Where each data point is solved or dead, all signs strict, a local minimum stays one when the data move a little.

    Two such moves are tried. Other flat minima, of rare data, need not stay.
    """
    why = is_binary(problem) or ("" if is_relu(problem) else "ReLU units are needed")
    if why:
        return not_applicable(why)

    def judge(point: Point) -> Outcome:
        if point.kinks:
            return not_applicable("on a boundary")
        premises = [lambda: unsolved_are_dead(point), lambda: Fact.of(point.local_minimum())]
        return implication(premises, lambda: _after_moves(problem, point, tick))

    return on_all_points(problem, tick, judge)


def _after_moves(problem: Problem, point: Point, tick: Tick) -> Fact:
    size = mpq(1, 10)
    for _ in range(HALVINGS):
        tick()
        moved = [_moved(problem, point, size * side) for side in (1, -1)]
        if all(other.columns == point.columns for other in moved):
            facts = [Fact.of(other.local_minimum()) for other in moved]
            answer = (
                YES if all(f.answer == YES for f in facts) else NO if NO in [f.answer for f in facts] else UNDECIDED
            )
            proofs = tuple(proof for fact in facts for proof in fact.certificates)
            return Fact(answer, f"{'still' if answer == YES else 'not'} one with data moved by {size}", proofs)
        size /= 4
    return Fact(UNDECIDED, "no perturbation that keeps the signs was found")


def _moved(problem: Problem, point: Point, size: object) -> Point:
    x = tuple(
        tuple(value + (1 if (3 * i + 5 * j) % 4 < 2 else -1) * size for j, value in enumerate(row))  # type: ignore[operator]
        for i, row in enumerate(problem.x)
    )
    return replace(problem, x=x, points={"moved": point.parameters}).at("moved", point.tick)


def logistic_has_no_minimum(problem: Problem, tick: Tick) -> Outcome:
    """Where the hinge loss is zero, t times the output has logistic loss <= log(1 + e^-t): no minimum is attained."""
    if not is_hinge(problem) or problem.loss.kind != "hinge":
        return not_applicable("the binary hinge loss is needed")

    def judge(point: Point) -> Outcome:
        if point.loss:
            return not_applicable(f"loss {point.loss}")
        words = "hinge loss 0, so the logistic loss tends to 0 on the ray of its output and is 0 nowhere"
        return Outcome("verified", words, seen(point))

    return on_all_points(problem, tick, judge)


CLAIMS = (
    Claim(
        "LvB-D1", "Laurent, von Brecht 2018, Definition 1 as printed",
        "Data are rare if (7) holds for some lambda^(i) and epsilon^(i, r), not all zero; most data are generic.",
        definition_1, GENERIC,
        "As printed all data are rare: epsilon^(i, r_i) is in no equation. Leave it out (LvB-D1-corrected).", "leaky",
    ),
    Claim(
        "LvB-D1-corrected", "Laurent, von Brecht 2018, Definition 1 with epsilon^(i, r) for r other than r_i only",
        "Data are rare or generic, decided exactly; of rare data lambda^(i) and epsilon^(i, r) are shown.",
        definition_1_corrected, GENERIC, family="leaky",
    ),
    Claim(
        "LvB-D1b", "Laurent, von Brecht 2018, after Definition 1",
        "A small perturbation of the weights will usually make rare data generic.",
        perturbed_weights, ("laurent-brecht-rare",), family="leaky",
    ),
    Claim(
        "MLR-S5", "Laurent, von Brecht, anonymous version, introduction",
        "The configurations of figure 2 remain local minima under small perturbations of the data.",
        stable_under_perturbed_data, ("laurent-brecht-three-minima",), family="binary-relu",
    ),
    Claim(
        "MLR-S6", "Laurent, von Brecht, anonymous version, introduction",
        "Global minimisers generally do not exist with the logistic loss.",
        logistic_has_no_minimum, ("laurent-brecht-three-minima", "laurent-brecht-equal-weights"), family="binary",
    ),
)  # fmt: skip
