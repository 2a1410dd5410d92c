"""Liu, section 7.2 and appendix E.2: the claims about Gaussian data, at the weights of the problem's points.

The law is that of the paper: labels 1 and -1 of equal probability, along the direction u means 1 and -1, variance 1.
Of the data of the problem only their number N counts. Integrals are enclosed by the checker itself.
"""

from __future__ import annotations

from collections.abc import Callable

from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.linear import kernel, rank
from exactrelu.rational import above, below
from exactrelu.theorems.claim import UNDECIDED, Claim, Outcome, Tick, not_applicable, undecidable
from exactrelu.theorems.liu.gaussian import BITS, Enclosure, GaussianWeights, Interval, as_ball, precision
from exactrelu.theorems.liu.gaussian_facts import (
    form,
    gaussian_certificate,
    integrals,
    power_bounds,
    probability,
)
from exactrelu.theorems.liu.parallel_minima import FOUR, TWO
from exactrelu.theorems.liu.parallel_weights import Parallel, on_parallel_points, words

SHOWN = 6
Judge = Callable[[Parallel, GaussianWeights], Outcome]


def on_gaussian_points(problem: Problem, tick: Tick, judge: Judge, regular: bool = True) -> Outcome:
    """Decide a claim at every named point with parallel weights, for Gaussian data along a unit vector.

    With ``regular``, only where F has full rank, so that h* is one point.
    """

    def careful(case: Parallel) -> Outcome:
        if not case.is_unit:
            return not_applicable("the weight vectors are multiples of no rational vector of length 1")
        weights = GaussianWeights(case.line.normals, case.line.locations)
        if regular and rank(weights.patterns) < len(weights.normals):
            return not_applicable("the matrix F is singular")
        return judge(case, weights)

    return on_parallel_points(problem, tick, careful)


def decimals(enclosure: Enclosure, digits: int = SHOWN) -> str:
    """Bounds in a sentence, as decimals rounded outward."""
    return f"[{below(enclosure.lower, digits)}, {above(enclosure.upper, digits)}]"


def expected_rank(weights: GaussianWeights) -> int:
    """The number of different weights, less one for each location after the first at which both normals occur."""
    distinct = set(zip(weights.normals, weights.locations, strict=True))
    pairs = sum((1, h) in distinct and (-1, h) in distinct for h in set(weights.locations))
    return len(distinct) - max(pairs - 1, 0)


def _rank_facts(case: Parallel, weights: GaussianWeights) -> tuple[dict[str, str], list[str]]:
    """The patterns V of the regions, their masses, which are positive: F = sum_j mass_j v_j v_j^T, the rank is V's."""
    cuts = sorted(range(len(weights.locations)), key=lambda k: -weights.locations[k])
    cuts = [k for i, k in enumerate(cuts) if i == 0 or weights.locations[k] != weights.locations[cuts[i - 1]]]
    named = {"V": expression(weights.patterns), "places": expression(weights.places)}
    sides = [f"S{k}" for k in cuts]
    relations = [f"{low} < {high}" for low, high in zip([*sides, "(-1)"], ["1", *sides], strict=True)]
    relations += [
        f"n[{k}] * (places[{j}] - h{k}) * (2*V[{j}][{k}] - 1) > 0"
        for j in range(len(weights.places))
        for k in range(len(weights.normals))
    ]
    return named, relations


def full_rank(problem: Problem, tick: Tick) -> Outcome:
    """As printed: with Gaussian data F has full rank."""

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        found, size = rank(weights.patterns), len(weights.normals)
        named, relations = _rank_facts(case, weights)
        relations.append(f"rank(V) == {found}")
        if found == size:
            said = f"F has full rank {size}"
        else:
            null = kernel(weights.patterns)[0]
            relations += [f"V @ null == {expression([0] * len(weights.places))}", "norm2(null) > 0"]
            named["null"] = expression(null)
            said = f"F has rank {found} of {size}: the weights ({words(null)}) move without changing any output"
        proof = gaussian_certificate(case, weights, f"Gaussian data: {said}.", relations, named, solved=False)
        return Outcome("verified" if found == size else "refuted", said, (proof,))

    return on_gaussian_points(problem, tick, judge, regular=False)


def rank_corrected(problem: Problem, tick: Tick) -> Outcome:
    """The rank of F is the number of different weights, less one for each pair of opposite weights after the first."""

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        found, expected = rank(weights.patterns), expected_rank(weights)
        named, relations = _rank_facts(case, weights)
        said = f"F has rank {found}, {expected} expected, of {len(weights.normals)} weights"
        proof = gaussian_certificate(case, weights, said, [*relations, f"rank(V) == {found}"], named, solved=False)
        return Outcome("verified" if found == expected else "refuted", said, (proof,))

    return on_gaussian_points(problem, tick, judge, regular=False)


def _truncated(weights: GaussianWeights, k: int) -> dict[str, str]:
    """(E.9), (E.10): probabilities P and means m of both classes where weight k is active; h* by (24) and in short."""
    named = {}
    right = weights.normals[k] > 0
    for letter, erf, y in (("p", "e", 1), ("m", "E", -1)):
        named[f"P{k}{letter}"] = f"(1 {'-' if right else '+'} {erf}{k})/2"
        named[f"m{k}{letter}"] = f"{y} {'+' if right else '-'} exp(-(h{k} - ({y}))**2/2)/R/P{k}{letter}"
    p, m = f"P{k}p", f"P{k}m"
    named[f"long{k}"] = f"({p}*m{k}p + {m}*m{k}m - {p} + {m})/({p} + {m})"
    named[f"short{k}"] = f"D{k} / (1 - S{k})" if right else f"-D{k} / (1 + S{k})"
    return named


def formulas(problem: Problem, tick: Tick) -> Outcome:
    """(E.9), (E.10) at each location as enclosures; the identities behind them as identities of polynomials.

    p(t) phi(t) has the derivative (p' - t p) phi, so that -phi is a primitive of t phi, and with t = x - y the integral
    of x phi(x - y) over a half-line is phi + y P. So in (24) the sum P_+ m_+ + P_- m_- - P_+ + P_- is phi_+ + phi_-.
    """

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        named, relations = form(case)
        named |= {**integrals(weights), "p": "t - t - 1"}
        relations += ['derivative(p, "t") - t*p == t', "(a + P) + (b - M) - P + M == a + b"]
        parts = []
        for k, (h, n) in enumerate(zip(weights.locations, weights.normals, strict=True)):
            alone = GaussianWeights((n,), (h,)).best[0]
            named |= _truncated(weights, k)
            bounds = expression(alone.lower), expression(alone.upper)
            relations += [f"{bounds[0]} < {name}{k} < {bounds[1]}" for name in ("long", "short")]
            relations += [f"m{k}{letter} {'>' if n > 0 else '<'} h{k}" for letter in "pm"]
            parts.append(f"weight {k} alone: h* in {decimals(alone)}")
        said = "; ".join(parts)
        proof = facts(case.problem, f"Gaussian data: {said}.", relations, named, ("t", "a", "b", "P", "M"))
        return Outcome("verified", said, (proof,))

    return on_gaussian_points(problem, tick, judge, regular=False)


def union_bound(problem: Problem, tick: Tick) -> Outcome:
    """(E.8): the gaps together are at least as probable as each of them; where greater, P_t is over-estimated."""

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        size = range(len(weights.normals))
        inner, outer = weights.gap_bounds()
        singles = [weights.gap_bounds([k]) for k in size]
        relations = [
            f"{expression(left)} <= {expression(a)} < {expression(b)} <= {expression(right)}"
            for _, single in singles
            for a, b in single.parts
            for left, right in outer.parts
            if left <= a and b <= right
        ]
        largest = max(single.probability.upper for _, single in singles)
        whole = Enclosure(inner.probability.lower, outer.probability.upper)
        said = f"P_g in {decimals(whole)}, each gap at most {decimals(Enclosure(largest, largest))}"
        if inner.probability.lower > largest:
            relations += [f"{probability(single, weights)} < {probability(inner, weights)}" for _, single in singles]
            said += ", so the largest gap alone over-estimates P_t"
        return Outcome("verified", said, (gaussian_certificate(case, weights, said, relations),))

    return on_gaussian_points(problem, tick, judge)


def trapped(problem: Problem, tick: Tick) -> Outcome:
    """The probability that N independent data miss the fixed gaps between h and the solution h* for the law itself."""

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        samples = len(case.line.x)
        bounds = weights.trapped(samples).rounded(12)
        relations = power_bounds(weights, samples, bounds.lower, bounds.upper)
        said = f"N = {samples}: P_t in {decimals(bounds)}"
        return Outcome("verified", said, (gaussian_certificate(case, weights, said, relations),))

    return on_gaussian_points(problem, tick, judge)


def trapped_as_printed(problem: Problem, tick: Tick) -> Outcome:
    """As printed, P_t is the probability of a genuine local minimum. But h* depends on the data, and may move further.

    Two weights that look outward. With the probability N (N - 1) q P_3 P_2^(N-2), exactly one point lies in region 1,
    of class -1, and exactly one in region 3. Then F is the identity, h_1* = x + 1 is beyond that point x, and the gap
    is not empty. Where P_t exceeds 1 minus this number, P_t is not that probability.
    """

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        samples = len(case.line.x)
        if not case.line.outward or samples < 2:
            return not_applicable("two weights that look outward are needed, as in figure 3, and two data points")
        named = {
            "q": "(1 - E0)/4",
            "P3": "(1 + S1)/2",
            "P2": "(S0 - S1)/2",
            "other": f"{samples}*{samples - 1}*q*P3*P2**{samples - 2}" if samples > 2 else "2*q*P3",
        }
        bounds, miss = weights.trapped(samples), missing(weights, samples)
        if bounds.lower <= 1 - miss.lower:
            said = f"N = {samples}: P_t in {decimals(bounds)}, which the simple bound does not exclude"
            return Outcome(UNDECIDED, said)
        _, outer = weights.gap_bounds()
        relations = [f"(1 - {probability(outer, weights)})**{samples} > 1 - other", "0 < other < 1", "h0 >= h1"]
        said = f"N = {samples}: 1 - P_t < {above(1 - bounds.lower, 2)}, but a gap is not empty with a probability > "
        said += below(miss.lower, 2)
        return Outcome("refuted", said, (gaussian_certificate(case, weights, said, relations, named),))

    return on_gaussian_points(problem, tick, judge)


def missing(weights: GaussianWeights, samples: int) -> Enclosure:
    """The probability of the event in `trapped_as_printed`."""
    with precision(BITS):
        high, low = map(as_ball, weights.locations)
        right = Interval(high, None)
        wrong = (right.mass - right.label) / 4  # half of the mass of class -1
        factors = wrong * Interval(None, low).mass / 2 * (Interval(low, high).mass / 2) ** (samples - 2)
        return Enclosure.of(samples * (samples - 1) * factors)


def vanishing(problem: Problem, tick: Tick) -> Outcome:
    """0 < P_g, and 1 - P_g < exp(-P_g): so P_t < exp(-N P_g) for every N."""

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        inner, _ = weights.gap_bounds()
        if not inner.parts:
            return Outcome(UNDECIDED, "the gaps are smaller than the enclosures")
        named = {"P": probability(inner, weights)}
        said = f"P_t < exp(-N P_g) for every N, with P_g >= {below(inner.probability.lower, 6)} > 0"
        relations = ["P > 0", "1 - P < exp(-P)"]
        return Outcome("verified", said, (gaussian_certificate(case, weights, said, relations, named),))

    return on_gaussian_points(problem, tick, judge)


LAW = "Two Gaussian classes with means 1 and -1 along u, variance 1, equal priors"

CLAIMS = (
    Claim(
        "LIU-S3", "Liu, section 7.2, first paragraph",
        "For Gaussian data F has full rank, and F h = f a unique solution.",
        full_rank, (FOUR,),
        "Not if at two locations both normals occur: four weights, rank three; nor if two weights are equal.",
        "parallel",
    ),
    Claim(
        "LIU-S3-corrected", "Liu, section 7.2, first paragraph, corrected",
        "For Gaussian data the rank of F is the number of different weights, less one for each location after "
        "the first at which both normals occur. So it is full when all weights differ and at most one location both.",
        rank_corrected, (TWO, FOUR), family="parallel",
    ),
    Claim(
        "LIU-(25),(26)", "Liu, section 7.2, (25), (26), as printed",
        f"{LAW}: the probability that N samples have a genuine local minimum is P_t = (1 - P_g)^N, P_g the "
        "probability of the gaps between the weights and h*.",
        trapped_as_printed, (TWO,),
        "h* in (24) is that of the law; the minimum for the samples moves with them. Where P_g = 0 the formula says 1, "
        "but with positive probability a sample lies between a weight and the minimum for the samples. P_t is the "
        "probability that N further samples miss the fixed gaps.", "parallel",
    ),
    Claim(
        "LIU-(25),(26)-corrected", "Liu, section 7.2, (25), (26), corrected",
        f"{LAW}: N independent samples all miss the gaps between the weights and the least-loss locations h* for the "
        "law with the probability P_t = (1 - P_g)^N.",
        trapped, (TWO, FOUR), family="parallel",
    ),
    Claim(
        "LIU-(E.7)-(E.10)", "Liu, appendix E.2, (E.7), (E.9), (E.10)",
        "P_+ = 1 - Phi(h - 1) and the truncated mean 1 + phi(h - 1)/P_+ to the right of h, likewise for the other "
        "class and to the left; with (24), h* = (phi(h - 1) + phi(h + 1)) / (P_+ + P_-).",
        formulas, (TWO, FOUR), family="parallel",
    ),
    Claim(
        "LIU-(E.8)", "Liu, appendix E.2, (E.8)",
        "P_g is at least the largest probability of a single gap.", union_bound, (TWO, FOUR), family="parallel",
    ),
    Claim(
        "LIU-S4", "Liu, section 7.2, after (26)",
        "P_t vanishes exponentially also for weights that are not parallel, for other laws of the data, for saddle "
        "points and for local minima at which the loss is not differentiable.",
        undecidable(
            "the sentence names no law and no weights, and says that gaps usually have a positive probability: a law "
            "without mass in the gaps gives P_t = 1 for every N; for the law and the weights of (25) see the corrected "
            "claim"
        ),
        (TWO,),
    ),
    Claim(
        "LIU-S4-corrected", "Liu, section 7.2, after (26), for the law and the weights of (25)",
        f"{LAW}, parallel weights that are not at h*: P_t < exp(-N P_g) for every N, with P_g > 0.",
        vanishing, (TWO, FOUR), family="parallel",
    ),
)  # fmt: skip
