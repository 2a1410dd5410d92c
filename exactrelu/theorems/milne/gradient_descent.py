"""Milne, section 4: the loss along gradient descent, Lemma 8, and the experiments.

Along the gradient flow W' = -g, g the gradient of l_lambda, gamma(t) = l_lambda(W(t)) has gamma'' = 2 g^T H g (16), and
u = |g|^2 = -gamma' has u' = -2 g^T H g; so 2 g^T H g >= C |g|^2 (17) gives u(t) <= u(0) e^(-Ct) (18), by Gronwall.
"""

from __future__ import annotations

from gmpy2 import mpq

from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.network import Network
from exactrelu.point import Point
from exactrelu.problem import Instance
from exactrelu.rational import Matrix, Rational, Vector, dot
from exactrelu.theorems.claim import UNDECIDED, YES, Claim, Outcome, Tick, not_applicable, undecidable
from exactrelu.theorems.milne.region import DEEP, SHALLOW, about_points, in_region, origin
from exactrelu.theorems.milne.setting import alone
from exactrelu.theorems.milne.switches import held, output, weight_matrices
from exactrelu.theorems.milne.vacuity import TOY, small_targets

HALVINGS, LARGE = 20, 8
KINK = "the point lies on a kink"


def flow(point: Point) -> Outcome:
    """(16): on the curve W - t g + t^2/2 Hg, which agrees with the flow up to order 2, gamma'' = 2 g^T H g."""
    if point.form is None or point.gradient is None:
        return not_applicable(KINK)
    problem, network = point.instance, point.instance.network
    g, hessian = point.gradient, point.form.hessian(point.parameters)
    bend = [dot(row, g) / 2 for row in hessian]
    definitions = {"g": "gradient('W')", "h": "hessian('W')"}
    for k, rows in enumerate(zip(_rows(network, g), _rows(network, bend), strict=True), 1):
        definitions[f"M{k}"] = f"parameter('W', 'W{k}') - t*{expression(rows[0])} + t**2*{expression(rows[1])}"
    relations = [f"g == {expression(g)}", f"h @ g/2 == {expression(bend)}"]
    for i, column in enumerate(point.columns):
        definitions.update(output(network, i, held(network, column)))
    definitions["gamma"] = _loss(problem, [f"norm2(M{k})" for k in range(1, len(network.layers) + 1)])
    relations.append("substitute(derivative(derivative(gamma, 't'), 't'), 't', 0) == 2*(g @ h @ g)")
    words = f"gamma'' = 2 g^T H g = {2 * dot(g, [2 * b for b in bend])}"
    proof = facts(alone(problem, W=point.parameters), f"{words} on the cell of W.", relations, definitions, ("t",))
    return Outcome("verified", words, (proof,))


def two_gradients(point: Point) -> Outcome:
    """(19): 2 g^T H g = g^T grad |g|^2, as polynomials on the cell of the point."""
    problem, network = point.instance, point.instance.network
    if point.form is None:
        return not_applicable(KINK)
    if network.parameters > LARGE:
        return Outcome(UNDECIDED, f"{network.parameters} weights, the limit for this identity is {LARGE}")
    definitions = weight_matrices(network)
    for i, column in enumerate(point.columns):
        definitions.update(output(network, i, held(network, column)))
    definitions["L"] = _loss(problem, [f"norm2(M{k})" for k in range(1, len(network.layers) + 1)])
    names = network.names
    slopes = ", ".join(f"derivative(L, '{v}')" for v in names)
    definitions["g"] = f"[{slopes}]"
    definitions["n"] = "norm2(g)"
    definitions["left"] = " + ".join(
        f"2*g[{a}]*g[{b}]*derivative(g[{a}], '{v}')" for a in range(len(names)) for b, v in enumerate(names)
    )
    definitions["right"] = " + ".join(f"g[{b}]*derivative(n, '{v}')" for b, v in enumerate(names))
    words = "2 g^T H g = g^T grad |g|^2 as polynomials"
    relations = [f"signature('W') == '{point.signature}'", "left == right"]
    embedded = alone(problem, W=point.parameters)
    return Outcome("verified", words, (facts(embedded, f"{words}.", relations, definitions, names),))


def lemma_8(point: Point) -> Outcome:
    """One exact step V = W - eta g in the cell of W, with (17) at W and V for a C: |g(V)|^2 < |g(W)|^2 e^(-C eta).

    Where the outputs are constant near W the flow itself is known, W(t) = e^(-lambda t) W, and (18) is an equality.
    """
    form, g, problem = point.form, point.gradient, point.instance
    if form is None or g is None:
        return not_applicable(KINK)
    if not any(g):
        return not_applicable("the gradient is 0")
    if all(row[0].is_constant for row in form.outputs):
        relations = ["g == weight_decay*w", f"h == weight_decay*identity({len(g)})"]
        more = {"g": "gradient('W')", "h": "hessian('W')", "w": _flat(problem.network, "W")}
        words = "constant outputs: W(t) = e^(-lambda t) W, (18) is an equality for C = 2 lambda"
        return Outcome("verified", words, (facts(alone(problem, W=point.parameters), words, relations, more),))
    eta, linear = mpq(1, 8), problem.network.slopes[0] == problem.network.slopes[1]
    for _ in range(HALVINGS):
        eta /= 2
        step = Point(point.forms, tuple(w - eta * d for w, d in zip(point.parameters, g, strict=True)), "V")
        if not (linear or step.columns == point.columns) or step.gradient is None or not any(step.gradient):
            continue
        least = min(_ratio(p.gradient or (), form.hessian(p.parameters)) for p in (point, step))
        rate = mpq(int(least * 64 // 1), 64) - mpq(1, 64)
        if _norm2(step.gradient) >= _norm2(g) * (1 - rate * eta):  # 1 - x < e^(-x)
            continue
        relations = [
            f"v == w - {expression(eta)}*g",
            *([] if linear else ["signature('W') == signature('V')"]),
            f"2*(g @ hessian('W') @ g) >= {expression(rate)}*norm2(g)",
            f"2*(f @ hessian('V') @ f) >= {expression(rate)}*norm2(f)",
            f"norm2(f) < norm2(g)*exp(-{expression(rate)}*{expression(eta)})",
        ]
        more = {"g": "gradient('W')", "f": "gradient('V')"}
        more |= {"w": _flat(problem.network, "W"), "v": _flat(problem.network, "V")}
        words = f"|g|^2 falls faster than e^(-C t) in a step of {eta}, C = {rate}"
        embedded = alone(problem, W=point.parameters, V=step.parameters)
        return Outcome("verified", words, (facts(embedded, words, relations, more),))
    return Outcome(UNDECIDED, f"no step down to {eta} stays in the cell and falls fast enough")


def toy(problem: Problem, tick: Tick) -> Outcome:
    """One hidden layer: W = 0 is in U(lambda), and it is the only critical point."""
    outcome = small_targets(problem, tick)
    if outcome.status != "verified" or problem.network.hidden_layers != 1:
        return outcome
    inside = in_region(origin(problem, tick))
    if inside.answer != YES:
        return not_applicable(f"W = 0 {inside.words}")
    return Outcome("verified", f"W = 0 {inside.words}; {outcome.detail}", (*inside.certificates, *outcome.certificates))


def _loss(problem: Instance, norms: list[str]) -> str:
    """The expression of l_lambda in o0, o1, .. and in the squared norms of the layers."""
    count = len(problem.x)
    errors = " + ".join(f"weights[{i}]*(o{i} - y[{i}])**2" for i in range(count))
    return f"{errors} + weight_decay/2*({' + '.join(norms)})"


def _rows(network: Network, values: Vector | list[Rational]) -> list[list[list[Rational]]]:
    """A flat vector as the matrices of the layers."""
    return [
        [list(values[j : j + shape[1]]) for j in range(first, last, shape[1])]
        for _, first, last, shape in network.blocks
    ]


def _flat(network: Network, name: str) -> str:
    """All weights at a point as one vector."""
    entries = [
        f"parameter('{name}', '{block}')[{(j - first) // shape[1]}][{(j - first) % shape[1]}]"
        for block, first, last, shape in network.blocks
        for j in range(first, last)
    ]
    return f"[{', '.join(entries)}]"


def _norm2(g: Vector) -> Rational:
    return dot(g, g)


def _ratio(g: Vector, hessian: Matrix) -> Rational:
    return mpq(2 * dot(g, [dot(row, g) for row in hessian]) / _norm2(g))


TRAINING = (
    "training by stochastic gradient descent in floating point: neither the random numbers nor the trained weights are "
    "in the paper, so there is nothing to be decided exactly"
)
RUNS = (
    "a mean over 1000 random floating-point runs whose random numbers are not in the paper; "
    "examples/milne_toy_experiment.py repeats it with an exact test of membership"
)

CLAIMS = (
    Claim(
        "MIL-(16)", "Milne, equation (16)",
        "Along the gradient flow, gamma'' = 2 g^T H g, where gamma is l_lambda and g its gradient.",
        about_points(flow, decayed=False), (DEEP, SHALLOW), family="milne",
    ),
    Claim(
        "MIL-(19)", "Milne, equation (19)",
        "2 g^T H g = g^T grad |g|^2: two backpropagations give the second derivative.",
        about_points(two_gradients, decayed=False), (DEEP, SHALLOW), family="milne",
    ),
    Claim(
        "MIL-L8", "Milne, Lemma 8",
        "If 2 g^T H g >= C |g|^2 on [0, t*], then |g(W(t))|^2 <= |g(W(0))|^2 e^(-Ct).",
        about_points(lemma_8, decayed=False), (DEEP, SHALLOW), family="milne",
    ),
    Claim(
        "MIL-E1", "Milne, section 4 and figure 1",
        "f = x/4, 100 points in [-1, 1], n_1 = 2, lambda = 0.4: 87.2% +- 22.3% of the loss change is in U(lambda).",
        undecidable(RUNS), (TOY,), family="milne",
    ),
    Claim(
        "MIL-E1-zero", "on Milne, section 4",
        "The only critical point of the toy problem is W = 0, which is in U(lambda): all runs go to the zero network.",
        toy, (TOY,), family="milne",
    ),
    Claim(
        "MIL-(20)", "Milne, equation (20)",
        "The fraction of the loss change after gamma'' becomes positive for good: near 1 for MNIST, CIFAR10, CIFAR100.",
        undecidable(TRAINING), (), family="milne",
    ),
    Claim(
        "MIL-Table1", "Milne, table 1",
        "The set-up of the experiments on MNIST, CIFAR10 and CIFAR100.",
        undecidable(TRAINING), (), family="milne",
    ),
    Claim(
        "MIL-Table2", "Milne, table 2",
        "Accuracies, normalised second derivatives and loss fractions on MNIST, CIFAR10 and CIFAR100.",
        undecidable(TRAINING), (), family="milne",
    ),
    Claim(
        "MIL-F2", "Milne, figure 2",
        "Histograms of loss fractions, and second derivatives along single runs.",
        undecidable(TRAINING), (), family="milne",
    ),
)  # fmt: skip
