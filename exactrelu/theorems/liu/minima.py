"""Liu, section 3: local minima inside cells, and local maxima."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gmpy2 import mpq

from exactrelu.certificate import Certificate
from exactrelu.facts import facts
from exactrelu.landscape import Problem
from exactrelu.lp import Constraint, Feasible, feasible
from exactrelu.point import Point
from exactrelu.rational import Vector
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
    on_all_points,
    seen,
)
from exactrelu.theorems.liu.genuineness import Genuine, genuine
from exactrelu.theorems.liu.least_squares import least_squares
from exactrelu.theorems.liu.lifted import LiftedLoss, is_interior, merged, row_text, why_not_liu, with_points

SOME = 12


def with_cell_minima(problem: Problem, tick: Tick) -> Problem:
    """The problem with the genuine minima of its first cells as points, besides its own."""
    cells = problem.cells(tick=tick)
    found: dict[str, Vector] = dict(problem.points)
    for index in range(min(cells.number, SOME)):
        tick()
        answer = genuine(least_squares(problem, cells[index]))
        if isinstance(answer, Genuine):
            found[f"minimum of {cells[index].signature}"] = answer.parameters
    return replace(problem, points=found)


def with_dead_point(problem: Problem) -> Problem:
    """The problem with a point at which no unit is active, all pre-activations negative, if there is one."""
    loss = LiftedLoss(problem, ())
    nonzero = [x for x in loss.inputs if any(x)]
    answer = feasible([Constraint(x, "<", mpq(0)) for x in nonzero], loss.dimension)
    if not isinstance(answer, Feasible):
        return problem
    dead = loss.parameters([answer.point] * loss.neurons, [mpq(1)] * loss.neurons)
    return replace(problem, points={**problem.points, "dead": dead})


def inside_a_cell(point: Point) -> Fact:
    """Whether the point lies inside a cell: the only units that vanish do so identically."""
    inner = is_interior(point)
    return Fact(YES if inner else NO, f"{'inside' if inner else 'not inside'} a cell", seen(point))


def derivatives(point: Point) -> Certificate:
    """The certificate of G_1, .., G_K at a point inside a cell, and of equations (3) and (4) there."""
    problem = with_points(point.instance, point=point.parameters)
    loss = LiftedLoss.on(problem, point.columns)
    halves = loss.half_gradient(loss.lift(point.parameters))
    relations = [f'signature("point") == "{point.signature}"', f'{loss.value_text} == loss("point")']
    words = []
    inputs, k = len(problem.x[0]), loss.neurons
    for j, own in enumerate(halves):
        z = f'parameter("point", "W2")[0][{j}]'
        places = [*range(j * inputs, (j + 1) * inputs), *([k * inputs + j] if loss.dimension > inputs else [])]
        relations += [f'gradient("point")[{p}] == 2*{z}*G{j + 1}[{d}]' for d, p in enumerate(places)]
        last = problem.network.parameters - k + j
        row = row_text("point", j, inputs, loss.dimension > inputs)
        relations.append(f'gradient("point")[{last}] == 2*dot(G{j + 1}, {row})')
        relations.append(f"G{j + 1} {'!=' if any(own) else '=='} {loss.nothing}")
        words.append(f"dL/dR_{j + 1} is {'not ' if any(own) else ''}0")
    definitions = loss.definitions(loss.point_texts("point"))
    return facts(problem, f"{', '.join(words)} at the point.", relations, definitions)


def is_stationary(point: Point) -> Fact:
    """Whether dL/dR_j = 0 for all j at a point inside a cell."""
    loss = LiftedLoss.on(point.instance, point.columns)
    halves = loss.half_gradient(loss.lift(point.parameters))
    bad = [j + 1 for j, own in enumerate(halves) if any(own)]
    words = f"dL/dR_{bad[0]} is not 0" if bad else "dL/dR_j = 0 for all j"
    return Fact(NO if bad else YES, words, (derivatives(point),))


def is_least_on_its_cell(point: Point) -> Fact:
    """Whether the loss at a point inside a cell is the least value of L(R): dL/dR = 0, and L is convex in R."""
    loss = LiftedLoss.on(with_points(point.instance, point=point.parameters), point.columns)
    r = loss.lift(point.parameters)
    if any(any(own) for own in loss.half_gradient(r)):
        return Fact(NO, "not the least loss on its cell", (derivatives(point),))
    scaled = "[" + ", ".join(f"weights[{i}]*A[{i}]" for i in range(len(loss.inputs))) + "]"
    definitions = merged(
        loss.definitions(loss.point_texts("point")), {"A": loss.matrix_text, "H": f"2*transpose(A) @ {scaled}"}
    )
    relations = [f'signature("point") == "{point.signature}"', f'{loss.value_text} == loss("point")']
    relations += [f"G{j + 1} == {loss.nothing}" for j in range(loss.neurons)] + ["positive_semidefinite(H)"]
    proof = facts(
        loss.problem, f"The loss on the cell, as a function of R, is at least {point.loss}.", relations, definitions
    )
    return Fact(YES, f"{point.loss} is the least loss on the cell", (proof,))


def lemma_1(problem: Problem, tick: Tick) -> Outcome:
    """At a local minimum inside a cell dL/dR_j = 0 for all j."""

    def judge(point: Point) -> Outcome:
        if not is_interior(point):
            return not_applicable("not inside a cell")
        return implication([lambda: Fact.of(point.local_minimum())], lambda: is_stationary(point))

    return _about_minima(problem, tick, judge)


def theorem_1_minima(problem: Problem, tick: Tick) -> Outcome:
    """As printed: a differentiable local minimum is a global minimum."""

    def judge(point: Point) -> Outcome:
        premises = [lambda: inside_a_cell(point), lambda: Fact.of(point.local_minimum())]
        return implication(premises, lambda: Fact.of(point.global_minimum()))

    return _about_minima(problem, tick, judge)


def theorem_1_minima_corrected(problem: Problem, tick: Tick) -> Outcome:
    """A differentiable local minimum has the least loss of its cell."""

    def judge(point: Point) -> Outcome:
        if not is_interior(point):
            return not_applicable("not inside a cell")
        return implication([lambda: Fact.of(point.local_minimum())], lambda: is_least_on_its_cell(point))

    return _about_minima(problem, tick, judge)


def _about_minima(problem: Problem, tick: Tick, judge: Callable[[Point], Outcome]) -> Outcome:
    why = why_not_liu(problem)
    return not_applicable(why) if why else on_all_points(with_cell_minima(problem, tick), tick, judge)


def theorem_1_maxima(problem: Problem, tick: Tick) -> Outcome:
    """As printed: there are no local maxima."""
    why = why_not_liu(problem)
    if why:
        return not_applicable(why)
    return on_all_points(
        with_dead_point(problem), tick, lambda p: implication([], lambda: Fact.of(p.local_maximum()).negated)
    )


def theorem_1_maxima_corrected(problem: Problem, tick: Tick) -> Outcome:
    """At a local maximum no unit is active."""
    why = why_not_liu(problem)
    if why:
        return not_applicable(why)

    def judge(point: Point) -> Outcome:
        active = "+" in point.signature
        end = Fact(NO if active else YES, f"{'some' if active else 'no'} unit is active", seen(point))
        return implication([lambda: Fact.of(point.local_maximum())], lambda: end)

    return on_all_points(with_dead_point(problem), tick, judge)


def rescaled(problem: Problem, tick: Tick) -> Outcome:
    """As printed: with {z_j, w_j} also {c z_j, w_j / c} is a minimiser, for all c that are not 0; here c = -1.

    For c < 0 neuron j contributes -z_j max(-<w_j, x>, 0), whatever c is.
    """

    def judge(point: Point) -> Outcome:
        local = Fact.of(point.local_minimum())
        if local.answer != YES or not is_interior(point):
            return not_applicable("not a local minimum inside a cell")
        loss = LiftedLoss(point.instance, ())
        rows, z = loss.weights_of(point.parameters)
        outcomes = []
        for j in range(loss.neurons):
            turned = [tuple(-a for a in row) if k == j else row for k, row in enumerate(rows)]
            other = loss.parameters(turned, [-a if k == j else a for k, a in enumerate(z)])
            both = with_points(point.instance, point=point.parameters, scaled=other)
            value = both.evaluate(other)
            relation = "==" if value == point.loss else "!="
            relations = [f'loss("point") == {point.loss}', f'loss("scaled") {relation} loss("point")']
            proof = facts(both, f"Neuron {j + 1} scaled by c = -1.", relations)
            words = f"for c = -1 the loss {point.loss} becomes {value}"
            status = "verified" if relation == "==" else "refuted"
            outcomes.append((f"neuron {j + 1}", Outcome(status, words, (*local.certificates, proof))))
        return joint(outcomes)

    return _about_minima(problem, tick, judge)


def rescaled_corrected(problem: Problem, tick: Tick) -> Outcome:
    """{c z_j, w_j / c} has the same loss for all c > 0: no local minimum is strict."""

    def judge(point: Point) -> Outcome:
        strict = Fact.of(point.strict())
        if strict.answer == UNDECIDED:
            return Outcome(UNDECIDED, strict.words)
        status = "verified" if strict.answer == NO and point.strict().rule == "rescaling" else "refuted"
        return Outcome(status, "the loss is the same for all c > 0", strict.certificates)

    return _about_minima(problem, tick, judge)


EXAMPLES = ("liu-two-samples", "liu-two-samples-opposite")

CLAIMS = (
    Claim(
        "LIU-L1", "Liu, Lemma 1 (squared loss)",
        "At a local minimum inside a cell dL/dR_j = 0 for all j.",
        lemma_1, (*EXAMPLES, "liu-vanishing-optimum", "liu-saddle"), family="lifted",
    ),
    Claim(
        "LIU-T1a", "Liu, Theorem 1",
        "Any differentiable local minimum is a global minimum.",
        theorem_1_minima, EXAMPLES,
        "It has the least loss of its own cell only: with the inputs (1, 0) and (0, 1) and the labels 1 and 1 three"
        " cells have local minima of loss 1, 1/2 and 1/2, and the global minimum is 0.", "lifted",
    ),
    Claim(
        "LIU-T1a-corrected", "Liu, Theorem 1, corrected (squared loss)",
        "Any local minimum inside a cell has the least loss of all points of the cell.",
        theorem_1_minima_corrected, EXAMPLES, family="lifted",
    ),
    Claim(
        "LIU-T1b", "Liu, Theorem 1",
        "There are no local maxima.",
        theorem_1_maxima, ("liu-local-maximum",),
        "Where no unit is active there may be: every point inside a cell of dead units is a local maximum, and (z, w) ="
        " (1/2, 0) is one for x = 1, y = 1, with smaller losses near. There is no strict one, since the loss is"
        " constant in each z_j there.", "lifted",
    ),
    Claim(
        "LIU-T1b-corrected", "Liu, Theorem 1, corrected (squared loss)",
        "At a local maximum no unit is active at any data point; so none is strict, and inside a cell the loss is"
        " constant.",
        theorem_1_maxima_corrected, ("liu-local-maximum", *EXAMPLES), family="lifted",
    ),
    Claim(
        "LIU-S1", "Liu, section 3, after Theorem 1",
        "If {z_j, w_j} has the least loss (of its cell), then so has {c z_j, w_j / c} for every c that is not 0.",
        rescaled, ("liu-two-samples",),
        "For c > 0 only: with c < 0 the weights leave the cell, and the unit becomes -z_j max(-<w_j, x>, 0).", "lifted",
    ),
    Claim(
        "LIU-S1-corrected", "Liu, section 3, after Theorem 1, corrected",
        "{c z_j, w_j / c} has the loss of {z_j, w_j} for every c > 0; so no local minimum is strict.",
        rescaled_corrected, EXAMPLES, family="lifted",
    ),
)  # fmt: skip
