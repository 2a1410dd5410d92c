"""Corollary 8: the numbers of appendix A7 satisfy (C7.1) to (C7.7) for sigmoid, tanh, arctan, ELU and SELU.

Points v are given by their values h(v), so that all equalities are algebraic: for the sigmoid and tanh also h' and h''
are polynomials in h. What is left are strict inequalities between enclosures. (C7.4) and (C7.5) hold since h is
analytic at these points: |h^(n)| <= c^n n! with c = 2 for sigmoid and tanh (h^(n) = P_n(h) with P_{n+1} = P_n' P_1, so
the moduli of the coefficients of P_n add up to at most 2^n n!), c = 1 for arctan, max(1, lambda, lambda alpha) else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from exactrelu.certificate import Certificate
from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.rational import Rational
from exactrelu.theorems.claim import Claim, Outcome, Tick, not_applicable
from exactrelu.theorems.yun_sra_jadbabaie.three_points import why_not_these_points

C76 = "(u1*d_1)**2 + u1*s_1/3"
C77 = "((u1*d_1)**2 + u1*s_1/3)*((u2*d_2)**2 + u2*s_2/3) - (u1*d_1*u2*d_2)**2"
VALUES = {"h1": "1/2", "h2": "1/4", "h3": "1/4", "h4": "1/8"}  # h(v_1), .., h(v_4)


@dataclass(frozen=True)
class Activation:
    """An activation function with the certificates of (C7.1), (C7.2) and of (C7.3), (C7.6), (C7.7).

    ``margins`` are bounds, from below and above, of the left side of (C7.6) and of the difference in (C7.7).
    """

    name: str
    fits: Certificate
    minimum: Certificate
    margins: tuple[tuple[Rational, Rational], tuple[Rational, Rational]]


def with_values(words: str, middle: str, inverse: str) -> Certificate:
    """(C7.1) and (C7.2) at the points with values 1/2, 1/4, 1/4, 1/8; expressions with {} for h of a middle, and v."""
    definitions = dict(VALUES)
    definitions |= {f"v{k}": inverse.format(*[f"h{k}"] * 2) for k in (1, 2, 3, 4)}
    definitions |= {"m34": middle.format("((v3 + v4)/2)"), "m12": middle.format("((v1 + v2)/2)")}
    return facts(None, words, ["h1*h4 == h2*h3", "h1*m34 < h3*m12"], definitions)


def margins(first: Sequence[Rational], second: Sequence[Rational]) -> tuple[Rational, Rational]:
    """The left side of (C7.6), and the difference in (C7.7), for two triples (u, h'(v), h''(v)).

    >>> half, slope, bend = mpq(2, 3), mpq(3, 16), mpq(3, 32)  # the sigmoid where it is 1/4
    >>> margins((half, slope, bend), (half, slope, bend))
    (mpq(7,192), mpq(5,4608))
    """
    (u1, d1, s1), (u2, d2, s2) = first, second
    left = (u1 * d1) ** 2 + u1 * s1 / 3
    return left, left * ((u2 * d2) ** 2 + u2 * s2 / 3) - (u1 * d1 * u2 * d2) ** 2


def at_one_value(words: str, slope: str, numbers: Sequence[str], found: tuple[Rational, Rational]) -> Certificate:
    """(C7.3), (C7.6), (C7.7) at v_1 = v_2 with h = value: h' is a polynomial in h (here t), so h'' is (h')' h'."""
    value, u1, u2 = numbers
    definitions = {
        "d": slope, "s": 'derivative(d, "t")*d', "u1": u1, "u2": u2, "h_1": value, "h_2": value,
        "d_1": f'substitute(d, "t", {value})', "s_1": f'substitute(s, "t", {value})', "d_2": "d_1", "s_2": "s_1",
    }  # fmt: skip
    bounds = [f"{side} == {expression(margin)} > 0" for side, margin in zip((C76, C77), found, strict=True)]
    return facts(None, words, ["u1*h_1 + u2*h_2 == 1/3", *bounds], definitions, ["t"])


def sigmoid() -> Activation:
    """h(x) = 1 / (1 + exp(-x)), h' = h (1 - h): minimum at h = 1/4, u = (2/3, 2/3)."""
    fits = with_values("The sigmoid: (C7.1), (C7.2).", "1/(1 + exp(-{}))", "log({}/(1 - {}))")
    one = (mpq(2, 3), mpq(3, 16), mpq(3, 32))
    found = margins(one, one)
    minimum = at_one_value("The sigmoid: (C7.3), (C7.6), (C7.7).", "t*(1 - t)", ("1/4", "2/3", "2/3"), found)
    return Activation("sigmoid", fits, minimum, exactly(found))


def tanh() -> Activation:
    """h = tanh, h' = 1 - h^2: minimum at h = 1/2, u = (1, -1/3)."""
    fits = with_values("tanh: (C7.1), (C7.2).", "tanh{}", "log((1 + {})/(1 - {}))/2")
    slope, bend = mpq(3, 4), mpq(-3, 4)
    found = margins((mpq(1), slope, bend), (mpq(-1, 3), slope, bend))
    minimum = at_one_value("tanh: (C7.3), (C7.6), (C7.7).", "1 - t**2", ("1/2", "1", "-1/3"), found)
    return Activation("tanh", fits, minimum, exactly(found))


def arctan() -> Activation:
    """h = arctan, minimum at v = tan(1/2) =: x, u = (1, -1/3): (C7.6) says x < 3/2, and (C7.7) 0 < x < 1.

    With k = 1 + x^2, h' = 1/k and h'' = -2 x/k^2, so (C7.6) times k^2 is 1 - 2 x/3, and the difference in (C7.7) times
    k^4 is 4 x (1 - x)/27. Tangents are between rational numbers, since arctan of these is below and above the angle.
    """
    angles = {"x": "1/2", "y": "1/4", "z": "1/8"}
    between = {name: tangent(mpq(angle)) for name, angle in angles.items()}
    ends = {f"{name}_{side}": expression(pair[k]) for name, pair in between.items() for k, side in enumerate("ab")}
    brackets = [f"atan({name}_a) < {angle} < atan({name}_b)" for name, angle in angles.items()]
    above, below = "atan((y_b + z_b)/2)/2", "atan((x_a + y_a)/2)/4"
    fits = facts(None, "arctan: (C7.1), (C7.2).", ["h1*h4 == h2*h3", *brackets, f"{above} < {below}"], VALUES | ends)
    a, b = between["x"]
    left = ((1 - 2 * b / 3) / (1 + b * b) ** 2, (1 - 2 * a / 3) / (1 + a * a) ** 2)
    difference = (4 * a * (1 - b) / (27 * (1 + b * b) ** 4), 4 * b * (1 - a) / (27 * (1 + a * a) ** 4))
    found = [
        "1*(1/2) + (-1/3)*(1/2) == 1/3",
        "(1 - 2*x/3)*((1/3)**2 + 2*x/3/3) - (1/3)**2 == 4*x*(1 - x)/27",
        brackets[0],
        "0 < x_a",
        "x_b < 1",
        f"(1 - 2*x_b/3)/(1 + x_b**2)**2 == {expression(left[0])} > 0",
        f"4*x_a*(1 - x_b)/(27*(1 + x_b**2)**4) == {expression(difference[0])} > 0",
    ]
    own = {name: end for name, end in ends.items() if name.startswith("x")}
    minimum = facts(None, "arctan: (C7.3), (C7.6), (C7.7).", found, own, ["x"])
    return Activation("arctan", fits, minimum, (left, difference))


def tangent(angle: Rational) -> tuple[Rational, Rational]:
    """Two rational numbers between which the tangent of an angle is expected; certificates prove it by the arctangent.

    >>> a, b = tangent(mpq(1, 2))
    >>> b - a
    mpq(1,500000000000)
    """
    middle = mpq(round(math.tan(float(angle)) * 10**12))
    return (middle - 1) / 10**12, (middle + 1) / 10**12


def exponential_linear(name: str) -> Activation:
    """ELU and SELU, for all lambda and alpha > 0: lambda x for x >= 0, else lambda alpha (exp(x) - 1).

    k = lambda alpha. (C7.1) and (C7.2) for v = log 1/2, log 3/4, log 3/4, log 7/8, where h = k (exp(v) - 1) is -k/2,
    -k/4, -k/4, -k/8; the minimum for v = (1/3, log 2/3), u = (2/lambda, 1/k), where h = lambda/3 and -k/3, h' = lambda
    and 2 k/3, h'' = 0 and 2 k/3. Denominators are cleared: U = k u, (C7.3) times k, (C7.6) k^2, (C7.7) k^4.
    """
    k = "lam*alpha"
    values = {f"h{n}": f"-{k}/{part}" for n, part in enumerate((2, 4, 4, 8), 1)}
    middles = {"m34": "exp((log(3/4) + log(7/8))/2)", "m12": "exp((log(1/2) + log(3/4))/2)"}
    found = ["h1*h4 == h2*h3", "(1/2)*(1 - m34) < (1/4)*(1 - m12)"]
    fits = facts(
        None, f"{name}: (C7.1), (C7.2); h is k times the value shown.", found, values | middles, ["lam", "alpha"]
    )
    definitions = {
        "k": k, "U1": "2*alpha", "U2": "1", "h_1": "lam/3", "h_2": "-k/3",
        "d_1": "lam", "s_1": "0", "d_2": "2*k/3", "s_2": "2*k/3",
    }  # fmt: skip
    first, second = "((U1*d_1)**2 + k*U1*s_1/3)", "((U2*d_2)**2 + k*U2*s_2/3)"
    left, difference = margins((mpq(2), mpq(1), mpq(0)), (mpq(1), mpq(2, 3), mpq(2, 3)))  # for lambda = alpha = 1
    relations = [
        "U1*h_1 + U2*h_2 == k/3",
        f"{first} == {expression(left)}*k**2",
        f"{first}*{second} - (U1*d_1*U2*d_2)**2 == {expression(difference)}*k**4",
        f"{expression(left)} > 0",
        f"{expression(difference)} > 0",
    ]
    minimum = facts(None, f"{name}: (C7.3), (C7.6), (C7.7).", relations, definitions, ["lam", "alpha"])
    return Activation(name, fits, minimum, exactly((left, difference)))


def exactly(found: tuple[Rational, Rational]) -> tuple[tuple[Rational, Rational], tuple[Rational, Rational]]:
    """Margins that are known exactly."""
    left, difference = found
    return (left, left), (difference, difference)


ACTIVATIONS: dict[str, Callable[[], Activation]] = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "arctan": arctan,
    "ELU": lambda: exponential_linear("ELU"),
    "SELU": lambda: exponential_linear("SELU"),
}


def corollary_8(name: str) -> Callable[[Problem, Tick], Outcome]:
    """The procedure of the corollary for one activation, on the data of Theorem 7."""

    def procedure(problem: Problem, tick: Tick) -> Outcome:
        why = why_not_these_points(problem)
        if why:
            return not_applicable(why)
        tick()
        found = ACTIVATIONS[name]()
        (left, _), (difference, _) = found.margins
        least = f"(C7.6) {shown(left)} > 0, (C7.7) by {shown(difference)}"
        return Outcome("verified", f"(C7.1), (C7.2), (C7.3), {least}", (found.fits, found.minimum))

    return procedure


def shown(bound: Rational) -> str:
    """A bound in words: exact if it is short.

    >>> shown(mpq(7, 192)), shown(mpq(377112848662, 10**12))
    ('7/192', '0.377112..')
    """
    return str(bound) if bound.denominator < 10**6 else f"0.{int(bound * 10**6):06d}.."


CLAIMS = tuple(
    Claim(
        f"YSJ-C8-{name}", "Yun, Sra, Jadbabaie 2018, Corollary 8 and appendix A7",
        f"{name} satisfies (C7.1) to (C7.7): the three points have a spurious local minimum of loss 1/3.",
        corollary_8(name), ("yun2018-three-point",), family="three-points",
    )
    for name in ACTIVATIONS
)  # fmt: skip
