"""Laurent and von Brecht with two classes: the descent of one neuron along a separating direction, with its t_0."""

from __future__ import annotations

from dataclasses import replace

from gmpy2 import mpq

from exactrelu.cells import Cell
from exactrelu.germ import on_curve
from exactrelu.landscape import Problem
from exactrelu.point import Point
from exactrelu.problem import Instance
from exactrelu.rational import Rational, dot
from exactrelu.signature import Columns
from exactrelu.theorems.claim import (
    NO,
    Claim,
    Outcome,
    Tick,
    joint,
    not_applicable,
    on_all_cells,
    seen,
)
from exactrelu.theorems.hypotheses import (
    Separation,
    separable,
    separation,
)
from exactrelu.theorems.laurent_von_brecht.binary import BINARY, about_points
from exactrelu.theorems.laurent_von_brecht.cells import is_binary


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
            left = dot(a, apart.q) + alpha * apart.beta
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
        speed = side * (dot(apart.q, x) + apart.beta)
        start = pre[0][k]
        if start * speed < 0:
            times.append(-start / speed)
        active = start if start else speed
        unit = problem.units[i][0]
        value, slope = unit.argument(pre[1]), unit.terms[0][1] * v * network.slope(1 if active > 0 else -1) * speed
        if value * slope < 0:
            times.append(-value / slope)
    return min(times) / 2 if times else mpq(1)


def balance_forces_zero(problem: Problem, tick: Tick) -> Outcome:
    """(26), (27): sum_i rho_i y_i (x_i, 1) = 0 with rho >= 0 forces rho = 0, by the separating hyperplane."""
    tick()
    if problem.loss.kind != "hinge":
        return not_applicable("the binary hinge loss is needed")
    fact = separable(problem)
    if fact.answer == NO:
        return Outcome("not applicable", "not separable: there is such a rho that is not 0")
    return Outcome("verified", "the separating hyperplane gives sum_i rho_i <= 0", fact.certificates)


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
        "MLR-(26)-(27)", "Laurent, von Brecht, anonymous version, (26) and (27)",
        "If sum_i rho_i y_i (x_i, 1) = 0 with rho >= 0 and the data are separable, then rho = 0.",
        balance_forces_zero, BINARY, family="binary",
    ),
)  # fmt: skip
