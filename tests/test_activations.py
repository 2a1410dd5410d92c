"""Theorem 7, Corollary 8, Lemmas 9, A.3 and A.4 of Yun, Sra and Jadbabaie: numbers, identities, and what is refused."""

import math
import random
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
import sympy
from gmpy2 import mpq

from exactrelu import Loss, Network, Problem, check, example
from exactrelu.facts import facts
from exactrelu.refinement import no_tick
from exactrelu.theorems.catalogue import CLAIMS, run, run_random, status
from exactrelu.theorems.yun_sra_jadbabaie.activations import ACTIVATIONS, tangent
from exactrelu.theorems.yun_sra_jadbabaie.expansions import polynomial_p, polynomial_r
from exactrelu.theorems.yun_sra_jadbabaie.three_points import exact_fit, fold

X = sympy.Symbol("x")
HALF, QUARTER = sympy.Rational(1, 2), sympy.Rational(1, 4)
ELU = sympy.exp(X) - 1  # for x < 0; x for x >= 0
# h, and (v_1, v_2, u_1, u_2) of appendix A7
MINIMA = {
    "sigmoid": (1 / (1 + sympy.exp(-X)), (-sympy.log(3), -sympy.log(3), sympy.Rational(2, 3), sympy.Rational(2, 3))),
    "tanh": (sympy.tanh(X), (sympy.atanh(HALF), sympy.atanh(HALF), 1, -sympy.Rational(1, 3))),
    "arctan": (sympy.atan(X), (sympy.tan(HALF), sympy.tan(HALF), 1, -sympy.Rational(1, 3))),
}


@cache
def conditions(name):
    """The sides of (C7.3), (C7.6), (C7.7) by symbolic differentiation: another way than that of the certificates."""
    h, (v1, v2, u1, u2) = MINIMA[name]
    value, slope, bend = (sympy.diff(h, X, k) for k in range(3))
    (h1, d1, s1), (h2, d2, s2) = ([f.subs(X, v) for f in (value, slope, bend)] for v in (v1, v2))
    left, right = (u1 * d1) ** 2 + u1 * s1 / 3, (u2 * d2) ** 2 + u2 * s2 / 3
    return u1 * h1 + u2 * h2, left, left * right - (u1 * d1 * u2 * d2) ** 2


@pytest.mark.parametrize(
    ("name", "left", "difference"),
    [("sigmoid", "7/192", "5/4608"), ("tanh", "5/16", "1/96"), ("ELU", "4", "8/9"), ("SELU", "4", "8/9")],
)
def test_the_margins_of_the_conditions_are_rational(name, left, difference):
    found = ACTIVATIONS[name]()
    assert found.margins == ((Fraction(left),) * 2, (Fraction(difference),) * 2)
    if name in MINIMA:
        computed = [sympy.nsimplify(sympy.simplify(part.rewrite(sympy.exp))) for part in conditions(name)]
        assert computed == [sympy.Rational(1, 3), sympy.Rational(left), sympy.Rational(difference)]


def test_the_margins_of_arctan_are_enclosed():
    (low, high), (least, most) = ACTIVATIONS["arctan"]().margins
    assert Fraction("0.3771128") < low < high < Fraction("0.3771129")
    assert Fraction("0.0129181") < least < most < Fraction("0.0129182")
    third, left, difference = conditions("arctan")
    assert sympy.simplify(third) == sympy.Rational(1, 3)
    assert low < Fraction(str(left.evalf(30))) < high and least < Fraction(str(difference.evalf(30))) < most


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_certificate_of_an_activation_is_accepted_and_each_of_its_facts_can_fail(name):
    for proof in (ACTIVATIONS[name]().fits, ACTIVATIONS[name]().minimum):
        assert check(proof).accepted
        turned = {" == ": " != ", " < ": " > ", " > ": " < "}
        for k, fact in enumerate(proof.proof["facts"]):
            sign = next(sign for sign in turned if sign in fact)
            changed = [*proof.proof["facts"]]
            changed[k] = fact.replace(sign, turned[sign], 1)
            assert not check(replace(proof, proof={**proof.proof, "facts": changed})).accepted, fact


# (C7.2), left minus right: values computed with ball arithmetic in another program.
@pytest.mark.parametrize(
    ("h", "inverse", "difference"),
    [
        (lambda x: 1 / (1 + math.exp(-x)), lambda y: math.log(y / (1 - y)), -0.00194195857221),
        (math.tanh, math.atanh, -0.00136034855747),
        (math.atan, math.tan, -0.00118221271694),
        (math.expm1, math.log1p, None),
    ],
)
def test_the_sign_in_the_second_condition_is_that_of_a_numerical_evaluation(h, inverse, difference):
    sign = -1 if difference is None else 1
    v = [inverse(sign * value) for value in (1 / 2, 1 / 4, 1 / 4, 1 / 8)]
    found = h(v[0]) * h((v[2] + v[3]) / 2) - h(v[2]) * h((v[0] + v[1]) / 2)
    assert found < 0 and (difference is None or abs(found - difference) < 1e-12)


def test_a_tangent_is_between_its_bounds_and_not_elsewhere():
    low, high = tangent(mpq(1, 2))
    proof = facts(None, "", ["atan(a) < 1/2 < atan(b)"], {"a": str(low), "b": str(high)})
    assert check(proof).accepted
    assert not check(facts(None, "", ["atan(a) < 1/2 < atan(b)"], {"a": str(high), "b": str(high)})).accepted


# ---------------------------------------- the polynomial lemmas


@pytest.mark.parametrize("n", range(2, 9))
def test_p_n_is_the_quotient_that_division_finds(n):
    a, b = sympy.symbols("a b")
    quotient, rest = sympy.div(a**n + b**n - 2 * ((a + b) / 2) ** n, (a - b) ** 2, a)
    assert rest == 0 and sympy.expand(quotient - sympy.sympify(polynomial_p(n))) == 0
    assert sympy.Poly(quotient, a, b).is_homogeneous and sympy.total_degree(quotient) == n - 2


@pytest.mark.parametrize(("n1", "n2"), [(1, 1), (2, 1), (3, 4), (9, 2), (11, 10)])
def test_the_product_lemma_holds_at_random_rational_points_beyond_the_exponents_of_the_certificate(n1, n2):
    choose = random.Random(n1 + n2)
    a, b, c, d = (Fraction(choose.randint(-9, 9), choose.randint(1, 5)) for _ in range(4))
    left = a**n1 * c**n2 + b**n1 * d**n2 - 2 * ((a + b) / 2) ** n1 * ((c + d) / 2) ** n2

    def value(text):
        return sympy.sympify(text).subs(dict(zip("abcd", map(sympy.Rational, (a, b, c, d)), strict=True)))

    q1, q2 = value(polynomial_p(n1)) * d**n2, value(polynomial_p(n2, "c", "d")) * b**n1
    assert left == (a - b) ** 2 * q1 + (c - d) ** 2 * q2 + (a - b) * (c - d) * value(polynomial_r(n1, n2))


def risk_and_expansion(tau):
    """The risk at perturbations tau * (..), and the right side of (A.19) with the limits of the alphas."""
    u, v, b, e, g = (2, -3), (Fraction(1, 2), Fraction(-1, 3)), (3, -1), (1, 2), -2
    deltas = ((1, -2), (2, 5))  # of neuron 1 and 2: at (1, 0) and at (0, 1)

    def h(x):  # any polynomial with u_1 h(v_1) + u_2 h(v_2) = 1/3
        return x**3 + x**2 - x + constant

    constant = 0
    constant = u[0] * h(v[0]) + u[1] * h(v[1]) - Fraction(1, 3)  # u_1 + u_2 = -1
    assert u[0] * h(v[0]) + u[1] * h(v[1]) == Fraction(1, 3)

    def output(*delta):
        terms = ((u[k] + tau * e[k]) * h(v[k] + tau * (delta[k] + b[k])) for k in (0, 1))
        return sum(terms) + tau * g

    middle = [Fraction(sum(pair), 2) for pair in deltas]
    outputs = [output(deltas[0][0], deltas[1][0]), output(deltas[0][1], deltas[1][1]), output(*middle)]
    risk = (outputs[0] ** 2 + outputs[1] ** 2 + (outputs[2] - 1) ** 2) / 2
    slope, bend = [3 * x * x + 2 * x - 1 for x in v], [6 * x + 2 for x in v]
    x, y = (tau * (pair[0] - pair[1]) for pair in deltas)
    alpha = [u[k] * bend[k] / 12 + (u[k] * slope[k]) ** 2 / 4 for k in (0, 1)]
    cross = u[0] * u[1] * slope[0] * slope[1] / 2
    square = Fraction(3, 2) * (outputs[2] - Fraction(1, 3)) ** 2
    return risk - (Fraction(1, 3) + square + alpha[0] * x * x + alpha[1] * y * y + cross * x * y)


def test_the_expansion_of_the_risk_is_exact_to_second_order():
    """The rest is of third order: it falls eightfold when the perturbations are halved."""
    rests = [risk_and_expansion(Fraction(1, 10**5 * 2**k)) for k in range(3)]
    assert all(abs(a / b - 8) < Fraction(1, 100) for a, b in pairwise(rests))


# ---------------------------------------- the three points


@pytest.mark.parametrize("slopes", [(1, 0), (1, "1/2"), (3, "1/7"), ("2/5", 4), ("1001/1000", 1)])
def test_the_claims_of_appendix_9_hold_for_all_slopes_that_differ(slopes):
    given = replace(example("yun2018-three-point"), network=Network.dense([2, 2, 1], slopes), points={})
    for name in ("YSJ-A9.1", "YSJ-A9.1-sharp", "YSJ-A9.2", "YSJ-T7.1", "YSJ-T7.2"):
        expected = "not applicable" if name == "YSJ-A9.1" and slopes == (1, 0) else "verified"
        assert status(run(CLAIMS[name], given, no_tick)) == expected


def test_a_linear_network_fits_the_three_points_by_none_of_the_constructions():
    given = replace(example("yun2018-three-point"), network=Network.dense([2, 2, 1], (1, 1)), points={})
    assert fold(given.network) is None and exact_fit(given.network, (1, -1, -1, 1)) is None
    for name in ("YSJ-A9.1", "YSJ-A9.1-sharp", "YSJ-A9.2", "YSJ-T7.1"):
        assert status(run(CLAIMS[name], given, no_tick)) == "not applicable"


def test_the_relu_satisfies_the_conditions_of_part_1_at_numbers_that_the_paper_does_not_give():
    """W_2 = (-3, 1) for v = (1, -1, 3, -1)."""
    network = Network.dense([2, 2, 1])
    point = exact_fit(network, tuple(map(mpq, (1, -1, 3, -1))))
    assert network.write(point)["W2"] == [["-3", "1"]]
    assert status(run(CLAIMS["YSJ-R2"], example("yun2018-three-point-relu"), no_tick)) == "refuted"


@pytest.mark.parametrize("name", ["YSJ-A9.1", "YSJ-A9.2", "YSJ-T7.1", "YSJ-T7.2", "YSJ-C8-tanh", "YSJ-R2"])
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"y": [0, 0, 2]}, "labels"),
        ({"loss": Loss("squared")}, "half the sum"),
        ({"network": Network.dense([2, 3, 1])}, "two hidden neurons"),
    ],
)
def test_other_data_or_networks_are_not_those_of_theorem_7(name, change, why):
    given = replace(example("yun2018-three-point-relu"), points={}, **change)
    ((_, outcome),) = run(CLAIMS[name], given, no_tick)
    assert outcome.status == "not applicable" and why in outcome.detail


@pytest.mark.parametrize("name", ["YSJ-LA3", "YSJ-LA4", "YSJ-(A.19)", "YSJ-L9", "YSJ-S4"])
def test_the_identities_hold_whatever_the_problem(name):
    given = Problem(Network.dense([1, 1, 1]), [[0]], [1], Loss("hinge"))
    assert status(run(CLAIMS[name], given, no_tick)) == "verified"


@pytest.mark.parametrize("name", [name for name, claim in CLAIMS.items() if claim.family == "three-points"])
def test_random_slopes_refute_only_that_the_leak_is_needed(name):
    found = [outcome.status for _, outcome in run_random(CLAIMS[name], 8, 2, no_tick)]
    assert ("refuted" in found) == (name == "YSJ-R2")
    assert {"verified", "refuted"} & set(found)
