"""The expansion of the risk in appendix A8: Lemmas A.3 and A.4 for all exponents, (A.19), Lemma 9.

With t_1, t_2, t_3 for what a perturbation adds to the outputs at (1, 0), (0, 1), (1/2, 1/2), all that is needed is

    L = 1/3 + 3/2 t_3^2 + S (1/3 + t_3) + S^2 / 4 + D^2 / 4,    S = t_1 + t_2 - 2 t_3,  D = t_1 - t_2.

S is a sum of second differences of h, which are of second order in delta_11 - delta_12 and delta_21 - delta_22, and D
one of first differences. So (A.19) needs two continuous derivatives of h only, not its Taylor series.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb

from gmpy2 import mpq

from exactrelu.certificate import Certificate
from exactrelu.facts import facts
from exactrelu.landscape import Problem
from exactrelu.theorems.claim import Claim, Outcome, Tick

POWERS, PRODUCTS = 16, 7
POINTS = ("yun2018-three-point",)


def polynomial_p(n: int, a: str = "a", b: str = "b") -> str:
    """p_n(a, b) of Lemma A.3 as an expression, for n >= 0 (0 for n < 2).

    >>> polynomial_p(2), polynomial_p(3)
    ('1/2*a**0*b**0', '3/4*a**1*b**0 + 3/4*a**0*b**1')
    """
    terms = []
    for k in range(n - 1):
        inner = sum((k + 1 - j) * comb(n, j) for j in range(k + 1))
        terms.append(_term(k + 1, inner, n - 1, f"{a}**{n - k - 2}*{b}**{k}"))
    return " + ".join(terms) or "0"


def polynomial_r(n1: int, n2: int) -> str:
    """r_{n1, n2}(a, b, c, d) of Lemma A.4 as an expression, for n1, n2 >= 1.

    >>> polynomial_r(1, 1)
    '1/2*a**0*b**0*c**0*d**0'
    """
    terms = []
    for k1 in range(n1):
        for k2 in range(n2):
            inner = sum(comb(n1, i) * comb(n2, j) for i in range(k1 + 1) for j in range(k2 + 1))
            monomial = f"a**{n1 - k1 - 1}*b**{k1}*c**{n2 - k2 - 1}*d**{k2}"
            terms.append(_term(1, inner, n1 + n2 - 1, monomial))
    return " + ".join(terms)


def _term(whole: int, inner: int, power: int, monomial: str) -> str:
    """(whole - inner / 2^power) * monomial."""
    return f"{whole - mpq(inner, 2**power)}*{monomial}"


def powers(limit: int = POWERS) -> Certificate:
    """Lemma A.3 with its formula for p_n, for n = 2, .., limit."""
    found = [f"a**{n} + b**{n} - 2*((a + b)/2)**{n} == (a - b)**2*({polynomial_p(n)})" for n in range(2, limit + 1)]
    return facts(None, f"Lemma A.3 for 2 <= n <= {limit}.", found, variables=("a", "b"))


def powers_step() -> Certificate:
    """Lemma A.3 for all n, by induction: p_1 = 0, q_1 = 1, p_{n+1} = (a + b)/2 p_n + q_n/2, q_{n+1} = a q_n + b^n.

    B stands for b^n, P for p_n, Q for q_n = (a^n - b^n) / (a - b); so a^n is B + (a - b) Q, and M is ((a + b)/2)^n.
    """
    definitions = {"m": "(a + b)/2", "A": "B + (a - b)*Q", "M": "(A + B - (a - b)**2*P)/2"}
    found = [
        "a - b == (a - b)*1",
        "a + b - 2*m == (a - b)**2*0",
        "a*A - b*B == (a - b)*(a*Q + B)",
        "a*A + b*B - 2*m*M == (a - b)**2*(m*P + Q/2)",
    ]
    return facts(None, "The induction for Lemma A.3.", found, definitions, ("a", "b", "B", "P", "Q"))


def products(limit: int = PRODUCTS) -> Certificate:
    """Lemma A.4 with its formulas, for 1 <= n1, n2 <= limit."""
    found = []
    for n1 in range(1, limit + 1):
        for n2 in range(1, limit + 1):
            left = f"a**{n1}*c**{n2} + b**{n1}*d**{n2} - 2*((a + b)/2)**{n1}*((c + d)/2)**{n2}"
            first = f"(a - b)**2*({polynomial_p(n1)})*d**{n2}"
            second = f"(c - d)**2*({polynomial_p(n2, 'c', 'd')})*b**{n1}"
            found.append(f"{left} == {first} + {second} + (a - b)*(c - d)*({polynomial_r(n1, n2)})")
    return facts(None, f"Lemma A.4 for 1 <= n1, n2 <= {limit}.", found, variables=("a", "b", "c", "d"))


def products_for_all() -> Certificate:
    """Lemma A.4 for all exponents, from Lemma A.3: q_{n1, n2} = p_{n1}(a, b) d^{n2}, and r from p and q.

    B = b^{n1}, P = p_{n1}(a, b), Q = (a^{n1} - b^{n1})/(a - b), and D, S, R the same for c, d and n2. A = a^{n1}, and
    M = ((a + b)/2)^{n1} by Lemma A.3; C and K are the same for c, d.
    """
    definitions = {
        "A": "B + (a - b)*Q", "M": "(A + B - (a - b)**2*P)/2",
        "C": "D + (c - d)*R", "K": "(C + D - (c - d)**2*S)/2",
        "r": "Q*R - (Q - (a - b)*P)*(R - (c - d)*S)/2",
    }  # fmt: skip
    found = ["A*C + B*D - 2*M*K == (a - b)**2*P*D + (c - d)**2*S*B + (a - b)*(c - d)*r"]
    variables = ("a", "b", "c", "d", "B", "D", "P", "Q", "R", "S")
    return facts(None, "Lemma A.4 for all exponents.", found, definitions, variables)


def three_outputs() -> Certificate:
    """(A.21), its rearrangement, and (A.19) with exact coefficients.

    f and g are the second differences of the two neurons over the squares of x = delta_11 - delta_12 and
    y = delta_21 - delta_22, p and q their first differences over x and y: f -> u_1 h''(v_1) / 4, p -> u_1 h'(v_1).
    """
    definitions = {
        "L": "((1/3 + t1)**2 + (1/3 + t2)**2 + (t3 - 2/3)**2)/2",
        "S": "t1 + t2 - 2*t3",
        "D": "t1 - t2",
        "S1": "f*x**2 + g*y**2",
        "D1": "p*x + q*y",
        "T1": "t3 + (S1 + D1)/2",
        "T2": "t3 + (S1 - D1)/2",
        "L1": "((1/3 + T1)**2 + (1/3 + T2)**2 + (t3 - 2/3)**2)/2",
        "rest": "t3 + S1/4",
    }
    found = [
        "L == 1/3 + (t1 + t2 - 2*t3)/3 + (t1**2 + t2**2 + t3**2)/2",
        "L == 1/3 + 3*t3**2/2 + S*(1/3 + t3) + S**2/4 + D**2/4",
        "L1 == 1/3 + 3*t3**2/2 + (f/3 + p**2/4 + f*rest)*x**2 + (g/3 + q**2/4 + g*rest)*y**2 + p*q/2*x*y",
    ]
    variables = ("t1", "t2", "t3", "f", "g", "p", "q", "x", "y")
    return facts(None, "The risk in terms of first and second differences.", found, definitions, variables)


def second_order() -> Certificate:
    """(A.19) to second order, with all nine perturbations: h(v_k + z) = h_k + d_k z + s_k z^2 / 2 + c_k z^3.

    All perturbations are multiplied by tau; the difference of both sides has no terms in tau^0, tau^1, tau^2.
    """
    neurons = [f"(u{k} + tau*e{k})" for k in (1, 2)]

    def added(first: str, second: str) -> str:
        """t(delta_1, delta_2): what the perturbation adds to an output."""
        parts = ["tau*(e1*h1 + e2*h2 + g)"]
        for k, neuron, delta in zip((1, 2), neurons, (first, second), strict=True):
            z = f"(tau*({delta} + b{k}))"
            parts.append(f"{neuron}*(d{k}*{z} + s{k}*{z}**2/2 + c{k}*{z}**3)")
        return " + ".join(parts)

    definitions = {
        "t1": added("d11", "d21"),
        "t2": added("d12", "d22"),
        "t3": added("(d11 + d12)/2", "(d21 + d22)/2"),
        "L": "((1/3 + t1)**2 + (1/3 + t2)**2 + (t3 - 2/3)**2)/2",
        "x": "tau*(d11 - d12)",
        "y": "tau*(d21 - d22)",
        "a1": "u1*s1/12 + u1**2*d1**2/4",
        "a2": "u2*s2/12 + u2**2*d2**2/4",
        "E0": "L - 1/3 - 3*t3**2/2 - a1*x**2 - a2*y**2 - u1*u2*d1*d2/2*x*y",
        "E1": 'derivative(E0, "tau")',
        "E2": 'derivative(E1, "tau")',
    }
    found = [f'substitute(E{k}, "tau", 0) == 0' for k in range(3)]
    names = "tau u1 u2 h1 h2 d1 d2 s1 s2 c1 c2 e1 e2 g b1 b2 d11 d12 d21 d22"
    return facts(None, "(A.19) up to terms of third order.", found, definitions, names.split())


def quadratic_form() -> Certificate:
    """The quadratic form of Lemma 9 is positive definite by (C7.6) and (C7.7): a completed square.

    w_k = u_k h'(v_k), z_k = u_k h''(v_k); alpha_k = (w_k^2 + z_k / 3) / 4 and alpha_3 = w_1 w_2 / 2 in the limit.
    """
    definitions = {
        "a1": "(w1**2 + z1/3)/4", "a2": "(w2**2 + z2/3)/4", "a3": "w1*w2/2",
        "gap": "(w1**2 + z1/3)*(w2**2 + z2/3) - (w1*w2)**2",
    }  # fmt: skip
    found = [
        "4*a1*(a1*x**2 + a2*y**2 + a3*x*y) == (2*a1*x + a3*y)**2 + (4*a1*a2 - a3**2)*y**2",
        "4*a1*a2 - a3**2 == gap/4",
    ]
    return facts(None, "(C7.6), (C7.7) make the form definite.", found, definitions, ["w1", "w2", "z1", "z2", "x", "y"])


def identity(words: str, *proofs: Callable[[], Certificate]) -> Callable[[Problem, Tick], Outcome]:
    """The procedure of a claim about polynomials: it does not depend on a problem."""

    def procedure(problem: Problem, tick: Tick) -> Outcome:
        tick()
        return Outcome("verified", words, tuple(proof() for proof in proofs))

    return procedure


PAPER = "Yun, Sra, Jadbabaie 2018, "

CLAIMS = (
    Claim(
        "YSJ-LA3", PAPER + "Lemma A.3",
        "a^n + b^n - 2 ((a + b)/2)^n = (a - b)^2 p_n(a, b) with p_n of degree n - 2, and p_2 = 1/2.",
        identity(f"for all n by induction; the formula for p_n for n <= {POWERS}", powers, powers_step), POINTS,
    ),
    Claim(
        "YSJ-LA4", PAPER + "Lemma A.4",
        "a^n1 c^n2 + b^n1 d^n2 - 2 ((a + b)/2)^n1 ((c + d)/2)^n2 = (a - b)^2 q + (c - d)^2 q' + (a - b)(c - d) r.",
        identity(
            f"for all n1, n2 from Lemma A.3; the formulas for n1, n2 <= {PRODUCTS}",
            products, products_for_all, powers_step,
        ),
        POINTS,
    ),
    Claim(
        "YSJ-(A.19)", PAPER + "(A.19) and (A.21)",
        "The risk is 1/3 + 3/2 (..)^2 + a quadratic form in delta_11 - delta_12 and delta_21 - delta_22, up to o(1).",
        identity("by first and second differences, and term by term to second order", three_outputs, second_order),
        POINTS,
    ),
    Claim(
        "YSJ-L9", PAPER + "Lemma 9",
        "The risk is at least 1/3 + alpha_1 (delta_11 - delta_12)^2 + alpha_2 (delta_21 - delta_22)^2 "
        "+ alpha_3 (delta_11 - delta_12)(delta_21 - delta_22).",
        identity("(A.19) without its square", three_outputs, second_order, quadratic_form), POINTS,
    ),
)  # fmt: skip
