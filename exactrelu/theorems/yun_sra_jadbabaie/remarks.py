"""Remarks of Yun, Sra, Jadbabaie around Theorem 1: saddles of l_0, biases, and what is said of earlier work."""

from __future__ import annotations

from gmpy2 import mpq

from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.linear import product, transpose
from exactrelu.point import Point
from exactrelu.rational import Matrix
from exactrelu.theorems.claim import NO, YES, Claim, Fact, Outcome, Tick, implication, not_applicable, on_all_points
from exactrelu.theorems.yun_sra_jadbabaie.deep_linear import FAMILY, MINIMA, at_points, saddle_or_global
from exactrelu.theorems.yun_sra_jadbabaie.factorisation import Weights, diagonal
from exactrelu.theorems.yun_sra_jadbabaie.lemmas import chain
from exactrelu.theorems.yun_sra_jadbabaie.linear_network import (
    LinearPoint,
    only_first_bias,
    why_not_biases,
    why_not_deep_linear,
    why_not_linear,
    why_not_matrices,
    why_not_wide,
)


def tuples_over_a_saddle(problem: Problem, tick: Tick) -> Outcome:
    """Over the saddle R = 0 of l_0(R) = R_1^2 - R_2^2 there are a local minimum, a local maximum and a saddle.

    For networks with one output over one hidden unit, whatever lies below: with a = W_{H:1} and w = W_{H+1},
    l = w^2 (a_1^2 - a_2^2); the tuples have w = 0 and (a_1, a_2) = (1, 0), (0, 1), (1, 1).
    """
    network = problem.network
    widths, last = network.widths, len(network.layers)
    if why_not := why_not_matrices(network):
        return not_applicable(why_not)
    if widths[-2:] != (1, 1) or last < 2 or widths[0] < 2:
        return not_applicable("one output over one hidden unit, and at least two inputs, are needed")
    tick()
    definitions: dict[str, str] = {}
    relations = ["(w*a_1)**2 - (w*a_2)**2 == w**2 * (a_1**2 - a_2**2)"]
    for name, start in (("minimum", (1, 0)), ("maximum", (0, 1)), ("saddle", (1, 1))):
        row = (tuple(mpq(start[k]) if k < 2 else mpq(0) for k in range(widths[0])),)
        first = product(diagonal(widths[1], 1), row)
        tuple_of = Weights((first, *(diagonal(widths[i], widths[i - 1]) for i in range(2, last))))
        texts = {f"{name}_{i}": expression(w) for i, w in enumerate(tuple_of.matrices, 1)}
        definitions |= {**texts, f"a_of_{name}": chain(f"{name}_", last - 1, 1, widths)}
        relations.append(f"a_of_{name} == {expression(row)}")
    gap = "a_of_{0}[0][0]**2 - a_of_{0}[0][1]**2"
    relations += [f"{gap.format('minimum')} > 0", f"{gap.format('maximum')} < 0", f"{gap.format('saddle')} == 0"]
    relations += ["t**2 * ((1 + t)**2 - 1) == 2*t**3 + t**4", "t**2 * (1 - (1 + t)**2) == -2*t**3 - t**4"]
    words = (
        "l = w^2 (a_1^2 - a_2^2), a continuous in W_1, .., W_H: at w = 0, where R = 0 is a saddle of l_0, the tuple is "
        "a local minimum if a_1^2 > a_2^2, a local maximum if a_1^2 < a_2^2, and for a = (1, 1) a saddle: along w = t, "
        "a_1 = 1 + t, and along w = t, a_2 = 1 + t."
    )
    proof = facts(problem, words, relations, definitions, ("w", "a_1", "a_2", "t"))
    return Outcome("verified", "a local minimum, a local maximum and a saddle over R = 0", (proof,))


def augmented(here: LinearPoint) -> tuple[Weights, Matrix]:
    """The tuple ((s W_i, s b_i), (0, 1)), i <= H, and (W_{H+1}, b_{H+1}), s the slope, and the data (x, 1).

    Where only layer 1 has a bias, the tuple (W_1, b_1), W_2, ..
    """
    slope, last = here.problem.network.slopes[0], here.weights.depth
    if only_first_bias(here.problem.network):
        below = [tuple(tuple(slope * a for a in row) for row in w) for w in here.weights.matrices[:-1]]
        return Weights((*below, here.weights.matrices[-1])), here.inputs
    matrices = []
    for i, w in enumerate(here.weights.matrices, 1):
        factor = slope if i < last else mpq(1)
        rows = [tuple(factor * a for a in (*row, *b)) for row, b in zip(w, here.arrays[f"b{i}"], strict=True)]
        constant = [(*(mpq(0),) * len(w[0]), mpq(1))] if i < last else []
        matrices.append((*rows, *constant))
    return Weights(tuple(matrices)), tuple((*x, mpq(1)) for x in here.problem.x)


def augmentation(problem: Problem, tick: Tick) -> Outcome:
    """The "usual trick": a critical point with biases is a critical tuple of the network of augmented matrices."""
    network = problem.network
    why_not = why_not_linear(problem)
    if not why_not and not only_first_bias(network) and not all(layer.bias for layer in network.layers):
        why_not = "biases in all layers, or in the first one alone, are needed"

    def judge(here: LinearPoint) -> Outcome:
        return implication([lambda: here.critical], lambda: _augmented_critical(here))

    return at_points(problem, tick, judge, why_not)


def _augmented_critical(here: LinearPoint) -> Fact:
    weights, data = augmented(here)
    last = weights.depth
    count = len(here.problem.x)
    weighted = tuple(
        tuple(2 * here.problem.loss.weight(i, 0, count) * r for r in row) for i, row in enumerate(here.residuals)
    )
    gradient = product(transpose(weighted), data)
    parts = [
        product(transpose(weights.between(last, i + 1)), gradient, transpose(weights.between(i - 1, 1)))
        for i in range(1, last + 1)
    ]
    place = next((i for i, part in enumerate(parts, 1) if any(map(any, part))), None)
    rows = ", ".join(f"weights[{i}] * E[{i}]" for i in range(count))
    names = {f"A{i}": expression(w) for i, w in enumerate(weights.matrices, 1)}
    own = weights.widths
    more = {
        **names,
        "Z": expression(data),
        "F": f"2 * transpose([{rows}]) @ Z",
        **{
            f"M{i}": f"transpose({chain('A', last, i + 1, own)}) @ F @ transpose({chain('A', i - 1, 1, own)})"
            for i in range(1, last + 1)
        },
    }
    relations = [f"Z @ transpose({chain('A', last, 1, own)}) == outputs({here.name!r})"]
    if place is None:
        relations += [f"norm2(M{i}) == 0" for i in range(1, last + 1)]
        words = "the augmented tuple is critical"
        return Fact(YES, words, (here.states(words, *relations, more=more),))
    words = f"the augmented tuple has a derivative in its matrix {place}, which is not 0"
    return Fact(NO, words, (here.states(words, *relations, f"norm2(M{place}) > 0", more=more),))


def with_biases(problem: Problem, tick: Tick) -> Outcome:
    """Corollary 2 for networks with a bias in the last layer (and any others), or in the first alone.

    A bias b_{H+1} may move so that c = b_{H+1} + W_{H+1} b_H + .. stays: the loss is l_0(W_{H+1:1}, c), W_i and c free.
    """
    why_not = why_not_linear(problem) or why_not_biases(problem.network) or why_not_wide(problem.network)
    return at_points(problem, tick, saddle_or_global, why_not)


def critical_product(problem: Problem, tick: Tick) -> Outcome:
    """Laurent and von Brecht, Deep linear networks with arbitrary loss: over a local minimum grad l_0 = 0."""

    def judge(here: LinearPoint) -> Outcome:
        return implication([lambda: Fact.of(here.point.local_minimum())], lambda: here.stationary)

    return at_points(problem, tick, judge, why_not_deep_linear(problem) or why_not_wide(problem.network))


def hinge_minima(problem: Problem, tick: Tick) -> Outcome:
    """In linear networks with the hinge loss all local minima are global."""
    network = problem.network
    if problem.loss.kind != "hinge" or network.slopes[0] != network.slopes[1]:
        return not_applicable("linear units and the binary hinge loss are needed")

    def judge(point: Point) -> Outcome:
        return implication([lambda: Fact.of(point.local_minimum())], lambda: Fact.of(point.global_minimum()))

    return on_all_points(problem, tick, judge)


SECTION = "Yun, Sra, Jadbabaie 2018, section"

CLAIMS = (
    Claim(
        "YSJ-S2", f"{SECTION} 2.2, after Theorem 1",
        "If the product is a saddle of l_0, the tuple may be a local minimum, a local maximum or a saddle.",
        tuples_over_a_saddle, ("yun2018-deep-linear-one-output",), family=FAMILY,
    ),
    Claim(
        "YSJ-R1", f"{SECTION} 2.1, remark on bias terms",
        "Augmented data and weight matrices express biases b_1, .., b_{H+1}: critical points stay critical points.",
        augmentation, ("yun2018-deep-linear-first-bias", "yun2018-deep-linear-biases"),
        "This covers b_1 only. A bias of a higher layer is a column of W_i beside a constrained row (0, 1), in which "
        "the derivative need not vanish; so Theorem 1 says nothing of such a point. It holds none the less where "
        "b_{H+1} is free: see YSJ-R1-last.", "deep-linear-biases",
    ),
    Claim(
        "YSJ-R1-last", f"{SECTION} 2.1, remark on bias terms, and Corollary 2",
        "Corollary 2 holds with biases if b_{H+1} is among them, whatever the others are: the loss is "
        "l_0(W_{H+1:1}, c) with c free; and with b_1 alone if d_x counts the entry 1 of the augmented data.",
        with_biases, ("yun2018-deep-linear-biases", "yun2018-deep-linear-first-bias"), family="deep-linear-biases",
    ),
    Claim(
        "YSJ-S5", f"{SECTION} 1, on Laurent and von Brecht (reference 12)",
        "In linear networks with the hinge loss all local minima are global.",
        hinge_minima, ("laurent-brecht-unbalanced-linear",),
        "The classes must have equal weight: else a network that ignores the data can be a local minimum.",
        "binary-linear",
    ),
    Claim(
        "YSJ-S5-products", f"{SECTION} 2.2, on Laurent and von Brecht (reference 11)",
        "Over a local minimum the product is a critical point of l_0; this follows from part 1 of Theorem 1.",
        critical_product, MINIMA, family=FAMILY,
    ),
)  # fmt: skip
