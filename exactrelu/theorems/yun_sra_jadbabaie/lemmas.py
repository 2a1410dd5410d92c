"""Lemmas 3, 4 and 5 of Yun, Sra, Jadbabaie, by the constructions of ``factorisation``, with exact bounds."""

from __future__ import annotations

from gmpy2 import mpq

from exactrelu.certificate import Certificate
from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.linear import inverse, product, transpose
from exactrelu.rational import Matrix, Rational
from exactrelu.theorems.claim import UNDECIDED, Claim, Outcome, Tick, joint, not_applicable
from exactrelu.theorems.yun_sra_jadbabaie.factorisation import (
    Weights,
    diagonal,
    difference,
    factors,
    norm2,
    norm_bound,
    printed_radii,
    radii,
    scaled,
    singular_bound,
)
from exactrelu.theorems.yun_sra_jadbabaie.linear_network import matrix_of, why_not_matrices, why_not_wide
from exactrelu.theorems.yun_sra_jadbabaie.saddle_curve import plus

DOUBLINGS = 100
EPSILONS = (mpq(1, 100), mpq(1), mpq(100))


def weights_at(problem: Problem, name: str) -> Weights:
    """The matrices of a named point of a network with `why_not_matrices` empty."""
    point, result = problem.point(name), []
    for _, start, stop, (_, width) in problem.network.blocks:
        result.append(tuple(point[k : k + width] for k in range(start, stop, width)))
    return Weights(tuple(result))


def own_names(problem: Problem, name: str) -> dict[str, str]:
    """The texts that define W1, W2, .. at a point."""
    return {f"W{i}": f"parameter({name!r}, 'W{i}')" for i in range(1, len(problem.network.layers) + 1)}


def chain(names: str, i: int, j: int, widths: tuple[int, ...]) -> str:
    """The text of the product of V_i, .., V_j for the letter V."""
    return " @ ".join(f"{names}{k}" for k in range(i, j - 1, -1)) or f"identity({widths[i]})"


def lemma_3_as_printed(problem: Problem, tick: Tick) -> Outcome:
    """Lemma 3 without the word "small": refuted by V_i = W_i +- eps_i E, E a unit matrix, for some large eps."""
    why_not = why_not_matrices(problem.network)
    if why_not or not problem.points:
        return not_applicable(why_not or "the problem names no points")
    return joint([(f'"{name}"', _far(problem, name, tick)) for name in problem.points])


def _far(problem: Problem, name: str, tick: Tick) -> Outcome:
    weights = weights_at(problem, name)
    last, widths = weights.depth, weights.widths
    epsilon = mpq(100)
    for _ in range(DOUBLINGS if last > 1 else 0):
        tick()
        bounds = [mpq(int(4 * e), 4) for e in printed_radii(weights, epsilon)]
        units = [scaled(e, _unit(len(w), len(w[0]))) for e, w in zip(bounds, weights.matrices, strict=True)]
        moved = Weights(tuple(plus(w, d) for w, d in zip(weights.matrices, units, strict=True)))
        if min(bounds) > 0 and norm2(difference(moved.whole, weights.whole)) > epsilon**2:
            more = {f"V{i}": expression(v) for i, v in enumerate(moved.matrices, 1)}
            relations = [f"norm2({chain('V', last, 1, widths)} - {chain('W', last, 1, widths)}) > ({epsilon})**2"]
            for i, e in enumerate(bounds, 1):
                relations += [f"norm2(V{i} - W{i}) <= ({e})**2", _printed_bound(i, e, epsilon, widths)]
            words = f'At "{name}" the V_i are as near as Lemma 3 asks for eps = {epsilon}, their product is not.'
            proof = facts(problem, words, relations, {**own_names(problem, name), **more})
            steps = ", ".join(map(str, bounds))
            detail = f"the product moves by more than eps = {epsilon}, with eps_i = {steps}"
            return Outcome("refuted", detail, (proof,))
    return Outcome(UNDECIDED, "no eps tried is too large") if last > 1 else not_applicable("a hidden layer is needed")


def _unit(rows: int, columns: int) -> Matrix:
    return tuple(tuple(mpq(not i and not j) for j in range(columns)) for i in range(rows))


def _printed_bound(i: int, e: Rational, epsilon: Rational, widths: tuple[int, ...]) -> str:
    """eps_i <= eps / (2 (H+1) max(|W_{H+1:i+1}|_F |W_{i-1:1}|_F, 1)), squared."""
    last = len(widths) - 1
    norms = f"norm2({chain('W', last, i + 1, widths)}) * norm2({chain('W', i - 1, 1, widths)})"
    return f"({2 * last} * {expression(e)})**2 * max({norms}, 1) <= {expression(epsilon)}**2"


def lemma_3(problem: Problem, tick: Tick) -> Outcome:
    """Lemma 3 with small eps_i: prod_i (n_i + eps_i) - prod_i n_i <= eps for bounds n_i of the norms."""
    why_not = why_not_matrices(problem.network)
    if why_not or not problem.points:
        return not_applicable(why_not or "the problem names no points")
    tick()
    proofs = tuple(_near(problem, name, epsilon) for name in problem.points for epsilon in EPSILONS)
    return Outcome(
        "verified", f"eps_i for eps = {', '.join(map(str, EPSILONS))} at {len(problem.points)} points", proofs
    )


def _near(problem: Problem, name: str, epsilon: Rational) -> Certificate:
    weights = weights_at(problem, name)
    bounds = radii(weights, epsilon)
    norms = [expression(norm_bound(w)) for w in weights.matrices]
    relations = [f"norm2(W{i}) <= {n}**2" for i, n in enumerate(norms, 1)] + [f"{n} >= 0" for n in norms]
    relations += [_printed_bound(i, e, epsilon, weights.widths) for i, e in enumerate(bounds, 1)]
    relations += [f"{expression(e)} > 0" for e in bounds]
    grown = " * ".join(f"({n} + {expression(e)})" for n, e in zip(norms, bounds, strict=True))
    relations.append(f"{grown} - {' * '.join(norms)} <= {expression(epsilon)}")
    words = (
        f'At "{name}", if |V_i - W_i|_F <= {bounds[0]} for all i, the products differ by at most {epsilon}: by at most '
        "prod_i (|W_i|_F + eps_i) - prod_i |W_i|_F, which grows with |W_i|_F."
    )
    return facts(problem, words, relations, own_names(problem, name))


def lemma_4(problem: Problem, tick: Tick) -> Outcome:
    """Every R is a product of matrices of these shapes: with R in one factor, identically in its entries."""
    network = problem.network
    why_not = why_not_matrices(network) or why_not_wide(network)
    if why_not:
        return not_applicable(why_not)
    tick()
    widths = network.widths
    d_x, d_y, last = widths[0], widths[-1], len(widths) - 1
    names = [[f"R_{r}_{c}" for c in range(1, d_x + 1)] for r in range(1, d_y + 1)]
    shape = factors(tuple((mpq(0),) * d_x for _ in range(d_y)), widths[1:-1])
    texts = {f"W{i}": expression(w) for i, w in enumerate(shape.matrices, 1)}
    if d_x < d_y:
        texts[f"W{last}"] = f"R @ {expression(diagonal(d_x, widths[-2]))}"
    else:
        texts["W1"] = f"{expression(diagonal(widths[1], d_y))} @ R"
    relations = [f"{chain('W', last, 1, widths)} == R"]
    words = f"Every R of shape ({d_y}, {d_x}) is a product of matrices with the hidden widths {list(widths[1:-1])}."
    variables = [name for row in names for name in row]
    proof = facts(problem, words, relations, {"R": matrix_of(names), **texts}, variables)
    return Outcome("verified", f"every R factors through the widths {list(widths)}", (proof,))


def lemma_5(problem: Problem, tick: Tick) -> Outcome:
    """Near products with full ranks around j every R is a product with a small change of W_j alone."""
    why_not = why_not_matrices(problem.network)
    if why_not or not problem.points:
        return not_applicable(why_not or "the problem names no points")
    return joint([(f'"{name}"', _lift(problem, name, tick)) for name in problem.points])


def _lift(problem: Problem, name: str, tick: Tick) -> Outcome:
    tick()
    weights = weights_at(problem, name)
    last, widths, j = weights.depth, weights.widths, weights.full_rank_place()
    if j is None:
        return not_applicable("no j with full ranks")
    a, b = weights.between(last, j + 1), weights.between(j - 1, 1)
    bounds = [singular_bound(a), singular_bound(transpose(b))]
    names = [[f"D_{r}_{c}" for c in range(1, widths[0] + 1)] for r in range(1, widths[-1] + 1)]
    variables = [entry for row in names for entry in row]
    second = [f"[{', '.join(f'derivative(derivative(q, {u!r}), {v!r})' for v in variables)}]" for u in variables]
    definitions = {
        **own_names(problem, name),
        "A": chain("W", last, j + 1, widths),
        "B": chain("W", j - 1, 1, widths),
        "P": expression(inverse(product(a, transpose(a)))),
        "Q": expression(inverse(product(transpose(b), b))),
        "s": expression(bounds[0]),
        "t": expression(bounds[1]),
        "D": matrix_of(names),
        "C": "transpose(A) @ P @ D @ Q @ transpose(B)",
        **{f"V{i}": f"W{i} + C" if i == j else f"W{i}" for i in range(1, last + 1)},
        "q": "norm2(D) - (s*t)**2 * norm2(C)",
    }
    relations = [
        f"P @ (A @ transpose(A)) == identity({widths[-1]})",
        f"Q @ (transpose(B) @ B) == identity({widths[0]})",
        f"{chain('V', last, 1, widths)} == {chain('W', last, 1, widths)} + D",
        "s > 0",
        "t > 0",
        f"positive_semidefinite(A @ transpose(A) - s**2 * identity({widths[-1]}))",
        f"positive_semidefinite(transpose(B) @ B - t**2 * identity({widths[0]}))",
        f"positive_semidefinite([{', '.join(second)}])",
    ]
    words = (
        f'At "{name}" every R = W_{{H+1:1}} + D is the product of the V_i of Lemma 5 with j = {j}, and q = |D|^2 - '
        "s^2 t^2 |V_j - W_j|^2 is a positive semidefinite form in D; s <= sigma_min(A), t <= sigma_min(B)."
    )
    proof = facts(problem, words, relations, definitions, variables)
    return Outcome("verified", f"j = {j}, sigma_min(A) >= {bounds[0]}, sigma_min(B) >= {bounds[1]}", (proof,))


INSTANCES = ("yun2018-deep-linear-saddle", "yun2018-deep-linear-two-hidden-layers", "yun2018-deep-linear-more-outputs")
FAMILY = "deep-linear"

CLAIMS = (
    Claim(
        "YSJ-L3", "Yun, Sra, Jadbabaie 2018, Lemma 3",
        "If |V_i - W_i|_F <= eps_i <= eps / (2 (H+1) max(|W_{H+1:i+1}|_F |W_{i-1:1}|_F, 1)) for all i, then "
        "|V_{H+1:1} - W_{H+1:1}|_F <= eps.",
        lemma_3_as_printed, INSTANCES,
        "The bound alone is not enough: W = 0, H = 1, eps = 100 allows a product at distance 625. The lemma says \"for "
        "small eps_i\" and not how small: prod_i (|W_i| + eps_i) - prod_i |W_i| <= eps suffices.", FAMILY,
    ),
    Claim(
        "YSJ-L3-small", "Yun, Sra, Jadbabaie 2018, Lemma 3",
        "If moreover prod_i (|W_i|_F + eps_i) - prod_i |W_i|_F <= eps, then |V_{H+1:1} - W_{H+1:1}|_F <= eps.",
        lemma_3, INSTANCES, family=FAMILY,
    ),
    Claim(
        "YSJ-L4", "Yun, Sra, Jadbabaie 2018, Lemma 4",
        "If d_i >= min(d_x, d_y) for all i, every R is a product W_{H+1:1}.",
        lemma_4, INSTANCES, family=FAMILY,
    ),
    Claim(
        "YSJ-L5", "Yun, Sra, Jadbabaie 2018, Lemma 5",
        "If A = W_{H+1:j+1} has full row rank and B = W_{j-1:1} full column rank, every R with |R - W_{H+1:1}|_F <= "
        "s t eps, where s <= sigma_min(A) and t <= sigma_min(B), is the product of a tuple with |V_j - W_j|_F <= eps "
        "and V_i = W_i for the other i.",
        lemma_5, INSTANCES, family=FAMILY,
    ),
)  # fmt: skip
