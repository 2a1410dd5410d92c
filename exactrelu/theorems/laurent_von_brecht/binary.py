"""Laurent and von Brecht with two classes: one hidden layer, linearly separable data, critical points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gmpy2 import mpq

from exactrelu.cells import Cell
from exactrelu.germ import on_curve
from exactrelu.landscape import Problem
from exactrelu.local_minimum import Point
from exactrelu.problem import Instance
from exactrelu.rational import Rational
from exactrelu.signature import Columns
from exactrelu.theorems.claim import (
    NO,
    YES,
    Claim,
    Fact,
    Outcome,
    Tick,
    implication,
    joint,
    not_applicable,
    on_all_cells,
    on_all_points,
    seen,
)
from exactrelu.theorems.hypotheses import Separation, equal_class_weights, separable, separation
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
    scores = [sum((a * b for a, b in zip(found.q, x, strict=True)), found.beta) for x in problem.x]
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


def balance_forces_zero(problem: Problem, tick: Tick) -> Outcome:
    """(26), (27): sum_i rho_i y_i (x_i, 1) = 0 with rho >= 0 forces rho = 0, by the separating hyperplane."""
    tick()
    if problem.loss.kind != "hinge":
        return not_applicable("the binary hinge loss is needed")
    fact = separable(problem)
    if fact.answer == NO:
        return Outcome("not applicable", "not separable: there is such a rho that is not 0")
    return Outcome("verified", "the separating hyperplane gives sum_i rho_i <= 0", fact.certificates)


def inequality_15(problem: Problem, tick: Tick) -> Outcome:
    """(15) on every cell: <a_k, q> + alpha_k beta >= sum_i weight_i epsilon_i lambda_ik, with margin 1."""
    why = is_binary(problem)
    found, fact = (separation(problem), separable(problem)) if not why else (None, None)
    if found is None or fact is None:
        return not_applicable(why or "the data are not separable")
    apart = found

    def holds(cell: Cell) -> bool:
        coefficients = cell.form.lemma_2
        if coefficients is None:
            return False
        for k, (a, alpha) in enumerate(zip(coefficients.a, coefficients.alpha, strict=True)):
            left = sum((x * y for x, y in zip(a, apart.q, strict=True)), alpha * apart.beta)
            if left < _active_weight(problem, cell.columns, k):
                return False
        return True

    outcome = on_all_cells(problem, tick, holds, "(15) for every neuron")
    return replace(outcome, certificates=(*fact.certificates, *outcome.certificates))


def _active_weight(problem: Instance, columns: Columns, k: int) -> Rational:
    """sum_i weight_i epsilon_i lambda_ik for one neuron."""
    total = mpq(0)
    for units, (hidden, (loss,)) in zip(problem.units, columns, strict=True):
        if loss > 0:
            total += units[0].weight * problem.network.slope(hidden[k])
    return total


def lemma_3(problem: Problem, tick: Tick) -> Outcome:
    """Move one neuron along sign(v_k) (q, beta): the signature is constant on (0, t_0], and the loss falls as said."""
    why = is_binary(problem)
    found = separation(problem) if not why else None
    if found is None:
        return not_applicable(why or "the data are not separable")
    apart = found

    def judge(point: Point) -> Outcome:
        neurons = range(problem.network.widths[1])
        return joint([(f"neuron {k + 1}", _descent_of_neuron(point, apart, k)) for k in neurons])

    return about_points(problem, tick, judge, separable(problem))


def _descent_of_neuron(point: Point, apart: Separation, k: int) -> Outcome:
    problem, network = point.instance, point.instance.network
    arrays = network.write(point.parameters)
    v = mpq(arrays["W2"][0][k])
    if not v:
        return not_applicable("v_k = 0, nothing moves")
    side = 1 if v > 0 else -1
    step = {name: _zeros(array) for name, array in arrays.items()}
    step["W1"][k], step["b1"][k] = [side * a for a in apart.q], side * apart.beta
    direction = network.read(step)
    t = separating_time(point, apart, k, v)
    there = Point(point.forms, on_curve(point.parameters, [direction], t), tick=point.tick)
    constant = all(
        a == b or a == 0
        for before, after in zip(point.columns, there.columns, strict=True)
        for old, new in zip(before, after, strict=True)
        for a, b in zip(old, new, strict=True)
    )
    gain = t * abs(v) * _active_weight(problem, there.columns, k)
    holds = constant and point.loss >= there.loss + gain
    words = f"t_0 = {t}, loss {point.loss} >= {there.loss} + {gain}"
    return Outcome("verified" if holds else "refuted", words, (*seen(point), *seen(there)))


def _zeros(array: object) -> list[object]:
    return [_zeros(entry) if isinstance(entry, list) else mpq(0) for entry in array]  # type: ignore[attr-defined]


def separating_time(point: Point, apart: Separation, k: int, v: Rational) -> Rational:
    """A time t_0 > 0 up to which no unit changes its sign while neuron k moves along sign(v_k) (q, beta).

    Each unit is affine until the first of them vanishes; half of the time until then, and 1 if none ever does.
    """
    problem, network = point.instance, point.instance.network
    times: list[Rational] = []
    side = 1 if v > 0 else -1
    for i, x in enumerate(problem.x):
        pre = network.preactivations(point.parameters, x)
        speed = side * sum((a * b for a, b in zip(apart.q, x, strict=True)), apart.beta)
        start = pre[0][k]
        if start * speed < 0:
            times.append(-start / speed)
        active = start if start else speed
        unit = problem.units[i][0]
        value, slope = unit.argument(pre[1]), unit.terms[0][1] * v * network.slope(1 if active > 0 else -1) * speed
        if value * slope < 0:
            times.append(-value / slope)
    return min(times) / 2 if times else mpq(1)


BINARY = ("laurent-brecht-three-minima", "laurent-brecht-one-neuron", "laurent-brecht-zero-loss-on-a-boundary")
LEAKY = ("laurent-brecht-equal-weights", "laurent-brecht-unbalanced-leaky")
UNBALANCED = "False without equal class weights: a sharp local minimum with v = 0; with them Theorem 5 holds."

CLAIMS = (
    Claim(
        "MLR-(15)", "Laurent, von Brecht, anonymous version, (15)",
        "Separable data with margin mu: <a_k, q> + alpha_k beta >= mu sum_i weight_i epsilon_i lambda_ik on each cell.",
        inequality_15, ("laurent-brecht-one-neuron",), family="binary-small",
    ),
    Claim(
        "MLR-L3i", "Laurent, von Brecht, anonymous version, Lemma 3 (i)",
        "Moving neuron k along sign(v_k) (q, beta) stays in one closed cell for all t in [0, t_0).",
        lemma_3, BINARY, family="binary",
    ),
    Claim(
        "MLR-L3ii", "Laurent, von Brecht, anonymous version, Lemma 3 (ii)",
        "On the way the loss falls at least by t |v_k| mu sum_i weight_i epsilon_i lambda_ik.",
        lemma_3, BINARY, family="binary",
    ),
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
        "MLR-(26)-(27)", "Laurent, von Brecht, anonymous version, (26) and (27)",
        "If sum_i rho_i y_i (x_i, 1) = 0 with rho >= 0 and the data are separable, then rho = 0.",
        balance_forces_zero, BINARY, family="binary",
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
