"""Laurent and von Brecht with several classes: the two hinge losses, active unsolved data points."""

from __future__ import annotations

from dataclasses import replace

from gmpy2 import mpq

from exactrelu.cells import Cell
from exactrelu.landscape import Problem
from exactrelu.point import Point
from exactrelu.rational import Rational
from exactrelu.replicas import class_problem
from exactrelu.theorems.claim import (
    NO,
    UNDECIDED,
    YES,
    Claim,
    Fact,
    Outcome,
    Tick,
    not_applicable,
    on_all_cells,
    on_all_points,
    seen,
)
from exactrelu.theorems.hypotheses import separable
from exactrelu.theorems.laurent_von_brecht.cells import is_hinge
from exactrelu.theorems.laurent_von_brecht.figures import exists, is_local_minimum, is_suboptimal
from exactrelu.theorems.laurent_von_brecht.penalty import ONE_VERSUS_ALL, OVA


def splits_over_classes(problem: Problem, tick: Tick) -> Outcome:
    """(12): the loss is the sum of the L^(r), each with the classifier of its class only; looked at on the cells.

    Every loss unit reads one output, and every output its own row of the last layer, whatever the cell.
    """
    if not is_hinge(problem) or problem.loss.kind != "one-vs-all-hinge" or problem.network.layers[-1].kind != "dense":
        return not_applicable(OVA)
    network, start = problem.network, problem.network.offsets[-2]

    def holds(cell: Cell) -> bool:
        tops = [sum(j >= start for j in monomial) for monomial, _ in cell.form.polynomial.terms if monomial]
        here = replace(problem, points={"w": cell.witness})
        parts = [class_problem(here, r) for r in range(network.widths[-1])]
        total = sum((one.evaluate(one.points["w"]) for one in parts), mpq(0))
        return set(tops) <= {1} and total == cell.form.value(cell.witness)

    outcome = on_all_cells(problem, tick, holds, "the sum of the class losses")
    one_each = all(len(unit.terms) == 1 for units in problem.units for unit in units)
    return replace(outcome, status="verified") if outcome.status == UNDECIDED and one_each else outcome


def _active_unsolved(point: Point) -> Fact:
    """Whether some unsolved data point activates a neuron k whose weight in the loss unit is not 0."""
    problem, network = point.instance, point.instance.network
    v = [[mpq(entry) for entry in row] for row in network.write(point.parameters)["W2"]]
    for i, (hidden, loss) in enumerate(point.columns):
        for unit, sign in zip(problem.units[i], loss, strict=True):
            for k, active in enumerate(hidden):
                weight = sum((c * v[r][k] for r, c in unit.terms), mpq(0))
                if sign > 0 and active > 0 and weight:
                    return Fact(YES, f"data point {i + 1} is unsolved and activates neuron {k + 1}", seen(point))
    return Fact(NO, "no unsolved data point is active", seen(point))


def _shallow(problem: Problem, kind: str) -> bool:
    dense = all(layer.kind == "dense" for layer in problem.network.layers)
    return is_hinge(problem) and problem.loss.kind == kind and problem.network.hidden_layers == 1 and dense


def nontrivial_critical_points(problem: Problem, tick: Tick, kind: str) -> Outcome:
    """Separable data, and a critical point with an active unsolved data point."""
    if not _shallow(problem, kind):
        return not_applicable(f"one dense hidden layer and the loss {kind} are needed")
    fact = separable(problem)
    if fact.answer == NO:
        return not_applicable(fact.words)
    outcome = exists(problem, tick, _active_unsolved, lambda point: Fact.of(point.clarke_critical()))
    return replace(outcome, certificates=(*fact.certificates, *outcome.certificates))


def multiclass_critical_points(problem: Problem, tick: Tick) -> Outcome:
    """With the multiclass hinge."""
    return nontrivial_critical_points(problem, tick, "multiclass-hinge")


def one_versus_all_critical_points(problem: Problem, tick: Tick) -> Outcome:
    """With the one-versus-all hinge."""
    return nontrivial_critical_points(problem, tick, "one-vs-all-hinge")


def figure_5(problem: Problem, tick: Tick) -> Outcome:
    """A sub-optimal local minimum of the multiclass hinge with an active unsolved data point."""
    if not _shallow(problem, "multiclass-hinge"):
        return not_applicable("one dense hidden layer and the multiclass hinge loss are needed")

    return exists(problem, tick, _active_unsolved, is_local_minimum, is_suboptimal)


def _hinge_sum(point: Point, own: bool) -> Rational:
    """sum_i weight_i sum_q sigma(1 + o_q - o_y), with the own class y (which gives 1) or without it."""
    problem, network = point.instance, point.instance.network
    total = mpq(0)
    for i, x in enumerate(problem.x):
        outputs = network.output(network.preactivations(point.parameters, x))
        y = problem.y[i]
        for q, o in enumerate(outputs):
            if isinstance(y, int) and (own or q != y):
                total += problem.loss.weight(i, 0, len(problem.x)) * max(1 + o - outputs[y], mpq(0))
    return total


def _hinge_formula(problem: Problem, tick: Tick, shift: int) -> Outcome:
    if not is_hinge(problem) or problem.loss.kind != "multiclass-hinge":
        return not_applicable("the multiclass hinge loss is needed")
    weight = sum((problem.loss.weight(i, 0, len(problem.x)) for i in range(len(problem.x))), mpq(0))

    def judge(point: Point) -> Outcome:
        value = _hinge_sum(point, own=True) - shift * weight
        status = "verified" if value == point.loss else "refuted"
        return Outcome(status, f"the formula gives {value}, the loss is {point.loss}", seen(point))

    return on_all_points(problem, tick, judge)


def equation_4(problem: Problem, tick: Tick) -> Outcome:
    """-1 + sum_q sigma(1 + o_q - o_y) is the multiclass hinge."""
    return _hinge_formula(problem, tick, 1)


def introduction_hinge(problem: Problem, tick: Tick) -> Outcome:
    """As printed in the introduction, with q = r in the sum."""
    return _hinge_formula(problem, tick, 0)


CLAIMS = (
    Claim(
        "MLR-(4)", "Laurent, von Brecht, anonymous version, (4)",
        "-1 + sum_q sigma(1 + o_q - o_y) is the multiclass hinge sum_{q != y} sigma(1 + o_q - o_y).",
        equation_4, ("laurent-brecht-three-classes",), family="multiclass",
    ),
    Claim(
        "MLR-(4)-introduction", "Laurent, von Brecht, anonymous version, introduction",
        "The multiclass hinge is sum_{q=1}^R sigma(1 + o_q - o_r).",
        introduction_hinge, ("laurent-brecht-three-classes",),
        "The term q = r adds 1: the loss would be at least 1. (4) is right.", "multiclass",
    ),
    Claim(
        "MLR-S7", "Laurent, von Brecht, anonymous version, section 4",
        "For R > 2 classes there are separable data and critical points with active unsolved data points.",
        multiclass_critical_points, ("laurent-brecht-three-classes",), family="multiclass",
    ),
    Claim(
        "LvB-F5", "Laurent, von Brecht 2018, figure 5",
        "The multiclass hinge has sub-optimal local minima with active unsolved data points.",
        figure_5, ("laurent-brecht-three-classes",), family="multiclass",
    ),
    Claim(
        "MLR-S8", "Laurent, von Brecht, anonymous version, after (16)",
        "Non-trivial critical points persist with the one-versus-all loss.",
        one_versus_all_critical_points, ONE_VERSUS_ALL, family="one-versus-all",
    ),
    Claim(
        "LvB-(11)", "Laurent, von Brecht 2018, after (11)",
        "The one-versus-all criterion still gives non-trivial critical points.",
        one_versus_all_critical_points, ONE_VERSUS_ALL, family="one-versus-all",
    ),
    Claim(
        "LvB-(12)", "Laurent, von Brecht 2018, (12)",
        "The one-versus-all loss is the sum over the classes r of L^(r), which depends on v_r, c_r and the features.",
        splits_over_classes, ONE_VERSUS_ALL, family="one-versus-all",
    ),
)  # fmt: skip
