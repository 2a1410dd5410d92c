"""Laurent and von Brecht on the exact penalty: replicas for the classes, and what two classes still tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gmpy2 import mpq

from exactrelu.cells import Cell
from exactrelu.errors import MalformedInput
from exactrelu.landscape import Problem, forms_certificate
from exactrelu.loss import Penalty
from exactrelu.point import Point
from exactrelu.replicas import class_problem, exact_penalty, replicas_of
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
    on_all_cells,
    on_all_points,
    seen,
)
from exactrelu.theorems.hypotheses import (
    equal_class_weights,
    recast,
    separable,
)
from exactrelu.theorems.laurent_von_brecht.binary import about_points, loss_is_zero, unsolved_are_dead
from exactrelu.theorems.laurent_von_brecht.cells import is_hinge

OVA = "the one-versus-all hinge loss is needed"
REPLICAS = "the one-versus-all hinge loss and dense layers, one of them hidden, or replicas of them, are needed"


def penalised(problem: Problem) -> Problem | None:
    """The problem, if it has replicas and a penalty, or with them (gamma = 1); None where that makes no sense."""
    try:
        if problem.loss.penalty:
            class_problem(problem, 0)
            return problem
        return exact_penalty(problem)
    except MalformedInput:
        return None


def unpenalised(problem: Problem) -> Problem:
    """The problem without its penalty, for questions about the data."""
    return replace(problem, loss=replace(problem.loss, penalty=None))


def in_class(point: Point, r: int) -> Point:
    """The point of the binary problem of class r that belongs to a point."""
    here = replace(_problem(point), points={"p": point.parameters})
    return class_problem(here, r).at("p", point.tick)


def _problem(point: Point) -> Problem:
    instance = point.instance
    if not isinstance(instance, Problem):
        raise TypeError("the points here are those of problems")
    return instance


def classes(point: Point) -> range:
    """The classes."""
    return range(point.instance.network.widths[-1])


def replicas_agree(point: Point) -> Fact:
    """Whether all replicas have equal hidden parameters."""
    found = set(replicas_of(point.instance, point.parameters))
    return Fact(
        YES if len(found) == 1 else NO, f"the replicas are {'' if len(found) == 1 else 'not '}equal", seen(point)
    )


def critical_for_each_class(point: Point) -> Fact:
    """Whether 0 lies in the Clarke subdifferential of L^(r) for every r: (14), or (18) of the anonymous version."""
    facts = [Fact.of(in_class(point, r).clarke_critical()) for r in classes(point)]
    proofs = tuple(proof for fact in facts for proof in fact.certificates)
    for r, fact in enumerate(facts):
        if fact.answer == NO:
            return Fact(NO, f"not critical for class {r}", fact.certificates)
    unclear = next((fact for fact in facts if fact.answer == UNDECIDED), None)
    return unclear or Fact(YES, "critical for every class", proofs)


def critical(point: Point) -> Fact:
    """Whether a point is critical in the sense of Clarke.

    With equal replicas the penalty has gradient 0, and the loss is a sum of functions of separate variables: its
    subdifferential is the product of those of the L^(r).
    """
    fact = Fact.of(point.clarke_critical())
    if fact.answer == UNDECIDED and point.instance.loss.penalty and replicas_agree(point).answer == YES:
        return critical_for_each_class(point)
    return fact


def _about_penalty(
    problem: Problem, tick: Tick, judge: Callable[[Point], Outcome], *, corrected: bool | None = None
) -> Outcome:
    whole = penalised(problem)
    if whole is None:
        return not_applicable(REPLICAS)
    facts = []
    if corrected is not None:
        data = unpenalised(whole)
        facts = [separable(data if corrected else recast(data, "multiclass-hinge"))]
    return about_points(whole, tick, judge, *facts)


def theorem_7_i(problem: Problem, tick: Tick) -> Outcome:
    """At a critical point of E all replicas agree."""

    def judge(point: Point) -> Outcome:
        return implication([lambda: critical(point)], lambda: replicas_agree(point))

    return _about_penalty(problem, tick, judge)


def theorem_7_ii(problem: Problem, tick: Tick) -> Outcome:
    """At a critical point of E every class is critical."""

    def judge(point: Point) -> Outcome:
        return implication([lambda: critical(point)], lambda: critical_for_each_class(point))

    return _about_penalty(problem, tick, judge)


def sum_rule(problem: Problem, tick: Tick) -> Outcome:
    """As printed: critical for every class, hence critical for the sum."""
    if not is_hinge(problem) or problem.loss.kind != "one-vs-all-hinge" or problem.network.layers[-1].kind != "dense":
        return not_applicable(OVA)
    return on_all_points(
        problem, tick, lambda p: implication([lambda: critical_for_each_class(p)], lambda: Fact.of(p.clarke_critical()))
    )


def penalty_avoids(problem: Problem, tick: Tick) -> Outcome:
    """Where the sum is critical and some class is not, equal replicas are not critical for the penalised loss."""
    whole = None if problem.loss.penalty else penalised(problem)
    if whole is None:
        return not_applicable(REPLICAS)

    def judge(point: Point) -> Outcome:
        fails = critical_for_each_class(point).negated
        replicated = critical(whole.at(point.name, tick))
        words = f"equal replicas are {'' if replicated.answer == YES else 'not '}critical for E"
        return implication(
            [lambda: Fact.of(point.clarke_critical()), lambda: fails], lambda: replace(replicated.negated, words=words)
        )

    return on_all_points(problem, tick, judge)


def dead_for_each_class(point: Point) -> Fact:
    """Whether (v_r)_k sigma(<w_k, x_i> + b_k) = 0 for all k and all (i, r) with positive loss."""
    facts = [unsolved_are_dead(in_class(point, r)) for r in classes(point)]
    for r, fact in enumerate(facts):
        if fact.answer == NO:
            return replace(fact, words=f"class {r}: {fact.words}")
    proofs = tuple(proof for fact in facts for proof in fact.certificates)
    return Fact(YES, "no unsolved data point activates a neuron that its class uses", proofs)


def _corollary_4(problem: Problem, tick: Tick, corrected: bool) -> Outcome:
    network = problem.network
    if network.slopes[1] or network.hidden_layers != 1 or not network.layers[0].bias:
        return not_applicable("one hidden layer of ReLU units with biases is needed")

    def judge(point: Point) -> Outcome:
        return implication([lambda: critical(point)], lambda: dead_for_each_class(point))

    return _about_penalty(problem, tick, judge, corrected=corrected)


def corollary_4(problem: Problem, tick: Tick) -> Outcome:
    """As printed: data that are linearly separable in the multiclass sense."""
    return _corollary_4(problem, tick, corrected=False)


def corollary_4_corrected(problem: Problem, tick: Tick) -> Outcome:
    """With each class linearly separable from the rest."""
    return _corollary_4(problem, tick, corrected=True)


def _vanishing_classifier(point: Point) -> Fact:
    """Whether v_r = 0 for some class r."""
    for r in classes(point):
        one = in_class(point, r)
        v = one.instance.network.write(one.parameters)["W2"][0]
        if all(entry == "0" for entry in v):
            return Fact(YES, f"v = 0 for class {r}", seen(point))
    return Fact(NO, "no class has v = 0", seen(point))


def _why_not_corollary_3(problem: Problem) -> str:
    network = problem.network
    if not 0 < network.slopes[1] < network.slopes[0] or network.hidden_layers != 1 or not network.layers[0].bias:
        return "one hidden layer of leaky units with biases is needed"
    return ""


def corollary_3_i(problem: Problem, tick: Tick) -> Outcome:
    """As printed: data that are linearly separable in the multiclass sense."""
    return _corollary_3_i(problem, tick, corrected=False)


def corollary_3_i_corrected(problem: Problem, tick: Tick) -> Outcome:
    """With each class linearly separable from the rest."""
    return _corollary_3_i(problem, tick, corrected=True)


def _corollary_3_i(problem: Problem, tick: Tick, corrected: bool) -> Outcome:
    """Leaky, separable, critical point of E, all v_r not 0: the loss is zero."""
    why = _why_not_corollary_3(problem)

    def judge(point: Point) -> Outcome:
        some = _vanishing_classifier(point)
        return implication([lambda: some.negated, lambda: critical(point)], lambda: loss_is_zero(point))

    return not_applicable(why) if why else _about_penalty(problem, tick, judge, corrected=corrected)


def corollary_3_ii(problem: Problem, tick: Tick) -> Outcome:
    """Leaky, separable, equal weights: a local minimum of E with some v_r = 0 is a global one (there is none)."""
    why = _why_not_corollary_3(problem)
    if not why and problem.loss.kind == "one-vs-all-hinge":
        fact = equal_class_weights(problem)
        why = "" if fact.answer == YES else fact.words

    def judge(point: Point) -> Outcome:
        some = _vanishing_classifier(point)
        if some.answer == NO:
            return not_applicable(some.words)
        return implication([lambda: Fact.of(point.local_minimum())], lambda: loss_is_zero(point))

    return not_applicable(why) if why else _about_penalty(problem, tick, judge, corrected=True)


def _on_a_cell(problem: Problem, tick: Tick) -> tuple[Problem, Cell, Penalty, list[list[int]]] | None:
    """The penalised problem, one of its cells, its penalty, and for each replica the places of its parameters."""
    whole = penalised(problem)
    if whole is None or whole.loss.penalty is None:
        return None
    (cell, *_) = whole.cells(limit=1, tick=tick)
    places = replicas_of(whole, tuple(range(whole.network.parameters)))
    return whole, cell, whole.loss.penalty, [[int(v) for v in own] for own in places]


def lemma_4(problem: Problem, tick: Tick) -> Outcome:
    """sum_r (|x_r|^2 - 1/(R-1) sum_{s != r} <x_s, x_r>) = 1/(R-1) sum_{r<s} |x_r - x_s|^2, the penalty."""
    found = _on_a_cell(problem, tick)
    if found is None:
        return not_applicable(REPLICAS)
    whole, cell, penalty, replicas = found
    ring = cell.form.ring
    total = ring.constant(mpq(0))
    for r, own in enumerate(replicas):
        for s, other in enumerate(replicas):
            weight = penalty.gamma * (1 if r == s else mpq(-1, penalty.replicas - 1))
            pairs = zip(own, other, strict=True)
            total = total + ring.from_terms((tuple(sorted(pair)), weight) for pair in pairs)
    same = total == cell.form.decay
    detail = "the sum of the hypotheses is the penalty, a sum of squares of differences: zero only for equal vectors"
    return Outcome("verified" if same else "refuted", detail, (forms_certificate(whole, [cell]),))


def gradient_of_the_penalty(problem: Problem, tick: Tick) -> Outcome:
    """As printed in the proof of Theorem 4: grad gamma R = gamma (x_r - x~_r), x~_r the mean of the other replicas."""
    found = _on_a_cell(problem, tick)
    if found is None:
        return not_applicable(REPLICAS)
    whole, cell, penalty, replicas = found
    own, *others = (replica[0] for replica in replicas)
    shared = -penalty.gamma / (penalty.replicas - 1)
    printed = cell.form.ring.from_terms([((own,), penalty.gamma), *(((other,), shared) for other in others)])
    derivative = cell.form.decay.derivative(own)
    words = f"the derivative is {derivative}, printed is {printed}"
    return Outcome("verified" if derivative == printed else "refuted", words, (forms_certificate(whole, [cell]),))


def product_cells(problem: Problem, tick: Tick) -> Outcome:
    """The boundary set of every class is null; that of the penalised problem is the union of their cylinders."""
    if problem.loss.kind != "one-vs-all-hinge" or penalised(problem) is None:
        return not_applicable(REPLICAS)
    what = "no unit vanishes identically"
    parts = [class_problem(problem, r) for r in range(problem.network.widths[-1])]
    return joint(
        (f"class {r}", on_all_cells(one, tick, lambda cell: "0" not in cell.signature, what))
        for r, one in enumerate(parts)
    )


PENALTY = ("laurent-brecht-exact-penalty", "laurent-brecht-not-one-versus-all-separable")
EACH = "Each class must be separable from the rest; three scores that separate are not enough."
ONE_VERSUS_ALL = ("laurent-brecht-one-versus-all",)

CLAIMS = (
    Claim(
        "MLR-T4i", "Laurent, von Brecht, anonymous version, Theorem 4 (i)",
        "gamma > 0: at every critical point of E all replicas agree.",
        theorem_7_i, PENALTY, family="penalty",
    ),
    Claim(
        "MLR-T4ii", "Laurent, von Brecht, anonymous version, Theorem 4 (ii)",
        "At every critical point of E, 0 lies in the Clarke subdifferential of every L^(r).",
        theorem_7_ii, PENALTY, family="penalty",
    ),
    Claim(
        "LvB-T7i", "Laurent, von Brecht 2018, Theorem 7 (i)",
        "The penalty is exact: at any critical point of E_gamma the replicas of all weights and biases are equal.",
        theorem_7_i, PENALTY, family="penalty",
    ),
    Claim(
        "LvB-T7ii", "Laurent, von Brecht 2018, Theorem 7 (ii)",
        "At any critical point of E_gamma, 0 lies in the Clarke subdifferential of L^(r) for all r.",
        theorem_7_ii, PENALTY, family="penalty",
    ),
    Claim(
        "MLR-S9", "Laurent, von Brecht, anonymous version, after (18)",
        "If every class is critical then clearly so is their sum.",
        sum_rule, ("laurent-brecht-sum-rule",),
        "The sum rule of Clarke is an inclusion the other way: 0 lies in the sum of the subdifferentials only.",
        "one-versus-all",
    ),
    Claim(
        "LvB-S5", "Laurent, von Brecht 2018, after (14)",
        "The penalty avoids critical points of the sum at which (14) fails.",
        penalty_avoids, ONE_VERSUS_ALL, family="one-versus-all",
    ),
    Claim(
        "MLR-C1", "Laurent, von Brecht, anonymous version, Corollary 1",
        "Separable data, critical point of E: (v_r)_k sigma(<w_k, x_i> + b_k) = 0 for all k and unsolved (i, r).",
        corollary_4, PENALTY[1:], EACH, "penalty",
    ),
    Claim(
        "LvB-C4", "Laurent, von Brecht 2018, Corollary 4",
        "alpha = 0, linearly separable data, critical point of E: unsolved (i, r) activate no neuron that r uses.",
        corollary_4, PENALTY[1:], EACH, "penalty",
    ),
    Claim(
        "LvB-C4-corrected", "Laurent, von Brecht 2018, Corollary 4 with each class separable from the rest",
        "alpha = 0, each class separable, critical point of E: unsolved (i, r) activate no neuron that r uses.",
        corollary_4_corrected, PENALTY, family="penalty",
    ),
    Claim(
        "LvB-C3i", "Laurent, von Brecht 2018, Corollary 3 (i)",
        "0 < alpha < 1, linearly separable data, critical point of E with all v_r not 0: a global minimum.",
        corollary_3_i, ("laurent-brecht-not-one-versus-all-separable-leaky",), EACH, "penalty",
    ),
    Claim(
        "LvB-C3i-corrected", "Laurent, von Brecht 2018, Corollary 3 (i) with each class separable from the rest",
        "0 < alpha < 1, critical point of E with all v_r not 0: the loss is zero, a global minimum.",
        corollary_3_i_corrected, ("laurent-brecht-leaky-penalty",), family="penalty",
    ),
    Claim(
        "LvB-C3ii", "Laurent, von Brecht 2018, Corollary 3 (ii)",
        "0 < alpha < 1, equal class weights: a local minimum of E with v_r = 0 for some r is a global minimum.",
        corollary_3_ii, ("laurent-brecht-leaky-penalty",),
        "True, but there is no such local minimum: every local minimum of E is a global one, with E = 0.", "penalty",
    ),
    Claim(
        "MLR-(28)", "Laurent, von Brecht, anonymous version, (28) and before it",
        "The gradient of gamma R is gamma (omega^(l, r) - mean of the other replicas).",
        gradient_of_the_penalty, PENALTY[:1], "A factor 2 is missing: it is 2 gamma (..).", "penalty",
    ),
    Claim(
        "MLR-L4", "Laurent, von Brecht, anonymous version, Lemma 4",
        "|x_r|^2 = 1/(R-1) sum_{s != r} <x_s, x_r> for all r (R > 1) only if all x_r are equal.",
        lemma_4, PENALTY, family="penalty",
    ),
    Claim(
        "MLR-Pprod", "Laurent, von Brecht, anonymous version, proof of Theorem 4",
        "The products of cells cover the space of all replicas up to a set of measure zero.",
        product_cells, PENALTY, family="penalty-small",
    ),
)  # fmt: skip
