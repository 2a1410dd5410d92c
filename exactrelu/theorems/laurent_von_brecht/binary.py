"""Laurent and von Brecht with two classes: critical points and local minima with separable data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gmpy2 import mpq

from exactrelu.landscape import Problem
from exactrelu.point import Point
from exactrelu.rational import dot
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
from exactrelu.theorems.hypotheses import (
    equal_class_weights,
    separable,
    separation,
)
from exactrelu.theorems.laurent_von_brecht.cells import is_binary, is_hinge


def is_relu(problem: Problem) -> bool:
    """Whether alpha = 0."""
    return bool(problem.network.slopes[1] == 0)


def unsolved_are_dead(point: Point) -> Fact:
    """Whether v_k sigma(<w_k, x_i> + b_k) = 0 for every unsolved data point i and every neuron k."""
    network = point.instance.network
    v = network.write(point.parameters)["W2"][0]
    for i, (hidden, (loss,)) in enumerate(point.columns, 1):
        for k, s in enumerate(hidden):
            if loss > 0 and s > 0 and v[k] != "0":
                return Fact(NO, f"data point {i} is unsolved and activates neuron {k + 1}, v = {v[k]}", seen(point))
    unsolved = sum(loss > 0 for _, (loss,) in point.columns)
    return Fact(YES, f"the {unsolved} unsolved data points activate no neuron that is used", seen(point))


def loss_is_zero(point: Point) -> Fact:
    """Whether the loss is zero."""
    return Fact(YES if point.loss == 0 else NO, f"loss {point.loss}", seen(point))


def _vanishing_top(point: Point) -> Fact:
    """Whether v = 0."""
    v = point.instance.network.write(point.parameters)["W2"]
    zero = all(entry == "0" for row in v for entry in row)
    return Fact(YES if zero else NO, "v = 0" if zero else "v is not 0", seen(point))


def about_points(problem: Problem, tick: Tick, judge: Callable[[Point], Outcome], *facts: Fact) -> Outcome:
    """Decide a claim at all points, if these facts about the data hold."""
    for fact in facts:
        if fact.answer != YES:
            return not_applicable(fact.words)
    proofs = tuple(proof for fact in facts for proof in fact.certificates)
    outcome = on_all_points(problem, tick, judge)
    decided = outcome.status in ("verified", "refuted")
    return replace(outcome, certificates=(*proofs, *outcome.certificates)) if decided else outcome


def _separable_relu(problem: Problem, tick: Tick, judge: Callable[[Point], Outcome]) -> Outcome:
    why = is_binary(problem) or ("" if is_relu(problem) else "ReLU units (alpha = 0) are needed")
    return not_applicable(why) if why else about_points(problem, tick, judge, separable(problem))


def theorem_2_of_mlr(problem: Problem, tick: Tick) -> Outcome:
    """Local minimum, separable data: every unsolved data point is on the blind side of every neuron that is used."""
    return _separable_relu(
        problem, tick, lambda p: implication([lambda: Fact.of(p.local_minimum())], lambda: unsolved_are_dead(p))
    )


def theorem_6(problem: Problem, tick: Tick) -> Outcome:
    """The same for critical points in the sense of Clarke."""
    return _separable_relu(
        problem, tick, lambda p: implication([lambda: Fact.of(p.clarke_critical())], lambda: unsolved_are_dead(p))
    )


def theorem_4(problem: Problem, tick: Tick) -> Outcome:
    """Leaky units, separable data, critical point: v = 0 or the loss is zero."""
    why = is_binary(problem) or ("alpha > 0 is needed" if is_relu(problem) else "")
    if why:
        return not_applicable(why)

    def judge(point: Point) -> Outcome:
        zero, top = loss_is_zero(point), _vanishing_top(point)
        return implication([lambda: Fact.of(point.clarke_critical())], lambda: zero if zero.answer == YES else top)

    return about_points(problem, tick, judge, separable(problem))


def theorem_5(problem: Problem, tick: Tick) -> Outcome:
    """Leaky units, separable data, equal class weights: at a local minimum the loss is zero."""
    why = is_binary(problem, output_bias=True) or ("alpha > 0 is needed" if is_relu(problem) else "")
    if why:
        return not_applicable(why)

    def judge(point: Point) -> Outcome:
        return implication([lambda: Fact.of(point.local_minimum())], lambda: loss_is_zero(point))

    return about_points(problem, tick, judge, separable(problem), equal_class_weights(problem))


def _no_suboptimal_minimum(point: Point) -> Outcome:
    optimal = Fact.of(point.global_minimum())
    if point.loss == 0:
        return implication([lambda: Fact.of(point.local_minimum())], lambda: optimal)
    better = Fact(NO, "a better point is known", optimal.certificates) if optimal.answer == NO else optimal
    return implication([lambda: Fact.of(point.local_minimum())], lambda: better)


def with_separating_point(problem: Problem) -> Problem:
    """The problem with one more named point, of loss zero, if the data are separable and the network has all biases.

    One neuron computes <q, x> + beta + s > 0 with s large, and the output subtracts s.
    """
    found = separation(problem) if not is_binary(problem, output_bias=True) else None
    if found is None:
        return problem
    network = problem.network
    rest = network.widths[1] - 1
    scores = [dot(found.q, x) + found.beta for x in problem.x]
    shift = max(mpq(0), -min(scores))
    point = {
        "W1": [found.q, *[[mpq(0)] * len(found.q)] * rest],
        "b1": [found.beta + shift, *[mpq(0)] * rest],
        "W2": [[1 / network.slopes[0], *[mpq(0)] * rest]],
        "b2": [-shift],
    }
    return replace(problem, points={**problem.points, "separating": network.read(point)})


def scenario_1(problem: Problem, tick: Tick) -> Outcome:
    """A deep linear network with arbitrary data has no sub-optimal local minimum."""
    if not is_hinge(problem) or problem.network.slopes[0] != problem.network.slopes[1]:
        return not_applicable("a linear network and a hinge loss are needed")
    return on_all_points(with_separating_point(problem), tick, _no_suboptimal_minimum)


def scenario_2(problem: Problem, tick: Tick) -> Outcome:
    """One hidden layer of leaky units and separable data: no sub-optimal local minimum."""
    why = is_binary(problem) or ("" if 0 < problem.network.slopes[1] < 1 else "leaky units are needed")
    if why:
        return not_applicable(why)
    return about_points(with_separating_point(problem), tick, _no_suboptimal_minimum, separable(problem))


def trivial_surface(problem: Problem, tick: Tick) -> Outcome:
    """For 0 < alpha <= 1, one hidden layer and separable data every local minimum is global."""
    why = is_binary(problem) or ("alpha > 0 is needed" if is_relu(problem) else "")
    if why:
        return not_applicable(why)
    return about_points(with_separating_point(problem), tick, _no_suboptimal_minimum, separable(problem))


def exactly_dead_points(problem: Problem, tick: Tick) -> Outcome:
    """A local minimum is sub-optimal exactly when some data point activates no ReLU of the hidden layer."""
    why = is_binary(problem) or ("" if problem.network.slopes[1] < 1 else "ReLU or leaky units are needed")
    if why:
        return not_applicable(why)

    def judge(point: Point) -> Outcome:
        silent = [i for i, (hidden, _) in enumerate(point.columns, 1) if all(s <= 0 for s in hidden)]
        silent = silent if is_relu(problem) else []
        found = Fact(YES if silent else NO, f"{len(silent)} data points without active ReLU", seen(point))
        local, optimal = Fact.of(point.local_minimum()), Fact.of(point.global_minimum())
        worse = Fact(NO, "there is no better point", optimal.certificates)
        if optimal.answer == NO:
            worse = Fact(YES, "there is a better point", optimal.certificates)
        elif optimal.answer != YES:
            worse = optimal
        return implication([lambda: local, lambda: worse], lambda: found)

    return about_points(with_separating_point(problem), tick, judge, separable(problem))


BINARY = ("laurent-brecht-three-minima", "laurent-brecht-one-neuron", "laurent-brecht-zero-loss-on-a-boundary")
LEAKY = ("laurent-brecht-equal-weights", "laurent-brecht-unbalanced-leaky")
UNBALANCED = "False without equal class weights: a sharp local minimum with v = 0; with them Theorem 5 holds."

CLAIMS = (
    Claim(
        "MLR-T2", "Laurent, von Brecht, anonymous version, Theorem 2",
        "At a local minimum with separable data, v_k sigma(<w_k, x_i> + b_k) = 0 for all k and every unsolved i.",
        theorem_2_of_mlr, BINARY, family="binary-relu",
    ),
    Claim(
        "MLR-T3", "Laurent, von Brecht, anonymous version, Theorem 3",
        "The same at every critical point in the sense of Clarke.",
        theorem_6, BINARY, family="binary-relu",
    ),
    Claim(
        "LvB-T4", "Laurent, von Brecht 2018, Theorem 4",
        "Leaky units, separable data: at a critical point v = 0 or the loss is zero, the global minimum.",
        theorem_4, LEAKY, family="binary-leaky",
    ),
    Claim(
        "LvB-T5", "Laurent, von Brecht 2018, Theorem 5",
        "Leaky units, separable data, equal class weights: every local minimum is a global one.",
        theorem_5, ("laurent-brecht-equal-weights",), family="binary-leaky",
    ),
    Claim(
        "LvB-T6", "Laurent, von Brecht 2018, Theorem 6",
        "ReLU, separable data, critical point: for every unsolved i and each k, <w_k, x_i> + b_k <= 0 or v_k = 0.",
        theorem_6, BINARY, family="binary-relu",
    ),
    Claim(
        "LvB-S1", "Laurent, von Brecht 2018, introduction, scenario 1 (with Theorem 100)",
        "A deep linear network with arbitrary data has no sub-optimal local minimum.",
        scenario_1, ("laurent-brecht-unbalanced-linear",), UNBALANCED, "binary-linear",
    ),
    Claim(
        "LvB-S2", "Laurent, von Brecht 2018, introduction, scenario 2",
        "A network with one hidden layer of leaky units and separable data has no sub-optimal local minimum.",
        scenario_2, ("laurent-brecht-unbalanced-leaky",), UNBALANCED, "binary-leaky",
    ),
    Claim(
        "LvB-S3", "Laurent, von Brecht 2018, after Theorem 5",
        "The loss surface is trivial when 0 < alpha <= 1: every local minimum is global.",
        trivial_surface, ("laurent-brecht-unbalanced-leaky", "laurent-brecht-unbalanced-linear"), UNBALANCED,
        "binary-leaky",
    ),
    Claim(
        "LvB-S4", "Laurent, von Brecht 2018, after Theorem 6",
        "ReLU networks have sub-optimal minima exactly when a data point activates no ReLU; leaky networks have none.",
        exactly_dead_points, ("laurent-brecht-unbalanced-relu", "laurent-brecht-unbalanced-leaky"),
        "False without equal class weights: a sub-optimal local minimum with v = 0 and all data points active.",
        "binary",
    ),
)  # fmt: skip
