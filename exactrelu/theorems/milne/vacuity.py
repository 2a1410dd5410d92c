"""What U(lambda) contains: no critical point but W = 0. Milne, Theorem 2 and Lemmas 4 to 7 speak of that point only.

*Theorem.* Every critical point W != 0 of l_lambda (also in the sense of Clarke) has sqrt2 r l^(1/2) ||W||_*^(H-1) >=
lambda, for ReLU, leaky and linear networks, all H >= 1 and all widths. In U(lambda) this is < lambda / (H(H+1)).
*Proof.* (1 + t) W_k, t > -1, changes no switch and multiplies each output o_i by 1 + t. So <W_k, gradient> =
2 sum_i w_i e_i o_i + lambda |W_k|^2 for the polynomial of each cell at W; at a critical point it is 0: lambda |W_k|^2 =
-2 sum_i w_i e_i o_i = lambda rho^2 is the same for all layers, and rho > 0. With |o_i| <= r ||W||_*^(H-1) rho^2 (two of
the norms bounded by rho) and 2 sum_i w_i |e_i| <= (2 l)^(1/2) the bound follows.
*Corollary.* rho^2 lambda = -2 sum w e (e + y) <= 2 (l l(0))^(1/2) - 2 l <= l(0) / 2, and l < l(0). So if
(2 l(0))^H r^2 <= 4^(H-1) lambda^(H+1), then W = 0 is the only critical point, hence the only global minimiser.
"""

from __future__ import annotations

from exactrelu.errors import InternalContradiction
from exactrelu.facts import facts
from exactrelu.landscape import Problem
from exactrelu.point import Point
from exactrelu.rational import Rational, dot
from exactrelu.theorems.claim import (
    NO,
    UNDECIDED,
    YES,
    Claim,
    Fact,
    Outcome,
    Tick,
    implication,
    joint,
    not_applicable,
)
from exactrelu.theorems.milne.region import DEEP, SHALLOW, about_points, in_region, is_below, largest_theta, origin
from exactrelu.theorems.milne.setting import alone, decay_rate, layers, proved, radius2, scope, training_error
from exactrelu.theorems.milne.switches import output, switch_names, too_large, weight_matrices

TOY = "milne-toy"


def euler(problem: Problem, tick: Tick) -> Outcome:
    """<W_k, dl/dW_k> = 2 sum_i w_i e_i o_i for each layer, as polynomials in the weights and in all switches."""
    why = scope(problem, decay=False)
    if why:
        return not_applicable(why)
    if too_large(problem):
        return Outcome(UNDECIDED, too_large(problem))
    network, switches = problem.network, switch_names(problem.network)
    certificates = []
    for i in range(len(problem.x)):
        tick()
        definitions = {**weight_matrices(network), **output(network, i, switches)}
        definitions["l"] = f"weights[{i}]*(o{i} - y[{i}])**2"
        relations = []
        for _, first, last, _ in network.blocks:
            radial = " + ".join(f"{v}*derivative(l, '{v}')" for v in network.names[first:last])
            relations.append(f"{radial} == 2*weights[{i}]*(o{i} - y[{i}])*o{i}")
        variables = (*network.names, *(s for layer in switches for s in layer))
        words = f"Each layer times the derivative by it is 2 w e o at data point {i + 1}, for all switches."
        certificates.append(facts(alone(problem), words, relations, definitions, variables))
    return Outcome("verified", "for all layers, and all switches at once", tuple(certificates))


def radial_derivatives(point: Point) -> list[Rational]:
    """The derivatives of l_lambda along the layers, lambda |W_k|^2 + 2 sum w e o: two-sided, at kinks too."""
    problem = point.instance
    outputs = [problem.network.output(problem.network.preactivations(point.parameters, x))[0] for x in problem.x]
    targets = [t[0] for t in problem.y if isinstance(t, tuple)]
    count = len(outputs)
    pull = [
        2 * problem.loss.weight(i, 0, count) * (o - t) * o
        for i, (o, t) in enumerate(zip(outputs, targets, strict=True))
    ]
    norms = [sum(dot(row, row) for row in matrix) for matrix in layers(problem, point.parameters)]
    return [sum(pull) + decay_rate(problem) * norm for norm in norms]


def critical(point: Point) -> Fact:
    """Whether the point is critical in the sense of Clarke.

    W = 0 is: l_lambda is differentiable there. Another point is not if a derivative along a layer is not 0; otherwise
    the gradients of the incident cells decide.
    """
    problem = point.instance
    if not any(point.parameters):
        words = "W = 0, differentiable, critical"
        relations = ["size2 == 0", *(f"outputs('W')[{i}][0] == 0" for i in range(len(problem.x)))]
        return Fact(YES, words, (proved(problem, point.parameters, words, relations),))
    slopes = radial_derivatives(point)
    k = next((k for k, slope in enumerate(slopes, 1) if slope), 0)
    if not k:
        return Fact.of(point.clarke_critical())
    terms = " + ".join(f"weights[{i}]*(o[{i}][0] - y[{i}])*o[{i}][0]" for i in range(len(problem.x)))
    words = f"derivative along W{k}, both ways, is {slopes[k - 1]}: not critical"
    relations = [f"2*({terms}) + weight_decay*norm2(W{k}) != 0"]
    return Fact(NO, words, (proved(problem, point.parameters, words, relations, {"o": "outputs('W')"}),))


def bound_on_critical_points(point: Point) -> Outcome:
    """W != 0 with sqrt2 r l^(1/2) ||W||_*^(H-1) < lambda is not critical."""
    if not any(point.parameters):
        return not_applicable("W = 0")
    words = "sqrt2 r l^(1/2) ||W||_*^(H-1) < lambda"
    rate = decay_rate(point.instance)
    return implication([lambda: is_below(point, "weight_decay", rate, 1, words)], lambda: critical(point).negated)


def nothing_critical_in_the_region(point: Point) -> Outcome:
    """W != 0 in U(lambda) is not critical."""
    if not any(point.parameters):
        return not_applicable("W = 0")
    return implication([lambda: in_region(point)], lambda: critical(point).negated)


def small_targets(problem: Problem, tick: Tick) -> Outcome:
    """(2 l(0))^H r^2 <= 4^(H-1) lambda^(H+1): W = 0 is the only critical point. No named point is another one."""
    why = scope(problem)
    if why:
        return not_applicable(why)
    start, h = origin(problem, tick), problem.network.hidden_layers
    error = training_error(problem, start.parameters)
    small = (2 * error) ** h * radius2(problem) <= 4 ** (h - 1) * decay_rate(problem) ** (h + 1)
    words = f"(2 l(0))^H r^2 {'<=' if small else '>'} 4^(H-1) lambda^(H+1), where l(0) = {error}"
    relation = f"(2*l)**{h}*r2 {'<=' if small else '>'} {4 ** (h - 1)}*weight_decay**{h + 1}"
    premise = Fact(YES if small else NO, words, (proved(problem, start.parameters, words, ["size2 == 0", relation]),))
    others = [problem.at(name, tick) for name in problem.points if any(problem.points[name])]
    if not others:
        return implication([], lambda: premise) if small else not_applicable(words)
    return joint([(f'"{p.name}"', implication([lambda: premise], lambda p=p: critical(p).negated)) for p in others])  # type: ignore[misc]


def lemma_4(problem: Problem, tick: Tick) -> Outcome:
    """W with (2 l_lambda(W))^H (H(H+1))^2 r^2 < lambda^(H+1) is in U; so are global minimisers if there is such a W.

    Then (10) holds too: by the theorem above W = 0 is the only minimiser.
    """
    why = scope(problem)
    if why:
        return not_applicable(why)
    points = [origin(problem, tick), *(problem.at(n, tick) for n in problem.points if any(problem.points[n]))]
    h, least = problem.network.hidden_layers, points[0].loss
    outcomes = []
    for point in points:
        small = _is_small(problem, point.loss)
        if small and (point.loss < least or not _is_small(problem, least)):
            raise InternalContradiction("Milne, Lemma 4 and the theorem on critical points: W = 0 is no minimiser")
        words = f"l_lambda = {point.loss} {'below' if small else 'not below'} the bound of (8)"
        relation = f"(2*loss('W'))**{h}*{(h * (h + 1)) ** 2}*r2 {'<' if small else '>='} weight_decay**{h + 1}"
        premise = Fact(YES if small else NO, words, (proved(problem, point.parameters, words, [relation]),))
        theta = largest_theta(point) or decay_rate(problem) / 2
        outcomes.append(
            (f'"{point.name}"', implication([lambda p=premise: p], lambda q=point, t=theta: in_region(q, t)))  # type: ignore[misc]
        )
    return joint(outcomes)


def _is_small(problem: Problem, value: Rational) -> bool:
    h = problem.network.hidden_layers
    return bool((2 * value) ** h * (h * (h + 1)) ** 2 * radius2(problem) < decay_rate(problem) ** (h + 1))


def equations_9_and_10(problem: Problem, tick: Tick) -> Outcome:
    """inf l_lambda <= l_lambda(0) = sum w_i f_i^2; with (10) the minimiser W = 0 is in U: no named point is lower."""
    why = scope(problem)
    if why:
        return not_applicable(why)
    start = origin(problem, tick)
    squares = " + ".join(f"weights[{i}]*y[{i}]**2" for i in range(len(problem.x)))
    words = f"inf l_lambda <= l(0) = {start.loss}"
    first = proved(problem, start.parameters, words, ["size2 == 0", f"loss('W') == {squares}"])
    if not _is_small(problem, start.loss):
        return Outcome("verified", f"{words}; (10) does not hold", (first,))
    inside = in_region(start)
    detail = f"{words}; (10) holds, W = 0 {inside.words}"
    lower = [n for n in problem.points if any(problem.points[n]) and problem.at(n).loss <= start.loss]
    if lower or inside.answer == NO:
        raise InternalContradiction("Milne, (10) and the theorem on critical points: W = 0 is not the only minimiser")
    return Outcome("verified", detail, (first, *inside.certificates))


CLAIMS = (
    Claim(
        "MIL-Euler", "on Milne, Theorem 2",
        "On every cell <W_k, dl/dW_k> = (1/N) sum e_i o_i, the same number for all layers.",
        euler, (DEEP, SHALLOW, "milne-linear"), family="milne",
    ),
    Claim(
        "MIL-T2-bound", "on Milne, Theorem 2",
        "Every critical point W != 0 of l_lambda has sqrt2 r l(W)^(1/2) ||W||_*^(H-1) >= lambda.",
        about_points(bound_on_critical_points), (DEEP, SHALLOW, "milne-linear"), family="milne",
    ),
    Claim(
        "MIL-T2-zero", "on Milne, Theorem 2",
        "U(lambda) contains no critical point but W = 0, whatever the widths, for ReLU, leaky and linear networks.",
        about_points(nothing_critical_in_the_region), (DEEP, SHALLOW, "milne-linear"), family="milne",
    ),
    Claim(
        "MIL-L4-zero", "on Milne, Lemma 4 and equation (10)",
        "If (2 l(0))^H r^2 <= 4^(H-1) lambda^(H+1), which (8) implies, W = 0 is the only critical point of l_lambda.",
        small_targets, (TOY, "milne-small-targets"), family="milne",
    ),
    Claim(
        "MIL-L4", "Milne, Lemma 4",
        "If inf l_lambda < lambda^(1+1/H) / (2 (H(H+1) r)^(2/H)), some U(lambda, theta) has all global minimisers.",
        lemma_4, (TOY, "milne-small-targets"), family="milne",
    ),
    Claim(
        "MIL-(9)-(10)", "Milne, equations (9) and (10)",
        "inf l_lambda <= l(0); if lambda is large against l(0), U contains all global minimisers.",
        equations_9_and_10, (TOY, DEEP, "milne-small-targets"), family="milne",
    ),
)  # fmt: skip
