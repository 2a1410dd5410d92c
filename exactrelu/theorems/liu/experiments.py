"""Liu, section 7.3 and appendix E.3: what the figures 4 and A4 are said to show, with N = 100 as there."""

from __future__ import annotations

from itertools import product

from gmpy2 import mpq

from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.rational import above
from exactrelu.theorems.claim import UNDECIDED, Claim, Outcome, Tick, joint, not_applicable, undecidable
from exactrelu.theorems.liu.figures import A4_LOCATIONS, SAMPLES
from exactrelu.theorems.liu.gaussian import GaussianWeights
from exactrelu.theorems.liu.gaussian_facts import gaussian_certificate, power_bounds, probability
from exactrelu.theorems.liu.parallel_minima import FOUR, TWO
from exactrelu.theorems.liu.parallel_weights import Parallel
from exactrelu.theorems.liu.probabilities import LAW, decimals, on_gaussian_points

HIGH, LOW = mpq(1, 2), mpq(1, 100)
"""A probability "close to 1" is greater than HIGH, one that is "very low" less than LOW: generous readings."""


def _second_at_zero(case: Parallel) -> bool:
    return case.line.outward and case.line.locations[1] == 0


def figure_4b(problem: Problem, tick: Tick) -> Outcome:
    """As printed: where the first gap alone gives a probability close to 1, P_t is close to 1."""

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        if not _second_at_zero(case):
            return not_applicable("two weights that look outward are needed, the second at 0")
        alone, both = weights.trapped(SAMPLES, [0]).rounded(8), weights.trapped(SAMPLES).rounded(8)
        if alone.lower <= HIGH:
            return not_applicable(f"the first gap alone gives {decimals(alone)}, not close to 1")
        relations = power_bounds(weights, SAMPLES, alone.lower, alone.upper, [0])
        relations += power_bounds(weights, SAMPLES, both.lower, both.upper)
        said = f"the first gap alone gives {decimals(alone)}, (25) and (26) give P_t in {decimals(both)}"
        status = "verified" if both.lower > HIGH else "refuted" if both.upper < HIGH else UNDECIDED
        return Outcome(status, said, (gaussian_certificate(case, weights, said, relations),))

    return on_gaussian_points(problem, tick, judge)


CEILING = mpq("39464342/10000000000000")


def figure_4b_corrected(problem: Problem, tick: Tick) -> Outcome:
    """x_w2* = -2 phi(1) whatever x_w1 >= 0 is, since F is diagonal; the second gap alone bounds P_t for all of them.

    At 0 the two classes have the same density phi(1), and together the mass 1 on each side.
    """
    definitions = {
        "phi1": "exp(-1/2)/sqrt(2*pi())",
        "P": " + ".join(f"(erf({y}/sqrt(2)) - erf(({y} - 2*phi1)/sqrt(2)))/4" for y in ("1", "(-1)")),
    }
    relations = [
        "-48394144903828669960/10**20 < -2*phi1 < -48394144903828669959/10**20",
        "11699726540161809859/10**20 < P < 11699726540161809861/10**20",
        f"(1 - P)**{SAMPLES} < {expression(CEILING)}",
    ]
    said = f"x_w2* = -2 phi(1), so that P_t < {above(CEILING, 8)} for every x_w1 >= 0"
    general = facts(None, said, relations, definitions)

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        if not _second_at_zero(case):
            return not_applicable("two weights that look outward are needed, the second at 0")
        both = weights.trapped(SAMPLES)
        if both.upper >= CEILING:
            return Outcome(UNDECIDED, f"P_t in {decimals(both)}")
        relations = power_bounds(weights, SAMPLES, both.rounded(8).lower, CEILING)
        own = gaussian_certificate(case, weights, f"P_t in {decimals(both)}", relations)
        return Outcome("verified", f"{said}; here P_t in {decimals(both)}", (general, own))

    return on_gaussian_points(problem, tick, judge)


def tensor_product(problem: Problem, tick: Tick) -> Outcome:
    """As printed: P_t is the product of the probabilities (1 - P(g_k))^N of the two weights."""

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        if not case.line.outward:
            return not_applicable("two weights that look outward are needed")
        whole, singles = weights.gap_bounds()[0], [weights.gap_bounds([k])[1] for k in (0, 1)]
        one, other = singles[0].probability.upper, singles[1].probability.upper
        if (1 - one) * (1 - other) <= 1 - whole.probability.lower:
            return Outcome(UNDECIDED, "the enclosures do not tell P_t from the product")
        factors = " * ".join(f"(1 - {probability(single, weights)})" for single in singles)
        relation = f"(1 - {probability(whole, weights)})**{SAMPLES} < ({factors})**{SAMPLES}"
        separate = [weights.trapped(SAMPLES, [k]).rounded(6) for k in (0, 1)]
        said = f"P_t in {decimals(weights.trapped(SAMPLES))} is less than the product of {decimals(separate[0])} and "
        said += decimals(separate[1])
        return Outcome("refuted", said, (gaussian_certificate(case, weights, said, [relation]),))

    return on_gaussian_points(problem, tick, judge)


def tensor_product_corrected(problem: Problem, tick: Tick) -> Outcome:
    """For x_w1 >= 0 >= x_w2 the gaps lie on different sides of 0: P_t = (1 - P(g_1) - P(g_2))^N, less than the product.

    (1 - p)(1 - q) - (1 - p - q) = p q.
    """

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        if not case.line.outward or not case.line.locations[0] >= 0 >= case.line.locations[1]:
            return not_applicable("two weights that look outward are needed, the first at x >= 0, the second at x <= 0")
        definitions = {f"P{k}": probability(weights.gap_bounds([k])[1], weights) for k in (0, 1)}
        bounds = weights.trapped(SAMPLES).rounded(8)
        relations = ["h1 <= 0 <= h0", "best1 < 0 < best0", "P0 > 0", "P1 > 0"]
        relations += [f"{expression(bounds.lower)} <= (1 - P0 - P1)**{SAMPLES}", "1 - P0 - P1 < (1 - P0)*(1 - P1)"]
        said = f"the gaps are disjoint, P_t in {decimals(bounds)}"
        return Outcome("verified", said, (gaussian_certificate(case, weights, said, relations, definitions),))

    return on_gaussian_points(problem, tick, judge)


def four_weights(problem: Problem, tick: Tick) -> Outcome:
    """At the printed locations, for each of the 16 choices of normals (the paper prints none), P_t is very low."""

    def judge(case: Parallel, weights: GaussianWeights) -> Outcome:
        if tuple(weights.locations) != A4_LOCATIONS:
            return not_applicable("the locations are not 1/10, 1/20, 0, -1/20")
        outcomes = []
        for normals in product((1, -1), repeat=4):
            tick()
            outcomes.append((_spelled(normals), _very_low(GaussianWeights(normals, A4_LOCATIONS))))
        whole = joint(outcomes)
        if whole.status != "verified":
            return whole
        return Outcome("verified", f"P_t < 1/100 for each choice of the normals: {whole.detail}", whole.certificates)

    return on_gaussian_points(problem, tick, judge)


def _spelled(normals: tuple[int, ...]) -> str:
    return "".join("+" if n > 0 else "-" for n in normals)


def _very_low(weights: GaussianWeights) -> Outcome:
    """Whether P_t < 1/100."""
    bounds = weights.trapped(SAMPLES).rounded(8)
    relations = power_bounds(weights, SAMPLES, bounds.lower, bounds.upper)
    said = f"P_t in {decimals(bounds)}"
    status = "verified" if bounds.upper < LOW else "refuted" if bounds.lower > LOW else UNDECIDED
    return Outcome(
        status, said, (gaussian_certificate(None, weights, f"Normals {_spelled(weights.normals)}: {said}", relations),)
    )


CLAIMS = (
    Claim(
        "LIU-F4b", "Liu, section 7.3 and figure 4 (b)",
        f"{LAW}, N = 100, x_w2 = 0: P_t is close to 1 where x_w1 is far from the means, and high where the loss as a "
        "function of x_w1 is least.",
        figure_4b, (TWO,),
        "With (25), (26) as printed P_t < 3.9464342e-6 for every x_w1 >= 0, since the second gap alone has the "
        "probability 0.116997..; the figure counts the first gap only.", "parallel",
    ),
    Claim(
        "LIU-F4b-corrected", "Liu, section 7.3 and figure 4 (b), corrected",
        f"{LAW}, N = 100, x_w2 = 0: x_w2* = -2 phi(1), and P_t < 3.9464342e-6 for every x_w1 >= 0.",
        figure_4b_corrected, (TWO,), family="parallel",
    ),
    Claim(
        "LIU-F4c", "Liu, section 7.3 and figure 4 (c)",
        f"{LAW}, N = 100: for two weights P_t is the product of the probabilities for each of them.",
        tensor_product, (TWO,),
        "For x_w1 >= 0 >= x_w2 the gaps are disjoint and P_t = (1 - p - q)^N, which is less than (1 - p)^N (1 - q)^N.",
        "parallel",
    ),
    Claim(
        "LIU-F4c-corrected", "Liu, section 7.3 and figure 4 (c), corrected",
        f"{LAW}, N = 100, x_w1 >= 0 >= x_w2: the gaps are disjoint, P_t = (1 - P(g_1) - P(g_2))^N, and this is less "
        "than the product.",
        tensor_product_corrected, (TWO,), family="parallel",
    ),
    Claim(
        "LIU-FA4", "Liu, appendix E.3 and figure A4",
        f"{LAW}, N = 100, four weights that start at 0.1, 0.05, 0, -0.05: P_t is usually very low when the uppermost "
        "or all of them move.",
        undecidable(
            "the paper prints neither the normals of the four weights nor how far they move, and usually is no "
            "quantity; at the printed locations P_t is very low for each choice of the normals, a claim of its own"
        ),
        (FOUR,),
    ),
    Claim(
        "LIU-FA4-start", "Liu, appendix E.3 and figure A4, at the printed locations",
        f"{LAW}, N = 100, four weights at 0.1, 0.05, 0, -0.05: P_t < 1/100 for each of the 16 choices of the normals.",
        four_weights, (FOUR,), family="parallel",
    ),
)  # fmt: skip
