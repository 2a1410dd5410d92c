"""Milne, section 3.1: the network is smooth almost everywhere, and the loss subharmonic where it is smooth."""

from __future__ import annotations

from itertools import product

from exactrelu.facts import expression, facts
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
    on_all_cells,
    on_all_points,
)
from exactrelu.theorems.milne.setting import alone, scope
from exactrelu.theorems.milne.switches import output, switch_names, too_large, weight_matrices

PATTERNS = 500


def lemma_1(problem: Problem, tick: Tick) -> Outcome:
    """For all switches of the layers below, not all off in one of them, every unit is a polynomial that is not zero.

    So the network is smooth outside finitely many zero sets. (Where a layer is off the output is constant, and at a
    data point 0 it is 0.)
    """
    why = scope(problem, decay=False)
    if why:
        return not_applicable(why)
    network = problem.network
    slopes = tuple(dict.fromkeys(network.slopes))
    layers = [[p for p in product(slopes, repeat=width) if any(p)] for width in network.activated]
    below = [list(product(*layers[:k])) for k in range(len(network.activated))]
    if sum(len(patterns) for patterns in below) > PATTERNS:
        return Outcome(UNDECIDED, "too many patterns of switches to be tried")
    certificates = []
    for i, x in enumerate(problem.x):
        tick()
        if not any(x):
            continue
        definitions, relations = weight_matrices(network), []
        for k, patterns in enumerate(below):
            for number, pattern in enumerate(patterns):
                value = f"x[{i}]"
                for layer, switches in enumerate(pattern, 1):
                    name = f"a{k}_{number}_{layer}"
                    entries = [f"{expression(s)}*(M{layer} @ {value})[{u}]" for u, s in enumerate(switches)]
                    definitions[name] = f"[{', '.join(entries)}]"
                    value = name
                relations += [f"(M{k + 1} @ {value})[{u}] != 0" for u in range(network.activated[k])]
        words = f"No unit that is not cut off is identically 0 at data point {i + 1}."
        certificates.append(facts(alone(problem), words, relations, definitions, network.names))
    if not certificates:
        return not_applicable("all data points are 0")
    number = sum(len(c.proof["facts"]) for c in certificates)
    return Outcome("verified", f"the {number} boundary polynomials are not zero", tuple(certificates))


def lemma_2(problem: Problem, tick: Tick) -> Outcome:
    """On every cell the Laplacian of the squared loss is a sum of squares: the loss is subharmonic."""
    if problem.loss.is_hinge or problem.loss.weight_decay:
        return not_applicable("the squared loss without weight decay is needed")
    return on_all_cells(
        problem, tick, lambda cell: cell.form.laplacian_is_sum_of_squares, "the Laplacian is a sum of squares"
    )


def lemma_2_as_printed(problem: Problem, tick: Tick) -> Outcome:
    """On any open neighbourhood of a local maximum the loss is not smooth, or constant: two balls refute it."""
    why = scope(problem, decay=False)
    if why:
        return not_applicable(why)
    points = [problem.at(name, tick) for name in problem.points]
    smooth = [p for p in points if p.form is not None]
    tops = [p for p in smooth if p.local_maximum().answer == YES]
    slopes = [p for p in smooth if any(p.gradient or ())]
    if not tops or not slopes:
        return not_applicable("a smooth local maximum and a smooth point with a gradient are needed")
    top, slope = tops[0], slopes[0]
    words = (
        f'a ball around the local maximum "{top.name}" and one around "{slope.name}" form an open neighbourhood on '
        "which the loss is smooth and not constant"
    )
    proofs = (*Fact.of(top.local_maximum()).certificates, *Fact.of(slope.clarke_critical()).certificates)
    return Outcome("refuted", words, (*proofs, *Fact.of(slope.differentiable()).certificates))


def convex_errors(problem: Problem, tick: Tick) -> Outcome:
    """For all switches at once: the outputs are harmonic, so the Laplacian of g(o) is g''(o) |grad o|^2.

    As an identity of polynomials for g(o) = (o - f)^4; for other g it is the same chain rule.
    """
    why = scope(problem, decay=False)
    if why:
        return not_applicable(why)
    if too_large(problem):
        return Outcome(UNDECIDED, too_large(problem))
    network = problem.network
    switches = switch_names(network)
    certificates = []
    for i in range(len(problem.x)):
        tick()
        definitions = {**weight_matrices(network), **output(network, i, switches), "e": f"o{i} - y[{i}]"}
        second = " + ".join(f"derivative(derivative(e**4, '{v}'), '{v}')" for v in network.names)
        first = " + ".join(f"derivative(o{i}, '{v}')**2" for v in network.names)
        relations = [f"derivative(derivative(o{i}, '{v}'), '{v}') == 0" for v in network.names]
        relations.append(f"{second} == 12*e**2*({first})")
        variables = (*network.names, *(s for layer in switches for s in layer))
        words = f"Laplacian of (o - f)^4 at data point {i + 1}: 12 (o - f)^2 |grad o|^2, for all switches."
        certificates.append(facts(alone(problem), words, relations, definitions, variables))
    return Outcome("verified", "harmonic outputs, for all switches at once", tuple(certificates))


def linear_networks(problem: Problem, tick: Tick) -> Outcome:
    """A linear network has no local maximum unless the loss is constant."""
    if problem.network.slopes[0] != problem.network.slopes[1] or problem.loss.is_hinge:
        return not_applicable("a linear network and the squared loss are needed")

    def judge(point: Point) -> Outcome:
        flat = point.form is not None and point.form.is_flat
        proof = (point.certificate("differentiable"),)
        constant = Fact(YES if flat else NO, "constant loss" if flat else "loss not constant", proof)
        return implication([lambda: Fact.of(point.local_maximum())], lambda: constant)

    return on_all_points(problem, tick, judge)


CLAIMS = (
    Claim(
        "MIL-L1", "Milne, Lemma 1",
        "The output is smooth in the weights outside finitely many zero sets of polynomials, which are null sets.",
        lemma_1, ("milne-two-neurons", "milne-deep"), family="milne",
    ),
    Claim(
        "MIL-L2", "Milne, Lemma 2",
        "Where the squared loss is smooth it is subharmonic; at a local maximum it is not smooth, or constant nearby.",
        lemma_2, ("milne-two-neurons", "liu-two-samples", "yun2018-three-point"),
        "The neighbourhood must be connected for the last conclusion; the identity holds as it stands.",
    ),
    Claim(
        "MIL-L2-any", "Milne, Lemma 2, as printed",
        "At a local maximum the loss is not smooth on any open neighbourhood, unless it is constant on all of it.",
        lemma_2_as_printed, ("milne-dead-point",),
        "The neighbourhood must be connected: a ball in a dead cell and one elsewhere form one that is not.", "milne",
    ),
    Claim(
        "MIL-R2", "Milne, remark after the proof of Lemma 2",
        "Lemma 2 holds for errors g(f(a), y) that are convex in y: the Laplacian is sum g'' |grad y|^2.",
        convex_errors, ("milne-two-neurons", "milne-deep"), family="milne",
    ),
    Claim(
        "MIL-R2b", "Milne, after Lemma 2",
        "The loss of a deep linear network has no local maximum unless it is constant.",
        linear_networks, ("milne-linear",), family="milne",
    ),
)  # fmt: skip
