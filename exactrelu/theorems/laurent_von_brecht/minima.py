"""Laurent and von Brecht on local minima: flat and sharp ones, and critical points in the sense of Clarke."""

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
    implication,
    not_applicable,
    on_all_points,
    seen,
)
from exactrelu.theorems.hypotheses import rare
from exactrelu.theorems.laurent_von_brecht.binary import about_points, loss_is_zero
from exactrelu.theorems.laurent_von_brecht.cells import HINGE, is_hinge


def is_kind(point: Point, kind: str) -> Fact:
    """Whether a point is a local minimum of a kind, ``flat`` (type I) or ``sharp`` (type II)."""
    decision = point.kind()
    if decision.answer == UNDECIDED:
        return Fact(UNDECIDED, f"kind undecided: {decision.reason}")
    proof = (decision.certificate or point.certificate("kind"),)
    words = f"a {decision.answer} local minimum" if decision.answer else "not a local minimum"
    return Fact(YES if decision.answer == kind else NO, words, proof)


def is_positive(point: Point) -> Fact:
    """Whether the loss is positive."""
    return Fact(YES if point.loss > 0 else NO, f"loss {point.loss}", seen(point))


def types(problem: Problem, tick: Tick) -> Outcome:
    """Every local minimum is flat or sharp, and a sharp one lies on N: some unit vanishes there."""
    if not is_hinge(problem):
        return not_applicable(HINGE)

    def judge(point: Point) -> Outcome:
        flat, sharp = is_kind(point, "flat"), is_kind(point, "sharp")
        on_boundary = any(s == 0 for column in point.columns for group in column for s in group)
        end = flat if flat.answer != NO else sharp
        if sharp.answer == YES and not on_boundary:
            end = Fact(NO, "sharp, off the boundaries", sharp.certificates)
        return implication([lambda: Fact.of(point.local_minimum())], lambda: end)

    return on_all_points(problem, tick, judge)


def theorem_2(problem: Problem, tick: Tick) -> Outcome:
    """The loss is positive at a sharp local minimum."""
    if not is_hinge(problem):
        return not_applicable(HINGE)
    return on_all_points(
        problem, tick, lambda point: implication([lambda: is_kind(point, "sharp")], lambda: is_positive(point))
    )


def zero_loss_is_flat(problem: Problem, tick: Tick) -> Outcome:
    """A global minimum of loss zero is trivial: it lies in a flat cell or on the boundary of one."""
    if not is_hinge(problem):
        return not_applicable(HINGE)
    return on_all_points(
        problem, tick, lambda point: implication([lambda: loss_is_zero(point)], lambda: is_kind(point, "flat"))
    )


def _why_not_theorem_3(problem: Problem) -> str:
    if not is_hinge(problem) or problem.loss.kind == "one-vs-all-hinge":
        return "the binary or the multiclass hinge loss is needed"
    if any(layer.kind != "dense" for layer in problem.network.layers):
        return "fully connected layers are needed"
    return "" if problem.network.slopes[1] > 0 else "alpha > 0 is needed"


def generic(problem: Problem, tick: Tick) -> Fact:
    """Whether the data are generic."""
    return rare(problem, tick).negated


def theorem_3(problem: Problem, tick: Tick) -> Outcome:
    """Fully connected, alpha > 0, generic data: the loss is zero at every flat local minimum."""
    why = _why_not_theorem_3(problem)
    if why:
        return not_applicable(why)

    def judge(point: Point) -> Outcome:
        return implication([lambda: is_kind(point, "flat")], lambda: loss_is_zero(point))

    return about_points(problem, tick, judge, generic(problem, tick))


def main_result_2(problem: Problem, tick: Tick) -> Outcome:
    """Theorems 2 and 3 together: the loss is zero at flat local minima, positive at sharp ones."""
    why = _why_not_theorem_3(problem)
    if why:
        return not_applicable(why)

    def judge(point: Point) -> Outcome:
        return _by_kind(point, lambda: is_positive(point), lambda: loss_is_zero(point))

    return about_points(problem, tick, judge, generic(problem, tick))


def _by_kind(point: Point, if_sharp: Callable[[], Fact], if_flat: Callable[[], Fact]) -> Outcome:
    """Decide "sharp local minima have one property, flat ones another"."""
    sharp = is_kind(point, "sharp")
    if sharp.answer == YES:
        return implication([lambda: sharp], if_sharp)
    return implication([lambda: is_kind(point, "flat")], if_flat)


def quality_is_kind(problem: Problem, tick: Tick) -> Outcome:
    """Flat local minima are always optimal, sharp ones always sub-optimal (alpha > 0, fully connected, generic)."""
    if not is_hinge(problem):
        return not_applicable(HINGE)

    def judge(point: Point) -> Outcome:
        sharp, optimal = is_kind(point, "sharp"), Fact.of(point.global_minimum())
        if sharp.answer == YES:
            return implication([lambda: sharp], lambda: optimal.negated)
        why = _why_not_theorem_3(problem)
        premises = [lambda: Fact(NO if why else YES, why or "alpha > 0"), lambda: generic(problem, tick)]
        return implication([*premises, lambda: is_kind(point, "flat")], lambda: optimal)

    return on_all_points(problem, tick, judge)


def second_derivatives(problem: Problem, tick: Tick) -> Outcome:
    """As printed: at a flat local minimum the Hessian exists and vanishes, at a sharp one it does not exist."""
    if not is_hinge(problem):
        return not_applicable(HINGE)

    def judge(point: Point) -> Outcome:
        smooth = Fact.of(point.differentiable())
        return _by_kind(point, lambda: smooth.negated, lambda: smooth)

    return on_all_points(problem, tick, judge)


def local_minima_are_critical(problem: Problem, tick: Tick) -> Outcome:
    """0 lies in the Clarke subdifferential at every local minimum."""
    return on_all_points(
        problem,
        tick,
        lambda p: implication([lambda: Fact.of(p.local_minimum())], lambda: Fact.of(p.clarke_critical())),
    )


def clarke_by_incident_cells(problem: Problem, tick: Tick) -> Outcome:
    """The Clarke subdifferential is the convex hull of the gradients of the incident cells: decided with it."""

    def judge(point: Point) -> Outcome:
        fact = Fact.of(point.clarke_critical())
        if fact.answer == UNDECIDED:
            return Outcome(UNDECIDED, fact.words)
        return Outcome("verified", f"{fact.words} by the gradients of the incident cells", fact.certificates)

    return on_all_points(problem, tick, judge)


def critical_without_gradient(problem: Problem, tick: Tick) -> Outcome:
    """Figure 3: a point may be critical though the gradient does not exist there."""
    outcome = on_all_points(problem, tick, _critical_without_gradient)
    return outcome if outcome.status != UNDECIDED or not outcome.certificates else replace(outcome, status="verified")


def _critical_without_gradient(point: Point) -> Outcome:
    smooth, critical = Fact.of(point.differentiable()), Fact.of(point.clarke_critical())
    if smooth.answer == NO and critical.answer == YES:
        return Outcome("verified", "critical, not differentiable", (*smooth.certificates, *critical.certificates))
    if UNDECIDED in (smooth.answer, critical.answer) and smooth.answer != YES:
        return Outcome(UNDECIDED, smooth.words if smooth.answer == UNDECIDED else critical.words)
    return not_applicable(f"{smooth.words}, {critical.words}")


BOUNDARY = "laurent-brecht-zero-loss-on-a-boundary"
MINIMA = ("laurent-brecht-three-minima", "laurent-brecht-unbalanced-leaky", BOUNDARY)
GENERIC = ("laurent-brecht-equal-weights", "laurent-brecht-unbalanced-leaky", "laurent-brecht-rare")

CLAIMS = (
    Claim(
        "LvB-types", "Laurent, von Brecht 2018, introduction",
        "A local minimum is flat (in or on the boundary of a flat cell) or sharp (on N, on no such boundary).",
        types, MINIMA, family="hinge",
    ),
    Claim(
        "LvB-S0", "Laurent, von Brecht 2018, after Corollary 2",
        "At a local minimum the Hessian vanishes (flat) or does not exist (sharp).",
        second_derivatives, ("laurent-brecht-flat-not-differentiable",),
        "False on the boundary of a flat cell: a flat minimum with one-sided slopes 0 and 1.", "hinge",
    ),
    Claim(
        "LvB-T2", "Laurent, von Brecht 2018, Theorem 2",
        "The loss is positive at every type II (sharp) local minimum.",
        theorem_2, MINIMA, family="hinge",
    ),
    Claim(
        "LvB-MR1", "Laurent, von Brecht 2018, Main Result 1",
        "The loss is positive at every type II local minimum.",
        theorem_2, MINIMA, family="hinge",
    ),
    Claim(
        "LvB-T3", "Laurent, von Brecht 2018, Theorem 3 (with Definition 1 corrected)",
        "Fully connected, alpha > 0, generic data: the loss is zero at every type I (flat) local minimum.",
        theorem_3, GENERIC, family="leaky",
    ),
    Claim(
        "LvB-MR2", "Laurent, von Brecht 2018, Main Result 2",
        "Fully connected, leaky, generic: the loss is zero at type I local minima and positive at type II ones.",
        main_result_2, GENERIC, family="leaky",
    ),
    Claim(
        "LvB-F2", "Laurent, von Brecht 2018, figure 2",
        "For a certain class of networks flat local minima are always optimal, sharp ones always sub-optimal.",
        quality_is_kind, ("laurent-brecht-sharp-optimum",),
        "Sharp minima are sub-optimal only where a network of loss zero exists; else one may be optimal.", "leaky",
    ),
    Claim(
        "LvB-D2", "Laurent, von Brecht 2018, Definition 2 and after it",
        "Every local minimum is a critical point in the sense of Clarke.",
        local_minima_are_critical, MINIMA, family="hinge",
    ),
    Claim(
        "MLR-D1", "Laurent, von Brecht, anonymous version, Definition 1 and (24)",
        "The Clarke subdifferential is the convex hull of the gradients of the incident cells.",
        clarke_by_incident_cells, MINIMA, family="hinge",
    ),
    Claim(
        "LvB-F3", "Laurent, von Brecht 2018, figure 3",
        "A point may be critical where the gradient does not exist: 0 is a convex combination of incident gradients.",
        critical_without_gradient, MINIMA, family="hinge",
    ),
    Claim(
        "LvB-End", "Laurent, von Brecht 2018, section 5",
        "Global minima with zero loss are trivial: flat.",
        zero_loss_is_flat, MINIMA, family="hinge",
    ),
)  # fmt: skip
