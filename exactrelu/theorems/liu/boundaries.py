"""Liu, section 6: local minima on the boundary of two cells, Lemma 2 and Theorem 3, as printed and corrected.

With N1 and N2 as in `exactrelu.theorems.liu.facets` a point on the boundary is a local minimum if and only if dL/dR_j =
0 for the other neurons and s N1 = -alpha x_n, s N2 = beta x_n with alpha, beta >= 0, where s is the sign of z_m; if z_m
= 0, N1 = N2 = 0. The paper asks for > 0, and counts one data point of the plane only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from exactrelu.cells import Cell
from exactrelu.certificate import Certificate
from exactrelu.errors import InternalContradiction
from exactrelu.facts import facts
from exactrelu.landscape import Problem
from exactrelu.point import Point
from exactrelu.rational import Vector, combination, dot
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
    on_all_points,
)
from exactrelu.theorems.liu.conditions import Choice, Condition, NoChoice, choose
from exactrelu.theorems.liu.facets import Facet, OnFacet, facets, on_facet
from exactrelu.theorems.liu.genuineness import SIGNS, STRICT, inside, stationary
from exactrelu.theorems.liu.lifted import MOST, merged, why_not_liu, with_points


def facet_minimum(facet: Facet, *, printed: bool = False, signs: tuple[int, ...] = STRICT) -> Point | NoChoice:
    """A local minimum on a facet, or the refutation of each choice of signs of z.

    ``printed``: as in Theorem 3 and appendix D.2, with strict inequalities, x_n alone on the plane, and no test of w_m;
    ``signs`` are those allowed for z_m.
    """
    loss, m = facet.loss, facet.neuron
    others = [j for j in range(loss.neurons) if j != m]
    cell = Cell(facet.forms, facet.columns, ())
    common = [*stationary(loss, others), *_on_the_plane(facet)]
    options = [
        {s: [*([] if printed else inside(loss, cell, m, s)), *_slopes(facet, s, printed)] for s in signs}
        if j == m else {s: inside(loss, cell, j, s) for s in STRICT}
        for j in range(loss.neurons)
    ]  # fmt: skip
    found = choose(common, options, loss.size)
    return _point(facet, found) if isinstance(found, Choice) else found


def _on_the_plane(facet: Facet) -> list[Condition]:
    """D R = d for neuron m: <R_m, x_n> = 0, and P = 0."""
    loss, m = facet.loss, facet.neuron
    normal, forms = facet.normal, facet.loss.gradient_forms[facet.neuron]
    square = dot(normal, normal)
    along = combination(zip(normal, forms, strict=True), loss.size + 1)
    conditions = [Condition(f"dot(R{m + 1}, XN)", (*loss.block(m, normal), square * 0))]
    for d, form in enumerate(forms):
        conditions.append(Condition(f"P[{d}]", combination([(normal[d], along), (-square, form)], loss.size + 1)))
    return conditions


def _slopes(facet: Facet, sign: int, printed: bool) -> list[Condition]:
    """(18) and (19) for this sign of z_m: weak, or as printed; for the sign 0: N1 = N2 = 0."""
    size = facet.loss.size + 1
    both = (facet.near(-1), (*facet.near(-1), facet.n) if printed else facet.near(1))
    named = list(zip(("N1", "N2"), map(facet.limit_forms, both), strict=True))
    if sign == 0:
        return [Condition(f"{name}[{d}]", form) for name, forms in named for d, form in enumerate(forms)]
    conditions = []
    for (name, forms), side in zip(named, (-sign, sign), strict=True):
        form = combination(zip(facet.normal, forms, strict=True), size)
        text = f"{'-' if side < 0 else ''}dot({name}, XN)"
        conditions.append(Condition(text, tuple(side * a for a in form), ">" if printed else ">="))
    return conditions


def _point(facet: Facet, found: Choice) -> Point:
    """The point on the facet with this R; where z_j = 0 the weights of a point of the facet."""
    loss = facet.loss
    rows = []
    for j, (s, own) in enumerate(zip(found.signs, loss.split(found.point), strict=True)):
        rows.append(tuple(s * a for a in own) if s else _row(facet, j))
    return Point(facet.forms, loss.parameters(rows, found.signs))


def _row(facet: Facet, j: int) -> Vector:
    """A vector w_j with the signs of the facet."""
    loss = facet.loss
    conditions = []
    for (group,), x in zip(facet.columns, loss.inputs, strict=True):
        s = group[j]
        form = (*(a * (s or 1) for a in x), x[0] * 0)
        conditions.append(Condition("", form, ">" if s else "=="))
    (row,) = [choose(conditions, [], loss.dimension)]
    if isinstance(row, NoChoice):
        raise InternalContradiction("two cells that differ in one parallel class share no facet")
    return row.point


def _refutation(facet: Facet, refuted: NoChoice) -> Certificate:
    choices = "; ".join(", ".join(SIGNS[s] for s in signs) or "any z" for signs in refuted.refutations)
    definitions = merged(facet.loss.definitions(facet.loss.variable_texts()), facet.definitions)
    statement = f"No local minimum on {facet!r} (for {choices})."
    return facts(facet.loss.problem, statement, refuted.relations, definitions, facet.loss.variables)


# -------------------------------------------------------------------- claims


def _about_facets(problem: Problem, tick: Tick, judge: Callable[[OnFacet], Outcome]) -> Outcome:
    why = why_not_liu(problem)
    if why:
        return not_applicable(why)

    def decide(point: Point) -> Outcome:
        place = on_facet(point)
        return not_applicable(place) if isinstance(place, str) else judge(place)

    return on_all_points(problem, tick, decide)


def _compare(place: OnFacet, holds: bool, test: str) -> Outcome:
    """The outcome of "the test holds if and only if the point is a local minimum"."""
    fact = Fact.of(place.point.local_minimum())
    if fact.answer == UNDECIDED:
        return Outcome(UNDECIDED, fact.words)
    words = f"{test} {'hold' if holds else 'fail'}, {fact.words}"
    slopes = (
        "N1, N2 are no multiples of x_n" if place.slopes is None else f"slopes {place.slopes[0]}, {place.slopes[1]}"
    )
    proofs = (place.certificate(words), *fact.certificates)
    return Outcome("verified" if holds == (fact.answer == YES) else "refuted", f"{words} ({slopes})", proofs)


def lemma_2(problem: Problem, tick: Tick) -> Outcome:
    """As printed, where dL/dR_j = 0 for the other neurons: (16) if and only if local minimum."""

    def judge(place: OnFacet) -> Outcome:
        if not place.others_stationary:
            return not_applicable("the other neurons are not critical")
        return _compare(place, place.lemma_2, "the directions (16)")

    return _about_facets(problem, tick, judge)


def lemma_2_corrected(problem: Problem, tick: Tick) -> Outcome:
    """With zero gradients allowed on either side, and dL/dR_j = 0 for the other neurons."""
    return _about_facets(problem, tick, lambda place: _compare(place, place.is_minimum, "the directions, or zero,"))


def theorem_3(problem: Problem, tick: Tick) -> Outcome:
    """As printed, at points: D R = d, (18) and (19) if and only if local minimum."""
    return _about_facets(problem, tick, lambda place: _compare(place, place.theorem_3, "(17) to (19)"))


def theorem_3_corrected(problem: Problem, tick: Tick) -> Outcome:
    """Each facet: it has a local minimum if and only if the weak system, with w_m on the facet, has a solution."""
    why = why_not_liu(problem)
    if why:
        return not_applicable(why)
    outcomes: list[tuple[str, Outcome]] = []
    for facet in facets(problem, tick):
        tick()
        found = facet_minimum(facet)
        if isinstance(found, NoChoice):
            outcomes.append((repr(facet), Outcome("verified", "no local minimum", (_refutation(facet, found),))))
            continue
        fact = Fact.of(found.local_minimum())
        status = {YES: "verified", NO: "refuted"}.get(fact.answer, UNDECIDED)
        outcomes.append((repr(facet), Outcome(status, f"{fact.words} of loss {found.loss}", fact.certificates)))
    return _of_all(problem, outcomes)


def without_test_of_w_m(problem: Problem, tick: Tick) -> Outcome:
    """Appendix D.2 as printed: with (17) to (19), and the other neurons in their cells, w_m needs no test."""
    why = why_not_liu(problem)
    if why:
        return not_applicable(why)
    outcomes: list[tuple[str, Outcome]] = []
    for facet in facets(problem, tick):
        for sign in (1, -1):
            tick()
            found = facet_minimum(facet, printed=True, signs=(sign,))
            if isinstance(found, NoChoice):
                continue
            place = OnFacet(found, facet)
            fact = Fact.of(found.local_minimum())
            words = f"(17) to (19) hold for {SIGNS[sign]} at {found!r}: {fact.words}"
            status = {YES: "verified", NO: "refuted"}.get(fact.answer, UNDECIDED)
            outcomes.append((repr(facet), Outcome(status, words, (_accepted(place), *fact.certificates))))
    return _of_all(problem, outcomes)


def _of_all(problem: Problem, outcomes: Iterable[tuple[str, Outcome]]) -> Outcome:
    outcome, number = joint(outcomes), problem.cells().number
    if outcome.status != "verified" or number <= MOST:
        return outcome
    return replace(
        outcome, status=UNDECIDED, detail=f"{outcome.detail}; there are {number} cells, {MOST} were looked at"
    )


def _accepted(place: OnFacet) -> Certificate:
    """That R at a point satisfies (17) to (19) for the activity of the facet, whatever the activity at the point."""
    facet, loss = place.facet, place.facet.loss
    problem, m = with_points(place.point.instance, point=place.point.parameters), facet.neuron
    z, n = f'parameter("point", "W2")[0][{m}]', facet.n
    relations = [f"G{j + 1} == {loss.nothing}" for j in range(loss.neurons) if j != m]
    relations += [f"P == {loss.nothing}", f"dot(R{m + 1}, XN) == 0", f"{z}*dot(N1, XN) < 0"]
    relations += [f"{z}*(dot(N1, XN) + weights[{n}]*e{n + 1}*dot(XN, XN)) > 0"]
    definitions = merged(loss.definitions(loss.point_texts("point")), facet.definitions)
    return facts(problem, f"(17) to (19) hold for {facet!r}.", relations, definitions)


STRICT_MINIMUM, EDGES = "liu-minimum-on-a-boundary", "liu-two-samples-opposite"

CLAIMS = (
    Claim(
        "LIU-L2", "Liu, Lemma 2",
        "A point on the boundary of two cells, separated by x_n, is a local minimum (in w_m) if and only if dL/dw_m has"
        " the direction of -x_n on the negative side and of x_n on the positive side.",
        lemma_2, (STRICT_MINIMUM, EDGES),
        "Sufficient, not necessary: either limit may be 0. With the labels 1, -1 the points (z, w) = (1, (1, 0)) and"
        " (1, (-1, 0)) are local minima with a limit 0. Moreover dL/dR_j = 0 is needed for the other neurons.",
        "lifted",
    ),
    Claim(
        "LIU-L2-corrected", "Liu, Lemma 2, corrected (squared loss)",
        "A point on the boundary of two cells is a local minimum if and only if dL/dR_j = 0 for the other neurons, and"
        " dL/dw_m is -alpha x_n on the negative side and beta x_n on the positive side with alpha, beta >= 0 (for z_m ="
        " 0: N1 = N2 = 0).",
        lemma_2_corrected, (STRICT_MINIMUM, EDGES, "liu-duplicates"), family="lifted",
    ),
    Claim(
        "LIU-T3", "Liu, Theorem 3",
        "A point on the boundary of two cells is a local minimum if and only if D R = d and (18), (19) hold.",
        theorem_3, (STRICT_MINIMUM, EDGES, "liu-duplicates"),
        "Not necessary: (18) or (19) may be 0. Not sufficient where several data points lie on the plane of x_n: all of"
        " them count. In (19) y_n does not belong into the sum over k, and 'for any m' should read 'for some m'.",
        "lifted",
    ),
    Claim(
        "LIU-T3-corrected", "Liu, Theorem 3 and appendix D.2, corrected",
        "On the boundary of two cells there is a local minimum if and only if D R = d, (18) with <= 0 and (19) with >="
        " 0, counting all data points on the plane, have a solution with all neurons where they belong (for z_m = 0:"
        " N1 = N2 = 0).",
        theorem_3_corrected, (STRICT_MINIMUM, EDGES, "liu-duplicates", "liu-wrong-side"), family="lifted",
    ),
    Claim(
        "LIU-D2", "Liu, appendix D.2",
        "A solution of (17) to (19) needs no test of w_m, since w_m is on the boundary anyway.",
        without_test_of_w_m, ("liu-wrong-side",),
        "It is on the plane of x_n, but may lie in a part of it that bounds other cells; the strict inequalities of w_m"
        " for the other data points must be tested too (LIU-T3-corrected).", "lifted",
    ),
)  # fmt: skip
