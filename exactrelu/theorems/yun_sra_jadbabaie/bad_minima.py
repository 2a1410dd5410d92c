"""Theorem 6 as a construction: from data that no affine function fits, a spurious local minimum and a better point.

Step 1 puts the best affine fit ybar into one neuron that is active on all data. Step 2 bends it: two neurons
h(z) and -h(-z) with z = ybar - beta give back ybar, up to a push by c gamma, c = (s+ - s-) / (s+ + s-), upwards where
z > 0 and downwards where z < 0. Case 1: the residuals below some gap of ybar do not add up to 0; the push alone
helps. Case 2: they do below all gaps; then ybar is tilted a little, so that it is cut through a set of ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction, MalformedInput, Unsupported
from exactrelu.landscape import Problem
from exactrelu.network import Network
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector, dot, rational
from exactrelu.theorems.yun_sra_jadbabaie.linear_fit import LinearFit, fit, merged_fit, repeated


def why_not_this_network(problem: Instance) -> str:
    """Why a problem is not of the kind of section 3.1, "" if it is.

    One dense hidden layer, biases, one output, squared loss without decay; the data may have any positive weights.
    """
    network = problem.network
    if problem.loss.is_hinge or problem.loss.weight_decay:
        return "the squared loss without weight decay is needed"
    if network.hidden_layers != 1 or network.widths[-1] != 1 or network.output_activation:
        return "one hidden layer and one output without activation are needed"
    if not all(layer.kind == "dense" and layer.bias for layer in network.layers):
        return "dense layers with biases are needed"
    return ""


def failing_condition(problem: Instance) -> str:
    """The condition of Theorem 6 that a problem does not meet, "" if it meets all.

    (C6.1) and (C6.2) are asked for in the weaker form that suffices: no affine function fits the mean labels of the
    distinct inputs.
    """
    why = why_not_this_network(problem) or why_not_these_units(problem)
    if why:
        return why
    if not any(merged_fit(problem).residuals):
        if any(fit(problem).residuals):
            return "(C6.2) fails: equal inputs have different labels, and an affine function fits their means"
        return "(C6.1) fails: an affine function fits the labels"
    return ""


def why_not_these_units(problem: Instance) -> str:
    """The condition (C6.3) or (C6.4) that the network does not meet, "" if it meets both."""
    plus, minus = problem.network.slopes
    if plus == minus:
        return "(C6.3) fails: the slopes s+ and s- are equal, the network is linear"
    return "" if problem.network.widths[1] >= 2 else "(C6.4) fails: the hidden layer has width 1"


@dataclass(frozen=True)
class Bend:
    """Outputs ybar_i - t <tilt, x_i> +- t c gamma, - for the inputs ``low``, + for the others, 0 < t <= limit.

    The threshold between low and high outputs is beta = threshold[0] + t threshold[1]. In case 1 the tilt is 0. The
    risk along the way is that of the fit + linear t + quadratic t^2.
    """

    case: int
    fit: LinearFit
    slopes: tuple[Rational, Rational]
    low: tuple[int, ...]
    tilt: Vector
    threshold: tuple[Rational, Rational]
    gamma: Rational
    limit: Rational

    @property
    def contrast(self) -> Rational:
        """c = (s+ - s-) / (s+ + s-)."""
        plus, minus = self.slopes
        return (plus - minus) / (plus + minus)

    @cached_property
    def changes(self) -> Vector:
        """What is added to ybar_i for t = 1."""
        push = self.contrast * self.gamma
        return tuple((-push if i in self.low else push) - dot(self.tilt, x) for i, x in enumerate(self.fit.inputs))

    @property
    def linear(self) -> Rational:
        """The derivative of the risk at t = 0; negative."""
        return 2 * dot(self.fit.pulls, self.changes)

    @property
    def quadratic(self) -> Rational:
        """The coefficient of t^2 in the risk."""
        return sum((w * d * d for w, d in zip(self.fit.weights, self.changes, strict=True)), mpq(0))

    @property
    def best(self) -> Rational:
        """The t of least risk."""
        return min(self.limit, -self.linear / (2 * self.quadratic))

    def risk(self, t: Rational) -> Rational:
        """The risk of the distinct inputs with their mean labels."""
        return self.fit.risk + self.linear * t + self.quadratic * t * t

    def beta(self, t: Rational) -> Rational:
        """The threshold."""
        return self.threshold[0] + t * self.threshold[1]

    def point(self, t: Rational, network: Network) -> Vector:
        """The parameters of step 2; the neurons after the second are zero."""
        w = [a - t * b for a, b in zip(self.fit.coefficients, self.tilt, strict=False)]
        z, gamma, rest = self.fit.coefficients[-1] - self.beta(t), t * self.gamma, network.widths[1] - 2
        top = 1 / sum(self.slopes)
        arrays = {
            "W1": [w, [-a for a in w], *[[mpq(0)] * len(w)] * rest],
            "b1": [z + gamma, -z + gamma, *[mpq(0)] * rest],
            "W2": [[top, -top, *[mpq(0)] * rest]],
            "b2": [self.beta(t)],
        }
        return network.read(arrays)


def bend(data: LinearFit, slopes: tuple[Rational, Rational]) -> Bend:
    """The bend of step 2 for a fit that is not perfect and slopes that differ: of least risk in case 1."""
    bends = [bend_at_gap(data, slopes, cut) for cut in data.unbalanced_cuts]
    return min(bends, key=lambda b: b.risk(b.best)) if bends else bend_through_ties(data, slopes)


def bend_at_gap(data: LinearFit, slopes: tuple[Rational, Rational], cut: tuple[int, ...]) -> Bend:
    """Case 1: any cut j_0 of J will do; beta is the middle of the gap, |gamma| at most a quarter of it."""
    below, above = data.values[cut[-1]], data.values[data.order[len(cut)]]
    gamma = _sign(sum(data.pulls[i] for i in cut) * (slopes[0] - slopes[1]))
    zero = (mpq(0),) * len(data.inputs[0])
    return Bend(1, data, slopes, cut, zero, ((below + above) / 2, mpq(0)), gamma, (above - below) / 4)


@dataclass(frozen=True)
class TieBreak:
    """What appendix A6 chooses: the tied data points J*, in it those that are not fitted, j_1, j_2, the vector v and g.

    v is x_{j_1} times g / max_i |<x_{j_1}, x_i>|, so that |<v, x_i>| <= g. (The paper divides by the product of two
    norms, which is larger, and in general not rational.) With a constant fit g is a minimum over nothing: 1 will do.
    """

    tied: tuple[int, ...]
    unfitted: tuple[int, ...]
    j1: int
    j2: int
    v: Vector
    g: Rational


def tie_break(data: LinearFit) -> TieBreak:
    """The choices of appendix A6 for a fit that is not perfect, where all cuts are balanced."""
    tied = next(tie for tie in data.ties if any(data.residuals[i] for i in tie))
    unfitted = tuple(i for i in tied if data.residuals[i])
    j1 = max(unfitted, key=lambda i: (dot(data.inputs[i], data.inputs[i]), -i))
    products = [dot(data.inputs[j1], x) for x in data.inputs]
    j2 = max((i for i in tied if products[i] < products[j1]), key=lambda i: (products[i], -i))
    gap = data.least_gap
    g = mpq(1) if gap is None else gap / 4
    scale = g / max(abs(p) for p in products)
    return TieBreak(tied, unfitted, j1, j2, tuple(scale * a for a in data.inputs[j1]), g)


def bend_through_ties(data: LinearFit, slopes: tuple[Rational, Rational]) -> Bend:
    """Case 2: tilt by -t v, and cut between j_1 and j_2."""
    tie = tie_break(data)
    level, first, second = data.values[tie.j1], data.inputs[tie.j1], data.inputs[tie.j2]
    at_first, at_second = dot(tie.v, first), dot(tie.v, second)
    low = [i for i in data.order if data.values[i] < level]
    low += [i for i in tie.tied if dot(tie.v, data.inputs[i]) >= at_first]
    gamma = _sign(data.residuals[tie.j1] * (slopes[0] - slopes[1])) * (at_first - at_second) / 4
    return Bend(2, data, slopes, tuple(low), tie.v, (level, -(at_first + at_second) / 2), gamma, mpq(1))


def linear_minimum(problem: Problem, alpha: object = 1) -> Vector:
    """Step 1: the parameters of a local minimum that computes the best affine fit; alpha > 0 is free."""
    data, scale = fit(problem), rational(alpha, "alpha")
    if scale <= 0:
        raise MalformedInput("alpha", str(scale), "a positive number")
    shift, rest = eta(data.values), problem.network.widths[1] - 1
    *w, bias = data.coefficients
    arrays = {
        "W1": [[scale * a for a in w], *[[mpq(0)] * len(w)] * rest],
        "b1": [scale * (bias - shift), *[-scale * shift] * rest],
        "W2": [[1 / (scale * problem.network.slopes[0]), *[mpq(0)] * rest]],
        "b2": [shift],
    }
    return problem.network.read(arrays)


def eta(values: Sequence[Rational]) -> Rational:
    """eta = min(-1, 2 min_i ybar_i), which is less than all ybar_i.

    >>> eta([mpq(3), mpq(-1)]), eta([mpq(3)])
    (mpq(-2,1), mpq(-1,1))
    """
    return min(mpq(-1), 2 * min(values))


def spurious_minimum(problem: Problem, alpha: object = 1) -> Problem:
    """The problem with two named points: "bad", a local minimum of the least squares risk, and "better".

    Theorem 6 of Yun, Sra and Jadbabaie for any slopes s+ > 0, s- >= 0 that differ, any positive weights of the data,
    and inputs that may be equal; alpha > 0 tells apart the infinitely many bad minima. Raises `Unsupported` with the
    condition that fails.

    >>> made = spurious_minimum(Problem.example("yun2018-three-point-relu"))
    >>> made.at("bad").loss, made.at("better").loss, made.at("bad").local_minimum()
    (mpq(1,3), mpq(271,819), Decision(local_minimum: yes, sum-of-squares))
    """
    why = failing_condition(problem)
    if why:
        raise Unsupported(why)
    found = bend(merged_fit(problem), problem.network.slopes)
    points = {
        "bad": linear_minimum(problem, alpha),
        "better": found.point(found.best, problem.network),
    }
    result = replace(problem, points=points)
    if result.at("better").loss >= result.at("bad").loss:
        raise InternalContradiction("Theorem 6: the point of step 2 is not better")
    return result


def has_repeated_inputs(problem: Instance) -> bool:
    """Whether (C6.2) fails as printed."""
    return len(repeated(problem.x)) < len(problem.x)


def _sign(value: Rational) -> Rational:
    return mpq(1 if value > 0 else -1)
