"""The three points of Theorem 7 with piecewise linear units: fitted exactly, and a spurious minimum with loss 1/3.

Appendix A9. Facts about all slopes p = s+ > 0, m = s- >= 0 are polynomial identities: by homogeneity inputs of units
may be multiplied by positive numbers to clear denominators.
"""

from __future__ import annotations

from dataclasses import replace

from gmpy2 import mpq

from exactrelu.certificate import Certificate
from exactrelu.facts import facts
from exactrelu.landscape import Problem
from exactrelu.network import Network
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector, matrix, vector
from exactrelu.theorems.claim import NO, UNDECIDED, YES, Claim, Fact, Outcome, Tick, not_applicable

X, Y = matrix([[1, 0], [0, 1], ["1/2", "1/2"]]), vector([0, 0, 1])


def why_not_these_points(problem: Instance) -> str:
    """Why a problem is not that of Theorem 7, "" if it is: its data, two neurons, biases, half the sum of squares."""
    network = problem.network
    if problem.loss.is_hinge or problem.loss.weight_decay:
        return "the squared loss without weight decay is needed"
    if any(problem.loss.weight(i, 0, len(problem.x)) != mpq(1, 2) for i in range(len(problem.x))):
        return "half the sum of squares is needed"
    if problem.x != X or problem.y != tuple((value,) for value in Y):
        return "the data (1, 0), (0, 1), (1/2, 1/2) with labels 0, 0, 1 are needed"
    plain = all(layer.kind == "dense" and layer.bias for layer in network.layers) and not network.output_activation
    return "" if network.widths == (2, 2, 1) and plain else "two hidden neurons with biases are needed"


def activation(network: Network, value: Rational) -> Rational:
    """h(value) for the slopes of a network."""
    return network.slope(value) * value


def exact_fit(network: Network, v: Vector) -> Vector | None:
    """The parameters of the proof of Theorem 7, part 1, for numbers v_1, .., v_4; None unless (C7.1) and (C7.2) hold.

    >>> net = Network.dense([2, 2, 1])
    >>> [str(a) for a in exact_fit(net, vector([1, -1, 3, -1])) or ()]
    ['1', '-1', '3', '-1', '0', '0', '-3', '1', '0']
    """
    h = [activation(network, value) for value in v]
    middle = [activation(network, (v[k] + v[k + 1]) / 2) for k in (0, 2)]
    determinant = h[2] * middle[0] - h[0] * middle[1]
    if h[0] * h[3] != h[1] * h[2] or not determinant:
        return None
    top = [h[2] / determinant, -h[0] / determinant]
    return network.read({"W1": [v[:2], v[2:]], "b1": [0, 0], "W2": [top], "b2": [0]})


def fold(network: Network) -> Vector | None:
    """Two opposite units that fit the three points for all slopes that differ: 1 - 2/(s+ - s-) (h(z) + h(-z))."""
    plus, minus = network.slopes
    if plus == minus:
        return None
    top = -2 / (plus - minus)
    rows = [[0, 1], [0, -1]]
    return network.read({"W1": rows, "b1": [mpq(-1, 2), mpq(1, 2)], "W2": [[top, top]], "b2": [1]})


def fit_for_leaky_units() -> Certificate:
    """Appendix A9.1 for all slopes p, m > 0: v times p m is (m, -p, -p, m), where h is p m (1, -1, -1, 1).

    H = h(v_1 / 2 + v_2 / 2) is s (m - p)/2 with the slope s = m if p > m, else p; it is not 0.
    """
    definitions = {"h1": "p*m", "h2": "-m*p", "h3": "-m*p", "h4": "p*m", "H": "s*(m - p)/2", "D": "h3*H - h1*H"}
    found = [
        "h1*h4 == h2*h3",
        "h1*H - h3*H == p*m*s*(m - p)",
        "h3*h1 - h1*h3 == 0",
        "h3*h2 - h1*h4 == 0",
        "h3*H - h1*H == D",
    ]
    return facts(None, "(C7.1), (C7.2) and the fit, for all s+ = p, s- = m > 0.", found, definitions, ("p", "m", "s"))


def fit_by_a_fold() -> Certificate:
    """1 - 2/(p - m) (h(z) + h(-z)) at z = -1/2, 1/2, 0, times p - m."""
    found = ["(p - m) - 2*(m*(-1/2) + p*(1/2)) == 0*(p - m)", "(p - m) - 2*(p*0 + m*0) == 1*(p - m)"]
    return facts(None, "The fit by a fold, for all s+ = p, s- = m that differ.", found, variables=("p", "m"))


def active_minimum() -> Certificate:
    """Appendix A9.2 for all s+ = s: L = 1/3 + (t_1^2 + t_2^2 + t_3^2)/2 while all units are active.

    v = 1/(4 s), so that h(v + z) = 1/4 + s z; all nine perturbations are variables.
    """

    def output(first: str, second: str) -> str:
        units = zip((1, 2), (first, second), strict=True)
        return " + ".join(f"(2/3 + e{k})*(1/4 + s*({delta} + b{k}))" for k, delta in units) + " + g"

    def added(first: str, second: str) -> str:
        units = zip((1, 2), (first, second), strict=True)
        return " + ".join(f"e{k}/4 + s*(2/3 + e{k})*({delta} + b{k})" for k, delta in units) + " + g"

    places = (("d11", "d21"), ("d12", "d22"), ("(d11 + d12)/2", "(d21 + d22)/2"))
    definitions = {f"o{n}": output(*place) for n, place in enumerate(places, 1)}
    definitions |= {f"t{n}": added(*place) for n, place in enumerate(places, 1)}
    found = [
        "t1 + t2 - 2*t3 == 0",
        "o1**2/2 + o2**2/2 + (o3 - 1)**2/2 == 1/3 + (t1**2 + t2**2 + t3**2)/2",
    ]
    names = ["s", "d11", "d12", "d21", "d22", "b1", "b2", "e1", "e2", "g"]
    return facts(None, "The risk near the point of A9.2, for all s+ = s.", found, definitions, names)


def no_strict_inequality() -> Certificate:
    """(C7.7) with h'' = 0 is an equality: w_k = u_k h'(v_k)."""
    found = ["(w1**2 + 0/3)*(w2**2 + 0/3) - (w1*w2)**2 == 0"]
    return facts(None, "(C7.7) is an equality where h is linear.", found, variables=("w1", "w2"))


def zero_loss(problem: Problem, tick: Tick) -> Outcome:
    """A9.1 for slopes s+, s- > 0 that differ."""
    why, (plus, minus) = why_not_these_points(problem), problem.network.slopes
    if why or not minus or plus == minus:
        return not_applicable(why or "slopes s+, s- > 0 that differ are needed")
    tick()
    point = exact_fit(problem.network, (1 / plus, -1 / minus, -1 / minus, 1 / plus))
    return _fitted(problem, point, fit_for_leaky_units())


def zero_loss_without_leak(problem: Problem, tick: Tick) -> Outcome:
    """The three points are fitted for all slopes s+ > 0, s- >= 0 that differ, by a fold."""
    why, (plus, minus) = why_not_these_points(problem), problem.network.slopes
    if why or plus == minus:
        return not_applicable(why or "slopes that differ are needed")
    tick()
    return _fitted(problem, fold(problem.network), fit_by_a_fold())


def leak_is_needed(problem: Problem, tick: Tick) -> Outcome:
    """As one reads the remark: the ReLU does not satisfy the conditions of Theorem 7, part 1, nor have its minimum."""
    why = why_not_these_points(problem)
    if why or problem.network.slopes[1]:
        return not_applicable(why or "s- = 0 is needed")
    tick()
    p = problem.network.slopes[0]
    point = exact_fit(problem.network, vector([1, -1, 3, -1]))
    values = {"h1": f"({p})", "h2": "0", "h3": f"3*({p})", "h4": "0", "m12": "0", "m34": f"({p})"}
    shown = facts(None, "(C7.1), (C7.2) at (1, -1, 3, -1).", ["h1*h4 == h2*h3", "h1*m34 != h3*m12"], values)
    found, minimum = _fitted(problem, point, shown), spurious_minimum(problem, tick)
    if found.status != "verified" or minimum.status != "verified":
        return Outcome(UNDECIDED, f"{found.detail}; {minimum.detail}")
    words = f"(1, -1, 3, -1) satisfies (C7.1), (C7.2), and {minimum.detail}"
    return Outcome("refuted", words, (*found.certificates, *minimum.certificates))


def _fitted(problem: Problem, point: Vector | None, proof: Certificate) -> Outcome:
    if point is None:
        return Outcome(UNDECIDED, "(C7.1) or (C7.2) fails")
    made = replace(problem, points={"good": point})
    fact = Fact.of(made.at("good").global_minimum())
    if made.at("good").loss:
        return Outcome(UNDECIDED, f"the loss is {made.at('good').loss}")
    return Outcome("verified", "loss 0", (proof, *fact.certificates))


def spurious_minimum(problem: Problem, tick: Tick) -> Outcome:
    """A9.2: v = 1/(4 s+), u = 2/3 for both neurons is a local minimum of loss 1/3, which is not global."""
    why, slopes = why_not_these_points(problem), problem.network.slopes
    better = None if why else fold(problem.network)
    if better is None:
        return not_applicable(why or "slopes that differ are needed")
    v = 1 / (4 * slopes[0])
    arrays = {"W1": [[v, v], [v, v]], "b1": [0, 0], "W2": [["2/3", "2/3"]], "b2": [0]}
    made = replace(problem, points={"bad": problem.network.read(arrays), "good": better})
    bad = made.at("bad", tick)
    fact = Fact.of(bad.local_minimum())
    if fact.answer != YES or bad.loss != mpq(1, 3):
        return Outcome(
            "refuted" if fact.answer == NO else UNDECIDED, f"{fact.words}, loss {bad.loss}", fact.certificates
        )
    proof = bad.certificate("local_minimum", "global_minimum")
    return Outcome("verified", "a spurious local minimum of loss 1/3", (active_minimum(), proof))


def strictness_fails(problem: Problem, tick: Tick) -> Outcome:
    """The remark: (C7.7) fails for piecewise linear h."""
    tick()
    return Outcome("verified", "(C7.7) is an equality where h'' = 0", (no_strict_inequality(),))


LEAKY, RELU = "yun2018-three-point", "yun2018-three-point-relu"
A9 = "Yun, Sra, Jadbabaie 2018, appendix A9"
REMARK = "Yun, Sra, Jadbabaie 2018, remark after Corollary 8"

CLAIMS = (
    Claim(
        "YSJ-A9.1", A9 + ".1",
        "For s+, s- > 0 that differ, v = (1/s+, -1/s-, -1/s-, 1/s+) satisfies (C7.1), (C7.2): the three points are "
        "fitted exactly.",
        zero_loss, (LEAKY,), family="three-points",
    ),
    Claim(
        "YSJ-A9.1-sharp", A9 + ".1, without s- > 0",
        "For all slopes s+ > 0, s- >= 0 that differ, two neurons fit the three points exactly.",
        zero_loss_without_leak, (LEAKY, RELU), family="three-points",
    ),
    Claim(
        "YSJ-A9.2", A9 + ".2 and Theorem 7",
        "With piecewise linear units v = 1/(4 s+), u = 2/3 is a local minimum of loss 1/3 that is not global.",
        spurious_minimum, (LEAKY, RELU), family="three-points",
    ),
    Claim(
        "YSJ-R2", REMARK,
        "The statements of Theorem 7 need s- > 0: the ReLU does not satisfy the condition.",
        leak_is_needed, (RELU,),
        "s- > 0 is not needed (YSJ-A9.1-sharp): v = (1, -1, 3, -1) serves for the ReLU, and the minimum uses s+ only.",
        "three-points",
    ),
    Claim(
        "YSJ-S4", REMARK,
        "Piecewise linear activations fail to satisfy (C7.7).",
        strictness_fails, (LEAKY, RELU), family="three-points",
    ),
)  # fmt: skip
